import type { Database as Connection, Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { ChangeRecord, NewChange } from './finding-record';

const COLUMNS = `num, device, parser, at, received_at AS receivedAt, category, action, outcome, code, user,
  CASE WHEN src IS NOT NULL THEN hex(src) END AS src, process, command, message, raw_seq AS rawSeq, own`;

/** Devices whose latest changes are held in memory, and how many of each. */
const DEVICES = 256;
const HELD = 256;

/** The latest changes of a device by its own time, ascending: all from `since` on. */
interface Latest {
  readonly changes: ChangeRecord[];
  since: number;
}

/** The events that analytics join with sessions. Every session asks for those right before it: the latest of each device are held. */
export class ChangeStore {
  readonly #held = new LRUCache<string, Latest>({ max: DEVICES });
  readonly #insert: Statement;
  readonly #between: Statement;
  readonly #after: Statement;
  readonly #latest: Statement;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#insert =
      db.prepare(`INSERT INTO change_row(device, parser, at, received_at, category, action, outcome, code, user, src,
      process, command, message, raw_seq, own) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#between = db.prepare(`SELECT ${COLUMNS} FROM change_row WHERE device = +? AND at >= +? AND at <= +?
      ORDER BY at, num LIMIT ?`);
    this.#latest = db.prepare(
      `SELECT ${COLUMNS} FROM change_row WHERE device = +? ORDER BY at DESC, num DESC LIMIT ${HELD}`,
    );
    this.#after = db.prepare(`SELECT ${COLUMNS} FROM change_row WHERE num > +? AND num <= +? ORDER BY num LIMIT ?`);
  }

  add(change: NewChange): ChangeRecord {
    const { device, parser, at, receivedAt, category, action, outcome, code, user, src, process, command, message } =
      change;
    const { lastInsertRowid } = this.#insert.run([
      device,
      parser,
      at,
      receivedAt,
      category,
      action,
      outcome,
      code,
      user,
      src === null ? null : Buffer.from(src, 'hex'),
      process,
      command,
      message,
      change.rawSeq,
      change.own ? 1 : 0,
    ]);
    const record = { ...change, num: Number(lastInsertRowid) };
    const held = this.#held.get(device);
    if (held !== undefined) hold(held, record);
    return record;
  }

  /** Changes on a device within [from, to], ascending; at most `limit`. */
  between(device: string, from: number, to: number, limit = 1000): readonly ChangeRecord[] {
    const { changes, since } = this.#latestOf(device);
    if (from >= since) {
      const first = placeOf(changes, from);
      return first === changes.length ? NONE : changes.slice(first, Math.min(placeOf(changes, to + 1), first + limit));
    }
    return this.#between.all(device, from, to, limit).map((row) => recordOf(row));
  }

  /** Changes with a number in (after, to], ascending; at most `limit`. */
  after(after: number, to: number, limit: number): ChangeRecord[] {
    return this.#after.all(after, to, limit).map((row) => recordOf(row));
  }

  /** To be called when the transaction was given up: changes stored in it are gone with it. */
  forget(): void {
    this.#held.clear();
  }

  #latestOf(device: string): Latest {
    let held = this.#held.get(device);
    if (held === undefined) {
      const changes = this.#latest.all(device).map((row) => recordOf(row));
      changes.reverse();
      held = { changes, since: changes.length < HELD ? Number.NEGATIVE_INFINITY : changes[0]!.at + 1 };
      this.#held.set(device, held);
    }
    return held;
  }
}

function recordOf(row: unknown): ChangeRecord {
  const { own, ...rest } = row as Omit<ChangeRecord, 'own'> & { readonly own: number };
  return { ...rest, own: own === 1 };
}

const NONE: readonly never[] = [];

/** Place of the first change at a time or later; times are whole milliseconds. */
function placeOf(changes: readonly ChangeRecord[], at: number): number {
  let [low, high] = [0, changes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (changes[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Takes a change that has the highest number of all; the earliest goes when there are too many. */
function hold(latest: Latest, change: ChangeRecord): void {
  const { changes } = latest;
  if (change.at < latest.since) return;
  changes.splice(placeOf(changes, change.at + 1), 0, change);
  if (changes.length <= HELD) return;
  latest.since = changes.shift()!.at + 1;
}
