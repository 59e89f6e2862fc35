/** Ascending copy. */
export function sorted(values: readonly number[]): number[] {
  return values.slice().sort((a, b) => a - b);
}

/** Median of ascending values from `from` up to, not including, `to`; NaN when there are none. */
export function medianOf(ascending: readonly number[], from = 0, to = ascending.length): number {
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

export function quartilesOf(ascending: readonly number[]): Quartiles {
  const count = ascending.length;
  const half = count >> 1;
  return {
    q1: medianOf(ascending, 0, half),
    q2: medianOf(ascending),
    q3: medianOf(ascending, count - half, count),
  };
}

/** Median of the distances from `center`. */
export function medianDeviation(values: readonly number[], center: number): number {
  return medianOf(sorted(values.map((value) => Math.abs(value - center))));
}

/** The value below which a share `p` (0 to 1) of the ascending values lies, by rank. */
export function quantileOf(ascending: readonly number[], p: number): number {
  const rank = Math.min(ascending.length - 1, Math.max(0, Math.ceil(p * ascending.length) - 1));
  return ascending[rank] ?? Number.NaN;
}
