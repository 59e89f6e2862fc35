import fc from 'fast-check';
import { addressText } from '../../../normalizer/model/address';
import { parseHolder } from '../../../store/queries/who';

const address = fc
  .oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
  .map((bytes) => addressText(bytes));

describe('parseHolder', () => {
  test.each<[string, object | undefined]>([
    ['10.0.0.5', { name: '10.0.0.5', kind: 'ip' }],
    ['10.0.0.5:443/tcp', { name: '10.0.0.5', kind: 'ip', port: 443, protocol: 'TCP' }],
    ['10.0.0.5/17', { name: '10.0.0.5', kind: 'ip', protocol: 'UDP' }],
    ['2001:DB8:0::1', { name: '2001:db8::1', kind: 'ip' }],
    ['[2001:db8::1]:53/udp', { name: '2001:db8::1', kind: 'ip', port: 53, protocol: 'UDP' }],
    ['[2001:db8::1]', { name: '2001:db8::1', kind: 'ip' }],
    ['::ffff:10.0.0.5', { name: '10.0.0.5', kind: 'ip' }],
    ['02-00-5E-00-53-01', { name: '02:00:5e:00:53:01', kind: 'mac' }],
    ['0200.5e00.5301', { name: '02:00:5e:00:53:01', kind: 'mac' }],
    ['02005e005301', { name: '02:00:5e:00:53:01', kind: 'mac' }],
    ['02:00-5e:00:53:01', undefined],
    ['02:00:5e:00:53:01/tcp', undefined],
    ['10.0.0.5:', undefined],
    ['10.0.0.5:65536', undefined],
    ['10.0.0.05', undefined],
    ['10.0.0.5/', undefined],
    ['fe80::1%eth0', undefined],
    ['host', undefined],
  ])('%s', (text, expected) => {
    expect(parseHolder(text)).toEqual(expected);
  });

  test('takes every address with and without port', () => {
    fc.assert(
      fc.property(address, fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined }), (name, port) => {
        const host = name.includes(':') && port !== undefined ? `[${name}]` : name;
        const text = port === undefined ? host : `${host}:${port}`;
        expect(parseHolder(text)).toEqual(port === undefined ? { name, kind: 'ip' } : { name, kind: 'ip', port });
      }),
    );
  });

  test('never throws, and never gives what is no address', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const holder = parseHolder(text);
        expect(holder === undefined || /^[0-9a-f.:]+$/.test(holder.name)).toBe(true);
      }),
    );
  });
});
