import type { FlowHeader } from './flow-header';
import type { Problem } from './set-list';

/*
 * sFlow version 5 (sflow.org "sFlow Version 5"). Header: version 5 (4), agent address type (4: 1 IPv4, 2 IPv6) and address,
 * sub-agent id (4), sequence (4), uptime ms (4), count of samples (4). Sample: enterprise * 4096 + format (4), length (4).
 * Format 1 is a flow sample, 3 an expanded one (interfaces as format and value apart), 2 and 4 are counter samples. Flow
 * record format 1 is a sampled packet header, 1001 the VLANs, 1002 the next hop, 1007 the translated addresses.
 * All of it is XDR: everything begins at a multiple of four.
 */

/** A version that NetFlow has not: what `FlowStream.version` says of sFlow 5. */
export const SFLOW_VERSION = 105;

/** An sFlow header, with where its agent address stands. */
export interface SflowHeader extends FlowHeader {
  readonly agentAt: number;
  readonly agentLength: 4 | 16;
}

/** The datagram has no clock of its own: its export time is the receive time. */
export function readSflowHeader(view: DataView, receivedAt: number): SflowHeader | Problem {
  if (view.byteLength < 8) return { reason: 'flow_short_header', offset: view.byteLength };
  const version = view.getUint32(0);
  if (version === 2 || version === 4) return { reason: 'flow_unsupported_version', offset: 0 };
  if (version !== 5) return { reason: 'flow_not_flow_export', offset: 0 };
  const type = view.getUint32(4);
  if (type !== 1 && type !== 2) return { reason: 'flow_not_flow_export', offset: 4 };
  const agentLength = type === 1 ? 4 : 16;
  const at = 8 + agentLength;
  if (view.byteLength < at + 16) return { reason: 'flow_short_header', offset: view.byteLength };
  return {
    version: SFLOW_VERSION,
    domain: view.getUint32(at),
    sequence: view.getUint32(at + 4),
    uptime: view.getUint32(at + 8),
    count: view.getUint32(at + 12),
    exportedAt: receivedAt,
    from: at + 16,
    to: view.byteLength,
    samplingRate: 0,
    agentAt: 8,
    agentLength,
  };
}

/** What was found of one flow sample. Reused from sample to sample. */
export interface FlowSample {
  rate: number;
  inIf: number;
  outIf: number;
  /** The sampled header: its protocol (1 Ethernet, 11 IPv4, 12 IPv6), the packet's whole length, and where its bytes are. */
  headerProtocol: number;
  frameLength: number;
  headerFrom: number;
  headerTo: number;
  /** -1: not told. */
  vlan: number;
  postVlan: number;
  nextHopAt: number;
  nextHopLength: number;
}

/** Highest bits of an sFlow interface: 0 single, 1 discarded (no output), 2 multiple outputs. */
const INTERFACE_BITS = 0x3fff_ffff;
/** No interface: the packet came from the device itself, or was for it (sFlow version 5, "interface"). */
const NO_INTERFACES: ReadonlySet<number> = new Set([INTERFACE_BITS, 0xffff_ffff]);

/**
 * Goes over the samples; `visit` is called for each flow sample with a packet header. Returns how many counter samples were
 * passed over, and what stopped the reading if something did.
 */
export function readSamples(
  view: DataView,
  header: FlowHeader,
  sample: FlowSample,
  visit: () => void,
): { counterSamples: number; problem: Problem | undefined } {
  let at = header.from;
  let counterSamples = 0;
  for (let i = 0; i < header.count; i++) {
    if (at + 8 > header.to) return { counterSamples, problem: { reason: 'flow_truncated_sample', offset: at } };
    const format = view.getUint32(at);
    const length = view.getUint32(at + 4);
    const from = at + 8;
    const to = from + length;
    if (to > header.to) return { counterSamples, problem: { reason: 'flow_truncated_sample', offset: at } };
    if (format === 2 || format === 4) counterSamples++;
    if (format === 1 || format === 3) {
      if (!readFlowSample(view, from, to, format === 3, sample)) {
        return { counterSamples, problem: { reason: 'flow_bad_sample', offset: at } };
      }
      if (sample.headerFrom >= 0) visit();
    }
    at = to;
  }
  return { counterSamples, problem: undefined };
}

function readFlowSample(view: DataView, from: number, to: number, expanded: boolean, sample: FlowSample): boolean {
  // Sequence, source id, then rate, pool and drops, then the interfaces; the expanded form has two words for each id.
  const rateAt = from + (expanded ? 12 : 8);
  const inAt = rateAt + 12;
  const outAt = inAt + (expanded ? 8 : 4);
  const countAt = outAt + (expanded ? 8 : 4);
  if (countAt + 4 > to) return false;
  sample.rate = view.getUint32(rateAt);
  sample.inIf = expanded ? view.getUint32(inAt + 4) : view.getUint32(inAt) & INTERFACE_BITS;
  sample.outIf = expanded ? view.getUint32(outAt + 4) : view.getUint32(outAt);
  const several = expanded ? view.getUint32(outAt) !== 0 : sample.outIf > INTERFACE_BITS;
  if (several || NO_INTERFACES.has(sample.outIf)) sample.outIf = 0;
  if (NO_INTERFACES.has(sample.inIf)) sample.inIf = 0;
  sample.headerFrom = -1;
  sample.vlan = -1;
  sample.postVlan = -1;
  sample.nextHopAt = -1;
  let at = countAt + 4;
  for (let i = view.getUint32(countAt); i > 0; i--) {
    if (at + 8 > to) return false;
    const format = view.getUint32(at);
    const end = at + 8 + view.getUint32(at + 4);
    if (end > to) return false;
    readFlowRecord(view, format, at + 8, end, sample);
    at = end;
  }
  return true;
}

function readFlowRecord(view: DataView, format: number, at: number, to: number, sample: FlowSample): void {
  if (format === 1 && to - at >= 16) {
    sample.headerProtocol = view.getUint32(at);
    sample.frameLength = view.getUint32(at + 4);
    sample.headerFrom = at + 16;
    sample.headerTo = Math.min(at + 16 + view.getUint32(at + 12), to);
  } else if (format === 1001 && to - at >= 16) {
    sample.vlan = view.getUint32(at);
    sample.postVlan = view.getUint32(at + 8);
  } else if (format === 1002 && to - at >= 8) {
    const length = view.getUint32(at) === 2 ? 16 : 4;
    if (at + 4 + length > to) return;
    sample.nextHopAt = at + 4;
    sample.nextHopLength = length;
  }
}
