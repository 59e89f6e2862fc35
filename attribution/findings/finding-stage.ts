import type { Database } from 'better-sqlite3';
import { ChangeStore } from '../../store/analysis/change-store';
import { type DeviceStretch, EvidenceReader, type EvidenceRow } from '../../store/analysis/evidence-reader';
import { FindingCursors, type FindingPlace } from '../../store/analysis/finding-cursors';
import type { ChangeRecord, MatchRecord, Subject } from '../../store/analysis/finding-record';
import { FindingReopenStore } from '../../store/analysis/finding-reopen-store';
import { FindingStore } from '../../store/analysis/finding-store';
import { SeriesStore } from '../../store/analysis/series-store';
import { SubjectTable } from '../../store/analysis/subject-table';
import type { FactsDirectory } from '../../store/facts/facts-directory';
import { nextStep } from '../sessions/segment-walk';
import { changeOf } from './change-of';
import type { SessionContext, SessionEvidence } from './contract';
import { evidenceOf, seriesKeyOf, seriesSessionOf, subjectOf } from './evidence-of';
import type { FindingRules } from './finding-rules';
import { recordOf } from './match-record';
import { SeriesScorer } from './series-scorer';

const BATCH = 2000;
/** Sessions looked at again in the step that reads an event which came late; the others wait for steps of their own. */
const REOPENED = 1000;

/** What one call of `advance` did. */
export interface FindingProgress {
  /** Events and sessions looked at. */
  readonly rows: number;
}

/**
 * Reads events from the facts, and sessions with their verdicts as they change, and keeps the findings in `ascribe.db`. What a session, an
 * event or a series matches replaces what it matched before, so the order in which evidence comes leaves no trace.
 */
export class FindingStage {
  readonly #db: Database;
  readonly #facts: FactsDirectory;
  readonly #rules: FindingRules;
  readonly #cursors: FindingCursors;
  readonly #changes: ChangeStore;
  readonly #evidence: EvidenceReader;
  readonly #subjects: SubjectTable;
  readonly #findings: FindingStore;
  readonly #reopened: FindingReopenStore;
  readonly #series: SeriesStore;
  readonly #scorer: SeriesScorer;
  readonly #context: SessionContext;
  #place: FindingPlace;

  /** `db` is the writer's connection to `ascribe.db`. */
  constructor(db: Database, facts: FactsDirectory, rules: FindingRules) {
    this.#db = db;
    this.#facts = facts;
    this.#rules = rules;
    this.#cursors = new FindingCursors(db);
    this.#changes = new ChangeStore(db);
    this.#evidence = new EvidenceReader(db);
    this.#subjects = new SubjectTable(db);
    this.#findings = new FindingStore(db, this.#subjects);
    this.#reopened = new FindingReopenStore(db);
    this.#series = new SeriesStore(db, this.#subjects);
    this.#scorer = new SeriesScorer(this.#series, this.#findings, rules);
    this.#context = {
      values: rules.values,
      changes: (device, from, to) => this.#changes.between(device, from, to),
    };
    db.transaction(() => this.#cursors.startOver(rules.signature))();
    this.#place = this.#cursors.read();
  }

  /** Looks at about `maxRows` more events and sessions, fewer when there are no more yet. A failed step leaves everything as it was. */
  advance(maxRows: number): FindingProgress {
    let rows = 0;
    while (rows < maxRows) {
      const limit = Math.min(BATCH, maxRows - rows);
      const events = this.#step(() => this.#relook(limit)) + this.#step(() => this.#takeEvents(limit));
      const done = events + this.#step(() => this.#takeSessions(limit)) + this.#step(() => this.#takeReopened());
      if (done === 0) break;
      rows += done;
    }
    return { rows };
  }

  /** Scores at most `limit` of the series that have changed; returns how many. To be called now and then: it is the dearest part. */
  score(limit: number): number {
    return this.#step(() => this.#scorer.score(limit));
  }

  #step(work: () => number): number {
    const before = this.#place;
    try {
      return this.#db.transaction(() => {
        const done = work();
        this.#findings.sumUp();
        return done;
      })();
    } catch (error) {
      this.#place = before;
      this.#subjects.forget();
      this.#findings.forget();
      throw error;
    }
  }

  #takeEvents(limit: number): number {
    const { segment, lastId } = this.#place;
    const place = segment === '' ? undefined : { segment, lastId };
    const next = nextStep(this.#facts, place, (reader, after) => reader.rowsAfter('event', after, limit));
    if (next === undefined) return 0;
    for (const row of next.rows) {
      const change = changeOf(row);
      if (change === undefined) continue;
      const record = this.#changes.add(change);
      this.#lookAtEvent(record);
      this.#reopen(record);
    }
    this.#place = { ...this.#place, segment: next.place.segment, lastId: next.place.lastId };
    this.#cursors.write(this.#place);
    // A step that only moves on to the next segment is work too.
    return Math.max(1, next.rows.length);
  }

  /** Stored events that were looked at by other rules. */
  #relook(limit: number): number {
    const { relookAt, relookTo } = this.#place;
    if (relookAt >= relookTo) return 0;
    const changes = this.#changes.after(relookAt, relookTo, limit);
    for (const change of changes) this.#lookAtEvent(change);
    this.#place = { ...this.#place, relookAt: changes.at(-1)?.num ?? relookTo };
    this.#cursors.write(this.#place);
    return Math.max(1, changes.length);
  }

  #lookAtEvent(event: ChangeRecord): void {
    const subject: Subject = { kind: 'device', id: `device:${event.device}`, name: event.device, host: event.device };
    const matches: MatchRecord[] = [];
    for (const analytic of this.#rules.analytics) {
      if (analytic.looksAt !== 'event') continue;
      const match = analytic.match(event, this.#rules.values);
      if (match !== undefined) matches.push(recordOf(analytic, match, subject, event.at));
    }
    this.#findings.replace({ kind: 'change', num: event.num }, matches, event.receivedAt);
  }

  /** Sessions on the device that may be the work of a change which is only told now. */
  #reopen({ device, at, command, action, own }: ChangeRecord): void {
    if (own || (command === null && action !== 'config_change')) return;
    const { TimeWindow } = this.#rules.values;
    const stretch = { device, from: at, to: at + TimeWindow, after: 0 };
    const rest = this.#lookAtStretch(stretch);
    if (rest !== undefined) this.#reopened.add(rest);
  }

  /** The next of the sessions that a late event has reopened beyond what its own step took. */
  #takeReopened(): number {
    const stretch = this.#reopened.first();
    if (stretch === undefined) return 0;
    const rest = this.#lookAtStretch(stretch);
    if (rest === undefined) this.#reopened.remove(stretch.num);
    else this.#reopened.move(stretch.num, rest.from, rest.after);
    return REOPENED;
  }

  /** Looks at the first sessions of a stretch; gives what is left of it, undefined when nothing is. */
  #lookAtStretch(stretch: DeviceStretch): DeviceStretch | undefined {
    const sessions = this.#evidence.sessionsOfDevice(stretch, REOPENED);
    for (const { num } of sessions) this.#look(num);
    const last = sessions.at(-1);
    return last === undefined || sessions.length < REOPENED
      ? undefined
      : { ...stretch, from: last.start, after: last.num };
  }

  #takeSessions(limit: number): number {
    const { sessionRevision, verdictRevision } = this.#place;
    const sessions = this.#evidence.sessionsAfter(sessionRevision, limit);
    const verdicts = this.#evidence.verdictsAfter(verdictRevision, limit);
    const changed = new Set([...sessions, ...verdicts].map(({ num }) => num));
    if (changed.size === 0) return 0;
    for (const session of changed) this.#look(session);
    this.#place = {
      ...this.#place,
      sessionRevision: sessions.at(-1)?.revision ?? sessionRevision,
      verdictRevision: verdicts.at(-1)?.revision ?? verdictRevision,
    };
    this.#cursors.write(this.#place);
    return changed.size;
  }

  #look(num: number): void {
    const row = this.#evidence.read(num);
    if (row === undefined) return;
    const evidence = evidenceOf(row);
    this.#series.place(seriesSessionOf(row), seriesKeyOf(row, evidence));
    const matches = row['legOf'] === null ? this.#matchesOf(evidence) : [];
    this.#findings.replace({ kind: 'session', num }, matches, receivedAt(row));
  }

  #matchesOf(evidence: SessionEvidence): MatchRecord[] {
    const matches: MatchRecord[] = [];
    for (const analytic of this.#rules.analytics) {
      if (analytic.looksAt !== 'session') continue;
      const match = analytic.match(evidence, this.#context);
      if (match !== undefined) matches.push(recordOf(analytic, match, subjectOf(evidence), evidence.start));
    }
    return matches;
  }
}

function receivedAt(row: EvidenceRow): number {
  return Number(row['lastReceived'] ?? row['end']);
}
