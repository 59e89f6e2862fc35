import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { FLOW_TIME_SOURCES } from '../../../normalizer/model/flow-columns.data';
import { type Collected, datagram, feed, type Row } from './support';

const hex32 = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');
const hex64 = (value: number): string => BigInt(value).toString(16).padStart(16, '0');
/** Export time of all datagrams here: 2023-11-14T22:13:20Z. */
const SECONDS = 1_700_000_000;
const AT = SECONDS * 1000;

function message(version: 9 | 10, fields: readonly [element: number, hex: string][], uptime = 10_000): string {
  const spec = fields.map(
    ([element, value]) => element.toString(16).padStart(4, '0') + (value.length / 2).toString(16).padStart(4, '0'),
  );
  const template = `0100${fields.length.toString(16).padStart(4, '0')}${spec.join('')}`;
  const set = (id: number, body: string): string =>
    `${id.toString(16).padStart(4, '0')}${(body.length / 2 + 4).toString(16).padStart(4, '0')}${body}`;
  const body = set(version === 9 ? 0 : 2, template) + set(256, fields.map(([, value]) => value).join(''));
  if (version === 9) return `00090002${hex32(uptime)}${hex32(SECONDS)}0000000100000000${body}`;
  return `000a${(body.length / 2 + 16).toString(16).padStart(4, '0')}${hex32(SECONDS)}0000000100000000${body}`;
}

function only(sink: Collected): Row {
  const rows = sink.rows();
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

const ntp = (ms: number): string =>
  hex32(Math.floor(ms / 1000) + 2_208_988_800) + hex32(Math.round(((ms % 1000) / 1000) * 2 ** 32));

describe('flow times', () => {
  it.each<[string, 9 | 10, number, [number, string][], number, number, (typeof FLOW_TIME_SOURCES)[number]]>([
    [
      'v9 sysUptime stamps in milliseconds',
      9,
      10_000,
      [
        [22, hex32(7050)],
        [21, hex32(9000)],
      ],
      AT - 2950,
      AT - 1000,
      'uptime',
    ],
    [
      'a counter that wrapped after the flow',
      9,
      1000,
      [
        [22, hex32(-500)],
        [21, hex32(-100)],
      ],
      AT - 1500,
      AT - 1100,
      'uptime',
    ],
    [
      'a counter that wrapped during the flow',
      9,
      1000,
      [
        [22, hex32(-500)],
        [21, hex32(500)],
      ],
      AT - 1500,
      AT - 500,
      'uptime',
    ],
    [
      'a last packet a little after the header (softflowd)',
      9,
      1000,
      [
        [22, hex32(900)],
        [21, hex32(1040)],
      ],
      AT - 100,
      AT + 40,
      'uptime',
    ],
    [
      'v9 with milliseconds, which goflow2 ignores',
      9,
      0,
      [
        [152, hex64(AT - 5000)],
        [153, hex64(AT - 1000)],
      ],
      AT - 5000,
      AT - 1000,
      'absolute',
    ],
    [
      'seconds',
      10,
      0,
      [
        [150, hex32(SECONDS - 60)],
        [151, hex32(SECONDS - 1)],
      ],
      AT - 60_000,
      AT - 1000,
      'absolute',
    ],
    [
      'microseconds are NTP time',
      10,
      0,
      [
        [154, ntp(AT - 1500)],
        [155, ntp(AT - 250)],
      ],
      AT - 1500,
      AT - 250,
      'absolute',
    ],
    [
      'nanoseconds are NTP time',
      10,
      0,
      [
        [156, ntp(AT - 1500)],
        [157, ntp(AT - 250)],
      ],
      AT - 1500,
      AT - 250,
      'absolute',
    ],
    [
      'microseconds before the export',
      10,
      0,
      [
        [158, hex32(2_000_000)],
        [159, hex32(500)],
      ],
      AT - 2000,
      AT - 0.5,
      'export',
    ],
    ['an event time alone (NSEL, NEL)', 9, 0, [[323, hex64(AT - 42)]], AT - 42, AT - 42, 'event'],
    [
      'creation and event time (NSEL)',
      9,
      0,
      [
        [323, hex64(AT - 42)],
        [152, hex64(AT - 5000)],
      ],
      AT - 5000,
      AT - 42,
      'absolute',
    ],
    [
      'start and duration',
      10,
      0,
      [
        [152, hex64(AT - 5000)],
        [161, hex32(1234)],
      ],
      AT - 5000,
      AT - 3766,
      'absolute',
    ],
    [
      'end and duration in microseconds',
      10,
      0,
      [
        [153, hex64(AT - 1000)],
        [162, hex32(2_500_000)],
      ],
      AT - 3500,
      AT - 1000,
      'absolute',
    ],
    [
      'IPFIX uptime stamps with the boot time in the record',
      10,
      0,
      [
        [160, hex64(AT - 100_000)],
        [22, hex32(90_000)],
        [21, hex32(95_000)],
      ],
      AT - 10_000,
      AT - 5000,
      'uptime',
    ],
    [
      'IPFIX uptime stamps with no boot time: the duration holds',
      10,
      0,
      [
        [22, hex32(90_000)],
        [21, hex32(95_000)],
      ],
      AT - 5000,
      AT,
      'export',
    ],
    [
      'the finer of two accounts',
      9,
      10_000,
      [
        [22, hex32(7000)],
        [21, hex32(9000)],
        [152, hex64(AT - 3001)],
        [153, hex64(AT - 1001)],
      ],
      AT - 3001,
      AT - 1001,
      'absolute',
    ],
    [
      'stamps a week ahead of the header (FortiOS 5.2): only the duration is used',
      9,
      1000,
      [
        [22, hex32(600_000_000)],
        [21, hex32(600_009_000)],
      ],
      AT - 9000,
      AT,
      'export',
    ],
    ['none', 9, 0, [[7, '0009']], AT, AT, 'none'],
  ])('%s', (_name, version, uptime, fields, start, end, source) => {
    const row = only(feed(new FlowNormalizer(), [datagram(message(version, fields, uptime))]));
    expect({ start: row['start'], end: row['end'], source: FLOW_TIME_SOURCES[row['timeSource'] as number] }).toEqual({
      start,
      end,
      source,
    });
    expect(row['extra']).toEqual(
      fields.some(([element]) => element === 160) ? { systemInitTimeMilliseconds: AT - 100_000 } : undefined,
    );
  });

  it('keeps microseconds in the fraction', () => {
    const time = hex32(SECONDS + 2_208_988_800) + hex32(Math.round(0.123_456 * 2 ** 32));
    const row = only(
      feed(new FlowNormalizer(), [
        datagram(
          message(10, [
            [154, time],
            [155, time],
          ]),
        ),
      ]),
    );
    expect(row['start']).toBeCloseTo(AT + 123.456, 6);
  });

  it('takes an NTP time before 1970 for one of the era from 2036', () => {
    const row = only(
      feed(new FlowNormalizer(), [
        datagram(
          message(10, [
            [154, '0000000000000000'],
            [155, '0000000100000000'],
          ]),
        ),
      ]),
    );
    expect(row['start']).toBe((2 ** 32 - 2_208_988_800) * 1000);
  });

  it('uses the boot time from options data, in its domain or for the whole exporter', () => {
    const boot = hex64(AT - 100_000);
    const options = (domain: number): string =>
      `000a0032${hex32(SECONDS)}00000001${hex32(domain)}0003001201000002000100950004 00a00008 01000010${hex32(domain)}${boot}`;
    const data = (domain: number): string =>
      `000a0032${hex32(SECONDS)}00000001${hex32(domain)}00020014010100030016000400150004000700020101000e${hex32(90_000)}${hex32(95_000)}0009`.replace(
        '000a0030',
        '000a0032',
      );
    for (const domain of [0, 5]) {
      const sink = feed(new FlowNormalizer(), [datagram(options(domain)), datagram(data(5))]);
      expect(sink.reasons).toEqual([]);
      expect(only(sink)).toMatchObject({ start: AT - 10_000, end: AT - 5000 });
    }
  });

  it('keeps the nanoseconds of a v5 header to the millisecond', () => {
    const record = `${'00'.repeat(24)}${hex32(7050)}${hex32(9000)}${'00'.repeat(16)}`;
    const header = `00050001${hex32(10_000)}${hex32(SECONDS)}${hex32(250_999_999)}0000000100000000`;
    expect(only(feed(new FlowNormalizer(), [datagram(header + record)]))).toMatchObject({
      exportedAt: AT + 250,
      start: AT - 2700,
      end: AT - 750,
    });
  });
});

describe('time_quality', () => {
  it.each([
    ['ok', AT + 1000],
    ['skewed', AT + 86_400_001],
  ])('is %s', (quality, receivedAt) => {
    const sink = feed(new FlowNormalizer(), [
      datagram(`00090001000003e8${hex32(SECONDS)}0000000100000000 00000000`, '192.0.2.1:1', receivedAt),
    ]);
    expect(sink.of('rejected')).toEqual([expect.objectContaining({ timeQuality: quality, observedAt: AT })]);
  });
});
