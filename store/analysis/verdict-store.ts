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

/** All others, and the revision. */
const TOLD = ['confidence', 'reasons', 'owners', 'steps', 'source_port', 'recorded_at', 'revision'] as const;

interface StoredText {
  readonly status: string;
  readonly confidence: number;
  readonly owner: number;
  readonly reasons: string;
  readonly owners: string;
  readonly steps: string;
  readonly source: Buffer | null;
  readonly sourcePort: number | null;
  readonly legOf: number | null;
  readonly rule: number | null;
  readonly start: number;
}

/** Writes verdicts. A verdict that says what the stored one says is not written again and gets no new revision. */
export class VerdictStore {
  readonly #db: Connection;
  readonly #owners = new LRUCache<string, number>({ max: REMEMBERED });
  readonly #rules = new LRUCache<string, number>({ max: REMEMBERED });
  readonly #find: Statement;
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
    this.#find = db.prepare(`SELECT start, status, confidence, owner, reasons, owners, steps, source,
      source_port AS sourcePort, leg_of AS legOf, rule FROM verdict_row WHERE session = ?`);
    this.#insert = db.prepare(`INSERT INTO verdict_row(${[...PLACED, ...TOLD, 'session'].join(', ')})
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#replace = db.prepare(updateOf([...PLACED, ...TOLD]));
    this.#revise = db.prepare(updateOf(TOLD));
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
    const text = this.#textOf(verdict);
    const stored = session > this.#highest ? undefined : (this.#find.get(session) as StoredText | undefined);
    if (stored !== undefined && same(stored, text)) return false;
    const { status, confidence, owner, reasons, owners, steps, source, sourcePort, legOf, rule } = text;
    const placed = [start, status, owner, legOf, rule, source];
    const told = [confidence, reasons, owners, steps, sourcePort, recordedAt, ++this.#revision];
    if (stored === undefined) this.#insert.run([...placed, ...told, session]);
    else if (samePlace(stored, text)) this.#revise.run([...told, session]);
    else this.#replace.run([...placed, ...told, session]);
    this.#highest = Math.max(this.#highest, session);
    for (const address of sources) this.#addSource.run(Buffer.from(address, 'hex'), start, session);
    return true;
  }

  #textOf(verdict: VerdictRecord): StoredText {
    const owners = verdict.owners.map(({ owner, weight }) => [this.#ownerNumber(owner), weight] as const);
    return {
      start: verdict.start,
      status: verdict.status,
      confidence: verdict.confidence,
      owner: owners[0]?.[0] ?? 0,
      reasons: verdict.reasons.join(' '),
      owners: JSON.stringify(owners),
      steps: JSON.stringify(verdict.steps.map(stepValues)),
      source: verdict.source === null ? null : Buffer.from(verdict.source, 'hex'),
      sourcePort: verdict.sourcePort,
      legOf: verdict.legOf,
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

function same(stored: StoredText, text: StoredText): boolean {
  const plain = ['confidence', 'reasons', 'owners', 'steps', 'sourcePort'] as const;
  return plain.every((member) => stored[member] === text[member]) && samePlace(stored, text);
}

/** Whether all columns that indexes are made of stay as they are. */
function samePlace(stored: StoredText, text: StoredText): boolean {
  if ((stored.source === null) !== (text.source === null)) return false;
  if (stored.source !== null && text.source !== null && !stored.source.equals(text.source)) return false;
  return (['start', 'status', 'owner', 'legOf', 'rule'] as const).every((member) => stored[member] === text[member]);
}

function updateOf(columns: readonly string[]): string {
  return `UPDATE verdict_row SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE session = ?`;
}
