import type { Database as Connection, Statement } from 'better-sqlite3';

/** Devices and addresses that are remembered as written. */
const REMEMBERED = 65_536;

/** Keeps which devices ever told whose translations an address stood for. */
export class TranslatorStore {
  readonly #add: Statement;
  readonly #known = new Set<string>();

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#add = db.prepare('INSERT OR IGNORE INTO translator_row(address, device) VALUES (?, ?)');
  }

  /** `device` told of a translation to an address (hex). To be called inside a transaction. */
  note(address: string, device: string): void {
    const key = `${address} ${device}`;
    if (this.#known.has(key)) return;
    this.#add.run(Buffer.from(address, 'hex'), device);
    if (this.#known.size < REMEMBERED) this.#known.add(key);
  }

  /** To be called when the transaction was given up: what was noted in it is gone with it. */
  forget(): void {
    this.#known.clear();
  }
}
