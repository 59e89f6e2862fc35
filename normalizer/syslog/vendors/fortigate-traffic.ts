import type { Endpoint, FactBase, SessionLog } from '../../model/facts';
import {
  count,
  extras,
  integer,
  ip,
  mac,
  type Partially,
  port,
  present,
  protocol,
  secondsAsNs,
  tlsVersion,
  translation,
  word,
} from '../grammar/values';
import { pattern } from '../patterns';
import { TRAFFIC_ACTIONS, TRAFFIC_MESSAGES, UTM_ACTIONS, type TrafficAction } from './fortigate.data';
import type { FortigateFields } from './fortigate-fields';

const ICMP_SERVICE = pattern('fortigate_icmp_service', /^icmp6?\/(\d{1,3})\/(\d{1,3})$/);

/** A log of type traffic: one session, at its start, its end or in between. */
export function trafficLog(fields: FortigateFields, base: FactBase): SessionLog {
  // FortiOS 5.0 calls it `status`.
  const vendorAction = word(fields.get('action')) ?? word(fields.get('status')) ?? '';
  const meaning = trafficMeaning(fields, vendorAction);
  const durationNs = secondsAsNs(fields.get('duration'));
  const ended = meaning.action !== 'session_start' && meaning.action !== 'session_update';
  return present<SessionLog>({
    ...sessionFields(fields, base, meaning, vendorAction),
    reason: meaning.reason === true ? vendorAction : undefined,
    ...sessionTimes(base.observedAt, durationNs, ended),
    extra: extras({
      ...commonExtra(fields, vendorAction, meaning.action),
      'fortinet.trandisp': word(fields.get('trandisp')),
      'fortinet.utmaction': word(fields.get('utmaction')),
      'fortinet.sentdelta': integer(fields.get('sentdelta')),
      'fortinet.rcvddelta': integer(fields.get('rcvddelta')),
      'network.protocol': serviceName(fields),
    }),
  });
}

/** A log of type utm: what an inspection decided about a session that traffic logs tell of under the same session id. */
export function utmLog(fields: FortigateFields, base: FactBase): SessionLog {
  const vendorAction = word(fields.get('action')) ?? '';
  const meaning = UTM_ACTIONS[vendorAction.toLowerCase()] ?? { action: 'session_update', outcome: 'success' };
  const known = UTM_ACTIONS[vendorAction.toLowerCase()] !== undefined;
  const log = sessionFields(fields, base, meaning, vendorAction);
  return present<SessionLog>({
    ...log,
    outcome: known ? log.outcome : undefined,
    reason: word(fields.get('reason')) ?? word(fields.get('msg')),
    extra: extras({
      ...commonExtra(fields, vendorAction, meaning.action),
      ...utmExtra(fields),
    }),
  });
}

function trafficMeaning(fields: FortigateFields, vendorAction: string): TrafficAction {
  const stated = TRAFFIC_ACTIONS[vendorAction];
  const byMessage = TRAFFIC_MESSAGES[fields.get('logid')?.slice(-6) ?? ''];
  if (byMessage !== undefined && stated?.outcome !== 'failure') return { action: byMessage, outcome: 'success' };
  if (stated !== undefined) return stated;
  return { action: 'session_update', outcome: 'success' };
}

function sessionFields(
  fields: FortigateFields,
  base: FactBase,
  meaning: TrafficAction,
  vendorAction: string,
): Partially<SessionLog> {
  const user = word(fields.get('user')) ?? word(fields.get('unauthuser'));
  const sessionId = integer(fields.get('sessionid'));
  const icmp = ICMP_SERVICE.exec(fields.get('service') ?? '');
  return {
    ...base,
    fact: 'session_log',
    action: meaning.action,
    outcome: vendorAction === '' ? undefined : meaning.outcome,
    source: sourceOf(fields, user),
    destination: destinationOf(fields),
    directionSource: 'stated',
    protocol: protocol(fields.get('proto')),
    ruleName: word(fields.get('policyname')),
    ruleId: word(fields.get('policyid')),
    ingressInterface: word(fields.get('srcintf')),
    egressInterface: word(fields.get('dstintf')),
    ingressZone: word(fields.get('srcintfrole')),
    egressZone: word(fields.get('dstintfrole')),
    user,
    application: word(fields.get('app')),
    sessionKey: sessionId === undefined || sessionId === 0 ? undefined : `${fields.get('vd') ?? 'root'}:${sessionId}`,
    code: word(fields.get('logid')),
    icmpType: icmp === null ? hexByte(fields.get('icmptype')) : Number(icmp[1]),
    icmpCode: icmp === null ? hexByte(fields.get('icmpcode')) : Number(icmp[2]),
  };
}

/** `transip`/`transport` are the source's translation; only where `trandisp` names one (a sniffer writes 0.0.0.0). */
function sourceOf(fields: FortigateFields, user: string | undefined): Endpoint {
  const address = ip(fields.get('srcip'));
  const number = portOf(fields, 'srcport');
  return present<Endpoint>({
    ip: address,
    port: number,
    ...(fields.get('trandisp') === 'noop'
      ? {}
      : translation(address, number, ip(fields.get('transip')), port(fields.get('transport')))),
    bytes: count(fields.get('sentbyte')),
    packets: count(fields.get('sentpkt')),
    user,
    mac: mac(fields.get('srcmac')),
    domain: domain(fields.get('srcname'), address),
  });
}

/** `tranip`/`tranport` are the destination's translation. */
function destinationOf(fields: FortigateFields): Endpoint {
  const address = ip(fields.get('dstip'));
  const number = portOf(fields, 'dstport');
  return present<Endpoint>({
    ip: address,
    port: number,
    ...(fields.get('trandisp') === 'noop'
      ? {}
      : translation(address, number, ip(fields.get('tranip')), port(fields.get('tranport')))),
    bytes: count(fields.get('rcvdbyte')),
    packets: count(fields.get('rcvdpkt')),
    user: word(fields.get('dstuser')) ?? word(fields.get('dstunauthuser')),
    mac: mac(fields.get('dstmac')),
    domain: domain(fields.get('hostname'), address) ?? domain(fields.get('dstname'), address),
  });
}

/** Inspections write `icmptype="0x08"`. */
function hexByte(text: string | undefined): number | undefined {
  const value = text?.length === 4 && text.startsWith('0x') ? Number(text) : Number.NaN;
  return Number.isInteger(value) ? value : undefined;
}

/** Services without a name of their own are written as `tcp/8443` and `icmp/8/0`: those are not protocols. */
function serviceName(fields: FortigateFields): string | undefined {
  const service = word(fields.get('service'));
  return service?.includes('/') === true ? undefined : service?.toLowerCase();
}

/** ICMP has no ports: FortiOS fills the columns with zero or with type and code. */
function portOf(fields: FortigateFields, name: string): number | undefined {
  const number = fields.get('proto');
  return number === '1' || number === '58' ? undefined : port(fields.get(name));
}

function domain(text: string | undefined, address: string | undefined): string | undefined {
  const name = word(text);
  return name === undefined || name === address || ip(name) !== undefined ? undefined : name;
}

/** Of a log written at `at`: the session began `durationNs` before it, and is over unless the log says it goes on. */
function sessionTimes(
  at: number,
  durationNs: bigint | undefined,
  ended: boolean,
): Pick<SessionLog, 'start' | 'end' | 'durationNs'> {
  if (durationNs === undefined) return {};
  const start = at - Number(durationNs / 1_000_000n);
  return ended ? { start, end: at, durationNs } : { start, durationNs };
}

function commonExtra(
  fields: FortigateFields,
  vendorAction: string,
  action: string,
): Record<string, string | number | undefined> {
  return {
    'ascribe.vendor_action': vendorAction === '' || vendorAction === action ? undefined : vendorAction,
    'rule.uuid': word(fields.get('poluuid')),
    'rule.ruleset': word(fields.get('policytype')),
    'fortinet.type': word(fields.get('type')),
    'fortinet.subtype': word(fields.get('subtype')),
    'fortinet.vd': word(fields.get('vd')),
    'user.group.name': word(fields.get('group')),
    'observer.serial_number': word(fields.get('devid')),
  };
}

/** What inspections add: names in DNS, HTTP and TLS, the signature that matched. */
function utmExtra(fields: FortigateFields): Record<string, string | number | undefined> {
  return {
    'network.protocol': serviceName(fields),
    'dns.question.name': word(fields.get('qname')),
    'dns.question.type': word(fields.get('qtype')),
    'dns.resolved_ip': word(fields.get('ipaddr')),
    'url.original': word(fields.get('url')),
    'tls.client.server_name': word(fields.get('sni')),
    ...tlsVersion(word(fields.get('tlsver'))),
    'tls.cipher': word(fields.get('cipher')),
    'tls.server.x509.subject.common_name': word(fields.get('scertcname')),
    'tls.server.x509.issuer.common_name': word(fields.get('scertissuer')),
    'rule.category': word(fields.get('appcat')) ?? word(fields.get('catdesc')),
    'fortinet.attack': word(fields.get('attack')),
    'fortinet.virus': word(fields.get('virus')),
    'file.name': word(fields.get('filename')),
    message: word(fields.get('msg')),
  };
}
