import fc from 'fast-check';
import { isIP } from 'node:net';
import { parseListen, parseListenList } from '../../../collectors/udp/listen-address';
import { endpointText, peerAddress } from '../../../collectors/udp/peer-address';

describe('parseListen', () => {
  const any = (port: number) => [
    { address: '0.0.0.0', port, optional: false },
    { address: '::', port, optional: true },
  ];

  test.each([
    ['number', 2055, any(2055)],
    ['text of a number', '2055', any(2055)],
    ['colon and port', ':2055', any(2055)],
    ['with protocol and star', 'udp://*:2055', any(2055)],
    ['with protocol and address', 'udp://192.0.2.1:1', [{ address: '192.0.2.1', port: 1, optional: false }]],
    ['IPv4', '192.0.2.1:4739', [{ address: '192.0.2.1', port: 4739, optional: false }]],
    ['IPv6', '[2001:db8::1]:6343', [{ address: '2001:db8::1', port: 6343, optional: false }]],
    ['IPv6 wildcard alone', '[::]:514', [{ address: '::', port: 514, optional: false }]],
    ['port zero', '127.0.0.1:0', [{ address: '127.0.0.1', port: 0, optional: false }]],
  ])('%s', (_name, entry, expected) => {
    expect(parseListen(entry)).toEqual(expected);
  });

  test.each([
    '',
    'x',
    'tcp://*:1',
    '**:1',
    '65536',
    '-1',
    2.5,
    'host:2055',
    '2001:db8::1:2055',
    '[192.0.2.1]:1',
    '192.0.2.1',
    '300.0.0.1:1',
    '1.2.3.4:',
  ])('refuses %j', (entry) => {
    expect(() => parseListen(entry)).toThrow(expect.objectContaining({ code: 'listen_syntax' }));
  });

  test('any text gives addresses to bind or a syntax error', () => {
    const part = fc.oneof(
      fc.constantFrom('udp://', '*', ':', '[', ']', '::', '2055', '0.0.0.0'),
      fc.ipV4(),
      fc.ipV6(),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        try {
          for (const { address, port } of parseListen(parts.join(''))) {
            expect([isIP(address) > 0, Number.isInteger(port), port <= 65_535]).toEqual([true, true, true]);
          }
        } catch (error) {
          expect(error).toMatchObject({ code: 'listen_syntax' });
        }
      }),
    );
  });

  test('an address named twice counts once, and named outright it is not optional', () => {
    expect(parseListenList([2055, '[::]:2055', '0.0.0.0:2055'])).toEqual([
      { address: '0.0.0.0', port: 2055, optional: false },
      { address: '::', port: 2055, optional: false },
    ]);
  });
});

test.each([
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '::ffff:c000:201'],
  ['2001:db8::1', '2001:db8::1'],
  ['192.0.2.1', '192.0.2.1'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
])('peer %s is shown as %s', (address, shown) => {
  expect(peerAddress(address)).toBe(shown);
});

test('an endpoint brackets IPv6 only', () => {
  expect(endpointText('192.0.2.1', 1)).toBe('192.0.2.1:1');
  expect(endpointText('2001:db8::1', 2)).toBe('[2001:db8::1]:2');
});
