/** Label names and values of one series. Values must come from a small set: a listener, a stage, never an address. */
export type Labels = Readonly<Record<string, string>>;

/** One series and its value. */
export interface CounterSample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

const MOST_SERIES = 4096;

/** Counters that only grow, by name and labels. Bounded: series beyond the limit are added up under no labels. */
export class Counters {
  readonly #series = new Map<string, { name: string; labels: Labels; value: number }>();

  add(name: string, labels: Labels, by: number): void {
    const key = seriesKey(name, labels);
    const known = this.#series.get(key);
    if (known !== undefined) known.value += by;
    else if (this.#series.size < MOST_SERIES || Object.keys(labels).length === 0) {
      this.#series.set(key, { name, labels, value: by });
    } else this.add(name, {}, by);
  }

  /** 0 for what was never counted. */
  value(name: string, labels: Labels = {}): number {
    return this.#series.get(seriesKey(name, labels))?.value ?? 0;
  }

  /** Copies of all series. */
  samples(): readonly CounterSample[] {
    return Array.from(this.#series.values(), ({ name, labels, value }) => ({ name, labels, value }));
  }
}

function seriesKey(name: string, labels: Labels): string {
  const parts = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key] ?? ''}`);
  return [name, ...parts].join('\u0000');
}
