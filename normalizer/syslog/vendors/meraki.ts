import type { Endpoint, Fact, SessionLog } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { readKeyValues } from '../grammar/key-value';
import { extras, integer, ip, mac, port, present, protocol, translation, word } from '../grammar/values';
import { FLOW_TYPES, SESSION_TYPES, TYPES, VERDICTS } from './meraki.data';
import { merakiEvent } from './meraki-event';

type Fields = ReadonlyMap<string, string>;

/** Cisco Meraki MX, MR and MS. Flows carry no session id; a flow's start and end meet by their addresses and ports. */
export const MERAKI: VendorParser = {
  name: 'meraki',
  vendor: 'Cisco',
  product: 'Meraki',
  summary: 'Meraki flows with NAT, firewall decisions, URLs, IDS alerts, VPN, DHCP and port events',
  stability: 'beta',
  example:
    '<134>1 1795486200.000000000 MX84 ip_flow_start src=10.0.0.5 dst=198.51.100.7 protocol=tcp sport=51000 dport=443 ' +
    'translated_src_ip=203.0.113.9 translated_port=61000',
  recognizes: isMeraki,
  parse: merakiFacts,
};

function isMeraki(message: SyslogMessage): boolean {
  if (message.grammar === 'meraki') return true;
  const type = message.appName ?? '';
  if (!TYPES.has(type) || type === 'events' || type === 'firewall') return false;
  return message.content.includes('src=') && message.content.includes('dst=');
}

function merakiFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  const type = message.appName ?? '';
  if (type === 'events') return merakiEvent(message.content, context.base);
  if (!TYPES.has(type)) return [];
  const fields = readKeyValues(message.content, { singleQuotes: true });
  if (!fields.has('src') && !fields.has('dst')) return [];
  const log = flowLog(type, message, fields, context);
  return [log];
}

function flowLog(type: string, message: SyslogMessage, fields: Fields, context: SyslogContext): SessionLog {
  const { base } = context;
  const text = message.content;
  const pattern = behind(text, 'pattern:');
  const verdict = verdictOf(type, text, pattern, fields);
  const action = SESSION_TYPES[type] ?? verdict?.action ?? 'connection_attempt';
  const number = protocol(fields.get('protocol')?.split('/', 1)[0]);
  return present<SessionLog>({
    ...base,
    fact: 'session_log',
    action,
    outcome: SESSION_TYPES[type] === undefined ? verdict?.outcome : 'success',
    source: side(fields, 'src', number),
    destination: side(fields, 'dst', number),
    directionSource: type === 'security_event' || type === 'ids-alerts' ? 'unknown' : 'stated',
    protocol: number,
    start: type === 'ip_flow_start' ? base.observedAt : undefined,
    end: type === 'ip_flow_end' ? base.observedAt : undefined,
    ruleName: pattern,
    code: type,
    reason: behind(text, 'message:'),
    icmpType: number === 1 || number === 58 ? integer(fields.get('type')) : undefined,
    extra: flowExtra(type, text, fields, verdict?.action === action ? undefined : fields.get('decision')),
  });
}

/** Access points begin the line with the verdict, security appliances the pattern; URLs are logged when let through. */
function verdictOf(type: string, text: string, pattern: string | undefined, fields: Fields) {
  if (type === 'urls') return VERDICTS['allow'];
  const stated = fields.get('decision') ?? fields.get('action');
  if (stated !== undefined) return VERDICTS[stated];
  if (!FLOW_TYPES.has(type)) return undefined;
  if (pattern === 'Group Policy Allow') return VERDICTS['allow'];
  if (pattern === 'Group Policy Deny') return VERDICTS['deny'];
  return VERDICTS[(pattern ?? text).split(' ', 1)[0] ?? ''];
}

function flowExtra(type: string, text: string, fields: Fields, decision: string | undefined) {
  const [method, url] = (behind(text, 'request:') ?? '').split(' ', 2);
  return extras({
    'ascribe.vendor_action': decision,
    'http.request.method': method === 'UNKNOWN' ? undefined : word(method),
    'url.original': word(url) ?? word(fields.get('url')),
    'user_agent.original': word(fields.get('agent')),
    'meraki.signature': word(fields.get('signature')),
    'meraki.direction': type === 'security_event' || type === 'ids-alerts' ? word(fields.get('direction')) : undefined,
  });
}

/** `src=A sport=P`, or `src=A:P` for URLs and alerts. One `translated_port` belongs to whichever address is translated. */
function side(fields: Fields, name: 'src' | 'dst', number: number | undefined): Endpoint {
  const [address, attached] = splitPort(fields.get(name));
  const ports = number === undefined || number === 6 || number === 17;
  const realPort = ports ? (attached ?? port(fields.get(name === 'src' ? 'sport' : 'dport'))) : undefined;
  const nat = ip(fields.get(`translated_${name}_ip`));
  return present<Endpoint>({
    ip: address,
    port: realPort,
    ...(nat === undefined ? {} : translation(address, realPort, nat, port(fields.get('translated_port')))),
    mac: name === 'src' ? mac(fields.get('mac')) : mac(fields.get('dhost')),
  });
}

function splitPort(text: string | undefined): [string | undefined, number | undefined] {
  const whole = ip(text);
  if (text === undefined || whole !== undefined) return [whole, undefined];
  const colon = text.lastIndexOf(':');
  return [ip(text.slice(0, colon)), port(text.slice(colon + 1))];
}

/** The rest of the line behind a marker. */
function behind(text: string, marker: string): string | undefined {
  const at = text.indexOf(marker);
  return at < 0 ? undefined : word(text.slice(at + marker.length));
}
