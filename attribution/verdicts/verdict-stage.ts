import type { Database } from 'better-sqlite3';
import type { Leg } from '../../store/analysis/evidence-record';
import { EvidenceReader } from '../../store/queries/evidence';
import { type ReopenRow, VerdictStore } from '../../store/analysis/verdict-store';
import type { FactsDirectory } from '../../store/facts/facts-directory';
import { BlindStore } from '../../store/analysis/blind-store';
import { BlindStage } from '../blind/blind-stage';
import { AccountStage } from './account-stage';
import { BlindSpots } from './blind-spots';
import { ClockStage } from './clock-stage';
import { Clocks } from './clocks';
import { ExportClocks } from './export-clocks';
import { RecentEvidence } from './recent-evidence';
import { translatedBy } from './reopen';
import { Reopened } from './reopened';
import { proxyOf, readRequestKey } from './requests';
import { resolve } from './resolve';
import { StoredEvidence } from './stored-evidence';
import type { VerdictRules } from './verdict-rules';

/** Changed sessions, or changes of evidence, of one step. */
const BATCH = 5000;

/** Sessions remembered with what they have seen. */
const MOST_SEEN = 1_000_000;

/** Sessions of one transaction. */
const TRANSACTION = 5000;

/** What one call of `advance` did. */
export interface VerdictProgress {
  /** Changed sessions and changes of evidence that were taken. */
  readonly taken: number;
  /** Sessions looked at. */
  readonly resolved: number;
  /** Verdicts that say something new. */
  readonly changed: number;
}

/** Addresses (hex) that are known as translated, or as proxies', only now: what was found of their sessions stood on other ground. */
interface NewlyKnown {
  readonly translated: string[];
  readonly proxies: string[];
}

/**
 * Keeps a verdict for each session in `ascribe.db`. It is made when the session is first seen, and again when the session
 * or any evidence it may depend on changes: what comes late reopens the keys and stretches of time that it touches, so
 * that verdicts do not depend on the order in which evidence came.
 */
export class VerdictStage {
  readonly #store: VerdictStore;
  readonly #reader: RecentEvidence;
  readonly #evidence: StoredEvidence;
  readonly #reopened: Reopened;
  readonly #clocks: ClockStage;
  readonly #exports: ExportClocks;
  readonly #accounts: AccountStage;
  /** Undefined where stretches without sight are given. */
  readonly #blind: BlindStage | undefined;
  /** Highest number of a session that was taken. */
  #highest: number;
  /** The last change of evidence that was taken note of. */
  #absorbed = 0;
  /** Changes of evidence that a session has seen already, by its number. */
  readonly #seen = new Map<number, number>();

  /** `db` is the writer's connection to `ascribe.db`; `held`: sessions and accounts that are held in memory at most. */
  constructor(db: Database, facts: FactsDirectory, rules: VerdictRules, held?: number) {
    const clocks = new Clocks();
    const blind = new BlindSpots();
    this.#store = new VerdictStore(db);
    this.#reader = new RecentEvidence(db, this.#store.sessionRevision, held);
    this.#evidence = new StoredEvidence(this.#reader, rules, clocks, blind);
    this.#reopened = new Reopened(this.#reader, this.#evidence);
    this.#clocks = new ClockStage(db, new EvidenceReader(db), clocks);
    this.#exports = new ExportClocks(db, facts, (exporter, period) => this.#clocks.sawExports(exporter, period));
    this.#accounts = new AccountStage(db, facts, rules);
    if (rules.blindGiven === true) for (const spot of BlindStore.read(db)) blind.set(spot);
    else this.#blind = new BlindStage(db, facts, rules.deviceOf, blind);
    this.#highest = this.#store.highest();
  }

  /** Reads about `most` session logs, export times and signs of life more and returns how many: evidence that is looked at by `advance`. */
  gather(most: number): number {
    return this.#accounts.advance(most) + this.#exports.advance(most) + (this.#blind?.advance(most) ?? 0);
  }

  /** Takes about `most` changes; fewer when there are no more. A failed step leaves everything as it was. */
  advance(most: number): VerdictProgress {
    let taken = 0;
    let resolved = 0;
    let changed = 0;
    while (taken < most) {
      const limit = Math.min(BATCH, most - taken);
      const step = this.#step(limit);
      if (step.taken === 0) break;
      taken += step.taken;
      resolved += step.resolved;
      changed += step.changed;
    }
    return { taken, resolved, changed };
  }

  /** Measures clocks again where there is new to measure; true when that reopened sessions. To be called when nothing else is due. */
  measureClocks(): boolean {
    return this.#clocks.measure();
  }

  /**
   * Changed sessions first: they are resolved with all evidence that has come, also what still waits to reopen others.
   * A change of evidence then passes over the sessions that have seen it.
   */
  #step(limit: number): VerdictProgress {
    const known = this.#absorb();
    this.#reader.absorb();
    const legs = this.#reader.changed(limit);
    if (legs.length > 0) return this.#takeSessions(legs, known);
    const rows = this.#store.reopened(limit);
    if (rows.length === 0) {
      this.#seen.clear();
      return { taken: 0, resolved: 0, changed: 0 };
    }
    return this.#takeEvidence(rows, known);
  }

  /** Takes note of all changes of evidence at once: what is remembered of their keys is forgotten. */
  #absorb(): NewlyKnown {
    const newly: NewlyKnown = { translated: [], proxies: [] };
    for (;;) {
      const rows = this.#store.reopenedAfter(this.#absorbed, BATCH);
      const last = rows.at(-1);
      if (last === undefined) return newly;
      this.#absorbed = last.num;
      for (const { relation, key } of rows) {
        this.#evidence.forget(relation, key);
        this.#note(translatedBy(relation, key), newly);
        if (relation === 'request') this.#noteProxy(readRequestKey(key).via, newly);
      }
      this.#clocks.saw(rows, []);
    }
  }

  #note(address: string | null | undefined, { translated }: NewlyKnown): void {
    if (address === undefined || address === null || this.#evidence.isTranslated(address)) return;
    this.#evidence.addTranslated(address);
    translated.push(address);
  }

  #noteProxy(address: string | undefined, { proxies }: NewlyKnown): void {
    if (address !== undefined && this.#evidence.isProxy(address)) return;
    this.#evidence.addProxy(address);
    if (address !== undefined) proxies.push(address);
  }

  #takeSessions(legs: readonly Leg[], newly: NewlyKnown): VerdictProgress {
    for (const leg of legs) {
      this.#highest = Math.max(this.#highest, leg.num);
      this.#note(leg.natSrc, newly);
      const proxy = proxyOf(leg);
      if (proxy !== undefined && this.#evidence.isHome(proxy)) this.#noteProxy(proxy, newly);
    }
    this.#clocks.saw([], legs);
    const due = new Map<number, Leg | undefined>();
    this.#addNewly(due, newly);
    for (const leg of legs) for (const num of this.#reopened.bySession(leg)) this.#add(due, num);
    for (const leg of legs) due.set(leg.num, leg);
    const changed = this.#resolveAll(due);
    for (const { num } of legs) if (this.#seen.size < MOST_SEEN) this.#seen.set(num, this.#absorbed);
    this.#store.inTransaction(() => {
      this.#keep(newly);
      this.#store.setSessionRevision(legs.at(-1)!.revision);
    });
    this.#reader.taken(legs);
    return { taken: legs.length, resolved: due.size, changed };
  }

  #takeEvidence(rows: readonly ReopenRow[], newly: NewlyKnown): VerdictProgress {
    const due = new Map<number, Leg | undefined>();
    this.#addNewly(due, newly);
    for (const row of mergedRows(rows)) {
      for (const num of this.#reopened.byEvidence(row)) {
        if ((this.#seen.get(num) ?? 0) < row.num) this.#add(due, num);
      }
    }
    const changed = this.#resolveAll(due);
    this.#store.inTransaction(() => {
      this.#keep(newly);
      this.#store.close(rows.at(-1)!.num);
    });
    return { taken: rows.length, resolved: due.size, changed };
  }

  #addNewly(due: Map<number, Leg | undefined>, { translated, proxies }: NewlyKnown): void {
    for (const address of [...translated, ...proxies]) {
      for (const num of this.#reopened.byAddress(address)) this.#add(due, num);
    }
  }

  /** A session beyond those taken so far is new: its own turn comes. */
  #add(due: Map<number, Leg | undefined>, num: number): void {
    if (num <= this.#highest && !due.has(num)) due.set(num, undefined);
  }

  #keep({ translated, proxies }: NewlyKnown): void {
    for (const address of translated) this.#store.addTranslated(address, this.#store.knownTo());
    for (const address of proxies) this.#store.addProxy(address, this.#store.knownTo());
  }

  #resolveAll(due: ReadonlyMap<number, Leg | undefined>): number {
    const numbers = [...due.keys()].sort((a, b) => a - b);
    let changed = 0;
    for (let i = 0; i < numbers.length; i += TRANSACTION) {
      changed += this.#resolveSome(numbers.slice(i, i + TRANSACTION), due);
    }
    return changed;
  }

  #resolveSome(numbers: readonly number[], due: ReadonlyMap<number, Leg | undefined>): number {
    try {
      return this.#store.inTransaction(() => {
        const verdicts = numbers.flatMap((num) => {
          const leg = due.get(num) ?? this.#reader.session(num);
          return leg === undefined ? [] : [{ session: num, start: leg.start, ...resolve(this.#evidence, leg) }];
        });
        for (const verdict of verdicts) this.#reader.found(verdict);
        return this.#store.write(verdicts, this.#store.knownTo());
      });
    } catch (error) {
      this.#store.forget();
      throw error;
    }
  }
}

/** Changes of one key that overlap or touch are one. */
function mergedRows(rows: readonly ReopenRow[]): ReopenRow[] {
  const byKey = new Map<string, ReopenRow[]>();
  for (const row of rows) {
    const name = `${row.relation} ${row.key}`;
    const same = byKey.get(name);
    if (same === undefined) byKey.set(name, [row]);
    else same.push(row);
  }
  return [...byKey.values()].flatMap((same) => (same.length === 1 ? same : mergedRanges(same)));
}

function mergedRanges(rows: ReopenRow[]): ReopenRow[] {
  const merged: ReopenRow[] = [];
  for (const row of rows.sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last === undefined || row.from > last.to) merged.push(row);
    else merged[merged.length - 1] = { ...last, to: Math.max(last.to, row.to), num: Math.max(last.num, row.num) };
  }
  return merged;
}
