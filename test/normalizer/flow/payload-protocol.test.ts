import fc from 'fast-check';
import { payloadProtocol } from '../../../normalizer/flow/payload-protocol';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const text = (value: string): string => Buffer.from(value, 'latin1').toString('hex');

const HELLO = '16 0301 0200 01 0001fc 0303';
const IPV4_TCP = '4500 0100 0001 0000 40 06 0000 0a000005 cb007109';
const IPV4_OPTIONS = '4600 0100 0001 0000 40 06 0000 0a000005 cb007109 94040000';
const IPV6_TCP = `60000000 0100 06 40 ${'00'.repeat(32)}`;
const IPV4_UDP = '4500 0100 0001 0000 40 11 0000 0a000005 cb007109';
const TCP = 'c738 01bb 00000001 00000002 50 18 ffff 0000 0000';
const TCP_OPTIONS = 'c738 01bb 00000001 00000002 80 18 ffff 0000 0000 0101080a 00000000 00000000';
const UDP = 'c738 01bb 0100 0000';

describe('payloadProtocol', () => {
  it.each([
    ['ClientHello alone', HELLO, 'tls'],
    ['ServerHello', '16 0303 0050 02 00004c', 'tls'],
    ['ClientHello over IPv4', IPV4_TCP + TCP + HELLO, 'tls'],
    ['with IP options', IPV4_OPTIONS + TCP + HELLO, 'tls'],
    ['with TCP options', IPV4_TCP + TCP_OPTIONS + HELLO, 'tls'],
    ['ClientHello over IPv6', IPV6_TCP + TCP + HELLO, 'tls'],
    ['a TLS alert begins nothing', '15 0303 0002 0228', undefined],
    ['a handshake record that cannot be so long', '16 0303 ffff 01', undefined],
    ['a handshake that begins with neither hello', '16 0303 0050 0b', undefined],
    ['cut before the hello', '16 0303 0050', undefined],
    ['SSH', text('SSH-2.0-OpenSSH_9.6'), 'ssh'],
    ['SSH over IPv4', IPV4_TCP + TCP + text('SSH-2.0-x'), 'ssh'],
    ['a request', text('GET / HTTP/1.1'), 'http'],
    ['a request over IPv4', IPV4_TCP + TCP + text('POST /a HTTP/1.1'), 'http'],
    ['a response', text('HTTP/1.1 200 OK'), 'http'],
    ['a tunnel for anything', text('CONNECT a:443 HTTP/1.1'), undefined],
    ['QUIC version 1', `${IPV4_UDP}${UDP} c3 00000001 08`, 'quic'],
    ['QUIC version 2', 'd3 6b3343cf 08', 'quic'],
    ['QUIC of a version nobody knows', `${IPV4_UDP}${UDP} c3 00000007 08`, undefined],
    ['DTLS', `${IPV4_UDP}${UDP} 16 fefd 0000000000000000`, 'dtls'],
    ['TLS bytes over UDP', IPV4_UDP + UDP + HELLO, undefined],
    ['a packet without payload', IPV4_TCP + TCP, undefined],
    ['a header cut short', '4500 0100 0001 0000 40 06', undefined],
    ['nothing', '', undefined],
    ['zeros', '00'.repeat(64), undefined],
    ['a greeting that may switch', text('220 mail ESMTP'), undefined],
  ])('%s', (_name, hex, protocol) => expect(payloadProtocol(bytes(hex))).toBe(protocol));

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom('', IPV4_TCP, IPV6_TCP, IPV4_UDP), (rest, head) => {
        payloadProtocol(Buffer.concat([bytes(head), rest]));
      }),
      { numRuns: 500 },
    );
  });
});
