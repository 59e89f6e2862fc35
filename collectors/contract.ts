import type { ZodType } from 'zod';

/**
 * What every way in delivers: the bytes exactly as they came, with when, how and from whom. Nothing here understands
 * the bytes. Downstream stages import these types; collectors import nothing of ours but this file.
 */

/** How the bytes of a record are to be read. The normalizer picks its parser by it, never by looking at the collector. */
export type RawFormat =
  /** One UDP payload of NetFlow v1-v9, IPFIX or sFlow. */
  | 'flow'
  /** One syslog message without its transport framing. */
  | 'syslog'
  /** One SNMP answer: the varbinds of one table read, or one trap. */
  | 'snmp'
  /** One command's output with its exit status, from an SSH session. */
  | 'command'
  /** One stretch of a log file: (file, generation, offset) are in the record's `source`. */
  | 'logfile'
  /** What one of our own receivers lost: see `udp/loss-report`. */
  | 'loss'
  /** What a person did with ascribe: one JSON object. */
  | 'operator';

/**
 * Where a record came from. Collectors make one object per (source, peer, format) and reuse it: identity is what the
 * journal interns by.
 */
export interface RawOrigin {
  /** Type name of the collector: `netflow`, `syslog`, `snmp`, `ssh`, `import`, `operator`. */
  readonly collector: string;
  /** The listener (`udp://0.0.0.0:2055`), the configured device, or the imported file. */
  readonly source: string;
  /** Network peer as the kernel names it, `192.0.2.1:2055` or `[2001:db8::1]:2055`; empty where there is none. A claim for UDP. */
  readonly peer: string;
  readonly format: RawFormat;
}

/** One delivery, untouched. */
export interface RawRecord {
  readonly origin: RawOrigin;
  /** Receive time by our own clock: UTC, epoch milliseconds, integer. */
  readonly receivedAt: number;
  readonly bytes: Uint8Array;
}

/** A raw record at its place in the journal. `seq` starts at 1, has no holes, and is the record's name everywhere ("raw id"). */
export interface StoredRecord extends RawRecord {
  readonly seq: number;
}

/**
 * The one function a collector knows. Takes over a prefix of `batch` and returns how many records that was; the bytes
 * are copied before it returns. Fewer than `batch.length` means the queue is full: a datagram collector counts the
 * rest as dropped, a stream collector stops reading until `offer` takes them.
 */
export type Offer = (batch: readonly RawRecord[]) => number;

/** Typed telemetry goes out through one of these; log lines and metrics are made from the events in one place (`cli/telemetry`). */
export type Emit<Event> = (event: Event) => void;

/** A running way in. Constructors are inert; `start` does the I/O; `stop` is safe before `start` and when called twice. */
export interface Collector {
  /** Begins to receive; resolves when ready, rejects with a coded error when it cannot (port in use, permission). */
  start(): Promise<void>;
  /** Stops intake, hands over what is held, frees the sockets. */
  stop(): Promise<void>;
}

/** What a way in is given when it is made. */
export interface CollectorContext<Event> {
  readonly offer: Offer;
  readonly emit: Emit<Event>;
  /** Our own clock: UTC, epoch milliseconds. */
  readonly now: () => number;
}

/** What `check --online` says of one way in: what works, what does not, and what to do about it. */
export interface ProbeFinding {
  readonly severity: 'ok' | 'warning' | 'error';
  readonly text: string;
}

/**
 * One object declares a way in: `init`, `check`, validation and the documentation all read it. A new way in is one such
 * object plus one line in the registry of `cli/`.
 */
export interface CollectorType<Config, Event, Running extends Collector = Collector> {
  /** Name in the configuration and in `RawOrigin.collector`. */
  readonly type: string;
  readonly stability: 'stable' | 'beta' | 'experimental';
  /** One sentence. */
  readonly summary: string;
  /** Validates and fills in defaults; strict: an unknown key is an error. */
  readonly config: ZodType<Config>;
  /** YAML of a section that `config` accepts, as `init` writes it. */
  readonly example: string;
  /** Does no I/O. */
  create(config: Config, context: CollectorContext<Event>): Running;
  /** Tries whether it would run, changes nothing, leaves nothing open. Never rejects: a failure is a finding. */
  probe(config: Config, signal: AbortSignal): Promise<readonly ProbeFinding[]>;
}
