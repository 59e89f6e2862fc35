import { formatLocal, formatUtc, parseTime } from '../../../cli/output/time';

const now = Date.UTC(2026, 10, 24, 2, 10);
const at = (text: string): number => Date.parse(text);

it.each([
  ['now', now],
  ['-2h', now - 7_200_000],
  ['-1h30m', now - 5_400_000],
  ['+5m', now + 300_000],
  ['2026-11-24', at('2026-11-24T00:00:00Z')],
  ['2026-11-24 02:10', now],
  ['2026-11-24 02:10:05', now + 5000],
  ['2026-11-24T02:10:05.250Z', now + 5250],
  ['2026-11-24t02:10:05z', now + 5000],
  ['2026-11-24T03:10:00+01:00', now],
  ['2026-11-23T21:40:00-04:30', now],
  ['2026-11-24T02:10:00.123456789Z', now + 123],
  ['2024-02-29', at('2024-02-29T00:00:00Z')],
])('%s', (text, expected) => {
  expect(parseTime(text, now)).toBe(expected);
});

it.each([
  ['2026-02-29'],
  ['2026-13-01'],
  ['2026-11-24 24:00'],
  ['2026-11-24 02:60'],
  ['24.11.2026'],
  ['02:10'],
  ['yesterday'],
  ['-2'],
  ['- 2h'],
  ['1732413000'],
  [''],
])('%j is no time', (text) => {
  expect(parseTime(text, now)).toBeUndefined();
});

it('prints UTC with Z, and local time with its offset', () => {
  expect(formatUtc(now)).toBe('2026-11-24T02:10:00.000Z');
  expect(formatLocal(now)).toMatch(/^2026-11-2[345]T\d\d:\d\d:00\.000[+-]\d\d:\d\d$/u);
  expect(Date.parse(formatLocal(now))).toBe(now);
});

it('reads a time without a zone as local when asked', () => {
  expect(parseTime('2026-11-24 02:10', now, true)).toBe(new Date(2026, 10, 24, 2, 10).getTime());
});
