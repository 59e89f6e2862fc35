import type { Database } from 'better-sqlite3';
import type { Account, Around, Held, Leg } from '../../store/analysis/evidence-record';
import type { Request } from '../../store/analysis/request-record';
import type { Verdict } from '../../store/analysis/verdict-record';
import { BlindStore } from '../../store/analysis/blind-store';
import { ClockStore } from '../../store/analysis/clock-store';
import { marksKnownAt } from '../../store/queries/binding-marks';
import { EvidenceReader } from '../../store/queries/evidence';
import { derive } from '../bindings/derive';
import { freshnessOf } from '../bindings/freshness';
import { BlindSpots } from './blind-spots';
import { Clocks } from './clocks';
import { resolve } from './resolve';
import { StoredEvidence } from './stored-evidence';
import type { VerdictRules } from './verdict-rules';

/**
 * The verdict of a session as it would have been by what had come by a receive time: the same rules over less evidence. A
 * session that began later was not known; undefined then, and for a number that is no session's. Clocks are taken as they
 * are measured now: what a device's clock was then is not a matter of when we learnt it.
 */
export function resolveKnownAt(
  db: Database,
  rules: VerdictRules,
  session: number,
  receivedTo: number,
): Verdict | undefined {
  const reader = new EvidenceReader(db);
  const leg = reader.session(session);
  if (leg === undefined || leg.start > receivedTo) return undefined;
  const clocks = new Clocks();
  for (const { kind, device, from, ...clock } of ClockStore.read(db)) clocks.set(kind, device, from, clock);
  return resolve(new KnownEvidence(db, reader, rules, clocks, receivedTo), leg);
}

/** Spots that were known by a receive time. One that ended later still went on. */
function spotsKnownAt(db: Database, receivedTo: number): BlindSpots {
  const spots = new BlindSpots();
  for (const spot of BlindStore.read(db)) {
    if (spot.recordedAt > receivedTo) continue;
    spots.set(spot.to !== null && spot.to > receivedTo ? { ...spot, to: null } : spot);
  }
  return spots;
}

/** Evidence without what came after a receive time. */
class KnownEvidence extends StoredEvidence {
  readonly #db: Database;
  readonly #receivedTo: number;
  readonly #translated: ReadonlySet<string>;
  readonly #proxies: ReadonlySet<string>;

  constructor(db: Database, reader: EvidenceReader, rules: VerdictRules, clocks: Clocks, receivedTo: number) {
    super(reader, rules, clocks, spotsKnownAt(db, receivedTo));
    this.#db = db;
    this.#receivedTo = receivedTo;
    this.#translated = new Set(reader.translatedAddresses(receivedTo));
    this.#proxies = new Set(reader.requests.proxies(receivedTo));
  }

  override held(relation: string, key: string): readonly Held[] {
    return this.#known(super.held(relation, key));
  }

  override heldBetween(relation: string, keys: readonly string[], from: number, to: number): readonly Held[] {
    return this.#known(super.heldBetween(relation, keys, from, to)).filter(
      ({ fromLo, toHi }) => fromLo <= to && from <= toHi,
    );
  }

  override heldInRange(relation: string, after: string, before: string, from: number, to: number): readonly Held[] {
    const known = this.#known(super.heldInRange(relation, after, before, from, to));
    return known.filter(({ fromLo, toHi }) => fromLo <= to && from <= toHi);
  }

  override heldBy(relation: string, value: string): readonly Held[] {
    return this.#known(super.heldBy(relation, value));
  }

  override statedBy(relation: string, device: string): readonly Held[] {
    return this.#known(super.statedBy(relation, device));
  }

  override around(series: number, at: number): Around {
    const marks = marksKnownAt(this.#db, series, this.#receivedTo);
    return { before: marks.findLast((mark) => mark.at <= at), after: marks.find((mark) => mark.at > at) };
  }

  override accountsOutside(address: string, port: number | null, from: number, to: number): readonly Account[] {
    return this.#received(super.accountsOutside(address, port, from, to));
  }

  override accountsInside(address: string, port: number | null, from: number, to: number): readonly Account[] {
    return this.#received(super.accountsInside(address, port, from, to));
  }

  override accountsBefore(side: 'outside' | 'inside', address: string, port: number | null, before: number) {
    return this.#received(super.accountsBefore(side, address, port, before));
  }

  override translatedSessions(address: string, port: number | null, from: number, to: number): readonly Leg[] {
    return this.#begun(super.translatedSessions(address, port, from, to));
  }

  override sessionsFrom(address: string, port: number | null, from: number, to: number): readonly Leg[] {
    return this.#begun(super.sessionsFrom(address, port, from, to));
  }

  override sessionsTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[] {
    return this.#begun(super.sessionsTo(dst, dstPort, from, to));
  }

  override transitTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[] {
    return this.#begun(super.transitTo(dst, dstPort, from, to));
  }

  override sessionsBetween(src: string, dst: string, from: number, to: number): readonly Leg[] {
    return this.#begun(super.sessionsBetween(src, dst, from, to));
  }

  override requestsTo(called: readonly string[], from: number, to: number): readonly Request[] {
    return super.requestsTo(called, from, to).filter(({ receivedAt }) => receivedAt <= this.#receivedTo);
  }

  override isProxy(address: string): boolean {
    return this.#proxies.has(address);
  }

  override isTranslated(address: string): boolean {
    return this.#translated.has(address);
  }

  /** The intervals of the same series, derived from the observations that had come. */
  #known(held: readonly Held[]): Held[] {
    const bySeries = new Map(held.map((one) => [one.series, one]));
    return [...bySeries.values()].flatMap((one) => {
      const marks = marksKnownAt(this.#db, one.series, this.#receivedTo);
      return derive(marks, freshnessOf(one.relation)).map((interval): Held => {
        return { ...one, ...interval, extra: one.extra };
      });
    });
  }

  #received(accounts: readonly Account[]): Account[] {
    return accounts.filter(({ receivedAt }) => receivedAt <= this.#receivedTo);
  }

  #begun(legs: readonly Leg[]): Leg[] {
    return legs.filter(({ start }) => start <= this.#receivedTo);
  }
}
