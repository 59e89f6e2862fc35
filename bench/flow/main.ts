import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATAGRAMS_IN_FILE, makeDatagrams, RECORDS_PER_DATAGRAM, writeDatagramFile } from './datagrams';
import { type DecodeFigures, measureDecode, measureNodeNetflowV9 } from './decode';
import { ascribeJournal, ascribeWhole, type FlowReceiverType, nfacctd, nfcapd } from './receivers';
import { type FlowTrial, runFlowTrial } from './trial';
import { makeNselDatagrams, makeVdsDatagrams, nextConnections } from './vendor-datagrams';

/*
 * `npm run bench:flow [SECONDS]` — decoding, keeping raw datagrams, and the whole path, each beside what it competes with, on
 * the same datagrams in the same run. SECONDS of sending in each trial, 3 by default; a few minutes in all. Needs Linux and
 * Perl; nfcapd (nfdump) and nfacctd (pmacct) are measured where they are installed.
 *
 * How to read it:
 * - decode: CPU time of this process (process.cpuUsage). A record of plain v9 has 20 fields in 56 bytes, 24 to a datagram; of VDS
 *   21 in 72, 16 to a datagram; of NSEL 23 in 106, 13 to a datagram, an update and the teardown of a connection that was not
 *   seen before, which are held against each other.
 * - raw: UDP to disk. A row is a rate; `lost` is what was sent and never stored. nfcapd tells only at its end. The peers do
 *   not do the same: ours hashes each datagram and fsyncs each batch, nfcapd decodes and does neither.
 * - whole: UDP to rows that SQL can ask for. `flows/s` counts from the first datagram sent to the last row stored, so it is the
 *   sustained rate once the receiver falls behind its sender; `lost` is exact.
 * - Each receiver is started anew for each row and warmed up by 2 s at 8,000 datagrams/s, which are not counted.
 * - CPU is user and system time of the receiver's whole process tree for each flow stored (/proc/PID/stat).
 * - Everything runs on one machine together with the sender: other work on it lowers the rates; the load average is printed.
 */

const RAW_RATES = [20_000, 40_000, 60_000, 80_000];
const WHOLE_RATES = [4_000, 8_000, 12_000, 16_000];

async function main(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 3);
  print(`Node ${process.version}, ${availableParallelism()} CPUs, load average before ${loadavg()[0]?.toFixed(1)}`);
  printDecoding();
  const folder = mkdtempSync(join(tmpdir(), 'ascribe-bench-flow-'));
  try {
    const file = join(folder, 'datagrams');
    writeDatagramFile(file, makeDatagrams(DATAGRAMS_IN_FILE));
    const trials = new Trials(folder, file, seconds);
    print(`\nraw: UDP to disk, ${RECORDS_PER_DATAGRAM} flows a datagram, ${seconds} s each`);
    for (const type of [nfcapd, ascribeJournal]) await trials.run(type, RAW_RATES);
    print(`\nwhole: UDP to rows in SQLite, ${seconds} s each`);
    for (const type of [nfacctd, ascribeWhole]) await trials.run(type, WHOLE_RATES);
    print(`\nload average after ${loadavg()[0]?.toFixed(1)} (the bench itself included)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function printDecoding(): void {
  const plain = makeDatagrams(400);
  print('\ndecode: flows into columns, CPU time');
  const competitor = measureNodeNetflowV9(plain, 2);
  const ours = measureDecode(plain, 2);
  printDecode('ascribe, NetFlow v9', plain, ours, ours);
  printDecode('node-netflowv9, the same', plain, competitor, ours);
  const vds = makeVdsDatagrams(400);
  printDecode('ascribe, VMware VDS IPFIX', vds, measureDecode(vds, 2), ours);
  const nsel = makeNselDatagrams(400);
  printDecode(
    'ascribe, ASA NSEL',
    nsel,
    measureDecode(nsel, 2, () => nextConnections(nsel)),
    ours,
  );
}

function printDecode(name: string, datagrams: readonly Buffer[], figures: DecodeFigures, plain: DecodeFigures): void {
  const nanos = 1e9 / figures.flowsPerCpuSecond;
  const ratio = nanos / (1e9 / plain.flowsPerCpuSecond);
  const bytes = datagrams.slice(1).reduce((sum, { length }) => sum + length, 0);
  const perByte = (nanos * figures.flowsInPass) / bytes;
  print(
    `  ${name.padEnd(28)} ${(figures.flowsPerCpuSecond / 1e6).toFixed(2).padStart(6)} M flows per CPU s  ${nanos.toFixed(0).padStart(5)} ns a flow  ${ratio.toFixed(2)} x  ${perByte.toFixed(2)} ns a byte received`,
  );
}

/** One receiver at several rates, a new process and folder each. */
class Trials {
  #number = 0;

  constructor(
    readonly folder: string,
    readonly file: string,
    readonly seconds: number,
  ) {}

  async run(type: FlowReceiverType, rates: readonly number[]): Promise<void> {
    if (type.needs !== undefined && spawnSync('sh', ['-c', `command -v ${type.needs}`]).status !== 0) {
      print(`  ${type.name}: not installed`);
      return;
    }
    print(`  ${type.name}: ${type.does}`);
    for (const rate of rates) {
      const folder = join(this.folder, String(this.#number++));
      print(row(await runFlowTrial(type, folder, this.file, rate, this.seconds)));
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function row(trial: FlowTrial): string {
  const lost = trial.sentFlows - trial.storedFlows;
  const share = trial.sentFlows === 0 ? 0 : (lost / trial.sentFlows) * 100;
  const rate = trial.flowsPerSecond === undefined ? '' : `, ${thousands(trial.flowsPerSecond)} flows/s stored`;
  return `    ${thousands(trial.sentPerSecond)} datagrams/s = ${thousands(trial.sentPerSecond * RECORDS_PER_DATAGRAM)} flows/s sent${rate}; lost ${lost === 0 ? 'none' : `${share.toFixed(2)} %`}; ${trial.cpuPerFlow.toFixed(2)} µs CPU, ${trial.bytesPerFlow.toFixed(0)} bytes a flow`;
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
