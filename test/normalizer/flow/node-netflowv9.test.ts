import { createRequire } from 'node:module';
import { makeDatagrams } from '../../../bench/flow/datagrams';
import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { Collected, datagram, feed } from './support';

interface NodeNetflowV9 {
  nfPktDecode(datagram: Buffer, rinfo: { address: string; port: number }): { flows: Record<string, unknown>[] };
  readonly server: { close(): void };
}

/** Column → name there. */
const SAME: Readonly<Record<string, string>> = {
  src: 'ipv4_src_addr',
  dst: 'ipv4_dst_addr',
  srcPort: 'l4_src_port',
  dstPort: 'l4_dst_port',
  protocol: 'protocol',
  bytes: 'in_bytes',
  packets: 'in_pkts',
  tcpFlags: 'tcp_flags',
  tos: 'src_tos',
  inIf: 'input_snmp',
  outIf: 'output_snmp',
  srcMask: 'src_mask',
  dstMask: 'dst_mask',
};

describe('plain v9 against node-netflowv9, as far as it goes', () => {
  it('reads the same flows', () => {
    const Competitor = createRequire(__filename)('node-netflowv9') as new (options: object) => NodeNetflowV9;
    const competitor = new Competitor({ cb: () => undefined });
    competitor.server.close();
    const datagrams = makeDatagrams(20);
    const theirs = datagrams.flatMap(
      (bytes) => competitor.nfPktDecode(bytes, { address: '192.0.2.1', port: 2055 }).flows,
    );
    const ours = feed(
      new FlowNormalizer(),
      datagrams.map((bytes) => datagram(bytes)),
      new Collected(2000),
    ).rows();
    expect(ours).toHaveLength(20 * 24);
    const pick = (row: Readonly<Record<string, unknown>>, theirNames: boolean) =>
      Object.entries(SAME).map(([column, name]) => [column, String(row[theirNames ? name : column])]);
    expect(ours.map((row) => pick(row, false))).toEqual(theirs.map((row) => pick(row, true)));
  });
});
