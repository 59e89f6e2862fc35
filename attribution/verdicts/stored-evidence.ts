import { LRUCache } from 'lru-cache';
import type { BlindKind, BlindSpot } from '../../store/analysis/blind-record';
import type { Account, Around, ClockOffset, Held, Leg } from '../../store/analysis/evidence-record';
import type { Request } from '../../store/analysis/request-record';
import type { EvidenceReader } from '../../store/queries/evidence';
import { HomeNetworks } from '../sessions/home-networks';
import type { BlindSpots } from './blind-spots';
import type { Clocks } from './clocks';
import type { Evidence } from './evidence';
import type { VerdictRules } from './verdict-rules';

/** Keys whose intervals are remembered until something new is known of them. */
const REMEMBERED = 100_000;

const NONE: readonly never[] = [];

/** Evidence in `ascribe.db`. What many sessions ask for alike is remembered; `forget` is told what has changed. */
export class StoredEvidence implements Evidence {
  readonly #reader: EvidenceReader;
  readonly #rules: VerdictRules;
  readonly #clocks: Clocks;
  readonly #blind: BlindSpots;
  readonly #home: HomeNetworks;
  /** By relation and key. */
  readonly #held = new Map<string, Map<string, readonly Held[]>>();
  #heldKeys = 0;
  /** Answers that depend on more than one key, by relation. */
  readonly #wide = new Map<string, LRUCache<string, readonly Held[]>>();
  /** Relations of which anything is known at all: a site without tables of translations is not asked for them by every session. */
  readonly #relations: Set<string>;
  readonly #translated = new Set<string>();
  readonly #proxies = new Set<string>();
  /** Some proxy's own address is not told. */
  #anyMayBeProxy: boolean;
  readonly #isHome = new LRUCache<string, boolean>({ max: REMEMBERED });

  constructor(reader: EvidenceReader, rules: VerdictRules, clocks: Clocks, blind: BlindSpots) {
    this.#reader = reader;
    this.#rules = rules;
    this.#clocks = clocks;
    this.#blind = blind;
    this.#home = new HomeNetworks(rules.homeNetworks);
    // Names are asked for by sessions of proxies alone, and nobody is told when the first one comes.
    this.#relations = new Set([...reader.relations(), 'ip-name']);
    for (const address of reader.translatedAddresses(Number.MAX_SAFE_INTEGER)) this.#translated.add(address);
    for (const address of reader.requests.proxies(Number.MAX_SAFE_INTEGER)) this.#proxies.add(address);
    this.#anyMayBeProxy = reader.requests.hasUnplaced();
  }

  /** Something new is known of a key of a relation. */
  forget(relation: string, key: string): void {
    this.#relations.add(relation);
    if (this.#held.get(relation)?.delete(key) === true) this.#heldKeys--;
    this.#wide.delete(relation);
  }

  /** Some source names this (hex) as the outside of a translation. */
  addTranslated(address: string): void {
    this.#translated.add(address);
  }

  /** This address (hex) is shown to be a proxy's; undefined: of one that tells of its calls the address is not known. */
  addProxy(address: string | undefined): void {
    if (address === undefined) this.#anyMayBeProxy = true;
    else this.#proxies.add(address);
  }

  held(relation: string, key: string): readonly Held[] {
    if (!this.#relations.has(relation)) return NONE;
    const known = this.#held.get(relation)?.get(key);
    if (known !== undefined) return known;
    const found = this.#reader.held(relation, key);
    this.#remember(relation, key, found);
    return found;
  }

  heldBetween(relation: string, keys: readonly string[], from: number, to: number): readonly Held[] {
    if (!this.#relations.has(relation)) return NONE;
    return this.#reader.heldBetween(relation, keys, from, to);
  }

  heldInRange(relation: string, after: string, before: string, from: number, to: number): readonly Held[] {
    if (!this.#relations.has(relation)) return NONE;
    return this.#reader.heldInRange(relation, after, before, from, to);
  }

  heldBy(relation: string, value: string): readonly Held[] {
    return this.#remembered(relation, `by ${value}`, () => this.#reader.heldBy(relation, value));
  }

  statedBy(relation: string, device: string): readonly Held[] {
    return this.#remembered(relation, `of ${device}`, () => this.#reader.statedBy(relation, device));
  }

  around(series: number, at: number): Around {
    return this.#reader.around(series, at);
  }

  accountsOutside(address: string, port: number | null, from: number, to: number): readonly Account[] {
    return this.#reader.accountsOutside(address, port, from, to);
  }

  accountsInside(address: string, port: number | null, from: number, to: number): readonly Account[] {
    return this.#reader.accountsInside(address, port, from, to);
  }

  accountsBefore(side: 'outside' | 'inside', address: string, port: number | null, before: number): readonly Account[] {
    return this.#reader.accountsBefore(side, address, port, before);
  }

  translatedSessions(address: string, port: number | null, from: number, to: number): readonly Leg[] {
    return this.#reader.translatedSessions(address, port, from, to);
  }

  sessionsFrom(address: string, port: number | null, from: number, to: number): readonly Leg[] {
    return this.#reader.sessionsFrom(address, port, from, to);
  }

  sessionsTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[] {
    return this.#reader.sessionsTo(dst, dstPort, from, to);
  }

  transitTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[] {
    return this.#reader.transitTo(dst, dstPort, from, to);
  }

  sessionsBetween(src: string, dst: string, from: number, to: number): readonly Leg[] {
    return this.#reader.sessionsBetween(src, dst, from, to);
  }

  requestsTo(called: readonly string[], from: number, to: number): readonly Request[] {
    return this.#reader.requests.to(called, from, to);
  }

  isProxy(address: string): boolean {
    return this.#proxies.has(address);
  }

  mayBeProxy(address: string): boolean {
    return this.isProxy(address) || (this.#anyMayBeProxy && this.isHome(address));
  }

  isTranslated(address: string): boolean {
    return this.#translated.has(address);
  }

  isHome(address: string): boolean {
    let home = this.#isHome.get(address);
    if (home === undefined) {
      home = this.#home.contains(address);
      this.#isHome.set(address, home);
    }
    return home;
  }

  deviceOf(exporter: string): string {
    return this.#rules.deviceOf(exporter);
  }

  logClock(device: string, at: number): ClockOffset | undefined {
    return this.#clocks.get('log', device, at);
  }

  logOffsets(at: number): readonly number[] {
    return this.#clocks.offsets('log', at);
  }

  flowOffsets(at: number): readonly number[] {
    return this.#clocks.offsets('flow', at);
  }

  flowClock(exporter: string, at: number): ClockOffset | undefined {
    return this.#clocks.get('flow', exporter, at);
  }

  blindSpots(device: string, kind: BlindKind, from: number, to: number): readonly BlindSpot[] {
    return this.#blind.of(device, kind, from, to);
  }

  anyBlind(kind: BlindKind, from: number, to: number): boolean {
    return this.#blind.anyOf(kind, from, to);
  }

  translatorsOf(address: string): readonly string[] {
    return this.#reader.translators(address);
  }

  /** Every session asks for several keys: forgetting all of them now and then costs less than keeping an order of their use. */
  #remember(relation: string, key: string, found: readonly Held[]): void {
    if (this.#heldKeys >= REMEMBERED) {
      this.#held.clear();
      this.#heldKeys = 0;
    }
    let keys = this.#held.get(relation);
    if (keys === undefined) {
      keys = new Map();
      this.#held.set(relation, keys);
    }
    keys.set(key, found);
    this.#heldKeys++;
  }

  #remembered(relation: string, key: string, read: () => readonly Held[]): readonly Held[] {
    let known = this.#wide.get(relation);
    if (known === undefined) {
      known = new LRUCache<string, readonly Held[]>({ max: 4096 });
      this.#wide.set(relation, known);
    }
    let found = known.get(key);
    if (found === undefined) {
      found = read();
      known.set(key, found);
    }
    return found;
  }
}
