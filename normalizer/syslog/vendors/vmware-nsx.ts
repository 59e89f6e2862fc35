import type { Fact, FactBase } from '../../model/facts';
import type { SyslogMessage, VendorParser } from '../contract';
import { splitSlash } from './event-slots';
import { type Reading, eventOf, newReading, readHost, sessionLogOf } from './reading';
import { countOf, integerOf, protocolOf } from './value';

/** VMware NSX: the distributed firewall's packet log, written per virtual NIC, and the manager's audit log. */
export const VMWARE_NSX: VendorParser = {
  name: 'vmware_nsx',
  vendor: 'VMware',
  product: 'NSX',
  summary: 'VMware NSX: distributed firewall packet log and audit log',
  stability: 'beta',
  example:
    '<181>1 2026-11-24T02:10:00.000Z esx1 FIREWALL-PKTLOG - - - 5bf3bbfd INET match PASS 2 OUT 60 TCP 192.0.2.10/50514->198.51.100.7/443 S',
  recognizes: ({ content, structuredData }) =>
    (packetAt(content) >= 0 && content.includes('->')) || structuredData?.has('nsx@6876') === true,
  parse: (message, { base }) => parseNsx(message, base),
};

/** `NAT` and `RDR` name the rule of a translation, the last ones a service that got the packet; it went on in each case. */
const VERDICTS: ReadonlyMap<string, string> = new Map([
  ['PASS', 'allowed'],
  ['DROP', 'dropped'],
  ['REJECT', 'denied'],
  ['NAT', 'allowed'],
  ['RDR', 'allowed'],
  ['PUNT', 'allowed'],
  ['REDIRECT', 'allowed'],
  ['COPY', 'allowed'],
  ['PBR', 'allowed'],
  ['LB', 'allowed'],
]);

/** Why the packet was logged, beside `TERM`; edges write `reason-` before it. */
const REASONS: ReadonlySet<string> = new Set([
  'match',
  'bad-offset',
  'fragment',
  'short',
  'normalize',
  'memory',
  'bad-timestamp',
  'proto-cksum',
  'state-mismatch',
  'state-insert',
  'state-limit',
  'SpoofGuard',
  'ip-option',
]);

/** Where `INET match`, `INET reason-match` or `INET6 TERM` begins. */
function packetAt(content: string): number {
  for (const family of ['INET ', 'INET6 ']) {
    const at = content.indexOf(family);
    if (at < 0 || at >= 128) continue;
    const from = at + family.length;
    const kind = content.slice(from, content.indexOf(' ', from));
    if (kind === 'TERM' || REASONS.has(reasonOf(kind))) return at;
  }
  return -1;
}

function reasonOf(kind: string): string {
  return kind.startsWith('reason-') ? kind.slice(7) : kind;
}

function parseNsx(message: SyslogMessage, base: FactBase): Fact[] {
  const at = packetAt(message.content);
  if (at >= 0) return packetFacts(message.content, at, base);
  return auditFacts(message, base);
}

/**
 * `[filter] INET match PASS RULE IN|OUT LENGTH PROTO a/p->b/q FLAGS`,
 * `[filter] INET TERM [PASS] RULE IN|OUT PROTO FLAG a/p->b/q packets/packets bytes/bytes [tag]` ("NSX Administration Guide",
 * distributed firewall packet logs). Which of the two counters is which side's differs by release, so only sums are kept.
 */
function packetFacts(content: string, at: number, base: FactBase): Fact[] {
  const filter = content.slice(0, at).trim();
  const words = content.slice(at).split(' ').filter(Boolean);
  const [, kind = '', third = ''] = words;
  const ended = kind === 'TERM';
  // Before NSX 3 an end states no verdict.
  const verdict = ended && !VERDICTS.has(third) ? '' : third;
  const ruleAt = verdict === '' ? 2 : 3;
  const rule = words[ruleAt] ?? '';
  const direction = words[ruleAt + 1] ?? '';
  const pairAt = words.findIndex((word) => word.includes('->'));
  const action = ended ? 'session_end' : VERDICTS.get(verdict);
  if (action === undefined || pairAt < ruleAt + 2 || !(direction === 'IN' || direction === 'OUT')) return [];
  const r = newReading();
  const { body, extra } = r;
  body.directionSource = 'first_packet';
  body.ruleId = rule.slice(rule.indexOf('/') + 1);
  extra['ascribe.vnic_direction'] = direction.toLowerCase();
  const filterId = filter.slice(filter.lastIndexOf(' ') + 1);
  if (filterId !== '') extra['ascribe.filter'] = filterId;
  readProtocol(r, words.slice(ruleAt + 2, pairAt));
  readPair(r, words[pairAt] ?? '');
  if (!ended) {
    if (reasonOf(kind) !== 'match') body.reason = reasonOf(kind);
    extra['ascribe.vendor_action'] = verdict;
    return [sessionLogOf(base, action, undefined, r)];
  }
  body.end = base.observedAt;
  const packets = sumOf(words[pairAt + 1]);
  const bytes = sumOf(words[pairAt + 2]);
  if (packets !== undefined && bytes !== undefined) {
    body.packets = packets;
    body.bytes = bytes;
  }
  return [sessionLogOf(base, action, undefined, r)];
}

function readProtocol({ body }: Reading, words: readonly string[]): void {
  for (const [i, word] of words.entries()) {
    if (integerOf(word) !== undefined) continue;
    // Protocols without a name are written `PROTO 47`.
    const protocol = protocolOf(word === 'PROTO' ? (words[i + 1] ?? '') : word);
    if (protocol === undefined) continue;
    body.protocol = protocol;
    const flag = words[i + 1];
    if (flag !== undefined && protocol === 6) body.reason = flag;
    if (protocol === 1 || protocol === 58) readIcmp(body, words.slice(i + 1));
    return;
  }
}

/** Type and code, where they are written. */
function readIcmp(body: Reading['body'], words: readonly string[]): void {
  const type = integerOf(words[0] ?? '');
  const code = integerOf(words[1] ?? '');
  if (type === undefined || code === undefined || type > 255 || code > 255) return;
  body.icmpType = type;
  body.icmpCode = code;
}

function readPair(r: Reading, pair: string): void {
  const [from = '', to = ''] = pair.split('->');
  const ports = r.body.protocol === 6 || r.body.protocol === 17 || r.body.protocol === 132;
  const [source, sourcePort] = splitSlash(from);
  const [destination, destinationPort] = splitSlash(to);
  readHost(r.source, source, ports ? sourcePort : undefined);
  readHost(r.destination, destination, ports ? destinationPort : undefined);
}

/** `49/53` */
function sumOf(pair: string | undefined): bigint | undefined {
  const [a = '', b = ''] = pair?.split('/') ?? [];
  const first = countOf(a);
  const second = countOf(b);
  return first === undefined || second === undefined ? undefined : first + second;
}

/** `[nsx@6876 audit="true" comp="nsx-manager" …] UserName="admin", ModuleName="Firewall", Operation="UpdateRule", Operation status="success", …` */
function auditFacts(message: SyslogMessage, base: FactBase): Fact[] {
  const data = message.structuredData?.get('nsx@6876');
  if (data?.get('audit') !== 'true') return [];
  const value = (name: string): string | undefined =>
    quoted(message.content, `${name}="`) ?? quoted(message.content, `${name}='`);
  const r = newReading();
  const user = value('UserName') ?? data.get('username');
  if (user !== undefined && user !== '') r.body.user = user;
  const operation = value('Operation');
  const module = value('ModuleName');
  if (operation !== undefined) r.extra['ascribe.operation'] = operation;
  if (module !== undefined) r.extra['ascribe.component'] = module;
  const status = value('Operation status');
  if (status === 'success' || status === 'failure') r.body.outcome = status;
  if (message.appName !== undefined) r.process = message.appName;
  const name = operation?.toUpperCase() ?? '';
  const login = name === 'LOGIN' || name === 'LOGOUT';
  const row = login
    ? { category: 'authentication', action: name.toLowerCase() }
    : { category: 'configuration', action: 'config_change' };
  return [eventOf(base, row, undefined, r, message.severity)];
}

function quoted(text: string, lead: string): string | undefined {
  const start = text.indexOf(lead);
  if (start < 0) return undefined;
  const from = start + lead.length;
  const end = text.indexOf(lead.at(-1) ?? '"', from);
  return end < 0 ? undefined : text.slice(from, end);
}
