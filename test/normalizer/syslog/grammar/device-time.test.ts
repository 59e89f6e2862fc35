import type { SyslogContext } from '../../../../normalizer/syslog/contract';
import { offsetMinutes, stampTime, statedBase } from '../../../../normalizer/syslog/grammar/device-time';

const RECEIVED_AT = Date.UTC(2026, 10, 24, 3, 0, 0);

function context(settings: SyslogContext['settings'] = {}): SyslogContext {
  return {
    base: { rawSeq: 1, observedAt: RECEIVED_AT, timeQuality: 'from_receipt', device: '192.0.2.1', parser: 'x' },
    receivedAt: RECEIVED_AT,
    settings,
    peerAddress: '192.0.2.1',
  };
}

describe('stampTime', () => {
  it.each([
    ['no zone', '2026-11-24 02:10:00', '2026-11-24T02:10:00.000Z', 'no_zone'],
    ['slashes', '2026/11/24 02:10:00', '2026-11-24T02:10:00.000Z', 'no_zone'],
    ['UTC', '2026-11-24 02:10:00 UTC', '2026-11-24T02:10:00.000Z', 'ok'],
    ['Z and a fraction', '2026-11-24T02:10:00.123456Z', '2026-11-24T02:10:00.123Z', 'ok'],
    ['an offset', '2026-11-24T03:10:00.437+01:00', '2026-11-24T02:10:00.437Z', 'ok'],
    ['an offset without a colon', '2026-11-23T21:10:00-0500', '2026-11-24T02:10:00.000Z', 'ok'],
  ])('reads a stamp with %s', (_name, text, expected, quality) => {
    expect(stampTime(text, context())).toEqual({ ms: Date.parse(expected), quality });
  });

  it('applies the configured zone to a time without one', () => {
    const read = stampTime('2026-11-24 03:10:00', context({ timezone: 'Europe/Berlin' }));

    expect(read).toEqual({ ms: Date.parse('2026-11-24T02:10:00Z'), quality: 'no_zone' });
  });

  it.each(['', '2026-13-01 00:00:00', '2026-02-31 00:00:00', '2026-11-24 24:00:00', '2026-11-24', 'yesterday'])(
    'refuses %p',
    (text) => {
      expect(stampTime(text, context())).toBeUndefined();
    },
  );
});

describe('offsetMinutes', () => {
  it.each([
    ['+0100', 60],
    ['-05:00', -300],
    ['+05:30', 330],
    ['UTC+2:00', 120],
    ['-5', -300],
    ['Z', 0],
    ['GMT', 0],
    ['CEST', undefined],
    [undefined, undefined],
  ])('%p is %p', (text, minutes) => {
    const read = offsetMinutes(text);

    expect(read).toBe(minutes);
  });
});

describe('statedBase', () => {
  const time = { ms: Date.UTC(2026, 10, 24, 2, 10, 0), quality: 'ok' } as const;

  it('takes time and device from the line', () => {
    expect(statedBase(context(), time, 'fw1')).toMatchObject({ observedAt: time.ms, timeQuality: 'ok', device: 'fw1' });
  });

  it('prefers the configured name', () => {
    const { base, ...rest } = context({ name: 'perimeter' });

    expect(statedBase({ ...rest, base: { ...base, device: 'perimeter' } }, time, 'fw1').device).toBe('perimeter');
  });

  it('leaves the header time where the line has none', () => {
    expect(statedBase(context(), undefined, undefined)).toEqual(context().base);
  });

  it('says so when the stated time cannot be right', () => {
    const old = { ms: Date.UTC(2001, 0, 1), quality: 'ok' } as const;

    expect(statedBase(context(), old, undefined).timeQuality).not.toBe('ok');
  });
});
