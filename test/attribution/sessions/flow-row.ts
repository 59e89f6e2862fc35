import { addressBytes } from '../../../normalizer/model/address';
import type { FlowRow } from '../../../store/facts/facts-reader';

/** Epoch ms at which test flows begin; the exporter has been heard since an hour before. */
export const T0 = 1_764_000_000_000;

export const hex = (text: string): string => Buffer.from(addressBytes(text)!).toString('hex').toUpperCase();

let nextId = 1;

/** A flow row: TCP 10.0.0.5:50000 → 198.51.100.7:443 of 10 s from one v9 exporter, but for what `values` says. Addresses as text. */
export function flowRow(values: Partial<FlowRow> = {}): FlowRow {
  const id = values.id ?? nextId++;
  const end = values.end ?? (values.start ?? T0) + 10_000;
  const row: FlowRow = {
    id,
    rawSeq: id,
    ordinal: 0,
    receivedAt: Math.max(T0, end) + 1000,
    exporter: '192.0.2.1',
    domain: 0,
    version: 9,
    start: T0,
    end,
    src: '10.0.0.5',
    dst: '198.51.100.7',
    srcPort: 50_000,
    dstPort: 443,
    protocol: 6,
    bytes: 1000,
    packets: 10,
    replyBytes: null,
    replyPackets: null,
    tcpFlags: null,
    replyTcpFlags: null,
    icmp: null,
    inIf: 1,
    outIf: 2,
    flowDirection: null,
    biflowDirection: null,
    endReason: null,
    natSrc: null,
    natDst: null,
    natSrcPort: null,
    natDstPort: null,
    firewallEvent: null,
    natEvent: null,
    connectionId: null,
    vrf: null,
    samplingRate: null,
    samplingSource: null,
    user: null,
    application: null,
    payload: null,
    summable: 0,
    ...values,
  };
  const address = (text: string | null): string | null => (text === null ? null : hex(text));
  return {
    ...row,
    src: address(row.src),
    dst: address(row.dst),
    natSrc: address(row.natSrc),
    natDst: address(row.natDst),
  };
}

/** The other direction of `flowRow`. */
export function replyRow(values: Partial<FlowRow> = {}): FlowRow {
  const ends = { src: '198.51.100.7', dst: '10.0.0.5', srcPort: 443, dstPort: 50_000, inIf: 2, outIf: 1 };
  return flowRow({ ...ends, ...values });
}
