import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { datagram, feed, type Row } from '../../normalizer/flow/support';
import { readImport, skips, type Read } from './read-import';

const CONN = `#separator \\x09
#set_separator	,
#empty_field	(empty)
#unset_field	-
#path	conn
#fields	ts	uid	id.orig_h	id.orig_p	id.resp_h	id.resp_p	proto	service	duration	orig_bytes	resp_bytes	conn_state	history	orig_pkts	orig_ip_bytes	resp_pkts	resp_ip_bytes	tunnel_parents   label
#types	time	string	addr	port	addr	port	enum	string	interval	count	count	string	string	count	count	count	count	set[string]   string
`;
const AT = 1_700_000_000_000;

/** The flow rows that an import comes to. */
function rowsOf({ records }: Read): Row[] {
  const sink = feed(
    new FlowNormalizer(),
    records.map(({ bytes, receivedAt }) => datagram(bytes, '', receivedAt)),
  );
  expect(sink.reasons).toEqual([]);
  return sink.rows();
}

const read = async (text: string) => readImport(Buffer.from(text));

describe("Zeek's conn.log", () => {
  const LINE = `1700000000.123456	C1	10.0.0.5	50000	203.0.113.9	443	tcp	ssl	1.5	500	2000	SF	ShADadFf	9	1000	7	2400	-   Malicious`;

  test('text: both directions, with the flags of its history', async () => {
    const found = await read(`${CONN}${LINE}\n#close	2023-11-14-22-13-20\n`);
    expect(found.summary.kind).toBe('session_list');
    expect(skips(found)).toEqual({});
    expect(rowsOf(found)).toMatchObject([
      {
        start: AT + 123,
        end: AT + 1623,
        protocol: 6,
        src: '10.0.0.5',
        srcPort: 50_000,
        dst: '203.0.113.9',
        dstPort: 443,
        bytes: 1000n,
        packets: 9n,
        replyBytes: 2400n,
        replyPackets: 7n,
        tcpFlags: 0x1b,
        replyTcpFlags: 0x1b,
      },
    ]);
  });

  test('what it does not tell is not told', async () => {
    const found = await read(`${CONN}1700000000	C1	2001:db8::5	50000	2001:db8::9	53	udp	-	-	-	-	S0	D	1	-	0	-	-\n`);
    const [row] = rowsOf(found);
    expect(row).toMatchObject({ src: '2001:db8::5', dst: '2001:db8::9', packets: 1n, start: AT, end: AT });
    expect(row?.['tcpFlags'] ?? 0).toBe(0);
  });

  test('JSON, also with ISO times', async () => {
    const session = { 'id.orig_h': '10.0.0.5', 'id.orig_p': 1, 'id.resp_h': '10.0.0.6', 'id.resp_p': 2, proto: 'udp' };
    const more = { conn_state: 'SF', orig_pkts: 1, orig_ip_bytes: 76, resp_pkts: 1, resp_ip_bytes: 80 };
    const lines = ['2023-11-14T22:13:20.5Z', 1_700_000_001.25].map((ts) => JSON.stringify({ ts, ...session, ...more }));
    const found = await read(`${lines.join('\n')}\nnot json\n`);
    expect(rowsOf(found)).toMatchObject([{ start: AT + 500, bytes: 76n, replyBytes: 80n }, { start: AT + 1250 }]);
    expect(skips(found)).toEqual({ no_session: 1 });
  });
});

describe('Argus as CSV (binetflow)', () => {
  const HEAD = 'StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes,SrcBytes,Label\n';

  test.each([
    ['   ->', '147.32.84.165', 1025, 500n],
    ['  <->', '147.32.84.165', 1025, 500n],
    ['   <-', '203.0.113.9', 443, 1500n],
    ['  <?', '203.0.113.9', 443, 1500n],
  ])('direction %s', async (direction, src, srcPort, bytes) => {
    const line = `2023/11/14 22:13:20.607825,0.5,tcp,147.32.84.165,1025,${direction},203.0.113.9,443,SPA_SA,0,0,9,2000,500,flow=From-Botnet`;
    const [row] = rowsOf(await read(`${HEAD}${line}\n`));
    expect(row).toMatchObject({ start: AT + 607, end: AT + 1107, src, srcPort, bytes });
    // Packets are told for both directions together: of neither.
    expect(row?.['packets'] ?? 0n).toBe(0n);
  });

  test('ports in hexadecimal, and ICMP, which has none', async () => {
    const lines = [
      '2023/11/14 22:13:20,0,udp,10.0.0.1,0x0035,->,10.0.0.2,,CON,0,0,2,200,100,',
      '2023/11/14 22:13:20,0,icmp,10.0.0.1,0x0008,->,10.0.0.2,0x4d3c,ECO,0,,1,98,98,',
      '2023/11/14 22:13:20,0,arp,10.0.0.1,,who,10.0.0.2,,CON,,,2,106,64,',
    ];
    const found = await read(`${HEAD}${lines.join('\n')}\n`);
    expect(rowsOf(found)).toMatchObject([
      { protocol: 17, srcPort: 53, dstPort: 0 },
      { protocol: 1, srcPort: 0, dstPort: 0 },
    ]);
    expect(skips(found)).toEqual({ no_session: 1 });
  });
});

describe('nfdump as CSV', () => {
  test('one direction a line, and both', async () => {
    const head = 'ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,in,out';
    const found = await read(`${head}
2023-11-14 22:13:20,2023-11-14 22:13:21,1.040,10.0.0.5,203.0.113.9,20001,443,TCP,...AP.SF,0,0,5,800,0,0,0,0
2023-11-14 22:13:20,2023-11-14 22:13:21,1.040,10.0.0.6,203.0.113.9,20001,443,TCP,...AP.SF,0,0,5,800,4,2960,0,0
Summary
flows,bytes,packets,avg_bps,avg_pps,avg_bpp
2,1600,10,0,0,0
`);
    const rows = rowsOf(found);
    expect(rows).toMatchObject([
      { src: '10.0.0.5', bytes: 800n, packets: 5n, tcpFlags: 0x1b, end: AT + 1000 },
      { src: '10.0.0.6', bytes: 800n, replyBytes: 2960n, replyPackets: 4n },
    ]);
    expect(skips(found)).toEqual({ no_session: 3 });
  });

  test('the columns of later versions', async () => {
    const found = await read(`firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,bps,bpp,flows
2023-11-14 22:13:20.250,1.5,UDP,10.0.0.5,5000,192.0.2.1,53,1,70,0,0,1
`);
    expect(rowsOf(found)).toMatchObject([{ start: AT + 250, end: AT + 1750, protocol: 17, bytes: 70n, dstPort: 53 }]);
  });
});

test('many sessions: messages of fifty, received when the latest of them was over', async () => {
  const line = (i: number): string =>
    `${1_700_000_000 + i}	C	10.0.0.5	${1024 + i}	203.0.113.9	443	tcp	-	2	1	1	SF	-	1	${100 + i}	1	100	-`;
  const found = await read(`${CONN}${Array.from({ length: 120 }, (_, i) => line(i)).join('\n')}\n`);
  expect(found.records).toHaveLength(3);
  expect(found.records.map(({ receivedAt }) => receivedAt)).toEqual([AT + 51_000, AT + 101_000, AT + 121_000]);
  const rows = rowsOf(found);
  expect(rows.map(({ bytes }) => bytes)).toEqual(Array.from({ length: 120 }, (_, i) => BigInt(100 + i)));
});

test('addresses that are none are passed over', async () => {
  const found = await read(`${CONN}1700000000	C	fe80::1%eth0.	1	10.0.0.1	2	tcp	-	1	1	1	SF	-	1	1	1	1	-\n`);
  expect(found.records).toEqual([]);
  expect(skips(found)).toEqual({ no_session: 1 });
});
