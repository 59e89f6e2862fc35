import type { Database } from 'better-sqlite3';
import {
  type BindingIdentity,
  type BindingInterval,
  type BindingMark,
  segmentName,
  segmentNumber,
  type StoredInterval,
} from '../../store/analysis/binding-record';
import { BindingStore, type SeriesChange } from '../../store/analysis/binding-store';
import type { StageCursor } from '../../store/analysis/session-store';
import { TranslatorStore } from '../../store/analysis/translator-store';
import type { FactsDirectory } from '../../store/facts/facts-directory';
import type { BindingRow } from '../../store/facts/facts-reader';
import { nextStep } from '../sessions/segment-walk';
import { translatedBy } from '../verdicts/reopen';
import type { BindingRules } from './binding-rules';
import { compareMarks, derive, step } from './derive';
import { freshnessOf } from './freshness';

/** Observations of one transaction: enough to make its cost small, few enough to bound memory. */
const BATCH = 5000;

/** What one call of `advance` did. */
export interface BindingProgress {
  /** Observations read. */
  readonly rows: number;
  /** Intervals begun or changed, counted once a transaction. */
  readonly intervals: number;
}

type Put = SeriesChange['put'][number];

/** A series as the stage holds it between observations. */
interface Series {
  readonly series: number;
  readonly identity: BindingIdentity;
  readonly freshness: number;
  last: StoredInterval;
  /** Intervals of this transaction that the database does not have yet. */
  fresh: StoredInterval[];
  /** The stored last interval has changed in this transaction. */
  changed: StoredInterval | undefined;
  marks: BindingMark[];
  /** An observation of this transaction came after a later one. */
  late: boolean;
  /** For this stretch of time something else is known than before this transaction. */
  from: number;
  to: number;
}

/**
 * Reads observations from the facts segments and keeps the intervals of bindings in `ascribe.db`. Intervals and cursor are
 * committed together. Observations in order extend the latest interval of their series; one that comes late has the
 * intervals from its place on derived again, so that they equal those of a run in which it came in time.
 */
export class BindingStage {
  readonly #facts: FactsDirectory;
  readonly #store: BindingStore;
  readonly #translators: TranslatorStore;
  readonly #rules: BindingRules;
  /** Least recently observed first. */
  readonly #series = new Map<string, Series>();
  readonly #touched = new Set<Series>();
  #cursor: StageCursor | undefined;
  #knownTo = 0;
  #lastNum = 0;

  /** `db` is the writer's connection to `ascribe.db`. */
  constructor(db: Database, facts: FactsDirectory, rules: BindingRules) {
    this.#facts = facts;
    this.#store = new BindingStore(db);
    this.#translators = new TranslatorStore(db);
    this.#rules = rules;
    this.#takeUp();
  }

  /** Where the stage stands; undefined before the first observation. */
  get cursor(): StageCursor | undefined {
    return this.#cursor;
  }

  /** Reads about `maxRows` observations more, fewer when there are no more yet. A failed step leaves everything as it was. */
  advance(maxRows: number): BindingProgress {
    let rows = 0;
    let intervals = 0;
    while (rows < maxRows) {
      const limit = Math.min(BATCH, maxRows - rows);
      const next = nextStep(this.#facts, this.#cursor, (reader, after) => reader.bindingsAfter(after, limit));
      if (next === undefined) break;
      try {
        intervals += this.#store.inTransaction(() => this.#take(next.rows, next.place));
        this.#cursor = next.place;
      } catch (error) {
        this.#translators.forget();
        this.#takeUp();
        throw error;
      }
      rows += next.rows.length;
    }
    return { rows, intervals };
  }

  #takeUp(): void {
    this.#series.clear();
    this.#touched.clear();
    this.#cursor = this.#store.cursor();
    this.#knownTo = this.#store.knownTo();
    this.#lastNum = this.#store.lastNum();
  }

  #observe(row: BindingRow, segment: number): void {
    const mark = markOf(row, segment);
    this.#knownTo = Math.max(this.#knownTo, row.receivedAt);
    const scope = this.#rules.scopeOf(row.device, row.vrf);
    const key = keyOf(row, scope);
    const known = this.#series.get(key);
    if (known !== undefined) {
      this.#series.delete(key);
      this.#series.set(key, known);
      this.#touched.add(known);
      this.#extend(known, mark);
      return;
    }
    const identity = identityOf(row, scope);
    const found = this.#store.find(identity);
    const series = found === undefined ? this.#begin(identity, mark) : heldSeries(identity, found.series, found.last);
    this.#series.set(key, series);
    this.#touched.add(series);
    if (found !== undefined) this.#extend(series, mark);
  }

  #begin(identity: BindingIdentity, mark: BindingMark): Series {
    const translated = translatedBy(identity.relation, identity.key);
    if (translated !== undefined) this.#translators.note(translated, identity.device);
    const num = ++this.#lastNum;
    const freshness = freshnessOf(identity.relation);
    const [interval] = derive([mark], freshness);
    // One observation always makes one interval.
    const last = Object.assign(interval!, { num });
    const held = { ...heldSeries(identity, num, last), fresh: [last], marks: [mark] };
    widen(held, beforeOf(identity, mark, freshness), last.toHi);
    return held;
  }

  #extend(series: Series, mark: BindingMark): void {
    series.marks.push(mark);
    const { last } = series;
    if (series.late || compareMarks(mark, lastMark(last)) < 0) {
      series.late = true;
      return;
    }
    const { toLo, toHi } = last;
    const next = step(last, mark, series.freshness);
    const before = beforeOf(series.identity, mark, series.freshness);
    const begins = next === undefined ? Math.min(toLo, mark.at) : before;
    widen(series, begins, Math.max(toHi, (next ?? last).toHi));
    if (next !== undefined) {
      series.last = Object.assign(next, { num: ++this.#lastNum });
      series.fresh.push(series.last);
    } else if (!series.fresh.includes(last)) {
      series.changed = last;
    }
  }

  #take(rows: readonly BindingRow[], place: StageCursor): number {
    const segment = segmentNumber(place.segment);
    for (const row of rows) this.#observe(row, segment);
    let intervals = 0;
    for (const series of this.#touched) intervals += this.#write(series);
    this.#store.setCursor(place, this.#knownTo);
    this.#touched.clear();
    for (const key of this.#series.keys()) {
      if (this.#series.size <= this.#rules.maxSeries) break;
      this.#series.delete(key);
    }
    return intervals;
  }

  #write(series: Series): number {
    for (const mark of series.marks) this.#store.addMark(series.series, mark);
    const written = series.late ? this.#writeLate(series) : this.#writeInOrder(series);
    series.fresh = [];
    series.changed = undefined;
    series.marks = [];
    series.late = false;
    const { identity, from, to } = series;
    this.#store.reopen(identity, from, to);
    series.from = Number.POSITIVE_INFINITY;
    series.to = Number.NEGATIVE_INFINITY;
    return written;
  }

  #writeInOrder({ series, identity, changed, fresh }: Series): number {
    const put: Put[] = fresh.map((interval) => ({ interval, how: 'new' }));
    if (changed !== undefined) put.unshift({ interval: changed, how: 'extended' });
    this.#store.apply({ series, identity, put, drop: [] });
    return put.length;
  }

  /** What the latest observation of an interval says more; null when its facts are no longer kept. */
  #extraOf({ lastSegment, lastFact }: BindingInterval): string | null {
    const reader = this.#facts.reader(segmentName(lastSegment));
    const [row] = reader?.query(`SELECT extra FROM binding WHERE id = ? AND relation <> 'nat'`, [lastFact]) ?? [];
    return (row?.['extra'] as string | null | undefined) ?? null;
  }

  /** Intervals that were over before the first new observation stand; those from there on are derived again. */
  #writeLate(held: Series): number {
    const { series, identity, freshness } = held;
    const first = held.marks.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
    const stored = this.#store.intervals(series);
    const standing = stored.findLastIndex((interval) => interval.toHi < first);
    const before = stored[standing];
    const marks = this.#store.marks(series, before?.lastObserved ?? Number.MIN_SAFE_INTEGER);
    // The interval that bears the series' number is never dropped.
    const nums = stored
      .slice(standing + 1)
      .map(({ num }) => num)
      .sort((a, b) => Number(b === series) - Number(a === series) || a - b);
    const put = derive(marks, freshness, before).map((interval, i): Put => {
      const num = nums[i] ?? (stored.length === 0 && i === 0 ? series : ++this.#lastNum);
      return { interval: Object.assign(interval, { num }), how: nums[i] === undefined ? 'new' : 'replaced' };
    });
    const changed = [...stored.slice(standing + 1), ...put.map(({ interval }) => interval)];
    widen(
      held,
      first - freshness,
      changed.reduce((most, { toHi }) => Math.max(most, toHi), first + freshness),
    );
    for (const { interval } of put) interval.extra ??= this.#extraOf(interval);
    this.#store.apply({ series, identity, put, drop: nums.slice(put.length) });
    held.last = put.at(-1)?.interval ?? held.last;
    return put.length;
  }
}

function heldSeries(identity: BindingIdentity, series: number, last: StoredInterval): Series {
  const freshness = freshnessOf(identity.relation);
  const nothing = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  return { series, identity, freshness, last, fresh: [], changed: undefined, marks: [], late: false, ...nothing };
}

/** An observation also says what did not hold before it; a translation that begins says nothing of the time before. */
function beforeOf({ relation }: BindingIdentity, { at, state }: BindingMark, freshness: number): number {
  return relation.startsWith('nat') && state === 'begin' ? at : at - freshness;
}

function widen(series: Series, from: number, to: number): void {
  series.from = Math.min(series.from, from);
  series.to = Math.max(series.to, to);
}

/** Place of the latest observation of an interval. */
function lastMark({ lastObserved, lastSeq, lastSegment, lastFact }: StoredInterval): BindingMark {
  const place = { at: lastObserved, rawSeq: lastSeq, segment: lastSegment, fact: lastFact };
  return { ...place, state: 'seen', validUntil: null, receivedAt: 0 };
}

/** A clock that is not set, or is off by more than a day, says nothing: then the receive time decides. */
function markOf(row: BindingRow, segment: number): BindingMark {
  const { id, rawSeq, observedAt, timeQuality, receivedAt, state, validUntil, extra } = row;
  const trusted = timeQuality !== 'unsynced' && timeQuality !== 'skewed';
  const at = trusted && observedAt !== null ? observedAt : receivedAt;
  // A lease counts from the device's own time; where that is not used, its length is.
  const until = validUntil === null || observedAt === null ? validUntil : validUntil + at - observedAt;
  return { at, rawSeq, segment, fact: id, state, validUntil: until, receivedAt, extra };
}

function identityOf({ relation, key, value, destination, device, parser }: BindingRow, scope: string): BindingIdentity {
  return { relation, scope, key, value, destination: destination ?? '', device, parser };
}

/** Parts that come from the network are preceded by their length, so that no two identities share a key. */
function keyOf({ relation, key, value, destination, device, parser }: BindingRow, scope: string): string {
  const to = destination ?? '';
  return `${relation} ${key.length} ${key} ${value.length} ${value} ${to.length} ${to} ${device.length} ${device} ${parser} ${scope}`;
}
