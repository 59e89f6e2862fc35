import { maskSecrets } from '../../mask-secrets';
import type { Binding, Event, Fact, FactBase } from '../../model/facts';
import { actionName, between, extras, ip, present, word } from '../grammar/values';
import { readDhcp } from './dhcp-messages';
import { dhcpMessageFacts } from './dhcp';
import { EVENT_WORDS } from './watchguard.data';

/** A message that is not about traffic: `text` is what stands behind `msg_id="CODE"`. */
export function watchguardEvent(text: string, code: string, base: FactBase, serial: string | undefined): Fact[] {
  const dhcp = readDhcp(text);
  if (dhcp !== undefined) return dhcpMessageFacts(dhcp, base, undefined, text);
  const found = EVENT_WORDS.find(([part]) => text.includes(part));
  const inner = ip(withoutEndMark(between(text, 'irtual IP is ', ' ') ?? between(text, 'irtual IP address is ', ' ')));
  const vpn = inner !== undefined || text.startsWith('SSL VPN user ') || text.startsWith('Mobile VPN ');
  const user = userOf(text);
  const action = vpnAction(vpn, found?.[2]) ?? actionName(code);
  const event = present<Event>({
    ...base,
    fact: 'event',
    category: vpn ? 'session' : (found?.[1] ?? 'host'),
    action,
    outcome: found?.[3],
    code,
    user,
    sourceIp:
      ip(withoutEndMark(between(text, ' from ', ' '))) ?? ip(withoutEndMark(between(text, 'Real IP address is ', ' '))),
    command: found?.[1] === 'configuration' ? maskSecrets(text) : undefined,
    message: word(text),
    extra: extras({ 'observer.serial_number': serial }),
  });
  if (inner === undefined || user === undefined || found?.[3] !== 'success') return [event];
  const state = action === 'vpn_disconnect' ? 'end' : 'begin';
  return [
    event,
    present<Binding>({
      ...base,
      fact: 'binding',
      relation: 'ip-user',
      key: inner,
      value: user,
      state,
      extra: extras({ 'source.ip': event.sourceIp }),
    }),
  ];
}

function vpnAction(vpn: boolean, action: string | undefined): string | undefined {
  if (!vpn) return action;
  if (action === 'login') return 'vpn_connect';
  return action === 'logout' ? 'vpn_disconnect' : action;
}

/** `… user [bob@Firebox-DB] from …`, `Management user bob from …`, `WSM User bob@Firebox-DB from …`, `… user bob logged …`. */
function userOf(text: string): string | undefined {
  const bracketed = between(text, ' user [', ']');
  if (bracketed !== undefined) return word(bracketed);
  const named = between(text, ' user ', ' ') ?? between(text, ' User ', ' ');
  return named === undefined || named === 'from' ? undefined : word(named);
}

function withoutEndMark(text: string | undefined): string | undefined {
  return text?.endsWith('.') === true || text?.endsWith(',') === true ? text.slice(0, -1) : text;
}
