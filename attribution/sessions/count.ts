import type { Count } from '../../store/analysis/session-record';
import type { StoredCounter } from '../../store/facts/facts-reader';

/** The largest count a column holds. A count that reached it stays there and means "at least". */
const LIMIT = 2n ** 63n - 1n;

/** An exact count from what the store gives: text stands for values beyond 2^53. */
export function toCount(stored: StoredCounter): Count | null {
  return typeof stored === 'string' ? narrow(BigInt(stored)) : stored;
}

/** Exact sum: numbers as long as they are exact, bigint beyond. `null` is "not counted" and adds nothing. */
export function addCounts(left: Count | null, right: Count | null): Count | null {
  if (left === null) return right;
  if (right === null) return left;
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  return narrow(BigInt(left) + BigInt(right));
}

/** Exact product of a count and a sampling rate. */
export function scaleCount(count: Count | null, rate: number): Count | null {
  if (count === null || rate === 1) return count;
  if (typeof count === 'number' && count * rate <= Number.MAX_SAFE_INTEGER) return count * rate;
  return narrow(BigInt(count) * BigInt(rate));
}

function narrow(value: bigint): Count {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
  return value < LIMIT ? value : LIMIT;
}
