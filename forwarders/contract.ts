import type { ZodType } from 'zod';

/**
 * What leaves ascribe: a record of one kind, put into words by a format, carried by a transport. Kinds, formats and
 * transports are one file and one line in `registry.ts` each; any format goes with any transport that takes its medium.
 */

/** Values of a record's fields; bigint for a count beyond 2^53. */
export type FieldValue = string | number | bigint | boolean | readonly string[];

/** Dotted ECS 9 names; what ECS lacks is under `ascribe.`. Absent fields are left out. */
export type Fields = Readonly<Record<string, FieldValue>>;

/** How much a record wants attention; the ids are those of OCSF's `severity_id`. */
export const SEVERITIES = { info: 1, low: 2, medium: 3, high: 4, critical: 5 } as const;
export type Severity = keyof typeof SEVERITIES;

/** One record on its way out. */
export interface ForwardRecord {
  /** 32 hex digits, the same however often this is sent: what receivers drop duplicates by. */
  readonly uid: string;
  /** Grows with each change of what `uid` names; absent where nothing ever changes. */
  readonly revision?: number;
  /** The record kind's name. */
  readonly kind: string;
  /** When it happened, UTC epoch milliseconds. */
  readonly time: number;
  readonly severity: Severity;
  /** Where the record is found again: what its kind's `get` takes. */
  readonly ref: string;
  readonly fields: Fields;
}

/** Where a kind's records are read: opened once for all destinations of a thread. */
export interface RecordSource {
  /**
   * The records behind a position (undefined: from the oldest), in the order in which they came to be, at most about
   * `limit`, and the position behind them. Undefined: nothing new now. A page without records only moves on.
   */
  read(after: string | undefined, limit: number): SourcePage | undefined;
  /** One record as it stands now; undefined when the store has it no more. */
  get(ref: string): ForwardRecord | undefined;
  /** The position behind the newest record; undefined in an empty store. */
  end(): string | undefined;
  /** Records behind a position, counted up to `most`. */
  behind(after: string | undefined, most: number): number;
  /** The store was derived anew and ends before this position: begin again. */
  isAhead(position: string): boolean;
  close(): void;
}

export interface SourcePage {
  readonly records: readonly ForwardRecord[];
  readonly position: string;
}

/** Where the store is, and what makes ids of this store different from those of another. */
export interface StorePlaces {
  readonly journal: string;
  readonly facts: string;
  readonly database: string;
  readonly instance: string;
}

/** One kind of records. */
export interface RecordKind {
  /** As in `send:`. */
  readonly name: string;
  /** One line for the configuration. */
  readonly summary: string;
  /** Pause between two looks when nothing is waiting: records that change often are sent once in so long. */
  readonly settleMs: number;
  /** Whose retention takes its records away, and how they are counted there; absent where nothing does. */
  readonly retired?: RetiredWith;
  /** Inert: the store is opened by the first read, and again when it is made later. */
  open(places: StorePlaces): RecordSource;
}

export type RetiredWith =
  | { readonly store: 'facts'; readonly table: string }
  | { readonly store: 'journal'; readonly formats: readonly string[] };

/** What a format makes: JSON objects, or lines of text. */
export type Medium = 'json' | 'text';

export interface RecordFormat {
  readonly name: string;
  readonly summary: string;
  readonly medium: Medium;
  /** One line; valid JSON of one object where the medium is `json`. Total: never throws, whatever the record holds. */
  encode(record: ForwardRecord): string;
}

/** A record in words, as transports get it. */
export interface OutItem {
  readonly record: ForwardRecord;
  readonly text: string;
  readonly format: RecordFormat;
}

/** What became of one item. `retry`: may pass later; `dead`: never will as it is. */
export type ItemOutcome =
  | { readonly state: 'ok' }
  | { readonly state: 'retry'; readonly code: string; readonly cause: string }
  | { readonly state: 'dead'; readonly code: string; readonly cause: string };

/** What became of a batch: everything is there, or one outcome for each item in order. */
export type SendResult = 'ok' | readonly ItemOutcome[];

/**
 * A batch that could not be told apart. `retry`: the way or the receiver is not available; `refused`: the receiver took
 * the request and refused its content or size, so that smaller batches find the item; `denied`: who we are or where it
 * goes is not accepted, whatever the content: a person must act.
 */
export class TransportError extends Error {
  constructor(
    readonly kind: 'retry' | 'refused' | 'denied',
    /** Stable word: `connect`, `timeout`, `http_503`, … */
    readonly code: string,
    message: string,
    readonly options: { readonly retryAfterMs?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'TransportError';
  }
}

/** A way out. Constructors are inert; `send` connects when needed. One `send` at a time. */
export interface Transport {
  /** Resolves when the receiver has answered for each item (best effort: when the kernel took it). Rejects with `TransportError`. */
  send(items: readonly OutItem[], signal: AbortSignal): Promise<SendResult>;
  /** Ends connections; what is written is flushed within `deadlineMs`. Safe before `send` and twice. */
  close(deadlineMs: number): Promise<void>;
  /** Connects and asks as far as that leaves no trace. Rejects with `TransportError`; resolves with what it found. */
  probe(signal: AbortSignal): Promise<string>;
}

/** What transports are given. */
export interface TransportContext {
  /** Turns `cred:NAME`, `file:PATH`, `env:NAME` into the secret. May throw; the message never holds it. */
  readonly secret: (reference: string) => string;
  /** Relative paths start here. */
  readonly directory: string;
  /** Host name that records carry as ours. */
  readonly hostname: string;
  readonly version: string;
}

/**
 * How much one call may carry. `envelope`: bytes that the transport adds to each record; `waitMs`: how long a batch may wait
 * to become fuller.
 */
export interface BatchLimits {
  readonly records: number;
  readonly bytes: number;
  readonly envelope: number;
  readonly waitMs: number;
}

/** One object declares a transport: configuration, `init`, `check`, documentation and status all read it. */
export interface TransportType<Config = unknown> {
  /** Key in the configuration: `syslog_tcp`. */
  readonly type: string;
  readonly stability: 'stable' | 'beta' | 'experimental';
  readonly summary: string;
  /** `confirmed`: the receiver answers for what it has; `best_effort`: what is sent may be lost unseen. */
  readonly delivery: 'confirmed' | 'best_effort';
  readonly media: readonly Medium[];
  /** Strict, with defaults; what comes out is plain data. */
  readonly config: ZodType<Config>;
  limits(config: Config): BatchLimits;
  create(config: Config, context: TransportContext): Transport;
}
