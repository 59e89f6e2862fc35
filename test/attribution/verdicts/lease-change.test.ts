import type { Around, Held } from '../../../store/analysis/evidence-record';
import type { Evidence } from '../../../attribution/verdicts/evidence';
import { isOutdated, leaseChange } from '../../../attribution/verdicts/lease-change';
import type { Vote } from '../../../attribution/verdicts/votes';

const T0 = Date.UTC(2026, 2, 10, 8);
const MINUTE = 60_000;

const vote = (value: string, from: number, beginSource: string): Vote => {
  const held = { series: 7, value, fromHi: from, beginSource } as Held;
  return { value, odds: 1, class: 'ip-dhcp', held, age: 0 };
};
const seenBefore = (before: Around['before']): Evidence =>
  ({ around: () => ({ before, after: undefined }) }) as unknown as Evidence;

describe('an address that is given to another client', () => {
  const old = vote('00:50:56:00:00:01', T0 - 60 * MINUTE, 'stated');
  const fresh = vote('00:50:56:00:00:02', T0, 'stated');

  it('belongs to the latest lease that began before the moment', () => {
    expect(leaseChange([old, fresh], T0 + 1)).toEqual({ client: '00:50:56:00:00:02', since: T0 });
    expect(leaseChange([old, fresh], T0 - 1)).toEqual({ client: '00:50:56:00:00:01', since: T0 - 60 * MINUTE });
  });

  it('is not said to have changed by a lease whose beginning nobody saw', () => {
    expect(leaseChange([vote('00:50:56:00:00:02', T0, 'none')], T0 + MINUTE)).toBeUndefined();
  });

  it('is no longer held by whom a cache names that was read before', () => {
    const change = leaseChange([fresh], T0 + MINUTE);
    const cached = vote('00:50:56:00:00:01', T0 - 60 * MINUTE, 'none');
    expect(isOutdated(seenBefore({ at: T0 - 1, state: 'seen' }), cached, change, T0 + MINUTE)).toBe(true);
  });

  it('is contested by a cache that was read since, or that was read only later', () => {
    const change = leaseChange([fresh], T0 + MINUTE);
    const cached = vote('00:50:56:00:00:01', T0 - 60 * MINUTE, 'none');
    expect(isOutdated(seenBefore({ at: T0 + 1, state: 'seen' }), cached, change, T0 + MINUTE)).toBe(false);
    expect(isOutdated(seenBefore(undefined), cached, change, T0 + MINUTE)).toBe(false);
    expect(isOutdated(seenBefore({ at: T0 - 1, state: 'seen' }), cached, undefined, T0 + MINUTE)).toBe(false);
  });
});
