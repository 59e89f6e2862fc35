import type { Database } from 'better-sqlite3';
import type { BlindSpot, GapRow, HeardRow, Pulse } from '../../store/analysis/blind-record';
import { type BlindChange, BlindStore } from '../../store/analysis/blind-store';
import type { StageCursor } from '../../store/analysis/session-store';
import type { FactsDirectory } from '../../store/facts/facts-directory';
import { HEARD_TABLES, type HeardTable } from '../../store/facts/heard-sql';
import { nextStep } from '../sessions/segment-walk';
import { blindKey } from './blind-key';
import { joined, spotOfGap } from './gap-spot';
import { firstPulse, heard, silentAfter } from './silence';

/** Rows of one transaction. */
const BATCH = 5000;

/** Sources whose silences and gaps are told: names come from the network, and anybody can make up more. The gaps of all stay in `gap`. */
const MOST_SOURCES = 20_000;

/** While there is more to read, gaps are gathered for so long before sessions are looked at again, ms. */
const OWED_MS = 60_000;

/** Told of each spot that is new or changed, or was none. */
export interface BlindWatcher {
  set(spot: BlindSpot): void;
  delete(spot: BlindSpot): void;
  clear(): void;
}

type Cursors = Map<HeardTable | 'gap', StageCursor | undefined>;

/**
 * Finds the stretches in which a source told not everything: from what it or its numbers say is missing, and from silences
 * longer than is usual for it. Depends on the facts alone, in the order in which they came.
 */
export class BlindStage {
  readonly #db: Database;
  readonly #facts: FactsDirectory;
  readonly #store: BlindStore;
  readonly #deviceOf: (exporter: string) => string;
  readonly #watcher: BlindWatcher;
  readonly #pulses = new Map<string, Pulse>();
  /** Silences that still go on, by source. */
  readonly #open = new Map<string, BlindSpot>();
  /** The latest gap of each source, which the next may prolong. */
  readonly #gaps = new Map<string, BlindSpot>();
  readonly #owed = new Map<string, BlindChange['reopened'][number]>();
  #owedSince = Number.POSITIVE_INFINITY;
  readonly #cursors: Cursors = new Map();
  /** The latest receive time of anything, and up to which silences were looked for. */
  #knownTo = 0;
  #lookedTo = 0;

  /** `db` is the writer's connection to `ascribe.db`; `deviceOf` names the device behind an exporter's address. */
  constructor(db: Database, facts: FactsDirectory, deviceOf: (exporter: string) => string, watcher: BlindWatcher) {
    this.#db = db;
    this.#facts = facts;
    this.#store = new BlindStore(db);
    this.#deviceOf = deviceOf;
    this.#watcher = watcher;
    this.#load();
  }

  /** Reads about `most` rows of each table of facts and returns how many rows it read. */
  advance(most: number): number {
    let rows = 0;
    for (const table of HEARD_TABLES) {
      rows += this.#walk(table, most, (reader, after, limit) => reader.heardAfter(table, after, limit), this.#hear);
    }
    rows += this.#walk('gap', most, (reader, after, limit) => reader.gapsAfter(after, limit), this.#lose);
    if (rows === 0 || this.#knownTo - this.#owedSince > OWED_MS) this.#payOwed();
    // Only when all is read: a table that is read later than another is not silent.
    if (rows === 0 && this.#knownTo > this.#lookedTo) this.#lookForSilence();
    return rows;
  }

  #load(): void {
    this.#watcher.clear();
    for (const known of [this.#pulses, this.#open, this.#gaps]) known.clear();
    for (const pulse of this.#store.pulses()) {
      this.#pulses.set(blindKey(pulse), pulse);
      this.#knownTo = Math.max(this.#knownTo, pulse.last);
    }
    for (const spot of BlindStore.read(this.#db)) {
      this.#watcher.set(spot);
      if (spot.reason === 'GAP' || spot.reason === 'DROPPED') this.#gaps.set(blindKey(spot), spot);
      else if (spot.to === null) this.#open.set(blindKey(spot), spot);
    }
    // The last process may have ended before sessions about them were looked at again.
    for (const spot of this.#gaps.values()) this.#owe(spot);
    for (const table of [...HEARD_TABLES, 'gap'] as const) this.#cursors.set(table, this.#store.cursor(table));
  }

  #walk<Row extends { readonly id: number }>(
    table: HeardTable | 'gap',
    most: number,
    read: (reader: NonNullable<ReturnType<FactsDirectory['reader']>>, after: number, limit: number) => readonly Row[],
    take: (row: Row, change: Change) => void,
  ): number {
    let rows = 0;
    while (rows < most) {
      const limit = Math.min(BATCH, most - rows);
      const next = nextStep(this.#facts, this.#cursors.get(table), (reader, after) => read(reader, after, limit));
      if (next === undefined) break;
      const change = new Change();
      for (const row of next.rows) take(row, change);
      this.#commit(change, table, next.place);
      this.#cursors.set(table, next.place);
      rows += next.rows.length;
    }
    return rows;
  }

  /** What is held in memory is ahead of the store when that fails: it goes back to what is stored. */
  #commit(change: Change, table?: HeardTable | 'gap', place?: StageCursor): void {
    try {
      this.#store.commit(change.done(this.#pulses), table, place);
    } catch (error) {
      this.#load();
      throw error;
    }
  }

  readonly #hear = (row: HeardRow, change: Change): void => {
    if (row.kind === '') return;
    const device = row.kind === 'flow' ? this.#deviceOf(row.device) : row.device;
    const key = blindKey({ kind: row.kind, device });
    const pulse = this.#pulses.get(key);
    this.#knownTo = Math.max(this.#knownTo, row.receivedAt);
    if (pulse === undefined) {
      if (this.#pulses.size >= MOST_SOURCES) return;
      this.#pulses.set(key, firstPulse({ device, kind: row.kind }, row.receivedAt, row.rawSeq));
    } else {
      const next = heard(pulse, row.receivedAt, row.rawSeq);
      if (next === pulse) return;
      this.#pulses.set(key, next);
      this.#endSilence(key, pulse, row.receivedAt, change);
    }
    change.pulses.add(key);
  };

  /** What was a silence until now ends, or is known only now that it is over. */
  #endSilence(key: string, pulse: Pulse, at: number, change: Change): void {
    const most = silentAfter(pulse);
    const isSilence = most !== undefined && at - pulse.last > most;
    const open = this.#open.get(key);
    if (open !== undefined) {
      this.#open.delete(key);
      if (isSilence) this.#put({ ...open, to: at }, at, change);
      else this.#withdraw(open, change);
    } else if (isSilence) {
      this.#put({ ...silenceOf(pulse, most), to: at }, pulse.last, change);
    }
  }

  #withdraw(spot: BlindSpot, change: Change): void {
    change.withdrawn.push(spot);
    change.reopen(spot, spot.from, this.#knownTo);
    this.#watcher.delete(spot);
  }

  /** `changedFrom`: from when on something else is known. */
  #put(spot: BlindSpot, changedFrom: number, change: Change): void {
    change.spots.push(spot);
    change.reopen(spot, changedFrom, Math.max(spot.to ?? 0, this.#knownTo));
    this.#watcher.set(spot);
  }

  readonly #lose = (row: GapRow, change: Change): void => {
    const spot = spotOfGap(row);
    const key = blindKey(spot);
    const last = this.#gaps.get(key);
    if (last === undefined && this.#gaps.size >= MOST_SOURCES) return;
    const longer = last === undefined ? undefined : joined(last, spot);
    const next = longer ?? spot;
    this.#gaps.set(key, next);
    change.spots.push(next);
    this.#owe(spot);
    this.#watcher.set(next);
  };

  /** Sessions about a gap are looked at again once for many gaps that follow each other. */
  #owe(spot: BlindSpot): void {
    const key = blindKey(spot);
    const [from, to] = [spot.from, spot.to ?? spot.from];
    const known = this.#owed.get(key);
    this.#owed.set(key, { key, from: Math.min(from, known?.from ?? from), to: Math.max(to, known?.to ?? to) });
    this.#owedSince = Math.min(this.#owedSince, to);
  }

  #payOwed(): void {
    if (this.#owed.size === 0) return;
    this.#store.commit({ pulses: [], spots: [], withdrawn: [], reopened: [...this.#owed.values()] });
    this.#owed.clear();
    this.#owedSince = Number.POSITIVE_INFINITY;
  }

  #lookForSilence(): void {
    this.#lookedTo = this.#knownTo;
    const change = new Change();
    for (const [key, pulse] of this.#pulses) {
      const most = silentAfter(pulse);
      if (most === undefined || this.#knownTo - pulse.last <= most || this.#open.has(key)) continue;
      const spot = silenceOf(pulse, most);
      this.#open.set(key, spot);
      this.#put(spot, pulse.last, change);
    }
    if (change.spots.length > 0) this.#commit(change);
  }
}

/** What one batch changes, until it is committed. */
class Change {
  readonly pulses = new Set<string>();
  readonly spots: BlindSpot[] = [];
  readonly withdrawn: BlindSpot[] = [];
  readonly #reopened = new Map<string, { key: string; from: number; to: number }>();

  /** Stretches of one source in one batch are one. */
  reopen(spot: BlindSpot, from: number, to: number): void {
    const key = blindKey(spot);
    const known = this.#reopened.get(key);
    if (known === undefined) this.#reopened.set(key, { key, from, to });
    else this.#reopened.set(key, { key, from: Math.min(from, known.from), to: Math.max(to, known.to) });
  }

  done(pulses: ReadonlyMap<string, Pulse>): BlindChange {
    const { spots, withdrawn } = this;
    const changed = [...this.pulses].flatMap((key) => pulses.get(key) ?? []);
    return { pulses: changed, spots, withdrawn, reopened: [...this.#reopened.values()] };
  }
}

function silenceOf({ device, kind, last, lastSeq }: Pulse, most: number): BlindSpot {
  const usual = `usual: at most ${Math.round(most / 1000)} s`;
  const reason = kind === 'poll' ? 'STALE' : 'SILENT';
  const recordedAt = last + most;
  return {
    device,
    kind,
    from: last,
    to: null,
    reason,
    missing: null,
    unit: '',
    detail: usual,
    rawSeq: lastSeq,
    recordedAt,
  };
}
