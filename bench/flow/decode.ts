import { createRequire } from 'node:module';
import type { StoredRecord } from '../../collectors/contract';
import { FlowBatch } from '../../normalizer/model/flow-batch';
import { FlowNormalizer } from '../../normalizer/flow/flow-normalizer';

/** Something that decodes the same datagrams in every pass. */
export interface Decoding {
  /** Decodes them once; returns how many flows they hold. */
  pass(): number;
  /** Changes them for the next pass, which is not counted. */
  renew(): void;
}

/** What decoding costs. */
export interface DecodeFigures {
  readonly flowsInPass: number;
  /** CPU time of one flow: the median of the rounds, and the least and the most. */
  readonly nanos: number;
  readonly least: number;
  readonly most: number;
}

/** Warm code, and memory that was touched before: a second of CPU time. */
const WARM_UP_SECONDS = 1;

/**
 * Measures decodings in turn, `rounds` times for `seconds` of CPU time each: what else the machine does then meets all of them.
 */
export function measureInTurn(decodings: readonly Decoding[], rounds: number, seconds: number): DecodeFigures[] {
  for (const decoding of decodings) nanosOf(decoding, WARM_UP_SECONDS);
  const nanos = decodings.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, decoding] of decodings.entries()) nanos[i]!.push(nanosOf(decoding, seconds));
  }
  return decodings.map((decoding, i) => {
    const sorted = nanos[i]!.sort((a, b) => a - b);
    const flowsInPass = decoding.pass();
    return { flowsInPass, nanos: sorted[rounds >> 1]!, least: sorted[0]!, most: sorted.at(-1)! };
  });
}

/** Decodes datagrams, template first. `renew` is for records that are remembered: coming again is not what they do. */
export function ascribeDecoding(datagrams: readonly Buffer[], renew: () => void = () => undefined): Decoding {
  const normalizer = new FlowNormalizer();
  const flows = new FlowBatch(1 << 16);
  const sink = { flows, fact: (): void => undefined };
  const records = datagrams.map((bytes, i) => storedRecord(bytes, i + 1));
  const pass = (): number => {
    let count = 0;
    for (const record of records) {
      if (flows.length + record.bytes.length > flows.capacity) {
        count += flows.length;
        flows.clear();
      }
      normalizer.normalize(record, sink);
    }
    count += flows.length;
    flows.clear();
    return count;
  };
  return { pass, renew };
}

interface NodeNetflowV9 {
  nfPktDecode(datagram: Buffer, rinfo: { address: string; port: number }): { flows: unknown[] } | undefined;
  readonly server: { close(): void };
}

/** node-netflowv9's decode function alone; its socket is never bound. */
export function nodeNetflowV9Decoding(datagrams: readonly Buffer[]): Decoding {
  const Competitor = createRequire(__filename)('node-netflowv9') as new (options: object) => NodeNetflowV9;
  const competitor = new Competitor({ cb: () => undefined });
  competitor.server.close();
  const rinfo = { address: '192.0.2.1', port: 2055 };
  const pass = (): number => {
    let count = 0;
    for (const datagram of datagrams) count += competitor.nfPktDecode(datagram, rinfo)?.flows.length ?? 0;
    return count;
  };
  return { pass, renew: () => undefined };
}

/** Nanoseconds of CPU time a flow, over at least `seconds` of it. */
function nanosOf(decoding: Decoding, seconds: number): number {
  let flows = 0;
  let micros = 0;
  do {
    decoding.renew();
    const before = process.cpuUsage();
    flows += decoding.pass();
    const { user, system } = process.cpuUsage(before);
    micros += user + system;
  } while (micros < seconds * 1e6);
  return (micros * 1000) / flows;
}

function storedRecord(bytes: Buffer, seq: number): StoredRecord {
  return {
    seq,
    receivedAt: 1_700_000_000_000,
    origin: { collector: 'netflow', source: 'udp://0.0.0.0:2055', peer: '192.0.2.1:2055', format: 'flow' },
    bytes,
  };
}
