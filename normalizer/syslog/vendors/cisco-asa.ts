import type { Fact, FactBase } from '../../model/facts';
import { PROTOCOL_NAMES } from '../../model/protocol-names.data';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { maskSecrets } from '../../mask-secrets';
import { type AsaRow, type AsaSessionRow, ASA_EVENTS, ASA_SESSIONS } from './cisco-asa.data';
import { ASA_SLOTS } from './cisco-asa-slots';
import { type Reading, bindingOf, eventOf, hostPort, natKey, newReading, sessionLogOf } from './reading';
import { type Matcher, skipSpace, template } from './template';
import { integerOf } from './value';

/** `%ASA-6-302013: text`, `%ASA-session-6-302013 text`, `%FTD-…`: id, severity and where the text begins. */
export interface AsaHead {
  readonly id: string;
  readonly severity: number;
  readonly textAt: number;
}

interface CompiledRow {
  readonly row: AsaRow;
  readonly matchers: readonly Matcher<Reading>[];
}

const ROWS: ReadonlyMap<string, CompiledRow> = new Map(
  Object.entries<AsaRow>({ ...ASA_SESSIONS, ...ASA_EVENTS }).map(([id, row]) => [
    id,
    { row, matchers: row.templates.map((source) => template(source, ASA_SLOTS)) },
  ]),
);

const PRODUCTS = ['%ASA-', '%FTD-', '%NGIPS-', '%PIX-', '%FWSM-'] as const;

/** Cisco ASA, and the PIX and FWSM before it. */
export const ciscoAsa: VendorParser = {
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
  const compiled = ROWS.get(head.id);
  if (compiled !== undefined) {
    for (const matches of compiled.matchers) {
      const reading = newReading();
      if (matches(content, head.textAt, reading)) return factsOf(compiled.row, head, reading, base);
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

function factsOf(row: AsaRow, { id, severity }: AsaHead, r: Reading, base: FactBase): Fact[] {
  if (row.fact === 'session') return sessionFacts(row, id, r, base);
  const facts: Fact[] = [];
  if (r.assigned !== undefined) r.extra['ascribe.assigned_ip'] = r.assigned.join(',');
  const user = r.body.user;
  facts.push(eventOf(base, row, id, r, severity));
  if (row.vpn !== undefined && user !== undefined) {
    for (const ip of r.assigned ?? []) facts.push(bindingOf(base, 'ip-user', ip, user, row.vpn, vpnExtra(r)));
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

function sessionFacts(row: AsaSessionRow, id: string, r: Reading, base: FactBase): Fact[] {
  const { body } = r;
  body.directionSource = row.direction;
  if (row.protocol !== undefined) body.protocol ??= row.protocol;
  if (body.protocol === 1 || body.protocol === 58) readIcmp(r);
  // The lower-security side is written first: with `outbound` the second endpoint began.
  if (r.direction === 'outbound') swapSides(r);
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
  const { source, destination, body, extra } = r;
  const was = { ...source };
  replace(source, destination);
  replace(destination, was);
  const { ingressInterface, ingressZone, egressInterface, egressZone } = body;
  delete body.ingressInterface;
  delete body.ingressZone;
  delete body.egressInterface;
  delete body.egressZone;
  if (egressInterface !== undefined) body.ingressInterface = egressInterface;
  if (egressZone !== undefined) body.ingressZone = egressZone;
  if (ingressInterface !== undefined) body.egressInterface = ingressInterface;
  if (ingressZone !== undefined) body.egressZone = ingressZone;
  const sourceGroup = extra['ascribe.source.security_group'];
  const destinationGroup = extra['ascribe.destination.security_group'];
  delete extra['ascribe.source.security_group'];
  delete extra['ascribe.destination.security_group'];
  if (destinationGroup !== undefined) extra['ascribe.source.security_group'] = destinationGroup;
  if (sourceGroup !== undefined) extra['ascribe.destination.security_group'] = sourceGroup;
}

function replace(target: Reading['source'], by: Reading['source']): void {
  const copy = { ...by };
  for (const key of Object.keys(target)) delete target[key as keyof typeof target];
  Object.assign(target, copy);
}

function addEnd({ body }: Reading, observedAt: number): void {
  body.end = observedAt;
  if (body.durationNs !== undefined) body.start = observedAt - Number(body.durationNs / 1_000_000n);
}

/** The session's user where the message names none for it: the initiator's, or the only one where that is not known. */
function soleUser({ source, destination }: Reading, direction: AsaSessionRow['direction']): string | undefined {
  if (direction !== 'unknown') return source.user;
  return source.user === undefined || destination.user === undefined ? (source.user ?? destination.user) : undefined;
}

function natBinding(state: 'begin' | 'end', { source, body, extra }: Reading, base: FactBase): Fact[] {
  if (source.ip === undefined || source.natIp === undefined) return [];
  const protocol = body.protocol === undefined ? undefined : PROTOCOL_NAMES[body.protocol];
  const withPorts = source.natPort !== undefined && source.port !== undefined;
  const type = extra['ascribe.translation'];
  return [
    bindingOf(
      base,
      'nat',
      natKey(protocol ?? 'ip', source.natIp, withPorts ? source.natPort : undefined),
      hostPort(source.ip, withPorts ? source.port : undefined),
      state,
      {
        ...(body.ingressInterface === undefined ? undefined : { inside_interface: body.ingressInterface }),
        ...(body.egressInterface === undefined ? undefined : { outside_interface: body.egressInterface }),
        ...(type === undefined ? undefined : { translation: type }),
      },
    ),
  ];
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
