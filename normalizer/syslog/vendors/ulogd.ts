import { PROTOCOL_NAMES } from '../../model/protocol-names.data';
import type { Binding, Endpoint, Fact, FactBase, SessionLog } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import {
  count,
  extras,
  integer,
  ip,
  port,
  present,
  protocol,
  secondsAsNs,
  socket,
  translation,
  word,
} from '../grammar/values';
import { statedBase } from '../grammar/device-time';
import { readConntrack, type ConntrackEvent, type ConntrackTuple } from './ulogd-formats';

/**
 * Linux connection tracking: ulogd2 with NFCT in LOGEMU/SYSLOG text, GPRINT or JSON, and `conntrack -E` lines. The reply tuple
 * tells the translation: it comes back to the translated source and from the translated destination.
 */
export const ULOGD: VendorParser = {
  name: 'ulogd',
  vendor: 'netfilter.org',
  product: 'ulogd2 / conntrack',
  summary:
    'Linux conntrack events with NAT, bytes and packets, as ulogd2 text, key=value or JSON and as conntrack -E lines',
  stability: 'stable',
  example:
    '<30>Nov 24 02:10:00 gw ulogd[812]: [DESTROY] ORIG: SRC=10.0.0.5 DST=198.51.100.7 PROTO=TCP SPT=51000 DPT=443 PKTS=20 ' +
    'BYTES=1200 , REPLY: SRC=198.51.100.7 DST=203.0.113.9 PROTO=TCP SPT=443 DPT=61000 PKTS=20 BYTES=8000',
  recognizes: ({ content }) => isConntrack(content),
  parse: ulogdFacts,
};

function isConntrack(content: string): boolean {
  if (content.startsWith('{')) return content.includes('"orig.ip.saddr') || content.includes('"reply.ip.saddr');
  if (content.startsWith('timestamp=') || content.startsWith('orig.')) return content.includes(',reply.ip.saddr');
  if (content.includes(' ORIG: SRC=')) return true;
  return content.includes('[NEW] ') || content.includes('[UPDATE] ') || content.includes('[DESTROY] ')
    ? content.includes(' src=') && content.includes(' dst=')
    : false;
}

function ulogdFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  const event = readConntrack(message.content);
  if (event === undefined) return [];
  const base = statedBase(context, event.atMs === undefined ? undefined : { ms: event.atMs, quality: 'ok' }, undefined);
  const log = sessionLog(event, base);
  return [log, ...natBinding(log, event, base)];
}

const ACTIONS: Readonly<Record<ConntrackEvent['kind'], string>> = {
  NEW: 'session_start',
  UPDATE: 'session_update',
  DESTROY: 'session_end',
};

function sessionLog(event: ConntrackEvent, base: FactBase): SessionLog {
  const { original, reply } = event;
  const number = protocol(original.protocol);
  const start = event.startMs ?? (event.kind === 'NEW' ? base.observedAt : undefined);
  const end = event.endMs ?? (event.kind === 'DESTROY' ? base.observedAt : undefined);
  const lasted = secondsAsNs(event.lasted);
  // A connection has at least one packet: zeros mean that the kernel does not count (`nf_conntrack_acct`).
  const counted = count(original.packets) !== 0n;
  return present<SessionLog>({
    ...base,
    fact: 'session_log',
    action: ACTIONS[event.kind],
    outcome: 'success',
    source: endpoint(
      original.source,
      original.sourcePort,
      reply.destination,
      reply.destinationPort,
      counted ? original : {},
    ),
    destination: endpoint(
      original.destination,
      original.destinationPort,
      reply.source,
      reply.sourcePort,
      counted ? reply : {},
    ),
    directionSource: 'stated',
    protocol: number,
    start: start ?? (lasted === undefined || end === undefined ? undefined : end - Number(lasted / 1_000_000n)),
    end,
    durationNs: start === undefined || end === undefined ? lasted : BigInt(end - start) * 1_000_000n,
    sessionKey: word(event.id),
    code: event.kind,
    icmpType: number === 1 || number === 58 ? integer(original.type) : undefined,
    icmpCode: number === 1 || number === 58 ? integer(original.code) : undefined,
    extra: extras({
      'ascribe.vendor_action': event.kind,
      'conntrack.state': word(event.state),
      'conntrack.mark': word(event.mark),
    }),
  });
}

/** One side: its own address, and what the other direction knows it as. */
function endpoint(
  address: string | undefined,
  number: string | undefined,
  otherAddress: string | undefined,
  otherNumber: string | undefined,
  counted: ConntrackTuple,
): Endpoint {
  const real = ip(address);
  const realPort = port(number);
  return present<Endpoint>({
    ip: real,
    port: realPort,
    ...translation(real, realPort, ip(otherAddress), port(otherNumber)),
    bytes: count(counted.bytes),
    packets: count(counted.packets),
  });
}

/**
 * `PROTO:natIp:natPort` ↔ `realIp:realPort` of the source for as long as the connection is tracked, towards the destination as
 * the outside knows it: netfilter gives one port to several at a time where they talk with different ends. A translated
 * destination is a fixed mapping that outlives its connections: the session log alone states it.
 */
function natBinding({ source, protocol: number }: SessionLog, event: ConntrackEvent, base: FactBase): Binding[] {
  if (source.ip === undefined || (source.natIp === undefined && source.natPort === undefined)) return [];
  if (event.kind === 'UPDATE') return [];
  const proto = (PROTOCOL_NAMES[number ?? -1] ?? event.original.protocol ?? 'ip').toUpperCase();
  const destination = ip(event.reply.source);
  return [
    present<Binding>({
      ...base,
      fact: 'binding',
      relation: 'nat',
      key: `${proto}:${socket(source.natIp ?? source.ip, source.natPort)}`,
      value: socket(source.ip, source.port),
      state: event.kind === 'NEW' ? 'begin' : 'end',
      extra: extras({
        destination: destination === undefined ? undefined : socket(destination, port(event.reply.sourcePort)),
      }),
    }),
  ];
}
