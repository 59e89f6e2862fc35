import type { Database as Connection } from 'better-sqlite3';
import type { StoredRecord } from '../../collectors/contract';
import type { DeviceSettings, SettingsFor } from '../../normalizer/settings';
import type { BlindSpot } from '../analysis/blind-record';
import type { ClockRow } from '../analysis/clock-store';

/** What a pack is about. Times are epoch ms UTC, from inclusive, to exclusive. */
export type Selection =
  | { readonly kind: 'session'; readonly id: string }
  | { readonly kind: 'finding'; readonly id: string }
  | { readonly kind: 'owner'; readonly name: string; readonly from?: number; readonly to?: number }
  | { readonly kind: 'time'; readonly from: number; readonly to: number };

/** Reads the records of a pack, in ascending order and nothing else, and makes their facts again. */
export interface FactReader {
  take(record: StoredRecord): void;
  /** Nothing more comes. */
  finish(): void;
}

/** Makes a reader in its first state; each fact goes to `write` as one line of JSON. The same records give the same lines. */
export type CreateFactReader = (settingsFor: SettingsFor, write: (line: string) => void) => FactReader;

/** The journal positions that the verdict of a session (its id) rests on; those given before may be left out. */
export interface Consulted {
  of(session: string): readonly number[];
  /** Addresses (upper-case hex) that verdicts took for translated though no record was found that says so. */
  readonly unnamed: Iterable<string>;
}

/** An exporter's domain and when it was first heard, epoch ms: before that, a first packet proves nothing. */
export interface HeardSource {
  readonly exporter: string;
  readonly domain: number;
  readonly firstReceived: number;
}

/**
 * What derived rows rest on beside the records of the pack: how the site was configured, and what was measured over more records
 * than the pack has. It is stated and signed, and taken as given when the rest is derived again.
 */
export interface PackContext {
  /** As `RulesOfPack.state` gave them; not checked yet. */
  readonly rules: Readonly<Record<string, unknown>>;
  readonly clocks: readonly ClockRow[];
  readonly sources: readonly HeardSource[];
  /** Upper-case hex. */
  readonly translated: readonly string[];
  readonly prevalence: readonly Prevalence[];
  /** Stretches in which a source told not everything. */
  readonly blind: readonly BlindSpot[];
}

/** How many owners talked with a destination (upper-case hex) when a rhythm was found there, and of how many. */
export interface Prevalence {
  readonly dst: string;
  readonly owners: number;
  readonly of: number;
}

/** Takes records like a `FactReader`, then makes sessions, verdicts and findings of their facts. */
export interface Rederivation extends FactReader {
  /** What the records taken lead to, as an `ascribe.db` that `close` removes. To be called after `finish`. Throws for a context it cannot read. */
  analyse(context: PackContext): Connection;
  close(): void;
}

export type CreateRederivation = (settingsFor: SettingsFor) => Rederivation;

/** What came of deriving one kind of row again. */
export interface Rederived {
  readonly same: number;
  /** Derived again, and other than stated. */
  readonly differ: number;
  /** Stated, and not derived from the records of the pack. */
  readonly absent: number;
}

/** A row that is not derived again as it is stated. */
export interface Difference {
  readonly kind: 'session' | 'verdict' | 'finding';
  readonly id: string;
  readonly text: string;
}

/** Everything derived again and compared with what is stated. */
export interface Comparison {
  readonly sessions: Rederived;
  readonly verdicts: Rederived;
  readonly findings: Rederived;
  /** Verdicts that are the same, with links that hold for longer than the records of the pack show. */
  readonly narrower: number;
  /** The first of them. */
  readonly differences: readonly Difference[];
}

/** What the normalizer was told of one sender: kept in the pack, so that the facts can be made again anywhere. */
export interface SenderSettings {
  readonly address: string;
  readonly settings: DeviceSettings;
}

/** What a finished pack came to. */
export interface PackSummary {
  readonly file: string;
  /** SHA-256 of the archive, hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Fingerprint of the signing key. */
  readonly key: string;
  readonly records: number;
  /** Of those, records in sealed segments: with a proof. */
  readonly proved: number;
  readonly sessions: number;
  readonly findings: number;
  readonly facts: number;
  /** Records that derived rows point to and that the journal no longer has. */
  readonly absent: number;
}

/** One thing that is wrong with a pack. */
export interface PackFault {
  /** The file of the pack it is in; empty for the archive itself. */
  readonly file: string;
  readonly text: string;
}

/** What verifying came to. */
export interface PackReport {
  readonly faults: readonly PackFault[];
  readonly notes: readonly string[];
  /** Fingerprint of the key whose signatures hold; undefined when none does. */
  readonly key: string | undefined;
  /** SHA-256 of the archive, hex. */
  readonly sha256: string;
  readonly records: number;
  readonly proved: number;
  /** Facts read again; undefined when none were. */
  readonly facts: number | undefined;
  /** Undefined for a pack with faults, whose statements are not looked at, and when nothing was to be derived again. */
  readonly comparison: Comparison | undefined;
}
