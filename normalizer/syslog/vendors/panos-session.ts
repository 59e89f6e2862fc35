import type { Endpoint, FactBase, SessionLog } from '../../model/facts';
import type { SyslogContext } from '../contract';
import { stampTime } from '../grammar/device-time';
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
  translation,
  word,
  tlsVersion,
} from '../grammar/values';
import { ACTIONS, TRAFFIC_SUBTYPES } from './panos.data';
import type { PanosFields } from './panos-fields';

/** TRAFFIC: a session at its start or end, or a decision about one. */
export function trafficLog(fields: PanosFields, base: FactBase, context: SyslogContext, zone: string): SessionLog {
  const vendorAction = word(fields.get('action'));
  const subtype = fields.get('subtype') ?? '';
  const action = TRAFFIC_SUBTYPES[subtype] ?? ACTIONS[vendorAction ?? ''] ?? 'session_update';
  const durationNs = secondsAsNs(fields.get('elapsed'));
  const start = stampTime(`${fields.get('start') ?? ''}${zone}`, context)?.ms;
  const over = action !== 'session_start' && action !== 'session_update';
  return present<SessionLog>({
    ...sessionFields(fields, base, action, vendorAction),
    bytes: count(fields.get('bytes')),
    packets: count(fields.get('packets')),
    start,
    end: start === undefined || durationNs === undefined || !over ? undefined : start + Number(durationNs / 1_000_000n),
    durationNs: over ? durationNs : undefined,
    reason: word(fields.get('session_end_reason')),
    extra: extras({
      ...commonExtra(fields, action, vendorAction),
      'panos.action_source': word(fields.get('action_source')),
      'panos.parent_session_id': nonZero(fields.get('parent_session_id')),
      'panos.tunnel': word(fields.get('tunnel')),
    }),
  });
}

/** THREAT: what an inspection decided about a session (URL filtering, signatures, files). */
export function threatLog(fields: PanosFields, base: FactBase): SessionLog {
  const vendorAction = word(fields.get('action'));
  const action = ACTIONS[vendorAction?.toLowerCase() ?? ''] ?? 'session_update';
  const url = fields.get('subtype') === 'url' ? word(fields.get('misc')) : undefined;
  return present<SessionLog>({
    ...sessionFields(fields, base, action, vendorAction),
    reason: word(fields.get('threatid')),
    extra: extras({
      ...commonExtra(fields, action, vendorAction),
      'log.level': word(fields.get('severity')),
      'url.original': url,
      'panos.misc': url === undefined ? word(fields.get('misc')) : undefined,
      'panos.threat_category': word(fields.get('thr_category')),
      'panos.direction': word(fields.get('direction')),
      'user_agent.original': word(fields.get('user_agent')),
      'http.request.method': word(fields.get('http_method')),
    }),
  });
}

/** DECRYPTION: the TLS handshake of a session, with the names and the certificate the firewall saw. */
export function decryptionLog(fields: PanosFields, base: FactBase): SessionLog {
  const error = word(fields.get('error'));
  return present<SessionLog>({
    ...sessionFields(fields, base, 'tls_handshake', word(fields.get('action'))),
    outcome: error === undefined && word(fields.get('err_index')) === undefined ? 'success' : 'failure',
    reason: error ?? word(fields.get('err_index')),
    extra: extras({
      ...commonExtra(fields, 'tls_handshake', word(fields.get('action'))),
      ...tlsExtra(fields),
    }),
  });
}

function tlsExtra(fields: PanosFields): Record<string, string | number | undefined> {
  return {
    ...tlsVersion(word(fields.get('tls_version'))),
    'tls.cipher': word(fields.get('tls_enc')),
    'tls.curve': word(fields.get('ec_curve')),
    'tls.client.server_name': word(fields.get('sni')),
    'tls.server.x509.subject.common_name': word(fields.get('cn')),
    'tls.server.x509.issuer.common_name': word(fields.get('issuer_cn')),
    'tls.server.x509.serial_number': word(fields.get('cert_serial')),
    'tls.server.hash.sha256': fields.get('fingerprint')?.length === 64 ? fields.get('fingerprint') : undefined,
    'panos.tls_key_exchange': word(fields.get('tls_keyxchg')),
    'panos.tls_auth': word(fields.get('tls_auth')),
    'panos.decryption_policy': word(fields.get('policy_name')),
    'panos.proxy_type': word(fields.get('proxy_type')),
    'panos.root_status': word(fields.get('root_status')),
    'panos.chain_status': word(fields.get('chain_status')),
  };
}

function sessionFields(
  fields: PanosFields,
  base: FactBase,
  action: string,
  vendorAction: string | undefined,
): Partially<SessionLog> {
  const number = protocol(fields.get('proto'));
  const user = userName(fields.get('srcuser'));
  const sessionId = nonZero(fields.get('sessionid'));
  return {
    ...base,
    fact: 'session_log',
    action,
    outcome: outcomeOf(vendorAction),
    source: sourceOf(fields, number, user),
    destination: destinationOf(fields, number),
    directionSource: 'stated',
    protocol: number,
    ruleName: word(fields.get('rule')),
    ingressInterface: word(fields.get('inbound_if')),
    egressInterface: word(fields.get('outbound_if')),
    ingressZone: word(fields.get('from')),
    egressZone: word(fields.get('to')),
    user,
    application: word(fields.get('app')),
    sessionKey: sessionId === undefined ? undefined : `${word(fields.get('vsys')) ?? 'vsys1'}:${sessionId}`,
    code: [fields.get('type'), fields.get('subtype')].filter((part) => part !== undefined && part !== '0').join(':'),
  };
}

function outcomeOf(vendorAction: string | undefined): 'success' | 'failure' | undefined {
  const meaning = ACTIONS[vendorAction?.toLowerCase() ?? ''];
  if (meaning === undefined) return undefined;
  return meaning === 'allowed' ? 'success' : 'failure';
}

function sourceOf(fields: PanosFields, number: number | undefined, user: string | undefined): Endpoint {
  const address = ip(fields.get('src'));
  const realPort = portOf(fields.get('sport'), number);
  return present<Endpoint>({
    ip: address,
    port: realPort,
    ...translation(address, realPort, ip(fields.get('natsrc')), port(fields.get('natsport'))),
    bytes: count(fields.get('bytes_sent')),
    packets: count(fields.get('pkts_sent')),
    user,
    mac: mac(fields.get('src_mac')),
    domain: word(fields.get('src_host')),
  });
}

function destinationOf(fields: PanosFields, number: number | undefined): Endpoint {
  const address = ip(fields.get('dst'));
  const realPort = portOf(fields.get('dport'), number);
  return present<Endpoint>({
    ip: address,
    port: realPort,
    ...translation(address, realPort, ip(fields.get('natdst')), port(fields.get('natdport'))),
    bytes: count(fields.get('bytes_received')),
    packets: count(fields.get('pkts_received')),
    user: userName(fields.get('dstuser')),
    mac: mac(fields.get('dst_mac')),
    domain: word(fields.get('dst_host')),
  });
}

/** Protocols without ports are written with port 0. */
function portOf(text: string | undefined, number: number | undefined): number | undefined {
  const value = port(text);
  return value === 0 && number !== 6 && number !== 17 ? undefined : value;
}

/** `domain\user`, however often the backslash was escaped on the way. */
export function userName(text: string | undefined): string | undefined {
  return word(text)?.replaceAll('\\\\', '\\');
}

function nonZero(text: string | undefined): number | undefined {
  const value = integer(text);
  return value === 0 ? undefined : value;
}

function commonExtra(
  fields: PanosFields,
  action: string,
  vendorAction: string | undefined,
): Record<string, string | number | undefined> {
  const repeat = integer(fields.get('repeatcnt'));
  return {
    'ascribe.vendor_action': vendorAction === action ? undefined : vendorAction,
    'ascribe.repeat': repeat !== undefined && repeat > 1 ? repeat : undefined,
    'rule.uuid': word(fields.get('rule_uuid')),
    'rule.category': word(fields.get('category')),
    'panos.vsys': word(fields.get('vsys')),
    'panos.vsys_name': word(fields.get('vsys_name')),
    'panos.source_vm_uuid': word(fields.get('src_uuid')),
    'panos.destination_vm_uuid': word(fields.get('dst_uuid')),
    'observer.serial_number': word(fields.get('serial')),
  };
}
