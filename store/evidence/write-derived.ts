import type { Database as Connection } from 'better-sqlite3';
import { findingDetail } from '../queries/findings';
import { sessionDetail } from '../queries/session-detail';
import { narrowed, type SessionRow } from '../queries/sessions';
import { verdictDetail } from '../queries/verdicts';
import type { RawResult } from './write-raw';
import type { Scope } from './scope';
import type { SpoolFile } from './spool';

const ALL = 10_000_000;

/** Writes the sessions of a scope, one a line, each with what it was joined from and its verdict. */
export function writeSessions(db: Connection, scope: Scope, file: SpoolFile): void {
  for (const id of scope.sessions()) {
    const statement = sessionStatement(db, id);
    if (statement !== undefined) file.line(JSON.stringify(statement));
  }
}

/** What a pack states of a session: its row, `observers`, `slices`, `verdict`; undefined when there is none with this id. */
export function sessionStatement(db: Connection, id: string): Record<string, unknown> | undefined {
  const detail = sessionDetail(db, id, ALL);
  if (detail === undefined) return undefined;
  const found = verdictDetail(db, id);
  const verdict = found && {
    ...plainRow(found.verdict),
    owners: found.owners.map(plainRow),
    steps: found.steps.map((step) => ({ ...plainRow(step), raw_seqs: parsed(step['raw_seqs']) })),
    legs: found.legs,
  };
  const { session, observers, slices } = detail;
  return {
    session: plainRow(session),
    observers: observers.map(plainRow),
    slices: slices.map(plainRow),
    verdict: verdict ?? null,
  };
}

/** Writes the findings of a scope, one a line, each with its matches. */
export function writeFindings(db: Connection, scope: Scope, file: SpoolFile): void {
  for (const id of scope.findings()) {
    const statement = findingStatement(db, id);
    if (statement !== undefined) file.line(JSON.stringify(statement));
  }
}

/** What a pack states of a finding: its row with `matches`; undefined when there is none with this id. */
export function findingStatement(db: Connection, id: string): Record<string, unknown> | undefined {
  const detail = findingDetail(db, id, ALL);
  if (detail === undefined) return undefined;
  // Numbers of rows are those of one database.
  const matches = detail.matches.map(({ changes: _changes, ...match }) => plainRow(match));
  return { ...plainRow(detail.finding), matches };
}

/** Writes what is known to be missing: admitted gaps, stretches without sight, and records the journal has no more. */
export function writeLoss(db: Connection, scope: Scope, { absent }: RawResult, file: SpoolFile): void {
  for (const run of absent) file.line(JSON.stringify({ loss: 'absent', ...run, reason: 'no longer in the journal' }));
  const range = scope.range();
  if (range === undefined) return;
  const rows = (loss: string, sql: string, values: readonly unknown[]): void => {
    for (const row of db.prepare(sql).safeIntegers().iterate(values)) {
      file.line(JSON.stringify({ loss, ...plainRow(narrowed(row as SessionRow)) }));
    }
  };
  rows('gap', 'SELECT * FROM gap WHERE raw_seq BETWEEN ? AND ? ORDER BY raw_seq, segment, id', [
    range.first,
    range.last,
  ]);
  const [from, to] = spanOf(db, scope);
  rows(
    'blind',
    'SELECT * FROM blind WHERE "from" <= ? AND ("to" IS NULL OR "to" >= ?) ORDER BY device, kind, "from", reason',
    [to, from],
  );
}

/** From the earliest start of a session in the scope to the latest end; a span that holds nothing without sessions. */
export function spanOf(db: Connection, scope: Scope): [from: number, to: number] {
  const row = db.prepare('SELECT start, "end" FROM session_row WHERE id = ?');
  let [from, to] = [Number.MAX_SAFE_INTEGER, 0];
  for (const id of scope.sessions()) {
    const session = row.get(id) as { start: number; end: number } | undefined;
    from = Math.min(from, session?.start ?? from);
    to = Math.max(to, session?.end ?? to);
  }
  return [from, to];
}

/** A row as JSON has it: bytes in hex, integers beyond 2^53 as their digits. The revision is left out: it counts changes, not facts. */
function plainRow({ revision: _revision, ...row }: SessionRow): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      if (typeof value === 'bigint') return [name, value.toString()];
      return [name, Buffer.isBuffer(value) ? value.toString('hex') : value];
    }),
  );
}

function parsed(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}
