import type { Database } from 'better-sqlite3';
import { ChangeStore } from '../../store/analysis/change-store';
import { type DeviceStretch, EvidenceReader } from '../../store/analysis/evidence-reader';
import { FindingCursors, type FindingPlace } from '../../store/analysis/finding-cursors';
import type { ChangeRecord, MatchRecord, Subject } from '../../store/analysis/finding-record';
import { FindingReopenStore } from '../../store/analysis/finding-reopen-store';
import { FindingStore } from '../../store/analysis/finding-store';
import { NameStore } from '../../store/analysis/name-store';
import { RelayReader } from '../../store/analysis/relay-reader';
import { SeriesStore } from '../../store/analysis/series-store';
import { SubjectTable } from '../../store/analysis/subject-table';
import type { FactsDirectory } from '../../store/facts/facts-directory';
import { hexOf, textOf } from '../../store/queries/places';
import { type DestinationName, NameReader } from '../../store/queries/names';
import { placeTerms } from '../destinations/place';
import { nextStep } from '../sessions/segment-walk';
import { changeOf } from './change-of';
import type { SessionContext, SessionEvidence } from './contract';
import { seriesKeyOf, seriesSessionOf, subjectOf } from './evidence-of';
import type { FindingRules } from './finding-rules';
import { StoredRoles } from './inventory-roles';
import { recordOf } from './match-record';
import { nameEvidenceOf } from './name-evidence';
import { SilenceJudge } from './silence-judge';
import { SeriesScorer } from './series-scorer';

const BATCH = 2000;
/** Sessions looked at again in the step that reads an event which came late; the others wait for steps of their own. */
const REOPENED = 1000;
/** Sessions with one address that are looked at again because of one name. */
const NAMED = 5000;
/** Names of one destination that are looked at. */
const MOST_NAMES = 10;

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
  readonly #roles: StoredRoles;
  readonly #cursors: FindingCursors;
  readonly #changes: ChangeStore;
  readonly #evidence: EvidenceReader;
  readonly #subjects: SubjectTable;
  readonly #findings: FindingStore;
  readonly #reopened: FindingReopenStore;
  readonly #series: SeriesStore;
  readonly #scorer: SeriesScorer;
  readonly #silences: SilenceJudge;
  readonly #names: NameStore;
  readonly #nameReader: NameReader;
  readonly #context: SessionContext;
  #place: FindingPlace;
  /** Events or sessions came since silences were looked for. */
  #mayBeSilent = true;

  /** `db` is the writer's connection to `ascribe.db`. */
  constructor(db: Database, facts: FactsDirectory, given: FindingRules) {
    this.#db = db;
    this.#facts = facts;
    this.#roles = new StoredRoles(db);
    const roles = given.values.roles.withInventory(this.#roles.of);
    const rules = { ...given, values: { ...given.values, roles } };
    this.#rules = rules;
    this.#cursors = new FindingCursors(db);
    this.#changes = new ChangeStore(db);
    this.#evidence = new EvidenceReader(db);
    this.#subjects = new SubjectTable(db);
    this.#findings = new FindingStore(db, this.#subjects);
    this.#reopened = new FindingReopenStore(db);
    this.#series = new SeriesStore(db, this.#subjects);
    this.#scorer = new SeriesScorer(this.#series, this.#findings, rules, new RelayReader(db));
    this.#silences = new SilenceJudge(db, this.#changes, this.#findings, this.#subjects, rules);
    this.#names = new NameStore(db);
    this.#nameReader = new NameReader(db);
    this.#context = {
      values: rules.values,
      changes: (device, from, to) => this.#changes.between(device, from, to),
      names: (session) => this.#namesOf(session),
    };
    db.transaction(() => {
      if (this.#cursors.startOver(rules.signature)) this.#names.markAll();
    })();
    this.#place = this.#cursors.read();
  }

  /** Looks at about `maxRows` more events and sessions, fewer when there are no more yet. A failed step leaves everything as it was. */
  advance(maxRows: number): FindingProgress {
    this.#roles.renew();
    let rows = 0;
    while (rows < maxRows) {
      const limit = Math.min(BATCH, maxRows - rows);
      const events = this.#step(() => this.#relook(limit)) + this.#step(() => this.#takeEvents(limit));
      const sessions = this.#step(() => this.#takeSessions(limit)) + this.#step(() => this.#takeReopened());
      const done = events + sessions + this.#step(() => this.#takeNames(limit));
      if (done === 0) break;
      this.#mayBeSilent = true;
      rows += done;
    }
    return { rows };
  }

  /**
   * Scores at most `limit` of the series that have changed, and judges as many clients' questions; returns how many. To be called now and
   * then: it is the dearest part. With `round`, a number that grows by one with each, a series waits until it has grown by a share, or its turn comes.
   */
  score(limit: number, round?: number): number {
    if (this.#mayBeSilent) {
      this.#step(() => {
        this.#silences.judge();
        return 0;
      });
      this.#mayBeSilent = false;
    }
    return this.#step(() => this.#scorer.score(limit, round)) + this.#step(() => this.#judgeClients(limit));
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
      this.#changes.forget();
      this.#subjects.forget();
      this.#series.forget();
      this.#scorer.forget();
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

  /** Names that lists name reopen the sessions with the addresses that they were given for; questions are judged by `score`. */
  #takeNames(limit: number): number {
    const changes = this.#names.changes(limit);
    const { DestinationIPBlocklist: lists } = this.#rules.values;
    const touched = new Set<number>();
    for (const { relation, key, value, from, to } of changes) {
      if (relation === 'ip-query') this.#names.mark(key);
      else if (lists.lookUpName(value, to).length > 0) {
        for (const session of this.#evidence.sessionsTo(hexOf(key) ?? '', from, to, NAMED)) touched.add(session);
      }
    }
    for (const session of touched) this.#look(session);
    const last = changes.at(-1);
    if (last !== undefined) this.#names.take(last.num);
    return changes.length;
  }

  #judgeClients(limit: number): number {
    const clients = this.#names.dirty(limit);
    for (const client of clients) {
      const evidence = nameEvidenceOf(client, this.#names);
      const matches: MatchRecord[] = [];
      for (const analytic of this.#rules.analytics) {
        if (analytic.looksAt !== 'names' || evidence === undefined) continue;
        for (const match of analytic.match(evidence, this.#rules.values)) {
          matches.push(recordOf(analytic, match, evidence.subject, evidence.last));
        }
      }
      this.#findings.replace({ kind: 'client', num: client.num }, matches, evidence?.last ?? 0);
      this.#names.judged(client);
    }
    return clients.length;
  }

  /** What is known of a destination beside what an analytic looked at: its surest name, and where it is. */
  #knownOf(evidence: SessionEvidence): Readonly<Record<string, string | number>> {
    if (evidence.networkDirection !== 'outbound') return {};
    const [name] = this.#namesOf(evidence);
    const place = this.#rules.values.places.placeOf(textOf(evidence.dst));
    return {
      ...(name !== undefined && {
        destination_name: name.name,
        name_asked_by: name.askedAt === null ? 'others' : 'itself',
      }),
      ...(place !== undefined && placeTerms(place)),
    };
  }

  #namesOf({ src, dst, start }: SessionEvidence): DestinationName[] {
    return this.#nameReader.namesOf({ src: textOf(src), dst: textOf(dst), start }, MOST_NAMES);
  }

  #look(num: number): void {
    const row = this.#evidence.read(num);
    if (row === undefined) return;
    this.#series.place(seriesSessionOf(row), seriesKeyOf(row));
    const matches = row.legOf === null ? this.#matchesOf(row) : [];
    this.#findings.replace({ kind: 'session', num }, matches, row.lastReceived);
  }

  #matchesOf(evidence: SessionEvidence): MatchRecord[] {
    const matches: MatchRecord[] = [];
    for (const analytic of this.#rules.analytics) {
      if (analytic.looksAt !== 'session') continue;
      const match = analytic.match(evidence, this.#context);
      if (match === undefined) continue;
      matches.push(recordOf(analytic, match, subjectOf(evidence), evidence.start, this.#knownOf(evidence)));
    }
    return matches;
  }
}
