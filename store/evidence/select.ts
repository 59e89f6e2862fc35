import type { Database as Connection, Statement } from 'better-sqlite3';
import type { JournalReader } from '../journal/journal-reader';
import { findingDetail } from '../queries/findings';
import { sessionDetail } from '../queries/session-detail';
import { findOwners, verdictDetail } from '../queries/verdicts';
import type { Selection } from './contract';
import type { Scope } from './scope';
import { addTemplates } from './templates';

const STEP_RECORDS = 512;
const MOST_MATCHES = 1_000_000;
const MOST_OWNERS = 1000;
const EVER = Number.MAX_SAFE_INTEGER;

/**
 * Fills a scope with what a selection means: its sessions with their other legs, its findings, and every journal record
 * that those point to, with the templates that these need; for a stretch of time every record received in it as well. False when nothing is called so.
 */
export function select(db: Connection, journal: JournalReader, selection: Selection, scope: Scope): boolean {
  scope.fill(() => name(db, selection, scope));
  if (selection.kind === 'time') addReceived(journal, selection.from, selection.to, scope);
  const sessions = [...legs(db, scope)];
  scope.fill(() => {
    for (const id of sessions) scope.addSession(id);
  });
  addPointers(db, scope);
  addTemplates(journal, scope);
  const { seqs, sessions: named, findings } = scope.counts;
  return seqs + named + findings > 0;
}

function name(db: Connection, selection: Selection, scope: Scope): void {
  switch (selection.kind) {
    case 'session':
      if (sessionDetail(db, selection.id, 0) !== undefined) scope.addSession(selection.id);
      return;
    case 'finding': {
      const detail = findingDetail(db, selection.id, MOST_MATCHES);
      if (detail === undefined) return;
      scope.addFinding(String(detail.finding['id']));
      for (const { session } of detail.matches) if (typeof session === 'string') scope.addSession(session);
      return;
    }
    case 'owner':
      nameOwner(db, selection.name, selection.from ?? 0, selection.to ?? EVER, scope);
      return;
    case 'time':
      addAll(db, 'SELECT id FROM session_row WHERE start >= ? AND start < ?', [selection.from, selection.to], (id) =>
        scope.addSession(id),
      );
      addFindings(db, '1', [], selection.from, selection.to, scope);
  }
}

function nameOwner(db: Connection, owner: string, from: number, to: number, scope: Scope): void {
  for (const { id, numbers } of findOwners(db, owner, MOST_OWNERS)) {
    const sql = `SELECT s.id FROM verdict_row v JOIN session_row s ON s.num = v.session
      WHERE v.owner = ? AND v.start >= ? AND v.start < ?`;
    for (const number of numbers) addAll(db, sql, [number, from, to], (session) => scope.addSession(session));
    addFindings(db, 'owner_id = ?', [id], from, to, scope);
  }
}

function addFindings(
  db: Connection,
  where: string,
  values: readonly string[],
  from: number,
  to: number,
  scope: Scope,
): void {
  const sql = `SELECT id FROM finding WHERE ${where} AND last_seen >= ? AND first_seen < ?`;
  addAll(db, sql, [...values, from, to], (id) => scope.addFinding(id));
}

function addAll(db: Connection, sql: string, values: readonly unknown[], add: (id: string) => void): void {
  for (const id of db.prepare(sql).pluck().iterate(values)) add(id as string);
}

/** Sessions that are the same communication behind a translation. */
function* legs(db: Connection, scope: Scope): Generator<string> {
  const own = db
    .prepare(
      `SELECT l.id FROM session_row s JOIN verdict_row v ON v.session = s.num JOIN session_row l ON l.num = v.leg_of
      WHERE s.id = ?`,
    )
    .pluck();
  for (const id of scope.sessions()) {
    yield* own.all(id) as string[];
    yield* verdictDetail(db, id)?.legs ?? [];
  }
}

/** Every record a session's slices, a verdict's steps or a finding's matches come from. */
function addPointers(db: Connection, scope: Scope): void {
  const seqs = db
    .prepare(
      `SELECT raw_seq FROM session_slice WHERE session = @id UNION
      SELECT j.value FROM verdict_step v, json_each(v.raw_seqs) j WHERE v.session = @id`,
    )
    .pluck();
  const matches = db
    .prepare(
      `SELECT raw_seq FROM finding_match WHERE finding = @id AND raw_seq IS NOT NULL UNION
      SELECT c.raw_seq FROM finding_match m, json_each(m.changes) j JOIN change_row c ON c.num = j.value WHERE m.finding = @id`,
    )
    .pluck();
  addFrom(scope, [...scope.sessions()], seqs);
  addFrom(scope, [...scope.findings()], matches);
}

/** The ids are listed first: a scope cannot be written to while it is being read. */
function addFrom(scope: Scope, ids: readonly string[], pointers: Statement): void {
  scope.fill(() => {
    for (const id of ids) {
      for (const seq of pointers.iterate({ id })) if (Number.isSafeInteger(seq)) scope.addSeq(seq as number);
    }
  });
}

function addReceived(journal: JournalReader, from: number, to: number, scope: Scope): void {
  for (const { name, firstSeq, lastSeq } of journal.segments()) {
    for (let next = firstSeq; next <= lastSeq;) {
      const records = journal.readSegment(name, next, STEP_RECORDS);
      if (records.length === 0) break;
      scope.fill(() => {
        for (const { seq, receivedAt } of records) if (receivedAt >= from && receivedAt < to) scope.addSeq(seq);
      });
      next = (records.at(-1)?.seq ?? lastSeq) + 1;
    }
  }
}
