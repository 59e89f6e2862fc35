import type { StoredRecord } from '../../collectors/contract';
import type { DeviceSettings, SettingsFor } from '../../normalizer/settings';

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
  readonly facts: number;
}
