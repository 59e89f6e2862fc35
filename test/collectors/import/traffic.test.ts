import fc from 'fast-check';
import { readIpHeader } from '../../../collectors/import/traffic/ip-header';
import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { datagram, feed, type Row } from '../../normalizer/flow/support';
import { ipv4, ipv6, LINK, linkFrame, pcapFile, udpSegment, v6Fragment } from './capture-writer';
import { readImport, skips } from './read-import';

const AT = 1_700_000_000_000;
const [CLIENT, SERVER] = ['10.0.0.5', '203.0.113.9'];
const [SYN, FIN, RST, ACK] = [2, 1, 4, 16];

function tcp(sourcePort: number, destinationPort: number, flags: number, payload = 0): Buffer {
  const segment = Buffer.alloc(20 + payload);
  segment.writeUInt16BE(sourcePort, 0);
  segment.writeUInt16BE(destinationPort, 2);
  segment[12] = 0x50;
  segment[13] = flags;
  return segment;
}

const out = (flags: number, payload = 0, port = 50_000) =>
  ipv4(CLIENT, SERVER, tcp(port, 443, flags, payload), { protocol: 6 });
const back = (flags: number, payload = 0, port = 50_000) =>
  ipv4(SERVER, CLIENT, tcp(443, port, flags, payload), { protocol: 6 });

/** IP packets with their times in ms after `AT`, metered. */
async function metered(packets: readonly (readonly [ms: number, ip: Buffer])[]): Promise<Row[]> {
  const written = packets.map(([ms, ip]) => ({
    bytes: linkFrame(LINK.ethernet, ip),
    time: BigInt(AT + ms) * 1_000_000n,
  }));
  const { records } = await readImport(pcapFile(written), { traffic: true });
  return feed(
    new FlowNormalizer(),
    records.map(({ bytes, receivedAt }) => datagram(bytes, '', receivedAt)),
  ).rows();
}

test('a connection is one session, from SYN to the last packet', async () => {
  const rows = await metered([
    [0, out(SYN)],
    [20, back(SYN | ACK)],
    [40, out(ACK, 500)],
    [60, back(ACK, 900)],
    [3_600_000 / 8, out(FIN | ACK)],
    [450_020, back(FIN | ACK)],
    [450_040, out(ACK)],
  ]);
  expect(rows).toMatchObject([
    { start: AT, end: AT + 450_040, src: CLIENT, srcPort: 50_000, dst: SERVER, dstPort: 443, protocol: 6 },
  ]);
  expect(rows[0]).toMatchObject({ packets: 4n, bytes: 660n, replyPackets: 3n, replyBytes: 1020n });
  expect(rows[0]).toMatchObject({ tcpFlags: SYN | ACK | FIN, replyTcpFlags: SYN | ACK | FIN });
});

test('a port that is used again is another session, also right after the first', async () => {
  const rows = await metered([
    [0, out(SYN)],
    [20, back(RST | ACK)],
    [100, out(SYN)],
    [120, back(SYN | ACK)],
  ]);
  expect(rows.map(({ start, end }) => [Number(start) - AT, Number(end) - AT])).toEqual([
    [0, 20],
    [100, 120],
  ]);
});

test('a day with a word every ten minutes stays one; more than a quarter of an hour of silence ends it', async () => {
  const beat = Array.from({ length: 144 }, (_, i) => [i * 600_000, out(ACK, 10)] as const);
  const rows = await metered([[0, out(SYN)], ...beat, [144 * 600_000 + 901_000, out(ACK, 10)]]);
  expect(rows.map(({ packets }) => packets)).toEqual([145n, 1n]);
});

test('an answer that comes first was asked for', async () => {
  const [row] = await metered([[0, back(SYN | ACK)]]);
  expect(row).toMatchObject({ src: CLIENT, dst: SERVER, packets: 0n, replyPackets: 1n });
});

test('UDP is over after a minute', async () => {
  const ask = ipv4(
    CLIENT,
    SERVER,
    udpSegment({ source: '', destination: '', sourcePort: 123, destinationPort: 123, payload: Buffer.alloc(48) }),
  );
  const rows = await metered([
    [0, ask],
    [64_000, ask],
    [65_000, ask],
  ]);
  expect(rows.map(({ packets, bytes }) => [packets, bytes])).toEqual([
    [1n, 76n],
    [2n, 152n],
  ]);
});

test('IPv6, also behind extension headers; fragments behind the first have no ports', async () => {
  const segment = tcp(50_000, 443, SYN);
  const [from, to] = ['5', '9'].map((end) => `20010db8${end.padStart(24, '0')}`) as [string, string];
  const rows = await metered([
    [0, ipv6(from, to, segment, 6)],
    [10, ipv6(from, to, v6Fragment(6, 0, true, 7, segment), 44)],
    [20, ipv6(from, to, v6Fragment(6, 64, false, 7, Buffer.alloc(8)), 44)],
  ]);
  expect(rows).toMatchObject([
    { src: '2001:db8::5', srcPort: 50_000, packets: 2n },
    { src: '2001:db8::5', srcPort: 0, packets: 1n },
  ]);
});

test('what is no IP is counted, what is cut behind its header is not lost', async () => {
  const arp = Buffer.concat([Buffer.alloc(12), Buffer.from('0806', 'hex'), Buffer.alloc(28)]);
  const whole = linkFrame(LINK.ethernet, out(SYN, 1000));
  const time = BigInt(AT) * 1_000_000n;
  const found = await readImport(
    pcapFile([
      { bytes: arp, time },
      { bytes: whole.subarray(0, 64), time, originalLength: whole.length },
    ]),
    { traffic: true },
  );
  expect(skips(found)).toEqual({ not_ip: 1 });
  const rows = feed(new FlowNormalizer(), [datagram(found.records[0]!.bytes, '', AT)]).rows();
  expect(rows).toMatchObject([{ bytes: 1040n, dstPort: 443 }]);
});

test('any bytes are a header or none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.nat(80), (bytes, at) => {
      const found = readIpHeader(bytes, at, bytes.length);
      expect(typeof found === 'object' || found === 'not_ip' || found === 'cut_by_snaplen').toBe(true);
    }),
  );
});
