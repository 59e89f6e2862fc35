import type { Database as Connection, Statement } from 'better-sqlite3';
import type { DeviceStretch } from './evidence-reader';

/** A stretch that is still to be looked at, with its place in the database. */
export interface StoredStretch extends DeviceStretch {
  readonly num: number;
}

/** What late events have reopened and no step has looked at yet: more sessions than one step may take. */
export class FindingReopenStore {
  readonly #add: Statement;
  readonly #first: Statement;
  readonly #move: Statement;
  readonly #remove: Statement;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#add = db.prepare('INSERT INTO finding_reopen_row(device, "from", "to", after_session) VALUES (?, ?, ?, ?)');
    this.#first = db.prepare(`SELECT num, device, "from", "to", after_session AS after FROM finding_reopen_row
      ORDER BY num LIMIT 1`);
    this.#move = db.prepare('UPDATE finding_reopen_row SET "from" = ?, after_session = ? WHERE num = ?');
    this.#remove = db.prepare('DELETE FROM finding_reopen_row WHERE num = ?');
  }

  add({ device, from, to, after }: DeviceStretch): void {
    this.#add.run(device, from, to, after);
  }

  /** The oldest of what is left. */
  first(): StoredStretch | undefined {
    return this.#first.get() as StoredStretch | undefined;
  }

  /** All up to this session has been looked at. */
  move(num: number, from: number, after: number): void {
    this.#move.run(from, after, num);
  }

  remove(num: number): void {
    this.#remove.run(num);
  }
}
