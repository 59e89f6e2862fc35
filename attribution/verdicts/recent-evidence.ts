import type { Database } from 'better-sqlite3';
import { ClockStore } from '../../store/analysis/clock-store';
import type { Account, Leg } from '../../store/analysis/evidence-record';
import type { VerdictRecord } from '../../store/analysis/verdict-record';
import { EvidenceReader, LATEST_BEFORE, MOST_ROWS } from '../../store/queries/evidence';
import { RecentRows } from './recent-rows';

/** Sessions and accounts held at most, each: about 100 MB when both are full, which takes hours at 20 sessions a second. */
const HELD = 200_000;

/** Rows read back when the stage begins. */
const READ_BACK = 20_000;

/** Rows of one query. */
const BATCH = 5000;

/** Changed sessions that are read ahead of their turn: those of one communication come close to each other. */
const AHEAD = 20_000;

/** An address that stands behind a translated session, as its verdict found it. */
interface Behind {
  readonly session: number;
  readonly start: number;
  readonly address: string;
  /** Null where the verdict does not say which of its ports. */
  readonly port: number | null;
}

/**
 * Evidence of the stage that makes the verdicts. What a session asks for was mostly written a moment before: sessions and
 * accounts of late are held in memory, and only what lies further back is looked up. `absorb` is to be called before sessions
 * are resolved: what came since is known then.
 */
export class RecentEvidence extends EvidenceReader {
  readonly #sessions: RecentRows<Leg>;
  readonly #accounts: RecentRows<Account>;
  readonly #behind: RecentRows<Behind>;
  /** Changed sessions whose turn has not come, in the order of their change. */
  readonly #changed = new Map<number, Leg>();
  #absorbedRevision: number;
  #absorbedAccount: number;

  /** `db` is the writer's connection to `ascribe.db`; `revision`: the last changed session that was taken; `max`: rows held of each kind. */
  constructor(db: Database, revision: number, max = HELD) {
    super(db);
    this.#sessions = new RecentRows<Leg>({ max, idOf: numOf, timeOf: startOf, keysOf: sessionKeys });
    this.#accounts = new RecentRows<Account>({ max, idOf: numOf, timeOf: ({ at }) => at, keysOf: accountKeys });
    this.#behind = new RecentRows<Behind>({
      max,
      idOf: ({ session, address }) => `${session} ${address}`,
      timeOf: startOf,
      keysOf: ({ address, port }) => [endpoint('', address, port)],
    });
    this.#absorbedRevision = revision;
    const limit = Math.min(READ_BACK, max);
    const sessions = this.latestSessions(limit);
    for (const leg of sessions) this.#sessions.put(leg);
    if (sessions.length === limit) this.#sessions.startAt(sessions.at(-1)!.start + 1);
    // Whom the verdicts of stored sessions found is not read back: only later sessions are asked of memory.
    if (sessions[0] !== undefined) this.#behind.startAt(sessions[0].start + 1);
    this.#absorbedAccount = this.lastAccount();
    this.#readAccounts(new ClockStore(db).logDevices(), limit);
  }

  /** The latest of each device: what one says of the past is not to push out what the others say of now. */
  #readAccounts(devices: readonly string[], most: number): void {
    const limit = Math.ceil(most / Math.max(1, devices.length));
    for (const device of devices) {
      const rows = this.latestAccounts(device, limit);
      for (const account of rows) this.#accounts.put(account);
      if (rows.length === limit) this.#accounts.startAt(rows.at(-1)!.at + 1);
    }
  }

  /** Reads what has come since: all accounts, and changed sessions as far ahead as they are held. */
  absorb(): void {
    for (;;) {
      const accounts = this.accountsAfter(this.#absorbedAccount, BATCH);
      for (const account of accounts) this.#accounts.put(account);
      this.#absorbedAccount = accounts.at(-1)?.num ?? this.#absorbedAccount;
      if (accounts.length < BATCH) break;
    }
    while (this.#changed.size < AHEAD) {
      const legs = this.sessionsAfter(this.#absorbedRevision, BATCH);
      for (const leg of legs) {
        this.#sessions.put(leg);
        this.#changed.delete(leg.num);
        this.#changed.set(leg.num, leg);
      }
      this.#absorbedRevision = legs.at(-1)?.revision ?? this.#absorbedRevision;
      if (legs.length < BATCH) break;
    }
  }

  /** The first changed sessions whose turn has not come. */
  changed(limit: number): Leg[] {
    const legs: Leg[] = [];
    for (const leg of this.#changed.values()) {
      if (legs.length >= limit) break;
      legs.push(leg);
    }
    return legs;
  }

  /** The turn of these is over, and that is stored. */
  taken(legs: readonly Leg[]): void {
    for (const { num } of legs) this.#changed.delete(num);
  }

  /** A verdict was made that names addresses behind a translation. */
  found({ session, start, sources, source, sourcePort }: VerdictRecord): void {
    for (const address of sources) {
      const port = address === source ? sourcePort : null;
      this.#behind.put({ session, start, address, port });
    }
  }

  override session(num: number): Leg | undefined {
    return this.#sessions.get(num) ?? super.session(num);
  }

  override accountsOutside(address: string, port: number | null, from: number, to: number): readonly Account[] {
    const known = this.#accounts.find(endpoint('o', address, port), from, to);
    return known === undefined ? super.accountsOutside(address, port, from, to) : first(known);
  }

  override accountsInside(address: string, port: number | null, from: number, to: number): readonly Account[] {
    const known = this.#accounts.find(endpoint('i', address, port), from, to);
    return known === undefined ? super.accountsInside(address, port, from, to) : first(known);
  }

  override accountsBefore(side: 'outside' | 'inside', address: string, port: number | null, before: number) {
    const key = endpoint(side === 'outside' ? 'o' : 'i', address, port);
    const known = this.#accounts.find(key, Math.max(this.#accounts.from, Number.MIN_SAFE_INTEGER), before - 1);
    const isAll = this.#accounts.from === Number.NEGATIVE_INFINITY;
    if (known === undefined || !(isAll || known.length >= LATEST_BEFORE)) {
      return super.accountsBefore(side, address, port, before);
    }
    return known.slice(-LATEST_BEFORE).reverse();
  }

  override translatedSessions(address: string, port: number | null, from: number, to: number): readonly Leg[] {
    const known = this.#sessions.find(endpoint('n', address, port), from, to);
    return known === undefined ? super.translatedSessions(address, port, from, to) : first(known);
  }

  override sessionsFrom(address: string, port: number | null, from: number, to: number): readonly Leg[] {
    const known = this.#sessions.find(endpoint('f', address, port), from, to);
    return known === undefined ? super.sessionsFrom(address, port, from, to) : first(known);
  }

  override sessionsTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[] {
    const known = this.#sessions.find(endpoint('t', dst, dstPort), from, to);
    return known === undefined ? super.sessionsTo(dst, dstPort, from, to) : first(known);
  }

  override transitTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[] {
    const known = this.#sessions.find(endpoint('x', dst, dstPort), from, to);
    return known === undefined ? super.transitTo(dst, dstPort, from, to) : first(known);
  }

  override numbersInTransit(dst: string, dstPort: number | null, from: number, to: number): number[] {
    const known = this.#sessions.find(endpoint('x', dst, dstPort), from, to);
    return known?.map(({ num }) => num) ?? super.numbersInTransit(dst, dstPort, from, to);
  }

  override numbersFrom(address: string, port: number | undefined, from: number, to: number): number[] {
    const known = port === undefined ? undefined : this.#sessions.find(endpoint('f', address, port), from, to);
    return known?.map(({ num }) => num) ?? super.numbersFrom(address, port, from, to);
  }

  override numbersBehind(address: string, port: number | null, from: number, to: number): number[] {
    const named = port === null ? [] : this.#behind.find(endpoint('', address, port), from, to);
    const others = this.#behind.find(endpoint('', address, null), from, to);
    if (port === null || named === undefined || others === undefined) {
      return super.numbersBehind(address, port, from, to);
    }
    return [...named, ...others].map(({ session }) => session);
  }
}

function numOf({ num }: { readonly num: number }): number {
  return num;
}

function startOf({ start }: { readonly start: number }): number {
  return start;
}

function endpoint(kind: string, address: string, port: number | null): string {
  return port === null ? `${kind}${address}` : `${kind}${address} ${port}`;
}

function sessionKeys({ src, srcPort, dst, dstPort, natSrc, natSrcPort, networkDirection }: Leg): string[] {
  const keys = [endpoint('f', src, srcPort), endpoint('t', dst, dstPort)];
  if (networkDirection === 'transit') keys.push(endpoint('x', dst, dstPort));
  if (natSrc !== null) keys.push(endpoint('n', natSrc, natSrcPort));
  return keys;
}

function accountKeys({ src, srcPort, natSrc, natSrcPort }: Account): string[] {
  const keys: string[] = [];
  if (src !== null) keys.push(endpoint('i', src, srcPort));
  if (natSrc !== null) keys.push(endpoint('o', natSrc, natSrcPort));
  return keys;
}

/** As many as one lookup gives. */
function first<T>(rows: readonly T[]): readonly T[] {
  return rows.length > MOST_ROWS ? rows.slice(0, MOST_ROWS) : rows;
}
