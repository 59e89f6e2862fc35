import type { Binding, Endpoint, Event, Fact, FactBase, SessionLog } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { readKeyValues } from '../grammar/key-value';
import { count, extras, integer, ip, mac, port, present, protocol, word } from '../grammar/values';

/** Sophos UTM 9: packet filter, web proxy, authentication, VPN and configuration, all `id="…" sys="…" sub="…"`. */
export const SOPHOS_UTM: VendorParser = {
  name: 'sophos_utm',
  vendor: 'Sophos',
  product: 'UTM',
  summary: 'Sophos UTM 9 packet filter, web proxy, logins, VPN users and configuration changes',
  stability: 'beta',
  example:
    '<30>2026:11:24-02:10:00 utm1 ulogd[12511]: id="2001" severity="info" sys="SecureNet" sub="packetfilter" ' +
    'name="Packet dropped" action="drop" fwrule="60001" initf="eth6" srcmac="02:00:5e:00:53:01" ' +
    'dstmac="02:00:5e:00:53:02" srcip="198.51.100.7" dstip="192.0.2.10" proto="6" length="40" ttl="245" ' +
    'srcport="50514" dstport="22" tcpflags="SYN"',
  recognizes: ({ content }) => startOf(content) >= 0,
  parse: utmFacts,
};

type Fields = ReadonlyMap<string, string>;

interface Meaning {
  readonly action: string;
  readonly outcome: SessionLog['outcome'];
}

const FILTER_ACTIONS: Readonly<Record<string, Meaning>> = {
  accept: { action: 'allowed', outcome: 'success' },
  drop: { action: 'dropped', outcome: 'failure' },
  reject: { action: 'denied', outcome: 'failure' },
  pass: { action: 'allowed', outcome: 'success' },
  warn: { action: 'denied', outcome: 'failure' },
  block: { action: 'denied', outcome: 'failure' },
};
const SEEN: Meaning = { action: 'connection_attempt', outcome: undefined };

/** Message ids of logins and VPN users; the rest is known by its subsystem. */
const EVENTS: Readonly<Record<string, readonly [category: string, action: string, outcome: Event['outcome']]>> = {
  '2201': ['session', 'vpn_connect', 'success'],
  '2202': ['session', 'vpn_disconnect', undefined],
  '3004': ['authentication', 'login', 'success'],
  '3005': ['authentication', 'login', 'failure'],
  '3006': ['authentication', 'login', 'failure'],
};

/** Where the fields begin: at the front or, in the configuration daemon's log, behind `=> `; -1 when there are none. */
function startOf(content: string): number {
  const front = content.slice(0, 160);
  const at = content.startsWith('id="') ? 0 : front.indexOf('=> id="') + 3;
  return (at === 0 ? content.startsWith('id="') : at > 3) && content.includes(' sys="') && content.includes(' sub="')
    ? at
    : -1;
}

function utmFacts({ content }: SyslogMessage, { base }: SyslogContext): Fact[] {
  const fields = readKeyValues(content.slice(startOf(content)));
  const sub = fields.get('sub');
  if (sub === 'packetfilter') return [filterLog(fields, base)];
  if (sub === 'http') return ip(fields.get('dstip')) === undefined ? [] : [webLog(fields, base)];
  return events(fields, base);
}

function filterLog(fields: Fields, base: FactBase): SessionLog {
  const vendorAction = word(fields.get('action'));
  const meaning = FILTER_ACTIONS[vendorAction ?? ''] ?? SEEN;
  const number = protocol(fields.get('proto'));
  const icmp = number === 1 || number === 58;
  const flags = word(fields.get('tcpflags'));
  return present<SessionLog>({
    ...base,
    fact: 'session_log',
    ...meaning,
    source: endpoint(fields, 'src', !icmp),
    destination: endpoint(fields, 'dst', !icmp),
    // Only a SYN says who began.
    directionSource: flags === 'SYN' ? 'first_packet' : 'unknown',
    protocol: number,
    ruleId: word(fields.get('fwrule')),
    ingressInterface: word(fields.get('initf')),
    egressInterface: word(fields.get('outitf')),
    code: word(fields.get('id')),
    reason: word(fields.get('name')),
    icmpType: icmp ? integer(fields.get('type')) : undefined,
    icmpCode: icmp ? integer(fields.get('code')) : undefined,
    extra: extras({
      'ascribe.vendor_action': vendorAction === meaning.action ? undefined : vendorAction,
      'ascribe.tcp_flag_names': flags,
      'ascribe.mark': word(fields.get('mark')),
    }),
  });
}

/** A request through the web proxy; `size` is the answer's body, `fullreqtime` is in microseconds. */
function webLog(fields: Fields, base: FactBase): SessionLog {
  const vendorAction = word(fields.get('action'));
  const meaning = FILTER_ACTIONS[vendorAction ?? ''] ?? SEEN;
  const user = word(fields.get('user'));
  const url = word(fields.get('url'));
  const took = count(fields.get('fullreqtime'));
  return present<SessionLog>({
    ...base,
    fact: 'session_log',
    ...meaning,
    source: present<Endpoint>({ ip: ip(fields.get('srcip')), user }),
    destination: present<Endpoint>({ ip: ip(fields.get('dstip')), ...target(url) }),
    directionSource: 'stated',
    protocol: 6,
    user,
    durationNs: took === undefined ? undefined : took * 1000n,
    application: word(fields.get('application')),
    ruleName: word(fields.get('profile')),
    code: word(fields.get('id')),
    reason: word(fields.get('reason')) ?? word(fields.get('name')),
    extra: extras({
      'ascribe.vendor_action': vendorAction,
      'http.request.method': word(fields.get('method')),
      'http.response.status_code': integer(fields.get('statuscode')),
      'http.response.body.bytes': integer(fields.get('size')),
      'url.original': url,
      'rule.category': word(fields.get('categoryname')),
      'user.group.name': word(fields.get('group')),
    }),
  });
}

function events(fields: Fields, base: FactBase): Fact[] {
  const id = fields.get('id') ?? '';
  const sub = fields.get('sub');
  const known = Object.hasOwn(EVENTS, id) ? EVENTS[id] : undefined;
  const changed = sub === 'confd' && fields.get('name')?.startsWith('object ') === true;
  const [category, action, outcome] =
    known ??
    (changed ? (['configuration', 'config_change', undefined] as const) : (['host', 'message', undefined] as const));
  const user = word(fields.get('user')) ?? word(fields.get('username'));
  const inner = ip(fields.get('virtual_ip'));
  const sourceIp = ip(fields.get('srcip'));
  const event = present<Event>({
    ...base,
    fact: 'event',
    category,
    action,
    outcome,
    code: word(id),
    user,
    sourceIp,
    message: word(fields.get('name')) ?? word(fields.get('event')),
    extra: extras({
      'event.reason': word(fields.get('reason')),
      'ascribe.assigned_ip': inner,
      'sophos.sub': word(sub),
      'sophos.caller': word(fields.get('caller')) ?? word(fields.get('client')),
      'sophos.object': word(fields.get('objname')),
    }),
  });
  if (inner === undefined || user === undefined || category !== 'session') return [event];
  const state = action === 'vpn_connect' ? 'begin' : 'end';
  const extra = extras({ 'source.ip': sourceIp });
  return [
    event,
    present<Binding>({ ...base, fact: 'binding', relation: 'ip-user', key: inner, value: user, state, extra }),
  ];
}

function endpoint(fields: Fields, side: 'src' | 'dst', ported: boolean): Endpoint {
  return present<Endpoint>({
    ip: ip(fields.get(`${side}ip`)),
    port: ported ? port(fields.get(`${side}port`)) : undefined,
    mac: mac(padded(fields.get(`${side}mac`))),
  });
}

/** The packet filter writes hardware addresses without leading zeros: `0:30:88:1:43:cd`. */
function padded(text: string | undefined): string | undefined {
  return text
    ?.split(':')
    .map((pair) => pair.padStart(2, '0'))
    .join(':');
}

/** Host and port of the address asked for. */
function target(url: string | undefined): Pick<Endpoint, 'port' | 'domain'> {
  const scheme = url?.indexOf('://') ?? -1;
  if (url === undefined || scheme < 0) return {};
  const rest = url.slice(scheme + 3);
  const slash = rest.indexOf('/');
  const host = slash < 0 ? rest : rest.slice(0, slash);
  const colon = host.startsWith('[') ? host.indexOf(']:') + 1 : host.lastIndexOf(':');
  const name = colon > 0 ? host.slice(0, colon) : host;
  const stated = colon > 0 ? port(host.slice(colon + 1)) : undefined;
  const usual = url.startsWith('https:') ? 443 : url.startsWith('http:') ? 80 : undefined;
  const number = stated ?? usual;
  return {
    ...(number === undefined ? undefined : { port: number }),
    ...(ip(name) !== undefined || name.startsWith('[') ? undefined : { domain: name }),
  };
}
