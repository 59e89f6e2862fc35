import type { DeviceCommand, DevicePlatform, Platform } from '../platform';
import { NEW_PASSWORD } from './shared.data';

const table = (purpose: DeviceCommand['purpose'], id: string, ...lines: [string, ...string[]]): DeviceCommand => ({
  id,
  purpose,
  lines,
  output: 'text',
});

/**
 * pfSense and OPNsense: FreeBSD underneath (pfctl(8), sockstat(1), arp(8), ifconfig(8)). Commands go without a terminal
 * where the login allows it; where it leads into the console menu, the menu's shell is taken.
 */
function pf(platform: DevicePlatform, summary: string, file: string, root: string, version: string): Platform {
  return {
    platform,
    summary,
    // pfSense's tcsh ends its prompt with a colon: `[2.7.2-RELEASE][admin@fw.example]/root: `.
    prompt: /^(?:\[[^\]\n]{1,64}\]\[[^\]\n]{1,128}\][\w.~/-]{1,128}: ?|[\w.@:~/ -]{0,128}[#$%] ?)$/,
    privileged: /[#$%:] ?$/,
    login: [{ shows: /^\s{0,8}Enter an option: ?$/, answer: { line: '8' } }],
    stop: [NEW_PASSWORD],
    prepare: [],
    pagers: [],
    refused: [/^(?:[^\n]{1,120}: )?(?:Permission denied|Operation not permitted)/i],
    unknown: [/^(?:[^\n]{1,120}: )?(?:Command not found|not found|No such file or directory)/i],
    version: /^([\w.-]{1,60}(?: [\w.-]{1,40})?)\s*$/,
    exec: true,
    changes: 'config_changes',
    logout: 'exit',
    commands: [
      table('identity', 'clock', 'date +%s'),
      table('identity', 'version', version),
      table('state', 'connections', 'pfctl -vvss', 'pfctl -ss'),
      table('state', 'sockets', 'sockstat -46', 'sockstat -4c'),
      table('state', 'nat_rules', 'pfctl -vvsn', 'pfctl -sn'),
      table('state', 'rules', 'pfctl -vvsr', 'pfctl -sr'),
      table('state', 'vpn_sessions', 'swanctl --list-sas', 'ipsec statusall'),
      table('state', 'arp', 'arp -an'),
      table('state', 'neighbours_ipv6', 'ndp -an'),
      table('state', 'interfaces', 'ifconfig -a'),
      table('state', 'config_changes', `stat -f %m ${file}`),
      {
        ...table('configuration', 'running_config', `cat ${file}`),
        output: 'xml',
        terminator: new RegExp(`^</${root}>\\s*$`),
      },
    ],
  };
}

export const pfsense = pf('pfsense', 'Netgate pfSense', '/cf/conf/config.xml', 'pfsense', 'cat /etc/version');
export const opnsense = pf('opnsense', 'Deciso OPNsense', '/conf/config.xml', 'opnsense', 'opnsense-version');
