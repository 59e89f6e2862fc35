import type { Database as Connection, Statement } from 'better-sqlite3';

/** Records of one host that are looked at: enough to know how it usually writes. */
const MOST_RECORDS = 5000;

/** When hosts wrote to their logs, and when their own processes opened sessions. Times epoch ms. */
export class SilenceReader {
  readonly #hosts: Statement;
  readonly #times: Statement;
  readonly #sessions: Statement;

  /** `parsers`: names of the parsers that read what hypervisors say. */
  constructor(db: Connection, parsers: readonly string[]) {
    const names = parsers.map((name) => `'${name}'`).join(', ');
    this.#hosts = db
      .prepare(
        `SELECT DISTINCT o.host FROM owner_row o WHERE o.kind = 'service' AND o.host <> '' AND EXISTS
      (SELECT 1 FROM change_row c WHERE c.device = o.host AND c.parser IN (${names})) ORDER BY o.host`,
      )
      .pluck();
    this.#times = db
      .prepare(
        `SELECT at FROM change_row WHERE device = +? AND parser IN (${names}) ORDER BY at DESC LIMIT ${MOST_RECORDS}`,
      )
      .pluck();
    this.#sessions = db
      .prepare(
        `SELECT v.start FROM owner_row o JOIN verdict_row v ON v.owner = o.num
      WHERE o.host = +? AND o.kind = 'service' AND v.start > +? ORDER BY v.start`,
      )
      .pluck();
  }

  /** Hosts that write logs and open sessions. */
  hosts(): string[] {
    return this.#hosts.all() as string[];
  }

  /** When a host wrote, ascending. */
  times(host: string): number[] {
    return (this.#times.all(host) as number[]).reverse();
  }

  /** When its own processes opened sessions after a time, ascending. */
  sessions(host: string, after: number): number[] {
    return this.#sessions.all(host, after) as number[];
  }
}
