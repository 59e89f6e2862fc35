import type { Database as Connection } from 'better-sqlite3';
import type { JournalReader } from '../journal/journal-reader';
import { findingDetail } from '../queries/findings';
import { sessionDetail } from '../queries/session-detail';
import { findOwners, verdictDetail } from '../queries/verdicts';
import type { Consulted, Selection } from './contract';
import { addReadings } from './readings';
import type { Scope } from './scope';
import { addTemplates } from './templates';

/** Ids of one transaction. */
const PAGE = 500;
const MOST_OWNERS = 1000;
const EVER = Number.MAX_SAFE_INTEGER;

/**
 * Fills a scope with what a selection means: its sessions with their other legs, its findings with the sessions they rest on, and every
 * journal record that those come from or rest on, with the templates and other tables that these need to be read; for a stretch of time every record
 * received in it as well. False when nothing is called so.
 */
export function select(
  db: Connection,
  journal: JournalReader,
  selection: Selection,
  scope: Scope,
  consulted: Consulted,
): boolean {
  scope.fill(() => name(db, selection, scope));
  if (selection.kind === 'time') addReceived(journal, selection.from, selection.to, scope);
  addEach(scope, scope.findingPage, sessionsOfFinding(db), (id) => scope.addSession(id as string));
  addEach(scope, scope.sessionPage, legsOf(db), (id) => scope.addSession(id as string));
  const addSeq = (seq: unknown): void => {
    if (Number.isSafeInteger(seq)) scope.addSeq(seq as number);
  };
  addEach(scope, scope.findingPage, recordsOfFinding(db), addSeq);
  addEach(scope, scope.sessionPage, recordsOfSession(db, consulted), addSeq);
  addReadings(journal, scope);
  addTemplates(journal, scope);
  const { seqs, sessions: named, findings } = scope.counts;
  return seqs + named + findings > 0;
}

/** Adds what belongs to each id of a scope; also of ids that are added meanwhile. A scope is not written to while it is read. */
function addEach(
  scope: Scope,
  page: (after: string, limit: number) => string[],
  of: (id: string) => Iterable<unknown>,
  add: (value: unknown) => void,
): void {
  for (let ids = page('', PAGE); ids.length > 0; ids = page(ids.at(-1) ?? '', PAGE)) {
    scope.fill(() => {
      for (const id of ids) for (const value of of(id)) add(value);
    });
  }
}

function name(db: Connection, selection: Selection, scope: Scope): void {
  switch (selection.kind) {
    case 'session':
      if (sessionDetail(db, selection.id, 0) !== undefined) scope.addSession(selection.id);
      return;
    case 'finding': {
      const detail = findingDetail(db, selection.id, 0);
      if (detail === undefined) return;
      scope.addFinding(String(detail.finding['id']));
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

/** Sessions that a finding's matches are, and those of the series it found a rhythm in, as far as it was scored. */
function sessionsOfFinding(db: Connection): (id: string) => Iterable<unknown> {
  const sessions = db
    .prepare(
      `SELECT session FROM finding_match WHERE finding = @id AND session IS NOT NULL UNION
      SELECT s.id FROM finding_row f JOIN finding_match_row m ON m.finding = f.num AND m.origin = 'series'
      JOIN series_session_row r ON r.series = m.origin_num JOIN session_row s ON s.num = r.session
      WHERE f.id = @id AND r.start <= m.at`,
    )
    .pluck();
  return (id) => sessions.all({ id });
}

/** Sessions that are the same communication behind a translation. */
function legsOf(db: Connection): (id: string) => Iterable<unknown> {
  const own = db
    .prepare(
      `SELECT l.id FROM session_row s JOIN verdict_row v ON v.session = s.num JOIN session_row l ON l.num = v.leg_of
      WHERE s.id = ?`,
    )
    .pluck();
  return (id) => [...own.all(id), ...(verdictDetail(db, id)?.legs ?? [])];
}

/** The records of a finding's matches and of the changes that these name. */
function recordsOfFinding(db: Connection): (id: string) => Iterable<unknown> {
  const records = db
    .prepare(
      `SELECT raw_seq FROM finding_match WHERE finding = @id AND raw_seq IS NOT NULL UNION
      SELECT c.raw_seq FROM finding_match m, json_each(m.changes) j JOIN change_row c ON c.num = j.value WHERE m.finding = @id`,
    )
    .pluck();
  return (id) => records.all({ id });
}

/** The records of a session's slices and of its verdict's steps, and all that the verdict rests on. */
function recordsOfSession(db: Connection, consulted: Consulted): (id: string) => Iterable<unknown> {
  const records = db
    .prepare(
      `SELECT raw_seq FROM session_slice WHERE session = @id UNION
      SELECT j.value FROM verdict_step v, json_each(v.raw_seqs) j WHERE v.session = @id`,
    )
    .pluck();
  return (id) => [...records.all({ id }), ...consulted.of(id)];
}

function addReceived(journal: JournalReader, from: number, to: number, scope: Scope): void {
  for (const segment of journal.segmentNames()) {
    const seqs = journal.receivedBetween(segment, from, to);
    scope.fill(() => {
      for (const seq of seqs) scope.addSeq(seq);
    });
  }
}
