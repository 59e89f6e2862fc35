import type { Fact } from '../../../../normalizer/model/facts';
import { factsOfLine } from './read-line';

/**
 * Documented messages with the whole facts they must give. Each is read three times, with the values of `SAMPLES` in
 * the place of `$names`: IPv4, IPv6 with awkward names, and other IPv4. A string that is nothing but `$name` becomes the
 * value itself, so ports stay numbers.
 */
export interface VendorCase {
  /** Message id, tag or what the line is. */
  readonly id: string;
  readonly line: string;
  readonly facts: readonly object[];
}

/** `source` and `destination` of the packet, translated address and port, users, interfaces; `b`: the address in brackets when IPv6. */
export type Sample = Readonly<Record<string, string | number>>;

export const SAMPLES: readonly Sample[] = [
  {
    si: '192.0.2.10',
    sib: '192.0.2.10',
    dib: '198.51.100.7',
    nib: '203.0.113.5',
    sp: 50514,
    di: '198.51.100.7',
    dp: 443,
    ni: '203.0.113.5',
    np: 61234,
    user: 'alice',
    if1: 'inside',
    if2: 'outside',
    rule: 'acl_in',
    conn: '4711',
  },
  {
    si: '2001:db8::10',
    sib: '[2001:db8::10]',
    dib: '[2001:db8:1::7]',
    nib: '[2001:db8:2::5]',
    sp: 50515,
    di: '2001:db8:1::7',
    dp: 8443,
    ni: '2001:db8:2::5',
    np: 61235,
    user: 'EXAMPLE\\jürgen.müller',
    if1: 'dmz-1',
    if2: 'wan_2',
    rule: 'OUTSIDE-in.v6',
    conn: '4294967295',
  },
  {
    si: '10.1.2.3',
    sib: '10.1.2.3',
    dib: '10.4.5.6',
    nib: '172.16.7.8',
    sp: 1025,
    di: '10.4.5.6',
    dp: 53,
    ni: '172.16.7.8',
    np: 1026,
    user: 'bob@example.com',
    if1: 'LAN',
    if2: 'WAN',
    rule: 'ACL-7',
    conn: '7',
  },
];

/** The line and facts with the sample's values in them. */
export function fill(value: unknown, sample: Sample): unknown {
  if (typeof value === 'string') {
    const whole = value.startsWith('$') ? sample[value.slice(1)] : undefined;
    if (whole !== undefined) return whole;
    return Object.keys(sample)
      .toSorted((a, b) => b.length - a.length)
      .reduce((text, name) => text.replaceAll(`$${name}`, String(sample[name])), value);
  }
  if (Array.isArray(value)) return value.map((each) => fill(each, sample));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, sample)]));
}

/** The facts without what every fact of the line shares, which `common` checks. */
export function bodies(facts: readonly Fact[]): object[] {
  return facts.map(
    ({ rawSeq: _1, observedAt: _2, timeQuality: _3, device: _4, parser: _5, syslog: _6, ...body }) => body,
  );
}

export interface CaseHeader {
  /** What stands before the line: PRI, time, host. */
  readonly header: string;
  readonly parser: string;
  readonly device: string;
  readonly observedAt: number;
}

/** One test for each case and sample. */
export function describeCases(name: string, cases: readonly VendorCase[], header: CaseHeader): void {
  const rows = cases.flatMap(({ id, line, facts }) =>
    SAMPLES.map((sample, i): [string, string, unknown] => [
      `${id} (${['IPv4', 'IPv6', 'other'][i]})`,
      String(fill(line, sample)),
      fill(facts, sample),
    ]),
  );
  describe(name, () => {
    test.each(rows)('%s', (_id, line, expected) => {
      const facts = factsOfLine(header.header + line);
      expect(bodies(facts)).toEqual(expected);
      for (const { rawSeq, observedAt, device, parser } of facts) {
        expect({ rawSeq, observedAt, device, parser }).toEqual({
          rawSeq: 1,
          observedAt: header.observedAt,
          device: header.device,
          parser: header.parser,
        });
      }
    });
  });
}
