import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAscribe } from './ascribe-receiver';
import { framed, LINE_BYTES, makeAsaLines } from './asa-lines';
import { startRsyslog, startSyslogNg } from './file-receivers';
import { measureParseCost } from './parse-cost';
import type { Receiver, StartReceiver } from './receiver';
import { startSyslogServer } from './syslog-server-receiver';
import { findCeiling, runTrial, type Load, type Trial } from './trial';

/*
 * `npm run bench:syslog [SECONDS]` — how many 300-byte ASA lines a second, and at what cost. SECONDS: of sending in each
 * trial, 2 by default. Takes a few minutes. Needs Linux and Perl; rsyslog and syslog-ng are measured when they are
 * installed, or unpacked under $ASCRIBE_PEERS (their packages exclude each other; see test/collectors/syslog/strangers.ts).
 *
 * How to read it:
 * - "UDP ceiling" is the highest rate at which every datagram sent was stored; the next rate that was tried lost some. All
 *   receivers ask for the same receive buffer. "sender" beside it: the sender could not send faster.
 * - "TCP" is one connection, lines ended by LF, as fast as the receiver takes them: TCP loses nothing and holds the sender
 *   back. The rate counts from the first line sent to the last line stored.
 * - "CPU" is user and system time of the receiver's whole process tree (/proc/PID/stat) for each line, until its work with
 *   the line is done. For ascribe that includes journal, facts and sessions; the peers append to a file and parse nothing.
 *   By thread: `journal` stores, `normalizer` parses and writes facts, `analyst` makes sessions of them, `MainThread` reads
 *   TCP, `receiver` UDP; V8's own threads collect garbage.
 * - "facts" counts from the first line sent until the last line's facts were durable; "lag" is what was stored and not yet
 *   parsed when the sending ended, and how long it took until it was.
 * - Parsing alone is measured in this process over the same lines, by process.cpuUsage(). No npm package among the
 *   development dependencies reads a Cisco line: `syslog-server` has no parser at all.
 * - All run on one machine together with the sender. With other work on the machine the rates are too low and the CPU
 *   figures somewhat too high; the load average is printed to tell.
 */

const STARTS: readonly (readonly [name: string, start: StartReceiver])[] = [
  ['ascribe', startAscribe],
  ['rsyslog', startRsyslog],
  ['syslog-ng', startSyslogNg],
  ['syslog-server (npm)', startSyslogServer],
];
const PAIRS = 20_000;

async function main(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 2);
  const folder = mkdtempSync(join(tmpdir(), 'ascribe-bench-syslog-'));
  try {
    const lines = makeAsaLines(PAIRS);
    const load: Load = { file: join(folder, 'lines'), seconds };
    writeFileSync(load.file, framed(lines));
    print(`${lines.length} different ASA lines of ${LINE_BYTES} bytes, ${seconds} s a trial, Node ${process.version},`);
    print(`${availableParallelism()} CPUs, load average before ${loadavg()[0]?.toFixed(1)}`);
    printParsing(lines);
    for (const [name, start] of STARTS) {
      await measure(name, start, join(folder, name.replaceAll(/\W/g, '')), load);
    }
    print(`load average after ${loadavg()[0]?.toFixed(1)} (the bench itself included)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function printParsing(lines: readonly Buffer[]): void {
  const { header, whole, factsPerLine, rejected } = measureParseCost(lines, 1);
  print('');
  print('parsing alone, in this process');
  print(`  header grammar            ${micros(header)}`);
  print(`  header, vendor, joining   ${micros(whole)}   ${factsPerLine.toFixed(2)} facts a line, ${rejected} rejected`);
  print('  npm parsers               none present reads Cisco lines');
}

async function measure(name: string, start: StartReceiver, folder: string, load: Load): Promise<void> {
  print('');
  const receiver = await start(folder);
  if (receiver === undefined) {
    print(`${name}: not installed`);
    return;
  }
  try {
    print(`${name}: ${receiver.does}`);
    await measureUdp(receiver, load);
    if (receiver.protocols.includes('tcp')) printTrial('TCP', '', await runTrial(receiver, 'tcp', 0, load));
    else print('  TCP          not supported');
  } finally {
    await receiver.stop();
  }
}

async function measureUdp(receiver: Receiver, load: Load): Promise<void> {
  const { best, lossyRate } = await findCeiling(receiver, load);
  if (best === undefined) {
    print(`  UDP ceiling  below ${lossyRate} lines/s: every rate tried lost datagrams`);
    return;
  }
  printTrial('UDP ceiling', lossyRate === undefined ? 'sender' : `loss at ${perSecond(lossyRate)}`, best);
}

function printTrial(label: string, note: string, trial: Trial): void {
  const { sent, stored, storedPerSecond, cpuPerLine, senderCpuPerLine, parsedPerSecond } = trial;
  const lost = sent === stored ? '' : `, ${sent - stored} of ${sent} NOT stored`;
  const cost = `CPU ${micros(cpuPerLine)} a line (sender ${micros(senderCpuPerLine)})`;
  print(`  ${label.padEnd(12)} ${perSecond(storedPerSecond)} stored, ${cost}${note === '' ? '' : `, ${note}`}${lost}`);
  if (parsedPerSecond === undefined) return;
  const threads = [...trial.cpuByThread].map(([name, cpu]) => `${name} ${cpu.toFixed(1)}`).join(', ');
  const { lagLines = 0, lagSeconds = 0 } = trial;
  print(`  ${''.padEnd(12)} ${perSecond(parsedPerSecond)} facts; lag ${lagLines} lines, ${lagSeconds.toFixed(1)} s`);
  print(`  ${''.padEnd(12)} CPU µs a line by thread: ${threads}`);
}

function perSecond(rate: number): string {
  return `${Math.round(rate).toLocaleString('en')} lines/s`;
}

function micros(value: number): string {
  return `${value.toFixed(1)} µs`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
