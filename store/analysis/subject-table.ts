import type { Database as Connection, Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { Subject } from './finding-record';

const REMEMBERED = 16_384;

/** Each subject of series and findings once, by number. */
export class SubjectTable {
  readonly #numbers = new LRUCache<string, number>({ max: REMEMBERED });
  readonly #find: Statement;
  readonly #add: Statement;
  readonly #read: Statement;

  constructor(db: Connection) {
    this.#find = db.prepare('SELECT num FROM subject_row WHERE kind = ? AND id = ? AND name = ? AND host = ?').pluck();
    this.#add = db.prepare('INSERT INTO subject_row(kind, id, name, host) VALUES (?, ?, ?, ?)');
    this.#read = db.prepare('SELECT kind, id, name, host FROM subject_row WHERE num = ?');
  }

  numberOf({ kind, id, name, host }: Subject): number {
    const values = [kind, id, name, host];
    const key = JSON.stringify(values);
    const known = this.#numbers.get(key) ?? (this.#find.get(values) as number | undefined);
    const number = known ?? Number(this.#add.run(values).lastInsertRowid);
    this.#numbers.set(key, number);
    return number;
  }

  subjectOf(number: number): Subject {
    return this.#read.get(number) as Subject;
  }

  /** To be called when the transaction was given up: numbers made in it are gone with it. */
  forget(): void {
    this.#numbers.clear();
  }
}
