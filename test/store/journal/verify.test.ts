import { chmodSync, copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { JournalReader } from '../../../store/journal/journal-reader';
import { leafHash, originDigest } from '../../../store/journal/leaf';
import { SigningKeys } from '../../../store/journal/signing-keys';
import { verifyJournal } from '../../../store/journal/verify';
import type { Fault } from '../../../store/journal/verify-report';
import { JournalFixture, ORIGINS, records } from './journal-fixture';

const FIRST = '2026-11-24T02-000';
const SECOND = '2026-11-24T02-001';
const THIRD = '2026-11-24T02-002';
const OPEN = '2026-11-24T02-003';

let fixture: JournalFixture;
beforeEach(() => {
  fixture = new JournalFixture();
  fixture.fill();
});
afterEach(() => fixture.remove());

const file = (segment: string) => join(fixture.directory, `${segment}.db`);
const ledger = () => join(fixture.directory, 'ledger.ndjson');
const verify = () => verifyJournal(fixture.directory, fixture.keys.publicKey);

/** Runs SQL on a segment as somebody with write access to the file would. */
function tamper(segment: string, ...statements: string[]): void {
  chmodSync(file(segment), 0o640);
  const db = new Database(file(segment));
  for (const statement of statements) db.exec(statement);
  db.close();
}

function editLedger(edit: (lines: string[]) => string[]): void {
  const lines = readFileSync(ledger(), 'utf8').split('\n').slice(0, -1);
  writeFileSync(ledger(), `${edit(lines).join('\n')}\n`);
}

/** Writes the bytes of a record and the hash that fits them. */
function rewrite(segment: string, seq: number, text: string): void {
  chmodSync(file(segment), 0o640);
  const db = new Database(file(segment));
  const receivedAt = db.prepare<[number], number>('SELECT received_at FROM record WHERE seq = ?').pluck().get(seq) ?? 0;
  const origin = ORIGINS[(seq - 1) % 2];
  if (origin === undefined) throw new Error('no origin');
  const bytes = Buffer.from(text);
  const hash = leafHash(seq, receivedAt, originDigest(origin), bytes);
  db.prepare('UPDATE record SET bytes = ?, hash = ? WHERE seq = ?').run(bytes, hash, seq);
  db.close();
}

/** Changes one byte of the file where `text` stands. */
function flip(path: string, text: string): void {
  chmodSync(path, 0o640);
  const bytes = readFileSync(path);
  const at = bytes.indexOf(text);
  if (at < 0) throw new Error(`${text} is not in the file`);
  bytes[at + text.length - 1] = (bytes[at + text.length - 1] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

const about = ({ code, segment, seq, lastSeq }: Fault) => [code, segment, seq, lastSeq].filter((x) => x !== undefined);

it('finds nothing wrong with an untouched journal', () => {
  const seen: number[] = [];
  const report = verifyJournal(fixture.directory, fixture.keys.publicKey, (progress) => seen.push(progress.records));
  expect(report).toMatchObject({ ok: true, faults: [], notes: [], segments: 4, records: 35, firstSeq: 1, lastSeq: 35 });
  expect(seen).toEqual([10, 20, 30, 35]);
});

it('calls an empty or absent directory sound', () => {
  expect(verifyJournal(join(fixture.data, 'none'), fixture.keys.publicKey)).toMatchObject({ ok: true, segments: 0 });
});

const SWAP = (a: number, b: number, columns: string) =>
  `UPDATE record SET (${columns}) = (SELECT ${columns} FROM keep k WHERE k.seq = CASE record.seq WHEN ${a} THEN ${b} ELSE ${a} END)
   WHERE seq IN (${a}, ${b})`;

const TAMPERINGS: readonly [name: string, act: () => void, expected: unknown[][]][] = [
  ['one flipped byte of a record', () => flip(file(SECOND), 'record 14'), [['record_changed', SECOND, 15]]],
  [
    'one flipped byte of a stored hash',
    () => tamper(FIRST, `UPDATE record SET hash = CAST(x'00' || substr(hash, 2) AS BLOB) WHERE seq = 4`),
    [['record_changed', FIRST, 4]],
  ],
  [
    'a changed receive time',
    () => tamper(FIRST, 'UPDATE record SET received_at = received_at + 1 WHERE seq = 3'),
    [['record_changed', FIRST, 3]],
  ],
  ['a deleted record', () => tamper(SECOND, 'DELETE FROM record WHERE seq = 13'), [['record_missing', SECOND, 13]]],
  [
    'a deleted stretch',
    () => tamper(SECOND, 'DELETE FROM record WHERE seq BETWEEN 13 AND 16'),
    [['record_missing', SECOND, 13, 16]],
  ],
  [
    'deleted last records',
    () => tamper(SECOND, 'DELETE FROM record WHERE seq >= 19'),
    [['record_missing', SECOND, 19, 20]],
  ],
  [
    'a record put in at the end',
    () => tamper(FIRST, 'INSERT INTO record SELECT 11, received_at, origin_id, hash, bytes FROM record WHERE seq = 9'),
    [
      ['record_inserted', FIRST, 11],
      ['record_changed', FIRST, 11],
    ],
  ],
  [
    'a record put in the middle, those behind it moved up',
    () =>
      tamper(
        FIRST,
        'UPDATE record SET seq = -seq - 1 WHERE seq >= 9',
        'UPDATE record SET seq = -seq WHERE seq < 0',
        `INSERT INTO record SELECT 9, received_at, origin_id, hash, x'00' FROM record WHERE seq = 8`,
      ),
    [
      ['record_inserted', FIRST, 11],
      ['record_changed', FIRST, 9],
      ['record_moved', FIRST, 10],
      ['record_moved', FIRST, 11],
    ],
  ],
  [
    'two records that changed places with their hashes',
    () =>
      tamper(
        FIRST,
        'CREATE TEMP TABLE keep AS SELECT * FROM record',
        SWAP(3, 7, 'received_at, origin_id, hash, bytes'),
      ),
    [
      ['record_moved', FIRST, 3],
      ['record_moved', FIRST, 7],
    ],
  ],
  [
    'two records that changed places under the old hashes',
    () => tamper(FIRST, 'CREATE TEMP TABLE keep AS SELECT * FROM record', SWAP(3, 7, 'received_at, origin_id, bytes')),
    [
      ['record_moved', FIRST, 3],
      ['record_moved', FIRST, 7],
    ],
  ],
  [
    'a record given to another origin',
    () => tamper(FIRST, 'UPDATE record SET origin_id = 3 - origin_id WHERE seq = 5'),
    [['record_changed', FIRST, 5]],
  ],
  [
    'a changed origin',
    () => tamper(FIRST, `UPDATE origin SET peer = '192.0.2.9:2055' WHERE id = 1`),
    [['origin_changed', FIRST]],
  ],
  [
    'a changed origin with a fitting digest',
    () => {
      const digest = originDigest({ ...(ORIGINS[0] as (typeof ORIGINS)[0]), peer: '192.0.2.9:2055' }).toString('hex');
      tamper(FIRST, `UPDATE origin SET peer = '192.0.2.9:2055', digest = x'${digest}' WHERE id = 1`);
    },
    [['origin_changed', FIRST, 1]],
  ],
  [
    'a removed origin',
    () => tamper(OPEN, 'DELETE FROM origin WHERE id = 2'),
    [
      ['origin_missing', OPEN, 32],
      ['origin_missing', OPEN, 34],
    ],
  ],
  [
    'a record rewritten together with its hash',
    () => rewrite(SECOND, 14, 'forged'),
    [['root_mismatch', SECOND, 11, 20]],
  ],
  [
    'a record of the open segment rewritten with its hash',
    () => rewrite(OPEN, 33, 'forged'),
    [['head_mismatch', OPEN]],
  ],
  [
    'a head set back together with its records',
    () => tamper(OPEN, 'DELETE FROM record WHERE seq = 35', 'UPDATE head SET count = 4, last_seq = 34'),
    [['head_mismatch', OPEN]],
  ],
  [
    'a record of the open segment deleted',
    () => tamper(OPEN, 'DELETE FROM record WHERE seq = 33'),
    [
      ['record_missing', OPEN, 33],
      ['head_mismatch', OPEN],
    ],
  ],
  ['a removed segment', () => rmSync(file(SECOND)), [['segment_missing', SECOND, 11, 20]]],
  ['the newest sealed segment removed', () => rmSync(file(THIRD)), [['segment_missing', THIRD, 21, 30]]],
  [
    'a segment removed with its ledger line',
    () => {
      rmSync(file(SECOND));
      editLedger((lines) => lines.filter((line) => !line.includes(SECOND)));
    },
    [['chain_broken', THIRD]],
  ],
  [
    'the newest sealed segment removed with its ledger line',
    () => {
      rmSync(file(THIRD));
      editLedger((lines) => lines.slice(0, 2));
    },
    [['chain_broken', OPEN, 31]],
  ],
  ['a renamed segment', () => renameSync(file(SECOND), file('2026-11-24T01-000')), [['segment_renamed', SECOND]]],
  ['a segment renamed to no segment name', () => renameSync(file(SECOND), file('old')), [['segment_renamed', SECOND]]],
  [
    'two segments that changed names',
    () => {
      renameSync(file(FIRST), file('x'));
      renameSync(file(SECOND), file(FIRST));
      renameSync(file('x'), file(SECOND));
    },
    [
      ['segment_renamed', SECOND],
      ['segment_renamed', FIRST],
    ],
  ],
  [
    'a copy of a segment under a later name',
    () => copyFileSync(file(SECOND), file('2026-11-24T03-000')),
    [['segment_renamed', SECOND]],
  ],
  ['a seal removed from its segment', () => tamper(SECOND, 'DELETE FROM seal'), [['seal_missing', SECOND]]],
  [
    'a seal whose count was changed in both places',
    () => {
      tamper(SECOND, `UPDATE seal SET line = replace(line, '"count":10', '"count":11')`);
      editLedger((lines) =>
        lines.map((line) => (line.includes(SECOND) ? line.replace('"count":10', '"count":11') : line)),
      );
    },
    [
      ['signature_invalid', SECOND],
      ['root_mismatch', SECOND, 11, 20],
      ['head_mismatch', SECOND],
      ['signature_invalid', SECOND],
      ['chain_broken', THIRD],
    ],
  ],
  [
    'a seal signed with another key',
    () => {
      const stranger = SigningKeys.open(join(fixture.data, 'stranger'));
      const line = readFileSync(ledger(), 'utf8').split('\n')[2] ?? '';
      const message = `${line.slice(0, line.indexOf(',"signature"'))}}`;
      const forged = line.replace(
        /"signature":"[^"]*"/u,
        `"signature":"${stranger.sign(Buffer.from(message)).toString('base64')}"`,
      );
      tamper(THIRD, `UPDATE seal SET line = '${forged}'`);
      editLedger((lines) => [...lines.slice(0, 2), forged]);
    },
    [
      ['signature_invalid', THIRD],
      ['signature_invalid', THIRD],
    ],
  ],
  [
    'a byte flipped in the ledger',
    () => flip(ledger(), `"name":"${SECOND}","first_seq":11`),
    [
      ['signature_invalid', SECOND],
      ['chain_broken', SECOND, 11],
      ['ledger_mismatch', SECOND],
      ['chain_broken', THIRD],
    ],
  ],
  [
    'a ledger line removed',
    () => editLedger((lines) => lines.filter((line) => !line.includes(SECOND))),
    [
      ['chain_broken', THIRD],
      ['ledger_line_missing', SECOND],
    ],
  ],
  [
    'ledger lines that changed places',
    () => editLedger(([a = '', b = '', c = '']) => [b, a, c]),
    [
      ['chain_broken', SECOND],
      ['chain_broken', FIRST],
      ['chain_broken', THIRD],
    ],
  ],
  ['a ledger line twice', () => editLedger((lines) => [...lines, lines[0] ?? '']), [['ledger_line_duplicate', FIRST]]],
  ['a line of nonsense in the ledger', () => editLedger((lines) => [...lines, '{}']), [['ledger_malformed']]],
  [
    'the ledger removed',
    () => rmSync(ledger()),
    [
      ['ledger_line_missing', FIRST],
      ['ledger_line_missing', SECOND],
      ['ledger_line_missing', THIRD],
      ['chain_broken', OPEN, 31],
    ],
  ],
  [
    'a segment cut to half',
    () => {
      chmodSync(file(SECOND), 0o640);
      truncateSync(file(SECOND), 40_000);
    },
    [['segment_unreadable', SECOND]],
  ],
  [
    'an empty file in place of a segment',
    () => {
      chmodSync(file(SECOND), 0o640);
      writeFileSync(file(SECOND), '');
    },
    [['segment_unreadable', SECOND]],
  ],
  [
    'text in place of a segment',
    () => {
      chmodSync(file(SECOND), 0o640);
      writeFileSync(file(SECOND), 'no database\n'.repeat(1000));
    },
    [['segment_unreadable', SECOND]],
  ],
];

it.each(TAMPERINGS)('names %s', (_name, act, expected) => {
  act();
  const report = verify();
  expect(report.ok).toBe(false);
  const found = report.faults.map(about);
  expect(found).toEqual(expect.arrayContaining(expected));
  expect(found).toHaveLength(expected.length);
});

it('bounds what it lists and counts the rest', () => {
  const journal = fixture.open();
  const { bytes, origin, receivedAt } = {
    bytes: Buffer.from('x'),
    origin: ORIGINS[0] as (typeof ORIGINS)[0],
    receivedAt: 5,
  };
  journal.append(Array.from({ length: 1000 }, () => ({ origin, receivedAt, bytes })));
  journal.append([{ origin, receivedAt, bytes: Buffer.from('good') }]);
  journal.close();
  tamper(OPEN, `UPDATE record SET bytes = x'01' WHERE bytes = x'78'`);
  const report = verify();
  expect(report.faults.filter(({ code }) => code === 'record_changed')).toHaveLength(100);
  expect(report.unlistedFaults).toBe(900);
});

it('tells retention from tampering', () => {
  const journal = fixture.open();
  journal.retire(FIRST, 'older than 90 days');
  journal.close();
  expect(verify()).toMatchObject({ ok: true, segments: 3, retired: 1, firstSeq: 11 });
});

it('does not take a retirement line with a forged signature', () => {
  const journal = fixture.open();
  journal.retire(FIRST, 'age');
  journal.close();
  editLedger((lines) => lines.map((line) => line.replace('"reason":"age"', '"reason":"bge"')));
  expect(verify().faults.map(about)).toEqual([
    ['signature_invalid', FIRST],
    ['segment_missing', FIRST, 1, 10],
  ]);
});

it('takes what a crash leaves for no fault, and the next start mends it', () => {
  const journal = fixture.open();
  journal.rotate();
  journal.close();
  editLedger((lines) => [...lines.slice(0, 3), '{"type":"se']);
  truncateSync(ledger(), readFileSync(ledger()).length - 1);
  expect(verify()).toMatchObject({
    ok: true,
    notes: [expect.stringContaining('unfinished'), expect.stringContaining(OPEN)],
  });
  fixture.open().close();
  expect(verify()).toMatchObject({ ok: true, notes: [] });
});

it('may run while the journal is written, sealed and retired', () => {
  const journal = fixture.open();
  let steps = 0;
  const report = verifyJournal(fixture.directory, fixture.keys.publicKey, () => {
    steps += 1;
    if (steps === 1) journal.append(records(5, 35));
    if (steps === 2) journal.rotate();
    if (steps === 3) journal.append(records(5, 40));
    if (steps === 3) journal.rotate();
    if (steps === 3) journal.retire(FIRST, 'age');
  });
  expect(report).toMatchObject({ ok: true, segments: 4, records: 40 });
  journal.close();
  expect(verify()).toMatchObject({ ok: true, segments: 4, records: 35, retired: 1 });
});

it('does not call a segment damaged that was sealed after it was read', () => {
  const journal = fixture.open();
  const report = verifyJournal(fixture.directory, fixture.keys.publicKey, ({ segment }) => {
    if (segment === OPEN) journal.rotate();
  });
  expect(report).toMatchObject({ ok: true, records: 35 });
  journal.close();
});

/** What a reader gets to see of the journal; undefined when it cannot read it all. */
function readBack(): string | undefined {
  const reader = new JournalReader(fixture.directory);
  try {
    return JSON.stringify(
      reader
        .read(1, 100)
        .map(({ seq, receivedAt, origin, bytes }) => [seq, receivedAt, origin, Buffer.from(bytes).toString('hex')]),
    );
  } catch {
    return undefined;
  } finally {
    reader.close();
  }
}

it('never throws for a damaged byte anywhere, and never calls sound what reads differently', () => {
  const before = readBack();
  const whole = readFileSync(file(SECOND));
  chmodSync(file(SECOND), 0o640);
  let noticed = 0;
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ mask;
      writeFileSync(file(SECOND), bytes);
      const { ok } = verify();
      if (!ok) noticed += 1;
      // Most of so small a file is unused space, where a byte changes nothing.
      expect(ok && readBack() !== before).toBe(false);
    }),
    {
      numRuns: 300,
      // The pages' heads and cells, where a byte matters.
      examples: [0, 16, 18, 28, 56, 60, 100, 103, 105, 16_384, 32_768, 65_535, 81_919].map((at) => [at, 1]),
    },
  );
  writeFileSync(file(SECOND), whole);
  expect(verify().ok).toBe(true);
  expect(noticed).toBeGreaterThan(5);
});

it('never throws for a file cut anywhere', () => {
  const whole = readFileSync(file(SECOND));
  chmodSync(file(SECOND), 0o640);
  for (let length = 0; length < whole.length; length += 1500) {
    writeFileSync(file(SECOND), whole.subarray(0, length));
    expect(verify().faults.map(({ code }) => code)).toContain('segment_unreadable');
  }
});
