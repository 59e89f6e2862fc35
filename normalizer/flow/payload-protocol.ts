/** What can be told from the first payload bytes of a flow. */
export type PayloadProtocol = 'tls' | 'dtls' | 'quic' | 'ssh' | 'http';

const TCP = 6;
const UDP = 17;
/** RFC 9110 section 9.3 and RFC 5789, without CONNECT, which opens a tunnel for anything; and the beginning of a response. */
const HTTP_BEGINNINGS = ['GET ', 'HEAD ', 'POST ', 'PUT ', 'DELETE ', 'OPTIONS ', 'TRACE ', 'PATCH ', 'HTTP/1.'];
/** RFC 9000 and RFC 9369. */
const QUIC_VERSIONS: ReadonlySet<number> = new Set([0x0000_0001, 0x6b33_43cf]);
/** RFC 8446 section 5.1, RFC 5246 section 6.2.3: the longest record. */
const MOST_RECORD = 16_384 + 2048;

/**
 * The protocol of an initial data packet (Cisco ETA): the packet from its IP header on, or its payload alone. Undefined
 * when it is none of those that can be told for certain, or is cut too short.
 *
 *     TLS   16 03 0x len len 01|02     handshake record (RFC 8446 section 5.1): ClientHello or ServerHello
 *     DTLS  16 fe fx                   the same (RFC 9147 section 4)
 *     QUIC  11xxxxxx version           long header (RFC 9000 section 17.2)
 *     SSH   "SSH-"                     identification (RFC 4253 section 4.2)
 */
export function payloadProtocol(packet: Uint8Array): PayloadProtocol | undefined {
  const { transport, at } = payloadOf(packet);
  const bytes = packet.subarray(at);
  if (transport !== UDP) {
    if (isTls(bytes)) return 'tls';
    const text = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
    if (text.startsWith('SSH-')) return 'ssh';
    if (HTTP_BEGINNINGS.some((beginning) => text.startsWith(beginning))) return 'http';
  }
  if (transport === TCP || bytes.length < 5) return undefined;
  if (bytes[0] === 0x16 && bytes[1] === 0xfe && bytes[2]! >= 0xfc) return 'dtls';
  const version = Buffer.from(bytes.subarray(1, 5)).readUInt32BE();
  return bytes[0]! >= 0xc0 && QUIC_VERSIONS.has(version) ? 'quic' : undefined;
}

function isTls(bytes: Uint8Array): boolean {
  if (bytes.length < 6 || bytes[0] !== 0x16 || bytes[1] !== 0x03 || bytes[2]! > 4) return false;
  const length = bytes[3]! * 256 + bytes[4]!;
  return length >= 4 && length <= MOST_RECORD && (bytes[5] === 1 || bytes[5] === 2);
}

/** Where the payload begins. A transport number where text would be (a control character) tells a header from a payload. */
function payloadOf(packet: Uint8Array): { transport: number | undefined; at: number } {
  const family = (packet[0] ?? 0) >> 4;
  const headerLength = family === 4 ? (packet[0]! & 15) * 4 : 40;
  const transport = family === 4 ? packet[9] : family === 6 ? packet[6] : undefined;
  if ((transport !== TCP && transport !== UDP) || headerLength < 20) return { transport: undefined, at: 0 };
  const own = transport === UDP ? 8 : ((packet[headerLength + 12] ?? 0) >> 4) * 4;
  return { transport, at: headerLength + own };
}
