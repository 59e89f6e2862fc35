/** Pauses counted in bins of equal width on a logarithmic scale: a bin's number grows by `1 / width` when a pause grows e-fold. */
export interface IntervalHistogram {
  /** Natural logarithm of the ratio of a bin's ends. */
  readonly width: number;
  /** Numbers of the bins that hold any, ascending: bin b goes from `exp((b - 0.5) width)` to `exp((b + 0.5) width)` seconds. */
  readonly bins: Int32Array;
  readonly counts: Float64Array;
  readonly total: number;
}

/** Probability that something which may last from a second to a month, evenly on the logarithmic scale, falls into one bin. */
export function noiseShare(width: number): number {
  return width / Math.log(30 * 86_400);
}

/** `ascending`: seconds, all above 0. */
export function histogramOf(ascending: ArrayLike<number>, width: number): IntervalHistogram {
  const bins: number[] = [];
  const counts: number[] = [];
  for (let i = 0; i < ascending.length; i++) {
    const bin = Math.round(Math.log(ascending[i]!) / width);
    const last = bins.length - 1;
    if (bins[last] === bin) counts[last] = counts[last]! + 1;
    else {
      bins.push(bin);
      counts.push(1);
    }
  }
  return { width, bins: Int32Array.from(bins), counts: Float64Array.from(counts), total: ascending.length };
}
