import { maskSecrets } from '../../mask-secrets';
import type { Event, FactBase } from '../../model/facts';
import type { SyslogMessage } from '../contract';
import { between, extras, ip, present, word } from '../grammar/values';

/** Configuration changes, logins of the services of OPNsense, and links of FreeBSD; undefined for any other message. */
export function systemEvent(message: SyslogMessage, base: FactBase): Event | undefined {
  const text = message.content;
  if (message.appName === 'kernel') return linkEvent(text, base);
  return changeOfPfsense(message, base) ?? changeOfOpnsense(message, base) ?? serviceLogin(message, base);
}

/** `igb1: link state changed to DOWN` (FreeBSD sys/net/if.c). */
function linkEvent(text: string, base: FactBase): Event | undefined {
  const [name, state] = text.split(': link state changed to ', 2);
  if (name === undefined || (state !== 'UP' && state !== 'DOWN')) return undefined;
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'network',
    action: state === 'UP' ? 'interface_up' : 'interface_down',
    process: 'kernel',
    message: text,
    extra: extras({ 'interface.name': word(name.slice(name.lastIndexOf(' ') + 1)) }),
  });
}

/** pfSense: `/PAGE: Configuration Change: USER@ADDRESS (DATABASE): WHAT`. */
function changeOfPfsense(message: SyslogMessage, base: FactBase): Event | undefined {
  const said = between(message.content, 'Configuration Change: ', '\n');
  if (said === undefined) return undefined;
  const open = said.indexOf(' (');
  const who = said.slice(0, open < 0 ? Math.max(0, said.indexOf(': ')) : open);
  const what = said.includes('): ') ? said.slice(said.indexOf('): ') + 3) : said.slice(who.length + 2);
  return changeEvent(message, base, who, pageAction(what), what);
}

/** OPNsense: `user USER@ADDRESS changed configuration to FILE in PAGE made changes`; the user may stand in parentheses. */
function changeOfOpnsense(message: SyslogMessage, base: FactBase): Event | undefined {
  const end = message.content.indexOf(' changed configuration to ');
  if (end < 0 || !message.content.startsWith('user ')) return undefined;
  const who = message.content.slice(5, end);
  const page = between(message.content, ' in ', ' ') ?? '';
  const plain = who.startsWith('(') && who.endsWith(')') ? who.slice(1, -1) : who;
  return changeEvent(message, base, plain, pageAction(page), page);
}

function changeEvent(message: SyslogMessage, base: FactBase, who: string, action: string, what: string): Event {
  const at = who.lastIndexOf('@');
  const from = at < 0 ? undefined : ip(who.slice(at + 1));
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'configuration',
    action,
    outcome: 'success',
    user: word(from === undefined ? who : who.slice(0, at)),
    sourceIp: from,
    process: message.appName,
    command: word(maskSecrets(what)),
    message: maskSecrets(message.content),
  });
}

function pageAction(what: string): string {
  const page = what.toLowerCase();
  if (page.includes('firewall') || page.includes('nat:')) return 'firewall_change';
  if (page.includes('user manager') || page.includes('/auth/')) return 'account_change';
  return page.includes('syslog') || page.includes('system logs') ? 'log_config_change' : 'config_change';
}

/** OPNsense: `user USER authenticated successfully for SERVICE [using …]`, `user USER could not authenticate for …`. */
function serviceLogin(message: SyslogMessage, base: FactBase): Event | undefined {
  const text = message.content;
  if (!text.startsWith('user ')) return undefined;
  const passed = text.indexOf(' authenticated successfully for ');
  const end = passed < 0 ? text.indexOf(' could not authenticate for ') : passed;
  if (end < 0) return undefined;
  return present<Event>({
    ...base,
    fact: 'event',
    category: 'authentication',
    action: 'login',
    outcome: passed < 0 ? 'failure' : 'success',
    user: word(text.slice(5, end)),
    process: message.appName,
    message: text,
  });
}
