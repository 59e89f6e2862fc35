import { type EventRow, event } from './rows';

/** RouterOS messages other than the firewall's ("RouterOS Manual", Log). Tried in this order. */
const CHANGE = ['added', 'changed', 'removed', 'moved', 'enabled', 'disabled', 'unset'];

export const MIKROTIK_EVENTS: readonly EventRow[] = [
  event(
    'authentication',
    'login',
    'failure',
    'login failure for user {user} from {srcip} via {@network.application+}',
    'login failure for user {user} via {@network.application+}',
  ),
  event(
    'authentication',
    'login',
    'success',
    'user {user} logged in from {srcip} via {@network.application+}',
    'user {user} logged in via {@network.application+}',
  ),
  event(
    'authentication',
    'logout',
    undefined,
    'user {user} logged out from {srcip} via {@network.application+}',
    'user {user} logged out via {@network.application+}',
  ),
  {
    ...event(
      'session',
      'vpn_connect',
      'success',
      '{userWord} logged in, {inner} from {srcip}',
      '{userWord} logged in, {inner}',
    ),
    vpn: 'begin',
  },
  event(
    'session',
    'vpn_disconnect',
    undefined,
    '{userWord} logged out, {#ascribe.session_seconds} {#source.bytes} {#destination.bytes} {#source.packets} {#destination.packets} from {srcip}',
    '{userWord} logged out, {#ascribe.session_seconds} {#source.bytes} {#destination.bytes} {#source.packets} {#destination.packets}',
  ),
  event(
    'network',
    'dhcp_lease',
    'success',
    '{@ascribe.dhcp_server} assigned {lease} to {mac}',
    '{@ascribe.dhcp_server} assigned {lease} for {mac}',
  ),
  event(
    'network',
    'dhcp_release',
    'success',
    '{@ascribe.dhcp_server} deassigned {lease} from {mac}',
    '{@ascribe.dhcp_server} deassigned {lease} for {mac}',
  ),
  event('network', 'interface_up', undefined, '{@interface.name} link up'),
  event('network', 'interface_down', undefined, '{@interface.name} link down'),
  event('host', 'host_restart', undefined, 'router rebooted{? {reason}}'),
  event('host', 'clock_change', undefined, 'system time changed{? {reason}}'),
  ...CHANGE.map((verb) =>
    event(
      'configuration',
      'config_change',
      'success',
      `{@ascribe.config_object+} ${verb} by {@network.application}:{userWord}@{srcip} ({config})`,
      `{@ascribe.config_object+} ${verb} by {@network.application}:{userWord}@{srcip}`,
      `{@ascribe.config_object+} ${verb} by {userWord}`,
    ),
  ),
];
