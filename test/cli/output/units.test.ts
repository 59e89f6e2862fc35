import {
  formatBytes,
  formatCount,
  formatDuration,
  formatRate,
  parseDuration,
  parseSize,
} from '../../../cli/output/units';

it.each([
  ['90s', 90_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
  ['1.5h', 5_400_000],
  ['30d', 2_592_000_000],
  ['2w', 1_209_600_000],
  ['0s', 0],
  ['', undefined],
  ['60', undefined],
  ['1h 30m', undefined],
  ['-1h', undefined],
  ['1y', undefined],
  ['h', undefined],
  ['999999999999w', undefined],
])('duration %j is %j ms', (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});

it.each([
  ['4096', 4096],
  ['256MiB', 268_435_456],
  ['1GB', 1_000_000_000],
  ['1.5 KiB', 1536],
  ['0B', 0],
  ['10', 10],
  ['1 XB', undefined],
  ['MiB', undefined],
  ['-1', undefined],
  ['999999999PiB', undefined],
])('size %j is %j bytes', (text, expected) => {
  expect(parseSize(text)).toBe(expected);
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.00 KiB'],
  [1_500_000, '1.43 MiB'],
  [10_485_000, '10.0 MiB'],
  [123_456_789_012n, '115 GiB'],
])('%s bytes are %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

it.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [4200, '4.2 s'],
  [59_960, '1m 0s'],
  [310_000, '5m 10s'],
  [7_380_000, '2h 3m'],
  [349_200_000, '4d 1h'],
  [-4200, '-4.2 s'],
])('%s ms are %s', (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

it.each([
  [0, '0'],
  [999, '999'],
  [1234, '1 234'],
  [18446744073709551615n, '18 446 744 073 709 551 615'],
  [-1234, '-1 234'],
])('%s is %s', (count, expected) => {
  expect(formatCount(count)).toBe(expected);
});

it.each([
  [3.14, '3.1 /s'],
  [1200.4, '1 200 /s'],
])('%s a second are %s', (rate, expected) => {
  expect(formatRate(rate)).toBe(expected);
});
