import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATAGRAMS_IN_FILE, makeDatagrams, RECORDS_PER_DATAGRAM, writeDatagramFile } from './datagrams';
import { ascribeDecoding, type DecodeFigures, measureInTurn, nodeNetflowV9Decoding } from './decode';
import { ascribeJournal, ascribeWhole, type FlowReceiverType, nfacctd, nfcapd } from './receivers';
import { type FlowTrial, runFlowTrial } from './trial';
import { DENIED, makeNselDatagrams, makeVdsDatagrams, nextConnections, NSEL_RECORDS } from './vendor-datagrams';

/*
 * `npm run bench:flow [SECONDS]` — decoding, keeping raw datagrams, and the whole path, each beside what it competes with, on
 * the same datagrams in the same run. SECONDS of sending in each trial, 3 by default; a few minutes in all. Needs Linux and
 * Perl; nfcapd (nfdump) and nfacctd (pmacct) are measured where they are installed.
 *
 * How to read it:
 * - decode: CPU time of this process (process.cpuUsage), the rows measured in turn: the median of the rounds, the least and the
 *   most. A record of plain v9 has 20 fields in 56 bytes, 24 to a datagram; of VDS 21 in 72, 16 to a datagram; of NSEL 23 in
 *   106, 13 to a datagram, an update and the teardown of a connection, which are held against each other: of one that was not
 *   seen before (new), and of one that is known with all it did (again). Of denied ones nothing is held against anything.
 *   Plain v9 is also measured with as few records to a datagram as NSEL.
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

const ROUNDS = 7;
const ROUND_SECONDS = 0.4;

function printDecoding(): void {
  const plain = makeDatagrams(400);
  const short = makeDatagrams(400, 1, NSEL_RECORDS);
  const vds = makeVdsDatagrams(400);
  const denied = makeNselDatagrams(400, DENIED);
  const nsel = makeNselDatagrams(400);
  const same = makeNselDatagrams(400);
  const rows = [
    { name: 'ascribe, NetFlow v9', datagrams: plain, decoding: ascribeDecoding(plain) },
    { name: 'node-netflowv9, the same', datagrams: plain, decoding: nodeNetflowV9Decoding(plain) },
    { name: `ascribe, ${NSEL_RECORDS} to a datagram`, datagrams: short, decoding: ascribeDecoding(short) },
    { name: 'ascribe, VMware VDS IPFIX', datagrams: vds, decoding: ascribeDecoding(vds) },
    { name: 'ascribe, ASA NSEL, denied', datagrams: denied, decoding: ascribeDecoding(denied) },
    {
      name: 'ascribe, ASA NSEL, new',
      datagrams: nsel,
      decoding: ascribeDecoding(nsel, () => nextConnections(nsel)),
    },
    { name: 'ascribe, ASA NSEL, again', datagrams: same, decoding: ascribeDecoding(same) },
  ];
  print('\ndecode: flows into columns, CPU time');
  const figures = measureInTurn(
    rows.map(({ decoding }) => decoding),
    ROUNDS,
    ROUND_SECONDS,
  );
  for (const [i, { name, datagrams }] of rows.entries()) printDecode(name, datagrams, figures[i]!, figures[0]!);
}

function printDecode(name: string, datagrams: readonly Buffer[], figures: DecodeFigures, plain: DecodeFigures): void {
  const { nanos, least, most, flowsInPass } = figures;
  const bytes = datagrams.slice(1).reduce((sum, { length }) => sum + length, 0);
  const columns = [
    `${(1000 / nanos).toFixed(2).padStart(6)} M flows per CPU s`,
    `${nanos.toFixed(0).padStart(5)} ns a flow (${least.toFixed(0)} to ${most.toFixed(0)})`,
    `${(nanos / plain.nanos).toFixed(2)} x`,
    `${((nanos * flowsInPass) / bytes).toFixed(2)} ns a byte received`,
  ];
  print(`  ${name.padEnd(28)} ${columns.join('  ')}`);
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
