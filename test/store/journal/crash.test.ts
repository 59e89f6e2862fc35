import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Journal } from '../../../store/journal/journal';
import { JournalReader } from '../../../store/journal/journal-reader';
import type { JournalEvent } from '../../../store/journal/events';
import { SigningKeys } from '../../../store/journal/signing-keys';
import { verifyJournal } from '../../../store/journal/verify';
import { SCRATCH } from './journal-fixture';

const ROUNDS = 200;
const WAYS_TO_DIE = ['-', '-', '-', 'segment_sealed', '-', 'start', '-', 'segment_opened'] as const;
const HOOK = join(__dirname, '../../setup/ts-hook.js');
const CHILD = join(__dirname, 'crash-writer.ts');

interface RoundResult {
  /** Position the child went on from. */
  readonly start: number;
  /** Acknowledged position -> the record's own name. */
  readonly acknowledged: ReadonlyMap<number, string>;
}

/**
 * Runs one child and kills it: by its own hand at an event of the journal, as soon as it has opened the journal (`start`),
 * or `afterMs` after its first acknowledgement.
 */
async function round(data: string, number: number, dieAt: string, afterMs: number): Promise<RoundResult> {
  const child = spawn(process.execPath, ['-r', HOOK, CHILD, data, String(number), dieAt], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  let isKilling = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (isKilling || !output.includes(dieAt === 'start' ? 'start ' : '\nack ')) return;
    isKilling = true;
    // A child that is to die by its own hand gets long enough to come to the event.
    setTimeout(() => child.kill('SIGKILL'), dieAt === '-' || dieAt === 'start' ? afterMs : 2000).unref();
  });
  const signal = await new Promise((resolve) => child.once('close', (_code, signal) => resolve(signal)));
  if (signal !== 'SIGKILL') throw new Error(`round ${number} ended by itself: ${errors}`);
  return parse(output, number);
}

function parse(output: string, number: number): RoundResult {
  const acknowledged = new Map<number, string>();
  let start = -1;
  // What follows the last line feed was cut by the kill: not acknowledged as far as anybody could know.
  for (const line of output.split('\n').slice(0, -1)) {
    const [word, first, last, named] = line.split(' ');
    if (word === 'start') start = Number(first);
    if (word !== 'ack') continue;
    for (let seq = Number(first); seq <= Number(last); seq += 1) {
      acknowledged.set(seq, `${number}:${Number(named) + seq - Number(first)}`);
    }
  }
  return { start, acknowledged };
}

function readNames(directory: string): Map<number, string> {
  const reader = new JournalReader(directory);
  const names = new Map<number, string>();
  for (let next = 1; ;) {
    const records = reader.read(next, 1000);
    for (const { seq, bytes } of records) names.set(seq, Buffer.from(bytes).toString('latin1').split(';')[0] ?? '');
    const last = records.at(-1);
    if (last === undefined) break;
    next = last.seq + 1;
  }
  reader.close();
  return names;
}

describe('a journal whose writer is killed again and again', () => {
  const data = mkdtempSync(join(SCRATCH, 'ascribe-crash-'));
  afterAll(() => rmSync(data, { recursive: true }));

  it(`loses no acknowledged record and keeps none twice in ${ROUNDS} kills`, async () => {
    const acknowledged = new Map<number, string>();
    const deaths = { '-': 0, start: 0, segment_sealed: 0, segment_opened: 0 };
    let restartsBehind = 0;
    for (let number = 0; number < ROUNDS; number += 1) {
      const dieAt = WAYS_TO_DIE[number % WAYS_TO_DIE.length] ?? '-';
      deaths[dieAt] += 1;
      const result = await round(data, number, dieAt, dieAt === 'start' ? number % 3 : (number * 7) % 11);
      if (result.start < Math.max(0, ...[...acknowledged.keys()].slice(-1))) restartsBehind += 1;
      for (const [seq, name] of result.acknowledged) acknowledged.set(seq, name);
    }

    const events: JournalEvent[] = [];
    const keys = SigningKeys.open(join(data, 'keys'));
    const journal = Journal.open(join(data, 'journal'), { keys, reserveBytes: 0, emit: (event) => events.push(event) });
    const lastSeq = journal.lastSeq;
    journal.close();
    const found = readNames(join(data, 'journal'));
    const lost = [...acknowledged].filter(([seq, name]) => found.get(seq) !== name).length;
    const duplicates = found.size - new Set(found.values()).size;
    const report = verifyJournal(join(data, 'journal'), keys.publicKey);
    process.stdout.write(
      `crash test: ${ROUNDS} kills (${deaths['-']} while appending, ${deaths.start} at the start, ${deaths.segment_sealed} between seal and ledger, ` +
        `${deaths.segment_opened} at a new segment), ${acknowledged.size} records acknowledged, ${found.size} found, ` +
        `${duplicates} duplicates, ${lost} lost, ${report.segments} segments\n`,
    );
    expect(lost).toBe(0);
    expect(duplicates).toBe(0);
    expect(restartsBehind).toBe(0);
    expect([...found.keys()]).toEqual(Array.from({ length: lastSeq }, (_, index) => index + 1));
    expect(report.faults).toEqual([]);
    expect(report.records).toBe(found.size);
    expect(report.segments).toBeGreaterThan(deaths.segment_sealed);
  }, 600_000);
});
