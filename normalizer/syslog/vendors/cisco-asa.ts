import type { Fact, FactBase } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { maskSecrets } from '../../mask-secrets';
import { ASA_EVENTS, ASA_OTHER, ASA_SESSIONS } from './cisco-asa.data';
import { ASA_ACCESS, ASA_REFUSALS } from './cisco-asa-refusals.data';
import { ASA_SLOTS } from './cisco-asa-slots';
import { natBinding } from './nat-binding';
import { type Reading, bindingOf, eventOf, newReading, sessionLogOf } from './reading';
import { type MessageRow, type SessionRow, compileRow, compileRows } from './rows';
import { skipSpace } from './template';
import { integerOf } from './value';

/** `%ASA-6-302013: text`, `%ASA-session-6-302013 text`, `%FTD-…`: id, severity and where the text begins. */
export interface AsaHead {
  readonly id: string;
  readonly severity: number;
  readonly textAt: number;
}

const ROWS = compileRows<MessageRow>({ ...ASA_SESSIONS, ...ASA_REFUSALS, ...ASA_EVENTS, ...ASA_ACCESS }, ASA_SLOTS);

const OTHER = compileRow(ASA_OTHER, ASA_SLOTS);

const SOURCE_GROUP = 'ascribe.source.security_group';
const DESTINATION_GROUP = 'ascribe.destination.security_group';

const PRODUCTS = ['%ASA-', '%FTD-', '%NGIPS-', '%PIX-', '%FWSM-'] as const;

/** Cisco ASA, and the PIX and FWSM before it. */
export const CISCO_ASA: VendorParser = {
  name: 'cisco_asa',
  vendor: 'Cisco',
  product: 'ASA',
  summary: 'Cisco ASA: connections, translations, access lists, VPN, logins, commands',
  stability: 'stable',
  example:
    '<166>Nov 24 2026 02:10:00 fw1 : %ASA-6-302013: Built outbound TCP connection 4711 for outside:198.51.100.7/443 (198.51.100.7/443) to inside:192.0.2.10/50514 (203.0.113.5/61234)',
  recognizes: ({ content }) =>
    content.startsWith('%ASA-') || content.startsWith('%PIX-') || content.startsWith('%FWSM-'),
  parse: (message, context) => parseAsa(message, context),
};

/** The facts of a message with an ASA message id, whichever product wrote it. */
export function parseAsa(message: SyslogMessage, { base }: SyslogContext): Fact[] {
  const { content } = message;
  const head = asaHead(content);
  if (head === undefined) return [];
  for (const compiled of [ROWS.get(head.id), OTHER]) {
    for (const matches of compiled?.matchers ?? []) {
      const reading = newReading();
      if (compiled !== undefined && matches(content, head.textAt, reading)) {
        return factsOf(compiled.row, head, reading, base);
      }
    }
  }
  return [genericEvent(content, head, base)];
}

/** Reads the head of the message; undefined when it has none. */
export function asaHead(content: string): AsaHead | undefined {
  const product = PRODUCTS.find((prefix) => content.startsWith(prefix));
  if (product === undefined) return undefined;
  let at = product.length;
  // A class may stand before the severity: `-session-6-`. It holds no digits alone.
  let dash = content.indexOf('-', at);
  let severity = integerOf(content.slice(at, dash));
  if (severity === undefined) {
    at = dash + 1;
    dash = content.indexOf('-', at);
    severity = integerOf(content.slice(at, dash));
  }
  const id = content.slice(dash + 1, dash + 7);
  if (dash < 0 || severity === undefined || severity > 7 || integerOf(id) === undefined || id.length !== 6)
    return undefined;
  const behind = dash + 7;
  return { id, severity, textAt: skipSpace(content, content[behind] === ':' ? behind + 1 : behind) };
}

function factsOf(row: MessageRow, { id, severity }: AsaHead, r: Reading, base: FactBase): Fact[] {
  if (row.fact === 'session') return sessionFacts(row, id, r, base);
  const facts: Fact[] = [];
  placeInterfaces(r);
  if (r.assigned !== undefined) r.extra['ascribe.assigned_ip'] = r.assigned.join(',');
  const user = r.body.user;
  facts.push(eventOf(base, row, id, r, severity));
  if (row.vpn !== undefined && user !== undefined) {
    for (const ip of r.assigned ?? []) facts.push(bindingOf(base, 'ip-user', ip, user, row.vpn, vpnExtra(r)));
  }
  const { 'client.ip': leased, 'client.mac': client } = r.extra;
  if (row.lease !== undefined && typeof leased === 'string' && typeof client === 'string') {
    facts.push(bindingOf(base, 'ip-dhcp', leased, client, row.lease));
  }
  return facts;
}

function vpnExtra({ source, extra }: Reading): Record<string, string | number> {
  const group = extra['ascribe.vpn_group'];
  return {
    ...(source.ip === undefined ? undefined : { 'source.ip': source.ip }),
    ...(group === undefined ? undefined : { 'ascribe.vpn_group': group }),
  };
}

function sessionFacts(row: SessionRow, id: string, r: Reading, base: FactBase): Fact[] {
  const { body } = r;
  body.directionSource = row.direction;
  if (row.protocol !== undefined) body.protocol ??= row.protocol;
  if (body.protocol === 1 || body.protocol === 58) readIcmp(r);
  // The lower-security side is written first: with `outbound` the second endpoint began.
  if (r.direction === 'outbound') swapSides(r);
  placeInterfaces(r);
  const action = r.action ?? row.action;
  if (action === 'session_start') body.start = base.observedAt;
  if (action === 'session_end' || action === 'nat_delete') addEnd(r, base.observedAt);
  const user = body.user ?? soleUser(r, row.direction);
  if (user !== undefined) body.user = user;
  const log = sessionLogOf(base, action, id, r);
  return row.nat === undefined ? [log] : [log, ...natBinding(row.nat, r, base)];
}

/** ICMP has no ports: what stands in their place in access list messages is type and code. */
function readIcmp({ body, source, destination }: Reading): void {
  if (body.icmpType === undefined && source.port !== undefined && destination.port !== undefined) {
    if (source.port <= 255 && destination.port <= 255 && body.ruleName !== undefined) {
      body.icmpType = source.port;
      body.icmpCode = destination.port;
    }
  }
  for (const side of [source, destination]) {
    delete side.port;
    delete side.natPort;
  }
}

function swapSides(r: Reading): void {
  const { source, destination, sourceInterface, destinationInterface, extra } = r;
  r.source = destination;
  r.destination = source;
  if (sourceInterface !== undefined && destinationInterface !== undefined) {
    r.sourceInterface = destinationInterface;
    r.destinationInterface = sourceInterface;
  }
  const sourceGroup = extra[SOURCE_GROUP];
  const destinationGroup = extra[DESTINATION_GROUP];
  if (sourceGroup === undefined && destinationGroup === undefined) return;
  delete extra[SOURCE_GROUP];
  delete extra[DESTINATION_GROUP];
  if (destinationGroup !== undefined) extra[SOURCE_GROUP] = destinationGroup;
  if (sourceGroup !== undefined) extra[DESTINATION_GROUP] = sourceGroup;
}

/** On an ASA the interface's name (`nameif`) is its zone as well. */
function placeInterfaces({ body, sourceInterface, destinationInterface }: Reading): void {
  if (sourceInterface !== undefined) body.ingressInterface = body.ingressZone = sourceInterface;
  if (destinationInterface !== undefined) body.egressInterface = body.egressZone = destinationInterface;
}

function addEnd({ body }: Reading, observedAt: number): void {
  body.end = observedAt;
  if (body.durationNs !== undefined) body.start = observedAt - Number(body.durationNs / 1_000_000n);
}

/** The session's user where the message names none for it: the initiator's, or the only one where that is not known. */
function soleUser({ source, destination }: Reading, direction: SessionRow['direction']): string | undefined {
  if (direction !== 'unknown') return source.user;
  return source.user === undefined || destination.user === undefined ? (source.user ?? destination.user) : undefined;
}

/** A message without a row of its own: its id and text are kept. */
function genericEvent(content: string, head: AsaHead, base: FactBase): Fact {
  return {
    ...base,
    fact: 'event',
    category: 'host',
    action: 'message',
    code: head.id,
    severity: head.severity,
    message: maskSecrets(content.slice(head.textAt)),
  };
}
