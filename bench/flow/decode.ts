import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import type { StoredRecord } from '../../collectors/contract';
import { FlowBatch } from '../../normalizer/model/flow-batch';
import { FlowNormalizer } from '../../normalizer/flow/flow-normalizer';

/** What decoding costs. */
export interface DecodeFigures {
  readonly flows: number;
  readonly flowsInPass: number;
  readonly cpuSeconds: number;
  readonly flowsPerCpuSecond: number;
  readonly wallSeconds: number;
}

/**
 * Decodes datagrams (template first) over and over for at least `seconds` of CPU time. `renew` changes them between passes
 * and is not counted: where records are remembered, coming again is not what records do.
 */
export function measureDecode(
  datagrams: readonly Buffer[],
  seconds: number,
  renew: () => void = () => undefined,
): DecodeFigures {
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
  return measure(seconds, pass, renew);
}

interface NodeNetflowV9 {
  nfPktDecode(datagram: Buffer, rinfo: { address: string; port: number }): { flows: unknown[] } | undefined;
  readonly server: { close(): void };
}

/** The same with node-netflowv9's decode function alone; its socket is never bound. */
export function measureNodeNetflowV9(datagrams: readonly Buffer[], seconds: number): DecodeFigures {
  const Competitor = createRequire(__filename)('node-netflowv9') as new (options: object) => NodeNetflowV9;
  const competitor = new Competitor({ cb: () => undefined });
  competitor.server.close();
  const rinfo = { address: '192.0.2.1', port: 2055 };
  return measure(seconds, () => {
    let count = 0;
    for (const datagram of datagrams) count += competitor.nfPktDecode(datagram, rinfo)?.flows.length ?? 0;
    return count;
  });
}

function measure(seconds: number, pass: () => number, renew: () => void = () => undefined): DecodeFigures {
  const flowsInPass = pass();
  const begun = performance.now();
  let flows = 0;
  let cpuSeconds = 0;
  do {
    renew();
    const before = process.cpuUsage();
    flows += pass();
    const { user, system } = process.cpuUsage(before);
    cpuSeconds += (user + system) / 1e6;
  } while (cpuSeconds < seconds);
  const wallSeconds = (performance.now() - begun) / 1000;
  return { flows, flowsInPass, cpuSeconds, flowsPerCpuSecond: flows / cpuSeconds, wallSeconds };
}

function storedRecord(bytes: Buffer, seq: number): StoredRecord {
  return {
    seq,
    receivedAt: 1_700_000_000_000,
    origin: { collector: 'netflow', source: 'udp://0.0.0.0:2055', peer: '192.0.2.1:2055', format: 'flow' },
    bytes,
  };
}
