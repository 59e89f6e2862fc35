/** What an exporter's sequence numbers count. RFC 7011 numbers a message by the records before it; VMware counts its own too. */
const RULES = ['packets', 'records_before', 'records_including'] as const;
export type SequenceRule = (typeof RULES)[number];

/** What the numbers of one datagram mean for the stream. */
export type Observation = 'first' | 'in_order' | 'lost' | 'late' | 'resync';

/** A jump this far is a counter that was set anew, not loss. */
const LARGEST_LOSS = 1 << 24;
/** A datagram this far behind is out of order; further behind, the counter was set back. */
const LARGEST_REORDER = 1 << 16;
/** So many datagrams behind in a row are a counter that was set back after all. */
const LATE_IN_A_ROW = 8;

interface SequenceState {
  last: number;
  lastRecords: number;
  hits: number[];
  lateInARow: number;
  /** Lost and not yet stated, in units of the rule; when that began. */
  lost: number;
  gaps: number;
  lostSince: number;
  /** When the latest datagram came. */
  lastAt: number;
}

/**
 * Loss of one stream from its sequence numbers. The rule that the numbers follow is learned: loss is only claimed once a
 * rule has held, and never across records that could not be counted.
 */
export class SequenceTracker {
  readonly #usual: number;
  readonly #possible: readonly number[];
  #state: SequenceState | undefined;

  constructor(version: number) {
    this.#usual = version === 9 || version === 105 ? 0 : 1;
    this.#possible = version === 9 ? [0, 1] : version === 10 ? [1, 2, 0] : version === 105 ? [0] : [1];
  }

  /** What is counted, as learned so far. */
  get rule(): SequenceRule {
    return RULES[this.#active()]!;
  }

  get unit(): 'packets' | 'records' {
    return this.#active() === 0 ? 'packets' : 'records';
  }

  /** Loss not yet taken, and since when. */
  get lost(): number {
    return this.#state?.lost ?? 0;
  }

  /** When the latest datagram came; undefined before the first. */
  get lastAt(): number | undefined {
    return this.#state?.lastAt;
  }

  /** Takes in a datagram's number and its count of records, -1 when some could not be counted. */
  observe(sequence: number, records: number, now: number): Observation {
    const state = this.#state;
    if (state === undefined) {
      this.#state = {
        last: sequence,
        lastRecords: records,
        hits: [0, 0, 0],
        lateInARow: 0,
        lost: 0,
        gaps: 0,
        lostSince: now,
        lastAt: now,
      };
      return 'first';
    }
    const before = state.lastAt;
    state.lastAt = now;
    const delta = (sequence - state.last) | 0;
    if (this.#learn(state, delta, records)) return this.#advance(state, sequence, records, 'in_order');
    const active = this.#active();
    const expected = predicted(active, state.lastRecords, records);
    if (expected < 0) return this.#advance(state, sequence, records, 'resync');
    const missing = delta - expected;
    if (missing < 0) return this.#behind(state, missing, sequence, records);
    if (state.hits[active] === 0 || missing > LARGEST_LOSS) return this.#advance(state, sequence, records, 'resync');
    if (state.lost === 0) state.lostSince = before;
    state.lost += missing;
    state.gaps++;
    return this.#advance(state, sequence, records, 'lost');
  }

  /** The loss that was not stated yet, for a gap fact; cleared by the call. */
  take(): { missing: number; gaps: number; since: number } {
    const state = this.#state;
    const taken = { missing: state?.lost ?? 0, gaps: state?.gaps ?? 0, since: state?.lostSince ?? 0 };
    if (state !== undefined) {
      state.lost = 0;
      state.gaps = 0;
    }
    return taken;
  }

  /** The exporter restarted: its numbers begin anew, what they count stays. */
  reset(): void {
    if (this.#state !== undefined) this.#state.lastRecords = -2;
  }

  toJSON(): unknown {
    return this.#state ?? null;
  }

  restore(state: unknown): void {
    this.#state = state === null ? undefined : (state as SequenceState);
  }

  #learn(state: SequenceState, delta: number, records: number): boolean {
    if (state.lastRecords === -2) return false;
    let matched = false;
    const possible = this.#possible;
    for (let i = 0; i < possible.length; i++) {
      if (predicted(possible[i]!, state.lastRecords, records) === delta) matched = true;
    }
    if (!matched) return false;
    for (let i = 0; i < possible.length; i++) {
      const rule = possible[i]!;
      const expected = predicted(rule, state.lastRecords, records);
      if (expected === delta) state.hits[rule] = Math.min(state.hits[rule]! + 1, 64);
      else if (expected >= 0) state.hits[rule]! >>= 1;
    }
    return true;
  }

  #active(): number {
    let best = this.#usual;
    const hits = this.#state?.hits;
    if (hits === undefined) return best;
    for (const rule of this.#possible) if (hits[rule]! > hits[best]!) best = rule;
    return best;
  }

  #advance(state: SequenceState, sequence: number, records: number, outcome: Observation): Observation {
    state.last = sequence;
    state.lastRecords = records;
    state.lateInARow = 0;
    return outcome;
  }

  /** A number from before: a late datagram takes back the loss that was assumed for it. */
  #behind(state: SequenceState, missing: number, sequence: number, records: number): Observation {
    state.lateInARow++;
    if (missing < -LARGEST_REORDER || state.lateInARow > LATE_IN_A_ROW) {
      return this.#advance(state, sequence, records, 'resync');
    }
    const units = this.#active() === 0 ? 1 : Math.max(0, records);
    state.lost = Math.max(0, state.lost - units);
    return 'late';
  }
}

/** How far the number rises from the last datagram to this one under a rule; -1 when it cannot be known. */
function predicted(rule: number, lastRecords: number, records: number): number {
  if (lastRecords === -2) return -1;
  if (rule === 0) return 1;
  return rule === 1 ? lastRecords : records;
}
