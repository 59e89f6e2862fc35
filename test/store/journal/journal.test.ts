import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { RawRecord } from '../../../collectors/contract';
import { inclusionProof, provesInclusion } from '../../../store/journal/inclusion-proof';
import { JournalReader } from '../../../store/journal/journal-reader';
import { createRing } from '../../../store/journal/ring-layout';
import { RingProducer } from '../../../store/journal/ring-producer';
import { RingReader } from '../../../store/journal/ring-reader';
import { parseStatement } from '../../../store/journal/statement';
import { verifyJournal } from '../../../store/journal/verify';
import { JournalFixture, ORIGINS, records } from './journal-fixture';

const HOUR = 3_600_000;
const FIRST = '2026-11-24T02-000';

let fixture: JournalFixture;
beforeEach(() => {
  fixture = new JournalFixture();
});
afterEach(() => fixture.remove());

const file = (segment: string) => join(fixture.directory, `${segment}.db`);
const segments = () =>
  readdirSync(fixture.directory)
    .filter((name) => name.endsWith('.db'))
    .map((name) => name.slice(0, -3));

function readAll(): { seq: number; text: string; peer: string; receivedAt: number }[] {
  const reader = new JournalReader(fixture.directory);
  const all = reader.read(1, 1_000_000).map(({ seq, bytes, origin, receivedAt }) => ({
    seq,
    text: Buffer.from(bytes).toString(),
    peer: origin.peer,
    receivedAt,
  }));
  reader.close();
  return all;
}

const expected = (count: number) =>
  records(count).map(({ bytes, origin, receivedAt }, index) => ({
    seq: index + 1,
    text: Buffer.from(bytes).toString(),
    peer: origin.peer,
    receivedAt,
  }));

describe('appending', () => {
  it('numbers records from 1 without holes and keeps them as they came', () => {
    const journal = fixture.open();
    expect(journal.lastSeq).toBe(0);
    expect(journal.append([])).toBeUndefined();
    expect(segments()).toEqual([]);
    expect(journal.append(records(3))).toEqual({ segment: FIRST, firstSeq: 1, lastSeq: 3 });
    expect(journal.append(records(2, 3))).toEqual({ segment: FIRST, firstSeq: 4, lastSeq: 5 });
    journal.close();
    expect(readAll()).toEqual(expected(5));
  });

  it('gives each record to the caller once it is durable', () => {
    const journal = fixture.open();
    const seen: string[] = [];
    const other = new JournalReader(fixture.directory);
    journal.append(records(3), ({ seq, bytes, origin }) => {
      seen.push(`${seq} ${Buffer.from(bytes).toString()} ${origin.collector} ${other.get(seq) !== undefined}`);
    });
    expect(seen).toEqual(['1 record 0 netflow true', '2 record 1 syslog true', '3 record 2 netflow true']);
    other.close();
    journal.close();
  });

  it('takes records of any size, empty and larger than a page included', () => {
    const journal = fixture.open();
    const sizes = [0, 1, 16_384, 200_000];
    const bytes = sizes.map((size) => Buffer.alloc(size, 0xab));
    journal.append(bytes.map((one) => ({ origin: ORIGINS[0], receivedAt: -1, bytes: one }) as RawRecord));
    journal.rotate();
    journal.close();
    const reader = new JournalReader(fixture.directory);
    expect(reader.read(1, 10).map((record) => Buffer.from(record.bytes))).toEqual(bytes);
    reader.close();
    expect(verifyJournal(fixture.directory, fixture.keys.publicKey)).toMatchObject({ ok: true, bytes: 216_385 });
  });

  it('stores an origin once however many objects say the same', () => {
    const journal = fixture.open();
    for (let index = 0; index < 50; index += 1) {
      journal.append(records(2).map((record) => structuredClone(record)));
    }
    journal.close();
    const db = new Database(file(FIRST), { readonly: true });
    expect(db.prepare('SELECT count(*) FROM origin').pluck().get()).toBe(2);
    expect(db.prepare('SELECT count(*) FROM raw').pluck().get()).toBe(100);
    db.close();
  });

  it('takes a flood of 60,000 spoofed peers', () => {
    const journal = fixture.open();
    const flood = Array.from({ length: 60_000 }, (_, index) => ({
      origin: { collector: 'netflow', source: 's', peer: `p${index}`, format: 'flow' } as const,
      receivedAt: index,
      bytes: Buffer.of(1),
    }));
    journal.append(flood);
    journal.append(flood.slice(0, 10));
    journal.close();
    const reader = new JournalReader(fixture.directory);
    expect([1, 8193, 60_000, 60_001].map((seq) => reader.get(seq)?.origin.peer)).toEqual([
      'p0',
      'p8192',
      'p59999',
      'p0',
    ]);
    reader.close();
    expect(verifyJournal(fixture.directory, fixture.keys.publicKey).ok).toBe(true);
  });

  it('hashes as documented, so that stock tools come to the same', () => {
    const journal = fixture.open();
    journal.append([
      { origin: ORIGINS[1] as (typeof ORIGINS)[1], receivedAt: 1_795_485_600_000, bytes: Buffer.from('hi') },
    ]);
    journal.close();
    const db = new Database(file(FIRST), { readonly: true });
    const stored = db.prepare<[], Buffer>('SELECT hash FROM raw').pluck().get()?.toString('hex');
    db.close();
    const script = `
      text() { printf '%08x' "$(printf %s "$1" | wc -c)"; printf %s "$1" | od -An -v -tx1 | tr -d ' \\n'; }
      unhex() { while read -r -n 2 byte; do [ -n "$byte" ] && printf "\\x$byte"; done; }
      origin=$({ text syslog; text 'tcp://[::]:5514'; text '[2001:db8::1]:40000'; text syslog; } | unhex | sha256sum | cut -c1-64)
      { printf '00%016x%016x%s' 1 1795485600000 "$origin"; printf hi | od -An -v -tx1 | tr -d ' \\n'; } | unhex | sha256sum | cut -c1-64`;
    const shell = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(shell.stdout.trim()).toBe(stored);
  });
});

describe('appending from a ring', () => {
  it('takes what the ring holds, releases it, and shows each record', () => {
    const memory = createRing(1 << 14);
    const producer = new RingProducer(memory);
    const reader = new RingReader(memory);
    const journal = fixture.open();
    const seen: string[] = [];
    let first = 0;
    // Several times round the ring, in batches that do not divide it.
    for (let round = 0; round < 40; round += 1) {
      expect(producer.offer(records(7, first))).toBe(7);
      first += 7;
      journal.appendFrom(reader, 5, 10_000, ({ seq, bytes }) => seen.push(`${seq} ${Buffer.from(bytes).toString()}`));
      journal.appendFrom(reader, 5, 10_000, ({ seq, bytes }) => seen.push(`${seq} ${Buffer.from(bytes).toString()}`));
    }
    expect(journal.appendFrom(reader, 5, 10_000)).toBeUndefined();
    expect(producer.filled).toBe(0);
    journal.close();
    expect(readAll()).toEqual(expected(280));
    expect(seen).toEqual(expected(280).map(({ seq, text }) => `${seq} ${text}`));
    expect(verifyJournal(fixture.directory, fixture.keys.publicKey).faults).toEqual([]);
  });
});

it('does not store the records of a ring twice when the callback throws', () => {
  const memory = createRing(1 << 14);
  const producer = new RingProducer(memory);
  const reader = new RingReader(memory);
  const journal = fixture.open();
  producer.offer(records(4));
  expect(() =>
    journal.appendFrom(reader, 3, 10_000, () => {
      throw new Error('normalizer');
    }),
  ).toThrow('normalizer');
  expect(journal.appendFrom(reader, 3, 10_000)).toMatchObject({ firstSeq: 4, lastSeq: 4 });
  journal.close();
  expect(readAll()).toEqual(expected(4));
});

describe('rotation and sealing', () => {
  it('closes a segment at the next full hour, not an hour after it was opened', () => {
    const journal = fixture.open();
    journal.append(records(1));
    fixture.now += 49 * 60_000;
    expect(journal.append(records(1, 1))?.segment).toBe(FIRST);
    fixture.now += 60_000;
    expect(journal.append(records(1, 2))).toEqual({ segment: '2026-11-24T03-000', firstSeq: 3, lastSeq: 3 });
    journal.close();
    expect(statSync(file(FIRST)).mode & 0o777).toBe(0o440);
    expect(existsSync(`${file(FIRST)}-wal`)).toBe(false);
  });

  it('closes a segment that has grown to its size', () => {
    const journal = fixture.open({ rotateAfterBytes: 60_000 });
    const big = { origin: ORIGINS[0] as (typeof ORIGINS)[0], receivedAt: 1, bytes: Buffer.alloc(30_000) };
    const names = Array.from({ length: 5 }, () => journal.append([big])?.segment);
    journal.close();
    expect(new Set(names).size).toBeGreaterThan(1);
    expect(names.at(-1)).toMatch(/^2026-11-24T02-00[1-4]$/u);
  });

  it('keeps the order of names when the clock goes back', () => {
    const journal = fixture.open();
    journal.append(records(1));
    journal.rotate();
    fixture.now -= 5 * HOUR;
    expect(journal.append(records(1))?.segment).toBe('2026-11-24T02-001');
    journal.close();
  });

  it('signs what openssl and sha256 can follow, each seal naming the one before', () => {
    fixture.fill();
    const lines = readFileSync(join(fixture.directory, 'ledger.ndjson'), 'utf8').split('\n').slice(0, -1);
    const seals = lines.map((line) => parseStatement(line));
    expect(seals.map((seal) => seal?.statement)).toMatchObject([
      { type: 'seal', name: FIRST, first_seq: 1, last_seq: 10, count: 10, previous: '0'.repeat(64) },
      { type: 'seal', first_seq: 11, last_seq: 20, previous: seals[0]?.hash },
      { type: 'seal', first_seq: 21, last_seq: 30, previous: seals[1]?.hash },
    ]);
    expect(seals[0]?.statement).toMatchObject({
      earliest_received_at: Date.UTC(2026, 10, 24, 2, 0),
      latest_received_at: Date.UTC(2026, 10, 24, 2, 0) + 9,
      sealed_at: fixture.now,
      key: fixture.keys.fingerprint,
    });
    const message = (lines[0] ?? '').replace(/,"signature":"[^"]*"\}$/u, '}');
    expect(seals[0]?.message.toString()).toBe(message);
  });

  it('does not seal an open segment on close, and goes on with it', () => {
    const journal = fixture.open();
    journal.append(records(3));
    journal.close();
    journal.close();
    const again = fixture.open();
    expect(again.append(records(2, 3))).toEqual({ segment: FIRST, firstSeq: 4, lastSeq: 5 });
    again.close();
    expect(segments()).toEqual([FIRST]);
    expect(readAll()).toEqual(expected(5));
    expect(verifyJournal(fixture.directory, fixture.keys.publicKey).ok).toBe(true);
  });

  it('turns a segment into a plain file later when a reader held it', () => {
    const journal = fixture.open();
    journal.append(records(3));
    const other = new Database(file(FIRST), { readonly: true });
    other.prepare('SELECT count(*) FROM record').get();
    journal.rotate();
    expect(statSync(file(FIRST)).mode & 0o777).toBe(0o640);
    other.close();
    journal.append(records(1, 3));
    journal.rotate();
    expect(statSync(file(FIRST)).mode & 0o777).toBe(0o440);
    journal.close();
    expect(verifyJournal(fixture.directory, fixture.keys.publicKey).ok).toBe(true);
  });
});

describe('retirement', () => {
  it('removes the oldest segments, keeps the chain, and never numbers anew', () => {
    fixture.fill();
    const journal = fixture.open();
    journal.retire(FIRST, 'age');
    journal.retire('2026-11-24T02-001', 'age');
    journal.close();
    expect(segments()).toEqual(['2026-11-24T02-002', '2026-11-24T02-003']);
    const again = fixture.open();
    expect(again.append(records(1))?.firstSeq).toBe(36);
    again.close();
    const reader = new JournalReader(fixture.directory);
    expect(reader.get(5)).toBeUndefined();
    expect(reader.read(1, 1)[0]?.seq).toBe(21);
    expect(reader.segmentOf(5)).toBeUndefined();
    reader.close();
    expect(verifyJournal(fixture.directory, fixture.keys.publicKey)).toMatchObject({ ok: true, retired: 2 });
  });

  it('numbers on after everything was retired', () => {
    const journal = fixture.open();
    journal.append(records(4));
    journal.rotate();
    journal.retire(FIRST, 'age');
    journal.close();
    const again = fixture.open();
    expect(again.append(records(1))).toEqual({ segment: '2026-11-24T02-001', firstSeq: 5, lastSeq: 5 });
    again.close();
  });

  it('refuses a segment that is open, unknown or retired', () => {
    fixture.fill();
    const journal = fixture.open();
    journal.retire(FIRST, 'age');
    for (const name of ['2026-11-24T02-003', '2020-01-01T00-000', FIRST]) {
      expect(() => journal.retire(name, 'age')).toThrow(expect.objectContaining({ code: 'segment_state' }));
    }
    journal.close();
  });
});

describe('starting after something went wrong', () => {
  it('removes a segment that was never finished being made', () => {
    fixture.fill();
    writeFileSync(`${file('2026-11-24T04-000')}.tmp`, 'half');
    writeFileSync(`${file('2026-11-24T04-000')}.tmp-journal`, 'half');
    fixture.open().close();
    expect(readdirSync(fixture.directory).filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('removes a file whose retirement is in the ledger', () => {
    fixture.fill();
    const content = readFileSync(file(FIRST));
    const journal = fixture.open();
    journal.retire(FIRST, 'age');
    journal.close();
    writeFileSync(file(FIRST), content);
    expect(verifyJournal(fixture.directory, fixture.keys.publicKey)).toMatchObject({
      ok: true,
      notes: [expect.stringContaining(`${FIRST} is retired`)],
    });
    fixture.open().close();
    expect(existsSync(file(FIRST))).toBe(false);
  });

  it('receives although an old segment is damaged, and says so', () => {
    fixture.fill();
    chmodSync(file(FIRST), 0o640);
    writeFileSync(file(FIRST), 'text '.repeat(10_000));
    const journal = fixture.open();
    expect(fixture.events.at(-1)).toMatchObject({ kind: 'segment_damaged', segment: FIRST });
    expect(journal.append(records(1, 35))).toMatchObject({ firstSeq: 36 });
    journal.close();
    rmSync(join(fixture.directory, 'ledger.ndjson'));
    fixture.open().close();
    expect(verifyJournal(fixture.directory, fixture.keys.publicKey).faults.map(({ code }) => code)).toEqual([
      'segment_unreadable',
      'chain_broken',
    ]);
  });

  it('does not write a new head over a changed open segment, but seals it as its head said', () => {
    fixture.fill();
    const open = '2026-11-24T02-003';
    const db = new Database(file(open));
    db.exec('DELETE FROM record WHERE seq = 33');
    db.close();
    const journal = fixture.open();
    expect(fixture.events.at(-1)).toMatchObject({ kind: 'segment_damaged', segment: open });
    expect(journal.append(records(1))).toEqual({ segment: '2026-11-24T02-004', firstSeq: 36, lastSeq: 36 });
    journal.close();
    const report = verifyJournal(fixture.directory, fixture.keys.publicKey);
    expect(report.faults.map(({ code, segment, seq }) => [code, segment, seq])).toEqual([['record_missing', open, 33]]);
  });

  it.each([
    ['empty', ''],
    ['no database', 'text '.repeat(10_000)],
  ])('names the newest segment when it is %s', (_name, content) => {
    fixture.fill();
    writeFileSync(file('2026-11-24T02-003'), content);
    expect(() => fixture.open()).toThrow(
      expect.objectContaining({ code: 'journal_damaged', path: file('2026-11-24T02-003') }),
    );
  });

  it('refuses a segment of a later schema', () => {
    fixture.fill();
    const db = new Database(file('2026-11-24T02-003'));
    db.pragma('user_version = 9');
    db.close();
    expect(() => fixture.open()).toThrow(expect.objectContaining({ code: 'schema_too_new' }));
    expect(() => new JournalReader(fixture.directory).lastSeq()).toThrow(
      expect.objectContaining({ code: 'schema_too_new' }),
    );
  });
});

describe('inclusion proofs', () => {
  it.each([1, 7, 10, 11, 30])('proves record %d from its seal', (seq) => {
    fixture.fill();
    const proof = inclusionProof(fixture.directory, seq);
    expect(proof).toMatchObject({ seq, count: 10, index: (seq - 1) % 10 });
    if (proof === undefined) throw new Error('no proof');
    expect(provesInclusion(proof)).toBe(true);
    expect(provesInclusion({ ...proof, leaf: 'ab'.repeat(32) })).toBe(false);
    expect(provesInclusion({ ...proof, seq: seq + 1 })).toBe(false);
    expect(provesInclusion({ ...proof, seal: proof.seal.replace(/"root":"../u, '"root":"zz') })).toBe(false);
  });

  it.each([0, 31, 35, 36])('has none for record %d, which is in no sealed segment', (seq) => {
    fixture.fill();
    expect(inclusionProof(fixture.directory, seq)).toBeUndefined();
  });
});
