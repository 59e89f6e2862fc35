import { SILENCE } from '../../../attribution/findings/analytics/silence';
import { silencesOf } from '../../../attribution/findings/silences';
import { SeededRandom } from '../../site/random';
import { MINUTE, T, change, values } from './evidence';

/** Records at pauses of this mean. */
function writing(count: number, mean: number, seed: number): number[] {
  const random = new SeededRandom(seed);
  let at = T;
  return Array.from({ length: count }, () => (at += random.exponential(mean)));
}

const every = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i * MINUTE);

test('a host that writes nothing for hours while its sessions go on', () => {
  const times = writing(200, MINUTE, 1);
  const last = times.at(-1) ?? 0;
  const [found, ...more] = silencesOf(times, every(last + MINUTE, 120), 30 * MINUTE);
  expect(more).toEqual([]);
  expect(found).toMatchObject({ from: last, to: last + 120 * MINUTE, sessions: 119, silences: 199 });
});

test('a silence that ended', () => {
  const before = writing(100, MINUTE, 2);
  const from = before.at(-1) ?? 0;
  const times = [...before, ...writing(50, MINUTE, 3).map((time) => time - T + from + 180 * MINUTE)];
  expect(silencesOf(times, every(from, 300), 30 * MINUTE)).toMatchObject([{ from }]);
});

test.each([
  ['a host that always writes seldom', writing(100, 60 * MINUTE, 4)],
  ['too few pauses to know', writing(15, MINUTE, 5)],
])('%s is not silent', (_, times) => {
  expect(silencesOf(times, every((times.at(-1) ?? 0) + MINUTE, 120), 30 * MINUTE)).toEqual([]);
});

test('a host that does nothing is off, not silent', () => {
  const times = writing(200, MINUTE, 6);
  expect(silencesOf(times, [], 30 * MINUTE)).toEqual([]);
  expect(silencesOf([], every(T, 10), 30 * MINUTE)).toEqual([]);
});

test('pauses of chance alone are hardly ever silences', () => {
  let wrong = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const times = writing(300, 30 * MINUTE, seed);
    const minutes = Math.floor(((times.at(-1) ?? T) - T) / MINUTE);
    wrong += silencesOf(times, every(T, minutes), MINUTE).length;
  }
  // Each of 56,000 pauses could be one.
  expect(wrong).toBeLessThanOrEqual(8);
});

test('what stopped the log raises the severity; others that are silent too lower it', () => {
  const silence = { from: T, to: T + 60 * MINUTE, sessions: 9, longestBefore: MINUTE, silences: 50, host: 'esx1' };
  const stop = change({ command: '/etc/init.d/vmsyslogd stop' });
  const match = (others: number, told?: typeof stop) => SILENCE.match({ ...silence, others, stop: told }, values());
  expect(match(0)?.severity).toBe('medium');
  expect(match(3)?.severity).toBe('low');
  expect(match(3, stop)).toMatchObject({ severity: 'high', changes: [stop], terms: { user: 'root' } });
});
