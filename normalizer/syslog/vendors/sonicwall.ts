import { maskSecrets } from '../../mask-secrets';
import type { Endpoint, Event, Fact, FactBase, SessionLog } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { readCef } from '../grammar/cef';
import { stampTime, statedBase } from '../grammar/device-time';
import { readKeyValues } from '../grammar/key-value';
import {
  actionName,
  between,
  count,
  extras,
  integer,
  ip,
  mac,
  port,
  present,
  protocol,
  translation,
  word,
} from '../grammar/values';
import { CEF_FIELDS, EVENT_WORDS, FIREWALL_ACTIONS, SESSION_MESSAGES, SESSION_WORDS } from './sonicwall.data';

type Fields = ReadonlyMap<string, string>;

/** SonicWall firewalls in the formats default, enhanced and ArcSight (CEF). */
export const SONICWALL: VendorParser = {
  name: 'sonicwall',
  vendor: 'SonicWall',
  product: 'SonicOS',
  summary: 'SonicOS connection, policy, login and configuration logs in default, enhanced and CEF format',
  stability: 'beta',
  example:
    '<134>  id=firewall sn=0040103CE114 time="2026-11-24 02:10:00 UTC" fw=203.0.113.9 pri=6 c=1024 m=537 ' +
    'msg="Connection Closed" n=1846613339 src=10.0.0.5:51000:X0 natSrc=203.0.113.9:61000 dst=198.51.100.7:443:X1 ' +
    'natDst=198.51.100.7:443 proto=tcp/https sent=1200 rcvd=8000 spkt=11 rpkt=9 cdur=30000',
  recognizes: ({ content }) => isSonicwall(content),
  parse: sonicwallFacts,
};

function isSonicwall(content: string): boolean {
  if (content.startsWith('CEF:')) return content.includes('|SonicWall|') || content.includes('|SonicWALL|');
  const at = startOf(content);
  return at >= 0 && content.includes(' sn=', at) && content.includes(' fw=', at);
}

/** Where `id=` begins: at the start or behind the header of a relay. */
function startOf(content: string): number {
  if (content.startsWith('id=')) return 0;
  const at = content.indexOf(' id=');
  return at >= 0 && at < 64 ? at + 1 : -1;
}

function sonicwallFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  const fields = fieldsOf(message.content);
  if (fields.size === 0) return [];
  const base = statedBase(context, timeOf(fields, context), word(fields.get('fw')) ?? undefined);
  const id = fields.get('m');
  const number = integer(fields.get('n'));
  if (number !== undefined && id !== undefined) context.counter?.(`sonicwall_${id}`, number);
  const event = eventOf(fields, base);
  if (event !== undefined) return [event];
  const source = endpointOf(fields, 'src');
  const destination = endpointOf(fields, 'dst');
  if (source.endpoint.ip === undefined && destination.endpoint.ip === undefined) return [otherEvent(fields, base)];
  // Messages of IKE name both gateways but no packet.
  if (!fields.has('proto') && (fields.get('msg') ?? '').startsWith('IKE')) return [otherEvent(fields, base)];
  return [sessionLog(fields, base, source, destination)];
}

function fieldsOf(content: string): Fields {
  if (!content.startsWith('CEF:')) {
    const from = startOf(content);
    return from < 0 ? new Map() : readKeyValues(content, { from, singleQuotes: true });
  }
  const cef = readCef(content, 0);
  if (cef === undefined) return new Map();
  const out = new Map<string, string>([
    ['m', cef.classId],
    ['msg', cef.name],
  ]);
  for (const [key, value] of cef.extension) {
    const name = CEF_FIELDS[key] ?? key;
    if (!out.has(name)) out.set(name, unquoted(value));
  }
  joinAddress(out, 'src', 'spt', 'deviceInboundInterface');
  joinAddress(out, 'dst', 'dpt', 'deviceOutboundInterface');
  joinAddress(out, 'natSrc', 'sourceTranslatedPort', '', 'sourceTranslatedAddress');
  joinAddress(out, 'natDst', 'destinationTranslatedPort', '', 'destinationTranslatedAddress');
  return out;
}

/** CEF parts what the default format writes as `address:port:interface`. */
function joinAddress(out: Map<string, string>, name: string, number: string, via: string, from = name): void {
  const address = out.get(from);
  if (address === undefined) return;
  const shown = address.includes(':') ? `[${address}]` : address;
  out.set(name, `${shown}:${out.get(number) ?? ''}:${out.get(via) ?? ''}`);
}

function unquoted(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

/** `time="2026-11-24 02:10:00 UTC"`; without `UTC` it is the firewall's local time. SSL VPN adds UTC as `vp_time`. */
function timeOf(fields: Fields, context: SyslogContext) {
  return stampTime(fields.get('vp_time') ?? fields.get('time'), context);
}

interface Side {
  readonly endpoint: Endpoint;
  readonly interface: string | undefined;
}

/** `src=address:port:interface[:name]`; IPv6 stands in `srcV6`, the translated pair in `natSrc` or `natSrcV6`. */
function endpointOf(fields: Fields, side: 'src' | 'dst'): Side {
  const plain = splitAddress(fields.get(side));
  const address = plain.address ?? ip(fields.get(`${side}V6`));
  const natName = side === 'src' ? 'natSrc' : 'natDst';
  const nat = mapping(fields, side) ?? splitAddress(fields.get(natName) ?? fields.get(`${natName}V6`));
  const sent = side === 'src';
  const icmp = protocolOf(fields) === 1 || protocolOf(fields) === 58;
  return {
    endpoint: present<Endpoint>({
      ip: address,
      port: icmp ? undefined : plain.port,
      ...translation(address, plain.port, nat.address, icmp ? undefined : nat.port),
      bytes: count(fields.get(sent ? 'sent' : 'rcvd')),
      packets: count(fields.get(sent ? 'spkt' : 'rpkt')),
      user: sent ? userOf(fields) : undefined,
      mac: mac(fields.get(sent ? 'srcMac' : 'dstMac')),
      domain: sent ? plain.name : (domainOf(fields.get('dstname')) ?? plain.name),
    }),
    interface: plain.interface,
  };
}

/** `NAT Mapping` (1197) has the translated pairs in its note: `Source: A, P, Destination: B, Q, Protocol: N`. */
function mapping(fields: Fields, side: 'src' | 'dst'): Pick<Place, 'address' | 'port'> | undefined {
  if (fields.get('m') !== '1197') return undefined;
  const pair = between(fields.get('note') ?? '', side === 'src' ? 'Source: ' : 'Destination: ', ', Protocol');
  const [address, number] = (pair ?? '').split(', ');
  const translated = ip(address);
  return translated === undefined ? undefined : { address: translated, port: port(number) };
}

/** Older releases say the protocol of a dropped ICMP packet in words only. */
function protocolOf(fields: Fields): number | undefined {
  const stated = protocol(fields.get('proto')?.split('/', 1)[0]);
  return stated ?? (fields.has('type') && (fields.get('msg') ?? '').startsWith('ICMP packet') ? 1 : undefined);
}

interface Place {
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  readonly interface?: string | undefined;
  readonly name?: string | undefined;
}

function splitAddress(text: string | undefined): Place {
  const value = word(text);
  if (value === undefined) return {};
  const bare = ip(value);
  if (bare !== undefined) return { address: bare };
  const close = value.startsWith('[') ? value.indexOf(']') : -1;
  const rest = close > 0 ? value.slice(close + 1) : value;
  const [first = '', number, via, name] = rest.split(':');
  return {
    address: ip(close > 0 ? value.slice(1, close) : first),
    port: port(number),
    interface: word(via),
    name: domainOf(name),
  };
}

function domainOf(text: string | undefined): string | undefined {
  const name = word(text);
  return name === undefined || ip(name) !== undefined ? undefined : name;
}

function userOf(fields: Fields): string | undefined {
  const user = word(fields.get('usr'));
  return user?.startsWith('Unknown') === true ? undefined : user;
}

function sessionLog(fields: Fields, base: FactBase, source: Side, destination: Side): SessionLog {
  const meaning = sessionMeaning(fields);
  // An alert about a packet says neither that it passed nor that it was stopped.
  const action = meaning?.action ?? 'connection_attempt';
  const durationMs = action === 'session_end' ? integer(fields.get('cdur')) : undefined;
  const [proto, service] = (fields.get('proto') ?? '').split('/');
  const rule = word(fields.get('rule'));
  const vendorAction = word(fields.get('fw_action'));
  return present<SessionLog>({
    ...base,
    fact: 'session_log',
    action,
    outcome: meaning?.outcome,
    source: source.endpoint,
    destination: destination.endpoint,
    directionSource: 'stated',
    protocol: protocolOf(fields),
    ruleName: rule,
    ruleId:
      rule?.includes(' (') === true && integer(rule.slice(0, rule.indexOf(' '))) !== undefined
        ? rule.slice(0, rule.indexOf(' '))
        : undefined,
    start: durationMs === undefined ? undefined : base.observedAt - durationMs,
    end: durationMs === undefined ? undefined : base.observedAt,
    durationNs: durationMs === undefined ? undefined : BigInt(durationMs) * 1_000_000n,
    ingressInterface: source.interface,
    egressInterface: destination.interface,
    ingressZone: word(fields.get('srcZone')),
    egressZone: word(fields.get('dstZone')),
    user: userOf(fields),
    application: word(fields.get('appName')),
    code: word(fields.get('m')),
    reason: word(fields.get('note')),
    icmpType: integer(fields.get('type') ?? fields.get('icmpType')),
    icmpCode:
      proto === 'icmp' || fields.has('type') ? integer(fields.get('icmpCode') ?? fields.get('code')) : undefined,
    extra: extras({
      'ascribe.vendor_action':
        vendorAction === 'NA' ? word(fields.get('msg')) : (vendorAction ?? word(fields.get('msg'))),
      'event.sequence': integer(fields.get('n')),
      'network.protocol': service === undefined || integer(service) !== undefined ? undefined : word(service),
      'rule.category': word(fields.get('Category')),
      message: word(fields.get('msg')),
      'sonicwall.vpn_policy': word(fields.get('vpnpolicy')),
      'observer.serial_number': word(fields.get('sn')),
    }),
  });
}

function sessionMeaning(fields: Fields): { action: string; outcome: 'success' | 'failure' } | undefined {
  const byId = SESSION_MESSAGES[fields.get('m') ?? ''];
  if (byId !== undefined) return byId;
  const byAction = FIREWALL_ACTIONS[fields.get('fw_action') ?? ''];
  if (byAction !== undefined) return byAction;
  const text = (fields.get('msg') ?? '').toLowerCase();
  const found = SESSION_WORDS.find(([part]) => text.includes(part));
  return found === undefined ? undefined : { action: found[1], outcome: found[2] };
}

/** Logins, configuration changes and link states. */
function eventOf(fields: Fields, base: FactBase): Event | undefined {
  const text = word(fields.get('msg')) ?? '';
  const lower = text.toLowerCase();
  const found = EVENT_WORDS.find(([part]) => lower.includes(part));
  if (found === undefined) return undefined;
  const [, category, action, outcome] = found;
  return present<Event>({
    ...eventBase(fields, base, text),
    category,
    action,
    outcome,
    command: action === 'config_change' ? maskSecrets(text) : undefined,
  });
}

function otherEvent(fields: Fields, base: FactBase): Event {
  const text = word(fields.get('msg')) ?? '';
  return present<Event>({ ...eventBase(fields, base, text), category: 'host', action: actionName(text.slice(0, 64)) });
}

function eventBase(fields: Fields, base: FactBase, text: string): Event {
  const source = splitAddress(fields.get('src'));
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'host',
    action: 'event',
    code: word(fields.get('m')),
    severity: integer(fields.get('pri')),
    user: userOf(fields),
    sourceIp: source.address,
    sourcePort: source.port === 0 ? undefined : source.port,
    process: word(fields.get('sess')),
    message: text === '' ? undefined : text,
    extra: extras({
      'event.sequence': integer(fields.get('n')),
      'event.reason': word(fields.get('note')),
      'observer.serial_number': word(fields.get('sn')),
    }),
  });
}
