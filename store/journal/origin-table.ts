import type Database from 'better-sqlite3';
import type { RawOrigin } from '../../collectors/contract';
import { originDigest } from './leaf';

/** An origin as the segment knows it. */
export interface InternedOrigin {
  readonly id: number;
  readonly digest: Buffer;
}

/**
 * Rows remembered at once. Past it everything is forgotten and origins get new rows when they come again: a flood of
 * spoofed peers costs rows on disk, never memory without bound.
 */
const MAX_REMEMBERED = 8192;

/** Gives each origin of a segment a row, once as far as it remembers. Must be used inside the segment's transaction. */
export class OriginTable {
  readonly #insert: Database.Statement;
  readonly #maxId: Database.Statement<[], number | null>;
  readonly #byObject = new Map<RawOrigin, InternedOrigin>();
  readonly #byText = new Map<string, InternedOrigin>();
  #nextId = 1;
  #lastObject: RawOrigin | undefined;
  #last: InternedOrigin | undefined;

  constructor(db: Database.Database) {
    this.#insert = db.prepare(
      'INSERT INTO origin (id, collector, source, peer, format, digest) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#maxId = db.prepare<[], number | null>('SELECT max(id) FROM origin').pluck();
    this.forget();
  }

  /** The row of this origin, written when it is new. */
  intern(origin: RawOrigin): InternedOrigin {
    if (origin === this.#lastObject && this.#last !== undefined) return this.#last;
    const interned = this.#byObject.get(origin) ?? this.#internByText(origin);
    this.#lastObject = origin;
    this.#last = interned;
    return interned;
  }

  /** Forgets everything and starts from what is in the file: after a transaction was rolled back. */
  forget(): void {
    this.#clear();
    this.#nextId = (this.#maxId.get() ?? 0) + 1;
  }

  #internByText(origin: RawOrigin): InternedOrigin {
    if (this.#byObject.size >= MAX_REMEMBERED) this.#clear();
    const text = [origin.collector, origin.source, origin.peer, origin.format].join('\0');
    const interned = this.#byText.get(text) ?? this.#write(origin);
    this.#byText.set(text, interned);
    this.#byObject.set(origin, interned);
    return interned;
  }

  #write(origin: RawOrigin): InternedOrigin {
    const interned = { id: this.#nextId, digest: originDigest(origin) };
    const { collector, source, peer, format } = origin;
    this.#insert.run(interned.id, collector, source, peer, format, interned.digest);
    this.#nextId += 1;
    return interned;
  }

  #clear(): void {
    this.#byObject.clear();
    this.#byText.clear();
    this.#lastObject = undefined;
    this.#last = undefined;
  }
}
