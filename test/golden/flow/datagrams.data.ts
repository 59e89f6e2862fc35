/**
 * One smallest export per quirk, written by hand from the documents that `source` names, with what must come of it. Hex is
 * grouped as the format groups it. All were received at 1,700,000,000,000 (2023-11-14T22:13:20Z, seconds 6553f100).
 */
export interface GoldenExport {
  readonly name: string;
  readonly source: string;
  readonly datagrams: readonly string[];
  /** What the flow rows must contain, in order; `absent` columns must not be there. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly absent?: readonly string[];
  /** What the facts must contain, in order. */
  readonly facts?: readonly Readonly<Record<string, unknown>>[];
}

const V9 = '0009 0001 00002710 6553f100 00000001 00000000';
const ipfix = (body: string): string => {
  const length = body.replaceAll(/\s/g, '').length / 2 + 16;
  return `000a ${length.toString(16).padStart(4, '0')} 6553f100 00000001 00000000 ${body}`;
};
const AT = 1_700_000_000_000;

/** ASA template 256: 148, 8, 12, 7, 11, 4, 233, 33002, 323, 231, 232. */
const ASA_TEMPLATE =
  '0000 0034 0100 000b 0094 0004 0008 0004 000c 0004 0007 0002 000b 0002 0004 0001 00e9 0001 80ea 0002 0143 0008 00e7 0004 00e8 0004';
/** One NSEL record: connection 7, 10.0.0.5:51000 to 203.0.113.9:443; event, extended event, milliseconds after AT, bytes. */
const asa = (event: string, extended: string, after: string, sent: string, received: string): string =>
  `0100 0028 00000007 0a000005 cb007109 c738 01bb 06 ${event} ${extended} 0000018bcfe5${after} ${sent} ${received}`;

export const GOLDEN: readonly GoldenExport[] = [
  {
    name: 'NetFlow v1',
    source: 'Cisco "NetFlow Export Datagram Format", table B-1 and B-2',
    datagrams: [
      `0001 0001 00002710 6553f100 00000000
       0a000005 cb007109 0a000001 0001 0002 00000003 00000400 00001388 00001770 c738 01bb 0000 06 00 1b 00 00 00 00000000 00000000`,
    ],
    rows: [
      {
        src: '10.0.0.5',
        dst: '203.0.113.9',
        nextHop: '10.0.0.1',
        srcPort: 51_000,
        dstPort: 443,
        protocol: 6,
        tcpFlags: 0x1b,
        packets: 3n,
        bytes: 1024n,
        inIf: 1,
        outIf: 2,
        start: AT - 5000,
        end: AT - 4000,
      },
    ],
  },
  {
    name: 'NetFlow v1 of softflowd: records of 48 bytes',
    source: 'softflowd 1.1.0 with -v 1: the table B-2 without its last four bytes',
    datagrams: [
      `0001 0002 00002710 6553f100 00000000
       0a000005 cb007109 0a000001 0001 0002 00000003 00000400 00001388 00001770 c738 01bb 0000 06 00 1b 00 00 00 00000000
       cb007109 0a000005 0a000001 0002 0001 00000002 00000200 00001388 00001770 01bb c738 0000 06 00 1b 00 00 00 00000000`,
    ],
    rows: [
      { src: '10.0.0.5', dst: '203.0.113.9', srcPort: 51_000, dstPort: 443, protocol: 6, tcpFlags: 0x1b, bytes: 1024n },
      { src: '203.0.113.9', dst: '10.0.0.5', srcPort: 443, dstPort: 51_000, protocol: 6, tcpFlags: 0x1b, bytes: 512n },
    ],
  },
  {
    name: 'NetFlow v5 with sampling mode bits',
    source: 'Cisco "NetFlow Export Datagram Format", table B-3: two bits of mode, 14 of interval',
    datagrams: [
      `0005 0001 00002710 6553f100 00000000 00000001 01 02 4064
       0a000005 cb007109 00000000 0001 0002 00000003 00000400 00001388 00001770 c738 01bb 00 1b 06 00 fde8 fde9 18 10 0000`,
    ],
    rows: [
      {
        bytes: 1024n,
        packets: 3n,
        samplingRate: 100,
        samplingSource: 3,
        srcAs: 65_000,
        dstAs: 65_001,
        srcMask: 24,
        dstMask: 16,
      },
    ],
    absent: ['nextHop'],
  },
  {
    name: 'NetFlow v7: records of 52 bytes',
    source: 'Cisco "NetFlow Export Datagram Format", table B-5 and B-6',
    datagrams: [
      `0007 0002 00002710 6553f100 00000000 00000001 00000000
       0a000005 cb007109 00000000 0001 0002 00000003 00000400 00001388 00001770 c738 01bb 00 1b 06 00 0000 0000 00 00 0000 0a0000fe
       0a000006 cb007109 00000000 0001 0002 00000003 00000401 00001388 00001770 c739 01bb 00 1b 06 00 0000 0000 00 00 0000 0a0000fe`,
    ],
    rows: [
      { src: '10.0.0.5', bytes: 1024n },
      { src: '10.0.0.6', bytes: 1025n },
    ],
  },
  {
    name: 'counters before and behind the device are one traffic',
    source: 'RFC 7012 elements 1, 2, 23, 24; FortiOS sends both with equal values',
    datagrams: [
      `${V9} 0000 0018 0100 0004 0001 0004 0002 0004 0017 0004 0018 0004 0100 0014 00000400 00000003 00000400 00000003`,
    ],
    rows: [{ bytes: 1024n, packets: 3n, postBytes: 1024n, postPackets: 3n }],
  },
  {
    name: 'counters before and behind a device that changes packets',
    source: 'RFC 7012 elements 1, 2, 23, 24',
    datagrams: [
      `${V9} 0000 0018 0100 0004 0017 0004 0018 0004 0001 0004 0002 0004 0100 0014 00000380 00000002 00000400 00000003`,
    ],
    rows: [{ bytes: 1024n, packets: 3n, postBytes: 896n, postPackets: 2n }],
  },
  {
    name: 'four MAC addresses, two of them behind the device',
    source: 'RFC 7012 elements 56, 80, 81, 57',
    datagrams: [
      `${V9} 0000 0018 0100 0004 0038 0006 0039 0006 0050 0006 0051 0006
       0100 001c 005056000001 005056000057 005056000080 005056000081`,
    ],
    rows: [
      {
        srcMac: 0x0050_5600_0001,
        dstMac: 0x0050_5600_0080,
        postSrcMac: 0x0050_5600_0081,
        postDstMac: 0x0050_5600_0057,
      },
    ],
  },
  {
    name: 'counters behind the device alone',
    source: 'RFC 7012 elements 23, 24',
    datagrams: [`${V9} 0000 0010 0100 0002 0017 0004 0018 0004 0100 000c 00000400 00000003`],
    rows: [{ bytes: 1024n, packets: 3n }],
  },
  {
    name: '64-bit counter above 2^53',
    source: 'RFC 7012 element 1',
    datagrams: [`${V9} 0000 000c 0100 0001 0001 0008 0100 000c 0020000000000001`],
    rows: [{ bytes: 9_007_199_254_740_993n }],
  },
  {
    name: 'a repeated element is a list, and costs nothing else',
    source: 'RFC 7011 section 8: the order of repeated elements has meaning',
    datagrams: [`${V9} 0000 0014 0100 0003 0007 0002 0001 0001 0001 0001 0100 0008 01bb 6f de`],
    rows: [{ srcPort: 443, extra: { octetDeltaCount: [111, 222] } }],
    absent: ['bytes'],
  },
  {
    name: 'an unknown element is kept as hex',
    source: 'RFC 7011 section 9',
    datagrams: [ipfix('0002 0014 0100 0002 0007 0002 fedc 0003 00001092 0100 0009 01bb c0ffee')],
    rows: [{ srcPort: 443, extra: { '4242/32476': 'c0ffee' } }],
  },
  {
    name: 'variable length in both forms',
    source: 'RFC 7011 section 7, figures R and S',
    datagrams: [ipfix('0002 0010 0100 0002 0060 ffff 0007 0002 0100 0013 03 74 6c 73 01bb ff 0004 68 74 74 70 0050')],
    rows: [
      { srcPort: 443, applicationName: 'tls' },
      { srcPort: 80, applicationName: 'http' },
    ],
  },
  {
    name: 'variable length in v9',
    source: 'H3C NetStream; RFC 3954 does not know it, exporters do',
    datagrams: [`${V9} 0000 0010 0100 0002 0060 ffff 0007 0002 0100 000a 03 74 6c 73 01bb`],
    rows: [{ srcPort: 443, applicationName: 'tls' }],
  },
  {
    name: 'an IPv4-mapped address is the IPv4 address',
    source: 'RFC 4291 section 2.5.5.2',
    datagrams: [
      `${V9} 0000 0010 0100 0002 001b 0010 001c 0010 0100 0024 00000000000000000000ffff0a000005 20010db8000000000000000000000001`,
    ],
    rows: [{ src: '10.0.0.5', dst: '2001:db8::1' }],
  },
  {
    name: 'both families in one record, one of them zero',
    source: 'Procera, IPFIX template 52935',
    datagrams: [
      `${V9} 0000 0010 0100 0002 0008 0004 001b 0010 0100 002c
       0a000005 00000000000000000000000000000000 00000000 20010db8000000000000000000000001`,
    ],
    rows: [{ src: '10.0.0.5' }, { src: '2001:db8::1' }],
  },
  {
    name: 'ports of UDP and TCP under their own elements',
    source: 'RFC 7012 elements 180-183',
    datagrams: [
      `${V9} 0000 0018 0100 0004 00b4 0002 00b5 0002 00b6 0002 00b7 0002 0100 0014 0035 d903 0000 0000 0000 0000 01bb c738`,
    ],
    rows: [
      { srcPort: 53, dstPort: 55_555 },
      { srcPort: 443, dstPort: 51_000 },
    ],
  },
  {
    name: 'ICMP type and code apart',
    source: 'RFC 7012 elements 176, 177',
    datagrams: [`${V9} 0000 0010 0100 0002 00b0 0001 00b1 0001 0100 0008 03 01 08 00`],
    rows: [{ icmp: 0x0301 }, { icmp: 0x0800 }],
  },
  {
    name: 'NSEL: updates are added, the teardown states the total',
    source: 'Cisco ASA NetFlow Implementation Guide, "Flow-update events" and "Flow teardown"',
    datagrams: [
      `${V9} ${ASA_TEMPLATE} ${asa('01', '0000', '6800', '00000000', '00000000')}`,
      `${V9} ${asa('05', '0000', '6900', '00000064', '000003e8')}`,
      `${V9} ${asa('05', '0000', '6a00', '00000032', '000001f4')}`,
      `${V9} ${asa('02', '07e1', '6b00', '000000c8', '00000708')}`,
    ],
    rows: [
      { firewallEvent: 1, bytes: 0n, replyBytes: 0n, connectionId: 7n },
      { firewallEvent: 5, bytes: 100n, statedBytes: 100n, replyBytes: 1000n },
      { firewallEvent: 5, bytes: 50n, statedBytes: 50n, replyBytes: 500n },
      {
        firewallEvent: 2,
        bytes: 50n,
        statedBytes: 200n,
        replyBytes: 300n,
        statedReplyBytes: 1800n,
        firewallExtEvent: 2017,
      },
    ],
  },
  {
    name: 'NSEL: one update that the teardown repeats (cisco_asa_2)',
    source: 'nfdump issue 116',
    datagrams: [
      `${V9} ${ASA_TEMPLATE} ${asa('05', '0000', '6900', '00000064', '000003e8')} ${asa('02', '07e1', '6b00', '00000064', '000003e8')}`,
    ],
    rows: [
      { bytes: 100n, replyBytes: 1000n },
      { bytes: 0n, replyBytes: 0n, statedBytes: 100n, statedReplyBytes: 1000n },
    ],
  },
  {
    name: 'NSEL: a teardown without an update counts in full (conn 742819709)',
    source: 'netdata pull request 23201 counted updates only',
    datagrams: [`${V9} ${ASA_TEMPLATE} ${asa('02', '07e1', '6b00', '000002fb', '00000000')}`],
    rows: [{ bytes: 763n, statedBytes: 763n }],
  },
  {
    name: 'NSEL: an update that comes after its teardown counts nothing, the next connection of that id does',
    source: 'Cisco ASA NetFlow Implementation Guide: events may arrive out of order',
    datagrams: [
      `${V9} ${ASA_TEMPLATE} ${asa('02', '07e1', '6b00', '000000c8', '00000708')}`,
      `${V9} ${asa('05', '0000', '6900', '00000064', '000003e8')}`,
      `${V9} ${asa('02', '07e1', '6b00', '000000c8', '00000708')}`,
      `${V9} ${asa('02', '07e1', '6c00', '00000005', '00000006')}`,
    ],
    rows: [
      { bytes: 200n, replyBytes: 1800n },
      { bytes: 0n, replyBytes: 0n, statedBytes: 100n },
      { bytes: 0n, replyBytes: 0n, statedBytes: 200n },
      { bytes: 5n, replyBytes: 6n },
    ],
  },
  {
    name: 'NSEL: an update that comes twice counts once',
    source: 'UDP duplicates',
    datagrams: [
      `${V9} ${ASA_TEMPLATE} ${asa('05', '0000', '6900', '00000064', '000003e8')}`,
      `${V9} ${asa('05', '0000', '6900', '00000064', '000003e8')}`,
    ],
    rows: [{ bytes: 100n }, { bytes: 0n, statedBytes: 100n }],
  },
  {
    name: 'NSEL denied flow with user and ACL ids',
    source: 'Cisco ASA NetFlow Implementation Guide: 33000 and 33001 are 12 bytes, 40000 is 20 or 65 bytes',
    datagrams: [
      `${V9} 0000 0018 0100 0004 00e9 0001 80ea 0002 80e8 000c 9c40 0014
       0100 0027 03 03e9 102154c9 43e4da22 00000000 616c6963650000000000000000000000 00000000`,
    ],
    rows: [
      { firewallEvent: 3, firewallExtEvent: 1001, user: 'alice', extra: { ingressAclId: '102154c943e4da2200000000' } },
    ],
  },
  {
    name: 'translation to another address; "unchanged" is none',
    source: 'Cisco ASA: 225-228 repeat the original endpoint without NAT',
    datagrams: [
      `${V9} 0000 0028 0100 0008 0008 0004 0007 0002 000c 0004 000b 0002 00e1 0004 00e3 0002 00e2 0004 00e4 0002
       0100 001c 0a000005 c738 cb007109 01bb c6336401 9c40 cb007109 01bb`,
    ],
    rows: [{ natSrc: '198.51.100.1', natSrcPort: 40_000, natDstPort: 0 }],
    absent: ['natDst'],
  },
  {
    name: 'translation to another port of the same address',
    source: 'RFC 8158 section 4.1: a translation of the port is one',
    datagrams: [
      `${V9} 0000 0028 0100 0008 0008 0004 0007 0002 000c 0004 000b 0002 00e1 0004 00e3 0002 00e2 0004 00e4 0002
       0100 001c 0a000005 c738 cb007109 01bb 0a000005 9c40 cb007109 20fb`,
    ],
    rows: [{ natSrc: '10.0.0.5', natSrcPort: 40_000, natDst: '203.0.113.9', natDstPort: 8443 }],
  },
  {
    name: '0.0.0.0 is no translation',
    source: 'FortiOS NetFlow templates: 225, 226',
    datagrams: [`${V9} 0000 0014 0100 0003 0008 0004 00e1 0004 00e3 0002 0100 000e 0a000005 00000000 1234`],
    rows: [{ src: '10.0.0.5', natSrcPort: 0 }],
    absent: ['natSrc'],
  },
  {
    name: 'NAT44 session created and deleted',
    source: 'RFC 8158 section 5.6.1, natEvent 4 and 5',
    datagrams: [
      ipfix(`0002 0028 0100 0008 0143 0008 00e6 0001 0004 0001 0008 0004 0007 0002 00e1 0004 00e3 0002 000c 0004
       0100 0038 0000018bcfe56800 04 06 0a000005 c738 c6336401 9c40 cb007109 0000018bcfe56900 05 06 0a000005 c738 c6336401 9c40 cb007109`),
    ],
    rows: [
      { natEvent: 4, natSrc: '198.51.100.1' },
      { natEvent: 5, natSrc: '198.51.100.1' },
    ],
    facts: [
      {
        fact: 'binding',
        relation: 'nat',
        state: 'begin',
        key: 'TCP:198.51.100.1:40000',
        value: '10.0.0.5:51000',
        observedAt: AT,
        extra: { natEvent: 4, 'nat.side': 'source' },
      },
      { fact: 'binding', relation: 'nat', state: 'end', key: 'TCP:198.51.100.1:40000', observedAt: AT + 256 },
    ],
  },
  {
    name: 'a NAT event that translates nothing is no binding',
    source: 'RFC 8158; natEvent 3 is "addresses exhausted"',
    datagrams: [
      `${V9} 0000 0014 0100 0003 00e6 0001 0008 0004 00e1 0004 0100 0016 04 0a000005 0a000005 03 0a000006 c6336401`,
    ],
    rows: [{ natEvent: 4 }, { natEvent: 3 }],
    facts: [],
  },
  {
    name: 'port block allocated',
    source: 'RFC 8158 section 5.6.8, natEvent 16; 361 first, 362 last port',
    datagrams: [
      `${V9} 0000 001c 0100 0005 00e6 0001 0008 0004 00e1 0004 0169 0002 016a 0002 0100 0011 10 0a000005 c6336401 0400 07ff`,
    ],
    rows: [{ natEvent: 16, extra: { portRangeStart: 1024, portRangeEnd: 2047 } }],
    facts: [{ relation: 'nat-block', state: 'begin', key: '198.51.100.1:1024-2047', value: '10.0.0.5' }],
  },
  {
    name: 'port block without an event, by size',
    source: 'Nokia 7750 SR sends no natEvent (nfdump issue 533); 363 step, 364 number of ports',
    datagrams: [
      `${V9} 0000 001c 0100 0005 0008 0004 00e1 0004 0169 0002 016b 0002 016c 0002 0100 0012 0a000005 c6336401 0400 0001 0040`,
    ],
    rows: [{ natSrc: '198.51.100.1' }],
    facts: [
      { relation: 'nat-block', state: 'seen', key: '198.51.100.1:1024-1087', value: '10.0.0.5', extra: { count: 64 } },
    ],
  },
  {
    name: 'distributed switch: dvPorts with their kinds, counters multiplied already',
    source: 'VMware "NSX IPFIX templates", enterprise 6876: 888, 889, 890; Broadcom KB 433680',
    datagrams: [
      ipfix(`0002 0034 0100 0008 0008 0004 0002 0008 000a 0004 000e 0004 8378 0002 00001adc 8379 0001 00001adc 837a 0002 00001adc 003d 0001
       0100 001e 0a000005 0000000000000401 00000065 00000039 0001 00 0002 00`),
    ],
    rows: [
      {
        src: '10.0.0.5',
        packets: 1025n,
        inIf: 101,
        outIf: 57,
        inIfKind: 2,
        outIfKind: 1,
        exportRole: 0,
        samplingRate: 0,
        samplingSource: 5,
      },
    ],
    facts: [],
  },
  {
    name: 'distributed switch that sends MAC addresses: which adapter is behind an access port',
    source: 'VMware: interface kind 2 is the access port of a VM',
    datagrams: [
      ipfix(
        `0002 0018 0100 0003 000a 0004 837a 0002 00001adc 0038 0006 0100 001c 00000065 0002 005056aabbcc 00000039 0001 005056aabbcd`,
      ),
    ],
    rows: [{ inIf: 101 }, { inIf: 57 }],
    facts: [{ relation: 'dvport-vnic', state: 'seen', key: '101', value: '00:50:56:aa:bb:cc' }],
  },
  {
    name: 'NSX firewall: the VM of the flow, once',
    source: 'VMware "NSX-T IPFIX on DFW": 951 vmUuid, 952 vnicIndex; NSX-T API: flow_direction 1 is from the VM',
    datagrams: [
      ipfix(`0002 0028 0100 0006 0008 0004 000c 0004 83b7 0010 00001adc 83b8 0004 00001adc 003d 0001 0001 0008
       0100 004e 0a000005 cb007109 500c6c1a0b4d4f2e9d3b6a1f2c3d4e5f 00000001 01 0000000000000400
                 0a000005 cb007109 500c6c1a0b4d4f2e9d3b6a1f2c3d4e5f 00000001 01 0000000000000400`),
    ],
    rows: [{ bytes: 1024n }, { bytes: 1024n }],
    absent: ['samplingSource'],
    facts: [
      { relation: 'ip-vm', key: '10.0.0.5', value: '500c6c1a-0b4d-4f2e-9d3b-6a1f2c3d4e5f', extra: { vnicIndex: 1 } },
    ],
  },
  {
    name: 'both directions in one record',
    source: 'RFC 5103: enterprise 29305',
    datagrams: [
      ipfix(`0002 0030 0100 0006 0001 0004 8001 0004 00007279 0002 0004 8002 0004 00007279 8006 0001 00007279 803a 0002 00007279
       0100 0017 00000400 00008000 00000003 00000010 1b 0064`),
    ],
    rows: [
      {
        bytes: 1024n,
        replyBytes: 32_768n,
        packets: 3n,
        replyPackets: 16n,
        replyTcpFlags: 0x1b,
        extra: { reverseVlanId: 100 },
      },
    ],
  },
  {
    name: 'sampler of IOS-XR: 310 over 309, not 305',
    source: 'RFC 5477; IOS-XR sends 302, 305 = 1, 304 = 3, 309 = 1, 310 = N (pmacct test 104)',
    datagrams: [
      ipfix(`0003 0022 0101 0006 0001 0095 0004 012e 0004 0130 0002 0131 0004 0135 0004 0136 0004
       0101 001a 00000000 00000001 0003 00000001 00000001 00000100`),
      ipfix('0002 0010 0100 0002 0001 0004 012e 0004 0100 000c 00000400 00000001'),
    ],
    rows: [{ bytes: 1024n, samplingRate: 256, samplingSource: 2, sampler: 1 }],
    facts: [{ fact: 'inventory', kind: 'sampler', id: '1' }],
  },
  {
    name: 'systematic sampling: (interval + space) / interval',
    source: 'RFC 5477 section 8.2.2 and 8.2.3',
    datagrams: [
      ipfix(`0003 0016 0101 0003 0001 012e 0004 0131 0004 0132 0004 0101 0010 00000002 00000002 000000c6`),
      ipfix('0002 0010 0100 0002 0001 0004 012e 0004 0100 0014 00000400 00000002 00000400 00000003'),
    ],
    rows: [
      { samplingRate: 100, samplingSource: 2 },
      { samplingRate: 0, samplingSource: 0 },
    ],
  },
  {
    name: 'v9 sampler table: 48 names, 50 the interval',
    source: 'Cisco "NetFlow Version 9 Flow-Record Format": 48 FLOW_SAMPLER_ID, 49 mode, 50 random interval',
    datagrams: [
      `${V9} 0001 001a 0101 0004 000c 0001 0004 0030 0001 0031 0001 0032 0004 0101 000e 00000000 05 02 000003e8`,
      `${V9} 0000 0010 0100 0002 0001 0004 0030 0001 0100 000e 00000400 05 00000400 00`,
    ],
    rows: [
      { samplingRate: 1000, samplingSource: 2 },
      { samplingRate: 0, samplingSource: 0, sampler: 0 },
    ],
  },
  {
    name: 'sampling told for an interface',
    source: 'RFC 3954 section 6.1: scope 2 is an interface; element 34',
    datagrams: [
      `${V9} 0001 0012 0101 0004 0004 0002 0004 0022 0004 0101 000c 00000007 000000c8`,
      `${V9} 0000 0010 0100 0002 0001 0004 000a 0004 0100 0014 00000400 00000007 00000400 00000008`,
    ],
    rows: [
      { samplingRate: 200, samplingSource: 2 },
      { samplingRate: 0, samplingSource: 0 },
    ],
  },
  {
    name: 'sampling told for the whole exporter, and in the record',
    source: 'RFC 7012 elements 34, 35',
    datagrams: [
      `${V9} 0001 0016 0101 0004 0008 0001 0004 0022 0004 0023 0001 0101 000d 00000000 00000064 01`,
      `${V9} 0000 000c 0100 0001 0001 0004 0100 0008 00000400`,
      `${V9} 0000 0010 0102 0002 0001 0004 0022 0004 0102 000c 00000400 0000000a`,
    ],
    rows: [
      { samplingRate: 100, samplingSource: 2 },
      { samplingRate: 10, samplingSource: 1 },
    ],
  },
  {
    name: 'names of interfaces, VRFs and applications; timeouts',
    source: 'Cisco option tables interface-table, vrf-table, application-table (RFC 6759)',
    datagrams: [
      `${V9} 0001 0016 0101 0004 0008 0001 0004 000a 0004 0052 0004 0101 0010 00000000 00000007 65746830`,
      `${V9} 0001 0016 0102 0004 0008 0001 0004 00ea 0004 00ec 0004 0102 0010 00000000 00000003 6d676d74`,
      `${V9} 0001 0016 0103 0004 0008 0001 0004 005f 0004 0060 0004 0103 0010 00000000 03000050 68747470`,
      `${V9} 0001 0016 0104 0004 0008 0001 0004 0024 0002 0025 0002 0104 000c 00000000 003c 000f`,
    ],
    rows: [],
    facts: [
      { kind: 'interface', id: '7', name: 'eth0' },
      { kind: 'vrf', id: '3', name: 'mgmt' },
      { kind: 'application', id: '50331728', name: 'http' },
      { kind: 'device', extra: { scopeSystem: 0, flowActiveTimeout: 60, flowIdleTimeout: 15 } },
    ],
  },
  {
    name: 'application ids of four bytes and of a vendor',
    source: 'RFC 6759 section 4: engine, selector; engine 20 has the enterprise number in between',
    datagrams: [
      `${V9} 0000 000c 0100 0001 005f 0004 0100 0008 030001bb`,
      `${V9} 0000 000c 0101 0001 005f 0009 0101 000d 14 00003044 000040f4`,
    ],
    rows: [{ application: 0x030001bb }, { application: 0x140040f4 }],
  },
  {
    name: 'App-ID and user of PAN-OS',
    source: 'Palo Alto "NetFlow Templates": 56701 App-ID, 56702 User-ID, plain v9 types',
    datagrams: [`${V9} 0000 0010 0100 0002 dd7d 0008 dd7e 0008 0100 0014 73736c0000000000 636f72705c616c00`],
    rows: [{ user: 'corp\\al', applicationName: 'ssl' }],
  },
  {
    name: 'initial data packet and packet lengths of Cisco ETA',
    source: 'Cisco "Encrypted Traffic Analytics": 44940 IDP, 44941 SPLT',
    datagrams: [`${V9} 0000 0014 0100 0003 0007 0002 af8c ffff af8d 0004 0100 000f 01bb 04 16030100 05dc0001`],
    rows: [{ srcPort: 443, extra: { initialDataPacket: '16030100', sequenceOfPacketLengthsAndTimes: '05dc0001' } }],
  },
  {
    name: 'sFlow: a sampled TCP packet; counter samples are passed over',
    source: 'sflow.org "sFlow Version 5": flow sample, raw packet header, counters sample',
    datagrams: [
      `00000005 00000001 0a0000fe 00000000 00000001 00002710 00000002
       00000002 00000010 00000001 00000007 00000000 00000000
       00000001 00000070 00000001 00000007 00000200 00001000 00000000 00000007 00000009 00000001
         00000001 00000048 00000001 0000005a 00000004 00000036
           005056aabbcd 005056aabbcc 0800 4500 0048 0000 4000 40 06 0000 0a000005 cb007109 c738 01bb 00000001 00000000 5018 0000 00000000 0000`,
    ],
    rows: [
      {
        src: '10.0.0.5',
        dst: '203.0.113.9',
        srcPort: 51_000,
        dstPort: 443,
        protocol: 6,
        tcpFlags: 0x18,
        bytes: 72n,
        packets: 1n,
        inIf: 7,
        outIf: 9,
        samplingRate: 512,
        samplingSource: 1,
        srcMac: 0x005056aabbcc,
        start: AT,
      },
    ],
    facts: [{ fact: 'inventory', kind: 'device', extra: { agentAddress: '10.0.0.254', subAgent: 0 } }],
  },
  {
    name: 'sFlow: expanded sample of a tagged IPv6 packet',
    source: 'sflow.org "sFlow Version 5": expanded flow sample',
    datagrams: [
      `00000005 00000001 c0000201 00000000 00000001 00002710 00000001
       00000003 0000008c 00000001 00000000 00000007 00000400 00001000 00000000 00000000 00000007 00000002 00000003 00000001
         00000001 00000058 00000001 0000006a 00000004 00000046
           005056aabbcd 005056aabbcc 8100 0064 86dd 60000000 0014 11 40
           20010db8000000000000000000000001 20010db8000000000000000000000002 d903 0035 000c 0000 00000000 0000`,
    ],
    rows: [
      {
        src: '2001:db8::1',
        dst: '2001:db8::2',
        srcPort: 55_555,
        dstPort: 53,
        protocol: 17,
        vlan: 100,
        bytes: 60n,
        inIf: 7,
        outIf: 0,
        samplingRate: 1024,
      },
    ],
    facts: [],
  },
];
