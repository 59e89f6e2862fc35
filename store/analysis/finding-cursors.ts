import type { Database as Connection, Statement } from 'better-sqlite3';

/** Where the findings stand: in the events of the facts, and in the changes of sessions and verdicts. */
export interface FindingPlace {
  /** '' before the first segment. */
  readonly segment: string;
  readonly lastId: number;
  readonly sessionRevision: number;
  readonly verdictRevision: number;
  /** Stored events are looked at again from the one behind `relookAt` up to `relookTo`. */
  readonly relookAt: number;
  readonly relookTo: number;
}

const STAGE = 'findings';
/** Its cursor's segment is the signature of the rules that the findings were made by. */
const RULES = 'finding_rules';
const COUNTERS = {
  sessionRevision: 'finding_session_revision',
  verdictRevision: 'finding_verdict_revision',
  relookAt: 'finding_relook_at',
  relookTo: 'finding_relook_to',
} as const;

/** Reads and writes where the findings stand. */
export class FindingCursors {
  readonly #cursor: Statement;
  readonly #counter: Statement;
  readonly #setCursor: Statement;
  readonly #setCounter: Statement;
  readonly #lastChange: Statement;
  readonly #allDirty: Statement;

  constructor(db: Connection) {
    this.#cursor = db.prepare('SELECT segment, last_id AS lastId FROM cursor WHERE stage = ?');
    this.#counter = db.prepare('SELECT value FROM counter WHERE name = ?').pluck();
    this.#setCursor = db.prepare('INSERT OR REPLACE INTO cursor(stage, segment, last_id) VALUES (?, ?, ?)');
    this.#setCounter = db.prepare('INSERT OR REPLACE INTO counter(name, value) VALUES (?, ?)');
    this.#lastChange = db.prepare('SELECT coalesce(max(num), 0) FROM change_row').pluck();
    this.#allDirty = db.prepare(
      'UPDATE series_row SET dirty = 1 + coalesce((SELECT sessions FROM beacon_row WHERE series = num), 0)',
    );
  }

  read(): FindingPlace {
    const cursor = this.#cursor.get(STAGE) as { segment: string; lastId: number } | undefined;
    const counter = (name: string): number => (this.#counter.get(name) as number | undefined) ?? 0;
    return {
      segment: cursor?.segment ?? '',
      lastId: cursor?.lastId ?? 0,
      sessionRevision: counter(COUNTERS.sessionRevision),
      verdictRevision: counter(COUNTERS.verdictRevision),
      relookAt: counter(COUNTERS.relookAt),
      relookTo: counter(COUNTERS.relookTo),
    };
  }

  /** Inside the transaction of the step. */
  write(place: FindingPlace): void {
    if (place.segment !== '') this.#setCursor.run(STAGE, place.segment, place.lastId);
    for (const name of ['sessionRevision', 'verdictRevision', 'relookAt', 'relookTo'] as const) {
      this.#setCounter.run(COUNTERS[name], place[name]);
    }
  }

  /** Begins again with all sessions, stored events and series when the findings were made by other rules; true when it does. */
  startOver(signature: string): boolean {
    const known = this.#cursor.get(RULES) as { segment: string } | undefined;
    if (known?.segment === signature) return false;
    this.#setCursor.run(RULES, signature, 0);
    if (known === undefined) return true;
    const relookTo = this.#lastChange.get() as number;
    this.write({ ...this.read(), sessionRevision: 0, verdictRevision: 0, relookAt: 0, relookTo });
    this.#allDirty.run();
    return true;
  }
}
