import type { Database as Connection, Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { AppliedRule, Owner, VerdictRecord, VerdictStep } from './verdict-record';

/** Owners and rules whose numbers are remembered. */
const REMEMBERED = 65_536;

const REVISION = 'verdict_revision';
const SESSIONS = 'verdict_sessions';

/** For this stretch of time something else is known of a key than before. */
export interface ReopenRow {
  readonly num: number;
  readonly relation: string;
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** Columns by which verdicts are found: writing one that did not change costs its indexes as much as if it had. */
const PLACED = ['start', 'status', 'owner', 'leg_of', 'rule', 'source'] as const;

/** All others. */
const TOLD = ['confidence', 'reasons', 'owners', 'steps', 'source_port'] as const;

const WRITTEN = ['recorded_at', 'revision'] as const;

/** A verdict as its row holds it. */
interface VerdictRow {
  readonly status: string;
  readonly confidence: number;
  readonly owner: number;
  readonly reasons: string;
  readonly owners: string;
  readonly steps: string;
  readonly source: Buffer | null;
  readonly source_port: number | null;
  readonly leg_of: number | null;
  readonly rule: number | null;
  readonly start: number;
  readonly session: number;
}

/** Writes verdicts. A verdict that says what the stored one says is not written again and gets no new revision. */
export class VerdictStore {
  readonly #db: Connection;
  readonly #owners = new LRUCache<string, number>({ max: REMEMBERED });
  readonly #rules = new LRUCache<string, number>({ max: REMEMBERED });
  readonly #has: Statement;
  readonly #insert: Statement;
  readonly #replace: Statement;
  readonly #revise: Statement;
  readonly #addOwner: Statement;
  readonly #findOwner: Statement;
  readonly #addRule: Statement;
  readonly #findRule: Statement;
  readonly #addSource: Statement;
  readonly #setCounter: Statement;
  readonly #reopened: Statement;
  readonly #reopenedAfter: Statement;
  readonly #close: Statement;
  readonly #reopen: Statement;
  readonly #addTranslated: Statement;
  readonly #addProxy: Statement;
  #revision: number;
  /** Highest number of a session that has a verdict. */
  #highest: number;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#db = db;
    this.#has = db.prepare('SELECT 1 FROM verdict_row WHERE session = ?').pluck();
    const columns = ['session', ...PLACED, ...TOLD, ...WRITTEN];
    const values = columns.map((column) => `@${column}`);
    this.#insert = db.prepare(`INSERT INTO verdict_row(${columns.join(', ')}) VALUES (${values.join(', ')})`);
    const isElsewhere = differs(PLACED);
    this.#revise = db.prepare(`${updateOf([...TOLD, ...WRITTEN])} AND NOT (${isElsewhere}) AND (${differs(TOLD)})`);
    this.#replace = db.prepare(`${updateOf([...PLACED, ...TOLD, ...WRITTEN])} AND (${isElsewhere})`);
    this.#addOwner = db.prepare('INSERT INTO owner_row(kind, id, name, host) VALUES (?, ?, ?, ?)');
    this.#findOwner = db
      .prepare('SELECT num FROM owner_row WHERE kind = ? AND id = ? AND name = ? AND host = ?')
      .pluck();
    const rule = ['device', 'name', 'id', 'config_version', 'line', 'author', 'committed_at', 'text'];
    this.#addRule = db.prepare(`INSERT INTO rule_row(${rule.join(', ')}) VALUES (${rule.map(() => '?').join(', ')})`);
    this.#findRule = db
      .prepare(`SELECT num FROM rule_row WHERE ${rule.map((name) => `${name} = ?`).join(' AND ')}`)
      .pluck();
    this.#addSource = db.prepare('INSERT OR IGNORE INTO true_source_row(address, start, session) VALUES (?, ?, ?)');
    this.#setCounter = db.prepare('INSERT OR REPLACE INTO counter(name, value) VALUES (?, ?)');
    this.#reopened = db.prepare('SELECT num, relation, key, "from", "to" FROM reopen_row ORDER BY num LIMIT ?');
    this.#reopenedAfter = db.prepare(`SELECT num, relation, key, "from", "to" FROM reopen_row WHERE num > ?
      ORDER BY num LIMIT ?`);
    this.#close = db.prepare('DELETE FROM reopen_row WHERE num <= ?');
    this.#addTranslated = db.prepare('INSERT OR IGNORE INTO translated_row(address, recorded_at) VALUES (?, ?)');
    this.#addProxy = db.prepare('INSERT OR IGNORE INTO proxy_row(address, recorded_at) VALUES (?, ?)');
    this.#reopen = db.prepare('INSERT INTO reopen_row(relation, key, "from", "to") VALUES (?, ?, ?, ?)');
    this.#revision = this.#counter(REVISION);
    this.#highest = this.highest();
  }

  /**
   * Stores those of the verdicts that say something new and returns how many did. `recordedAt`: receive time up to which
   * evidence was looked at, epoch ms. To be called inside a transaction.
   */
  write(verdicts: readonly VerdictRecord[], recordedAt: number): number {
    let changed = 0;
    for (const verdict of verdicts) if (this.#write(verdict, recordedAt)) changed++;
    if (changed > 0) this.#setCounter.run(REVISION, this.#revision);
    return changed;
  }

  /** The oldest changes of evidence that verdicts have not seen. */
  reopened(limit: number): ReopenRow[] {
    return this.#reopened.all(limit) as ReopenRow[];
  }

  /** Changes of evidence after a number, in order. */
  reopenedAfter(num: number, limit: number): ReopenRow[] {
    return this.#reopenedAfter.all(num, limit) as ReopenRow[];
  }

  /** Highest number of a session that has a verdict. */
  highest(): number {
    return (this.#db.prepare('SELECT max(session) FROM verdict_row').pluck().get() as number | null) ?? 0;
  }

  /** All changes up to this number have been seen. */
  close(num: number): void {
    this.#close.run(num);
  }

  reopen({ relation, key, from, to }: Omit<ReopenRow, 'num'>): void {
    this.#reopen.run(relation, key, from, to);
  }

  /** An address (hex) that some source named as the outside of a translation; true when none had before. */
  addTranslated(address: string, recordedAt: number): boolean {
    return this.#addTranslated.run(Buffer.from(address, 'hex'), recordedAt).changes > 0;
  }

  /** An address (hex) that some source showed to be a proxy's. */
  addProxy(address: string, recordedAt: number): void {
    this.#addProxy.run(Buffer.from(address, 'hex'), recordedAt);
  }

  /** Revision of the last changed session that was looked at. */
  get sessionRevision(): number {
    return this.#counter(SESSIONS);
  }

  setSessionRevision(revision: number): void {
    this.#setCounter.run(SESSIONS, revision);
  }

  /** Receive time up to which sessions, bindings and accounts are known. */
  knownTo(): number {
    return Math.max(...['watermark', 'bindings_known_to', 'accounts_known_to'].map((name) => this.#counter(name)));
  }

  /** Runs one step of the stage in a transaction, its lookups too. */
  inTransaction<T>(work: () => T): T {
    return this.#db.transaction(work)();
  }

  #counter(name: string): number {
    const value = this.#db.prepare('SELECT value FROM counter WHERE name = ?').pluck().get(name);
    return (value as number | undefined) ?? 0;
  }

  /** To be called when the transaction was given up: numbers made in it are gone with it. */
  forget(): void {
    this.#owners.clear();
    this.#rules.clear();
    this.#revision = this.#counter(REVISION);
    this.#highest = this.highest();
  }

  #write(verdict: VerdictRecord, recordedAt: number): boolean {
    const { session, start, sources } = verdict;
    if (!this.#put({ ...this.#rowOf(verdict), recorded_at: recordedAt, revision: this.#revision + 1 })) return false;
    this.#revision++;
    this.#highest = Math.max(this.#highest, session);
    for (const address of sources) this.#addSource.run(Buffer.from(address, 'hex'), start, session);
    return true;
  }

  /** False when the stored verdict says the same: SQLite compares, because reading a chain of a kilobyte costs more than writing it. */
  #put(row: VerdictRow & { readonly recorded_at: number; readonly revision: number }): boolean {
    if (row.session <= this.#highest) {
      if (this.#revise.run(row).changes > 0 || this.#replace.run(row).changes > 0) return true;
      if (this.#has.get(row.session) !== undefined) return false;
    }
    this.#insert.run(row);
    return true;
  }

  #rowOf(verdict: VerdictRecord): VerdictRow {
    const owners = verdict.owners.map(({ owner, weight }) => [this.#ownerNumber(owner), weight] as const);
    return {
      session: verdict.session,
      start: verdict.start,
      status: verdict.status,
      confidence: verdict.confidence,
      owner: owners[0]?.[0] ?? 0,
      reasons: verdict.reasons.join(' '),
      owners: JSON.stringify(owners),
      steps: JSON.stringify(verdict.steps.map(stepValues)),
      source: verdict.source === null ? null : Buffer.from(verdict.source, 'hex'),
      source_port: verdict.sourcePort,
      leg_of: verdict.legOf,
      rule: verdict.rule === null ? null : this.#ruleNumber(verdict.rule),
    };
  }

  #ownerNumber({ kind, id, name, host }: Owner): number {
    return this.#number(this.#owners, this.#findOwner, this.#addOwner, [kind, id, name, host]);
  }

  #ruleNumber({ device, name, id, configVersion, line, author, committedAt, text }: AppliedRule): number {
    const values = [device, name, id, configVersion, line, author, committedAt, text];
    return this.#number(this.#rules, this.#findRule, this.#addRule, values);
  }

  #number(known: LRUCache<string, number>, find: Statement, add: Statement, values: readonly unknown[]): number {
    const key = JSON.stringify(values);
    let number = known.get(key);
    if (number === undefined) {
      number = find.get(values) as number | undefined;
      number ??= Number(add.run(values).lastInsertRowid);
      known.set(key, number);
    }
    return number;
  }
}

/** In the order of `STEP_MEMBERS`. */
function stepValues(step: VerdictStep): unknown[] {
  const { relation, from, to, device, parser, validFrom, validTo, clockOffset, confidence, rawSeqs, detail } = step;
  return [relation, from, to, device, parser, validFrom, validTo, clockOffset, confidence, rawSeqs, detail];
}

/** Whether any of the columns is to hold another value. */
function differs(columns: readonly string[]): string {
  return columns.map((column) => `${column} IS NOT @${column}`).join(' OR ');
}

function updateOf(columns: readonly string[]): string {
  return `UPDATE verdict_row SET ${columns.map((column) => `${column} = @${column}`).join(', ')} WHERE session = @session`;
}
