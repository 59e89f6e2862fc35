import { maskSecrets } from '../../mask-secrets';
import type { Binding, Endpoint, Event, Fact, FactBase, SessionLog } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { statedBase } from '../grammar/device-time';
import {
  actionName,
  count,
  extras,
  integer,
  ip,
  mac,
  port,
  present,
  protocol,
  secondsAsNs,
  translation,
  word,
} from '../grammar/values';
import { epochTime } from '../time';
import { durationNsOf } from './value';
import { ACTIONS, OBJECT_TYPES, OPERATIONS, USER_ACTIONS } from './checkpoint.data';
import { checkpointFields, checkpointTime, isCheckpoint, type CheckpointFields } from './checkpoint-fields';

/**
 * Check Point Log Exporter (syslog, CEF, LEEF, splunk, generic, JSON) and the gateways' own syslog. `sequencenum` only orders
 * the logs of one second (sk144192) and starts again with each, so no gaps are counted from it.
 */
export const CHECKPOINT: VendorParser = {
  name: 'checkpoint',
  vendor: 'Check Point',
  product: 'Quantum Security Gateway',
  summary: 'Log Exporter connection, VPN, identity and audit logs in all its formats',
  stability: 'stable',
  example:
    '<134>1 2026-11-24T02:10:00Z mgmt CheckPoint 1930 - [action:"Accept"; ifdir:"inbound"; ifname:"eth1"; ' +
    'loguid:"{0x1,0x2,0x3,0x4}"; origin:"192.0.2.1"; time:"1795486200"; dst:"198.51.100.7"; inzone:"Internal"; ' +
    'match_id:"4"; outzone:"External"; product:"VPN-1 & FireWall-1"; proto:"6"; rule_name:"out"; s_port:"51000"; ' +
    'service:"443"; src:"10.0.0.5"; xlatesrc:"203.0.113.9"; xlatesport:"61000"; xlatedst:"0.0.0.0"; xlatedport:"0"]',
  recognizes: isCheckpoint,
  parse: checkpointFacts,
};

function checkpointFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  const fields = checkpointFields(message);
  if (fields.size === 0) return [];
  const base = statedBase(context, checkpointTime(fields, context), word(fields.get('origin')));
  const operation = word(fields.get('operation'));
  if (operation !== undefined && (fields.has('administrator') || fields.has('subject'))) {
    return [auditEvent(fields, base, operation)];
  }
  const action = word(fields.get('action'))?.toLowerCase();
  const person = USER_ACTIONS[action ?? ''];
  if (person !== undefined && namesIdentity(fields)) return personFacts(fields, base, person);
  const dropped = aggregatedDrops(fields, base);
  if (dropped.length > 0) return dropped;
  // The keys of a VPN stand between gateways; no connection is told of.
  if (action === 'key install') return [otherEvent(fields, base)];
  if (fields.has('src') || fields.has('dst') || isUpdate(fields)) return [connection(fields, base)];
  return [otherEvent(fields, base)];
}

/** A person, or a machine that Identity Awareness tells of. */
function namesIdentity(fields: CheckpointFields): boolean {
  if (fields.has('user') || fields.has('src_user_name')) return true;
  return fields.get('product') === 'Identity Awareness' && fields.has('src_machine_name');
}

/** Accounting of a connection that an earlier log with the same loguid told of. */
function isUpdate(fields: CheckpointFields): boolean {
  return fields.get('product') === 'Log Update' || (fields.has('segment_time') && fields.has('client_outbound_bytes'));
}

function connection(fields: CheckpointFields, base: FactBase): SessionLog {
  const vendorAction = word(fields.get('action'));
  const meaning = ACTIONS[vendorAction?.toLowerCase() ?? ''];
  const update = isUpdate(fields);
  const action = update ? 'session_update' : (meaning?.action ?? 'session_update');
  const user = word(fields.get('user')) ?? word(fields.get('src_user_name'));
  return present<SessionLog>({
    ...base,
    fact: 'session_log',
    action,
    outcome: meaning?.outcome,
    source: sourceOf(fields, user),
    destination: destinationOf(fields),
    directionSource: 'stated',
    protocol: protocol(fields.get('proto')),
    bytes: count(fields.get('bytes')),
    packets: count(fields.get('packets')),
    start: epochTime(fields.get('start_time') ?? fields.get('creation_time') ?? ''),
    durationNs: positive(elapsedNs(fields.get('elapsed') ?? fields.get('duration'))),
    ruleName: word(fields.get('rule_name')) ?? word(fields.get('app_rule_name')),
    ruleId: word(fields.get('match_id')) ?? word(fields.get('rule')),
    ...interfacesOf(fields),
    ingressZone: word(fields.get('inzone')),
    egressZone: word(fields.get('outzone')),
    user,
    application: word(fields.get('appi_name')),
    sessionKey: logId(fields.get('loguid')),
    code: word(fields.get('logid')),
    reason: reasonOf(fields),
    icmpType: integer(fields.get('icmp_type')),
    icmpCode: integer(fields.get('icmp_code')),
    extra: connectionExtra(fields, action, vendorAction),
  });
}

/** Seconds, or `0:01:30` in logs of R77. */
function elapsedNs(text: string | undefined): bigint | undefined {
  return secondsAsNs(text) ?? durationNsOf(text ?? '');
}

function positive(value: bigint | undefined): bigint | undefined {
  return value === 0n ? undefined : value;
}

/** `client_outbound_*` is what the client sent (sk144192). */
function sourceOf(fields: CheckpointFields, user: string | undefined): Endpoint {
  const address = ip(fields.get('src'));
  const number = port(fields.get('s_port'));
  return present<Endpoint>({
    ip: address,
    port: number,
    ...translation(address, number, ip(fields.get('xlatesrc')), port(fields.get('xlatesport'))),
    bytes: count(fields.get('client_outbound_bytes')) ?? count(fields.get('sent_bytes')),
    packets: count(fields.get('client_outbound_packets')),
    user: word(fields.get('src_user_name')) ?? user,
    mac: mac(fields.get('mac_source_address')),
    domain: word(fields.get('src_machine_name')),
  });
}

function destinationOf(fields: CheckpointFields): Endpoint {
  const address = ip(fields.get('dst'));
  const number = port(fields.get('service'));
  return present<Endpoint>({
    ip: address,
    port: number,
    ...translation(address, number, ip(fields.get('xlatedst')), port(fields.get('xlatedport'))),
    bytes: count(fields.get('server_outbound_bytes')) ?? count(fields.get('received_bytes')),
    packets: count(fields.get('server_outbound_packets')),
    user: word(fields.get('dst_user_name')),
    mac: mac(fields.get('mac_destination_address')),
    domain: word(fields.get('dst_machine_name')) ?? word(fields.get('dst_domain_name')),
  });
}

/** Zeros stand where a log belongs to no connection. */
function logId(text: string | undefined): string | undefined {
  return text === '{0x0,0x0,0x0,0x0}' ? undefined : word(text);
}

const CEF_DIRECTIONS: Readonly<Record<string, string>> = { '0': 'inbound', '1': 'outbound' };

/** `ifname` is where the packet was seen; `ifdir` (CEF: deviceDirection 0 inbound, 1 outbound) says on which side. */
function interfacesOf(fields: CheckpointFields): Pick<SessionLog, 'ingressInterface' | 'egressInterface'> {
  // Logs of the gateway's own daemons have no interface.
  const written = word(fields.get('ifname'));
  const name = written === 'daemon' ? undefined : written;
  const direction = fields.get('ifdir') ?? CEF_DIRECTIONS[fields.get('deviceDirection') ?? ''];
  return present({
    ingressInterface: word(fields.get('client_inbound_interface')) ?? (direction === 'inbound' ? name : undefined),
    egressInterface: word(fields.get('server_outbound_interface')) ?? (direction === 'outbound' ? name : undefined),
  });
}

function reasonOf(fields: CheckpointFields): string | undefined {
  for (const key of [
    'drop_reason',
    'tcp_packet_out_of_state',
    'action_reason_msg',
    'action_reason',
    'message_info',
    'reason',
  ]) {
    const value = word(fields.get(key));
    if (value !== undefined) return value;
  }
  return undefined;
}

function connectionExtra(
  fields: CheckpointFields,
  action: string,
  vendorAction: string | undefined,
): Readonly<Record<string, string | number>> | undefined {
  const natRule = integer(fields.get('nat_rulenum'));
  return extras({
    'ascribe.vendor_action': vendorAction === action ? undefined : vendorAction,
    'rule.uuid': word(fields.get('rule_uid')),
    'rule.ruleset': word(fields.get('layer_name')),
    'event.sequence': integer(fields.get('sequencenum')),
    'network.protocol': word(fields.get('service_id'))?.toLowerCase(),
    'network.direction': word(fields.get('conn_direction'))?.toLowerCase(),
    'checkpoint.product': word(fields.get('product')),
    'checkpoint.nat_rule': natRule === 0 ? undefined : natRule,
    'checkpoint.vpn_peer': ip(fields.get('peer_gateway')),
    'url.original': word(fields.get('resource')),
    'url.domain': word(fields.get('http_host')),
    'checkpoint.protection': word(fields.get('protection_name')),
    'tls.client.server_name': word(fields.get('sni')),
  });
}

/** `packets:" <src,sport,dst,dport,proto;if> …"`: drops that the gateway logs by the handful (optimized drop). */
function aggregatedDrops(fields: CheckpointFields, base: FactBase): SessionLog[] {
  const text = fields.get('packets');
  if (text === undefined || !text.includes('<')) return [];
  const shared = new Map(fields);
  shared.delete('packets');
  const out: SessionLog[] = [];
  for (const part of text.split('<')) {
    const [packet = '', inbound] = part.split('>', 1)[0]?.split(';') ?? [];
    const [src, sPort, dst, service, proto] = packet.split(',');
    if (src === undefined || dst === undefined || sPort === undefined || service === undefined) continue;
    const one = new Map(shared).set('src', src).set('s_port', sPort).set('dst', dst).set('service', service);
    if (proto !== undefined) one.set('proto', proto);
    if (inbound !== undefined) one.set('ifname', inbound);
    const { sessionKey: _shared, ...log } = connection(one, base);
    out.push(log);
  }
  return out;
}

/** What an administrator did: login, rule change, policy installation, script. */
function auditEvent(fields: CheckpointFields, base: FactBase, operation: string): Event {
  const type = word(fields.get('objecttype'));
  const known = OPERATIONS[operation];
  const changed = OBJECT_TYPES.find(([prefix]) => type?.startsWith(prefix) === true)?.[1] ?? 'config_change';
  const parts = [operation, type, word(fields.get('objectname'))].filter((part) => part !== undefined);
  const change = word(fields.get('fieldschanges')) ?? word(fields.get('script_value_for_one_time_scripts'));
  return present<Event>({
    ...base,
    fact: 'event',
    category: known?.category ?? 'configuration',
    action: known?.action ?? changed,
    outcome: fields.get('audit_status') === 'Failure' ? 'failure' : 'success',
    user: word(fields.get('administrator')),
    sourceIp: ip(fields.get('client_ip')),
    process: word(fields.get('product')),
    command:
      known?.category === 'authentication' ? undefined : maskSecrets([...parts, change].filter(Boolean).join(' ')),
    message: word(fields.get('additional_info')) ?? word(fields.get('subject')),
    extra: extras({
      'ascribe.vendor_action': operation,
      'checkpoint.object': word(fields.get('objectname')),
      'checkpoint.object_type': type,
      'checkpoint.session': word(fields.get('session_name')),
      'checkpoint.domain': word(fields.get('domain_name')),
      'source.domain': word(fields.get('machine')),
    }),
  });
}

/** Identity awareness and remote access: a person behind an address. With office mode the inner address is theirs. */
function personFacts(
  fields: CheckpointFields,
  base: FactBase,
  person: { readonly action: string; readonly outcome: 'success' | 'failure'; readonly state?: 'begin' | 'end' },
): Fact[] {
  const user = word(fields.get('user')) ?? word(fields.get('src_user_name'));
  const inner = ip(fields.get('office_mode_ip'));
  const outer = ip(fields.get('src')) ?? ip(fields.get('host_ip')) ?? ip(fields.get('endpoint_ip'));
  const vpn = inner !== undefined || fields.has('tunnel_protocol');
  const vpnAction = person.action === 'login' ? 'vpn_connect' : 'vpn_disconnect';
  const event = present<Event>({
    ...base,
    fact: 'event',
    category: vpn ? 'session' : 'authentication',
    action: vpn ? vpnAction : person.action,
    outcome: fields.get('status')?.toLowerCase() === 'failure' ? 'failure' : person.outcome,
    user,
    sourceIp: outer,
    process: word(fields.get('product')),
    message: word(fields.get('auth_status')) ?? word(fields.get('reason')),
    extra: extras({
      'ascribe.vendor_action': word(fields.get('action')),
      'checkpoint.office_mode_ip': inner,
      'host.name': word(fields.get('src_machine_name')),
      'checkpoint.identity_source': word(fields.get('identity_src')),
    }),
  });
  const key = inner ?? outer;
  if (key === undefined || user === undefined || person.state === undefined) return [event];
  const binding = present<Binding>({
    ...base,
    fact: 'binding',
    relation: 'ip-user',
    key,
    value: user,
    state: person.state,
  });
  return [event, binding];
}

/** Whatever a product says of itself: updates, alerts, status. */
function otherEvent(fields: CheckpointFields, base: FactBase): Event {
  const text = ['sys_message', 'description', 'comment', 'message', 'ike', 'status', 'cluster_info']
    .map((key) => word(fields.get(key)))
    .find((value) => value !== undefined);
  const peer = ip(fields.get('peer_gateway'));
  return present<Event>({
    ...base,
    fact: 'event',
    category: peer === undefined ? 'host' : 'session',
    action: actionName(word(fields.get('action')) ?? word(fields.get('product')) ?? 'event'),
    user: word(fields.get('user')) ?? word(fields.get('administrator')),
    sourceIp: ip(fields.get('src')),
    process: word(fields.get('product')),
    message: text,
    extra: extras({
      'destination.ip': ip(fields.get('dst')),
      'checkpoint.vpn_peer': peer,
      'event.reason': word(fields.get('reject_category')) ?? word(fields.get('reason')),
    }),
  });
}
