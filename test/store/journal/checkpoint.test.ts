import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import {
  appendCheckpoint,
  CHECKPOINT_FILE,
  CheckpointReader,
  readCheckpoints,
} from '../../../store/journal/checkpoint-log';
import { Journal } from '../../../store/journal/journal';
import { SigningKeys } from '../../../store/journal/signing-keys';
import { parseCheckpoint, parseStatement } from '../../../store/journal/statement';
import { verifyCheckpoint } from '../../../store/journal/verify-checkpoint';

const T = Date.UTC(2026, 10, 24, 1);
const ORIGIN = { collector: 'syslog', source: 'udp://0.0.0.0:5514', peer: '192.0.2.7:514', format: 'syslog' } as const;

let folder: string;
let directory: string;
let keys: SigningKeys;
let journal: Journal;
let count = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ascribe-checkpoint-'));
  directory = join(folder, 'journal');
  keys = SigningKeys.open(join(folder, 'keys'));
  journal = Journal.open(directory, { keys, reserveBytes: 0, now: () => T });
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

function receive(records: number): void {
  const batch = Array.from({ length: records }, () => ({
    origin: ORIGIN,
    receivedAt: T,
    bytes: Buffer.from(`line ${(count += 1)}`),
  }));
  journal.append(batch);
}

const outcomes = (): string[] =>
  readCheckpoints(directory).map((checkpoint) => verifyCheckpoint(directory, keys.publicKey, checkpoint).outcome);

test('checkpoints within a segment, at its end and after a restart are of the past of the journal', () => {
  receive(5);
  expect(journal.checkpoint()?.statement).toMatchObject({
    first_seq: 1,
    last_seq: 5,
    count: 5,
    at: T,
    key: keys.fingerprint,
  });
  expect(journal.checkpoint()).toBeUndefined();
  receive(6);
  journal.checkpoint();
  receive(2);
  journal.rotate();
  receive(3);
  journal.close();
  journal = Journal.open(directory, { keys, reserveBytes: 0, now: () => T });
  receive(1);
  journal.checkpoint();
  expect(readCheckpoints(directory).map(({ statement }) => statement.last_seq)).toEqual([5, 11, 13, 17]);
  expect(outcomes()).toEqual(['same', 'same', 'same', 'same']);
});

test('what is not of the past is told: records rewritten with their hashes, cut off, another journal, another key', () => {
  receive(9);
  journal.rotate();
  receive(4);
  const [, last] = [journal.rotate(), readCheckpoints(directory).at(-1)!];
  journal.close();
  const differs = (key = keys): string => {
    const { outcome, text } = verifyCheckpoint(directory, key.publicKey, last);
    expect(text).toContain(last.hash);
    return `${outcome}: ${text}`;
  };
  expect(differs(SigningKeys.open(join(folder, 'other')))).toContain('valid signature');
  const path = join(directory, `${last.statement.name}.db`);
  const sound = readFileSync(path);
  const change = (sql: string): void => {
    writeFileSync(`${path}.new`, sound);
    const db = new Database(`${path}.new`);
    db.exec(sql);
    db.close();
    rmSync(path);
    writeFileSync(path, readFileSync(`${path}.new`));
    rmSync(`${path}.new`);
  };
  change(`UPDATE record SET hash = zeroblob(32) WHERE seq = 11`);
  expect(differs()).toContain('are not those of then');
  change(`DELETE FROM record WHERE seq = 13`);
  expect(differs()).toContain('holds 3 now');
  change(`UPDATE meta SET previous_seal = '${'0'.repeat(64)}'`);
  expect(differs()).toContain('another seal');
  writeFileSync(path, 'no database');
  expect(differs()).toContain('cannot be read');
  rmSync(path);
  expect(differs()).toContain('is not there');
});

test('a retired segment keeps its place in the chain', () => {
  receive(2);
  journal.checkpoint();
  receive(2);
  journal.rotate();
  const [first] = readCheckpoints(directory);
  journal.retire(first!.statement.name, 'for the test');
  expect(outcomes()).toEqual(['retired', 'retired']);
});

test('a reader gets what comes, over a line that a crash cut and a file that was begun anew', () => {
  const reader = new CheckpointReader(directory);
  expect(reader.more()).toEqual([]);
  receive(1);
  journal.checkpoint();
  expect(reader.more()).toHaveLength(1);
  const path = join(directory, CHECKPOINT_FILE);
  writeFileSync(path, '{"type":"checkpoint","cut', { flag: 'a' });
  expect(reader.more()).toEqual([]);
  receive(1);
  const second = journal.checkpoint()!;
  expect(reader.more().map(({ hash }) => hash)).toEqual([second.hash]);
  rmSync(path);
  appendCheckpoint(directory, second);
  expect(existsSync(path)).toBe(true);
  expect(reader.more().map(({ hash }) => hash)).toEqual([second.hash]);
});

test('a checkpoint is no line of the ledger, and the other way round', () => {
  receive(1);
  const { line } = journal.checkpoint()!;
  expect(parseStatement(line)).toBeUndefined();
  expect(parseCheckpoint(line)?.line).toBe(line);
  expect(parseCheckpoint(line.replace('"type":"checkpoint"', '"type":"seal"'))).toBeUndefined();
  expect(parseCheckpoint(`${line} `)).toBeUndefined();
});
