import type { Endpoint, Fact, FactBase, SessionLog } from '../../model/facts';
import type { SyslogContext, SyslogMessage, VendorParser } from '../contract';
import { stampTime, statedBase, type DeviceTime } from '../grammar/device-time';
import { readKeyValues } from '../grammar/key-value';
import {
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
  tlsVersion,
} from '../grammar/values';
import { CONNECTION_EVENTS, FIELDS, SUBTYPES } from './sophos.data';
import { eventFacts, oneOf, type SophosFields } from './sophos-event';

/** Sophos Firewall (SFOS, XG): the device standard format of 17 and the central reporting format of 18 and later. */
export const SOPHOS: VendorParser = {
  name: 'sophos',
  vendor: 'Sophos',
  product: 'Firewall (SFOS)',
  summary: 'SFOS firewall, content, authentication, admin, DHCP and VPN logs in both formats',
  stability: 'beta',
  example:
    '<30>device_name="SFW" timestamp="2026-11-24T02:10:00+0000" device_serial_id="C01001BQC8T0001" log_id="010101600001" ' +
    'log_type="Firewall" log_component="Firewall Rule" log_subtype="Allowed" duration=30 fw_rule_id="12" ' +
    'in_interface="Port1" out_interface="Port2" src_ip="10.0.0.5" dst_ip="198.51.100.7" protocol="TCP" src_port=51000 ' +
    'dst_port=443 bytes_sent=1200 bytes_received=8000 src_trans_ip="203.0.113.9" src_zone="LAN" dst_zone="WAN" ' +
    'con_event="Stop" con_id="3153941760"',
  recognizes: ({ content }) => isSophos(content),
  parse: sophosFacts,
};

function isSophos(content: string): boolean {
  return content.includes('log_type=') && content.includes('log_component=') && content.includes('log_subtype=');
}

function sophosFacts(message: SyslogMessage, context: SyslogContext): Fact[] {
  const fields = readKeyValues(message.content, { singleQuotes: true });
  if (!fields.has('log_type')) return [];
  // Version 18 writes the product (`SFW`) where 17 wrote the device's name.
  const name = word(fields.get('device_name'));
  const base = statedBase(context, timeOf(fields, context), name === 'SFW' ? undefined : name);
  if (fields.get('log_type') === 'Event') return eventFacts(fields, base);
  const addressed =
    ip(oneOf(fields, FIELDS.sourceIp)) !== undefined || ip(oneOf(fields, FIELDS.destinationIp)) !== undefined;
  // A firewall's decision about a fragment names no addresses; it is a decision all the same.
  return addressed || fields.get('log_type') === 'Firewall' ? [sessionLog(fields, base)] : [];
}

/** `timestamp` carries its offset; `date`, `time` and the zone's name are read with the header. */
function timeOf(fields: SophosFields, context: SyslogContext): DeviceTime | undefined {
  const time = stampTime(fields.get('timestamp'), context);
  return time?.quality === 'ok' ? time : undefined;
}

function sessionLog(fields: SophosFields, base: FactBase): SessionLog {
  const subtype = word(fields.get('log_subtype')) ?? '';
  const event = word(oneOf(fields, FIELDS.event));
  const verdict = SUBTYPES[subtype];
  const connection = verdict?.outcome === 'failure' ? undefined : CONNECTION_EVENTS[event ?? ''];
  const action = connection ?? verdict?.action ?? 'session_update';
  const durationNs = action === 'session_end' ? secondsAsNs(fields.get('duration')) : undefined;
  // Zero is written for a protocol that is not known.
  const number = protocol(fields.get('protocol')) || undefined;
  const connectionId = word(oneOf(fields, FIELDS.connection));
  const user = word(oneOf(fields, FIELDS.user));
  return present<SessionLog>({
    ...base,
    fact: 'session_log',
    action,
    outcome: verdict?.outcome,
    source: sourceOf(fields, number, user),
    destination: destinationOf(fields, number),
    directionSource: 'stated',
    protocol: number,
    ruleName: word(fields.get('fw_rule_name')),
    ruleId: word(fields.get('fw_rule_id')),
    start: durationNs === undefined ? undefined : base.observedAt - Number(durationNs / 1_000_000n),
    end: durationNs === undefined ? undefined : base.observedAt,
    durationNs,
    ingressInterface: word(fields.get('in_interface')),
    egressInterface: word(fields.get('out_interface')),
    ingressZone: word(oneOf(fields, FIELDS.sourceZone)),
    egressZone: word(oneOf(fields, FIELDS.destinationZone)),
    user,
    application: word(oneOf(fields, FIELDS.application)),
    sessionKey: connectionId === '0' ? undefined : connectionId,
    code: word(fields.get('log_id')),
    reason: word(fields.get('message')) ?? word(fields.get('reason')),
    icmpType: number === 1 || number === 58 ? integer(fields.get('icmp_type')) : undefined,
    icmpCode: number === 1 || number === 58 ? integer(fields.get('icmp_code')) : undefined,
    extra: sessionExtra(fields, action, event, subtype),
  });
}

function sessionExtra(
  fields: SophosFields,
  action: string,
  event: string | undefined,
  subtype: string,
): Readonly<Record<string, string | number>> | undefined {
  const natRule = word(fields.get('nat_rule_id'));
  const vendorAction = event === undefined ? subtype : `${subtype} ${event}`;
  return extras({
    'ascribe.vendor_action': vendorAction === action || vendorAction === '' ? undefined : vendorAction,
    'sophos.log_type': word(fields.get('log_type')),
    'sophos.log_component': word(fields.get('log_component')),
    'sophos.nat_rule_id': natRule === '0' ? undefined : natRule,
    'sophos.nat_rule_name': word(fields.get('nat_rule_name')),
    'url.original': word(fields.get('url')),
    'rule.category': word(fields.get('category')),
    'tls.client.server_name': word(fields.get('sni')),
    ...tlsVersion(word(fields.get('tls_version'))),
    'tls.cipher': word(fields.get('cipher_suite')),
    'observer.serial_number': word(oneOf(fields, FIELDS.serial)),
  });
}

/** Translated ports are written as 0 where only the address is translated. */
function sourceOf(fields: SophosFields, number: number | undefined, user: string | undefined): Endpoint {
  const address = ip(oneOf(fields, FIELDS.sourceIp));
  const realPort = portOf(fields.get('src_port'), number);
  const natPort = port(oneOf(fields, FIELDS.natSourcePort));
  return present<Endpoint>({
    ip: address,
    port: realPort,
    ...translation(address, realPort, ip(oneOf(fields, FIELDS.natSourceIp)), natPort),
    bytes: count(oneOf(fields, FIELDS.bytesSent)),
    packets: count(oneOf(fields, FIELDS.packetsSent)),
    user,
    mac: mac(fields.get('src_mac')),
  });
}

function destinationOf(fields: SophosFields, number: number | undefined): Endpoint {
  const address = ip(oneOf(fields, FIELDS.destinationIp));
  const realPort = portOf(fields.get('dst_port'), number);
  const natPort = port(oneOf(fields, FIELDS.natDestinationPort));
  const domain = word(oneOf(fields, FIELDS.domain));
  return present<Endpoint>({
    ip: address,
    port: realPort,
    ...translation(address, realPort, ip(oneOf(fields, FIELDS.natDestinationIp)), natPort),
    bytes: count(oneOf(fields, FIELDS.bytesReceived)),
    packets: count(oneOf(fields, FIELDS.packetsReceived)),
    mac: mac(fields.get('dst_mac')),
    domain: ip(domain) === undefined ? domain : undefined,
  });
}

function portOf(text: string | undefined, number: number | undefined): number | undefined {
  const value = port(text);
  return value === 0 && number !== 6 && number !== 17 ? undefined : value;
}
