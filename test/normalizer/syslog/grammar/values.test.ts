import * as fc from 'fast-check';
import * as values from '../../../../normalizer/syslog/grammar/values';

const READERS = {
  word: values.word,
  ip: values.ip,
  anyIp: values.anyIp,
  integer: values.integer,
  port: values.port,
  count: values.count,
  mac: values.mac,
  protocol: values.protocol,
  secondsAsNs: values.secondsAsNs,
  addressInParentheses: values.addressInParentheses,
  actionName: values.actionName,
} as const;

describe('texts of vendor fields', () => {
  it.each([
    ['word', 'N/A', undefined],
    ['word', '-', undefined],
    ['word', ' kim ', 'kim'],
    ['word', '', undefined],
    ['ip', '10.0.0.1', '10.0.0.1'],
    ['ip', '[2001:DB8::1]', '2001:db8::1'],
    ['ip', 'fe80::1%eth0', 'fe80::1'],
    ['ip', '0.0.0.0', undefined],
    ['ip', '::', undefined],
    ['ip', '10.0.0.256', undefined],
    ['ip', 'host', undefined],
    ['anyIp', '0.0.0.0', '0.0.0.0'],
    ['integer', '42', 42],
    ['integer', '-1', undefined],
    ['integer', '1e3', undefined],
    ['integer', '0x10', undefined],
    ['integer', '99999999999999999', undefined],
    ['port', '65535', 65_535],
    ['port', '65536', undefined],
    ['count', '18446744073709551615', 18_446_744_073_709_551_615n],
    ['count', '1.5', undefined],
    ['mac', '02-00-5E-10-00-15', '02:00:5e:10:00:15'],
    ['mac', '0200.5e10.0015', '02:00:5e:10:00:15'],
    ['mac', '02005E100015', '02:00:5e:10:00:15'],
    ['mac', '00:00:00:00:00:00', undefined],
    ['mac', '02:00:5e:10:00', undefined],
    ['protocol', 'TCP', 6],
    ['protocol', '17', 17],
    ['protocol', '256', undefined],
    ['protocol', 'ipv6-icmp', 58],
    ['protocol', 'web', undefined],
    ['secondsAsNs', '1.5', 1_500_000_000n],
    ['secondsAsNs', '0', 0n],
    ['secondsAsNs', '1.2.3', undefined],
    ['secondsAsNs', 'soon', undefined],
    ['addressInParentheses', 'https(192.0.2.1)', '192.0.2.1'],
    ['addressInParentheses', 'ssh(192.0.2.1:50122)', '192.0.2.1'],
    ['addressInParentheses', 'console', undefined],
    ['actionName', 'Log In (API)', 'log_in_api'],
    ['actionName', '??', ''],
  ] as const)('%s of %p is %p', (name, text, expected) => {
    const read = READERS[name](text);

    expect(read).toBe(expected);
  });

  it.each([
    ['another address', ['10.0.0.1', 5, '203.0.113.1', 6], { natIp: '203.0.113.1', natPort: 6 }],
    ['another port only', ['10.0.0.1', 5, '10.0.0.1', 6], { natIp: '10.0.0.1', natPort: 6 }],
    ['another port without an address', ['10.0.0.1', 5, undefined, 6], { natPort: 6 }],
    ['an address and port zero', ['10.0.0.1', 5, '203.0.113.1', 0], { natIp: '203.0.113.1' }],
    ['the pair itself', ['10.0.0.1', 5, '10.0.0.1', 5], {}],
    ['the address itself without a port', ['10.0.0.1', 5, '10.0.0.1', undefined], {}],
    ['nothing', ['10.0.0.1', 5, undefined, undefined], {}],
    ['port zero only', ['10.0.0.1', 5, undefined, 0], {}],
  ] as const)('a translation to %s', (_name, [realIp, realPort, natIp, natPort], expected) => {
    expect(values.translation(realIp, realPort, natIp, natPort)).toEqual(expected);
  });

  it('writes sockets with IPv6 in brackets', () => {
    expect(values.socket('10.0.0.1', 5)).toBe('10.0.0.1:5');
    expect(values.socket('2001:db8::1', 5)).toBe('[2001:db8::1]:5');
    expect(values.socket('2001:db8::1', undefined)).toBe('[2001:db8::1]');
  });

  it('keeps only what says something', () => {
    expect(values.present({ a: 1, b: undefined })).toEqual({ a: 1 });
    expect(values.extras({ a: 1, b: undefined })).toEqual({ a: 1 });
    expect(values.extras({ b: undefined })).toBeUndefined();
  });

  it('cuts between marks', () => {
    expect(values.between('a [b] c', '[', ']')).toBe('b');
    expect(values.between('a [b', '[', ']')).toBe('b');
    expect(values.between('a b', '[', ']')).toBeUndefined();
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const read of Object.values(READERS)) read(text);
      }),
    );
  });
});
