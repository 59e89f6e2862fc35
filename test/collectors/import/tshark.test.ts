import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drain } from './read-import';
import { openImport } from '../../../collectors/import/import-reader';
import {
  ipv4,
  ipv6,
  linkFrame,
  LINK,
  NgWriter,
  pcapFile,
  taggedFrame,
  udpOverV4,
  udpSegment,
  v6Fragment,
  v9Message,
  type UdpPacket,
} from './capture-writer';

/**
 * The captures our writer makes, as Wireshark reads them: if the writer and the reader shared a misunderstanding, this
 * would show it.
 */
const available = spawnSync('tshark', ['--version']).status === 0 && spawnSync('capinfos', ['--version']).status === 0;
const maybe = available ? test : test.skip;

const A = '20010db8000000000000000000000001';
const B = '20010db8000000000000000000000002';
const TIME = 1_700_000_123_456_789_000n;

function packet(sequence: number, length = 40): UdpPacket {
  const payload = v9Message(sequence, length);
  return {
    source: '192.0.2.1',
    sourcePort: 50_000 + sequence,
    destination: '198.51.100.2',
    destinationPort: 2055,
    payload,
  };
}

const segment = udpSegment(packet(9, 2000));
const ips: readonly Buffer[] = [
  udpOverV4(packet(1)),
  udpOverV4(packet(2), { options: Buffer.alloc(4, 1) }),
  ipv6(A, B, withChecksum(udpSegment(packet(3)))),
  ipv6(A, B, Buffer.concat([Buffer.from([17, 0, 1, 4, 0, 0, 0, 0]), withChecksum(udpSegment(packet(4)))]), 60),
  ipv4('192.0.2.1', '198.51.100.2', segment.subarray(1480), { id: 7, offset: 1480 }),
  ipv4('192.0.2.1', '198.51.100.2', segment.subarray(0, 1480), { id: 7, more: true }),
  ipv6(A, B, v6Fragment(17, 0, true, 8, withChecksum(segment).subarray(0, 1480)), 44),
  ipv6(A, B, v6Fragment(17, 1480, false, 8, segment.subarray(1480)), 44),
];

const ng = new NgWriter(false);
const files: readonly (readonly [string, Buffer])[] = [
  ['ethernet.pcap', pcapFile(stamped(ips.map((ip) => linkFrame(LINK.ethernet, ip))))],
  [
    'big-nano.pcap',
    pcapFile(stamped(ips.map((ip) => linkFrame(LINK.ethernet, ip))), { littleEndian: false, nanoseconds: true }),
  ],
  [
    'tagged.pcap',
    pcapFile(
      stamped(
        ips.filter(isV4).map((ip) =>
          taggedFrame(
            [
              [0x88a8, 5],
              [0x8100, 6],
            ],
            ip,
          ),
        ),
      ),
    ),
  ],
  ['raw.pcap', pcapFile(stamped(ips), { linkType: LINK.raw })],
  ['null.pcap', pcapFile(stamped(ips.filter(isV4).map((ip) => linkFrame(LINK.null, ip))), { linkType: LINK.null })],
  ['sll.pcap', pcapFile(stamped(ips.map((ip) => linkFrame(LINK.sll, ip))), { linkType: LINK.sll })],
  ['sll2.pcap', pcapFile(stamped(ips.map((ip) => linkFrame(LINK.sll2, ip))), { linkType: LINK.sll2 })],
  [
    'mixed.pcapng',
    Buffer.concat([
      ng.section(),
      ng.interface({ linkType: LINK.ethernet, resolution: 9 }),
      ng.interface({ linkType: LINK.raw }),
      ...ips.map((ip, index) =>
        index % 2 === 0 ? ng.enhanced(linkFrame(LINK.ethernet, ip), TIME) : ng.enhanced(ip, TIME / 1000n, 1),
      ),
    ]),
  ],
];

describe('captures as Wireshark reads them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ascribe-tshark-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  maybe.each(files)('%s', async (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    const read = await drain(await openImport(path));
    const ours = read.records.map((record) => [
      record.receivedAt,
      record.origin.peer,
      Buffer.from(record.bytes).toString('hex'),
    ]);
    expect(ours).toEqual(tsharkDatagrams(path));
    expect(ours.length).toBeGreaterThan(2);
    expect(capinfosPackets(path)).toBe(read.records.length + fragmentsHeld(content, name));
  });
});

function stamped(frames: readonly Buffer[]): { bytes: Buffer; time: bigint }[] {
  return frames.map((bytes, index) => ({ bytes, time: TIME + BigInt(index) * 1_000_000n }));
}

function isV4(ip: Buffer): boolean {
  return ip[0]! >> 4 === 4;
}

/** Fragmented datagrams take two packets each. */
function fragmentsHeld(content: Buffer, name: string): number {
  return content.length > 0 && (name.startsWith('tagged') || name.startsWith('null')) ? 1 : 2;
}

/** Time, sender and payload of each datagram, put together by Wireshark's own reassembly. */
function tsharkDatagrams(path: string): (string | number)[][] {
  const fields = ['frame.time_epoch', 'ip.src', 'ipv6.src', 'udp.srcport', 'udp.payload'].flatMap((field) => [
    '-e',
    field,
  ]);
  const { stdout } = spawnSync('tshark', ['-r', path, '-Y', 'udp', '-T', 'fields', '-E', 'separator=|', ...fields], {
    encoding: 'utf8',
  });
  const rows = stdout.trim().split('\n');
  return rows.map((row) => {
    const [time = '', v4 = '', v6 = '', port = '', payload = ''] = row.split('|');
    const milliseconds = Number(time.replace('.', '').slice(0, 13));
    return [milliseconds, v4 === '' ? `[${v6}]:${port}` : `${v4}:${port}`, payload.replaceAll(':', '')];
  });
}

function capinfosPackets(path: string): number {
  const { stdout } = spawnSync('capinfos', ['-M', '-c', '-T', '-r', path], { encoding: 'utf8' });
  return Number(stdout.trim().split('\t').at(-1));
}

/** UDP over IPv6 must have a checksum (RFC 8200 section 8.1). */
function withChecksum(udp: Buffer): Buffer {
  const pseudo = Buffer.concat([
    Buffer.from(A + B, 'hex'),
    Buffer.from([0, 0, udp.length >> 8, udp.length & 255, 0, 0, 0, 17]),
  ]);
  const all = Buffer.concat([pseudo, udp, Buffer.alloc(udp.length % 2)]);
  let sum = 0;
  for (let at = 0; at < all.length; at += 2) sum += all.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  udp.writeUInt16BE(~sum & 0xffff || 0xffff, 6);
  return udp;
}
