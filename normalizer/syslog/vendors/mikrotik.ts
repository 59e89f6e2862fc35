import type { Fact, FactBase } from '../../model/facts';
import { maskSecrets } from '../../mask-secrets';
import type { SyslogMessage, VendorParser } from '../contract';
import { EVENT_SLOTS, splitColon, text, token } from './event-slots';
import { MIKROTIK_EVENTS } from './mikrotik.data';
import { NETFILTER_VERDICTS } from './netfilter.data';
import {
  type EndpointDraft,
  type Reading,
  bindingOf,
  eventOf,
  newReading,
  readHost,
  readNat,
  sessionLogOf,
} from './reading';
import { type CompiledRow, type EventRow, compileRow } from './rows';
import { integerOf, macOf, protocolOf } from './value';

/** MikroTik RouterOS: firewall log, logins, configuration changes, DHCP leases, PPP users, links. */
export const MIKROTIK: VendorParser = {
  name: 'mikrotik',
  vendor: 'MikroTik',
  product: 'RouterOS',
  summary: 'MikroTik RouterOS: firewall log with NAT, logins, configuration changes, DHCP leases, PPP users, links',
  stability: 'stable',
  example:
    '<30>Nov 24 02:10:00 gw firewall,info forward: in:bridge out:ether1, connection-state:new,snat src-mac 02:00:5e:00:53:01, proto TCP (SYN), 192.0.2.10:50514->198.51.100.7:443, NAT (192.0.2.10:50514->203.0.113.5:61234)->198.51.100.7:443, len 52',
  recognizes: ({ grammar, content }) => grammar === 'mikrotik' || flowStart(content) >= 0,
  parse: (message, { base }) => parseMikrotik(message, base),
};

const EVENTS: readonly CompiledRow<EventRow>[] = MIKROTIK_EVENTS.map((row) =>
  compileRow(row, {
    ...EVENT_SLOTS,
    lease: token((into, value) => (into.assigned = [value])),
    inner: token((into, value) => (into.assigned = [value])),
    config: text((into, value) => void (into.command = maskSecrets(value))),
  }),
);

function parseMikrotik(message: SyslogMessage, base: FactBase): Fact[] {
  const { content } = message;
  const start = flowStart(content);
  if (start >= 0) return flowFacts(content, start, base);
  for (const { row, matchers } of EVENTS) {
    for (const matches of matchers) {
      const r = newReading();
      if (matches(content, 0, r)) return eventFacts(row, r, message, base);
    }
  }
  const r = newReading();
  r.message = maskSecrets(content);
  return [eventOf(base, { category: 'host', action: 'message' }, undefined, named(r, message), message.severity)];
}

/** Topics stand where other systems have the process. */
function named(r: Reading, { appName }: SyslogMessage): Reading {
  if (appName !== undefined) r.extra['ascribe.topics'] = appName;
  return r;
}

function eventFacts(row: EventRow, r: Reading, message: SyslogMessage, base: FactBase): Fact[] {
  const [ip] = r.assigned ?? [];
  const mac = r.extra['ascribe.mac'];
  if (ip !== undefined && row.action.startsWith('dhcp')) {
    delete r.extra['ascribe.mac'];
    r.extra['client.ip'] = ip;
    if (mac !== undefined) r.extra['client.mac'] = mac;
  } else if (ip !== undefined) r.extra['ascribe.assigned_ip'] = ip;
  const event = eventOf(base, row, undefined, named(r, message), message.severity);
  const { user } = r.body;
  if (ip === undefined) return [event];
  const state = row.action === 'dhcp_release' || row.vpn === 'end' ? 'end' : 'begin';
  if (row.vpn !== undefined) return user === undefined ? [event] : [event, bindingOf(base, 'ip-user', ip, user, state)];
  return typeof mac === 'string' ? [event, bindingOf(base, 'ip-dhcp', ip, mac, state)] : [event];
}

/** Where `in:IF out:IF` of a firewall line begins; -1 for other lines. */
function flowStart(content: string): number {
  const at = content.startsWith('in:') ? 0 : content.indexOf(': in:') + 2;
  if (at === 1 || !content.includes(' out:', at) || !content.includes('proto ', at)) return -1;
  return at;
}

function flowFacts(content: string, start: number, base: FactBase): Fact[] {
  const r = newReading();
  const action = readLabel(r, content.slice(0, start));
  let flags = '';
  let isNew = false;
  for (const part of parts(content.slice(start))) {
    // A comma before `proto` is missing where there is no MAC address.
    const proto = part.startsWith('proto ') ? 0 : part.indexOf(' proto ') + 1;
    if (part.startsWith('in:')) readInterfaces(r, part);
    if (proto > 0 || part.startsWith('proto ')) flags = readProtocol(r, part.slice(proto + 6));
    else if (part.startsWith('NAT ')) readNatPart(r, part.slice(4));
    else if (part.includes('->')) readPair(r, part);
    isNew ||= part.includes('connection-state:new');
    readMac(r, part);
  }
  if (r.source.ip === undefined) return [];
  if (r.body.protocol === 1 || r.body.protocol === 58) dropPorts(r);
  const syn = flags.includes('SYN') && !flags.includes('ACK');
  r.body.directionSource = isNew || syn ? 'first_packet' : 'unknown';
  return [sessionLogOf(base, action, undefined, r)];
}

/** Commas separate, except inside parentheses and behind `connection-state:`. */
function parts(text: string): string[] {
  const out: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    if (char === '(') depth++;
    else if (char === ')') depth--;
    if (at < text.length && !(char === ',' && depth <= 0 && text[at + 1] === ' ')) continue;
    out.push(text.slice(start, at).trim());
    start = at + 1;
  }
  return out;
}

/** `PREFIX CHAIN: `: the prefix is the administrator's and names the verdict only by custom. */
function readLabel({ body, extra }: Reading, lead: string): string {
  // A relay's tag may leave the topics in front: `firewall,info input: `.
  const words = lead
    .replaceAll(':', ' ')
    .split(' ')
    .filter((word) => word !== '' && !word.includes(','));
  const chain = words.pop();
  if (chain !== undefined) extra['ascribe.chain'] = chain;
  const prefix = words.join(' ');
  if (prefix !== '') body.ruleName = prefix;
  for (const word of prefix.replaceAll('-', ' ').replaceAll('_', ' ').split(' ')) {
    const action = NETFILTER_VERDICTS[word.toUpperCase()];
    if (action === undefined) continue;
    if (word.toLowerCase() !== action) extra['ascribe.vendor_action'] = word;
    return action;
  }
  return 'connection_attempt';
}

/** `in:ether1 out:(unknown 0)` */
function readInterfaces({ body }: Reading, part: string): void {
  const out = part.indexOf(' out:');
  const ingress = part.slice(3, out < 0 ? undefined : out).trim();
  if (ingress !== '' && !ingress.startsWith('(')) body.ingressInterface = ingress;
  if (out < 0) return;
  // A name may hold blanks (`Rapid Net`); what follows without a comma are fields of their own.
  const rest = part.slice(out + 5).trim();
  const fields = [' connection-', ' src-mac ', ' proto ', ' packet-mark:'].map((field) => rest.indexOf(field));
  const ends = fields.filter((at) => at >= 0);
  const egress = rest.slice(0, ends.length === 0 ? undefined : Math.min(...ends));
  if (egress !== '' && !egress.startsWith('(')) body.egressInterface = egress;
}

/** `TCP (SYN,ACK)`, `ICMP (type 8, code 0)`; returns what stands in parentheses. */
function readProtocol({ body }: Reading, part: string): string {
  const open = part.indexOf('(');
  const name = (open < 0 ? part : part.slice(0, open)).trim();
  const protocol = protocolOf(name.startsWith('ICMPv6') ? 'icmpv6' : name);
  if (protocol !== undefined) body.protocol = protocol;
  const inside = open < 0 ? '' : part.slice(open + 1, part.lastIndexOf(')'));
  for (const word of inside.split(',')) {
    const [key, value = ''] = word.trim().split(' ');
    const number = integerOf(value);
    if (number === undefined) continue;
    if (key === 'type') body.icmpType = number;
    if (key === 'code') body.icmpCode = number;
  }
  return inside;
}

function readMac({ source }: Reading, part: string): void {
  const at = part.indexOf('src-mac ');
  const mac = at < 0 ? undefined : macOf(part.slice(at + 8, at + 25));
  if (mac !== undefined) source.mac = mac;
}

function readPair({ source, destination }: Reading, part: string): void {
  const arrow = part.indexOf('->');
  readHost(source, ...splitColon(part.slice(0, arrow)));
  readHost(destination, ...splitColon(part.slice(arrow + 2)));
}

/**
 * `(A:p->X:q)->B:r` translates the source, `A:p->(B:r->Y:s)` the destination; both may be. Behind the destination's
 * translation the pair before has the new address already: the original is the one stated here.
 */
function readNatPart(r: Reading, part: string): void {
  const [left, right] = halves(part);
  readTranslated(r.source, left);
  readTranslated(r.destination, right);
}

/** Cut at the arrow that stands outside parentheses. */
function halves(part: string): [left: string, right: string] {
  let depth = 0;
  for (let at = 0; at < part.length; at++) {
    if (part[at] === '(') depth++;
    else if (part[at] === ')') depth--;
    else if (depth === 0 && part.startsWith('->', at)) return [part.slice(0, at), part.slice(at + 2)];
  }
  return [part, ''];
}

function readTranslated(into: EndpointDraft, side: string): void {
  const arrow = side.indexOf('->');
  if (!side.startsWith('(') || arrow < 0) return;
  readHost(into, ...splitColon(side.slice(1, arrow)));
  readNat(into, ...splitColon(side.slice(arrow + 2, side.lastIndexOf(')'))));
}

function dropPorts({ source, destination }: Reading): void {
  for (const side of [source, destination]) {
    delete side.port;
    delete side.natPort;
  }
}
