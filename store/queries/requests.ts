import type { Database as Connection, Statement } from 'better-sqlite3';
import type { Request } from '../analysis/request-record';

const REQUEST = `SELECT num, device, parser, is_tunnel AS isTunnel, hex(client) AS client, client_port AS clientPort, called, port,
  CASE WHEN via IS NOT NULL THEN hex(via) END AS via, at, start, user, bytes, raw_seq AS rawSeq, received_at AS receivedAt
  FROM request_row`;

/** Requests of one lookup: more mean that no single one can be told apart anyway. */
export const MOST_REQUESTS = 256;

/** Reads what proxies say of whom they called, and which addresses are proxies. */
export class RequestReader {
  readonly #db: Connection;
  readonly #statements = new Map<string, Statement>();

  constructor(db: Connection) {
    this.#db = db;
  }

  /** Calls of one of these (addresses as text, names) that were over in a stretch of time: the latest of many. */
  to(called: readonly string[], from: number, to: number): Request[] {
    const sql = `${REQUEST} INDEXED BY request_by_called WHERE called IN (${called.map(() => '?').join(', ')})
      AND at >= ? AND at <= ? ORDER BY at DESC, num DESC LIMIT ${MOST_REQUESTS}`;
    return this.#statement(sql).all([...called, from, to]) as Request[];
  }

  /** Calls for a client (hex) that were over in a stretch of time: the earliest of many. */
  of(client: string, from: number, to: number): Request[] {
    const sql = `${REQUEST} INDEXED BY request_by_client WHERE client = ? AND at >= ? AND at <= ? ORDER BY at, num LIMIT ${MOST_REQUESTS}`;
    return this.#statement(sql).all(Buffer.from(client, 'hex'), from, to) as Request[];
  }

  /** Whether any proxy's own address is not told. */
  hasUnplaced(): boolean {
    const sql = 'SELECT num FROM request_row INDEXED BY request_unplaced WHERE via IS NULL LIMIT 1';
    return this.#statement(sql).get() !== undefined;
  }

  /** Addresses (hex) that are shown to be proxies by what had come by a receive time. */
  proxies(receivedTo: number): string[] {
    return this.#statement('SELECT hex(address) FROM proxy_row WHERE recorded_at <= ?')
      .pluck()
      .all(receivedTo) as string[];
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}
