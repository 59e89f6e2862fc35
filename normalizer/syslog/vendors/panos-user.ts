import type { Binding, Event, Fact, FactBase } from '../../model/facts';
import { actionName, extras, integer, ip, mac, port, present, word } from '../grammar/values';
import { GLOBALPROTECT_EVENTS } from './panos.data';
import type { PanosFields } from './panos-fields';
import { userName } from './panos-session';

/** GLOBALPROTECT: VPN users and the inner addresses they hold. */
export function globalProtectFacts(fields: PanosFields, base: FactBase): Fact[] {
  const eventId = word(fields.get('eventid')) ?? '';
  const meaning = GLOBALPROTECT_EVENTS[eventId];
  const user = userName(fields.get('srcuser'));
  const outer = ip(fields.get('public_ip')) ?? ip(fields.get('public_ipv6'));
  const failed = fields.get('status') !== undefined && fields.get('status') !== 'success';
  const event = present<Event>({
    ...base,
    fact: 'event',
    category: meaning?.action === 'login' ? 'authentication' : 'session',
    action: meaning?.action ?? actionName(eventId),
    outcome: failed ? 'failure' : 'success',
    code: eventId,
    user,
    sourceIp: outer,
    message: word(fields.get('opaque')),
    extra: extras({
      'ascribe.vendor_action': eventId,
      'event.reason': word(fields.get('reason')) ?? word(fields.get('error')),
      'host.name': word(fields.get('machinename')),
      'ascribe.assigned_ip': ip(fields.get('private_ip')) ?? ip(fields.get('private_ipv6')),
      'panos.tunnel_type': word(fields.get('tunnel_type')),
      'panos.auth_method': word(fields.get('auth_method')),
      'panos.portal': word(fields.get('portal')),
      'event.duration': durationNs(fields.get('login_duration')),
      'observer.serial_number': word(fields.get('serial')),
    }),
  });
  if (failed || user === undefined || user === 'pre-logon') return [event];
  return [event, ...innerBindings(fields, base, user, outer, meaning?.state ?? 'seen')];
}

function innerBindings(
  fields: PanosFields,
  base: FactBase,
  user: string,
  outer: string | undefined,
  state: Binding['state'],
): Binding[] {
  const inner = [ip(fields.get('private_ip')), ip(fields.get('private_ipv6'))].filter((key) => key !== undefined);
  return inner.map((key) =>
    present<Binding>({
      ...base,
      fact: 'binding',
      relation: 'ip-user',
      key,
      value: user,
      state,
      extra: extras({ 'source.ip': outer, hostname: word(fields.get('machinename')) }),
    }),
  );
}

function durationNs(seconds: string | undefined): number | undefined {
  const value = integer(seconds);
  return value === undefined || value === 0 ? undefined : value * 1e9;
}

/** USERID: an address and the user behind it, for as long as the mapping's timeout says. */
export function userIdFacts(fields: PanosFields, base: FactBase): Fact[] {
  const key = ip(fields.get('ip'));
  const user = userName(fields.get('user'));
  const logout = fields.get('subtype') === 'logout';
  const timeout = integer(fields.get('timeout'));
  const facts: Fact[] = [
    present<Event>({
      ...base,
      fact: 'event',
      category: 'authentication',
      action: logout ? 'logout' : 'login',
      outcome: 'success',
      code: 'USERID',
      user,
      sourceIp: key,
      extra: extras({
        'panos.data_source': word(fields.get('datasource')),
        'panos.data_source_name': word(fields.get('datasourcename')),
        'observer.serial_number': word(fields.get('serial')),
      }),
    }),
  ];
  if (key === undefined || user === undefined) return facts;
  facts.push(
    present<Binding>({
      ...base,
      fact: 'binding',
      relation: 'ip-user',
      key,
      value: user,
      state: logout ? 'end' : 'begin',
      validUntil: logout || timeout === undefined || timeout === 0 ? undefined : base.observedAt + timeout * 1000,
      extra: extras({
        'panos.begin_port': portOf(fields.get('beginport')),
        'panos.end_port': portOf(fields.get('endport')),
      }),
    }),
  );
  return facts;
}

/** Terminal servers share one address among users by port ranges; 0 means the whole address. */
function portOf(text: string | undefined): number | undefined {
  const value = port(text);
  return value === 0 ? undefined : value;
}

/** HIPMATCH: a GlobalProtect client's host information; names user, address and machine. */
export function hipMatchFacts(fields: PanosFields, base: FactBase): Fact[] {
  const user = userName(fields.get('srcuser'));
  const key = ip(fields.get('src')) ?? ip(fields.get('srcipv6'));
  const event = present<Event>({
    ...base,
    fact: 'event',
    category: 'host',
    action: 'hip_match',
    code: 'HIPMATCH',
    user,
    sourceIp: key,
    message: word(fields.get('matchname')),
    extra: extras({
      'host.name': word(fields.get('machinename')),
      'host.mac': mac(fields.get('mac')),
      'host.os.full': word(fields.get('os')),
      'observer.serial_number': word(fields.get('serial')),
    }),
  });
  if (key === undefined || user === undefined) return [event];
  return [event, present<Binding>({ ...base, fact: 'binding', relation: 'ip-user', key, value: user, state: 'seen' })];
}
