import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSecondsByThread, cpuSecondsOf } from './process-tree';
import type { Receiver } from './receiver';

/** What one stretch of sending came to. */
export interface Trial {
  readonly rate: number;
  readonly sent: number;
  readonly sentPerSecond: number;
  readonly stored: number;
  /** Lines a second, from the beginning of the sending until the last line was stored, and until it was parsed. */
  readonly storedPerSecond: number;
  readonly parsedPerSecond: number | undefined;
  /** Lines stored and not parsed when the sending ended, and seconds until they were. */
  readonly lagLines: number | undefined;
  readonly lagSeconds: number | undefined;
  /** CPU µs of the receiver's process tree for each line stored, everything it does with it included. */
  readonly cpuPerLine: number;
  /** The same by thread, of those that took more than a hundredth; only for what parses. */
  readonly cpuByThread: ReadonlyMap<string, number>;
  /** Of the sender. */
  readonly senderCpuPerLine: number;
}

/** Where the senders and the load are. */
export interface Load {
  readonly file: string;
  readonly seconds: number;
}

const SOURCES = join(__dirname, '..', '..', '..', 'bench');
const SENDERS = { udp: join(SOURCES, 'flow', 'send.pl'), tcp: join(SOURCES, 'syslog', 'send-tcp.pl') };
/** Without a further line for so long, what is missing is lost. */
const SETTLE_MS = 500;
const POLL_MS = 10;
/** Facts may take longer than the sending; longer than this is no figure any more. */
const CATCH_UP_MS = 120_000;

/** Sends at a rate (0: TCP as fast as it goes) and waits until the receiver has done all its work with it. */
export async function runTrial(
  receiver: Receiver,
  protocol: 'udp' | 'tcp',
  rate: number,
  { file, seconds }: Load,
): Promise<Trial> {
  const before = await receiver.stored();
  const cpuBefore = cpuSecondsOf(receiver.pid);
  const threadsBefore = cpuSecondsByThread(receiver.pid);
  const sending = await send(SENDERS[protocol], [receiver.port, file, rate, seconds]);
  const ended = performance.now();
  // Its own clock: starting Perl and reading the lines is not sending.
  const began = ended - sending.seconds * 1000;
  const storedAtEnd = await receiver.stored();
  const lagLines = receiver.parsed === undefined ? undefined : Math.max(0, storedAtEnd - receiver.parsed());
  const { count, at } = await settled(receiver, before + sending.sent);
  const stored = count - before;
  const parsedAt = receiver.parsed === undefined ? undefined : await parsedUpTo(receiver.parsed, count);
  const cpu = cpuSecondsOf(receiver.pid) - cpuBefore;
  return {
    rate,
    sent: sending.sent,
    sentPerSecond: sending.sent / sending.seconds,
    stored,
    storedPerSecond: (stored / (at - began)) * 1000,
    parsedPerSecond: parsedAt === undefined ? undefined : (stored / (parsedAt - began)) * 1000,
    lagLines,
    lagSeconds: parsedAt === undefined ? undefined : Math.max(0, parsedAt - ended) / 1000,
    cpuPerLine: (cpu * 1e6) / Math.max(1, stored),
    cpuByThread: receiver.parsed === undefined ? new Map() : spentByThread(receiver.pid, threadsBefore, stored),
    senderCpuPerLine: (sending.cpu * 1e6) / Math.max(1, sending.sent),
  };
}

function spentByThread(pid: number, before: ReadonlyMap<string, number>, lines: number): Map<string, number> {
  const spent = [...cpuSecondsByThread(pid)].map(
    ([name, seconds]) => [name, ((seconds - (before.get(name) ?? 0)) * 1e6) / Math.max(1, lines)] as const,
  );
  const all = spent.reduce((sum, [, micros]) => sum + micros, 0);
  return new Map(spent.filter(([, micros]) => micros > all / 100).sort(([, a], [, b]) => b - a));
}

/** What a search found: the best trial without loss, and the first rate with loss. */
export interface Ceiling {
  readonly best: Trial | undefined;
  /** Undefined: the sender could not go faster. */
  readonly lossyRate: number | undefined;
}

const FIRST_RATE = 20_000;
const MOST_TRIALS = 8;

/** The highest UDP rate at which nothing is lost: doubles until something is, then halves the interval to within 15 %. */
export async function findCeiling(receiver: Receiver, load: Load): Promise<Ceiling> {
  let best: Trial | undefined;
  let low = 0;
  let high: number | undefined;
  for (let trials = 0; trials < MOST_TRIALS; trials++) {
    const rate = high === undefined ? Math.max(FIRST_RATE, low * 2) : Math.round((low + high) / 2);
    const trial = await runTrial(receiver, 'udp', rate, load);
    if (trial.stored === trial.sent) {
      best = trial;
      low = rate;
      // The sender fell behind its own rate: no higher one can be had from it.
      if (trial.sentPerSecond < rate * 0.9) return { best, lossyRate: undefined };
    } else high = rate;
    if (high !== undefined && high - low <= high * 0.15) break;
  }
  return { best, lossyRate: high };
}

/** When everything sent is stored, or nothing more comes; `at` is when the count last changed. */
async function settled(receiver: Receiver, wanted: number): Promise<{ count: number; at: number }> {
  let count = await receiver.stored();
  let at = performance.now();
  while (count < wanted && performance.now() - at < SETTLE_MS) {
    await delay(POLL_MS);
    const now = await receiver.stored();
    if (now !== count) at = performance.now();
    count = now;
  }
  return { count, at };
}

async function parsedUpTo(parsed: () => number, wanted: number): Promise<number> {
  const end = performance.now() + CATCH_UP_MS;
  while (parsed() < wanted) {
    if (performance.now() > end) throw new Error(`facts did not catch up within ${CATCH_UP_MS / 1000} s`);
    await delay(POLL_MS);
  }
  return performance.now();
}

interface Sending {
  readonly sent: number;
  readonly seconds: number;
  readonly cpu: number;
}

function send(program: string, args: readonly (string | number)[]): Promise<Sending> {
  const child = spawn('perl', [program, ...args.map(String)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as Sending);
      else reject(new Error(`${program} ended with ${code}`));
    });
  });
}
