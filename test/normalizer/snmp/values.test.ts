import type { Varbind } from '../../../normalizer/snmp/record';
import { plainValue } from '../../../normalizer/snmp/trap-values';
import { addressOf, counterOf, dateAndTimeOf, integerOf, octetsOf, textOf } from '../../../normalizer/snmp/values';

const octets = (hex: string): Varbind => ['1.3', 0x04, hex.replace(/ /g, '')];

describe('values', () => {
  it.each<[name: string, varbind: Varbind, number: number | undefined]>([
    ['INTEGER', ['1.3', 0x02, -5], -5],
    ['Gauge32', ['1.3', 0x42, 4_294_967_295], 4_294_967_295],
    ['Counter64 within a number', ['1.3', 0x46, '9007199254740991'], 9_007_199_254_740_991],
    ['Counter64 beyond a number', ['1.3', 0x46, '9007199254740993'], undefined],
    ['a fraction', ['1.3', 0x02, 1.5], undefined],
    ['a text', ['1.3', 0x04, '31'], undefined],
    ['an IpAddress', ['1.3', 0x40, '192.0.2.1'], undefined],
  ])('integerOf %s', (_name, varbind, number) => {
    expect(integerOf(varbind)).toBe(number);
  });

  it.each<[name: string, varbind: Varbind, count: bigint | undefined]>([
    ['Counter64', ['1.3', 0x46, '18446744073709551615'], 18_446_744_073_709_551_615n],
    ['Counter32', ['1.3', 0x41, 7], 7n],
    ['a negative INTEGER', ['1.3', 0x02, -7], undefined],
    ['a Counter64 that is no number', ['1.3', 0x46, '12x'], undefined],
  ])('counterOf %s', (_name, varbind, count) => {
    expect(counterOf(varbind)).toBe(count);
  });

  it.each([
    ['UTF-8', 'e7bd91e7bb9c', '网络'],
    ['Latin-1 where it is no UTF-8', '47e4737465', 'Gäste'],
    ['up to a zero octet', '616263 00 646566', 'abc'],
    ['lines as one', '610d0a62', 'a b'],
    ['blanks only', '2020', undefined],
    ['nothing', '', undefined],
    ['half an octet', '616', undefined],
  ])('textOf %s', (_name, hex, text) => {
    expect(textOf(octets(hex))).toBe(text);
  });

  it.each([
    ['four octets', 'c0000201', '192.0.2.1'],
    ['eight octets: with a zone', 'c000020100000007', '192.0.2.1'],
    ['sixteen octets', '20010db8000000000000000000000001', '2001:db8::1'],
    ['the unspecified address', '00000000', undefined],
    ['six octets', '02005e005301', undefined],
  ])('addressOf %s', (_name, hex, ip) => {
    expect(addressOf(octets(hex))).toBe(ip);
  });

  it.each(['300.1.1.1', '1.2.3', 'x'])('an IpAddress %s is none', (text) => {
    expect(octetsOf(['1.3', 0x40, text])).toBeUndefined();
  });

  it.each([
    ['with a zone east', '07ea 0b 18 02 03 04 05 2b 01 1e', Date.UTC(2026, 10, 24, 0, 33, 4, 500), true],
    ['with a zone west', '07ea 0b 18 02 03 04 00 2d 02 00', Date.UTC(2026, 10, 24, 4, 3, 4), true],
    ['without a zone', '07ea 0b 18 02 03 04 00', Date.UTC(2026, 10, 24, 2, 3, 4), false],
    ['a leap second', '07ea 0b 18 02 03 3c 00', Date.UTC(2026, 10, 24, 2, 3, 59), false],
  ])('dateAndTimeOf %s (RFC 2579)', (_name, hex, ms, zoned) => {
    expect(dateAndTimeOf(octets(hex))).toEqual({ ms, zoned });
  });

  it.each([
    '07ea 0d 18 02 03 04 00',
    '07ea 02 1e 02 03 04 00',
    '07ea 0b 18 19 03 04 00',
    '07ea 0b 18 02 03 04 00 20 01 00',
    '07ea',
  ])('dateAndTimeOf refuses %s', (hex) => {
    expect(dateAndTimeOf(octets(hex))).toBeUndefined();
  });

  it.each<[varbind: Varbind, syntax: string | undefined, value: string | number | undefined]>([
    [octets('02005e005301'), 'physAddress', '02:00:5e:00:53:01'],
    [octets('c0000201'), 'inetAddress', '192.0.2.1'],
    [octets('07ea 0b 18 02 03 04 00'), 'dateAndTime', '2026-11-24T02:03:04.000Z'],
    [['1.3', 0x06, '1.3.6.1'], undefined, '1.3.6.1'],
    [['1.3', 0x40, '192.0.2.1'], undefined, '192.0.2.1'],
    [['1.3', 0x46, '18446744073709551615'], undefined, '18446744073709551615'],
    [octets('00ff'), undefined, '0x00ff'],
    [['1.3', 0x05, null], undefined, undefined],
  ])('plainValue %j as %s', (varbind, syntax, value) => {
    expect(plainValue(varbind, syntax)).toBe(value);
  });
});
