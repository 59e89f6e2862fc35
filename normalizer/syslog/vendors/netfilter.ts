import type { Fact, FactBase } from '../../model/facts';
import type { SyslogMessage, VendorParser } from '../contract';
import { NETFILTER_VERDICTS } from './netfilter.data';
import { type Reading, newReading, readHost, sessionLogOf } from './reading';
import { integerOf, macOf, protocolOf } from './value';

/**
 * The kernel's packet log (`LOG`, `nft log`) and what is built on it: ufw, firewalld, Shorewall, UniFi, Proxmox. The
 * prefix is the administrator's: it names the rule, and the verdict only by custom.
 */
export const NETFILTER: VendorParser = {
  name: 'netfilter',
  vendor: 'Linux',
  product: 'netfilter',
  summary: 'Linux iptables/nftables LOG, ufw, firewalld, Shorewall, UniFi and Proxmox firewalls',
  stability: 'stable',
  example:
    '<4>Nov 24 02:10:00 gw kernel: [4711.001] [UFW BLOCK] IN=eth0 OUT= MAC=02:00:5e:00:53:01:02:00:5e:00:53:02:08:00 SRC=198.51.100.7 DST=192.0.2.10 LEN=40 TOS=0x00 PREC=0x00 TTL=245 ID=3730 PROTO=TCP SPT=50514 DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0',
  recognizes: ({ text }) => {
    const source = text.indexOf('SRC=');
    return source >= 0 && text.indexOf(' DST=', source) > 0 && (text.includes('IN=') || text.includes('PROTO='));
  },
  parse: (message, { base }) => parseNetfilter(message, base),
};

/** Words of one packet: fields by name, then bare flags. */
interface Packet {
  readonly fields: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
}

function parseNetfilter(message: SyslogMessage, base: FactBase): Fact[] {
  const held = message.content.includes('SRC=') ? message.content : message.text;
  // A prefix that ends in a colon was read as the program's name.
  const tagged = message.appName !== undefined && message.appName !== 'kernel' && packetStart(held) === 0;
  const text = tagged ? `${message.appName}: ${held}` : held;
  const start = packetStart(text);
  const packet = scanPacket(text.slice(start));
  const r = newReading();
  readPacket(r, packet);
  if (r.source.ip === undefined && r.destination.ip === undefined) return [];
  const action = readPrefix(r, withoutKernelTime(text.slice(0, start)), text);
  const time = base.timeQuality === 'from_receipt' ? proxmoxTime(text.slice(0, start)) : undefined;
  const timed: FactBase = time === undefined ? base : { ...base, observedAt: time, timeQuality: 'ok' };
  return [sessionLogOf(timed, action, undefined, r)];
}

/** Proxmox's own log file has no syslog header but a time in its prefix: `20/Jun/2022:13:09:14 +0200`. */
function proxmoxTime(prefix: string): number | undefined {
  const [, , , date = '', zone = ''] = prefix.split(' ');
  const colon = date.indexOf(':');
  if (colon < 0 || !date.includes('/')) return undefined;
  const time = Date.parse(`${date.slice(0, colon).replaceAll('/', ' ')} ${date.slice(colon + 1)} ${zone}`);
  return Number.isNaN(time) ? undefined : time;
}

/** `IN=` begins the packet; without it (bridges, some vendors) the first field that every packet has. */
function packetStart(text: string): number {
  for (const first of ['IN=', 'OUT=', 'PHYSIN=', 'MAC=', 'SRC=']) {
    let at = text.indexOf(first);
    // `PHYSIN=` and words that end alike are other fields.
    while (at > 0 && isNameCharacter(text.charCodeAt(at - 1))) at = text.indexOf(first, at + 1);
    if (at >= 0) return at;
  }
  return text.length;
}

function scanPacket(text: string): Packet {
  const fields = new Map<string, string>();
  const flags = new Set<string>();
  for (const word of text.split(' ')) {
    // An ICMP error carries the packet it answers in brackets: not this packet's fields.
    if (word.startsWith('[')) break;
    const equals = word.indexOf('=');
    if (equals < 0) {
      if (word !== '') flags.add(word);
    } else if (!fields.has(word.slice(0, equals)))
      fields.set(word.slice(0, equals), withoutComma(word.slice(equals + 1)));
  }
  return { fields, flags };
}

/** ebtables closes its address part with a comma. */
function withoutComma(value: string): string {
  return value.endsWith(',') ? value.slice(0, -1) : value;
}

function readPacket(r: Reading, { fields, flags }: Packet): void {
  const get = (name: string): string => fields.get(name) ?? '';
  // ebtables writes `IP proto=6`.
  const protocol = protocolOf(fields.get('PROTO') ?? get('proto'));
  if (protocol !== undefined) r.body.protocol = protocol;
  readHost(r.source, get('SRC'), get('SPT'));
  readHost(r.destination, get('DST'), get('DPT'));
  const ingress = get('IN');
  if (ingress !== '') r.body.ingressInterface = ingress;
  const egress = get('OUT');
  if (egress !== '') r.body.egressInterface = egress;
  readMac(r, get('MAC'));
  if (protocol === 1 || protocol === 58) {
    const type = integerOf(get('TYPE'));
    const code = integerOf(get('CODE'));
    if (type !== undefined) r.body.icmpType = type;
    if (code !== undefined) r.body.icmpCode = code;
  }
  const user = integerOf(get('UID'));
  if (user !== undefined) r.extra['user.id'] = String(user);
  for (const [name, key] of [
    ['PHYSIN', 'ascribe.bridge.ingress'],
    ['PHYSOUT', 'ascribe.bridge.egress'],
    ['MARK', 'ascribe.mark'],
  ] as const) {
    if (get(name) !== '') r.extra[key] = get(name);
  }
  // Only the first packet of a TCP connection has SYN and no ACK; for the rest the log cannot know who began.
  r.body.directionSource = protocol === 6 && flags.has('SYN') && !flags.has('ACK') ? 'first_packet' : 'unknown';
}

/** `MAC=` is the Ethernet header: destination, source, type. */
function readMac({ source, destination }: Reading, header: string): void {
  if (header.length < 35) return;
  const to = macOf(header.slice(0, 17));
  const from = macOf(header.slice(18, 35));
  if (to !== undefined) destination.mac = to;
  if (from !== undefined) source.mac = from;
}

/** Takes the rule from the prefix and returns the action that it names. */
function readPrefix(r: Reading, prefix: string, text: string): string {
  const { body, extra } = r;
  const described = quotedBehind(text, 'DESCR="');
  if (described !== undefined) extra['rule.description'] = described;
  const label = trimPrefix(described === undefined ? prefix : prefix.slice(0, prefix.indexOf('DESCR=')));
  // A field that is not the kernel's is no rule.
  if (label === '' || label.includes('=')) return 'connection_attempt';
  const unifi = unifiRule(label);
  if (unifi !== undefined) {
    body.ruleName = unifi.set;
    body.ruleId = unifi.id;
    return unifi.action;
  }
  const proxmox = proxmoxRule(label);
  body.ruleName = proxmox?.chain ?? label;
  if (proxmox !== undefined) extra['ascribe.vm_id'] = proxmox.vm;
  return verdictOf(r, proxmox?.verdict ?? label);
}

/** The first word of the prefix that is a verdict; `connection_attempt` where it has none. */
function verdictOf({ extra }: Reading, label: string): string {
  for (const word of wordsOf(label)) {
    const action = NETFILTER_VERDICTS[word.toUpperCase()];
    if (action === undefined) continue;
    if (word.toLowerCase() !== action) extra['ascribe.vendor_action'] = word;
    return action;
  }
  return 'connection_attempt';
}

/** Runs of letters. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const code = text.charCodeAt(at) | 0x20;
    const letter = code >= 0x61 && code <= 0x7a;
    if (letter && start < 0) start = at;
    else if (!letter && start >= 0) {
      words.push(text.slice(start, at));
      start = -1;
    }
  }
  return words;
}

const UNIFI_ACTIONS: Readonly<Record<string, string>> = { A: 'allowed', D: 'dropped', R: 'denied' };

/** UniFi and EdgeOS: `WAN_LOCAL-D-2147483647`, older `WAN_IN-3001-D`, `LAN_IN-default-A`. */
function unifiRule(label: string): { readonly set: string; readonly id: string; readonly action: string } | undefined {
  const parts = label.split('-');
  const last = parts.at(-1) ?? '';
  const before = parts.at(-2) ?? '';
  const [letter, id] = last.length === 1 ? [last, before] : [before, last];
  const action = UNIFI_ACTIONS[letter];
  if (parts.length < 3 || action === undefined || (id !== 'default' && integerOf(id) === undefined)) return undefined;
  return { set: parts.slice(0, -2).join('-'), id, action };
}

/** Proxmox: `VMID LEVEL CHAIN DATE ZONE [policy] VERDICT`. */
function proxmoxRule(
  label: string,
): { readonly vm: string; readonly chain: string; readonly verdict: string } | undefined {
  const [vm = '', level = '', chain = '', date = '', , ...verdict] = label.split(' ');
  if (integerOf(vm) === undefined || integerOf(level) === undefined || !date.includes('/')) return undefined;
  return { vm, chain, verdict: verdict.join(' ') };
}

/** Without white space, brackets and colons around it. */
function trimPrefix(prefix: string): string {
  let from = 0;
  let to = prefix.length;
  while (from < to && ' \t[:'.includes(prefix[from] ?? '')) from++;
  while (to > from && ' \t]:'.includes(prefix[to - 1] ?? '')) to--;
  return prefix.slice(from, to);
}

/** The kernel's own clock, `[12345.678901] `. */
function withoutKernelTime(prefix: string): string {
  const open = prefix.indexOf('[');
  const close = prefix.indexOf(']', open);
  if (open < 0 || close < 0) return prefix;
  const inside = prefix.slice(open + 1, close).trim();
  const dot = inside.indexOf('.');
  const isTime = integerOf(inside.slice(0, dot)) !== undefined && integerOf(inside.slice(dot + 1)) !== undefined;
  return isTime ? prefix.slice(close + 1) : prefix;
}

function quotedBehind(text: string, lead: string): string | undefined {
  const start = text.indexOf(lead);
  const end = start < 0 ? -1 : text.indexOf('"', start + lead.length);
  return end < 0 ? undefined : text.slice(start + lead.length, end);
}

function isNameCharacter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}
