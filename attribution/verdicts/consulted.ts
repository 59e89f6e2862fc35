import type { Database, Statement } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import { BlindStore } from '../../store/analysis/blind-store';
import { ClockStore } from '../../store/analysis/clock-store';
import type { Account, Around, Held, Leg } from '../../store/analysis/evidence-record';
import type { Request } from '../../store/analysis/request-record';
import { EvidenceReader } from '../../store/queries/evidence';
import { socketText } from '../../store/queries/places';
import { freshnessOf } from '../bindings/freshness';
import { namesOf } from './binding-claims';
import { BlindSpots } from './blind-spots';
import { Clocks } from './clocks';
import { PROXY_PORTS } from './requests';
import { resolve } from './resolve';
import { StoredEvidence } from './stored-evidence';
import type { VerdictRules } from './verdict-rules';

const DAY_MS = 86_400_000;
const MOST_GIVEN = 200_000;
/** How far from one statement about a translation the others are, ms. */
const TRANSLATION_MS = 3_600_000;

interface Mark {
  readonly at: number;
  readonly rawSeq: number;
  readonly state: number;
}

/**
 * The journal records that verdicts rest on: of all that the rules look at, also of what they weigh and pass over. Of a binding that
 * held for longer, the observations of the day before and after the session, as far apart as one still speaks for the next.
 */
export class ConsultedRecords {
  readonly #evidence: RecordingEvidence;
  readonly #reader: EvidenceReader;
  readonly #marks: Statement;
  readonly #markAt: Statement;
  readonly #slices: Statement;
  readonly #number: Statement;
  readonly #naming: readonly Statement[];
  readonly #showing: readonly Statement[];
  readonly #sameTranslation: Statement;
  /** Addresses known as translated of which no record was found that says so, hex. */
  readonly unnamed = new Set<string>();
  /** Intervals by day, sessions and addresses whose records were given; a few that are forgotten are given again. */
  readonly #given = new LRUCache<string, true>({ max: MOST_GIVEN });

  /** `db` is a connection to `ascribe.db`; a reader's will do. */
  constructor(db: Database, rules: VerdictRules) {
    this.#reader = new EvidenceReader(db);
    this.#evidence = new RecordingEvidence(this.#reader, rules, clocksOf(db), blindSpotsOf(db));
    this.#marks = db.prepare(
      'SELECT at, raw_seq AS rawSeq, state FROM binding_mark_row WHERE series = ? AND at BETWEEN ? AND ? ORDER BY at, raw_seq',
    );
    this.#markAt = db.prepare('SELECT raw_seq FROM binding_mark_row WHERE series = ? AND at = ?').pluck();
    this.#slices = db.prepare('SELECT DISTINCT raw_seq FROM session_slice_row WHERE session = ?').pluck();
    this.#number = db.prepare('SELECT num FROM session_row WHERE id = ?').pluck();
    this.#sameTranslation = db
      .prepare(
        `SELECT raw_seq FROM account_row INDEXED BY account_by_nat_src WHERE nat_src = ? AND nat_src_port = ?
      AND at BETWEEN ? AND ? AND src = ? AND src_port IS ? LIMIT 64`,
      )
      .pluck();
    this.#naming = [
      `SELECT raw_seq FROM account_row WHERE nat_src = ? ORDER BY nat_src_port, at, num LIMIT 1`,
      `SELECT first_seq FROM session_row WHERE nat_src = ? ORDER BY nat_src_port, start, num LIMIT 1`,
    ].map((sql) => db.prepare(sql).pluck());
    this.#showing = [
      'SELECT raw_seq FROM request_row INDEXED BY request_by_via WHERE via = ? LIMIT 1',
      `SELECT first_seq FROM session_row INDEXED BY session_by_dst WHERE dst = ? AND dst_port IN (${[...PROXY_PORTS].join(', ')})
        AND protocol = 6 AND dst_bytes > 0 LIMIT 1`,
    ].map((sql) => db.prepare(sql).pluck());
  }

  /** Positions of the records behind the verdict of the session with this id; those given before are left out. */
  of(id: string): number[] {
    const num = this.#number.get(id) as number | undefined;
    const leg = num === undefined ? undefined : this.#reader.session(num);
    if (leg === undefined) return [];
    const seen = this.#evidence.recorded(() => void resolve(this.#evidence, leg));
    const seqs: number[] = [];
    for (const account of seen.accounts.values()) seqs.push(account.rawSeq, ...this.#ofTranslation(account));
    for (const held of seen.intervals.values()) seqs.push(...this.#ofInterval(held, leg));
    for (const session of [num!, ...seen.sessions]) {
      if (this.#isNew(`session ${session}`)) seqs.push(...(this.#slices.all(session) as number[]));
    }
    for (const { series, at } of seen.moments) seqs.push(...(this.#markAt.all(series, at) as number[]));
    for (const address of seen.translated) {
      if (this.#isNew(`address ${address}`)) seqs.push(...this.#namingOf(address, this.#naming));
    }
    seqs.push(...seen.requests);
    for (const address of seen.proxies) {
      if (this.#isNew(`proxy ${address}`)) seqs.push(...this.#namingOf(address, this.#showing));
    }
    return seqs;
  }

  /**
   * All statements about the translation that one of them is about. Its beginning without its end would be a rival in times of which
   * nobody asked here.
   */
  #ofTranslation({ protocol, natSrc, natSrcPort, src, srcPort, at }: Account): number[] {
    if (protocol === null || natSrc === null || natSrcPort === null || src === null) return [];
    if (!this.#isNew(`translation ${protocol} ${natSrc} ${natSrcPort} ${src} ${srcPort} ${at}`)) return [];
    const [outside, inside] = [Buffer.from(natSrc, 'hex'), Buffer.from(src, 'hex')];
    const [from, to] = [at - TRANSLATION_MS, at + TRANSLATION_MS];
    const seqs = this.#sameTranslation.all(outside, natSrcPort, from, to, inside, srcPort) as number[];
    const names = namesOf({ protocol, src: natSrc, srcPort: natSrcPort });
    const value = socketText(src, srcPort);
    for (const held of this.#reader.heldBetween('nat', names, from, to)) {
      if (held.value === value) seqs.push(held.firstSeq, held.lastSeq);
    }
    return seqs;
  }

  /** A record that names an address as the outside of a translation, or shows it to be a proxy's. */
  #namingOf(address: string, statements: readonly Statement[]): number[] {
    for (const naming of statements) {
      const seq = naming.get(Buffer.from(address, 'hex')) as number | undefined;
      if (seq !== undefined) return [seq];
    }
    this.unnamed.add(address);
    return [];
  }

  #ofInterval(held: Held, { start, end }: Leg): number[] {
    const from = Math.floor(start / DAY_MS - 1) * DAY_MS;
    const to = Math.ceil(end / DAY_MS + 1) * DAY_MS;
    if (held.toHi < from || held.fromLo > to || !this.#isNew(`interval ${held.num} ${from} ${to}`)) return [];
    const marks = this.#marks.all(held.series, Math.max(from, held.fromHi), Math.min(to, held.toLo)) as Mark[];
    return [held.firstSeq, held.lastSeq, ...chainOf(marks, freshnessOf(held.relation))];
  }

  #isNew(name: string): boolean {
    const isNew = !this.#given.has(name);
    this.#given.set(name, true);
    return isNew;
  }
}

/** As few of the observations as make one interval of them; what is stated to begin or end always. */
function chainOf(marks: readonly Mark[], freshness: number): number[] {
  const kept: Mark[] = [];
  for (const [i, mark] of marks.entries()) {
    const last = kept.at(-1);
    const next = marks[i + 1];
    const isNeeded = last === undefined || next === undefined || next.at - last.at > freshness;
    if (isNeeded || mark.state !== 0) kept.push(mark);
  }
  return kept.map(({ rawSeq }) => rawSeq);
}

function clocksOf(db: Database): Clocks {
  const clocks = new Clocks();
  for (const { kind, device, from, ...clock } of ClockStore.read(db)) clocks.set(kind, device, from, clock);
  return clocks;
}

function blindSpotsOf(db: Database): BlindSpots {
  const spots = new BlindSpots();
  for (const spot of BlindStore.read(db)) spots.set(spot);
  return spots;
}

/** What one verdict looked at. */
interface Seen {
  readonly accounts: Map<number, Account>;
  readonly intervals: Map<number, Held>;
  readonly sessions: Set<number>;
  readonly moments: { readonly series: number; readonly at: number }[];
  /** Positions of the records in which proxies tell of their calls. */
  readonly requests: Set<number>;
  /** Addresses that were known as translated, and as proxies', hex. */
  readonly translated: Set<string>;
  readonly proxies: Set<string>;
}

const nothingSeen = (): Seen => ({
  accounts: new Map(),
  intervals: new Map(),
  sessions: new Set(),
  moments: [],
  requests: new Set(),
  translated: new Set(),
  proxies: new Set(),
});

/** Takes down everything that is asked of it. */
class RecordingEvidence extends StoredEvidence {
  #seen = nothingSeen();

  recorded(work: () => void): Seen {
    this.#seen = nothingSeen();
    work();
    return this.#seen;
  }

  override held(relation: string, key: string): readonly Held[] {
    return this.#intervals(super.held(relation, key));
  }

  override heldBetween(relation: string, keys: readonly string[], from: number, to: number): readonly Held[] {
    return this.#intervals(super.heldBetween(relation, keys, from, to));
  }

  override heldInRange(relation: string, after: string, before: string, from: number, to: number): readonly Held[] {
    return this.#intervals(super.heldInRange(relation, after, before, from, to));
  }

  override heldBy(relation: string, value: string): readonly Held[] {
    return this.#intervals(super.heldBy(relation, value));
  }

  override statedBy(relation: string, device: string): readonly Held[] {
    return this.#intervals(super.statedBy(relation, device));
  }

  override around(series: number, at: number): Around {
    const around = super.around(series, at);
    for (const mark of [around.before, around.after]) {
      if (mark !== undefined) this.#seen.moments.push({ series, at: mark.at });
    }
    return around;
  }

  override accountsOutside(address: string, port: number | null, from: number, to: number): readonly Account[] {
    return this.#accounts(super.accountsOutside(address, port, from, to));
  }

  override accountsInside(address: string, port: number | null, from: number, to: number): readonly Account[] {
    return this.#accounts(super.accountsInside(address, port, from, to));
  }

  override accountsBefore(side: 'outside' | 'inside', address: string, port: number | null, before: number) {
    return this.#accounts(super.accountsBefore(side, address, port, before));
  }

  override translatedSessions(address: string, port: number | null, from: number, to: number): readonly Leg[] {
    return this.#sessions(super.translatedSessions(address, port, from, to));
  }

  override sessionsFrom(address: string, port: number | null, from: number, to: number): readonly Leg[] {
    return this.#sessions(super.sessionsFrom(address, port, from, to));
  }

  override sessionsTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[] {
    return this.#sessions(super.sessionsTo(dst, dstPort, from, to));
  }

  override transitTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[] {
    return this.#sessions(super.transitTo(dst, dstPort, from, to));
  }

  override sessionsBetween(src: string, dst: string, from: number, to: number): readonly Leg[] {
    return this.#sessions(super.sessionsBetween(src, dst, from, to));
  }

  override requestsTo(called: readonly string[], from: number, to: number): readonly Request[] {
    const found = super.requestsTo(called, from, to);
    for (const { rawSeq } of found) this.#seen.requests.add(rawSeq);
    return found;
  }

  override isProxy(address: string): boolean {
    const isProxy = super.isProxy(address);
    if (isProxy) this.#seen.proxies.add(address);
    return isProxy;
  }

  override isTranslated(address: string): boolean {
    const isTranslated = super.isTranslated(address);
    if (isTranslated) this.#seen.translated.add(address);
    return isTranslated;
  }

  #intervals(found: readonly Held[]): readonly Held[] {
    for (const held of found) this.#seen.intervals.set(held.num, held);
    return found;
  }

  #accounts(found: readonly Account[]): readonly Account[] {
    for (const account of found) this.#seen.accounts.set(account.num, account);
    return found;
  }

  #sessions(found: readonly Leg[]): readonly Leg[] {
    for (const { num } of found) this.#seen.sessions.add(num);
    return found;
  }
}
