import type { Fact, FactBase } from '../../model/facts';
import { JUNOS_FLOW_ACTIONS, JUNOS_NOTHING, JUNOS_TAG_PROTOCOLS } from './juniper-junos.data';
import { splitSlash } from './event-slots';
import { readScreen } from './juniper-screen';
import { type Reading, newReading, readHost, readNat, sessionLogOf } from './reading';
import { countOf, integerOf, portOf, protocolOf } from './value';

/** The columns of a flow message by the names of its structured form, however it was written. */
export type FlowFields = ReadonlyMap<string, string>;

/** The tag without the `_LS` of messages about logical systems. */
export function flowTag(tag: string): string {
  return tag.endsWith('_LS') ? tag.slice(0, -3) : tag;
}

export function isFlowTag(tag: string): boolean {
  return Object.hasOwn(JUNOS_FLOW_ACTIONS, flowTag(tag));
}

/** The session that a flow message tells of ("Junos OS System Log Explorer", RT_FLOW). The client is the source. */
export function flowFact(tag: string, fields: FlowFields, base: FactBase): Fact | undefined {
  const r = newReading();
  r.body.directionSource = 'stated';
  readEndpoints(r, fields);
  if (r.source.ip === undefined && r.destination.ip === undefined) return undefined;
  readProtocol(tag, r, fields);
  readPolicy(r, fields);
  readCounters(r, fields);
  const action = actionOf(tag, r, fields);
  readTimes(action, r, fields, base);
  return sessionLogOf(base, action, tag, r);
}

function readEndpoints(r: Reading, fields: FlowFields): void {
  readHost(r.source, stated(fields, 'source-address') ?? '', fields.get('source-port'));
  readHost(r.destination, stated(fields, 'destination-address') ?? '', fields.get('destination-port'));
  readNat(r.source, stated(fields, 'nat-source-address') ?? '', fields.get('nat-source-port'));
  readNat(r.destination, stated(fields, 'nat-destination-address') ?? '', fields.get('nat-destination-port'));
  const { body } = r;
  const fromZone = stated(fields, 'source-zone-name') ?? stated(fields, 'source-zone');
  if (fromZone !== undefined) body.ingressZone = fromZone;
  const toZone = stated(fields, 'destination-zone-name') ?? stated(fields, 'destination-zone');
  if (toZone !== undefined) body.egressZone = toZone;
  const ingress =
    stated(fields, 'packet-incoming-interface') ??
    stated(fields, 'source-interface-name') ??
    stated(fields, 'interface-name');
  if (ingress !== undefined) body.ingressInterface = ingress;
  const egress = stated(fields, 'destination-interface-name');
  if (egress !== undefined) body.egressInterface = egress;
  const user = stated(fields, 'username') ?? stated(fields, 'user-name');
  if (user !== undefined) r.source.user = body.user = user;
}

function readProtocol(tag: string, { body }: Reading, fields: FlowFields): void {
  const text = fields.get('protocol-id') ?? fields.get('protocol-name') ?? '';
  const protocol = protocolOf(text) ?? JUNOS_TAG_PROTOCOLS[flowTag(tag)];
  if (protocol !== undefined) body.protocol = protocol;
  if (protocol !== 1 && protocol !== 58) return;
  const type = portOf(fields.get('icmp-type') ?? '');
  if (type !== undefined && type <= 255) body.icmpType = type;
}

function readPolicy({ body, extra }: Reading, fields: FlowFields): void {
  const policy = stated(fields, 'policy-name') ?? stated(fields, 'rule-name');
  if (policy !== undefined) body.ruleName = policy;
  const rule = stated(fields, 'rule-name');
  if (rule !== undefined && rule !== policy) body.ruleId = rule;
  const key = stated(fields, 'session-id-32') ?? stated(fields, 'session-id');
  if (key !== undefined) body.sessionKey = key;
  const nested = stated(fields, 'nested-application');
  const application = stated(fields, 'application') ?? stated(fields, 'application-name');
  if (application !== undefined) body.application = application;
  else if (nested !== undefined) body.application = nested;
  if (nested !== undefined && application !== undefined) extra['ascribe.nested_application'] = nested;
  const reason = stated(fields, 'reason');
  if (reason !== undefined) body.reason = reason;
  for (const [name, to] of [
    ['service-name', 'ascribe.service'],
    ['src-nat-rule-name', 'ascribe.nat.source_rule'],
    ['dst-nat-rule-name', 'ascribe.nat.destination_rule'],
    ['roles', 'ascribe.roles'],
    ['attack-name', 'ascribe.signature'],
    ['url', 'url.original'],
    ['category', 'ascribe.url_category'],
    ['application-category', 'ascribe.application_category'],
    ['routing-instance', 'ascribe.routing_instance'],
  ] as const) {
    const value = stated(fields, name);
    if (value !== undefined) extra[to] = value;
  }
  const encrypted = stated(fields, 'encrypted')?.toLowerCase();
  if (encrypted === 'yes' || encrypted === 'no') extra['ascribe.encrypted'] = encrypted;
}

function readCounters({ body, source, destination }: Reading, fields: FlowFields): void {
  const count = (name: string): bigint | undefined => countOf(fields.get(name) ?? '');
  const sent = count('bytes-from-client');
  const received = count('bytes-from-server');
  if (sent !== undefined) source.bytes = sent;
  if (received !== undefined) destination.bytes = received;
  if (sent !== undefined && received !== undefined) body.bytes = sent + received;
  const packetsOut = count('packets-from-client');
  const packetsIn = count('packets-from-server');
  if (packetsOut !== undefined) source.packets = packetsOut;
  if (packetsIn !== undefined) destination.packets = packetsIn;
  if (packetsOut !== undefined && packetsIn !== undefined) body.packets = packetsOut + packetsIn;
}

function readTimes(action: string, { body }: Reading, fields: FlowFields, base: FactBase): void {
  const elapsed = integerOf(fields.get('elapsed-time') ?? '');
  if (elapsed !== undefined) body.durationNs = BigInt(elapsed) * 1_000_000_000n;
  if (action === 'session_start') body.start = base.observedAt;
  if (action !== 'session_end') return;
  body.end = base.observedAt;
  if (elapsed !== undefined) body.start = base.observedAt - elapsed * 1000;
}

/** Attack and screen messages say in a field what was done. */
function actionOf(tag: string, { extra }: Reading, fields: FlowFields): string {
  const meaning = JUNOS_FLOW_ACTIONS[flowTag(tag)] ?? 'session_update';
  const word = stated(fields, 'action');
  if (word === undefined) return meaning;
  extra['ascribe.vendor_action'] = word;
  const lower = word.toLowerCase();
  if (lower === 'alarm-without-drop') return 'allowed';
  if (lower.includes('drop')) return 'dropped';
  if (lower.includes('block') || lower.includes('close') || lower === 'reject') return 'denied';
  if (lower === 'permit') return 'allowed';
  return meaning === 'dropped' ? 'allowed' : meaning;
}

/** The value, unless it is one of the device's words for none. Curly quotes come from documents that were pasted. */
function stated(fields: FlowFields, name: string): string | undefined {
  let value = fields.get(name)?.trim();
  if (value === undefined) return undefined;
  if (value.startsWith('”') || value.startsWith('“')) value = value.slice(1, value.endsWith('”') ? -1 : undefined);
  return JUNOS_NOTHING.has(value.toLowerCase()) ? undefined : value;
}

/**
 * Columns of the unstructured text. They changed over the releases: a connection tag (`0x0`) behind each address pair, a
 * rule type (`source rule`) before each rule name, the applications before or behind.
 *
 *     session created A/p->B/q SERVICE A/p->B/q SRC-RULE DST-RULE PROTO POLICY FROM TO ID USER(ROLES) IF APP NESTED ENC
 *     session closed REASON: A/p->B/q SERVICE A/p->B/q SRC-RULE DST-RULE PROTO POLICY FROM TO ID n(n) n(n) ELAPSED APP NESTED USER(ROLES) IF ENC
 *     session denied A/p->B/q SERVICE PROTO(ICMP) POLICY FROM TO APP NESTED USER(ROLES) IF ENC REASON
 */
export function flowFieldsOfText(tag: string, text: string): FlowFields {
  const fields = new Map<string, string>();
  if (tag.startsWith('RT_SCREEN_')) {
    readScreen(text, fields);
    return fields;
  }
  const at = behindIntroduction(text, fields);
  if (at < 0) return fields;
  const tokens = text
    .slice(at)
    .split(' ')
    .filter((token) => token !== '' && token !== '0x0');
  readPair(tokens[0] ?? '', '', fields);
  if (flowTag(tag).endsWith('DENY')) readDenied(tokens.slice(1), fields);
  else readAllowed(tokens.slice(1), fields);
  return fields;
}

function behindIntroduction(text: string, fields: Map<string, string>): number {
  const arrow = text.indexOf('->');
  if (arrow < 0) return -1;
  const start = text.lastIndexOf(' ', arrow) + 1;
  const lead = text.slice(0, start).trim();
  const closed = lead.indexOf('closed ');
  if (closed >= 0 && lead.endsWith(':')) fields.set('reason', lead.slice(closed + 7, -1).trim());
  return start;
}

function readPair(pair: string, prefix: string, fields: Map<string, string>): void {
  const [from = '', to = ''] = pair.split('->');
  for (const [side, value] of [
    ['source', from],
    ['destination', to],
  ] as const) {
    const [host, port] = splitSlash(value);
    fields.set(`${prefix}${side}-address`, host);
    if (port !== undefined) fields.set(`${prefix}${side}-port`, port);
  }
}

function readAllowed(tokens: readonly string[], fields: Map<string, string>): void {
  const nat = tokens.findIndex((token) => token.includes('->'));
  if (nat < 0) return;
  readPair(tokens[nat] ?? '', 'nat-', fields);
  set(fields, 'service-name', tokens[0]);
  const application = nat === 3;
  if (application) {
    set(fields, 'application', tokens[1]);
    set(fields, 'nested-application', tokens[2]);
  }
  const rest = tokens.slice(nat + 1);
  const protocol = natColumns(rest);
  if (protocol < 0) return;
  readNatRules(rest.slice(0, protocol), fields);
  ['protocol-id', 'policy-name', 'source-zone-name', 'destination-zone-name', 'session-id-32'].forEach((name, i) =>
    set(fields, name, rest[protocol + i]),
  );
  readTail(rest.slice(protocol + 5), fields, application);
}

/**
 * How many columns the NAT rules take: two names, or two pairs of type and name. Rule names may be numbers, so the
 * columns behind them decide: a protocol, and a session id four columns on. -1 when neither fits.
 */
function natColumns(columns: readonly string[]): number {
  const fits = (at: number): boolean => isNumber(columns[at] ?? '', 255) && isNumber(columns[at + 4] ?? '');
  if (isTyped(columns, 0) || columns[0] === 'N/A') {
    const source = isTyped(columns, 0) ? 3 : 2;
    const both = source + (isTyped(columns, source) ? 3 : 2);
    if (fits(both)) return both;
  }
  return !isTyped(columns, 0) && fits(2) ? 2 : -1;
}

/** `source rule NAME`, `destination pool NAME`, … */
function isTyped(columns: readonly string[], at: number): boolean {
  return columns[at + 1] === 'rule' || columns[at + 1] === 'pool';
}

/** `LAN None`; `source rule LAN N/A N/A`; `N/A N/A N/A N/A`; `source rule A destination rule B`. */
function readNatRules(columns: readonly string[], fields: Map<string, string>): void {
  if (columns.length === 2) {
    set(fields, 'src-nat-rule-name', columns[0]);
    set(fields, 'dst-nat-rule-name', columns[1]);
    return;
  }
  let at = 0;
  for (const name of ['src-nat-rule-name', 'dst-nat-rule-name']) {
    at += isTyped(columns, at) ? 2 : 1;
    set(fields, name, columns[at]);
    at++;
  }
}

/** What stands behind the session: counters first, where there are any. `tracked`: AppTrack, whose applications came before. */
function readTail(tail: readonly string[], fields: Map<string, string>, tracked = false): void {
  let columns = tail;
  const out = counters(columns[0] ?? '');
  const back = counters(columns[1] ?? '');
  if (out !== undefined && back !== undefined) {
    fields.set('packets-from-client', out[0]).set('bytes-from-client', out[1]);
    fields.set('packets-from-server', back[0]).set('bytes-from-server', back[1]);
    set(fields, 'elapsed-time', columns[2]);
    columns = columns.slice(3);
  }
  const user = columns.findIndex((token) => token.includes('(') && token.endsWith(')'));
  if (user < 0) return;
  readUser(columns[user] ?? '', fields);
  if (tracked) {
    set(fields, 'encrypted', columns[user + 1]);
    return;
  }
  set(fields, 'packet-incoming-interface', columns[user + 1]);
  const applications = user >= 2 ? columns.slice(user - 2, user) : columns.slice(user + 2, user + 4);
  if (applications[0] !== undefined) fields.set('application', applications[0]);
  if (applications[1] !== undefined) fields.set('nested-application', applications[1]);
  set(fields, 'encrypted', user >= 2 ? columns[user + 2] : columns[user + 4]);
}

function readDenied(tokens: readonly string[], fields: Map<string, string>): void {
  const protocol = tokens.findIndex(
    (token, i) => i >= 1 && isNumber(token.split('(')[0] ?? '', 255) && token.endsWith(')'),
  );
  if (protocol < 0) return;
  set(fields, 'service-name', tokens[0]);
  const [number = '', type = ''] = (tokens[protocol] ?? '').slice(0, -1).split('(');
  fields.set('protocol-id', number).set('icmp-type', type);
  ['policy-name', 'source-zone-name', 'destination-zone-name'].forEach((name, i) =>
    set(fields, name, tokens[protocol + 1 + i]),
  );
  const rest = tokens.slice(protocol + 4);
  readTail(rest, fields);
  const user = rest.findIndex((token) => token.includes('(') && token.endsWith(')'));
  if (user < 0) return;
  const words = rest.slice(user + 3);
  const end = words.findIndex((word) => isNumber(word) || word === 'N/A');
  const reason = words.slice(0, end < 0 ? undefined : end).join(' ');
  if (reason !== '') fields.set('reason', reason);
}

function readUser(token: string, fields: Map<string, string>): void {
  const open = token.indexOf('(');
  fields.set('username', token.slice(0, open));
  fields.set('roles', token.slice(open + 1, -1));
}

/** `12(3456)`: packets and bytes. */
function counters(token: string): [packets: string, bytes: string] | undefined {
  const open = token.indexOf('(');
  if (open < 1 || !token.endsWith(')')) return undefined;
  const packets = token.slice(0, open);
  const bytes = token.slice(open + 1, -1);
  return countOf(packets) === undefined || countOf(bytes) === undefined ? undefined : [packets, bytes];
}

function isNumber(token: string, max = Number.MAX_SAFE_INTEGER): boolean {
  const value = integerOf(token);
  return value !== undefined && value <= max;
}

function set(fields: Map<string, string>, name: string, value: string | undefined): void {
  if (value !== undefined) fields.set(name, value);
}
