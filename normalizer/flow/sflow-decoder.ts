import type { FactSink } from '../contract';
import { SAMPLING_SOURCES, type FlowColumnName } from '../model/flow-columns.data';
import { ipv4, ipv6, mac } from './field-readers';
import { factBase, type FactOrigin, rejected } from './flow-facts';
import { emptyPacketHeader, readPacketHeader } from './packet-header';
import type { Datagram } from './set-decoder';
import { type FlowSample, readSamples, type SflowHeader } from './sflow';
import { type Slots, sharedSlots } from './slots';
import { addressText } from '../model/address';

/** Columns of a sampled packet. */
const COLUMNS: readonly FlowColumnName[] = [
  'start',
  'end',
  'timeSource',
  'src',
  'dst',
  'srcPort',
  'dstPort',
  'protocol',
  'bytes',
  'packets',
  'tcpFlags',
  'tos',
  'icmp',
  'inIf',
  'outIf',
  'vlan',
  'srcMac',
  'dstMac',
  'samplingRate',
  'samplingSource',
  'nextHop',
  'minTtl',
  'postVlan',
];
const FROM_RECORD = SAMPLING_SOURCES.indexOf('record');
const CLOCK = { exportedAt: 0, uptime: Number.NaN };

/** sFlow samples as flows of one packet, marked with their sampling rate. */
export class SflowDecoder {
  /** Counter samples passed over: interface statistics are no flows. */
  counterSamples = 0;
  readonly #sample: FlowSample = {
    rate: 0,
    inIf: 0,
    outIf: 0,
    headerProtocol: 0,
    frameLength: 0,
    headerFrom: -1,
    headerTo: -1,
    vlan: -1,
    postVlan: -1,
    nextHopAt: -1,
    nextHopLength: 0,
  };
  readonly #packet = emptyPacketHeader();

  decode(datagram: Datagram): number {
    const { view, record, stream, sink } = datagram;
    const header = datagram.header as SflowHeader;
    const origin: FactOrigin = {
      record,
      device: stream.device,
      version: header.version,
      exportedAt: header.exportedAt,
    };
    this.#stateAgent(datagram, header, origin, sink);
    let flows = 0;
    const { counterSamples, problem } = readSamples(view, header, this.#sample, () => flows++);
    this.counterSamples += counterSamples;
    if (flows > 0) this.#readFlows(datagram, header, flows);
    if (problem !== undefined) sink.fact(rejected(origin, problem.reason, problem.offset));
    return flows;
  }

  /** The second pass: now that their number is known, they are one run. */
  #readFlows({ view, record, stream, sink }: Datagram, header: SflowHeader, count: number): void {
    const run = sink.flows.openRun(count, stream.id, COLUMNS);
    run.rawSeq = record.seq;
    run.firstOrdinal = 0;
    run.receivedAt = record.receivedAt;
    run.exportedAt = header.exportedAt;
    run.templateId = 0;
    const slots = sharedSlots(sink.flows);
    let row = run.from;
    readSamples(view, header, this.#sample, () => {
      readPacketHeader(view, this.#sample.headerFrom, this.#sample.headerTo, this.#sample.headerProtocol, this.#packet);
      this.#writeAddresses(slots, view, row);
      this.#writeNumbers(slots, row, header.exportedAt);
      row++;
    });
  }

  /** The agent names itself by an address that need not be the one it sends from. */
  #stateAgent({ view, record, stream }: Datagram, header: SflowHeader, origin: FactOrigin, sink: FactSink): void {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + header.agentAt, header.agentLength);
    const agent = addressText(bytes);
    if (agent === stream.id.exporter || !stream.options.states('sflow agent', agent, record.receivedAt)) return;
    const extra = { agentAddress: agent, subAgent: header.domain };
    sink.fact({ ...factBase(origin), fact: 'inventory', kind: 'device', id: `sflow agent ${agent}`, extra });
  }

  #writeAddresses(slots: Slots, view: DataView, row: number): void {
    const { srcAt, dstAt, addressLength, srcMacAt, dstMacAt } = this.#packet;
    const { nextHopAt, nextHopLength } = this.#sample;
    const put = addressLength === 16 ? ipv6 : ipv4;
    put(view, srcAt, addressLength, 0, slots.src, row, row + 1, CLOCK);
    put(view, dstAt, addressLength, 0, slots.dst, row, row + 1, CLOCK);
    const length = nextHopAt < 0 ? 0 : nextHopLength;
    (length === 16 ? ipv6 : ipv4)(view, nextHopAt, length, 0, slots.nextHop, row, row + 1, CLOCK);
    mac(view, srcMacAt, srcMacAt < 0 ? 0 : 6, 0, slots.srcMac, row, row + 1, CLOCK);
    mac(view, dstMacAt, dstMacAt < 0 ? 0 : 6, 0, slots.dstMac, row, row + 1, CLOCK);
  }

  #writeNumbers(slots: Slots, row: number, exportedAt: number): void {
    const packet = this.#packet;
    const sample = this.#sample;
    slots.start.f64[row] = exportedAt;
    slots.end.f64[row] = exportedAt;
    slots.timeSource.u8[row] = 0;
    slots.srcPort.u16[row] = packet.srcPort;
    slots.dstPort.u16[row] = packet.dstPort;
    slots.protocol.u8[row] = packet.protocol;
    // The length of the IP packet, as NetFlow counts; of the frame where it is not told.
    writeCounter(slots.bytes.u32, row, packet.ipLength > 0 ? packet.ipLength : sample.frameLength);
    writeCounter(slots.packets.u32, row, 1);
    slots.tcpFlags.u16[row] = packet.tcpFlags;
    slots.tos.u8[row] = packet.tos;
    slots.icmp.u16[row] = packet.icmp;
    slots.minTtl.u8[row] = packet.ttl;
    slots.inIf.u32[row] = sample.inIf;
    slots.outIf.u32[row] = sample.outIf;
    slots.vlan.u16[row] = sample.vlan >= 0 ? sample.vlan : packet.vlan;
    slots.postVlan.u16[row] = Math.max(0, sample.postVlan);
    slots.samplingRate.u32[row] = sample.rate;
    slots.samplingSource.u8[row] = FROM_RECORD;
  }
}

const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;

function writeCounter(words: Uint32Array, row: number, value: number): void {
  words[row * 2 + LOW] = value;
  words[row * 2 + 1 - LOW] = 0;
}
