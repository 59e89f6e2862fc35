import type { Database as Connection } from 'better-sqlite3';
import type { Comparison, Difference, Rederived } from './contract';
import { objectOf } from './raw-line';
import { findingStatement, sessionStatement } from './write-derived';

const MOST_TOLD = 50;

type Row = Readonly<Record<string, unknown>>;

/** What says where or when a row was written, not what it says. */
const PLACES: ReadonlySet<string> = new Set(['segment', 'flow', 'recorded_at', 'last_received', 'legs']);
/** How long a link of a chain held: a pack has the observations about its sessions, not all there ever were. */
const EXTENTS: ReadonlySet<string> = new Set(['valid_from', 'valid_to', 'raw_seqs']);

class Tally implements Rederived {
  same = 0;
  differ = 0;
  absent = 0;
}

/** Compares what a pack states with what an `ascribe.db` holds that was derived again from the pack's records. */
export class DerivedComparison {
  readonly #db: Connection;
  readonly #differences: Difference[] = [];
  readonly #sessions = new Tally();
  readonly #verdicts = new Tally();
  readonly #findings = new Tally();
  #narrower = 0;

  constructor(db: Connection) {
    this.#db = db;
  }

  get result(): Comparison {
    return {
      sessions: this.#sessions,
      verdicts: this.#verdicts,
      findings: this.#findings,
      narrower: this.#narrower,
      differences: this.#differences,
    };
  }

  /** Takes a line of `sessions.ndjson`; false when it is none. */
  session(line: string): boolean {
    const stated = objectOf(line);
    const session = rowOf(stated?.['session']);
    const id = session?.['id'];
    if (stated === undefined || session === undefined || typeof id !== 'string') return false;
    const found = sessionStatement(this.#db, id);
    if (found === undefined) {
      this.#note(this.#sessions, 'session', id, undefined);
    } else {
      const parts = ['session', 'observers', 'slices'] as const;
      this.#note(
        this.#sessions,
        'session',
        id,
        parts.flatMap((part) => differing(stated[part], found[part], part)),
      );
    }
    if (stated['verdict'] !== null) this.#verdict(id, rowOf(stated['verdict']) ?? {}, rowOf(found?.['verdict']));
    return true;
  }

  /** Takes a line of `findings.ndjson`; false when it is none. */
  finding(line: string): boolean {
    const stated = objectOf(line);
    const id = stated?.['id'];
    if (stated === undefined || typeof id !== 'string') return false;
    const found = findingStatement(this.#db, id);
    this.#note(this.#findings, 'finding', id, found && differing(stated, found, ''));
    return true;
  }

  #verdict(id: string, stated: Row, found: Row | undefined): void {
    if (found === undefined) return this.#note(this.#verdicts, 'verdict', id, undefined);
    const differences = differing(stated, found, '', EXTENTS);
    if (differences.length === 0 && differing(stated, found, '').length > 0) this.#narrower += 1;
    const owner = `stated ${said(stated)}, the records lead to ${said(found)}`;
    this.#note(this.#verdicts, 'verdict', id, differences.length === 0 ? [] : [owner, ...differences]);
  }

  #note(tally: Tally, kind: Difference['kind'], id: string, differences: readonly string[] | undefined): void {
    if (differences?.length === 0) {
      tally.same += 1;
      return;
    }
    if (differences === undefined) tally.absent += 1;
    else tally.differ += 1;
    const text = differences?.slice(0, 4).join('; ') ?? 'is not derived from the records of the pack';
    if (this.#differences.length < MOST_TOLD) this.#differences.push({ kind, id, text });
  }
}

function said({ status, confidence, owner_name: owner, owner_host: host }: Row): string {
  return `${String(status)} ${String(owner)}${host === '' || host === owner ? '' : ` on ${String(host)}`} (${String(confidence)})`;
}

function rowOf(value: unknown): Row | undefined {
  return typeof value === 'object' && value !== null ? (value as Row) : undefined;
}

/** Names of the members in which two values differ, with both values where they are short. */
function differing(stated: unknown, found: unknown, path: string, also: ReadonlySet<string> = new Set()): string[] {
  const [one, other] = [rowOf(stated), rowOf(found)];
  if (one === undefined || other === undefined) {
    return Object.is(stated, found) ? [] : [`${path}: ${shown(stated)}, again ${shown(found)}`];
  }
  if (Array.isArray(stated) && Array.isArray(found) && stated.length !== found.length) {
    return [`${path}: ${stated.length}, again ${found.length}`];
  }
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names]
    .filter((name) => !PLACES.has(name) && !also.has(name))
    .flatMap((name) => differing(one[name], other[name], path === '' ? name : `${path}.${name}`, also));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
