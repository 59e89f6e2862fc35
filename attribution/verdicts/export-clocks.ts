import type { Database } from 'better-sqlite3';
import { type ClockBin, ClockStore } from '../../store/analysis/clock-store';
import type { StageCursor } from '../../store/analysis/session-store';
import type { FactsDirectory } from '../../store/facts/facts-directory';
import type { ExportRow } from '../../store/facts/facts-reader';
import { nextStep } from '../sessions/segment-walk';
import { periodOf } from './clocks';
import { EXPORT_BIN_MS } from './measure-clock';

/** Runs of one transaction. */
const BATCH = 5000;

/** Counts how export times lie to their receipt, by exporter and period: what the clocks of exporters are measured from. */
export class ExportClocks {
  readonly #facts: FactsDirectory;
  readonly #store: ClockStore;
  readonly #saw: (exporter: string, period: number) => void;
  #cursor: StageCursor | undefined;

  /** `db` is the writer's connection to `ascribe.db`; `saw` is told what has new counts. */
  constructor(db: Database, facts: FactsDirectory, saw: (exporter: string, period: number) => void) {
    this.#facts = facts;
    this.#store = new ClockStore(db);
    this.#saw = saw;
    this.#cursor = this.#store.cursor();
  }

  /** Reads about `maxRows` runs more and returns how many. */
  advance(maxRows: number): number {
    let rows = 0;
    while (rows < maxRows) {
      const limit = Math.min(BATCH, maxRows - rows);
      const next = nextStep(this.#facts, this.#cursor, (reader, after) => reader.exportsAfter(after, limit));
      if (next === undefined) break;
      const bins = binsOf(next.rows);
      this.#store.addBins(bins, next.place);
      this.#cursor = next.place;
      for (const { device, from } of bins) this.#saw(device, from);
      rows += next.rows.length;
    }
    return rows;
  }
}

/** By period of the exporter's own clock, which is what its flows are stamped with. */
function binsOf(rows: readonly ExportRow[]): ClockBin[] {
  const bins = new Map<string, ClockBin>();
  for (const { exporter, exportedAt, receivedAt } of rows) {
    if (exportedAt === null || exportedAt <= 0) continue;
    const from = periodOf(exportedAt);
    const bin = Math.floor((exportedAt - receivedAt) / EXPORT_BIN_MS) * EXPORT_BIN_MS;
    const key = `${from} ${bin} ${exporter}`;
    bins.set(key, { device: exporter, from, bin, count: (bins.get(key)?.count ?? 0) + 1 });
  }
  return [...bins.values()];
}
