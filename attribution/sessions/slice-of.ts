import type { ObserverEnd } from '../../store/analysis/session-record';
import type { FlowRow } from '../../store/facts/facts-reader';
import { toCount } from './count';
import { FIN, RST } from './session-match';
import type { SessionRules } from './session-rules';
import type { Slice } from './session-state';

/** TCP, UDP, DCCP, SCTP, UDP-Lite: the protocols whose ports tell sessions apart. */
const WITH_PORTS = new Set([6, 17, 33, 132, 136]);

/** `SAMPLING_SOURCES` index of counters that the exporter has multiplied already. */
const PRESCALED = 5;

/** IE 233 firewallEvent. */
const FIREWALL_DELETED = 2;
const FIREWALL_DENIED = 3;

/** IE 230 natEvent (RFC 8158 table 2): NAT44, NAT64 session delete. The codes 1 and 2 are the vendors' own. */
const NAT_DELETES = new Set([5, 7]);

/** IE 136 flowEndReason: end of flow detected. */
const END_OF_FLOW = 3;

/** IE 239 biflowDirection. */
const INITIATOR_IS_SOURCE = 1;
const INITIATOR_IS_DESTINATION = 2;

/** A flow row as a slice of a session; undefined when it does not name both ends and the protocol. */
export function sliceOf(row: FlowRow, rules: SessionRules): Slice | undefined {
  const { src, dst, protocol } = row;
  if (src === null || dst === null || protocol === null) return undefined;
  const ports = WITH_PORTS.has(protocol);
  const srcPort = ports ? row.srcPort : null;
  const dstPort = ports ? row.dstPort : null;
  const fromA = isFirst(src, srcPort, dst, dstPort);
  const [a, aPort, b, bPort] = fromA ? [src, srcPort, dst, dstPort] : [dst, dstPort, src, srcPort];
  const scope = rules.scopeOf(row.exporter, row.vrf);
  const start = row.start ?? row.end ?? row.receivedAt;
  return {
    flow: row.id,
    rawSeq: row.rawSeq,
    ordinal: row.ordinal,
    receivedAt: row.receivedAt,
    key: sessionKey(scope, protocol, a, aPort, b, bPort),
    scope,
    protocol,
    a,
    b,
    aPort,
    bPort,
    fromA,
    exporter: row.exporter,
    domain: row.domain,
    flowDirection: row.flowDirection,
    inIf: row.inIf,
    outIf: row.outIf,
    // Elsewhere IE 148 is an id of the record, and the two directions of one connection have different ones.
    connectionId: isConnectionEvent(row) ? row.connectionId : null,
    start,
    end: Math.max(start, row.end ?? start),
    bytes: toCount(row.bytes),
    packets: toCount(row.packets),
    replyBytes: toCount(row.replyBytes),
    replyPackets: toCount(row.replyPackets),
    tcpFlags: protocol === 6 ? row.tcpFlags : null,
    replyTcpFlags: protocol === 6 ? row.replyTcpFlags : null,
    ended: endOf(row),
    totals: isConnectionEvent(row) && row.firewallEvent === FIREWALL_DELETED && row.summable === 0,
    summable: row.summable === 1,
    stated: statedBy(row, fromA),
    rate: row.samplingSource === PRESCALED ? 1 : Math.max(1, row.samplingRate ?? 1),
    prescaled: row.samplingSource === PRESCALED,
    ...translation(row, fromA),
    user: row.user,
    application: row.application,
    payload: row.payload,
  };
}

/** One text for both directions. */
export function sessionKey(
  scope: string,
  protocol: number,
  a: string,
  aPort: number | null,
  b: string,
  bPort: number | null,
): string {
  return `${a} ${aPort ?? ''} ${b} ${bPort ?? ''} ${protocol} ${scope}`;
}

function isFirst(src: string, srcPort: number | null, dst: string, dstPort: number | null): boolean {
  if (src.length !== dst.length) return src.length < dst.length;
  if (src !== dst) return src < dst;
  return (srcPort ?? 0) <= (dstPort ?? 0);
}

function endOf(row: FlowRow): ObserverEnd {
  if (row.firewallEvent === FIREWALL_DENIED) return 'denied';
  if (row.firewallEvent === FIREWALL_DELETED) return 'teardown';
  if (row.natEvent !== null && NAT_DELETES.has(row.natEvent)) return 'teardown';
  const flags = row.protocol === 6 ? (row.tcpFlags ?? 0) : 0;
  if (flags & RST) return 'rst';
  if (flags & FIN) return 'fin';
  return row.endReason === END_OF_FLOW ? 'end_reason' : 'none';
}

/** NSEL writes the initiator as source (Cisco ASA NSEL guide); biflow says who it is (RFC 5103 section 6.3). */
function statedBy(row: FlowRow, fromA: boolean): 'a' | 'b' | null {
  if (row.biflowDirection === INITIATOR_IS_SOURCE) return fromA ? 'a' : 'b';
  if (row.biflowDirection === INITIATOR_IS_DESTINATION) return fromA ? 'b' : 'a';
  if (isConnectionEvent(row)) return fromA ? 'a' : 'b';
  return null;
}

/** A firewall event about a whole connection has an id. Others export the event with each direction's own record. */
function isConnectionEvent({ firewallEvent, connectionId }: FlowRow): boolean {
  return firewallEvent !== null && firewallEvent !== 0 && connectionId !== null && connectionId !== '0';
}

function translation(
  row: FlowRow,
  fromA: boolean,
): { natA: string | null; natAPort: number | null; natB: string | null; natBPort: number | null } {
  const { natSrc, natSrcPort, natDst, natDstPort } = row;
  return fromA
    ? { natA: natSrc, natAPort: natSrcPort, natB: natDst, natBPort: natDstPort }
    : { natA: natDst, natAPort: natDstPort, natB: natSrc, natBPort: natSrcPort };
}
