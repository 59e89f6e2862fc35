import type { DevicePlatform } from '../../../collectors/ssh/devices/platform';
import type { DeviceMode, DeviceScript } from './device-script';

/**
 * How each kind of device speaks, written by hand after its vendor's command line documents; see the data files in
 * `collectors/ssh/devices/platforms`.
 */

const angle = (hostname: string, { privileged }: DeviceMode): string => `${hostname}${privileged ? '#' : '>'}`;
const BACKSPACES = '\u0008'.repeat(9);
const MORE = { text: ' --More-- ', erase: `${BACKSPACES}        ${BACKSPACES}`, lines: 4 };

const cisco = {
  prompt: angle,
  startsPrivileged: false,
  enable: { line: 'enable', ask: 'Password: ', denied: '% Access denied\n' },
  unknown: (line: string): string => `${line}\n   ^\n% Invalid input detected at '^' marker.\n\n`,
  refusal: 'Command authorization failed.\n\n',
  logout: /^exit$/,
} as const;

export const SCRIPTS: Readonly<Record<DevicePlatform, DeviceScript>> = {
  cisco_ios: {
    ...cisco,
    platform: 'cisco_ios',
    hostname: 'core-rtr.1',
    pager: { ...MORE, off: /^terminal (?:length|width) 0$/ },
  },
  cisco_asa: {
    ...cisco,
    platform: 'cisco_asa',
    hostname: 'asa',
    prompt: (hostname, { privileged, part }) =>
      `${hostname}/act${part === '' ? '' : `/${part}`}${privileged ? '# ' : '> '}`,
    banner: "User ascribe logged in to asa\nType help or '?' for a list of available commands.\n",
    pager: { text: '<--- More --->', erase: '\r              \r', lines: 4, off: /^terminal (?:pager 0|width 511)$/ },
    navigate: (line, mode) => {
      if (line === 'changeto system') return { ...mode, part: '' };
      const name = /^changeto context (\S+)$/.exec(line)?.[1];
      if (name === undefined) return undefined;
      return name === 'gone' ? { error: `ERROR: Context ${name} does not exist\n` } : { ...mode, part: name };
    },
    unknown: () => "                  ^\nERROR: % Invalid input detected at '^' marker.\n",
    refusal: 'ERROR: Command authorization failed\n',
  },
  cisco_nxos: {
    ...cisco,
    platform: 'cisco_nxos',
    hostname: 'n9k-1',
    startsPrivileged: true,
    prompt: (hostname) => `${hostname}# `,
    pager: {
      text: '\u001b[7m--More--\u001b[27m',
      erase: '\r\u001b[K',
      lines: 4,
      off: /^terminal (?:length 0|width 511)$/,
    },
    refusal: '% Permission denied for the role\n',
  },
  juniper_junos: {
    platform: 'juniper_junos',
    hostname: 'srx-1',
    startsPrivileged: true,
    prompt: (hostname) => `\r\n{primary:node0}\r\nascribe@${hostname}> `,
    banner: '--- JUNOS 21.4R3-S5.4 Kernel 64-bit  JNPR-12.1\n',
    questions: [{ text: 'root@srx-1:~ # ', answer: 'cli' }],
    pager: {
      text: '---(more)---',
      erase: '\r                                        \r',
      lines: 4,
      off: /^set cli screen-length 0$/,
    },
    navigate: (line, mode) => (/^set cli (?:screen-width 0|complete-on-space off)$/.test(line) ? mode : undefined),
    unknown: (line) => `                ^\nsyntax error, expecting <command>: ${line}\n`,
    refusal: 'error: permission denied\n',
    logout: /^exit$/,
  },
  fortigate: {
    platform: 'fortigate',
    hostname: 'FGT-60F',
    startsPrivileged: true,
    prompt: (hostname) => `${hostname} # `,
    questions: [{ text: "WARNING: authorized use only#\r\n(Press 'a' to accept):", answer: 'a', key: true }],
    pager: { text: '--More-- ', erase: '\r         \r', lines: 4, off: /^never$/ },
    prefixed: (line) => {
      const found = /^sudo (\S+) (.+)$/.exec(line);
      return found === null ? undefined : { line: found[2]!, part: found[1] === 'global' ? '' : found[1]! };
    },
    unknown: (line) => `command parse error before '${line.split(' ')[0]}'\nCommand fail. Return code -61\n\n`,
    refusal: 'Command fail. Return code -37\n',
    logout: /^exit$/,
  },
  panos: {
    platform: 'panos',
    hostname: 'pa-220',
    startsPrivileged: true,
    prompt: (hostname) => `ascribe@${hostname}(active)> `,
    banner: '\n\nNumber of failed attempts since last successful login: 0\n\n\n',
    pager: { text: 'lines 1-4 ', erase: '\r\u001b[K', lines: 4, off: /^set cli pager off$/ },
    navigate: (line, mode) => (/^set cli (?:scripting-mode on|terminal width 500)$/.test(line) ? mode : undefined),
    unknown: (line) => `Unknown command: ${line.split(' ')[0]}\n`,
    refusal: 'Server error : Permission denied\n',
    logout: /^exit$/,
  },
  arista_eos: {
    ...cisco,
    platform: 'arista_eos',
    hostname: 'leaf-1',
    pager: { text: ' --More-- ', erase: '\r\u001b[K', lines: 4, off: /^terminal (?:length 0|width 32767)$/ },
    unknown: () => '% Invalid input\n',
    refusal: "% Authorization denied for command 'show'\n",
  },
  mikrotik: {
    platform: 'mikrotik',
    hostname: 'MikroTik',
    startsPrivileged: true,
    prompt: (hostname) => `[ascribe@${hostname}] > `,
    banner: '\n  MikroTik RouterOS 6.49.10 (c) 1999-2023       https://www.mikrotik.com/\n\n',
    questions: [{ text: 'Do you want to see the software license? [Y/n]: ', answer: 'n', key: true }],
    unknown: (line) => `bad command name ${line.split(' ')[0]} (line 1 column 1)\n`,
    refusal: 'not enough permissions (9)\n',
    logout: /^\/quit$/,
  },
  vyos: {
    platform: 'vyos',
    hostname: 'vyos-1',
    startsPrivileged: true,
    prompt: (hostname) => `\u001b[?2004hascribe@${hostname}:~$ `,
    banner: 'Welcome to VyOS!\n\nLast login: Tue Nov 24 01:02:03 2026 from 192.0.2.5\n',
    pager: { text: ':', erase: '\r\u001b[K', lines: 4, off: /^set terminal length 0$/ },
    navigate: (line, mode) => (line === 'set terminal width 511' ? mode : undefined),
    unknown: (line) => `\n  Invalid command: [${line}]\n\n`,
    refusal: 'Permission denied\n',
    logout: /^exit$/,
  },
  pfsense: {
    platform: 'pfsense',
    hostname: 'pf',
    startsPrivileged: true,
    exec: true,
    prompt: (hostname) => `[2.7.2-RELEASE][admin@${hostname}.example]/root: `,
    questions: [{ text: ' 0) Logout (SSH only)\r\n 8) Shell\r\n\r\nEnter an option: ', answer: '8' }],
    unknown: (line) => `${line.split(' ')[0]}: Command not found.\n`,
    refusal: 'pfctl: /dev/pf: Permission denied\n',
    logout: /^exit$/,
  },
  opnsense: {
    platform: 'opnsense',
    hostname: 'OPNsense',
    startsPrivileged: true,
    exec: true,
    prompt: (hostname) => `root@${hostname}:~ # `,
    questions: [{ text: '  0) Logout   7) Ping host\r\n  8) Shell\r\n\r\nEnter an option: ', answer: '8' }],
    unknown: (line) => `${line.split(' ')[0]}: not found\n`,
    refusal: 'pfctl: Permission denied\n',
    logout: /^exit$/,
  },
};
