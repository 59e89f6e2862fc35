import { maskSecrets } from '../../mask-secrets';
import type { Binding, Event, Fact, FactBase } from '../../model/facts';
import { pattern } from '../patterns';
import { actionName, between, count, extras, integer, ip, mac, present, word } from '../grammar/values';
import { CONFIG_PATHS, GLOBALPROTECT_EVENTS, SEVERITIES, SYSTEM_CATEGORIES, SYSTEM_EVENTS } from './panos.data';
import type { PanosFields } from './panos-fields';
import { userName } from './panos-session';

const PORT_CHANGE = pattern('panos_port_change', /^Port (\S{1,64}): (Up|Down)\b/);
const LEASE = pattern(
  'panos_lease',
  /^DHCP lease \w{1,20} ip ([0-9a-fA-F.:]{3,45}) --> mac ([0-9a-fA-F:.-]{12,17})(?: - hostname ([^,]{1,256}))?(?:, interface (\S{1,64}))?/,
);

/** CONFIG: who changed what, from where. */
export function configEvent(fields: PanosFields, base: FactBase): Event {
  const cmd = word(fields.get('cmd')) ?? '';
  const path = word(fields.get('path'))?.split(' ').filter(Boolean).join(' ');
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'configuration',
    action: configAction(cmd, ` ${path ?? ''} `),
    outcome: resultOutcome(fields.get('result')),
    code: 'CONFIG',
    user: userName(fields.get('admin')),
    sourceIp: ip(fields.get('host')),
    process: word(fields.get('client')),
    command: maskSecrets(path === undefined ? cmd : `${cmd} ${path}`),
    message: word(fields.get('comment')),
    extra: extras({
      'ascribe.vendor_action': cmd === '' ? undefined : cmd,
      'panos.result': word(fields.get('result')),
      'panos.before': masked(fields.get('before_change_detail')),
      'panos.after': masked(fields.get('after_change_detail')),
      'panos.vsys': word(fields.get('vsys')),
      'observer.serial_number': word(fields.get('serial')),
    }),
  });
}

function masked(text: string | undefined): string | undefined {
  const value = word(text);
  return value === undefined ? undefined : maskSecrets(value);
}

function configAction(cmd: string, path: string): string {
  if (cmd.startsWith('commit')) return 'config_commit';
  if (cmd.startsWith('save')) return 'config_save';
  return CONFIG_PATHS.find(([part]) => path.includes(part))?.[1] ?? 'config_change';
}

function resultOutcome(result: string | undefined): 'success' | 'failure' | 'unknown' | undefined {
  switch (word(result)) {
    case undefined:
      return undefined;
    case 'Succeeded':
      return 'success';
    case 'Failed':
    case 'Unauthorized':
      return 'failure';
    default:
      return 'unknown';
  }
}

/** SYSTEM: logins, links, DHCP leases and the rest of what the device says of itself. */
export function systemFacts(fields: PanosFields, base: FactBase): Fact[] {
  const text = word(fields.get('opaque')) ?? '';
  const lease = leaseBinding(fields, base, text);
  const event = systemEvent(fields, base, text);
  const bound = lease ?? innerAddress(event, base, text);
  return bound === undefined ? [event] : [event, bound];
}

/** GlobalProtect before 9.1.3 told its users' addresses here: `… User name: U, Private IP: A, …`. */
function innerAddress(event: Event, base: FactBase, text: string): Binding | undefined {
  const key = ip(between(text, 'Private IP: ', ','));
  const { action, outcome, user } = event;
  if (key === undefined || user === undefined || outcome !== 'success') return undefined;
  if (action !== 'vpn_connect' && action !== 'vpn_disconnect') return undefined;
  const state = action === 'vpn_connect' ? 'begin' : 'end';
  const hostname = word(between(text, 'Device name: ', ','));
  return present<Binding>({
    ...base,
    fact: 'binding',
    relation: 'ip-user',
    key,
    value: user,
    state,
    extra: extras({ 'source.ip': event.sourceIp, hostname }),
  });
}

function systemEvent(fields: PanosFields, base: FactBase, text: string): Event {
  const eventId = word(fields.get('eventid'));
  const meaning = systemMeaning(eventId, fields.get('subtype'), text);
  return present<Event>({
    ...base,
    fact: 'event',
    category: meaning.category,
    action: meaning.action,
    outcome: meaning.outcome,
    code: ['SYSTEM', fields.get('subtype'), eventId].filter((part) => part !== undefined).join(':'),
    severity: SEVERITIES[fields.get('severity') ?? ''],
    user: meaning.user,
    sourceIp: meaning.sourceIp,
    process: word(fields.get('module')),
    message: text === '' ? undefined : text,
    extra: extras({
      'ascribe.vendor_action': eventId === meaning.action ? undefined : eventId,
      'interface.name': PORT_CHANGE.exec(text)?.[1],
      'panos.object': word(fields.get('object')),
      'observer.serial_number': word(fields.get('serial')),
    }),
  });
}

const COMMITS: readonly (readonly [words: string, outcome: 'success' | 'failure'])[] = [
  ['Config installed', 'success'],
  ['Commit job succeeded', 'success'],
  ['Commit job failed', 'failure'],
];

interface SystemMeaning {
  readonly category: string;
  readonly action: string;
  readonly outcome?: 'success' | 'failure' | undefined;
  readonly user?: string | undefined;
  readonly sourceIp?: string | undefined;
}

function systemMeaning(eventId: string | undefined, subtype: string | undefined, text: string): SystemMeaning {
  const session = adminSession(text);
  if (session !== undefined) return session;
  const link = PORT_CHANGE.exec(text);
  if (link !== null) return { category: 'network', action: link[2] === 'Up' ? 'interface_up' : 'interface_down' };
  const gp = GLOBALPROTECT_EVENTS[eventId ?? ''];
  if (gp !== undefined) {
    const outcome = eventId?.endsWith('fail') === true ? 'failure' : 'success';
    return { category: 'session', action: gp.action, outcome, ...actorOf(text) };
  }
  const known = SYSTEM_EVENTS[eventId ?? ''];
  if (known !== undefined) return { ...known, ...actorOf(text) };
  if (text.startsWith('Log type ') && text.includes(' cleared by user ')) {
    const user = text.slice(text.indexOf(' cleared by user ') + 17).trim();
    return { category: 'configuration', action: 'log_loss', outcome: 'success', user };
  }
  const commit = COMMITS.find(([words]) => text.startsWith(words));
  if (commit !== undefined) {
    const user = word(withoutEndMark(between(text, ' for user ', ' ')));
    return { category: 'configuration', action: 'config_commit', outcome: commit[1], user };
  }
  const category = SYSTEM_CATEGORIES[subtype ?? ''] ?? 'host';
  return { category, action: actionName(eventId ?? subtype ?? 'event'), outcome: suffixOutcome(eventId) };
}

/** Event ids of negotiations and updates end in how they went: `ike-nego-p1-fail`, `if-update-succ`. */
function suffixOutcome(eventId: string | undefined): 'success' | 'failure' | undefined {
  if (eventId?.endsWith('-succ') === true) return 'success';
  return eventId?.endsWith('-fail') === true ? 'failure' : undefined;
}

/** `User bob logged in via Web from 192.0.2.1 using https`. */
function adminSession(text: string): SystemMeaning | undefined {
  const user = text.startsWith('User ') ? between(text, 'User ', ' logged ') : undefined;
  if (user === undefined || user.length > 256) return undefined;
  const out = text.includes(' logged out via ');
  if (!out && !text.includes(' logged in via ')) return undefined;
  const action = out ? 'logout' : 'login';
  const name = user.startsWith("'") && user.endsWith("'") ? user.slice(1, -1) : user;
  return {
    category: 'authentication',
    action,
    outcome: 'success',
    user: word(name),
    sourceIp: ip(between(text, ' from ', ' ')),
  };
}

function actorOf(text: string): { user: string | undefined; sourceIp: string | undefined } {
  const user = between(text, " user '", "'") ?? between(text, 'User name: ', ',');
  const from = between(text, 'rom: ', ' ') ?? between(text, ' from ', ' ');
  return { user: userName(user), sourceIp: ip(withoutEndMark(from)) };
}

function withoutEndMark(text: string | undefined): string | undefined {
  return text?.endsWith('.') === true || text?.endsWith(',') === true ? text.slice(0, -1) : text;
}

function leaseBinding(fields: PanosFields, base: FactBase, text: string): Binding | undefined {
  const found = LEASE.exec(text);
  const key = ip(found?.[1]);
  const value = mac(found?.[2]);
  if (found === null || key === undefined || value === undefined) return undefined;
  const ends = fields.get('eventid') === 'lease-expired' || fields.get('eventid') === 'lease-release';
  const name = word(found[3]);
  return present<Binding>({
    ...base,
    fact: 'binding',
    relation: 'ip-dhcp',
    key,
    value,
    state: ends ? 'end' : 'begin',
    extra: extras({
      hostname: name === '[unspecified]' ? undefined : name,
      'observer.ingress.interface.name': word(found[4]),
    }),
  });
}

/** AUTHENTICATION: an authentication policy's decision. */
export function authenticationEvent(fields: PanosFields, base: FactBase): Event {
  const text = word(fields.get('event')) ?? word(fields.get('desc')) ?? '';
  const lower = text.toLowerCase();
  const failed = lower.includes('fail') || lower.includes('denied') || lower.includes('reject');
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'authentication',
    action: 'login',
    outcome: failed ? 'failure' : lower.includes('success') || lower.includes('succe') ? 'success' : 'unknown',
    code: 'AUTHENTICATION',
    user: userName(fields.get('user')) ?? userName(fields.get('normalize_user')),
    sourceIp: ip(fields.get('ip')),
    message: word(fields.get('desc')),
    extra: extras({
      'panos.auth_policy': word(fields.get('authpolicy')),
      'panos.repeat': count(fields.get('repeatcnt')) === undefined ? undefined : integer(fields.get('repeatcnt')),
      'observer.serial_number': word(fields.get('serial')),
    }),
  });
}
