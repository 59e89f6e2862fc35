import {
  ipfixMessage,
  ipv4,
  ipv6,
  linkFrame,
  LINK,
  NgWriter,
  pcapFile,
  taggedFrame,
  udpOverV4,
  udpSegment,
  v9Message,
  type UdpPacket,
} from './capture-writer';
import { readImport, RECEIVED_AT, skips } from './read-import';

const TIME = 1_700_000_123_456_999_999n;
const MS = 1_700_000_123_456;
const V6_A = '20010db8000000000000000000000001';
const V6_B = '20010db8000000000000000000000002';

function packet(payload: Uint8Array, destinationPort = 2055): UdpPacket {
  return { source: '192.0.2.1', sourcePort: 50_001, destination: '198.51.100.2', destinationPort, payload };
}

const flow = v9Message(1);
const flowText = flow.toString('latin1');
const frame = linkFrame(LINK.ethernet, udpOverV4(packet(flow)));

describe('classic pcap', () => {
  test.each([
    ['little-endian, microseconds', true, false],
    ['little-endian, nanoseconds', true, true],
    ['big-endian, microseconds', false, false],
    ['big-endian, nanoseconds', false, true],
  ])('%s', async (_name, littleEndian, nanoseconds) => {
    const read = await readImport(pcapFile([{ bytes: frame, time: TIME }], { littleEndian, nanoseconds }));
    expect(read.records).toMatchObject([
      {
        origin: { collector: 'import', source: 'file', peer: '192.0.2.1:50001', format: 'flow' },
        receivedAt: MS,
      },
    ]);
    expect(read.payloads).toEqual([flowText]);
    expect(read.summary).toMatchObject({ kind: 'pcap', records: 1, recordBytes: flow.length, truncated: undefined });
  });

  test.each([
    ['LINKTYPE_NULL', LINK.null],
    ['LINKTYPE_ETHERNET', LINK.ethernet],
    ['LINKTYPE_RAW', LINK.raw],
    ['LINKTYPE_LOOP', LINK.loop],
    ['LINKTYPE_LINUX_SLL', LINK.sll],
    ['LINKTYPE_LINUX_SLL2', LINK.sll2],
  ])('%s with IPv4 and IPv6', async (_name, linkType) => {
    const v4 = linkFrame(linkType, udpOverV4(packet(flow)));
    const v6 = linkFrame(linkType, ipv6(V6_A, V6_B, udpSegment(packet(flow))));
    const read = await readImport(
      pcapFile(
        [v4, v6].map((bytes) => ({ bytes, time: TIME })),
        { linkType },
      ),
    );
    expect(read.payloads).toEqual([flowText, flowText]);
    expect(read.records.map((record) => record.origin.peer)).toEqual(['192.0.2.1:50001', '[2001:db8::1]:50001']);
  });

  test.each([
    ['LINKTYPE_IPV4', LINK.ipv4, udpOverV4(packet(flow))],
    ['LINKTYPE_IPV6', LINK.ipv6, ipv6(V6_A, V6_B, udpSegment(packet(flow)))],
    ['one VLAN tag', LINK.ethernet, taggedFrame([[0x8100, 7]], udpOverV4(packet(flow)))],
    [
      'QinQ',
      LINK.ethernet,
      taggedFrame(
        [
          [0x88a8, 7],
          [0x8100, 8],
        ],
        udpOverV4(packet(flow)),
      ),
    ],
    [
      'old QinQ',
      LINK.ethernet,
      taggedFrame(
        [
          [0x9100, 7],
          [0x8100, 8],
        ],
        udpOverV4(packet(flow)),
      ),
    ],
    ['IPv4 options', LINK.raw, udpOverV4(packet(flow), { options: Buffer.alloc(8, 1) })],
    ['no total length (segmentation offload)', LINK.raw, udpOverV4(packet(flow), { totalLength: 0 })],
    ['Ethernet padding behind the packet', LINK.ethernet, Buffer.concat([frame, Buffer.alloc(11)])],
    [
      'IPv6 hop-by-hop and destination options',
      LINK.raw,
      ipv6(
        V6_A,
        V6_B,
        Buffer.concat([Buffer.from([60, 0, 1, 4, 0, 0, 0, 0, 17, 1]), Buffer.alloc(14), udpSegment(packet(flow))]),
        0,
      ),
    ],
    [
      'IPv6 authentication header',
      LINK.raw,
      ipv6(V6_A, V6_B, Buffer.concat([Buffer.from([17, 4]), Buffer.alloc(22), udpSegment(packet(flow))]), 51),
    ],
  ])('%s', async (_name, linkType, bytes) => {
    const read = await readImport(pcapFile([{ bytes, time: TIME }], { linkType }));
    expect(read.payloads).toEqual([flowText]);
    expect(skips(read)).toEqual({});
  });

  test('an IPv4-mapped sender is shown as IPv4', async () => {
    const mapped = '00000000000000000000ffffc0000209';
    const bytes = ipv6(mapped, V6_B, udpSegment(packet(flow)));
    const read = await readImport(pcapFile([{ bytes, time: TIME }], { linkType: LINK.raw }));
    expect(read.records[0]?.origin.peer).toBe('192.0.2.9:50001');
  });

  test('records of one sender share their origin', async () => {
    const read = await readImport(pcapFile([frame, frame].map((bytes) => ({ bytes, time: TIME }))));
    expect(read.records[1]?.origin).toBe(read.records[0]?.origin);
  });
});

describe('what is skipped is counted by reason', () => {
  const syn = ipv4('192.0.2.1', '192.0.2.2', Buffer.alloc(20), { protocol: 6 });
  const shortUdp = ipv4('192.0.2.1', '192.0.2.2', Buffer.alloc(7));
  const longUdp = udpOverV4(packet(flow));
  longUdp.writeUInt16BE(4000, 24);
  const badHeader = Buffer.from(udpOverV4(packet(flow)));
  badHeader[0] = 0x44;

  test.each([
    ['TCP', 'not_udp', LINK.raw, syn],
    ['ARP', 'not_ip', LINK.ethernet, Buffer.concat([Buffer.alloc(12), Buffer.from([8, 6]), Buffer.alloc(28)])],
    ['an unknown family', 'not_ip', LINK.null, Buffer.alloc(40, 9)],
    [
      'nine VLAN tags',
      'not_ip',
      LINK.ethernet,
      taggedFrame(
        Array.from({ length: 9 }, () => [0x8100, 1] as const),
        syn,
      ),
    ],
    ['IP version 5', 'not_ip', LINK.raw, Buffer.alloc(40, 0x55)],
    ['DNS', 'other_payload', LINK.raw, udpOverV4(packet(Buffer.from('001201000001', 'hex'), 53))],
    ['an unknown link type', 'link_type_unknown', 147, syn],
    ['a UDP header cut', 'malformed_packet', LINK.raw, shortUdp],
    ['a UDP length beyond the packet', 'malformed_packet', LINK.raw, longUdp],
    ['an IPv4 header of 16 bytes', 'malformed_packet', LINK.raw, badHeader],
    ['an empty frame', 'malformed_packet', LINK.ethernet, Buffer.alloc(0)],
    ['half an IPv6 header', 'malformed_packet', LINK.raw, Buffer.alloc(20, 0x60)],
    ['IPv6 without next header', 'not_udp', LINK.raw, ipv6(V6_A, V6_B, Buffer.alloc(0), 59)],
    [
      'an extension header beyond the packet',
      'malformed_packet',
      LINK.raw,
      ipv6(V6_A, V6_B, Buffer.from([17, 9, 0, 0, 0, 0, 0, 0]), 0),
    ],
  ])('%s: %s', async (_name, reason, linkType, bytes) => {
    const read = await readImport(pcapFile([{ bytes, time: TIME }], { linkType }));
    expect(read.records).toEqual([]);
    expect(skips(read)).toEqual({ [reason]: 1 });
    expect(read.summary.truncated).toBeUndefined();
  });

  test('a packet cut by the snap length', async () => {
    for (let length = 0; length < frame.length; length += 1) {
      const cut = { bytes: frame.subarray(0, length), time: TIME, originalLength: frame.length };
      const read = await readImport(pcapFile([cut, { bytes: frame, time: TIME }]));
      expect([length, skips(read), read.payloads]).toEqual([length, { cut_by_snaplen: 1 }, [flowText]]);
    }
  });
});

describe('pcapng', () => {
  test.each([
    ['little-endian', true],
    ['big-endian', false],
  ])('%s: packet blocks of all kinds', async (_name, littleEndian) => {
    const ng = new NgWriter(littleEndian);
    const micros = TIME / 1000n;
    const file = Buffer.concat([
      ng.section(),
      ng.interface({ linkType: LINK.ethernet }),
      ng.block(5, Buffer.alloc(16)),
      ng.enhanced(frame, micros),
      ng.old(frame, micros + 1_000_000n),
      ng.simple(frame),
    ]);
    const read = await readImport(file);
    expect(read.payloads).toEqual([flowText, flowText, flowText]);
    // A simple packet has no time: it gets that of the packet before it.
    expect(read.records.map((record) => record.receivedAt)).toEqual([MS, MS + 1000, MS + 1000]);
    expect(read.summary).toMatchObject({ kind: 'pcapng', truncated: undefined });
  });

  test('several interfaces with their own link type and resolution, several sections with their own byte order', async () => {
    const ip = udpOverV4(packet(flow));
    const big = new NgWriter(false);
    const little = new NgWriter(true);
    const file = Buffer.concat([
      big.section(),
      big.interface({ linkType: LINK.ethernet, resolution: 9 }),
      big.interface({ linkType: LINK.raw, resolution: 3 }),
      big.interface({ linkType: LINK.sll, resolution: 0x80 | 10 }),
      big.interface({ linkType: LINK.raw, resolution: 0, offset: 1_000_000_000n }),
      big.enhanced(frame, TIME, 0),
      big.enhanced(ip, BigInt(MS), 1),
      big.enhanced(linkFrame(LINK.sll, ip), 1_700_000_123n * 1024n + 512n, 2),
      big.enhanced(ip, 700_000_123n, 3),
      little.section(),
      little.interface({ linkType: LINK.null }),
      little.enhanced(linkFrame(LINK.null, ip), TIME / 1000n, 0),
    ]);
    const read = await readImport(file);
    expect(read.payloads).toEqual(Array.from({ length: 5 }, () => flowText));
    expect(read.records.map((record) => record.receivedAt)).toEqual([MS, MS, 1_700_000_123_500, 1_700_000_123_000, MS]);
  });

  test('a simple packet first in the file has the import time, and the snap length cuts it', async () => {
    const ng = new NgWriter();
    const file = Buffer.concat([
      ng.section(),
      ng.interface({ linkType: LINK.ethernet, snapLength: frame.length }),
      ng.simple(frame),
      ng.simple(frame, frame.length + 40),
    ]);
    const read = await readImport(file);
    expect(read.records.map((record) => record.receivedAt)).toEqual([RECEIVED_AT, RECEIVED_AT]);
  });

  test('a stamp no clock can show is not taken', async () => {
    const ng = new NgWriter();
    const file = Buffer.concat([
      ng.section(),
      ng.interface({ linkType: LINK.ethernet, resolution: 0 }),
      ng.enhanced(frame, 0xffff_ffff_ffff_ffffn),
    ]);
    expect((await readImport(file)).records[0]?.receivedAt).toBe(RECEIVED_AT);
  });

  const ng = new NgWriter();
  const head = Buffer.concat([
    ng.section(),
    ng.interface({ linkType: LINK.ethernet }),
    ng.enhanced(frame, TIME / 1000n),
  ]);
  const block = ng.enhanced(frame, 1n);
  test.each([
    ['a block length that is no multiple of four', 'corrupt', patched(block, 4, 61)],
    ['a block length below twelve', 'corrupt', patched(block, 4, 8)],
    ['a block of 4 GiB', 'too_large', patched(block, 4, 0xfffffffc)],
    ['two lengths that disagree', 'corrupt', patched(block, block.length - 4, 12)],
    ['a packet longer than its block', 'corrupt', patched(block, 20, block.length)],
    ['a packet of an undescribed interface', 'corrupt', patched(block, 8, 1)],
    ['a packet block without room', 'corrupt', ng.block(6, Buffer.alloc(16))],
    ['an interface without room', 'corrupt', ng.block(1, Buffer.alloc(4))],
    ['a section without byte order', 'corrupt', patched(ng.section(), 8, 0)],
  ])('%s ends the import there, with what came before kept', async (_name, reason, bad) => {
    const read = await readImport(Buffer.concat([head, bad, block]));
    expect(read.payloads).toEqual([flowText]);
    expect(read.summary.truncated).toMatchObject({ offset: head.length, reason });
  });
});

describe('choice by content and port', () => {
  const junk = Buffer.from('not an export at all');
  const syslog = Buffer.from('<189>29: %SYS-5-CONFIG_I: Configured from console');
  test.each([
    ['flow on any port', flow, 40_000, undefined, 'flow'],
    ['IPFIX on any port', ipfixMessage(3), 40_000, undefined, 'flow'],
    ['syslog on any port', syslog, 40_000, undefined, 'syslog'],
    ['syslog on a flow port', syslog, 2055, undefined, 'syslog'],
    ['flow on a syslog port', flow, 514, undefined, 'flow'],
    ['junk on a flow port is kept', junk, 2055, undefined, 'flow'],
    ['junk on a syslog port is kept', junk, 514, undefined, 'syslog'],
    ['junk elsewhere', junk, 40_000, undefined, undefined],
    ['a chosen port, flow', flow, 40_000, [40_000], 'flow'],
    ['a chosen port, syslog', syslog, 40_000, [40_000], 'syslog'],
    ['a chosen port, junk', junk, 40_000, [40_000], 'flow'],
    ['another port than the chosen', flow, 2055, [40_000], undefined],
  ])('%s', async (_name, payload, port, only, format) => {
    const bytes = udpOverV4(packet(payload, port));
    const settings = only === undefined ? {} : { ports: new Set(only) };
    const read = await readImport(pcapFile([{ bytes, time: TIME }], { linkType: LINK.raw }), settings);
    expect(read.records.map((record) => record.origin.format)).toEqual(format === undefined ? [] : [format]);
    expect(skips(read)).toEqual(format === undefined ? { other_payload: 1 } : {});
  });
});

function patched(bytes: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(value, at);
  return copy;
}
