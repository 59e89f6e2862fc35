import { addressOf, integerOf, isQuad, portOf } from './value';
import { CISCO_PORTS } from './cisco-ports.data';
import { type EndpointDraft, readHost, readNat } from './reading';
import { isSpace, skipSpace } from './template';

/**
 * Endpoints as ASA and FTD write them: `IF:ADDRESS/PORT`, then any of `(MAPPED/PORT)`, `(DOMAIN\user)`,
 * `(DOMAIN\user, 246)`, `(246:group name)`, `(fqdn)`, in any order, with or without a space before the mapped one. The
 * address may be a name, IPv6 has no brackets, the interface may be missing.
 */
export interface AsaEndpoint {
  readonly endpoint: EndpointDraft;
  readonly interfaceName?: string;
  /** Security group tag, `246` or `246:name`. */
  readonly securityGroup?: string;
}

const COMMA = 0x2c;
const SEMICOLON = 0x3b;
const CLOSE = 0x29;
const PARENTHESIS = 0x28;

/** End of the endpoint that begins at `from`; -1 when there is none. Groups that belong to the message are left. */
export function scanAsaEndpoint(text: string, from: number): number {
  let at = tokenEnd(text, from);
  if (at === from) return -1;
  let mapped = false;
  for (;;) {
    const open = skipSpace(text, at);
    if (text[open] !== '(') return at;
    const close = groupEnd(text, open);
    if (close < 0 || text.startsWith('(type ', open)) return at;
    const isMapped: boolean = !mapped && looksMapped(text.slice(open + 1, close - 1));
    // A user of the endpoint stands right behind it; one behind a space is the session's.
    if (open > at && !isMapped) return at;
    mapped ||= isMapped;
    at = close;
  }
}

export function readAsaEndpoint(value: string): AsaEndpoint {
  const endpoint: EndpointDraft = {};
  const end = tokenEnd(value, 0);
  const interfaceName = readToken(endpoint, value.slice(0, end));
  let securityGroup: string | undefined;
  for (let at = skipSpace(value, end); value[at] === '(';) {
    const close = groupEnd(value, at);
    if (close < 0) break;
    const group = value.slice(at + 1, close - 1);
    if (looksMapped(group)) {
      const [host, port] = splitPort(group);
      readNat(endpoint, host, port);
    } else securityGroup = readUserGroup(endpoint, group) ?? securityGroup;
    at = skipSpace(value, close);
  }
  return {
    endpoint,
    ...(interfaceName === undefined ? undefined : { interfaceName }),
    ...(securityGroup === undefined ? undefined : { securityGroup }),
  };
}

/** `LOCAL\name, 246` → user and tag; `246:name` → tag; a dotted name without a domain part is the host's own. */
export function splitUserGroup(group: string): { readonly user?: string; readonly securityGroup?: string } {
  if (isSecurityGroup(group)) return { securityGroup: group };
  const comma = group.lastIndexOf(', ');
  const tag = comma < 0 ? '' : group.slice(comma + 2);
  if (comma >= 0 && isSecurityGroup(tag)) return { user: group.slice(0, comma), securityGroup: tag };
  return group === '' ? {} : { user: group };
}

/** `ADDRESS/PORT` cut at the last slash. */
export function splitPort(text: string): [host: string, port: string | undefined] {
  const slash = text.lastIndexOf('/');
  return slash < 0 ? [text, undefined] : [text.slice(0, slash), text.slice(slash + 1)];
}

/** A port, or a service name that stands for one. */
export function asaPort(text: string): number | undefined {
  return portOf(text) ?? (Object.hasOwn(CISCO_PORTS, text) ? CISCO_PORTS[text] : undefined);
}

/** End (exclusive) of the group whose parenthesis opens at `open`; -1 when it never closes. */
export function groupEnd(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at + 1;
  }
  return depth > 0 ? text.indexOf(')', open) + 1 || -1 : -1;
}

function readUserGroup(endpoint: EndpointDraft, group: string): string | undefined {
  const { user, securityGroup } = splitUserGroup(group);
  if (user !== undefined) {
    if (!user.includes('\\') && !user.includes('@') && user.includes('.')) endpoint.domain = user;
    else endpoint.user = user;
  }
  return securityGroup;
}

/** Reads `IF:ADDRESS/PORT` and returns the interface. */
function readToken(endpoint: EndpointDraft, token: string): string | undefined {
  const stop = token.lastIndexOf('/');
  const start = token.indexOf(':') + 1;
  // `IF:1.2.3.4/80`, as nearly all are.
  if (start > 1 && stop > start && isQuad(token, start, stop)) {
    endpoint.ip = token.slice(start, stop);
    const number = asaPort(token.slice(stop + 1));
    if (number !== undefined) endpoint.port = number;
    const name = token.slice(0, start - 1);
    if (!name.includes('(')) return name === 'unknown' ? undefined : name;
  }
  const [whole, port] = splitPort(token);
  const bare = addressOf(whole);
  const colon = bare === undefined ? hostColon(whole) : -1;
  readHost(endpoint, colon < 0 ? whole : whole.slice(colon + 1));
  const number = port === undefined ? undefined : asaPort(port);
  if (number !== undefined) endpoint.port = number;
  if (colon < 0) return undefined;
  const acl = whole.indexOf('(');
  const before = whole.slice(0, acl > 0 && acl < colon ? acl : colon);
  const name = before.slice(before.lastIndexOf(':') + 1);
  return name === '' || name === 'unknown' ? undefined : name;
}

/** The colon before the address. Something may stand before the interface too: `v1:outside:192.0.2.1`. */
function hostColon(whole: string): number {
  const first = whole.indexOf(':');
  for (let colon = first; colon >= 0; colon = whole.indexOf(':', colon + 1)) {
    if (addressOf(whole.slice(colon + 1)) !== undefined) return colon;
  }
  return first;
}

/** The token stops at white space or an opening parenthesis, except one inside the interface: `inside(acl):10.0.0.1/80`. */
function tokenEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isSpace(code) || code === COMMA || code === SEMICOLON || code === CLOSE) return withoutStop(text, from, at);
    if (code === PARENTHESIS) {
      const close = text.indexOf('):', at);
      if (close < 0 || text.slice(from, at).includes(':') || text.slice(at, close).includes(' ')) return at;
      at = close;
    }
  }
  return withoutStop(text, from, text.length);
}

/** A full stop or colon behind the address is the sentence's. */
function withoutStop(text: string, from: number, end: number): number {
  const last = text[end - 1];
  return end - from > 1 && (last === '.' || (last === ':' && text[end - 2] !== ':')) ? end - 1 : end;
}

function looksMapped(group: string): boolean {
  const slash = group.lastIndexOf('/');
  if (slash > 0 && isQuad(group, 0, slash) && portOf(group.slice(slash + 1)) !== undefined) return true;
  if (group.includes('\\')) return false;
  const [host, port] = splitPort(group);
  if (port === undefined) return addressOf(host) !== undefined;
  return asaPort(port) !== undefined && !group.includes(' ');
}

function isSecurityGroup(text: string): boolean {
  const colon = text.indexOf(':');
  return integerOf(colon < 0 ? text : text.slice(0, colon)) !== undefined;
}
