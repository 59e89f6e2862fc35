import { maskSecrets } from '../../mask-secrets';
import type { Binding, Event, Fact, FactBase } from '../../model/facts';
import { actionName, extras, integer, ip, mac, present, word } from '../grammar/values';
import { DHCP_STATES, FIELDS, SEVERITIES, VPN_STATES } from './sophos.data';

/** SFOS field name → text. */
export type SophosFields = ReadonlyMap<string, string>;

/** The first of a field's names that the line has. */
export function oneOf(fields: SophosFields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields.get(name);
    if (value !== undefined && value !== '') return value;
  }
  return undefined;
}

/** A log of type Event. */
export function eventFacts(fields: SophosFields, base: FactBase): Fact[] {
  const component = word(fields.get('log_component')) ?? '';
  if (component === 'DHCP Server') return dhcpFacts(fields, base);
  if (component === 'SSL VPN' || component === 'IPSec' || component === 'L2TP' || component === 'PPTP') {
    return vpnFacts(fields, base);
  }
  if (fields.get('log_subtype') === 'Authentication') return authenticationFacts(fields, base);
  if (fields.get('log_subtype') === 'Admin') return [adminEvent(fields, base)];
  return [eventOf(fields, base, 'host', actionName(component), statusOutcome(fields))];
}

function eventOf(
  fields: SophosFields,
  base: FactBase,
  category: string,
  action: string,
  outcome: Event['outcome'] | undefined,
): Event {
  return present<Event>({
    ...base,
    fact: 'event',
    category,
    action,
    outcome,
    code: word(fields.get('log_id')),
    severity: SEVERITIES[oneOf(fields, FIELDS.severity) ?? ''],
    user: word(oneOf(fields, FIELDS.user)),
    sourceIp: ip(fields.get('src_ip')) ?? ip(fields.get('remote_ip')) ?? ip(fields.get('remoteinterfaceip')),
    process: word(fields.get('log_component')),
    message: word(fields.get('message')),
    extra: extras({
      'ascribe.vendor_action': word(fields.get('status')),
      'event.reason': word(fields.get('reason')),
      'sophos.auth_client': word(fields.get('auth_client')),
      'sophos.connection': word(fields.get('connectionname')),
      'observer.serial_number': word(oneOf(fields, FIELDS.serial)),
    }),
  });
}

function statusOutcome(fields: SophosFields): 'success' | 'failure' | undefined {
  const status = fields.get('status')?.toLowerCase() ?? '';
  if (status.startsWith('success')) return 'success';
  return status.startsWith('fail') || status === 'rejected' ? 'failure' : undefined;
}

/** Firewall, VPN, SSL VPN and portal authentication. Firewall authentication ties the user to the address. */
function authenticationFacts(fields: SophosFields, base: FactBase): Fact[] {
  const out = (fields.get('message') ?? '').toLowerCase().includes('logged out');
  const outcome = statusOutcome(fields);
  const event = eventOf(fields, base, 'authentication', out ? 'logout' : 'login', outcome);
  const { user, sourceIp } = event;
  if (fields.get('log_component') !== 'Firewall Authentication' || user === undefined || sourceIp === undefined)
    return [event];
  if (outcome !== 'success') return [event];
  const state = out ? 'end' : 'begin';
  return [
    event,
    present<Binding>({ ...base, fact: 'binding', relation: 'ip-user', key: sourceIp, value: user, state }),
  ];
}

function adminEvent(fields: SophosFields, base: FactBase): Event {
  const text = word(fields.get('message')) ?? '';
  const lower = text.toLowerCase();
  const outcome = statusOutcome(fields);
  if (lower.includes('logged out')) return eventOf(fields, base, 'authentication', 'logout', outcome);
  if (lower.includes('login') || lower.includes('logged in'))
    return eventOf(fields, base, 'authentication', 'login', outcome);
  const firewall =
    lower.startsWith('firewall rule') || lower.startsWith('nat rule') || lower.includes('security policy');
  const action = lower.startsWith('syslog server')
    ? 'log_config_change'
    : firewall
      ? 'firewall_change'
      : 'config_change';
  return present<Event>({ ...eventOf(fields, base, 'configuration', action, outcome), command: maskSecrets(text) });
}

function dhcpFacts(fields: SophosFields, base: FactBase): Fact[] {
  const state = DHCP_STATES[fields.get('status') ?? ''];
  const key = ip(fields.get('ipaddress')) ?? ip(fields.get('leased_ip')) ?? ip(fields.get('reported_ip'));
  const value = mac(fields.get('client_physical_address')) ?? mac(fields.get('src_mac'));
  const action = state === 'end' ? 'dhcp_release' : 'dhcp_lease';
  const event = eventOf(fields, base, 'network', action, 'success');
  if (state === undefined || key === undefined || value === undefined) return [event];
  const lease = integer(fields.get('lease_time'));
  const hostname = word(fields.get('client_host_name')) ?? word(fields.get('reported_host'));
  return [
    event,
    present<Binding>({
      ...base,
      fact: 'binding',
      relation: 'ip-dhcp',
      key,
      value,
      state,
      validUntil: state === 'end' || lease === undefined ? undefined : base.observedAt + lease * 1000,
      extra: extras({ hostname, lease }),
    }),
  ];
}

/** The message says it where no status does: `SSL VPN User 'bob' connected`. */
function tunnelState(fields: SophosFields): 'begin' | 'end' | undefined {
  const text = word(fields.get('message')) ?? '';
  if (text.endsWith("' connected")) return 'begin';
  return text.endsWith("' disconnected") ? 'end' : undefined;
}

/** `ipaddress` is the inner address, `remote_ip` where the client connects from. */
function vpnFacts(fields: SophosFields, base: FactBase): Fact[] {
  const state = VPN_STATES[fields.get('status') ?? ''] ?? tunnelState(fields);
  if (state === undefined) return [eventOf(fields, base, 'session', 'vpn_event', statusOutcome(fields))];
  const action = state === 'begin' ? 'vpn_connect' : 'vpn_disconnect';
  const event = eventOf(fields, base, 'session', action, 'success');
  const key = ip(fields.get('ipaddress')) ?? ip(fields.get('assigned_ip'));
  const { user, sourceIp } = event;
  if (key === undefined || user === undefined) return [event];
  return [
    event,
    present<Binding>({
      ...base,
      fact: 'binding',
      relation: 'ip-user',
      key,
      value: user,
      state,
      extra: extras({ 'source.ip': sourceIp }),
    }),
  ];
}
