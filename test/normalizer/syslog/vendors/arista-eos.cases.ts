import type { VendorCase } from './cases';

/** Messages as in "Arista EOS User Manual", Logging, and "EOS System Messages". */
export const EOS_CASES: readonly VendorCase[] = [
  {
    id: 'CONFIG_E',
    line: 'ConfigAgent: %SYS-5-CONFIG_E: Enter configuration mode from console by $user on vty3 ($si)',
    facts: [
      {
        fact: 'event',
        category: 'configuration',
        action: 'config_mode_enter',
        code: 'SYS-5-CONFIG_E',
        severity: 5,
        user: '$user',
        sourceIp: '$si',
        process: 'ConfigAgent',
        extra: {
          'ascribe.config_source': 'console',
          'ascribe.line': 'vty3',
          'ascribe.facility': 'SYS',
          'ascribe.mnemonic': 'CONFIG_E',
        },
      },
    ],
  },
  {
    id: 'CONFIG_I',
    line: 'ConfigAgent: %SYS-5-CONFIG_I: Configured from console by $user on vty3 ($si)',
    facts: [
      {
        fact: 'event',
        category: 'configuration',
        action: 'config_change',
        code: 'SYS-5-CONFIG_I',
        severity: 5,
        user: '$user',
        sourceIp: '$si',
        process: 'ConfigAgent',
        extra: {
          'ascribe.config_source': 'console',
          'ascribe.line': 'vty3',
          'ascribe.facility': 'SYS',
          'ascribe.mnemonic': 'CONFIG_I',
        },
      },
    ],
  },
  {
    id: 'CONFIG_STARTUP',
    line: 'ConfigAgent: %SYS-5-CONFIG_STARTUP: Startup config saved from system:/running-config by $user on vty3 ($si).',
    facts: [
      {
        fact: 'event',
        category: 'configuration',
        action: 'config_save',
        code: 'SYS-5-CONFIG_STARTUP',
        severity: 5,
        user: '$user',
        sourceIp: '$si',
        process: 'ConfigAgent',
        extra: {
          'ascribe.config_source': 'system:/running-config',
          'ascribe.line': 'vty3',
          'ascribe.facility': 'SYS',
          'ascribe.mnemonic': 'CONFIG_STARTUP',
        },
      },
    ],
  },
  {
    id: 'login',
    line: 'Aaa: %AAA-5-LOGIN: user $user logged in [from: $si] [service: sshd]',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'success',
        code: 'AAA-5-LOGIN',
        severity: 5,
        user: '$user',
        sourceIp: '$si',
        process: 'Aaa',
        extra: { 'network.application': 'sshd', 'ascribe.facility': 'AAA', 'ascribe.mnemonic': 'LOGIN' },
      },
    ],
  },
  {
    id: 'login',
    line: 'Aaa: %AAA-4-LOGIN_FAILED: user $user failed to login [from: $si] [service: sshd] [reason: Authentication failed - Bad secret]',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'failure',
        code: 'AAA-4-LOGIN_FAILED',
        severity: 4,
        user: '$user',
        sourceIp: '$si',
        process: 'Aaa',
        extra: {
          'network.application': 'sshd',
          'ascribe.facility': 'AAA',
          'ascribe.mnemonic': 'LOGIN_FAILED',
          'event.reason': 'Authentication failed - Bad secret',
        },
      },
    ],
  },
  {
    id: 'logout',
    line: 'Aaa: %AAA-5-LOGOUT: user $user logged out [from: $si] [service: sshd]',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'logout',
        code: 'AAA-5-LOGOUT',
        severity: 5,
        user: '$user',
        sourceIp: '$si',
        process: 'Aaa',
        extra: { 'network.application': 'sshd', 'ascribe.facility': 'AAA', 'ascribe.mnemonic': 'LOGOUT' },
      },
    ],
  },
  {
    id: 'command',
    line: 'Aaa: %ACCOUNTING-6-CMD: $user vty3 $si stop task_id=1 start_time=1771897800.1 timezone=UTC service=shell priv-lvl=15 cmd=show version',
    facts: [
      {
        fact: 'event',
        category: 'process',
        action: 'command',
        code: 'ACCOUNTING-6-CMD',
        severity: 6,
        user: '$user',
        sourceIp: '$si',
        process: 'Aaa',
        command: 'show version',
        extra: { 'ascribe.line': 'vty3', 'ascribe.facility': 'ACCOUNTING', 'ascribe.mnemonic': 'CMD' },
      },
    ],
  },
  {
    id: 'interface',
    line: 'Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet28 (Server 7), changed state to up',
    facts: [
      {
        fact: 'event',
        category: 'network',
        action: 'interface_up',
        code: 'LINEPROTO-5-UPDOWN',
        severity: 5,
        process: 'Ebra',
        extra: { 'interface.name': 'Ethernet28', 'ascribe.facility': 'LINEPROTO', 'ascribe.mnemonic': 'UPDOWN' },
      },
    ],
  },
  {
    id: 'BGP',
    line: 'Bgp: %BGP-5-ADJCHANGE: peer $si (VRF default AS 65001) old state Established event AdminReset new state Idle',
    facts: [
      {
        fact: 'event',
        category: 'network',
        action: 'neighbor_change',
        code: 'BGP-5-ADJCHANGE',
        severity: 5,
        process: 'Bgp',
        extra: {
          'ascribe.neighbor.ip': '$si',
          'ascribe.vrf': 'default',
          'ascribe.as': 65001,
          'ascribe.state.old': 'Established',
          'ascribe.event': 'AdminReset',
          'ascribe.state.new': 'Idle',
          'ascribe.facility': 'BGP',
          'ascribe.mnemonic': 'ADJCHANGE',
        },
      },
    ],
  },
];
