import fc from 'fast-check';
import { scanStamp } from '../../../normalizer/syslog/header/stamp';
import { epochTime, resolveTime, Stamp, Zone, zoneOf } from '../../../normalizer/syslog/time';

function resolve(text: string, receivedAt: string, timezone?: string) {
  const stamp = new Stamp();
  expect(scanStamp(text, 0, stamp)).toBe(text.length);
  const { timestamp, ...rest } = resolveTime(stamp, Date.parse(receivedAt), timezone);
  return { ...rest, time: new Date(timestamp).toISOString() };
}

describe('the year', () => {
  test.each([
    [
      'just before New Year, received after it',
      'Dec 31 23:59:58',
      '2027-01-01T00:00:02Z',
      undefined,
      '2026-12-31T23:59:58.000Z',
    ],
    [
      'just after New Year, received before it',
      'Jan  1 00:00:02',
      '2026-12-31T23:59:58Z',
      undefined,
      '2027-01-01T00:00:02.000Z',
    ],
    [
      "New Year in the device's zone, not in UTC",
      'Jan  1 00:30:00',
      '2026-12-31T23:30:10Z',
      'Europe/Berlin',
      '2026-12-31T23:30:00.000Z',
    ],
    ['and west of UTC', 'Dec 31 20:30:00', '2027-01-01T01:30:10Z', 'America/New_York', '2027-01-01T01:30:00.000Z'],
    ['29 February in a leap year', 'Feb 29 12:00:00', '2028-02-29T12:00:01Z', undefined, '2028-02-29T12:00:00.000Z'],
    ['29 February read long after', 'Feb 29 12:00:00', '2030-01-01T00:00:00Z', undefined, '2028-02-29T12:00:00.000Z'],
    ['29 February read before', 'Feb 29 12:00:00', '2027-12-01T00:00:00Z', undefined, '2028-02-29T12:00:00.000Z'],
    [
      'eleven months back: no clock is a month ahead',
      'Dec 26 12:00:00',
      '2026-11-24T00:00:00Z',
      undefined,
      '2025-12-26T12:00:00.000Z',
    ],
    ['a clock that is a month ahead', 'Dec 24 12:00:00', '2026-11-24T00:00:00Z', undefined, '2026-12-24T12:00:00.000Z'],
    ['half a year back', 'Jun 29 12:00:00', '2026-11-24T00:00:00Z', undefined, '2026-06-29T12:00:00.000Z'],
  ])('%s', (_, text, receivedAt, timezone, time) => expect(resolve(text, receivedAt, timezone).time).toBe(time));

  test('the completed year is the closest one that is not more than a month ahead', () => {
    const stamp = new Stamp();
    const year = 366 * 86_400_000;
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2060, 0, 1) }),
        fc.integer({ min: -330 * 86_400_000, max: 30 * 86_400_000 }),
        fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York'),
        (receivedAt, distance, timezone) => {
          const zone = zoneOf(timezone);
          const at = Math.floor((receivedAt + distance) / 1000) * 1000;
          const local = new Date(at + zone.offsetAt(at));
          if (local.getUTCMonth() === 1 && local.getUTCDate() === 29) return;
          const text = `${local.toUTCString().slice(8, 11)} ${local.toUTCString().slice(5, 7)} ${local.toISOString().slice(11, 19)}`;
          expect(scanStamp(text, 0, stamp)).toBe(text.length);
          const { timestamp } = resolveTime(stamp, receivedAt, timezone);
          // The repeated hour of a clock change may resolve to its other reading.
          expect(Math.abs(timestamp - at)).toBeLessThanOrEqual(3_600_000);
          expect(Math.abs(timestamp - receivedAt)).toBeLessThan(year);
        },
      ),
    );
  });
});

describe('the zone', () => {
  test.each([
    ['winter', 'Nov 24 2026 03:00:00', 'Europe/Berlin', '2026-11-24T02:00:00.000Z'],
    ['summer', 'Jul 24 2026 03:00:00', 'Europe/Berlin', '2026-07-24T01:00:00.000Z'],
    ['a half hour', 'Jul 24 2026 03:00:00', 'Asia/Kolkata', '2026-07-23T21:30:00.000Z'],
    ['a quarter hour', 'Jul 24 2026 03:00:00', 'Asia/Kathmandu', '2026-07-23T21:15:00.000Z'],
    ['a half hour of summer time', 'Jan 24 2026 03:00:00', 'Australia/Lord_Howe', '2026-01-23T16:00:00.000Z'],
    ['minutes before clocks go forward', 'Mar 29 2026 01:59:59', 'Europe/Berlin', '2026-03-29T00:59:59.000Z'],
    ['minutes after', 'Mar 29 2026 03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
    [
      'an hour that does not exist: the clock was not put forward',
      'Mar 29 2026 02:30:00',
      'Europe/Berlin',
      '2026-03-29T01:30:00.000Z',
    ],
    [
      'a name that the runtime does not know is UTC',
      'Jul 24 2026 03:00:00',
      'Mars/Olympus',
      '2026-07-24T03:00:00.000Z',
    ],
  ])('%s', (_, text, timezone, time) => expect(resolve(text, '2026-11-24T00:00:00Z', timezone).time).toBe(time));

  test.each([
    ['received in the first', '2026-10-25T00:30:05Z', '2026-10-25T00:30:00.000Z'],
    ['received in the second', '2026-10-25T01:30:05Z', '2026-10-25T01:30:00.000Z'],
    ['received long before: the first', '2026-10-24T00:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['received long after: the second', '2026-10-26T00:00:00Z', '2026-10-25T01:30:00.000Z'],
  ])('an hour that happens twice, %s', (_, receivedAt, time) => {
    expect(resolve('Oct 25 2026 02:30:00', receivedAt, 'Europe/Berlin').time).toBe(time);
  });

  test('every moment comes back from its local time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 0, 1) }),
        fc.constantFrom(
          'Europe/Berlin',
          'America/New_York',
          'Australia/Lord_Howe',
          'America/St_Johns',
          'Africa/Casablanca',
        ),
        (at, name) => {
          const zone = zoneOf(name);
          // Received at the moment itself, so the reading of a repeated hour is known.
          expect(zone.toUtc(at + zone.offsetAt(at), at)).toBe(at);
        },
      ),
      { numRuns: 400 },
    );
  });

  test.each([
    ['CET', undefined, '2026-11-24T02:00:00.000Z', 'ok', 'CET'],
    ['EST', undefined, '2026-11-24T08:00:00.000Z', 'ok', 'EST'],
    ['EST', 'Australia/Brisbane', '2026-11-23T17:00:00.000Z', 'ok', 'EST'],
    ['CST', undefined, '2026-11-24T03:00:00.000Z', 'no_zone', 'UTC'],
    ['CST', 'America/Chicago', '2026-11-24T09:00:00.000Z', 'ok', 'CST'],
    ['CST', 'Asia/Shanghai', '2026-11-23T19:00:00.000Z', 'ok', 'CST'],
    ['CST', 'Europe/Berlin', '2026-11-24T02:00:00.000Z', 'no_zone', 'Europe/Berlin'],
    ['+0530', undefined, '2026-11-23T21:30:00.000Z', 'ok', '+05:30'],
    ['GMT-3', undefined, '2026-11-24T06:00:00.000Z', 'ok', '-03:00'],
  ])('the name %s on a device in %s', (zone, timezone, time, timeQuality, name) => {
    expect(resolve(`Nov 24 2026 03:00:00 ${zone}`, '2026-11-24T04:00:00Z', timezone)).toEqual({
      time,
      timeQuality,
      timezone: name,
    });
  });

  test('the answer does not depend on what was asked before', () => {
    const asked = new Zone('Europe/Berlin');
    for (let hour = 0; hour < 6000; hour++) asked.offsetAt(Date.UTC(2020, 0, 1) + hour * 3_600_000);
    const fresh = new Zone('Europe/Berlin');
    for (const at of [Date.UTC(2020, 0, 1), Date.UTC(2020, 6, 1), Date.UTC(2026, 9, 25, 1)]) {
      expect(asked.offsetAt(at)).toBe(fresh.offsetAt(at));
    }
  });
});

describe('quality', () => {
  test.each([
    ['stated in full', '2026-11-24T03:00:00Z', 'ok', '2026-11-24T03:00:00.000Z'],
    ['no zone', '2026-11-24 03:00:00', 'no_zone', '2026-11-24T03:00:00.000Z'],
    ['no year', 'Nov 24 03:00:00', 'no_year', '2026-11-24T03:00:00.000Z'],
    ['a day and more ahead', '2026-11-25T05:00:00Z', 'skewed', '2026-11-25T05:00:00.000Z'],
    ['a year behind', '2025-11-24T03:00:00Z', 'skewed', '2025-11-24T03:00:00.000Z'],
    ['a clock never set', '*Mar  1 00:00:00', 'unsynced', '2026-11-24T04:00:00.000Z'],
    ['synchronization lost', '.Nov 24 03:00:00', 'no_year', '2026-11-24T03:00:00.000Z'],
    ['time since boot', '2y13w', 'from_receipt', '2026-11-24T04:00:00.000Z'],
    ['no such day', 'Nov 31 2026 03:00:00', 'from_receipt', '2026-11-24T04:00:00.000Z'],
  ])('%s', (_, text, timeQuality, time) => {
    expect(resolve(text, '2026-11-24T04:00:00Z')).toMatchObject({ timeQuality, time });
  });
});

describe('epoch numbers', () => {
  test.each([
    ['1795489200', 1795489200000],
    ['1795489200.25', 1795489200250],
    ['1795489200.123456789', 1795489200123],
    ['1795489200123', 1795489200123],
    ['1795489200123456', 1795489200123],
    ['1795489200123456789', 1795489200123],
    ['179548920012', undefined],
    ['', undefined],
    ['abc', undefined],
    ['-795489200', undefined],
  ])('%s', (text, time) => expect(epochTime(text)).toBe(time));
});
