import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { KeyObject } from 'node:crypto';
import {
  checkSegmentVersion,
  readHead,
  readMeta,
  readSealLine,
  type SegmentHead,
  type SegmentMeta,
} from './segment-schema';
import { isSignedBy, parseSeal, type SealStatement, type SignedStatement } from './statement';
import { RecordCheck, type RecordsResult } from './verify-records';
import type { FaultList } from './verify-report';

/** What one segment's file says of itself, for the chain to be checked. */
export interface SegmentFinding {
  readonly name: string;
  /** Undefined when the file cannot be read that far. */
  readonly meta: SegmentMeta | undefined;
  readonly sealLine: string | undefined;
  readonly seal: SignedStatement<SealStatement> | undefined;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly records: number;
  readonly bytes: number;
}

/** Checks one segment on its own: every record, and what they come to against seal or head. Never throws. */
export function verifySegment(
  path: string,
  name: string,
  publicKey: KeyObject,
  faults: FaultList,
  onRecord: (count: number) => void,
): SegmentFinding {
  const reading: Reading = { name, faults, position: undefined };
  let db: Database.Database | undefined;
  let finding: SegmentFinding = emptyFinding(name);
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
    checkSegmentVersion(db, path);
    checkLength(path, db, reading);
    // One snapshot: the journal may be writing meanwhile.
    db.exec('BEGIN');
    const meta = readMeta(db);
    const head = readHead(db);
    const sealLine = readSealLine(db);
    const seal = sealLine === undefined ? undefined : parseSeal(sealLine);
    finding = { ...finding, meta, sealLine, seal, firstSeq: meta?.first_seq ?? 0 };
    if (meta === undefined || head === undefined) {
      faults.add({ code: 'segment_unreadable', segment: name, text: 'the meta or head row is gone' });
      return finding;
    }
    if (seal !== undefined) checkSealItself(seal, meta, publicKey, reading);
    else if (sealLine !== undefined) {
      faults.add({ code: 'seal_missing', segment: name, text: 'its seal is no statement of ours' });
    }
    const first = seal?.statement.first_seq ?? meta.first_seq;
    const last = seal?.statement.last_seq ?? head.last_seq;
    const check = new RecordCheck(db, name, first, faults);
    reading.position = check;
    const result = check.run(last, onRecord);
    if (seal !== undefined) checkAgainstSeal(result, seal.statement, reading);
    checkAgainstHead(result, head, seal, reading);
    return { ...finding, firstSeq: first, lastSeq: last, records: result.count, bytes: result.bytes };
  } catch (error) {
    faults.add({ code: 'segment_unreadable', segment: name, ...unreadable(error, reading.position?.position) });
    return finding;
  } finally {
    db?.close();
  }
}

/**
 * SQLite reads what is missing of a last page as zeros; pages that are missing whole it notices itself. Under a WAL a file
 * may end within a page for good reason: a full disk broke off a checkpoint, and the page is in the WAL.
 */
function checkLength(path: string, db: Database.Database, { name, faults }: Reading): void {
  if (db.pragma('journal_mode', { simple: true }) === 'wal') return;
  const pageBytes = Number(db.pragma('page_size', { simple: true }));
  const { size } = statSync(path);
  if (size % pageBytes === 0) return;
  const text = `the file is cut short: ${size} bytes are no whole number of pages of ${pageBytes}`;
  faults.add({ code: 'segment_unreadable', segment: name, text });
}

interface Reading {
  readonly name: string;
  readonly faults: FaultList;
  position: RecordCheck | undefined;
}

function emptyFinding(name: string): SegmentFinding {
  return {
    name,
    meta: undefined,
    sealLine: undefined,
    seal: undefined,
    firstSeq: 0,
    lastSeq: 0,
    records: 0,
    bytes: 0,
  };
}

function unreadable(error: unknown, position: number | undefined): { readonly seq?: number; readonly text: string } {
  const what = String(error);
  if (position === undefined) return { text: `SQLite cannot read it: ${what}` };
  return { seq: position, text: `SQLite cannot read on from about record ${position}: ${what}` };
}

function checkSealItself(
  seal: SignedStatement<SealStatement>,
  meta: SegmentMeta,
  publicKey: KeyObject,
  { name, faults }: Reading,
): void {
  const { statement } = seal;
  if (!isSignedBy(seal, publicKey)) {
    faults.add({
      code: 'signature_invalid',
      segment: name,
      text: 'its seal does not bear a valid signature of this key',
    });
  }
  const isSame =
    meta.segment === statement.segment &&
    meta.name === statement.name &&
    meta.first_seq === statement.first_seq &&
    meta.previous_seal === statement.previous;
  if (!isSame) faults.add({ code: 'chain_broken', segment: name, text: 'its meta row is not what its seal says' });
}

function checkAgainstSeal(result: RecordsResult, seal: SealStatement, { name, faults }: Reading): void {
  if (result.isExplained || (result.root.toString('hex') === seal.root && result.count === seal.count)) return;
  faults.add({
    code: 'root_mismatch',
    segment: name,
    seq: seal.first_seq,
    lastSeq: seal.last_seq,
    text: `its ${result.count} records are not the ${seal.count} that were sealed: records were rewritten with their hashes`,
  });
}

function checkAgainstHead(
  result: RecordsResult,
  head: SegmentHead,
  seal: SignedStatement<SealStatement> | undefined,
  { name, faults }: Reading,
): void {
  if (seal !== undefined) {
    const { count, last_seq, root } = seal.statement;
    if (head.count === count && head.last_seq === last_seq && head.root.toString('hex') === root) return;
    faults.add({ code: 'head_mismatch', segment: name, text: 'its head is not what its seal says' });
    return;
  }
  const isSame = head.count === result.count && head.root.equals(result.root) && head.last_seq === result.lastSeq;
  if (isSame || (result.isExplained && head.count === result.count)) return;
  faults.add({
    code: 'head_mismatch',
    segment: name,
    text: `open segment: its ${result.count} records are not the ${head.count} that its head accounts for`,
  });
}
