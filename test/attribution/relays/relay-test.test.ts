import { binomialTail } from '../../../attribution/relays/binomial';
import { relayTest, type RelayLeg } from '../../../attribution/relays/relay-test';
import { SeededRandom } from '../../site/random';

const MINUTE = 60_000;

/** Sessions about every `every` ms, of sizes that differ unless `size` is given. */
function legs(random: SeededRandom, count: number, every: number, jitter: number, size?: number): RelayLeg[] {
  let start = 0;
  return Array.from({ length: count }, () => {
    start += every * (1 + (random.next() * 2 - 1) * jitter);
    const length = 2000 + random.exponential(5000);
    return {
      start,
      end: start + length,
      sent: size ?? 900 + random.exponential(9000),
      received: size ?? 1800 + random.exponential(30_000),
    };
  });
}

/** What comes in shortly before each of them, nearly as long and as large. */
function passedOn(random: SeededRandom, outer: readonly RelayLeg[]): RelayLeg[] {
  return outer.map(({ start, end, sent, received }) => {
    const before = start - 20 - random.exponential(200);
    return { start: before, end: end + 50, sent: sent * 1.03 + 100, received: received * 0.98 + 80 };
  });
}

const chance = (outer: readonly RelayLeg[], inner: readonly RelayLeg[]): number => {
  const { timeChance, sizeChance } = relayTest(outer, inner);
  return Math.min(timeChance, sizeChance);
};

const ascending = (list: readonly RelayLeg[]): RelayLeg[] => list.toSorted((a, b) => a.start - b.start);

test.each([
  ['a chain with jitter', 0.2, undefined],
  ['a chain of equal sizes with jitter', 0.2, 5000],
  ['a chain that keeps its period, of sizes that differ', 0, undefined],
])('%s is told, among other sessions', (_, jitter, size) => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new SeededRandom(seed);
    const outer = legs(random, 15, 2 * MINUTE, jitter, size);
    const noise = legs(random, 120, 15_000, 1);
    const inner = ascending([...passedOn(random, outer), ...noise]);
    expect(relayTest(outer, inner).matched).toBe(15);
    expect(chance(outer, inner)).toBeLessThan(1e-6);
  }
});

test.each([
  ['a busy server that also talks to the outside', 1, 1, undefined],
  ['a machine that is polled at the period at which it calls', 0, 0, undefined],
  ['the same with sizes that never change', 0, 0, 5000],
])('%s is no relay', (_, jitterOut, jitterIn, size) => {
  let wrong = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const random = new SeededRandom(seed);
    const outer = legs(random, 40, MINUTE, jitterOut, size);
    const inner = legs(random, 400, jitterIn === 0 ? MINUTE : 6000, jitterIn, size).map((leg) => ({
      ...leg,
      start: leg.start - 500,
      end: leg.end - 500,
    }));
    const found = relayTest(outer, inner);
    if (2 * found.matched >= found.of && chance(outer, inner) <= 1e-6) wrong++;
  }
  expect(wrong).toBe(0);
});

test.each([
  [1, 1, 0.5, 0.5],
  [10, 0, 0.3, 1],
  [10, 10, 0.5, 2 ** -10],
  [5, 3, 0, 0],
  [5, 3, 1, 1],
  [4, 2, 0.5, 11 / 16],
])('of %d at least %d with %d each: %d', (trials, least, each, expected) => {
  expect(binomialTail(trials, least, each)).toBeCloseTo(expected, 12);
});
