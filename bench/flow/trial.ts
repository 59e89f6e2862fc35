import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSecondsOf } from '../syslog/process-tree';
import { RECORDS_PER_DATAGRAM, templatesIn } from './datagrams';
import type { FlowReceiverType } from './receivers';

/** What one stretch of sending to one receiver came to. */
export interface FlowTrial {
  readonly rate: number;
  readonly sentDatagrams: number;
  readonly sentPerSecond: number;
  readonly sentFlows: number;
  readonly storedFlows: number;
  /** From the first datagram sent to the last flow stored; undefined where the receiver tells only at its end. */
  readonly flowsPerSecond: number | undefined;
  /** CPU µs of the receiver's process tree for each flow stored. */
  readonly cpuPerFlow: number;
  readonly bytesPerFlow: number;
}

interface Sending {
  readonly sent: number;
  readonly seconds: number;
}

const SENDER = join(__dirname, '..', '..', '..', 'bench', 'flow', 'send.pl');
const SETTLE_MS = 3000;
const WARM_UP_RATE = 8000;
const WARM_UP_SECONDS = 2;
const CATCH_UP_MS = 90_000;

/** Starts the receiver, sends at `rate` datagrams a second for `seconds`, and waits until it has stored what it will. */
export async function runFlowTrial(
  type: FlowReceiverType,
  folder: string,
  file: string,
  rate: number,
  seconds: number,
): Promise<FlowTrial> {
  const receiver = await type.start(folder);
  // Every receiver is warm before it is measured; for ours and node's that is compiled code.
  const warm = await send(receiver.port, file, WARM_UP_RATE, WARM_UP_SECONDS);
  await delay(1000);
  const sentBefore = (warm.sent - templatesIn(warm.sent)) * RECORDS_PER_DATAGRAM;
  // A receiver may lose some of the warm-up: what it holds then is the beginning.
  const warmFlows = (await settled(() => receiver.stored(), sentBefore))?.count ?? sentBefore;
  const cpuBefore = cpuSecondsOf(receiver.pid);
  const sending = await send(receiver.port, file, rate, seconds);
  const began = performance.now() - sending.seconds * 1000;
  // The sender's file begins with the template, which is no flow.
  const sentFlows = Math.max(0, sending.sent - templatesIn(sending.sent)) * RECORDS_PER_DATAGRAM;
  const lastAt = (await settled(() => receiver.stored(), warmFlows + sentFlows))?.at;
  const cpu = cpuSecondsOf(receiver.pid) - cpuBefore;
  const kept = await receiver.finish();
  const flows = kept.flows - warmFlows;
  return {
    rate,
    sentDatagrams: sending.sent,
    sentPerSecond: sending.sent / sending.seconds,
    sentFlows,
    storedFlows: flows,
    flowsPerSecond: lastAt === undefined ? undefined : (flows / (lastAt - began)) * 1000,
    cpuPerFlow: (cpu * 1e6) / Math.max(1, flows),
    bytesPerFlow: kept.bytes / Math.max(1, kept.flows),
  };
}

/** The count when it grows no more, and when it last grew; undefined when the receiver does not tell. */
async function settled(
  stored: () => number | undefined,
  wanted: number,
): Promise<{ readonly count: number; readonly at: number } | undefined> {
  let count = stored();
  let at = performance.now();
  const end = at + CATCH_UP_MS;
  if (count === undefined) {
    await delay(SETTLE_MS);
    return undefined;
  }
  while (count < wanted && performance.now() - at < SETTLE_MS && performance.now() < end) {
    await delay(20);
    const now = stored() ?? 0;
    if (now > count) at = performance.now();
    count = Math.max(count, now);
  }
  return { count, at };
}

function send(port: number, file: string, rate: number, seconds: number): Promise<Sending> {
  const child = spawn('perl', [SENDER, String(port), file, String(rate), String(seconds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as Sending);
      else reject(new Error(`send.pl ended with ${code}`));
    });
  });
}
