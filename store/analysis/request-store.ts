import type { Database as Connection, Statement } from 'better-sqlite3';
import type { SessionLogRow } from '../facts/facts-reader';
import { hexOf, textOf } from '../queries/places';
import type { Request } from './request-record';

/** A request as it is to be kept. */
export type RequestInput = Omit<Request, 'num'>;

/** Keeps what proxies say of their calls where the indexes find it. */
export class RequestStore {
  readonly #insert: Statement;

  /** `db` is the one writer's connection to `ascribe.db`. */
  constructor(db: Connection) {
    this.#insert =
      db.prepare(`INSERT INTO request_row(device, parser, is_tunnel, client, client_port, called, port, via, at, start, user,
      bytes, raw_seq, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  }

  /** To be called inside a transaction. */
  put(request: RequestInput): void {
    const { device, parser, isTunnel, client, clientPort, called, port, via, at, start, user, bytes } = request;
    const ends = [bytesOf(client), clientPort, called, port, via === null ? null : bytesOf(via)];
    this.#insert.run(device, parser, isTunnel, ...ends, at, start, user, bytes, request.rawSeq, request.receivedAt);
  }
}

/** Whether a session log is a proxy's account of what it did for a client; also of what it did without calling anybody. */
export function isProxied({ action }: SessionLogRow): boolean {
  return action.startsWith('proxy_');
}

/** The call that a proxy tells of; undefined where it called nobody, or does not say whom. */
export function requestOf(row: SessionLogRow, at: number): RequestInput | undefined {
  const isTunnel = row.action === 'proxy_tunnel';
  if (row.src === null || (!isTunnel && row.action !== 'proxy_request')) return undefined;
  // Another proxy that was called in place of the server: its port is not told.
  const { natDst: next, dst } = row;
  const address = next ?? dst;
  const called = address === null ? row.dstName : textOf(hexOfBytes(address));
  if (called === null || called === '') return undefined;
  const { device, parser, user, rawSeq, receivedAt } = row;
  return {
    device,
    parser,
    isTunnel: isTunnel ? 1 : 0,
    client: hexOfBytes(row.src),
    clientPort: row.srcPort,
    called,
    port: next === null ? row.dstPort : row.natDstPort,
    via: hexOf(row.observer ?? '') ?? null,
    at,
    // A time is believed as far as the stamp of its line.
    start: row.start === null || row.at !== at ? null : row.start,
    user,
    bytes: row.replyBytes === null ? null : Math.round(row.replyBytes),
    rawSeq,
    receivedAt,
  };
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

function hexOfBytes(bytes: Buffer): string {
  return bytes.toString('hex').toUpperCase();
}
