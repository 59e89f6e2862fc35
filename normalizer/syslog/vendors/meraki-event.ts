import type { Binding, Event, Fact, FactBase } from '../../model/facts';
import { readKeyValues } from '../grammar/key-value';
import { actionName, between, extras, integer, ip, mac, port, present, word } from '../grammar/values';
import { splitColon } from './event-slots';
import { EVENT_TYPES } from './meraki.data';

/** A line of type `events`: in words (`dhcp lease of ip …`) or as `type=… key='value'`. */
export function merakiEvent(text: string, base: FactBase): Fact[] {
  const lease = text.startsWith('dhcp ') ? dhcpFacts(text, base) : undefined;
  if (lease !== undefined) return lease;
  const vpn = vpnFacts(text, base);
  if (vpn !== undefined) return vpn;
  if (text.startsWith('type=')) return [typedEvent(text, base)];
  return [wordedEvent(text, base)];
}

/** What AnyConnect says in words: `… Peer IP=B User[U]: Session disconnected. …`, `… Peer IP=B Peer port=P User=U: …`. */
function sessionWords(text: string): { user: string | undefined; sourceIp: string | undefined; ended: boolean } {
  return {
    user: word(between(text, ' User[', ']') ?? between(text, ' User=', ':')),
    sourceIp: ip(between(text, 'Peer IP=', ' ')),
    ended: text.includes(': Session disconnected.'),
  };
}

/** `dhcp lease of ip A from server mac M for client mac C [with hostname H] from router …`. */
function dhcpFacts(text: string, base: FactBase): Fact[] | undefined {
  const key = ip(between(text, 'lease of ip ', ' '));
  const value = mac(between(text, 'client mac ', ' '));
  if (key === undefined || value === undefined) return undefined;
  const hostname = word(between(text, 'hostname ', ' '));
  const event = present<Event>({
    ...base,
    fact: 'event',
    category: 'network',
    action: 'dhcp_lease',
    outcome: 'success',
    code: 'events',
    message: text,
    extra: extras({ 'client.ip': key, 'client.mac': value, 'client.domain': hostname }),
  });
  const extra = extras({ hostname });
  return [
    event,
    present<Binding>({ ...base, fact: 'binding', relation: 'ip-dhcp', key, value, state: 'begin', extra }),
  ];
}

/** `client_vpn_connect user id 'U' local ip A connected from B`; also `anyconnect_vpn_…` and `…_disconnect`. */
function vpnFacts(text: string, base: FactBase): Fact[] | undefined {
  const kind = text.split(' ', 1)[0] ?? '';
  if (!kind.endsWith('vpn_connect') && !kind.endsWith('vpn_disconnect')) return undefined;
  const user = word(between(text, "user id '", "'"));
  const key = ip(between(text, 'local ip ', ' '));
  const sourceIp = ip(between(text, 'connected from ', ' '));
  const connect = kind.endsWith('vpn_connect');
  const event = present<Event>({
    ...base,
    fact: 'event',
    category: 'session',
    action: connect ? 'vpn_connect' : 'vpn_disconnect',
    outcome: 'success',
    code: kind,
    user,
    sourceIp,
    message: text,
  });
  if (user === undefined || key === undefined) return [event];
  const state = connect ? 'begin' : 'end';
  const extra = extras({ 'source.ip': sourceIp });
  return [event, present<Binding>({ ...base, fact: 'binding', relation: 'ip-user', key, value: user, state, extra })];
}

const VPN_END = { category: 'session', action: 'vpn_disconnect', outcome: 'success' } as const;

function typedEvent(text: string, base: FactBase): Event {
  const fields = readKeyValues(text, { singleQuotes: true });
  const type = word(fields.get('type')) ?? 'event';
  const said = sessionWords(text);
  const [peer, peerPort] = splitColon(fields.get('peer_contact') ?? '');
  const known = said.ended ? VPN_END : EVENT_TYPES[type];
  return present<Event>({
    ...base,
    fact: 'event',
    category: known?.category ?? 'network',
    action: known?.action ?? actionName(type),
    outcome: known?.outcome,
    code: type,
    user: word(fields.get('identity')) ?? said.user,
    sourceIp:
      said.sourceIp ??
      ip(fields.get('client_ip')) ??
      ip(fields.get('Client')) ??
      ip(fields.get('ip_src')) ??
      ip(fields.get('last_known_client_ip')),
    message: text,
    extra: extras({
      'ascribe.vendor_action': type,
      'client.mac': mac(fields.get('client_mac')) ?? mac(fields.get('mac')) ?? mac(fields.get('MAC')),
      'event.reason': word(fields.get('reason')),
      'meraki.vap': integer(fields.get('vap')),
      'destination.ip': ip(peer),
      'destination.port': ip(peer) === undefined ? undefined : port(peerPort),
      'meraki.connectivity': word(fields.get('connectivity')),
    }),
  });
}

/** strongSwan's words: `<name|1> IKE_SA name[1] established between LOCAL[id]...REMOTE[id]`. */
function tunnelEvent(text: string, base: FactBase): Event {
  const established = text.includes(' established');
  const ended = text.includes('deleting ') || text.includes('closing ');
  const remote = between(text, ']...', '[');
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'session',
    action: established ? 'vpn_connect' : ended ? 'vpn_disconnect' : 'vpn_message',
    outcome: established ? 'success' : undefined,
    code: 'events',
    sourceIp: ip(remote),
    message: text,
    extra: extras({ 'destination.ip': ip(between(text, 'between ', '[')) }),
  });
}

/** `port 4 status changed from down to 1Gfdx`, `carrier_change device port1 up true`; the rest under their first words. */
function wordedEvent(text: string, base: FactBase): Event {
  if (text.startsWith('Site-to-Site VPN: ')) return tunnelEvent(text, base);
  const blocked = text.startsWith('Blocked ARP Packet ');
  const number = word(between(text, 'ort ', ' '));
  const status = word(between(text, ' status changed from ', '\n'))?.split(' to ', 2)[1];
  const carrier = text.startsWith('carrier_change device ');
  const up = carrier ? text.endsWith(' true') : status !== 'down';
  const link = carrier || status !== undefined;
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'network',
    sourceIp: blocked ? ip(between(text, ' with IP ', ' ')) : undefined,
    action: blocked
      ? 'arp_blocked'
      : link
        ? up
          ? 'interface_up'
          : 'interface_down'
        : actionName(text.split(' ', 4).join(' ')),
    code: 'events',
    message: text,
    extra: extras({
      'client.mac': blocked ? mac(between(text, ' from ', ' ')) : undefined,
      'interface.name': carrier ? word(between(text, 'device ', ' ')) : link ? number : undefined,
    }),
  });
}
