import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../cli/config/load';
import { dataLayout } from '../../cli/data-layout';
import { catchUp } from '../../cli/pipeline/offline';
import type { RawOrigin, RawRecord } from '../../collectors/contract';
import { Journal } from '../../store/journal/journal';
import { SigningKeys } from '../../store/journal/signing-keys';
import { flowTemplates, NetflowV9Encoder } from '../../test/site/encoders/flow-encoder';
import { flowsOf, makeWorld } from '../../test/site/flow-world';
import { makeAsaLines } from '../syslog/asa-lines';

/*
 * `npm run bench:evidence -- [--records N] [--flows PER_SECOND]`: a pack of everything in a journal, and its verification.
 *
 * The journal holds N records: ASA lines of 300 bytes, built and torn down in pairs, and among them NetFlow v9 datagrams of some
 * sessions (two minutes of PER_SECOND). `pack` writes all of them with proofs, facts, sessions and verdicts; `verify` proves every
 * byte, reads the records again, and derives sessions and verdicts again; with `--integrity` it does the first alone. Each runs in a process of its own; CPU time is its
 * user and system time, memory its largest resident set. Flat memory means: the same for a tenth of the records.
 */

const BATCH = 5000;
const AIMS = { pack: 60, verify: 30 };

interface Cost {
  readonly code: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      records: { type: 'string', default: '1000000' },
      flows: { type: 'string', default: '50' },
    },
  });
  const records = Number(values.records);
  print(`${records} records, Node ${process.version}, ${availableParallelism()} CPUs, load ${load()}`);
  const root = mkdtempSync(join(tmpdir(), 'ascribe-bench-evidence-'));
  try {
    const journalled = fill(root, records, Number(values.flows));
    print(`journal and facts made, ${journalled} records`);
    const file = join(root, 'pack.tar');
    const range = ['--from', '2000-01-01T00:00:00Z', '--to', '2100-01-01T00:00:00Z'];
    tell('pack', await command(['evidence', 'pack', ...range, '--out', file, '--data', root, '-q']), AIMS.pack);
    if (existsSync(file)) print(`pack: ${Math.round(statSync(file).size / 2 ** 20)} MiB`);
    const integrity = ['evidence', 'verify', file, '--integrity', '--data', root, '-q'];
    tell('verify --integrity', await command(integrity), AIMS.verify);
    tell('verify', await command(['evidence', 'verify', file, '--data', root, '-q']), AIMS.verify);
    print(`load ${load()} at the end (this bench included)`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Fills a data directory and derives everything; gives the number of records. */
function fill(root: string, records: number, perSecond: number): number {
  const layout = dataLayout(root);
  const journal = Journal.open(layout.journal, { keys: SigningKeys.open(layout.keys), reserveBytes: 0 });
  const begin = Date.now() - 600_000;
  const flows = flowRecords(perSecond, begin);
  let done = 0;
  try {
    journal.append(flows);
    done += flows.length;
    // A piece at a time: a million lines at once are half a gigabyte.
    for (let seed = 1; done < records; seed += 1) {
      const lines = makeAsaLines(BATCH, seed).slice(0, records - done);
      journal.append(
        lines.map((bytes, i) => ({ origin: SYSLOG, receivedAt: begin + Math.floor((done + i) / 10), bytes })),
      );
      done += lines.length;
    }
  } finally {
    journal.close();
  }
  catchUp(layout, loadConfig({ cwd: root, dataDirectory: root }), () => {});
  return done;
}

const SYSLOG: RawOrigin = {
  collector: 'syslog',
  source: 'tcp://0.0.0.0:5514',
  peer: '192.0.2.7:514',
  format: 'syslog',
};
const FLOW: RawOrigin = { collector: 'netflow', source: 'udp://0.0.0.0:2055', peer: '192.0.2.1:2055', format: 'flow' };

function flowRecords(perSecond: number, begin: number): RawRecord[] {
  const encoder = new NetflowV9Encoder(1, begin - 3_600_000, flowTemplates('v9'));
  const records: RawRecord[] = [{ origin: FLOW, receivedAt: begin, bytes: encoder.templates(begin) }];
  const sent = flowsOf(makeWorld(8, 120_000, perSecond), begin, 30_000).filter(({ src }) => src.includes('.'));
  for (let i = 0; i < sent.length; i += 20) {
    for (const { bytes } of encoder.data(sent.slice(i, i + 20), begin + 120_000)) {
      records.push({ origin: FLOW, receivedAt: begin + 120_000, bytes });
    }
  }
  return records;
}

function command(argv: readonly string[]): Promise<Cost> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = fork(join(__dirname, 'child.js'), argv, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    let told: Omit<Cost, 'seconds'> | undefined;
    child.on('message', (message) => (told = message as Omit<Cost, 'seconds'>));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (told === undefined) reject(new Error(`${argv[1] ?? ''} ended with ${String(code)}`));
      else resolve({ ...told, seconds: (performance.now() - began) / 1000 });
    });
  });
}

function tell(what: string, { code, seconds, cpuSeconds, peakMiB }: Cost, aim: number): void {
  print(
    `${what}: ${seconds.toFixed(1)} s (aim ${aim}), ${cpuSeconds.toFixed(1)} CPU s, peak ${Math.round(peakMiB)} MiB, exit ${code}`,
  );
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main();
