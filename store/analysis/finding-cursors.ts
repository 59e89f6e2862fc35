import type { Database as Connection, Statement } from 'better-sqlite3';

/** Where the findings stand: in the events of the facts, and in the changes of sessions and verdicts. */
export interface FindingPlace {
  /** '' before the first segment. */
  readonly segment: string;
  readonly lastId: number;
  readonly sessionRevision: number;
  readonly verdictRevision: number;
}

const STAGE = 'findings';
const COUNTERS = { sessionRevision: 'finding_session_revision', verdictRevision: 'finding_verdict_revision' } as const;

/** Reads and writes where the findings stand. */
export class FindingCursors {
  readonly #cursor: Statement;
  readonly #counter: Statement;
  readonly #setCursor: Statement;
  readonly #setCounter: Statement;

  constructor(db: Connection) {
    this.#cursor = db.prepare('SELECT segment, last_id AS lastId FROM cursor WHERE stage = ?');
    this.#counter = db.prepare('SELECT value FROM counter WHERE name = ?').pluck();
    this.#setCursor = db.prepare('INSERT OR REPLACE INTO cursor(stage, segment, last_id) VALUES (?, ?, ?)');
    this.#setCounter = db.prepare('INSERT OR REPLACE INTO counter(name, value) VALUES (?, ?)');
  }

  read(): FindingPlace {
    const cursor = this.#cursor.get(STAGE) as { segment: string; lastId: number } | undefined;
    const counter = (name: string): number => (this.#counter.get(name) as number | undefined) ?? 0;
    return {
      segment: cursor?.segment ?? '',
      lastId: cursor?.lastId ?? 0,
      sessionRevision: counter(COUNTERS.sessionRevision),
      verdictRevision: counter(COUNTERS.verdictRevision),
    };
  }

  /** Inside the transaction of the step. */
  write({ segment, lastId, sessionRevision, verdictRevision }: FindingPlace): void {
    if (segment !== '') this.#setCursor.run(STAGE, segment, lastId);
    this.#setCounter.run(COUNTERS.sessionRevision, sessionRevision);
    this.#setCounter.run(COUNTERS.verdictRevision, verdictRevision);
  }
}
