import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addTemplates } from '../../../store/evidence/templates';
import { Scope } from '../../../store/evidence/scope';
import { Journal } from '../../../store/journal/journal';
import { JournalReader } from '../../../store/journal/journal-reader';
import { SigningKeys } from '../../../store/journal/signing-keys';

const T = Date.UTC(2026, 10, 24, 1);

/** A datagram of NetFlow v9 (RFC 3954 section 5) with these sets of one domain. */
function v9(domain: number, ...sets: readonly (readonly [id: number, ...words: number[]])[]): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(9, 0);
  header.writeUInt32BE(domain, 16);
  const parts = sets.map(([id, ...words]) => {
    const set = Buffer.alloc(4 + 2 * words.length);
    set.writeUInt16BE(id, 0);
    set.writeUInt16BE(set.length, 2);
    words.forEach((word, i) => set.writeUInt16BE(word, 4 + 2 * i));
    return set;
  });
  return Buffer.concat([header, ...parts]);
}

/** Template 256: source address. Options template 300: scope system (1), sampling interval (34), both 4 bytes (section 6.1). */
const template = (domain: number): Buffer => v9(domain, [0, 256, 1, 8, 4]);
const options = (domain: number): Buffer => v9(domain, [1, 300, 4, 4, 1, 4, 34, 4]);
const sampling = (domain: number): Buffer => v9(domain, [300, 0, 0, 0, 100]);
const flow = (domain: number): Buffer => v9(domain, [256, 0xc000, 0x0201]);

let folder: string;
let journal: Journal;
let reader: JournalReader;
let scope: Scope;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-options-'));
  const keys = SigningKeys.open(join(folder, 'keys'));
  journal = Journal.open(join(folder, 'journal'), { keys, reserveBytes: 0, now: () => T });
  reader = new JournalReader(join(folder, 'journal'));
  scope = new Scope();
});
afterEach(() => {
  scope.close();
  reader.close();
  journal.close();
  rmSync(folder, { recursive: true });
});

function receive(...datagrams: readonly Buffer[]): number {
  const origin = {
    collector: 'netflow',
    source: 'udp://0.0.0.0:2055',
    peer: '192.0.2.1:2055',
    format: 'flow',
  } as const;
  return journal.append(datagrams.map((bytes) => ({ origin, receivedAt: T, bytes })))?.lastSeq ?? 0;
}

function addedTo(...seqs: readonly number[]): number[] {
  for (const seq of seqs) scope.addSeq(seq);
  addTemplates(reader, scope);
  return scope.seqs(1, 1_000, 1_000);
}

test('a record brings the last sampling that its exporter told before, with the templates of both', () => {
  receive(options(1), sampling(1)); // 1, 2: superseded
  receive(options(1), sampling(1), template(1)); // 3, 4, 5
  journal.rotate();
  receive(flow(1), flow(1)); // 6, 7
  expect(addedTo(7)).toEqual([3, 4, 5, 7]);
});

test('of another domain, and after it, nothing', () => {
  receive(options(2), sampling(2), template(1), flow(1), options(1), sampling(1));
  expect(addedTo(4)).toEqual([3, 4]);
});

test('options data before their template are taken too, and each of several exporters has its own', () => {
  receive(sampling(1), options(1), options(2), sampling(2), template(1), template(2));
  const last = receive(flow(1), flow(2));
  expect(addedTo(last - 1, last)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
