import { type IntervalHistogram, noiseShare } from './interval-histogram';

/*
 * What pauses look like without a rhythm. Two families, each fitted to the pauses themselves: densities that fall from a floor on (generalized Pareto
 * with a shape of 0 and more: exponential, so Poisson, and heavier tails), and everything that is smooth on a logarithmic scale
 * (mixtures of log-normal densities with a deviation of `SMOOTH` each: people, batches, queues).
 */

const SMOOTH = 0.65;
const SPACING = 0.6;
const ROUNDS = 20;
/** A floor above this share of the median is a rhythm of its own: the pauses are more like each other than a Pareto tail of 2. */
const HIGHEST_FLOOR = 0.75;
/** Share of the pauses that may be something else, so that one short pause does not hide a floor. */
const NOISES = [0.002, 0.04] as const;
const MOST_SHAPE = 3;
const STEPS = [0.5, 0.2, 0.08] as const;

/** Logarithm of the probability of all pauses by the family that explains them best. `ascending`: the pauses, seconds. */
export function chanceLikelihood(histogram: IntervalHistogram, ascending: ArrayLike<number>): number {
  return Math.max(smoothLikelihood(histogram), fallingLikelihood(histogram, ascending));
}

/** Mixture of log-normal densities at even distances, its weights found by expectation and maximisation. */
function smoothLikelihood({ width, bins, counts, total }: IntervalHistogram): number {
  const spacing = (SMOOTH * SPACING) / width;
  const first = bins[0]! - spacing;
  const centers = Math.ceil((bins[bins.length - 1]! + spacing - first) / spacing) + 1;
  const size = bins.length;
  const density = new Float64Array(centers * size);
  for (let k = 0; k < centers; k++) {
    for (let i = 0; i < size; i++) {
      const z = ((bins[i]! - first - k * spacing) * width) / SMOOTH;
      density[k * size + i] = (width / SMOOTH / Math.sqrt(2 * Math.PI)) * Math.exp((-z * z) / 2);
    }
  }
  const weights = new Float64Array(centers).fill(1 / centers);
  const mixed = new Float64Array(size);
  for (let round = 0; ; round++) {
    mix(mixed, weights, density);
    if (round === ROUNDS) break;
    for (let k = 0; k < centers; k++) {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += (counts[i]! * density[k * size + i]!) / mixed[i]!;
      weights[k] = (weights[k]! * sum) / total;
    }
  }
  let likelihood = 0;
  for (let i = 0; i < size; i++) likelihood += counts[i]! * Math.log(mixed[i]!);
  return likelihood;
}

function mix(mixed: Float64Array, weights: Float64Array, density: Float64Array): void {
  mixed.fill(0);
  for (let k = 0; k < weights.length; k++) {
    const weight = weights[k]!;
    if (weight < 1e-9) continue;
    const from = k * mixed.length;
    for (let i = 0; i < mixed.length; i++) mixed[i] = mixed[i]! + weight * density[from + i]!;
  }
}

function fallingLikelihood(histogram: IntervalHistogram, ascending: ArrayLike<number>): number {
  const { width, bins } = histogram;
  const median = ascending[ascending.length >> 1]!;
  const lower = Float64Array.from(bins, (bin) => Math.exp((bin - 0.5) * width));
  const upper = Float64Array.from(bins, (bin) => Math.exp((bin + 0.5) * width));
  const shortest = ascending[0]!;
  const twentieth = ascending[Math.floor(ascending.length / 20)]!;
  const floors = new Set([0, shortest, twentieth].map((floor) => Math.min(floor, HIGHEST_FLOOR * median)));
  let best = Number.NEGATIVE_INFINITY;
  for (const floor of floors) {
    const falling = new Falling(histogram, lower, upper, floor);
    best = Math.max(best, falling.fit(median, ascending[Math.floor(ascending.length * 0.75)]!));
  }
  return best;
}

/** Generalized Pareto densities from one floor on. */
class Falling {
  readonly #histogram: IntervalHistogram;
  readonly #lower: Float64Array;
  readonly #upper: Float64Array;
  readonly #floor: number;

  constructor(histogram: IntervalHistogram, lower: Float64Array, upper: Float64Array, floor: number) {
    this.#histogram = histogram;
    this.#lower = lower;
    this.#upper = upper;
    this.#floor = floor;
  }

  /** The best likelihood, looked for from where median and third quartile put scale and shape. */
  fit(median: number, thirdQuartile: number): number {
    const half = median - this.#floor;
    let shape = clampShape(Math.log2(Math.max(1, (thirdQuartile - median) / half)));
    let scale = shape === 0 ? half / Math.LN2 : (half * shape) / (2 ** shape - 1);
    let best = this.#likelihood(scale, shape);
    for (const step of STEPS) {
      for (let isBetter = true; isBetter;) {
        isBetter = false;
        for (const [up, out] of [
          [step, 0],
          [-step, 0],
          [0, step],
          [0, -step],
        ] as const) {
          const [nextScale, nextShape] = [scale * Math.exp(up), clampShape(shape + out)];
          const likelihood = this.#likelihood(nextScale, nextShape);
          if (likelihood <= best + 1e-9) continue;
          [best, scale, shape, isBetter] = [likelihood, nextScale, nextShape, true];
        }
      }
    }
    return best;
  }

  #likelihood(scale: number, shape: number): number {
    const { bins, counts, width } = this.#histogram;
    const noise = noiseShare(width);
    const sums = NOISES.map(() => 0);
    let edge = Number.NaN;
    let before = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < bins.length; i++) {
      const from = bins[i] === before + 1 ? edge : this.#above(this.#lower[i]!, scale, shape);
      edge = this.#above(this.#upper[i]!, scale, shape);
      before = bins[i]!;
      for (let j = 0; j < NOISES.length; j++) {
        sums[j] = sums[j]! + counts[i]! * Math.log((1 - NOISES[j]!) * (from - edge) + NOISES[j]! * noise);
      }
    }
    return Math.max(...sums);
  }

  /** Share of pauses above a length. */
  #above(length: number, scale: number, shape: number): number {
    const beyond = (length - this.#floor) / scale;
    if (beyond <= 0) return 1;
    return shape < 1e-6 ? Math.exp(-beyond) : (1 + shape * beyond) ** (-1 / shape);
  }
}

function clampShape(shape: number): number {
  return Math.min(MOST_SHAPE, Math.max(0, shape));
}
