import { type IntervalHistogram, noiseShare } from './interval-histogram';

/**
 * What pauses look like when somebody sleeps for a period T with jitter j (evenly from T (1 - j) to T (1 + j)), a share L of the sessions
 * is lost, and a share of the pauses is something else: a pause is the sum of k sleeps with the probability (1 - L) L^(k - 1).
 */
export interface SleepModel {
  readonly jitter: number;
  readonly loss: number;
  /** Logarithm of the probability of a bin, by its distance from the bin of T, from `SHORTEST` on. */
  readonly table: Float64Array;
  /** The same for every bin beyond the table: something else. */
  readonly outside: number;
}

/** A model with its period that explains pauses best. */
export interface Sleep {
  readonly model: SleepModel;
  /** Bin of the period. */
  readonly bin: number;
  /** Logarithm of the probability of all pauses. */
  readonly likelihood: number;
}

const JITTERS = [0.03, 0.1, 0.2, 0.33, 0.5, 0.82] as const;
const LOSSES = [0.02, 0.3, 0.55, 0.75, 0.9] as const;
const NOISES = [0.005, 0.04, 0.2] as const;
/** Place of the one to look for a period with. */
const USUAL_NOISE = 1;
/** Nothing sleeps that regularly for a tenth to ninety per cent and loses most of it, so that it could be told. */
const UNTELLABLE = { jitter: 0.8, loss: 0.5 } as const;

/** Sums of sleeps are computed on a grid of this share of T, up to so many T; from there on they fall off as losses do. */
const GRID = 0.01;
const SUMMED = 24;
const LONGEST = 150;
const SHORTEST_RATIO = 0.12;
const LEAST_WEIGHT = 1e-4;

const known = new Map<number, SleepModels>();

/** The models for one width of bins, made when they are first asked for (some ten milliseconds). */
export function sleepModels(width: number): SleepModels {
  const found = known.get(width) ?? new SleepModels(width);
  known.set(width, found);
  return found;
}

export class SleepModels {
  readonly #width: number;
  readonly #shortest: number;
  readonly #models: readonly SleepModel[];
  /** One for each jitter and loss: enough to find the place. */
  readonly #few: readonly SleepModel[];

  constructor(width: number) {
    this.#width = width;
    this.#shortest = Math.floor(Math.log(SHORTEST_RATIO) / width);
    this.#models = JITTERS.flatMap((jitter) =>
      LOSSES.filter((loss) => jitter < UNTELLABLE.jitter || loss < UNTELLABLE.loss).flatMap((loss) => {
        const sums = sumsOf(jitter, loss);
        return NOISES.map((noise) => this.#modelOf(jitter, loss, noise, sums));
      }),
    );
    this.#few = this.#models.filter((_, i) => i % NOISES.length === USUAL_NOISE);
  }

  /** Best of all models, or of few that stand for them, with a period from bin `from` to bin `to`. */
  best(histogram: IntervalHistogram, from: number, to: number, of: 'all' | 'few' = 'all'): Sleep | undefined {
    const models = of === 'all' ? this.#models : this.#few;
    let best: Sleep | undefined;
    for (let bin = from; bin <= to; bin++) {
      for (const model of models) {
        const likelihood = this.#likelihood(histogram, model, bin);
        if (best === undefined || likelihood > best.likelihood) best = { model, bin, likelihood };
      }
    }
    return best;
  }

  #likelihood({ bins, counts }: IntervalHistogram, { table, outside }: SleepModel, bin: number): number {
    const first = bin + this.#shortest;
    let sum = 0;
    for (let i = 0; i < bins.length; i++) {
      const place = bins[i]! - first;
      sum += counts[i]! * (place >= 0 && place < table.length ? table[place]! : outside);
    }
    return sum;
  }

  #modelOf(jitter: number, loss: number, noise: number, sums: Float64Array): SleepModel {
    const width = this.#width;
    const other = noise * noiseShare(width);
    const bins = Math.ceil(Math.log(LONGEST) / width) - this.#shortest;
    const table = Float64Array.from({ length: bins }, (_, i) => {
      const middle = (this.#shortest + i) * width;
      // The period lies anywhere in its bin: mean of two places.
      const share = (shift: number): number =>
        below(sums, loss, Math.exp(middle + width * (shift + 0.5))) -
        below(sums, loss, Math.exp(middle + width * (shift - 0.5)));
      return Math.log(((1 - noise) * (share(-0.25) + share(0.25))) / 2 + other);
    });
    return { jitter, loss, table, outside: Math.log(other) };
  }
}

/** Share of pauses below each point of the grid, when T is 1. */
function sumsOf(jitter: number, loss: number): Float64Array {
  const points = SUMMED / GRID;
  const from = Math.round((1 - jitter) / GRID);
  const to = Math.max(from + 1, Math.round((1 + jitter) / GRID));
  let sum = new Float64Array(points).fill(1 / (to - from), from, to);
  const all = new Float64Array(points);
  for (let weight = 1 - loss; weight >= LEAST_WEIGHT; weight *= loss) {
    for (let i = 0; i < points; i++) all[i] = all[i]! + weight * sum[i]!;
    sum = oneMore(sum, from, to);
  }
  const cumulated = new Float64Array(points + 1);
  for (let i = 0; i < points; i++) cumulated[i + 1] = cumulated[i]! + all[i]!;
  return cumulated;
}

/** Distribution of a sum with one more sleep, even from `from` up to, not including, `to`. */
function oneMore(sum: Float64Array, from: number, to: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(sum.length);
  let running = 0;
  for (let i = from; i < sum.length; i++) {
    running += sum[i - from]! - (i >= to ? sum[i - to]! : 0);
    next[i] = Math.max(0, running / (to - from));
  }
  return next;
}

function below(cumulated: Float64Array, loss: number, value: number): number {
  const place = value / GRID;
  const last = cumulated.length - 1;
  if (place >= last) return 1 - (1 - cumulated[last]!) * loss ** (value - SUMMED);
  const point = Math.floor(place);
  return cumulated[point]! + (place - point) * (cumulated[point + 1]! - cumulated[point]!);
}
