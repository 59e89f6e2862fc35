import type { Binding, Endpoint, Event, FactBase, SessionLog } from '../../model/facts';
import { addressOf, portOf } from './value';

/** An endpoint while it is being read. */
export type EndpointDraft = { -readonly [K in keyof Endpoint]: Endpoint[K] };

type SessionBody = Omit<SessionLog, keyof FactBase | 'fact' | 'action' | 'code' | 'source' | 'destination' | 'extra'>;

/** What a line says, while it is being read. Turned into facts by the functions below. */
export interface Reading {
  /** All but the endpoints and `extra`, under their names in `SessionLog`. */
  readonly body: { -readonly [K in keyof SessionBody]: SessionBody[K] };
  source: EndpointDraft;
  destination: EndpointDraft;
  /** Interfaces on the side of each endpoint, until it is known which one is the ingress. */
  sourceInterface?: string;
  destinationInterface?: string;
  readonly extra: Record<string, string | number>;
  /** `inbound` or `outbound` where the line says so and the order of endpoints depends on it. */
  direction?: string;
  /** Overrides the action of the message's row: the line's own verdict. */
  action?: string;
  command?: string;
  process?: string;
  message?: string;
  /** Inner addresses given to, or taken from, a VPN user. */
  assigned?: string[];
}

export function newReading(): Reading {
  return { body: { directionSource: 'unknown' }, source: {}, destination: {}, extra: {} };
}

export type Outcome = 'success' | 'failure' | 'unknown';

/** `success` for what was let through, `failure` for what was stopped; nothing for an end. */
export function outcomeOf(action: string): Outcome | undefined {
  switch (action) {
    case 'session_start':
    case 'allowed':
      return 'success';
    case 'denied':
    case 'dropped':
    case 'reset':
      return 'failure';
    default:
      return undefined;
  }
}

/** Verdict words of access lists and policies, as vendors write them, in the one vocabulary of `event.action`. */
const VERDICTS: Readonly<Record<string, string>> = {
  permitted: 'allowed',
  permit: 'allowed',
  allow: 'allowed',
  accept: 'allowed',
  pass: 'allowed',
  denied: 'denied',
  deny: 'denied',
  block: 'denied',
  drop: 'dropped',
  reject: 'denied',
  'est-allowed': 'allowed',
};

/** Sets the action from the line's own word; the word itself is kept when it differs. False for a word not known. */
export function readVerdict(into: Reading, word: string): boolean {
  const lower = word.toLowerCase();
  const action = Object.hasOwn(VERDICTS, lower) ? VERDICTS[lower] : undefined;
  if (action === undefined) return false;
  into.action = action;
  if (lower !== action) into.extra['ascribe.vendor_action'] = word;
  return true;
}

/** Takes over `host` and, when it is one, `port`. A host that is no address is kept as a name. */
export function readHost(into: EndpointDraft, host: string, port?: string): void {
  const ip = addressOf(host);
  if (ip !== undefined) into.ip = ip;
  else if (isName(host)) into.domain = host;
  const number = port === undefined ? undefined : portOf(port);
  if (number !== undefined) into.port = number;
}

/** Takes over a translated address and port, unless they are the endpoint's own. */
export function readNat(into: EndpointDraft, host: string, port?: string): void {
  const ip = addressOf(host);
  // Zero is how devices write "no translation".
  if (ip === undefined || ip === '0.0.0.0' || ip === '::') return;
  const number = port === undefined ? undefined : portOf(port);
  if (ip === into.ip && (number === undefined || number === into.port)) return;
  into.natIp = ip;
  if (number !== undefined) into.natPort = number;
}

/** A host name, not a broken address: has a letter and nothing that names do not have. */
function isName(text: string): boolean {
  let letters = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i) | 0x20;
    if ((code >= 0x61 && code <= 0x7a) || code > 0x7f) letters = true;
    else if (text[i] === '/' || text[i] === ':' || text[i] === '<' || text.charCodeAt(i) <= 0x20) return false;
  }
  return letters && text.length <= 255;
}

export function sessionLogOf(base: FactBase, action: string, code: string | undefined, r: Reading): SessionLog {
  const outcome = outcomeOf(action);
  if (r.body.protocol !== undefined && !hasPorts(r.body.protocol)) dropPorts(r);
  return {
    ...base,
    fact: 'session_log',
    action,
    ...(outcome === undefined ? undefined : { outcome }),
    ...(code === undefined ? undefined : { code }),
    source: r.source,
    destination: r.destination,
    ...r.body,
    ...extraOf(r.extra),
  };
}

/**
 * TCP, UDP, DCCP, SCTP, UDP-Lite. What stands in the place of ports with the others is an id, or zero; what it is with
 * ICMP each vendor's parser decides.
 */
function hasPorts(protocol: number): boolean {
  if (protocol === 1 || protocol === 58) return true;
  return protocol === 6 || protocol === 17 || protocol === 33 || protocol === 132 || protocol === 136;
}

function dropPorts({ source, destination }: Reading): void {
  for (const side of [source, destination]) {
    delete side.port;
    delete side.natPort;
    // A translation of the port alone is none of the address.
    if (side.natIp !== undefined && side.natIp === side.ip) delete side.natIp;
  }
}

export function eventOf(
  base: FactBase,
  row: { readonly category: string; readonly action: string; readonly outcome?: Outcome },
  code: string | undefined,
  r: Reading,
  severity: number | undefined = base.syslog?.severity,
): Event {
  const { source, body } = r;
  const user = body.user ?? source.user;
  addEventExtra(r);
  const outcome = body.outcome ?? row.outcome;
  return {
    ...base,
    fact: 'event',
    category: row.category,
    action: r.action ?? row.action,
    ...(outcome === undefined ? undefined : { outcome }),
    ...(code === undefined ? undefined : { code }),
    ...(severity === undefined ? undefined : { severity }),
    ...(user === undefined ? undefined : { user }),
    ...(source.ip === undefined ? undefined : { sourceIp: source.ip }),
    ...(source.port === undefined ? undefined : { sourcePort: source.port }),
    ...(r.process === undefined ? undefined : { process: r.process }),
    ...(r.command === undefined ? undefined : { command: r.command }),
    ...(r.message === undefined ? undefined : { message: r.message }),
    ...extraOf(r.extra),
  };
}

/** What an event has no field for goes under its ECS name. */
function addEventExtra(r: Reading): void {
  const { body, destination, source, extra } = r;
  if (source.domain !== undefined) extra['source.domain'] = source.domain;
  if (source.bytes !== undefined) extra['source.bytes'] = Number(source.bytes);
  if (destination.bytes !== undefined) extra['destination.bytes'] = Number(destination.bytes);
  if (destination.ip !== undefined) extra['destination.ip'] = destination.ip;
  if (destination.port !== undefined) extra['destination.port'] = destination.port;
  if (destination.domain !== undefined) extra['destination.domain'] = destination.domain;
  if (body.reason !== undefined) extra['event.reason'] = body.reason;
  if (body.protocol !== undefined) extra['network.iana_number'] = body.protocol;
  if (body.ingressInterface !== undefined) extra['observer.ingress.interface.name'] = body.ingressInterface;
  if (body.egressInterface !== undefined) extra['observer.egress.interface.name'] = body.egressInterface;
  if (body.durationNs !== undefined) extra['event.duration'] = Number(body.durationNs);
}

export function bindingOf(
  base: FactBase,
  relation: Binding['relation'],
  key: string,
  value: string,
  state: Binding['state'],
  extra?: Readonly<Record<string, string | number>>,
): Binding {
  return { ...base, fact: 'binding', relation, key, value, state, ...extraOf(extra) };
}

/** `UDP:192.0.2.1:5000`, `TCP:[2001:db8::1]:5000`, `IP:192.0.2.1` where neither protocol nor port is stated. */
export function natKey(protocol: string, ip: string, port?: number): string {
  return `${protocol.toUpperCase()}:${hostPort(ip, port)}`;
}

/** `192.0.2.1:5000`, `[2001:db8::1]:5000`; without port only the address, IPv6 still in brackets. */
export function hostPort(ip: string, port?: number): string {
  const host = ip.includes(':') ? `[${ip}]` : ip;
  return port === undefined ? host : `${host}:${port}`;
}

function extraOf(
  extra: Readonly<Record<string, string | number>> | undefined,
): { readonly extra: Readonly<Record<string, string | number>> } | undefined {
  if (extra === undefined) return undefined;
  for (const _key in extra) return { extra };
  return undefined;
}
