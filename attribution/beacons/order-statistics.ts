/** Ascending copy. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values).sort();
}

/** Median of ascending values from `from` up to, not including, `to`; NaN when there are none. */
export function medianOf(ascending: ArrayLike<number>, from = 0, to = ascending.length): number {
  const count = to - from;
  if (count === 0) return Number.NaN;
  const middle = from + (count >> 1);
  return count % 2 === 1 ? ascending[middle]! : (ascending[middle - 1]! + ascending[middle]!) / 2;
}

/** First, second and third quartile: medians of the lower half, the whole and the upper half, without the middle value of an odd count. */
export interface Quartiles {
  readonly q1: number;
  readonly q2: number;
  readonly q3: number;
}

export function quartilesOf(ascending: ArrayLike<number>): Quartiles {
  const count = ascending.length;
  const half = count >> 1;
  return {
    q1: medianOf(ascending, 0, half),
    q2: medianOf(ascending),
    q3: medianOf(ascending, count - half, count),
  };
}

/** Median of the distances of ascending values from `center`. Both sides of it are in order of distance already: they are merged up to the middle. */
export function medianDeviation(ascending: ArrayLike<number>, center: number): number {
  const count = ascending.length;
  let [right, end] = [0, count];
  while (right < end) {
    const middle = (right + end) >> 1;
    if (ascending[middle]! < center) right = middle + 1;
    else end = middle;
  }
  let left = right - 1;
  let [before, distance] = [Number.NaN, Number.NaN];
  for (let taken = 0; taken <= count >> 1; taken++) {
    const below = left >= 0 ? center - ascending[left]! : Number.POSITIVE_INFINITY;
    const above = right < count ? ascending[right]! - center : Number.POSITIVE_INFINITY;
    before = distance;
    if (below <= above) left--;
    else right++;
    distance = Math.min(below, above);
  }
  return count % 2 === 1 ? distance : (before + distance) / 2;
}

/** The value below which a share `p` (0 to 1) of the ascending values lies, by rank. */
export function quantileOf(ascending: ArrayLike<number>, p: number): number {
  const rank = Math.min(ascending.length - 1, Math.max(0, Math.ceil(p * ascending.length) - 1));
  return ascending[rank] ?? Number.NaN;
}
