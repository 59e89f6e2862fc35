import type { SnmpVarbind } from '../snmp-record';

/** What a single request may be told. */
export interface RequestOptions {
  /** v3 context name, or what to index the community with (`vlan-10` asks as `community@10`); `''` for neither. */
  readonly context: string;
  readonly signal: AbortSignal;
}

/** Requests to one agent in one version of the protocol, one at a time. Rejects with `SnmpRequestError` only. */
export interface Exchange {
  /** v3: engine id as hexadecimal once it is known; else `''`. */
  readonly engineId: string;
  /** GET: what the agent answered, whatever was asked for. */
  get(oids: readonly string[], options: RequestOptions): Promise<readonly SnmpVarbind[]>;
  /** GETBULK, or GETNEXT for version 1: column by column, in the order of `oids`. */
  next(oids: readonly string[], repetitions: number, options: RequestOptions): Promise<readonly SnmpVarbind[][]>;
  /** Lets go of everything; what waits is rejected as cancelled. The next request begins anew. */
  close(): void;
}

/** Each wait for an answer is so much longer than the one before. */
export const BACKOFF = 1.5;
