import { firstPulse, heard, silentAfter } from '../../../attribution/blind/silence';
import type { Pulse } from '../../../store/analysis/blind-record';

const SOURCE = { device: 'fw1', kind: 'session_log' } as const;

/** A source that is heard after each of these silences, ms. */
function after(...silences: readonly number[]): Pulse {
  let at = 1000;
  let pulse = firstPulse(SOURCE, at, 1);
  for (const silence of silences) pulse = heard(pulse, (at += silence), 2);
  return pulse;
}

const times = (count: number, ms: number): number[] => Array.from({ length: count }, () => ms);

describe('the silence of a source', () => {
  test('is not told before its ways are known', () => {
    expect(silentAfter(after(...times(11, 60_000)))).toBeUndefined();
    expect(silentAfter(after(...times(12, 60_000)))).toBeDefined();
  });

  test('is longer than is usual for it, and never short', () => {
    expect(silentAfter(after(...times(100, 2_000)))).toBe(180_000);
    // 300 s lies between 256 and 512 s.
    expect(silentAfter(after(...times(20, 300_000)))).toBe(1_024_000);
  });

  test('one outage, or two, do not make the next one usual; three do', () => {
    const hour = 3_600_000;
    expect(silentAfter(after(...times(30, 5_000), hour, hour))).toBe(180_000);
    expect(silentAfter(after(...times(30, 5_000), hour, hour, hour))).toBe(2 * 4_096_000);
  });

  test('bursts of readings do not hide how far they lie apart', () => {
    const polls = times(4, 0).flatMap(() => [...times(20, 1_500), 300_000]);
    expect(silentAfter(after(...polls))).toBe(1_024_000);
  });

  test('does not depend on what comes with an earlier time', () => {
    const pulse = after(...times(20, 5_000));
    expect(heard(pulse, pulse.last - 60_000, 9)).toBe(pulse);
    expect(heard(pulse, pulse.last + 400, 9)).toEqual({ ...pulse, last: pulse.last + 400, lastSeq: 9 });
  });

  test('of years is one silence', () => {
    const pulse = after(...times(12, 5_000), 4 * 365 * 86_400_000);
    expect(pulse.silences).toHaveLength(24);
    expect(silentAfter(pulse)).toBe(180_000);
  });
});
