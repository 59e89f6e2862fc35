import type { Database as Connection, Statement } from 'better-sqlite3';
import type { SessionLogRow } from '../facts/facts-reader';
import type { StageCursor } from './session-store';
import { type RequestInput, RequestStore } from './request-store';
import { TranslatorStore } from './translator-store';

const STAGE = 'accounts';
const KNOWN_TO = 'accounts_known_to';

/** A session log as it is to be kept: with the scope its addresses are meant in, and its time. */
export interface AccountInput {
  readonly row: SessionLogRow;
  readonly scope: string;
  readonly at: number;
}

/** For this stretch of time something new is known of a translated or original source. */
export interface AccountReopen {
  /** `account_out` for a translated source, `request` for whom a proxy called. */
  readonly relation: 'account' | 'account_out' | 'request';
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** What one step of the stage has read. */
export interface AccountBatch {
  readonly inputs: readonly AccountInput[];
  readonly requests: readonly RequestInput[];
  readonly reopened: readonly AccountReopen[];
}

/** Keeps what firewalls and proxies say of single sessions where the indexes find it. */
export class AccountStore {
  readonly #db: Connection;
  readonly #translators: TranslatorStore;
  readonly #requests: RequestStore;
  readonly #insert: Statement;
  readonly #reopen: Statement;
  readonly #setCursor: Statement;
  readonly #setCounter: Statement;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#db = db;
    this.#translators = new TranslatorStore(db);
    this.#requests = new RequestStore(db);
    const columns = `scope, device, parser, action, protocol, src, src_port, dst, dst_port, nat_src, nat_src_port, nat_dst,
      nat_dst_port, at, start, "end", rule_name, rule_id, user, session_key, bytes, raw_seq, received_at, time_quality`;
    const values = columns.split(',').map(() => '?');
    this.#insert = db.prepare(`INSERT INTO account_row(${columns}) VALUES (${values.join(', ')})`);
    this.#reopen = db.prepare(`INSERT INTO reopen_row(relation, key, "from", "to") VALUES (?, ?, ?, ?)`);
    this.#setCursor = db.prepare('INSERT OR REPLACE INTO cursor(stage, segment, last_id) VALUES (?, ?, ?)');
    this.#setCounter = db.prepare('INSERT OR REPLACE INTO counter(name, value) VALUES (?, ?)');
  }

  cursor(): StageCursor | undefined {
    const sql = 'SELECT segment, last_id AS lastId FROM cursor WHERE stage = ?';
    return this.#db.prepare(sql).get(STAGE) as StageCursor | undefined;
  }

  /** Receive time of the latest account. */
  knownTo(): number {
    const value = this.#db.prepare('SELECT value FROM counter WHERE name = ?').pluck().get(KNOWN_TO);
    return (value as number | undefined) ?? 0;
  }

  /** Stores accounts, what they reopen and the cursor in one transaction. */
  commit({ inputs, requests, reopened }: AccountBatch, cursor: StageCursor, knownTo: number): void {
    const store = this.#db.transaction(() => {
      for (const input of inputs) this.#put(input);
      for (const request of requests) this.#requests.put(request);
      for (const { relation, key, from, to } of reopened) this.#reopen.run(relation, key, from, to);
      this.#setCounter.run(KNOWN_TO, knownTo);
      this.#setCursor.run(STAGE, cursor.segment, cursor.lastId);
    });
    try {
      store();
    } catch (error) {
      this.#translators.forget();
      throw error;
    }
  }

  #put({ row, scope, at }: AccountInput): void {
    this.#insert.run(accountValues(row, scope, at));
    const outside = row.natSrc ?? (row.natSrcPort === null ? null : row.src);
    if (outside !== null) this.#translators.note(outside.toString('hex').toUpperCase(), row.device);
  }
}

/** Only the port is translated where a translated address is not told: then the address is the same. */
function accountValues(row: SessionLogRow, scope: string, at: number): unknown[] {
  const natSrc = row.natSrc ?? (row.natSrcPort === null ? null : row.src);
  const natDst = row.natDst ?? (row.natDstPort === null ? null : row.dst);
  const ends = [row.src, row.srcPort, row.dst, row.dstPort, natSrc, row.natSrcPort, natDst, row.natDstPort];
  const rule = [row.ruleName, row.ruleId, row.user, row.sessionKey, row.bytes === null ? null : Math.round(row.bytes)];
  const source = [row.rawSeq, row.receivedAt, row.timeQuality];
  const times = [at, row.start, row.end];
  return [scope, row.device, row.parser, row.action, row.protocol, ...ends, ...times, ...rule, ...source];
}
