import type { Database as Connection, Statement } from 'better-sqlite3';

/** A name under which the destination of a session was known when it began. */
export interface DestinationName {
  readonly name: string;
  /** When the address was last given for the name before, epoch ms. */
  readonly answeredAt: number;
  /** When the source of the session itself last asked for it before; null: others did. */
  readonly askedAt: number | null;
  /** Who told of the answer. */
  readonly device: string;
  readonly parser: string;
  readonly rawSeq: number;
}

/** A name that a client asked for, without an address that it was given. */
export interface AskedName {
  readonly name: string;
  readonly askedAt: number;
  readonly device: string;
  readonly parser: string;
  readonly rawSeq: number;
}

/** Both ends of a session and its beginning; addresses as canonical text. */
export interface NamedSession {
  readonly src: string;
  readonly dst: string;
  /** Epoch ms. */
  readonly start: number;
}

interface SeriesRow {
  readonly series: number;
  readonly name: string;
  readonly device: string;
  readonly parser: string;
}

interface Mark {
  readonly at: number;
  readonly rawSeq: number;
}

/** Clocks of two servers differ: an answer may seem to come after the session that it led to, ms. */
const SCATTER = 2000;
/** Between the question for a name and the session with what it named, ms: a program that asks connects at once. */
const AT_ONCE = 5000;
const MOST_SERIES = 2000;

/** Reads what DNS logs say of sessions. */
export class NameReader {
  readonly #given: Statement;
  readonly #asked: Statement;
  readonly #askedBetween: Statement;
  readonly #lastMark: Statement;

  constructor(db: Connection) {
    const series = (relation: string, more: string): string =>
      `SELECT DISTINCT series, value AS name, device, parser FROM binding_row
      WHERE key = +? AND relation = '${relation}' ${more} AND valid_from_hi <= +? AND valid_to_hi >= +? LIMIT ${MOST_SERIES}`;
    this.#given = db.prepare(series('ip-name', ''));
    this.#asked = db.prepare(series('ip-query', 'AND value = +?'));
    this.#askedBetween = db.prepare(series('ip-query', ''));
    this.#lastMark = db.prepare(`SELECT at, raw_seq AS rawSeq FROM binding_mark_row
      WHERE series = +? AND at <= +? ORDER BY at DESC, raw_seq DESC LIMIT 1`);
  }

  /** Names that the destination's address was given for: those that the source itself asked for first, then the latest; at most `limit`. */
  namesOf({ src, dst, start }: NamedSession, limit: number): DestinationName[] {
    const names = new Map<string, DestinationName>();
    for (const { series, ...row } of this.#given.all(dst, start + SCATTER, start) as SeriesRow[]) {
      const mark = this.#markBefore(series, start);
      const known = names.get(row.name);
      if (mark === undefined || (known !== undefined && known.answeredAt >= mark.at)) continue;
      names.set(row.name, { ...row, answeredAt: mark.at, askedAt: known?.askedAt ?? null, rawSeq: mark.rawSeq });
    }
    const found = [...names.values()].map((name) => ({ ...name, askedAt: this.#askedAt(src, name.name, start) }));
    return found.sort(surestFirst).slice(0, limit);
  }

  /** What the source asked for right before the session: where no answers are logged, its destination may be one of them. */
  askedBefore({ src, start }: NamedSession, limit: number): AskedName[] {
    const found: AskedName[] = [];
    for (const { series, ...row } of this.#askedBetween.all(src, start + SCATTER, start - AT_ONCE) as SeriesRow[]) {
      const mark = this.#markBefore(series, start);
      if (mark !== undefined && mark.at >= start - AT_ONCE)
        found.push({ ...row, askedAt: mark.at, rawSeq: mark.rawSeq });
    }
    return found.sort((a, b) => b.askedAt - a.askedAt || (a.name < b.name ? -1 : 1)).slice(0, limit);
  }

  #askedAt(src: string, name: string, start: number): number | null {
    const rows = this.#asked.all(src, name, start + SCATTER, start) as SeriesRow[];
    const times = rows.flatMap(({ series }) => this.#markBefore(series, start)?.at ?? []);
    return times.length === 0 ? null : Math.max(...times);
  }

  #markBefore(series: number, start: number): Mark | undefined {
    return this.#lastMark.get(series, start + SCATTER) as Mark | undefined;
  }
}

function surestFirst(a: DestinationName, b: DestinationName): number {
  if ((a.askedAt === null) !== (b.askedAt === null)) return a.askedAt === null ? 1 : -1;
  return (b.askedAt ?? b.answeredAt) - (a.askedAt ?? a.answeredAt) || (a.name < b.name ? -1 : 1);
}
