import type { VendorCase } from './cases';

/** Messages as in "Cisco IOS XR System Error Messages". */
export const XR_CASES: readonly VendorCase[] = [
  {
    id: 'IPACCESSLOGP',
    line: 'ipv4_acl_mgr[293]: %ACL-IPV4_ACL-6-IPACCESSLOGP : access-list $rule (40) deny udp $si($sp) -> $di($dp), 1 packet',
    facts: [
      {
        fact: 'session_log',
        action: 'denied',
        outcome: 'failure',
        code: 'ACL-IPV4_ACL-6-IPACCESSLOGP',
        source: { ip: '$si', port: '$sp', packets: 1n },
        destination: { ip: '$di', port: '$dp' },
        directionSource: 'unknown',
        ruleName: '$rule',
        ruleId: '40',
        protocol: 17,
        extra: { 'ascribe.vendor_action': 'deny' },
      },
    ],
  },
  {
    id: 'IPACCESSLOGDP',
    line: 'ipv4_acl_mgr[293]: %ACL-IPV4_ACL-6-IPACCESSLOGDP : access-list $rule (10) permit icmp $si -> $di (8/0), 5 packets',
    facts: [
      {
        fact: 'session_log',
        action: 'allowed',
        outcome: 'success',
        code: 'ACL-IPV4_ACL-6-IPACCESSLOGDP',
        source: { ip: '$si', packets: 5n },
        destination: { ip: '$di' },
        directionSource: 'unknown',
        ruleName: '$rule',
        ruleId: '10',
        protocol: 1,
        icmpType: 8,
        icmpCode: 0,
        extra: { 'ascribe.vendor_action': 'permit' },
      },
    ],
  },
  {
    id: 'DB_COMMIT',
    line: "config[65826]: %MGBL-CONFIG-6-DB_COMMIT : Configuration committed by user '$user'. Use 'show configuration commit changes 1000000093' to view the changes.",
    facts: [
      {
        fact: 'event',
        category: 'configuration',
        action: 'config_commit',
        outcome: 'success',
        code: 'MGBL-CONFIG-6-DB_COMMIT',
        severity: 6,
        user: '$user',
        process: 'config',
        extra: {
          'ascribe.config_version': '1000000093',
          'ascribe.facility': 'MGBL-CONFIG',
          'ascribe.mnemonic': 'DB_COMMIT',
        },
      },
    ],
  },
  {
    id: 'CONFIG_I',
    line: 'config[65826]: %MGBL-SYS-5-CONFIG_I : Configured from console by $user on vty0 ($si)',
    facts: [
      {
        fact: 'event',
        category: 'configuration',
        action: 'config_change',
        code: 'MGBL-SYS-5-CONFIG_I',
        severity: 5,
        user: '$user',
        sourceIp: '$si',
        process: 'config',
        extra: {
          'ascribe.config_source': 'console',
          'ascribe.line': 'vty0',
          'ascribe.facility': 'MGBL-SYS',
          'ascribe.mnemonic': 'CONFIG_I',
        },
      },
    ],
  },
  {
    id: 'login',
    line: "SSHD_[65698]: %SECURITY-SSHD-6-INFO_SUCCESS : Successfully authenticated user '$user' from '$si' on 'vty0'(cipher 'aes128-ctr', mac 'hmac-sha1')",
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'success',
        code: 'SECURITY-SSHD-6-INFO_SUCCESS',
        severity: 6,
        user: '$user',
        sourceIp: '$si',
        process: 'SSHD_',
        extra: { 'ascribe.line': 'vty0', 'ascribe.facility': 'SECURITY-SSHD', 'ascribe.mnemonic': 'INFO_SUCCESS' },
      },
    ],
  },
  {
    id: 'login',
    line: "SSHD_[65698]: %SECURITY-SSHD-4-INFO_FAILURE : Failed authentication attempt by user '$user' from '$si' on 'vty0'",
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'failure',
        code: 'SECURITY-SSHD-4-INFO_FAILURE',
        severity: 4,
        user: '$user',
        sourceIp: '$si',
        process: 'SSHD_',
        extra: { 'ascribe.line': 'vty0', 'ascribe.facility': 'SECURITY-SSHD', 'ascribe.mnemonic': 'INFO_FAILURE' },
      },
    ],
  },
  {
    id: 'logout',
    line: "SSHD_[65698]: %SECURITY-SSHD-6-INFO_USER_LOGOUT : User '$user' from '$si' logged out on 'vty0'",
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'logout',
        code: 'SECURITY-SSHD-6-INFO_USER_LOGOUT',
        severity: 6,
        user: '$user',
        sourceIp: '$si',
        process: 'SSHD_',
        extra: { 'ascribe.line': 'vty0', 'ascribe.facility': 'SECURITY-SSHD', 'ascribe.mnemonic': 'INFO_USER_LOGOUT' },
      },
    ],
  },
  {
    id: 'interface',
    line: 'ifmgr[214]: %PKT_INFRA-LINK-3-UPDOWN : Interface TenGigE0/2/0/4, changed state to Down',
    facts: [
      {
        fact: 'event',
        category: 'network',
        action: 'interface_down',
        code: 'PKT_INFRA-LINK-3-UPDOWN',
        severity: 3,
        process: 'ifmgr',
        extra: {
          'interface.name': 'TenGigE0/2/0/4',
          'ascribe.facility': 'PKT_INFRA-LINK',
          'ascribe.mnemonic': 'UPDOWN',
        },
      },
    ],
  },
  {
    id: 'generic',
    line: 'fia_driver[186]: %PLATFORM-FIA-3-PARITY : parity error',
    facts: [
      {
        fact: 'event',
        category: 'host',
        action: 'parity',
        code: 'PLATFORM-FIA-3-PARITY',
        severity: 3,
        process: 'fia_driver',
        message: 'parity error',
        extra: { 'ascribe.facility': 'PLATFORM-FIA', 'ascribe.mnemonic': 'PARITY' },
      },
    ],
  },
  {
    id: 'IPACCESSLOGP',
    line: 'ipv4_acl_mgr[310]: %ACL-IPV4_ACL-6-IPACCESSLOGP : access-list $rule deny tcp $si($sp) -> $di($dp), 1 packet',
    facts: [
      {
        fact: 'session_log',
        action: 'denied',
        outcome: 'failure',
        code: 'ACL-IPV4_ACL-6-IPACCESSLOGP',
        source: { ip: '$si', port: '$sp', packets: 1n },
        destination: { ip: '$di', port: '$dp' },
        directionSource: 'unknown',
        ruleName: '$rule',
        protocol: 6,
        extra: { 'ascribe.vendor_action': 'deny' },
      },
    ],
  },
];
