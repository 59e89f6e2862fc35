/**
 * What a source tells, each kind by itself: a firewall may go on logging its events and no longer its sessions. `log`: events it
 * logs; `session_log`: sessions; `translation_log`: translations apart from sessions; `lease_log`: leases of addresses; `name_log`: names that
 * were asked for; `poll`: what is read from it.
 */
export const BLIND_KINDS = ['flow', 'session_log', 'translation_log', 'lease_log', 'name_log', 'log', 'poll'] as const;
export type BlindKind = (typeof BLIND_KINDS)[number];

/**
 * `GAP`: records are known to be missing. `SILENT`: nothing came for much longer than usual. `STALE`: readings that should have
 * come did not. `DROPPED`: records came, and our own receiver (`device` is its address) lost them: whose they were nobody knows.
 */
export type BlindReason = 'GAP' | 'SILENT' | 'STALE' | 'DROPPED';

/** A stretch in which a source told not everything. Times in epoch ms, by our own clock. */
export interface BlindSpot {
  readonly device: string;
  readonly kind: BlindKind;
  readonly from: number;
  /** null: it still goes on. */
  readonly to: number | null;
  readonly reason: BlindReason;
  /** How many of `unit` are missing; null when that cannot be known. */
  readonly missing: number | null;
  readonly unit: string;
  readonly detail: string;
  /** Journal position of the record that says it, or of the last one before a silence. */
  readonly rawSeq: number;
  /** Receive time from which it was known. */
  readonly recordedAt: number;
}

/** When a source was last heard, and how long it used to be silent. */
export interface Pulse {
  readonly device: string;
  readonly kind: BlindKind;
  readonly last: number;
  readonly lastSeq: number;
  /** How often it was silent for 1 to 2 s, 2 to 4 s, and so on. */
  readonly silences: readonly number[];
}

/** A row that shows that a source was heard. */
export interface HeardRow {
  readonly id: number;
  readonly rawSeq: number;
  readonly receivedAt: number;
  /** Of a flow export the exporter's address. */
  readonly device: string;
  /** '': it shows nothing of its source's ways. */
  readonly kind: BlindKind | '';
}

/** What a source or we ourselves know to be missing: a `gap` fact. */
export interface GapRow {
  readonly id: number;
  readonly rawSeq: number;
  readonly receivedAt: number;
  readonly since: number | null;
  readonly device: string;
  readonly parser: string;
  readonly kind: string;
  readonly missing: number | null;
  readonly unit: string | null;
  readonly detail: string | null;
}
