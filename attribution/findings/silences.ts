/** A stretch in which a host wrote nothing although its processes opened sessions. */
export interface Silence {
  /** Its last record before, epoch ms. */
  readonly from: number;
  /** Its next record; of a silence that lasts, its last session. */
  readonly to: number;
  readonly sessions: number;
  /** The longest silence before it, ms, and how many there were. */
  readonly longestBefore: number;
  readonly silences: number;
}

/** Fewer pauses say nothing of how long a host usually is silent. */
const LEAST_SILENCES = 20;
/** A silence must outlast the longest before so many times. */
const FACTOR = 3;
const LEAST_SESSIONS = 3;

/**
 * Silences that stand out. After `n` pauses the next is the longest with probability 1 / (n + 1), whatever their distribution;
 * three times the longest of twenty or more is rarer by far. `times`: records, ascending; `sessions`: starts of the host's own sessions, ascending.
 */
export function silencesOf(times: readonly number[], sessions: readonly number[], longerThan: number): Silence[] {
  const found: Silence[] = [];
  let longestBefore = 0;
  for (let i = 1; i <= times.length; i++) {
    const from = times[i - 1]!;
    const to = times[i] ?? Math.max(from, sessions.at(-1) ?? from);
    const silences = i - 1;
    const length = to - from;
    if (length > longerThan && silences >= LEAST_SILENCES && length > FACTOR * longestBefore) {
      const count = sessions.filter((start) => start > from && start < to).length;
      if (count >= LEAST_SESSIONS) found.push({ from, to, sessions: count, longestBefore, silences });
    }
    longestBefore = Math.max(longestBefore, length);
  }
  return found;
}
