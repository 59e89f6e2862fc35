import type { BindingInterval, BindingMark } from '../../store/analysis/binding-record';

/**
 * Intervals of one series, made of its observations in their order: device time, then arrival. What they come to depends
 * on the set of observations alone, except that arrival orders those of the same millisecond.
 *
 * - `seen` and `begin` say that it held then. Within the freshness of the last, or the lease it stated, they extend it;
 *   a `begin` meanwhile is a renewal. Later they begin another interval, and the one before stays without an end.
 * - `end` ends what holds. When nothing does, the beginning was missed: it held up to that moment.
 */
export function derive(marks: readonly BindingMark[], freshness: number, before?: BindingInterval): BindingInterval[] {
  const intervals: BindingInterval[] = [];
  let current = before;
  for (const mark of marks) {
    const next = step(current, mark, freshness);
    if (next === undefined) continue;
    intervals.push(next);
    current = next;
  }
  return intervals;
}

/** Takes the next observation into the interval; when it belongs to a new one, gives that and leaves the old as it is. */
export function step(
  current: BindingInterval | undefined,
  mark: BindingMark,
  freshness: number,
): BindingInterval | undefined {
  if (current === undefined || !holds(current, mark.at)) return begun(current, mark, freshness);
  current.observations++;
  current.lastObserved = mark.at;
  current.lastSeq = mark.rawSeq;
  current.lastSegment = mark.segment;
  current.lastFact = mark.fact;
  current.extra = mark.extra;
  current.recordedAt = Math.min(current.recordedAt, mark.receivedAt);
  current.lastRecordedAt = Math.max(current.lastRecordedAt, mark.receivedAt);
  reach(current, mark, freshness);
  return undefined;
}

/** Whether an observation at or after the interval's last one belongs to it. */
function holds(interval: BindingInterval, at: number): boolean {
  return interval.endSource !== 'stated' && at <= interval.toHi;
}

function begun(previous: BindingInterval | undefined, mark: BindingMark, freshness: number): BindingInterval {
  const { at, rawSeq, segment, fact, receivedAt } = mark;
  const floor = previous === undefined ? Number.NEGATIVE_INFINITY : Math.min(previous.toLo, at);
  const interval: BindingInterval = {
    fromLo: mark.state === 'begin' ? at : Math.max(at - freshness, floor),
    fromHi: at,
    toLo: at,
    toHi: at,
    beginSource: mark.state === 'begin' ? 'stated' : 'none',
    endSource: 'none',
    firstObserved: at,
    lastObserved: at,
    observations: 1,
    firstSeq: rawSeq,
    firstSegment: segment,
    lastSeq: rawSeq,
    lastSegment: segment,
    lastFact: fact,
    recordedAt: receivedAt,
    lastRecordedAt: receivedAt,
    endRecordedAt: null,
    extra: mark.extra,
  };
  reach(interval, mark, freshness);
  return interval;
}

/** How far the interval reaches after its latest observation. A lease that was stated stands until it is renewed. */
function reach(interval: BindingInterval, { state, at, validUntil, receivedAt }: BindingMark, freshness: number): void {
  if (state === 'end') {
    interval.toLo = at;
    interval.toHi = at;
    interval.endSource = 'stated';
    interval.endRecordedAt = receivedAt;
  } else if (validUntil !== null && validUntil > at) {
    interval.toLo = validUntil;
    interval.toHi = validUntil;
    interval.endSource = 'expiry';
    interval.endRecordedAt = receivedAt;
  } else if (interval.endSource !== 'expiry') {
    interval.toLo = at;
    interval.toHi = at + freshness;
  }
}

/** Negative, zero or positive: the order in which observations are taken. */
export function compareMarks(a: BindingMark, b: BindingMark): number {
  return a.at - b.at || a.rawSeq - b.rawSeq || a.segment - b.segment || a.fact - b.fact;
}
