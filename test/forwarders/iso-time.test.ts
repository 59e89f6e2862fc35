import fc from 'fast-check';
import { isoText } from '../../forwarders/iso-time';

const EXTREME = 8.64e15;

describe('isoText', () => {
  it('is what toISOString makes of the whole millisecond before, over all of time', () => {
    const times = fc.oneof(
      fc.integer({ min: -EXTREME, max: EXTREME }),
      fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
      fc.double({ min: -1e13, max: 1e13, noNaN: true }),
      fc.constantFrom(-EXTREME, EXTREME, 0, -1, 59_999, 60_000, 253_402_300_799_999, 253_402_300_800_000),
    );
    fc.assert(
      fc.property(times, (ms) => {
        expect(isoText(ms)).toBe(new Date(Math.floor(ms)).toISOString());
      }),
      { numRuns: 2000 },
    );
  });

  it.each([NaN, Infinity, -Infinity, EXTREME + 1, -EXTREME - 1])('of %d is nothing', (ms) => {
    expect(isoText(ms)).toBeUndefined();
  });
});
