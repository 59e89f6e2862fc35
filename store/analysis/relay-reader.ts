import type { Database as Connection, Statement } from 'better-sqlite3';

/** A session out of a machine, or into it. Times epoch ms, addresses upper-case hex. */
export interface LegRow {
  readonly start: number;
  readonly end: number;
  readonly sent: number;
  readonly received: number;
  readonly src: string;
  /** Who began it. */
  readonly owner: string;
  readonly dstPort: number | null;
}

const MOST_OUT = 200;
const MOST_IN = 5000;

const LEG = `s.start, s."end", coalesce(s.src_bytes_estimate, s.src_bytes) AS sent,
  coalesce(s.dst_bytes_estimate, s.dst_bytes) AS received, hex(s.src) AS src, s.dst_port AS dstPort`;

/** Reads the sessions by which a machine may pass on what others send it. */
export class RelayReader {
  readonly #out: Statement;
  readonly #in: Statement;
  readonly #any: Statement;

  constructor(db: Connection) {
    this.#out = db.prepare(`SELECT ${LEG}, '' AS owner FROM series_session_row q JOIN session_row s ON s.num = q.session
      WHERE q.series = +? AND s.src_bytes IS NOT NULL AND s.dst_bytes IS NOT NULL ORDER BY q.start DESC LIMIT ?`);
    this.#in = db.prepare(`SELECT ${LEG}, o.name AS owner FROM session_row s JOIN verdict_row v ON v.session = s.num
      JOIN owner_row o ON o.num = v.owner WHERE s.dst = +@address AND s.start BETWEEN +@from AND +@to AND s.src <> +@address
      AND s.src_bytes IS NOT NULL AND s.dst_bytes IS NOT NULL AND s.state NOT IN ('denied', 'attempt') AND v.leg_of IS NULL
      ORDER BY s.start DESC LIMIT ${MOST_IN}`);
    this.#any = db.prepare('SELECT 1 FROM session_row WHERE dst = +? AND start BETWEEN +? AND +? LIMIT 1').pluck();
  }

  /** The latest sessions of a series, ascending: so many at most. */
  out(series: number, limit = MOST_OUT): LegRow[] {
    return (this.#out.all(series, limit) as LegRow[]).reverse();
  }

  /** Sessions into an address that began within [from, to], ascending; the latest of too many. */
  into(address: string, from: number, to: number): LegRow[] {
    return (this.#in.all({ address: Buffer.from(address, 'hex'), from, to }) as LegRow[]).reverse();
  }

  /** Whether any session into the address began within [from, to]. */
  hasInto(address: string, from: number, to: number): boolean {
    return this.#any.get(Buffer.from(address, 'hex'), from, to) !== undefined;
  }
}
