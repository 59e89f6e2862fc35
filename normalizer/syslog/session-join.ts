import type { Endpoint, SessionLog } from '../model/facts';

/** What a start told that its end may lack. */
interface Begun {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol?: number;
  readonly start: number;
  readonly user?: string;
  readonly ruleName?: string;
  readonly ruleId?: string;
  readonly application?: string;
  readonly ingressInterface?: string;
  readonly egressInterface?: string;
  readonly ingressZone?: string;
  readonly egressZone?: string;
  readonly receivedAt: number;
}

export interface SessionJoinLimits {
  /** Starts kept; the oldest goes first. */
  readonly maxSessions: number;
  /** Milliseconds by receive time after which a start is forgotten. */
  readonly maxAgeMs: number;
}

export const DEFAULT_SESSION_JOIN_LIMITS: SessionJoinLimits = { maxSessions: 100_000, maxAgeMs: 7 * 86_400_000 };

const STARTS: ReadonlySet<string> = new Set(['session_start', 'start']);
const ENDS: ReadonlySet<string> = new Set(['session_end', 'end']);

/** Whether the log tells the end of a session. */
export function isSessionEnd({ action }: SessionLog): boolean {
  return ENDS.has(action);
}

/** A snapshot row: key and start. */
export type SessionJoinState = readonly (readonly [string, Begun])[];

/**
 * Joins the end of a session that does not say who began it (ASA `Teardown`) to the start that did, by device and the
 * device's own session id. An end whose addresses are not those of the start belongs to another session (ids are used
 * again): it stays `unknown`, and so does one whose start was not seen.
 */
export class SessionJoin {
  readonly #begun = new Map<string, Begun>();
  readonly #limits: SessionJoinLimits;
  /** Not later than the receive time of the oldest start. */
  #oldestAt = Number.NEGATIVE_INFINITY;

  constructor(limits: SessionJoinLimits = DEFAULT_SESSION_JOIN_LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#begun.size;
  }

  /** The fact, or for an end without direction the fact completed from its start. */
  join(log: SessionLog, receivedAt: number): SessionLog {
    if (log.sessionKey === undefined) return log;
    const key = `${log.device}\n${log.sessionKey}`;
    if (STARTS.has(log.action)) {
      if (log.directionSource === 'stated') this.#remember(key, log, receivedAt);
      return log;
    }
    if (!isSessionEnd(log)) return log;
    const begun = this.#begun.get(key);
    if (begun === undefined) return log;
    this.#begun.delete(key);
    if (log.directionSource !== 'unknown' || receivedAt - begun.receivedAt > this.#limits.maxAgeMs) return log;
    return completed(log, begun) ?? log;
  }

  /** Oldest start first: equal state gives equal rows. */
  state(): SessionJoinState {
    return [...this.#begun];
  }

  restore(state: SessionJoinState): void {
    this.#begun.clear();
    this.#oldestAt = Number.NEGATIVE_INFINITY;
    for (const [key, begun] of state) this.#begun.set(key, begun);
  }

  #remember(key: string, log: SessionLog, receivedAt: number): void {
    this.#begun.delete(key);
    this.#begun.set(key, begunBy(log, receivedAt));
    const { maxSessions, maxAgeMs } = this.#limits;
    if (this.#begun.size <= maxSessions && receivedAt - this.#oldestAt <= maxAgeMs) return;
    for (const [oldest, { receivedAt: at }] of this.#begun) {
      this.#oldestAt = at;
      if (this.#begun.size <= maxSessions && receivedAt - at <= maxAgeMs) break;
      this.#begun.delete(oldest);
    }
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function begunBy(log: SessionLog, receivedAt: number): Begun {
  const begun: Mutable<Begun> = {
    source: identity(log.source),
    destination: identity(log.destination),
    start: log.start ?? log.observedAt,
    receivedAt,
  };
  for (const name of STATED_ONCE) carry(log, begun, name);
  for (const name of INTERFACES) carry(log, begun, name);
  return begun;
}

/** What an end may lack, and what it cannot know without a direction. */
const STATED_ONCE = ['protocol', 'user', 'ruleName', 'ruleId', 'application'] as const;
const INTERFACES = ['ingressInterface', 'egressInterface', 'ingressZone', 'egressZone'] as const;

type Carried = Mutable<Pick<Begun, (typeof STATED_ONCE)[number] | (typeof INTERFACES)[number]>>;

function carry(from: Readonly<Carried>, to: Carried, name: keyof Carried): void {
  const value = from[name];
  if (value !== undefined) (to as Record<keyof Carried, string | number>)[name] = value;
}

/** An endpoint without its counters. */
function identity(endpoint: Endpoint): Endpoint {
  if (endpoint.bytes === undefined && endpoint.packets === undefined) return endpoint;
  const { bytes: _bytes, packets: _packets, ...rest } = endpoint;
  return rest;
}

/** The end in the start's direction, or undefined when it is another session's. What the end states itself stays. */
function completed(log: SessionLog, begun: Begun): SessionLog | undefined {
  if (log.protocol !== undefined && begun.protocol !== undefined && log.protocol !== begun.protocol) return undefined;
  const straight = same(log.source, begun.source) && same(log.destination, begun.destination);
  const turned = !straight && same(log.source, begun.destination) && same(log.destination, begun.source);
  if (!straight && !turned) return undefined;
  const out: Mutable<SessionLog> = { ...log };
  out.source = { ...begun.source, ...(turned ? log.destination : log.source) };
  out.destination = { ...begun.destination, ...(turned ? log.source : log.destination) };
  out.directionSource = 'joined';
  out.start ??= begun.start;
  for (const name of STATED_ONCE) if (out[name] === undefined) carry(begun, out, name);
  for (const name of INTERFACES) carry(begun, out, name);
  return out;
}

/** The same address (or name) and port. */
function same(a: Endpoint, b: Endpoint): boolean {
  return a.ip === b.ip && a.port === b.port && (a.ip !== undefined || a.domain === b.domain);
}
