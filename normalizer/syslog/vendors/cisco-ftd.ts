import type { Fact, FactBase } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { tlsVersion } from '../grammar/values';
import { asaHead, parseAsa } from './cisco-asa';
import {
  FTD_EXTRA,
  FTD_FIELDS,
  FTD_FREE_TEXT,
  FTD_ICMP_CODES,
  FTD_ICMP_TYPES,
  FTD_NOTHING,
  FTD_VERDICTS,
} from './cisco-ftd.data';
import { type Reading, newReading, readHost, readNat, sessionLogOf } from './reading';
import { countOf, integerOf, portOf, protocolOf } from './value';

/** Cisco Firepower / Secure Firewall Threat Defense: its own security events, and all messages of the ASA engine in it. */
export const CISCO_FTD: VendorParser = {
  name: 'cisco_ftd',
  vendor: 'Cisco',
  product: 'Secure Firewall Threat Defense',
  summary: 'Cisco FTD: connection, intrusion and file events, and the ASA messages of its engine',
  stability: 'stable',
  example:
    '<113>2026-11-24T02:10:00Z ftd1 : %FTD-6-430003: DeviceUUID: 11111111-2222-3333-4444-555555555555, InstanceID: 2, FirstPacketSecond: 2026-11-24T02:09:58Z, ConnectionID: 4711, AccessControlRuleAction: Allow, SrcIP: 192.0.2.10, DstIP: 198.51.100.7, SrcPort: 50514, DstPort: 443, Protocol: tcp, IngressInterface: inside, EgressInterface: outside, ACPolicy: Base, AccessControlRuleName: web, ConnectionDuration: 2, InitiatorBytes: 900, ResponderBytes: 5100, NAT_InitiatorIP: 203.0.113.5, NAT_InitiatorPort: 61234',
  recognizes: ({ content }) => content.startsWith('%FTD-') || content.startsWith('%NGIPS-'),
  parse: (message, context) => parseFtd(message, context),
};

const SECURITY_EVENTS: ReadonlySet<string> = new Set(['430001', '430002', '430003', '430004', '430005']);

function parseFtd(message: SyslogMessage, context: SyslogContext): Fact[] {
  const head = asaHead(message.content);
  if (head === undefined || !SECURITY_EVENTS.has(head.id)) return parseAsa(message, context);
  const fields = splitFields(message.content, head.textAt);
  return fields.size === 0 ? parseAsa(message, context) : [securityEvent(head.id, fields, context.base)];
}

/** Splits `Name: value, Name: value`; the first of repeated names wins, as it is the packet's own. */
function splitFields(text: string, from: number): Map<string, string> {
  const fields = new Map<string, string>();
  let name = nameAt(text, from, true);
  let start = from;
  while (name !== undefined) {
    start += name.length + 2;
    const next = nextField(text, start, FTD_FREE_TEXT.has(name));
    const value = text.slice(start, next.at).trim();
    if (value !== '' && !fields.has(name)) fields.set(name, value);
    name = next.name;
    start = next.at + 2;
  }
  return fields;
}

function nextField(text: string, from: number, free: boolean): { readonly at: number; readonly name?: string } {
  for (let at = text.indexOf(', ', from - 1); at >= 0; at = text.indexOf(', ', at + 2)) {
    const name = nameAt(text, at + 2, !free);
    if (name !== undefined) return { at, name };
  }
  return { at: text.length };
}

/** The field name that stands at `at` before `: `; one that is not known must at least look like one (`CamelCase`, `A_B`). */
function nameAt(text: string, at: number, lenient: boolean): string | undefined {
  const colon = text.indexOf(':', at);
  if (colon < 0 || colon - at > 48 || colon === at) return undefined;
  const behind = text[colon + 1];
  if (behind !== ' ' && behind !== undefined) return undefined;
  const name = text.slice(at, colon);
  return FTD_FIELDS.has(name) || (lenient && looksLikeField(name)) ? name : undefined;
}

function looksLikeField(name: string): boolean {
  let capitals = 0;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code >= 0x41 && code <= 0x5a) capitals++;
    else if (!(code === 0x5f || (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a))) return false;
  }
  return capitals > 1;
}

function securityEvent(id: string, fields: ReadonlyMap<string, string>, base: FactBase): Fact {
  const r = newReading();
  r.body.directionSource = 'stated';
  readEndpoints(r, fields);
  readPolicy(r, fields);
  readCounters(r, fields);
  readIcmp(r, fields);
  readTimes(id, r, fields, base);
  readExtra(r, fields);
  return sessionLogOf(base, actionOf(id, r, fields), id, r);
}

function readEndpoints(r: Reading, fields: ReadonlyMap<string, string>): void {
  const protocol = protocolOf(fields.get('Protocol') ?? '');
  if (protocol !== undefined) r.body.protocol = protocol;
  const ports = protocol !== 1 && protocol !== 58;
  readHost(r.source, fields.get('SrcIP') ?? '', ports ? fields.get('SrcPort') : undefined);
  readHost(r.destination, fields.get('DstIP') ?? '', ports ? fields.get('DstPort') : undefined);
  readNat(r.source, fields.get('NAT_InitiatorIP') ?? '', ports ? fields.get('NAT_InitiatorPort') : undefined);
  readNat(r.destination, fields.get('NAT_ResponderIP') ?? '', ports ? fields.get('NAT_ResponderPort') : undefined);
  const text = (name: string): string | undefined => stated(fields, name);
  const { body } = r;
  const ingress = text('IngressInterface');
  if (ingress !== undefined) body.ingressInterface = ingress;
  const egress = text('EgressInterface');
  if (egress !== undefined) body.egressInterface = egress;
  const fromZone = text('IngressZone');
  if (fromZone !== undefined) body.ingressZone = fromZone;
  const toZone = text('EgressZone');
  if (toZone !== undefined) body.egressZone = toZone;
  const user = text('User');
  if (user !== undefined) r.source.user = body.user = user;
}

function readPolicy({ body, extra }: Reading, fields: ReadonlyMap<string, string>): void {
  const rule = fields.get('AccessControlRuleName');
  if (rule !== undefined) body.ruleName = rule;
  const policy = fields.get('ACPolicy');
  if (policy !== undefined) extra['rule.ruleset'] = policy;
  const reason = stated(fields, 'AccessControlRuleReason');
  if (reason !== undefined) body.reason = reason;
  const application = stated(fields, 'ApplicationProtocol') ?? stated(fields, 'WebApplication');
  if (application !== undefined) body.application = application;
  const instance = fields.get('InstanceID');
  const connection = fields.get('ConnectionID');
  const first = fields.get('FirstPacketSecond');
  if (connection !== undefined) body.sessionKey = [instance, connection, first].filter(Boolean).join('/');
}

function readCounters({ body, source, destination }: Reading, fields: ReadonlyMap<string, string>): void {
  const count = (name: string): bigint | undefined => countOf(fields.get(name) ?? '');
  const sent = count('InitiatorBytes');
  const received = count('ResponderBytes');
  if (sent !== undefined) source.bytes = sent;
  if (received !== undefined) destination.bytes = received;
  if (sent !== undefined && received !== undefined) body.bytes = sent + received;
  const packetsOut = count('InitiatorPackets');
  const packetsIn = count('ResponderPackets');
  if (packetsOut !== undefined) source.packets = packetsOut;
  if (packetsIn !== undefined) destination.packets = packetsIn;
  if (packetsOut !== undefined && packetsIn !== undefined) body.packets = packetsOut + packetsIn;
}

function readIcmp({ body }: Reading, fields: ReadonlyMap<string, string>): void {
  const type = fields.get('ICMPType') ?? '';
  const number = portOf(type) ?? numberOf(FTD_ICMP_TYPES, type);
  if (number !== undefined) body.icmpType = number;
  const code = fields.get('ICMPCode') ?? '';
  const codeNumber = portOf(code) ?? numberOf(FTD_ICMP_CODES, code);
  if (codeNumber !== undefined) body.icmpCode = codeNumber;
}

function numberOf(names: Readonly<Record<string, number>>, text: string): number | undefined {
  const name = text.toLowerCase();
  return Object.hasOwn(names, name) ? names[name] : undefined;
}

function readTimes(id: string, { body }: Reading, fields: ReadonlyMap<string, string>, base: FactBase): void {
  const first = Date.parse(fields.get('FirstPacketSecond') ?? '');
  if (!Number.isNaN(first)) body.start = first;
  const seconds = integerOf(fields.get('ConnectionDuration') ?? '');
  if (seconds === undefined) {
    if (id === '430003') body.end = base.observedAt;
    return;
  }
  body.durationNs = BigInt(seconds) * 1_000_000_000n;
  if (!Number.isNaN(first)) body.end = first + seconds * 1000;
  else if (id === '430003') body.end = base.observedAt;
}

function readExtra({ extra }: Reading, fields: ReadonlyMap<string, string>): void {
  for (const [name, key] of Object.entries(FTD_EXTRA)) {
    const value = stated(fields, name);
    if (value === undefined || extra[key] !== undefined) continue;
    extra[key] = name === 'FileSize' || name === 'VLAN_ID' ? (integerOf(value) ?? value) : value;
  }
  Object.assign(extra, tlsVersion(stated(fields, 'SSLVersion')));
  const cipher = stated(fields, 'SSLCipherSuite') ?? stated(fields, 'SSSLCipherSuite');
  if (cipher !== undefined) extra['tls.cipher'] = cipher;
}

function actionOf(id: string, { extra }: Reading, fields: ReadonlyMap<string, string>): string {
  const word = fields.get('AccessControlRuleAction');
  const said = withoutMarkup(word ?? '').toLowerCase();
  const verdict = Object.hasOwn(FTD_VERDICTS, said) ? FTD_VERDICTS[said] : undefined;
  if (word !== undefined) extra['ascribe.vendor_action'] = withoutMarkup(word);
  if (id === '430001') return fields.get('InlineResult') === 'Blocked' ? 'dropped' : (verdict ?? 'allowed');
  if (verdict === 'denied' || verdict === 'reset') return verdict;
  if (id === '430002') return 'session_start';
  if (id === '430003') return 'session_end';
  return (fields.get('FileAction') ?? '').includes('Block') ? 'dropped' : 'session_update';
}

/** Some relays leave an HTML line break in front of the value. */
function withoutMarkup(value: string): string {
  return value.startsWith('<') ? value.slice(value.indexOf('>') + 1).trim() : value;
}

function stated(fields: ReadonlyMap<string, string>, name: string): string | undefined {
  const written = fields.get(name);
  const quoted = written !== undefined && written.length > 1 && written.startsWith('"') && written.endsWith('"');
  const value = quoted ? written.slice(1, -1) : written;
  return value === undefined || FTD_NOTHING.has(value.toLowerCase()) ? undefined : value;
}
