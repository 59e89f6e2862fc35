import { maskSecrets } from '../../mask-secrets';
import type { Binding, Event, Fact, FactBase } from '../../model/facts';
import {
  actionName,
  addressInParentheses,
  extras,
  integer,
  ip,
  mac,
  port,
  present,
  secondsAsNs,
  word,
} from '../grammar/values';
import { pattern } from '../patterns';
import {
  CONFIG_PATHS,
  EVENT_ACTIONS,
  EVENT_CATEGORIES,
  EVENT_MESSAGES,
  LEVELS,
  USER_BINDING_STATES,
  type EventMeaning,
} from './fortigate.data';
import type { FortigateFields } from './fortigate-fields';

/** `Link monitor: Interface port3 was turned down`: message 20099 names the interface nowhere else. */
const INTERFACE = pattern('fortigate_interface', /^Link monitor: Interface (\S{1,64}) was turned (?:up|down)$/);

/** A log of type event: who did what on the device, and the addresses it tied to users and to MAC addresses. */
export function eventFacts(fields: FortigateFields, base: FactBase): Fact[] {
  const lease = dhcpLease(fields, base);
  if (lease !== undefined) return [dhcpEvent(fields, base), ...lease];
  const binding = userBinding(fields, base);
  const event = eventOf(fields, base);
  return binding === undefined ? [event] : [event, binding];
}

function eventOf(fields: FortigateFields, base: FactBase): Event {
  const meaning = eventMeaning(fields);
  const vendorAction = word(fields.get('action'));
  const sourceIp = actorIp(fields);
  const command = commandOf(fields, meaning.action);
  return present<Event>({
    ...base,
    fact: 'event',
    category: meaning.category,
    action: meaning.action,
    outcome: meaning.outcome ?? statusOutcome(fields.get('status')),
    code: word(fields.get('logid')),
    severity: LEVELS[fields.get('level') ?? ''],
    user: eventUser(fields),
    sourceIp,
    sourcePort: sourceIp === undefined ? undefined : port(fields.get('remport') ?? fields.get('srcport')),
    process: word(fields.get('ui')),
    command,
    message: meaning.action === 'command' ? command : (word(fields.get('msg')) ?? word(fields.get('logdesc'))),
    extra: extras({
      'ascribe.vendor_action': vendorAction === meaning.action ? undefined : vendorAction,
      'event.reason': word(fields.get('reason')),
      ...eventExtra(fields),
    }),
  });
}

function eventExtra(fields: FortigateFields): Record<string, string | number | undefined> {
  const destination = ip(fields.get('dstip') ?? fields.get('locip'));
  return {
    'fortinet.subtype': word(fields.get('subtype')),
    'fortinet.vd': word(fields.get('vd')),
    'fortinet.cfgpath': word(fields.get('cfgpath')),
    'fortinet.cfgobj': word(fields.get('cfgobj')),
    'fortinet.cfgtid': integer(fields.get('cfgtid')),
    ...tunnelExtra(fields),
    'interface.name': word(fields.get('intf')) ?? INTERFACE.exec(fields.get('msg') ?? '')?.[1],
    'host.name': fields.get('subtype') === 'endpoint' ? word(fields.get('name')) : undefined,
    'url.original': word(fields.get('url')),
    'destination.ip': destination,
    'destination.port': destination === undefined ? undefined : port(fields.get('dstport') ?? fields.get('locport')),
    'user.group.name': word(fields.get('group')),
    'observer.serial_number': word(fields.get('devid')),
  };
}

/** Which side of a tunnel sent `sentbyte` is not documented alike for all kinds, so it keeps its own name. */
function tunnelExtra(fields: FortigateFields): Record<string, string | number | undefined> {
  if (fields.get('subtype') !== 'vpn') return {};
  const durationNs = secondsAsNs(fields.get('duration'));
  return {
    'fortinet.vpntunnel': word(fields.get('vpntunnel')),
    'fortinet.assigned_ip': ip(fields.get('tunnelip')) ?? ip(fields.get('assignip')),
    'fortinet.sentbyte': integer(fields.get('sentbyte')),
    'fortinet.rcvdbyte': integer(fields.get('rcvdbyte')),
    'event.duration': durationNs === undefined ? undefined : Number(durationNs),
  };
}

function eventMeaning(fields: FortigateFields): EventMeaning {
  const id = fields.get('logid')?.slice(-6) ?? '';
  const action = word(fields.get('action'));
  if (id === '020099' || action === 'interface-stat-change') return interfaceMeaning(fields);
  const path = word(fields.get('cfgpath'));
  if (path !== undefined) {
    const special = CONFIG_PATHS.find(([prefix]) => path.startsWith(prefix))?.[1];
    return { category: 'configuration', action: special ?? 'config_change', outcome: 'success' };
  }
  const known = EVENT_MESSAGES[id] ?? (action === undefined ? undefined : EVENT_ACTIONS[action]);
  if (known !== undefined) return known;
  const category = EVENT_CATEGORIES[fields.get('subtype') ?? ''] ?? 'host';
  return { category, action: actionName(action ?? word(fields.get('logdesc')) ?? 'event') };
}

function interfaceMeaning(fields: FortigateFields): EventMeaning {
  const status = fields.get('status')?.toUpperCase();
  if (status === 'UP') return { category: 'network', action: 'interface_up' };
  if (status === 'DOWN') return { category: 'network', action: 'interface_down' };
  return { category: 'network', action: 'interface_change' };
}

function statusOutcome(status: string | undefined): 'success' | 'failure' | undefined {
  switch (status?.toLowerCase() ?? '') {
    case 'success':
    case 'succeed':
    case 'succeeded':
    case 'logon':
      return 'success';
    case 'failed':
    case 'failure':
    case 'negotiate_error':
    case 'esp_error':
      return 'failure';
    default:
      return undefined;
  }
}

/** Dial-up tunnels name the person in `xauthuser` or `eapuser`; `user` may then be the peer's address. */
function eventUser(fields: FortigateFields): string | undefined {
  for (const key of ['xauthuser', 'eapuser', 'user']) {
    const user = word(fields.get(key));
    if (user !== undefined && ip(user) === undefined) return user;
  }
  return undefined;
}

/** In endpoint logs `ip` is the FortiClient's address. */
function actorIp(fields: FortigateFields): string | undefined {
  return (
    ip(fields.get('remip')) ??
    ip(fields.get('srcip')) ??
    addressInParentheses(fields.get('ui')) ??
    (fields.get('subtype') === 'endpoint' ? ip(fields.get('ip')) : undefined)
  );
}

/** `Edit firewall.policy 2 groups[->vpn]` of a configuration change; the message itself for command logs. */
function commandOf(fields: FortigateFields, action: string): string | undefined {
  const path = word(fields.get('cfgpath'));
  if (path === undefined) {
    const message = action === 'command' ? word(fields.get('msg')) : undefined;
    return message === undefined ? undefined : maskSecrets(message);
  }
  const parts = [fields.get('action'), path, word(fields.get('cfgobj')), maskAttributes(fields.get('cfgattr'))];
  return maskSecrets(parts.filter((part) => part !== undefined && part !== '').join(' '));
}

const SECRET_WORDS = ['pass', 'secret', 'key', 'psk', 'token', 'community', 'auth-pwd', 'priv-pwd', 'credential'];

/** `name[value]` and `name[old->new]`: the value of an attribute that names a secret becomes `*`. */
function maskAttributes(text: string | undefined): string | undefined {
  const attributes = word(text);
  if (attributes === undefined) return undefined;
  let out = '';
  let at = 0;
  while (at < attributes.length) {
    const open = attributes.indexOf('[', at);
    const close = open < 0 ? -1 : attributes.indexOf(']', open);
    if (close < 0) return out + attributes.slice(at);
    const name = attributes.slice(at, open).toLowerCase();
    const secret = SECRET_WORDS.some((part) => name.includes(part));
    out += secret ? `${attributes.slice(at, open)}[*]` : attributes.slice(at, close + 1);
    at = close + 1;
  }
  return out;
}

function userBinding(fields: FortigateFields, base: FactBase): Binding | undefined {
  const state = USER_BINDING_STATES[fields.get('action') ?? ''];
  const user = eventUser(fields);
  if (state === undefined || user === undefined) return undefined;
  const vpn = fields.get('subtype') === 'vpn';
  const key = vpn ? (ip(fields.get('tunnelip')) ?? ip(fields.get('assignip'))) : ip(fields.get('srcip'));
  if (key === undefined) return undefined;
  return present<Binding>({
    ...base,
    fact: 'binding',
    relation: 'ip-user',
    key,
    value: user,
    state,
    extra: extras({
      'source.ip': vpn ? ip(fields.get('remip')) : undefined,
      'fortinet.vpntunnel': word(fields.get('vpntunnel')),
      'user.group.name': word(fields.get('group')),
    }),
  });
}

/** A DHCP server log that gives or takes back an address: `dhcp_msg="Ack"` and `"Release"`. */
function dhcpLease(fields: FortigateFields, base: FactBase): Binding[] | undefined {
  const kind = fields.get('dhcp_msg')?.toLowerCase();
  const key = ip(fields.get('ip'));
  const value = mac(fields.get('mac'));
  if ((kind !== 'ack' && kind !== 'release') || key === undefined || value === undefined) return undefined;
  const lease = integer(fields.get('lease'));
  const ends = kind === 'release';
  return [
    present<Binding>({
      ...base,
      fact: 'binding',
      relation: 'ip-dhcp',
      key,
      value,
      state: ends ? 'end' : 'begin',
      validUntil: ends || lease === undefined ? undefined : base.observedAt + lease * 1000,
      extra: extras({
        hostname: word(fields.get('hostname')),
        lease,
        'observer.ingress.interface.name': word(fields.get('interface')),
      }),
    }),
  ];
}

function dhcpEvent(fields: FortigateFields, base: FactBase): Event {
  const release = fields.get('dhcp_msg')?.toLowerCase() === 'release';
  const action = release ? 'dhcp_release' : 'dhcp_lease';
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'network',
    action,
    outcome: 'success',
    code: word(fields.get('logid')),
    severity: LEVELS[fields.get('level') ?? ''],
    message: word(fields.get('msg')),
    extra: extras({
      'client.ip': ip(fields.get('ip')),
      'client.mac': mac(fields.get('mac')),
      'observer.serial_number': word(fields.get('devid')),
    }),
  });
}
