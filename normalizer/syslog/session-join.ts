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
    for (const [key, begun] of state) this.#begun.set(key, begun);
  }

  #remember(key: string, log: SessionLog, receivedAt: number): void {
    this.#begun.delete(key);
    this.#begun.set(key, begunBy(log, receivedAt));
    for (const [oldest, { receivedAt: at }] of this.#begun) {
      if (this.#begun.size <= this.#limits.maxSessions && receivedAt - at <= this.#limits.maxAgeMs) break;
      this.#begun.delete(oldest);
    }
  }
}

function begunBy(log: SessionLog, receivedAt: number): Begun {
  return {
    source: identity(log.source),
    destination: identity(log.destination),
    start: log.start ?? log.observedAt,
    receivedAt,
    ...picked(log),
  };
}

const CARRIED = [
  'protocol',
  'user',
  'ruleName',
  'ruleId',
  'application',
  'ingressInterface',
  'egressInterface',
  'ingressZone',
  'egressZone',
] as const;

type Carried = Partial<Pick<SessionLog, (typeof CARRIED)[number]>>;

/** Those of the carried fields that are set, in one order. */
function picked(from: Carried): Carried {
  const out: Record<string, string | number> = {};
  for (const name of CARRIED) {
    const value = from[name];
    if (value !== undefined) out[name] = value;
  }
  return out;
}

/** An endpoint without its counters. */
function identity({ ip, port, natIp, natPort, user, mac, domain }: Endpoint): Endpoint {
  return {
    ...(ip !== undefined && { ip }),
    ...(port !== undefined && { port }),
    ...(natIp !== undefined && { natIp }),
    ...(natPort !== undefined && { natPort }),
    ...(user !== undefined && { user }),
    ...(mac !== undefined && { mac }),
    ...(domain !== undefined && { domain }),
  };
}

/** The end in the start's direction, or undefined when it is another session's. What the end states itself stays. */
function completed(log: SessionLog, begun: Begun): SessionLog | undefined {
  if (log.protocol !== undefined && begun.protocol !== undefined && log.protocol !== begun.protocol) return undefined;
  const straight = same(log.source, begun.source) && same(log.destination, begun.destination);
  const turned = !straight && same(log.source, begun.destination) && same(log.destination, begun.source);
  if (!straight && !turned) return undefined;
  const { source, destination } = turned ? { source: log.destination, destination: log.source } : log;
  return {
    ...picked(begun),
    ...(log.start === undefined && { start: begun.start }),
    ...log,
    // Without a direction the end cannot know these.
    ...interfaces(begun),
    source: { ...begun.source, ...source },
    destination: { ...begun.destination, ...destination },
    directionSource: 'joined',
  };
}

function interfaces({ ingressInterface, egressInterface, ingressZone, egressZone }: Begun): Carried {
  return {
    ...(ingressInterface !== undefined && { ingressInterface }),
    ...(egressInterface !== undefined && { egressInterface }),
    ...(ingressZone !== undefined && { ingressZone }),
    ...(egressZone !== undefined && { egressZone }),
  };
}

/** The same address (or name) and port. */
function same(a: Endpoint, b: Endpoint): boolean {
  return a.ip === b.ip && a.port === b.port && (a.ip !== undefined || a.domain === b.domain);
}
