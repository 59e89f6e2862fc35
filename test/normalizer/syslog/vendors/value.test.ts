import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import {
  addressOf,
  countOf,
  durationNsOf,
  integerOf,
  isQuad,
  macOf,
  portOf,
  protocolOf,
} from '../../../../normalizer/syslog/vendors/value';

describe('values', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['010.1.1.1', undefined],
    ['192.0.2', undefined],
    ['host', undefined],
    ['', undefined],
    ['1192.0.2.1', undefined],
  ])('address %p', (text, ip) => {
    expect(addressOf(text)).toBe(ip);
  });

  test('a dotted quad is what Node takes for one', () => {
    const part = fc.oneof(
      fc.nat(300).map(String),
      fc.constantFrom('', '0', '00', '01', '255', '256', 'a', '1a', '-1', ' 1'),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.join('.');
        expect(isQuad(text, 0, text.length)).toBe(isIPv4(text));
        expect(isQuad(`outside:${text}/80`, 8, 8 + text.length)).toBe(isIPv4(text));
      }),
    );
  });

  test.each([
    ['0:00:30', 30n],
    ['2500:00:01', 9_000_001n],
    ['0:00:30:40', undefined],
    ['0:00:', undefined],
    ['92:24:20', 332_660n],
    ['0h:05m:39s', 339n],
    ['1d 04h:11m:09s', 101_469n],
    ['0:30', undefined],
    ['x:00:30', undefined],
    ['', undefined],
  ])('duration %p', (text, seconds) => {
    expect(durationNsOf(text)).toBe(seconds === undefined ? undefined : seconds * 1_000_000_000n);
  });

  test.each([
    ['TCP', 6],
    ['udp', 17],
    ['ICMPv6', 58],
    ['ipv6-icmp', 58],
    ['47', 47],
    ['256', undefined],
    ['ip', undefined],
    ['', undefined],
  ])('protocol %p', (text, number) => {
    expect(protocolOf(text)).toBe(number);
  });

  test.each([
    ['0011.2233.4455', '00:11:22:33:44:55'],
    ['00-11-22-AA-bb-CC', '00:11:22:aa:bb:cc'],
    ['00:11:22:33:44', undefined],
    ['*HDLC*', undefined],
    ['192.168.100.197', undefined],
    ['0011-2233-4455', undefined],
    ['001122334455', undefined],
    ['00:11:22:33:44:5g', undefined],
  ])('MAC %p', (text, mac) => {
    expect(macOf(text)).toBe(mac);
  });

  test.each([
    ['0', 0n],
    ['18446744073709551615', 18_446_744_073_709_551_615n],
    ['184467440737095516150', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['', undefined],
  ])('count %p', (text, count) => {
    expect(countOf(text)).toBe(count);
  });

  test('ports are 16 bits', () => {
    fc.assert(
      fc.property(fc.nat(200_000), (n) => {
        expect(portOf(String(n))).toBe(n <= 65_535 ? n : undefined);
        expect(integerOf(String(n))).toBe(n);
      }),
    );
  });
});
