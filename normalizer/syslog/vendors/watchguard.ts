import type { Endpoint, Fact, FactBase, SessionLog } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { stampTime, statedBase } from '../grammar/device-time';
import { readKeyValues } from '../grammar/key-value';
import { readLeef } from '../grammar/leef';
import {
  between,
  count,
  extras,
  integer,
  ip,
  port,
  present,
  protocol,
  secondsAsNs,
  translation,
  word,
  tlsVersion,
} from '../grammar/values';
import { DISPOSITIONS, LEEF_FIELDS, PROTOCOLS } from './watchguard.data';
import { watchguardEvent } from './watchguard-event';

type Fields = ReadonlyMap<string, string>;

/** WatchGuard Firebox (Fireware) in its syslog and IBM LEEF formats. */
export const WATCHGUARD: VendorParser = {
  name: 'watchguard',
  vendor: 'WatchGuard',
  product: 'Firebox',
  summary: 'Fireware traffic, proxy, authentication, VPN, DHCP and device events in syslog and LEEF format',
  stability: 'beta',
  example:
    '<142>Nov 24 02:10:00 FB1 80BE00000001 (2026-11-24T02:10:00) firewall: msg_id="3000-0151" Allow 1-Trusted 0-External ' +
    'tcp 10.0.0.5 198.51.100.7 51000 443 app_id="63" duration="30" sent_bytes="1200" rcvd_bytes="8000" ' +
    'src_ip_nat="203.0.113.9" src_port_nat="61000" (HTTPS-00)',
  recognizes: ({ content }) => isWatchguard(content),
  parse: watchguardFacts,
};

function isWatchguard(content: string): boolean {
  if (content.startsWith('LEEF:')) return content.includes('|WatchGuard|');
  const at = content.indexOf('msg_id="');
  // `XXXX-XXXX` in hexadecimal.
  return at >= 0 && at < 160 && content[at + 12] === '-' && content[at + 17] === '"';
}

function watchguardFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  return message.content.startsWith('LEEF:') ? leefFacts(message.content, context) : textFacts(message, context);
}

function leefFacts(content: string, context: SyslogContext): Fact[] {
  const leef = readLeef(content, 0);
  if (leef === undefined) return [];
  const fields = new Map<string, string>();
  for (const [key, value] of leef.attributes) fields.set(LEEF_FIELDS[key] ?? key, value);
  const base = statedBase(context, stampTime(fields.get('devTime'), context), word(fields.get('host_name')));
  const { eventId } = leef;
  const code = eventId.length === 8 ? `${eventId.slice(0, 4)}-${eventId.slice(4)}` : eventId;
  const disposition = fields.get('disp');
  if (disposition === undefined) return watchguardEvent(fields.get('msg') ?? '', code, base, fields.get('serial'));
  return [
    sessionLog(fields, base, {
      code,
      disposition,
      ingress: fields.get('in_if'),
      egress: fields.get('out_if'),
      protocol: fields.get('proto'),
      source: fields.get('src'),
      destination: fields.get('dst'),
      sourcePort: fields.get('srcPort'),
      destinationPort: fields.get('dstPort'),
      policy: fields.get('policy'),
    }),
  ];
}

function textFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  const { content } = message;
  const at = content.indexOf('msg_id="');
  if (at < 0) return [];
  const head = content.slice(0, at);
  const code = content.slice(at + 8, content.indexOf('"', at + 8));
  const text = content.slice(at + 10 + code.length).trimStart();
  // `SERIAL (2026-11-24T02:10:00) firewall[10]: ` stands before; the time in parentheses is UTC.
  const stamp = between(head, '(', ')');
  const time = stamp === undefined ? undefined : stampTime(`${stamp}Z`, context);
  const base = statedBase(context, time, undefined);
  const serial = word(head.slice(0, Math.max(0, head.indexOf('(')))) ?? undefined;
  const traffic = trafficColumns(text, code);
  if (traffic === undefined) return watchguardEvent(text, code, base, serial);
  return [sessionLog(readKeyValues(text), base, traffic)];
}

/** What stands by place in a traffic message. */
interface Traffic {
  readonly code: string;
  readonly disposition: string;
  readonly ingress?: string | undefined;
  readonly egress?: string | undefined;
  readonly protocol?: string | undefined;
  readonly source?: string | undefined;
  readonly destination?: string | undefined;
  readonly sourcePort?: string | undefined;
  readonly destinationPort?: string | undefined;
  readonly policy?: string | undefined;
}

/** Protocols with two numbers behind the addresses: ports, or type and code. */
const WITH_PORTS: ReadonlySet<string> = new Set(['tcp', 'udp', 'sctp', 'icmp', 'icmpv6']);

/**
 * `DISP IN OUT [LEN] PROTO [HDRLEN TTL] SRC DST SPORT DPORT … (POLICY)`: packet filters write lengths, proxies do not.
 */
function trafficColumns(text: string, code: string): Traffic | undefined {
  const tokens = text.split(' ', 16);
  const disposition = tokens[0] ?? '';
  if (DISPOSITIONS[disposition] === undefined) return undefined;
  const at = tokens.findIndex((token, i) => i >= 3 && PROTOCOLS.has(token));
  if (at < 0) return undefined;
  const first = tokens.findIndex((token, i) => i > at && ip(token) !== undefined && ip(tokens[i + 1]) !== undefined);
  if (first < 0) return undefined;
  const ported = WITH_PORTS.has(tokens[at] ?? '');
  const names = tokens.slice(1, integer(tokens[at - 1]) === undefined ? at : at - 1);
  return {
    code,
    disposition,
    ingress: names.length === 2 ? names[0] : undefined,
    egress: names.length === 2 ? names[1] : undefined,
    protocol: tokens[at],
    source: tokens[first],
    destination: tokens[first + 1],
    sourcePort: ported ? tokens[first + 2] : undefined,
    destinationPort: ported ? tokens[first + 3] : undefined,
    policy: policyOf(text),
  };
}

/** The last parentheses of the message. */
function policyOf(text: string): string | undefined {
  const end = text.trimEnd();
  const open = end.lastIndexOf('(');
  return open >= 0 && end.endsWith(')') ? word(end.slice(open + 1, -1)) : undefined;
}

function sessionLog(fields: Fields, base: FactBase, traffic: Traffic): SessionLog {
  const verdict = DISPOSITIONS[traffic.disposition];
  const number = protocol(traffic.protocol);
  const icmp = number === 1 || number === 58;
  // `duration` is written when the connection is over: seconds, also as `42 seconds`.
  const durationNs = secondsAsNs(fields.get('duration')?.split(' ', 1)[0]);
  const ended = durationNs !== undefined && verdict?.action === 'allowed';
  const action = ended ? 'session_end' : (verdict?.action ?? 'session_update');
  const user = word(fields.get('src_user'));
  return present<SessionLog>({
    ...base,
    fact: 'session_log',
    action,
    outcome: verdict?.outcome,
    source: sourceOf(fields, traffic, icmp, user),
    destination: destinationOf(fields, traffic, icmp),
    directionSource: 'stated',
    protocol: number,
    start: ended ? base.observedAt - Number(durationNs / 1_000_000n) : undefined,
    end: ended ? base.observedAt : undefined,
    // Proxies write the time of the exchange, not of the connection.
    durationNs: ended ? durationNs : secondsAsNs(fields.get('elapsed_time')?.split(' ', 1)[0]),
    ruleName: traffic.policy,
    ingressInterface: word(traffic.ingress),
    egressInterface: word(traffic.egress),
    user,
    application: word(fields.get('app_name')),
    code: traffic.code,
    reason: word(fields.get('msg')) ?? word(fields.get('reason')),
    icmpType: icmp ? integer(traffic.sourcePort) : undefined,
    icmpCode: icmp ? integer(traffic.destinationPort) : undefined,
    extra: extras({
      'ascribe.vendor_action': traffic.disposition,
      'watchguard.proxy_action': word(fields.get('proxy_act')),
      'url.path': word(fields.get('arg')) ?? word(fields.get('path')),
      'http.request.method': word(fields.get('op')) ?? word(fields.get('method')),
      'tls.client.server_name': word(fields.get('sni')),
      ...tlsVersion(word(fields.get('tls_version'))),
    }),
  });
}

function sourceOf(fields: Fields, traffic: Traffic, icmp: boolean, user: string | undefined): Endpoint {
  const address = ip(traffic.source);
  const number = icmp ? undefined : port(traffic.sourcePort);
  return present<Endpoint>({
    ip: address,
    port: number,
    ...translation(address, number, ip(fields.get('src_ip_nat')), port(fields.get('src_port_nat'))),
    bytes: count(fields.get('sent_bytes')),
    packets: count(fields.get('sent_pkts')),
    user,
  });
}

function destinationOf(fields: Fields, traffic: Traffic, icmp: boolean): Endpoint {
  const address = ip(traffic.destination);
  const number = icmp ? undefined : port(traffic.destinationPort);
  const domain = word(fields.get('dstname')) ?? word(fields.get('host'));
  return present<Endpoint>({
    ip: address,
    port: number,
    ...translation(address, number, ip(fields.get('dst_ip_nat')), port(fields.get('dst_port_nat'))),
    bytes: count(fields.get('rcvd_bytes')),
    packets: count(fields.get('rcvd_pkts')),
    domain: ip(domain) === undefined ? domain : undefined,
  });
}
