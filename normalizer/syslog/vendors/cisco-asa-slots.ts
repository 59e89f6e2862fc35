import { tlsVersion } from '../grammar/values';
import { scanAsaEndpoint, readAsaEndpoint, splitUserGroup, splitPort, asaPort, groupEnd } from './cisco-asa-endpoint';
import { withoutMarks } from './event-slots';
import { maskSecrets } from '../../mask-secrets';
import { type Reading, readHost, readNat, readVerdict } from './reading';
import { type Slot, isSpace, scanText, scanToken } from './template';
import { addressOf, countOf, durationNsOf, integerOf, macOf, protocolOf } from './value';

type AsaSlot = Slot<Reading>;

const token = (read: AsaSlot['read']): AsaSlot => ({ scan: scanToken, read });
const text = (read: AsaSlot['read']): AsaSlot => ({ scan: scanText, read });
const endpoint = (read: AsaSlot['read']): AsaSlot => ({ scan: scanAsaEndpoint, read });
const extra = (key: string): AsaSlot => text((into, value) => void (into.extra[key] = value));
const ignore = (): void => {};

/** The slots of ASA and FTD templates (`cisco-asa.data.ts`). */
export const ASA_SLOTS: Readonly<Record<string, AsaSlot>> = {
  _: token(ignore),
  '...': text(ignore),
  src: endpoint((into, value) => readSide(into, 'source', value)),
  dst: endpoint((into, value) => readSide(into, 'destination', value)),
  srcNoPort: endpoint((into, value) => readSide(into, 'source', value, false)),
  dstNoPort: endpoint((into, value) => readSide(into, 'destination', value, false)),
  faddr: endpoint((into, value) => readSide(into, 'source', value, false)),
  laddr: endpoint((into, value) => readLocal(into, value)),
  // Read before laddr; kept until the address it translates is known.
  gaddr: endpoint((into, value) => void (into.destination.natIp = splitPort(value)[0])),
  mappedOnly: { scan: scanBeforeSlash, read: (into, value) => readMapped(into, value) },
  mapped: endpoint((into, value) => readMapped(into, value)),
  portBlock: token((into, value) => void (into.extra['ascribe.nat.port_block'] = withoutMarks(value))),
  message: text((into, value) => void (into.message = maskSecrets(value))),
  service: endpoint((into, value) => readService(into, value)),
  aclSrc: { scan: scanAclEndpoint, read: (into, value) => readAclEndpoint(into, 'source', value) },
  aclDst: { scan: scanAclEndpoint, read: (into, value) => readAclEndpoint(into, 'destination', value) },
  srcIke: token((into, value) => readHostColonPort(into, 'source', value)),
  dstIke: token((into, value) => readHostColonPort(into, 'destination', value)),
  // A word without a dot (`console`) is no host.
  srcip: token((into, value) => readActor(into, value)),
  dstip: token((into, value) => readHost(into.destination, value)),
  newSrcip: token((into, value) => {
    const ip = addressOf(withoutMarks(value));
    if (ip !== undefined) into.source.ip = ip;
  }),
  srcMac: token((into, value) => void (into.source.mac = macOf(value) ?? into.source.mac ?? value)),
  srcif: token((into, value) => readInterface(into, 'source', trimmedReason(value))),
  srcPort: token((into, value) => readSidePort(into, 'source', value)),
  dstPort: token((into, value) => readSidePort(into, 'destination', value)),
  leaseIp: token((into, value) => {
    const ip = addressOf(withoutMarks(value));
    if (ip !== undefined) into.extra['client.ip'] = ip;
  }),
  leaseClient: token((into, value) => readLeaseClient(into, value)),
  dir: token((into, value) => {
    into.direction = value;
    into.extra['network.direction'] = value;
  }),
  dir0: token((into, value) => void (into.extra['network.direction'] = value)),
  proto: token((into, value) => {
    const protocol = protocolOf(value);
    if (protocol !== undefined) into.body.protocol = protocol;
  }),
  conn: token((into, value) => void (into.body.sessionKey = value)),
  duration: text((into, value) => {
    const duration = durationNsOf(value);
    if (duration !== undefined) into.body.durationNs = duration;
  }),
  bytes: token((into, value) => {
    const bytes = countOf(value);
    if (bytes !== undefined) into.body.bytes = bytes;
  }),
  srcBytes: token((into, value) => {
    const bytes = countOf(value);
    if (bytes !== undefined) into.source.bytes = bytes;
  }),
  dstBytes: token((into, value) => {
    const bytes = countOf(value);
    if (bytes !== undefined) into.destination.bytes = bytes;
  }),
  tail: text((into, value) => readTail(into, value)),
  sessionUser: text((into, value) => {
    const { user, securityGroup } = splitUserGroup(value);
    if (user !== undefined) into.body.user = user;
    if (securityGroup !== undefined) into.extra['ascribe.security_group'] = securityGroup;
  }),
  srcUser: token((into, value) => void (into.source.user = value)),
  dstUser: token((into, value) => void (into.destination.user = value)),
  signature: extra('ascribe.signature'),
  threatObject: text((into, value) => void (into.extra['ascribe.threat.object'] = value)),
  sessionUserToken: token((into, value) => void (into.body.user = value)),
  quotedUser: { scan: scanQuoted, read: (into, value) => void (into.body.user = unquoted(value)) },
  // IKE writes `Unknown` until it knows the user.
  user: text((into, value) => {
    if (value !== 'Unknown') into.body.user = value;
  }),
  icmpType: token((into, value) => {
    const type = integerOf(value);
    if (type !== undefined && type <= 255) into.body.icmpType = type;
  }),
  icmpCode: token((into, value) => {
    const code = integerOf(value);
    if (code !== undefined && code <= 255) into.body.icmpCode = code;
  }),
  flags: extra('ascribe.tcp_flag_names'),
  rule: { scan: scanQuoted, read: (into, value) => void (into.body.ruleName = unquoted(value)) },
  acl: token((into, value) => void (into.body.ruleName = value)),
  aceHash: token((into, value) => {
    if (value !== '0x0') into.extra['ascribe.acl.hash'] = value;
  }),
  verdict: token((into, value) => void readVerdict(into, value)),
  filterWord: text((into, value) => {
    if (value !== 'permitted') into.extra['ascribe.vendor_action'] = value;
  }),
  hits: token((into, value) => {
    const hits = integerOf(value);
    if (hits !== undefined) into.extra['ascribe.hit_count'] = hits;
  }),
  natType: token((into, value) => void (into.extra['ascribe.translation'] = value)),
  reason: text((into, value) => void (into.body.reason = trimmedReason(value))),
  reasonDot: text((into, value) => void (into.body.reason = trimmedReason(value))),
  reasonUntilFor: text((into, value) => void (into.body.reason = value)),
  reasonUntilFrom: text((into, value) => void (into.body.reason = value)),
  ftpVerb: extra('ascribe.vendor_action'),
  file: extra('file.path'),
  listed: extra('ascribe.threat.indicator'),
  threat: extra('ascribe.threat.level'),
  category: extra('ascribe.threat.category'),
  // Events
  what: text(ignore),
  okFailed: text((into, value) => {
    if (value.startsWith('OK')) into.body.outcome = 'success';
    if (value.includes('FAILED')) into.body.outcome = 'failure';
  }),
  command: text((into, value) => void (into.command = maskSecrets(value))),
  quotedCommand: text((into, value) => void (into.command = maskSecrets(withoutClosingQuote(value)))),
  application: text((into, value) => {
    if (value !== 'N/A') into.process = value;
  }),
  aaaType: token((into, value) => {
    if (value !== 'authentication') into.action = value;
  }),
  server: extra('ascribe.aaa_server'),
  policy: extra('ascribe.group_policy'),
  actor: extra('ascribe.actor'),
  group: extra('ascribe.vpn_group'),
  vpnType: extra('ascribe.vpn_type'),
  vpnTypeText: extra('ascribe.vpn_type'),
  vpnTypeDot: text((into, value) => void (into.extra['ascribe.vpn_type'] = trimmedReason(value))),
  vpnProto: token((into, value) => void (into.extra['network.transport'] = value.toLowerCase())),
  vpnSession: extra('ascribe.vpn_session'),
  assigned: token((into, value) => readAssigned(into, value)),
  spi: extra('ascribe.ipsec.spi'),
  pool: extra('ascribe.vpn_pool'),
  dap: extra('ascribe.dap_records'),
  userAgent: extra('user_agent.original'),
  interface: text((into, value) => void (into.extra['interface.name'] = value)),
  interfaceState: text((into, value) => {
    const state = trimmedReason(value);
    if (state === 'up' || state === 'down') into.action = `interface_${state}`;
    else into.body.reason = state;
  }),
  url: extra('url.original'),
  urlQuoted: text((into, value) => void (into.extra['url.original'] = unquoted(value))),
  urlTarget: text((into, value) => readUrlTarget(into, value)),
  tlsPeer: token((into, value) => void (into.extra['ascribe.tls.peer'] = value)),
  tlsVersion: token((into, value) => void Object.assign(into.extra, tlsVersion(value))),
  trustPoint: extra('ascribe.tls.trust_point'),
};

type Side = 'source' | 'destination';

function readSide(into: Reading, side: Side, value: string, withPort = true): void {
  const { endpoint: read, interfaceName, securityGroup } = readAsaEndpoint(value);
  if (!withPort) {
    delete read.port;
    delete read.natPort;
    if (read.natIp === read.ip) delete read.natIp;
  }
  Object.assign(into[side], read);
  if (interfaceName !== undefined) readInterface(into, side, interfaceName);
  if (securityGroup !== undefined) into.extra[`ascribe.${side}.security_group`] = securityGroup;
}

function readInterface(into: Reading, side: Side, name: string): void {
  if (side === 'source') into.sourceInterface = name;
  else into.destinationInterface = name;
}

function readLocal(into: Reading, value: string): void {
  const mapped = into.destination.natIp;
  delete into.destination.natIp;
  readSide(into, 'destination', value, false);
  if (mapped !== undefined) readNat(into.destination, mapped);
}

function readSidePort(into: Reading, side: Side, value: string): void {
  const port = asaPort(value);
  if (port !== undefined) into[side].port = port;
}

/** A MAC address, or a client identifier (RFC 2132, 9.14) in groups of four digits: type 1 stands before an Ethernet one. */
function readLeaseClient(into: Reading, value: string): void {
  const digits = value.replaceAll('.', '');
  const typed = digits.length === 14 && digits.startsWith('01');
  const mac = macOf(typed ? `${digits.slice(2, 6)}.${digits.slice(6, 10)}.${digits.slice(10)}` : value);
  if (mac !== undefined) into.extra['client.mac'] = mac;
  else into.extra['client.id'] = value;
}

/** The second endpoint of a translation is the first one's outside face, never a destination. */
function readMapped(into: Reading, value: string): void {
  const { endpoint: read, interfaceName } = readAsaEndpoint(value);
  if (interfaceName !== undefined) readInterface(into, 'destination', interfaceName);
  if (read.ip === undefined) return;
  if (read.ip === into.source.ip && read.port === into.source.port) return;
  into.source.natIp = read.ip;
  if (read.port !== undefined) into.source.natPort = read.port;
}

/** `IF:ADDRESS` before `/FIRST-LAST`. */
function scanBeforeSlash(line: string, from: number): number {
  const slash = line.indexOf('/', from);
  return slash > from ? slash : -1;
}

function readService(into: Reading, value: string): void {
  readSide(into, 'destination', value);
  const [, service] = splitPort(value);
  if (service !== undefined && integerOf(service) === undefined) into.extra['network.application'] = service;
}

/** `IF/ADDRESS(PORT)` and what stands right behind it in parentheses. */
function scanAclEndpoint(line: string, from: number): number {
  let at = from;
  while (at < line.length && line[at] !== '(' && !isSpace(line.charCodeAt(at))) at++;
  if (at === from) return -1;
  while (line[at] === '(') {
    const close = groupEnd(line, at);
    if (close < 0) break;
    at = close;
  }
  return at;
}

function readAclEndpoint(into: Reading, side: Side, value: string): void {
  const open = value.indexOf('(');
  const host = open < 0 ? value : value.slice(0, open);
  const slash = host.lastIndexOf('/');
  readHost(into[side], host.slice(slash + 1));
  if (slash > 0) readInterface(into, side, host.slice(0, slash));
  for (let at = open, first = true; at >= 0 && value[at] === '('; first = false) {
    const close = groupEnd(value, at);
    if (close < 0) return;
    const group = value.slice(at + 1, close - 1);
    const port = first ? asaPort(group) : undefined;
    if (port !== undefined) into[side].port = port;
    else {
      const { user, securityGroup } = splitUserGroup(group);
      if (user !== undefined) into[side].user = user;
      if (securityGroup !== undefined) into.extra[`ascribe.${side}.security_group`] = securityGroup;
    }
    at = close;
  }
}

function readHostColonPort(into: Reading, side: Side, value: string): void {
  const colon = value.lastIndexOf(':');
  readHost(into[side], value.slice(0, colon), value.slice(colon + 1));
}

/** `TCP FINs from OUTSIDE (user)`: the interface and the user are optional, and so is the reason. */
function readTail(into: Reading, value: string): void {
  let rest = value;
  if (rest.endsWith(')')) {
    const open = rest.lastIndexOf('(');
    if (open >= 0) {
      const { user } = splitUserGroup(rest.slice(open + 1, -1));
      if (user !== undefined) into.body.user = user;
      rest = rest.slice(0, open).trimEnd();
    }
  }
  const from = rest.lastIndexOf(' from ');
  const interfaceName = rest.slice(from + 6);
  if (from > 0 && !interfaceName.includes(' ')) {
    into.extra['ascribe.termination_interface'] = interfaceName;
    rest = rest.slice(0, from);
  }
  if (rest !== '') into.body.reason = rest;
}

function readAssigned(into: Reading, value: string): void {
  const ip = addressOf(value.endsWith('.') ? value.slice(0, -1) : value);
  if (ip !== undefined && ip !== '::' && ip !== '0.0.0.0') (into.assigned ??= []).push(ip);
}

/** `ADDRESS`, `USER@ADDRESS(DOMAIN\\user)`; a word without a dot (`console`) is no host, and 0.0.0.0 is the console's. */
function readActor(into: Reading, value: string): void {
  if (value === '0.0.0.0' || !(value.includes('.') || value.includes(':'))) return;
  const open = value.indexOf('(');
  const host = open < 0 ? value : value.slice(0, open);
  const at = host.lastIndexOf('@');
  if (at > 0) into.body.user ??= host.slice(0, at);
  readHost(into.source, withoutMarks(host.slice(at + 1)));
}

/** `[USER@]ADDRESS:URL` */
function readUrlTarget(into: Reading, value: string): void {
  const scheme = value.indexOf('://');
  const colon = scheme < 0 ? value.indexOf(':') : value.lastIndexOf(':', scheme - 1);
  if (colon < 0) return;
  const target = value.slice(0, colon);
  const at = target.indexOf('@');
  if (at > 0) into.body.user ??= target.slice(0, at);
  readHost(into.destination, target.slice(at + 1));
  into.extra['url.original'] = value.slice(colon + 1);
}

function scanQuoted(line: string, from: number, follow: Parameters<typeof scanToken>[2]): number {
  const quote = line[from] ?? '';
  if (quote !== '"' && quote !== "'") return scanToken(line, from, follow);
  const close = line.indexOf(quote, from + 1);
  return close < 0 ? -1 : close + 1;
}

function unquoted(value: string): string {
  const quote = value[0];
  return value.length > 1 && (quote === '"' || quote === "'") && value.endsWith(quote) ? value.slice(1, -1) : value;
}

function withoutClosingQuote(value: string): string {
  const end = value.endsWith('.') ? value.slice(0, -1) : value;
  return end.endsWith("'") ? end.slice(0, -1) : end;
}

/** One closing full stop is the sentence's, not the reason's. */
function trimmedReason(value: string): string {
  return value.endsWith('.') && !value.endsWith('..') ? value.slice(0, -1) : value;
}
