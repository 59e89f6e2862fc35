import type { Database as Connection, Statement } from 'better-sqlite3';
import type { Subject } from './finding-record';

/** What has become known of a name and an address: for this stretch of time something else holds than before. */
export interface NameChange {
  readonly num: number;
  readonly relation: 'ip-name' | 'ip-query';
  /** The address that the name was given for, or that asked for it; text. */
  readonly key: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
}

/** An address that asked for names. */
export interface DnsClient {
  readonly num: number;
  /** Canonical text. */
  readonly address: string;
}

/** A name that an address asked for, from first to last of one stretch of time. */
export interface Question {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

const MOST_QUESTIONS = 200_000;

/** What of the DNS logs is still to be looked at, and who asked for what. */
export class NameStore {
  readonly #changes: Statement;
  readonly #take: Statement;
  readonly #mark: Statement;
  readonly #dirty: Statement;
  readonly #clean: Statement;
  readonly #allDirty: Statement;
  readonly #questions: Statement;
  readonly #owner: Statement;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#changes = db.prepare('SELECT num, relation, key, value, "from", "to" FROM named_row ORDER BY num LIMIT ?');
    this.#take = db.prepare('DELETE FROM named_row WHERE num <= ?');
    this.#mark = db.prepare('INSERT INTO client_row(address) VALUES (?) ON CONFLICT(address) DO UPDATE SET dirty = 1');
    this.#dirty = db.prepare('SELECT num, address FROM client_row WHERE dirty = 1 ORDER BY num LIMIT ?');
    this.#clean = db.prepare('UPDATE client_row SET dirty = 0 WHERE num = ?');
    this.#allDirty = db.prepare('UPDATE client_row SET dirty = 1');
    this.#questions = db.prepare(`SELECT value AS name, first_observed AS first, last_observed AS last FROM binding_row
      WHERE key = +? AND relation = 'ip-query' ORDER BY value, first_observed LIMIT ${MOST_QUESTIONS}`);
    this.#owner =
      db.prepare(`SELECT o.kind, o.id, o.name, o.host FROM session_row s JOIN verdict_row v ON v.session = s.num
      JOIN owner_row o ON o.num = v.owner WHERE s.src = +? AND s.start <= +? AND v.leg_of IS NULL ORDER BY s.start DESC LIMIT 1`);
  }

  /** At most `limit` changes, the oldest first. */
  changes(limit: number): NameChange[] {
    return this.#changes.all(limit) as NameChange[];
  }

  /** Changes up to this number were looked at. */
  take(num: number): void {
    this.#take.run(num);
  }

  /** The questions of an address are to be judged again. */
  mark(address: string): void {
    this.#mark.run(address);
  }

  markAll(): void {
    this.#allDirty.run();
  }

  dirty(limit: number): DnsClient[] {
    return this.#dirty.all(limit) as DnsClient[];
  }

  judged({ num }: DnsClient): void {
    this.#clean.run(num);
  }

  /** All that an address is known to have asked for, by name and time. */
  questions(address: string): Question[] {
    return this.#questions.all(address) as Question[];
  }

  /** Whose session was the latest that the address began, up to a time; undefined where none is known. */
  ownerOf(address: Uint8Array, at: number): Subject | undefined {
    return this.#owner.get(address, at) as Subject | undefined;
  }
}
