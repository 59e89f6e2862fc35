import type { Database } from 'better-sqlite3';
import { GapStore } from '../../store/analysis/gap-store';
import { SessionStore, type StageCursor } from '../../store/analysis/session-store';
import type { FactsDirectory } from '../../store/facts/facts-directory';
import { nextStep } from './segment-walk';
import { SessionAssembler } from './session-assembler';
import type { SessionRules } from './session-rules';

/** Flow rows of one transaction: enough to make its cost small, few enough to bound memory. */
const BATCH = 5000;

/** What one call of `advance` did. */
export interface SessionProgress {
  /** Flow rows read. */
  readonly rows: number;
  /** Sessions begun or changed, counted once a transaction. */
  readonly sessions: number;
  /** Flow rows that are no part of a session: no address pair or no protocol. */
  readonly apart: number;
}

/**
 * Reads flow rows from the facts segments, open or sealed, and keeps the sessions in `ascribe.db`. Sessions and cursor
 * are committed together, so a crash at any point neither loses a row nor counts one twice.
 */
export class SessionStage {
  readonly #facts: FactsDirectory;
  readonly #store: SessionStore;
  readonly #gaps: GapStore;
  readonly #rules: SessionRules;
  #assembler: SessionAssembler;
  #cursor: StageCursor | undefined;

  /** `db` is the writer's connection to `ascribe.db`. Reads the sessions that can still grow. */
  constructor(db: Database, facts: FactsDirectory, rules: SessionRules) {
    this.#facts = facts;
    this.#store = new SessionStore(db);
    this.#gaps = new GapStore(db);
    this.#rules = rules;
    this.#assembler = this.#takeUp();
  }

  /** Where the stage stands; undefined before the first row. */
  get cursor(): StageCursor | undefined {
    return this.#cursor;
  }

  /** Reads about `maxRows` flow rows more, fewer when there are no more yet. A failed step leaves everything as it was. */
  advance(maxRows: number): SessionProgress {
    let rows = 0;
    let sessions = 0;
    let apart = 0;
    while (rows < maxRows) {
      const limit = Math.min(BATCH, maxRows - rows);
      const step = nextStep(this.#facts, this.#cursor, (reader, after) => reader.flowsAfter(after, limit));
      if (step === undefined) break;
      const { segment } = step.place;
      for (const row of step.rows) if (!this.#assembler.add(row, segment)) apart++;
      sessions += this.#commit(step.place);
      rows += step.rows.length;
    }
    this.#copyGaps();
    return { rows, sessions, apart };
  }

  #commit(place: StageCursor): number {
    const { sessions, slices, sources, rows, started, watermark } = this.#assembler.take();
    try {
      this.#store.commit({ records: sessions, slices, sources, rows, sessions: started, watermark }, place);
    } catch (error) {
      // What the assembler holds is ahead of the store now: it goes back to what is stored.
      this.#assembler = this.#takeUp();
      throw error;
    }
    this.#cursor = place;
    return sessions.length;
  }

  #takeUp(): SessionAssembler {
    this.#cursor = this.#store.cursor();
    return new SessionAssembler(this.#rules, {
      ...this.#store.counters(),
      live: this.#store.latest(this.#rules.maxLive),
      sources: this.#store.sources(),
    });
  }

  #copyGaps(): void {
    for (;;) {
      const step = nextStep(this.#facts, this.#gaps.cursor(), (reader, after) => reader.rowsAfter('gap', after, BATCH));
      if (step === undefined) return;
      this.#gaps.commit(step.place.segment, step.rows, step.place.lastId);
    }
  }
}
