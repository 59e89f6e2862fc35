/** What a page came to. `confirmed` counts only what a receiver answered for. */
export interface Tally {
  sent: number;
  confirmed: number;
  dead: number;
  filtered: number;
  bytes: number;
}

/** A record that a receiver will never take as it is. */
export interface DeadLetter {
  readonly kind: string;
  readonly uid: string;
  readonly ref: string;
  readonly code: string;
  readonly cause: string;
  /** The beginning of what was sent. */
  readonly excerpt: string;
}

/** Rows of `forward.db`, as `forward status` and `forward audit` read them. */
export interface CursorRow {
  readonly destination: string;
  readonly kind: string;
  readonly position: string;
  readonly moved_at: number;
  readonly active: 0 | 1;
}

export interface HourRow extends Tally {
  readonly destination: string;
  readonly kind: string;
  readonly hour: number;
}

export interface DeadLetterRow extends DeadLetter {
  readonly num: number;
  readonly destination: string;
  readonly failed_at: number;
  readonly attempts: number;
  /** `kept`, `redrive`: to be sent again, `gone`: the store has the record no more. */
  readonly state: 'kept' | 'redrive' | 'gone';
}

/** Records that retention took away before a destination had them: ids above `from_id`, up to `to_id`. */
export interface GapRow {
  readonly num: number;
  readonly destination: string;
  readonly kind: string;
  readonly segment: string;
  readonly from_id: number;
  readonly to_id: number;
  /** How many, before the destination's filters. */
  readonly missing: number;
  readonly reason: string;
  readonly recorded_at: number;
}
