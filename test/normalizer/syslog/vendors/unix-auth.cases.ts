import type { VendorCase } from './cases';

/** Lines as OpenSSH and sudo write them. */
export const UNIX_CASES: readonly VendorCase[] = [
  {
    id: 'sshd',
    line: 'sshd[4711]: Accepted publickey for $user from $si port $sp ssh2: RSA SHA256:abc',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'success',
        severity: 6,
        user: '$user',
        sourceIp: '$si',
        sourcePort: '$sp',
        process: 'sshd',
        extra: { 'ascribe.auth_method': 'publickey' },
      },
    ],
  },
  {
    id: 'sshd',
    line: 'sshd[4711]: Failed password for invalid user $user from $si port $sp ssh2',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'failure',
        severity: 6,
        user: '$user',
        sourceIp: '$si',
        sourcePort: '$sp',
        process: 'sshd',
        extra: { 'ascribe.auth_method': 'password' },
      },
    ],
  },
  {
    id: 'sshd',
    line: 'sshd[4711]: Failed keyboard-interactive/pam for $user from $si port $sp ssh2',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'failure',
        severity: 6,
        user: '$user',
        sourceIp: '$si',
        sourcePort: '$sp',
        process: 'sshd',
        extra: { 'ascribe.auth_method': 'keyboard-interactive/pam' },
      },
    ],
  },
  {
    id: 'sshd',
    line: 'sshd[4711]: Disconnected from user $user $si port $sp',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'logout',
        severity: 6,
        user: '$user',
        sourceIp: '$si',
        sourcePort: '$sp',
        process: 'sshd',
      },
    ],
  },
  {
    id: 'sudo',
    line: 'sudo: carol : TTY=pts/0 ; PWD=/home/carol ; USER=root ; COMMAND=/usr/sbin/iptables -L',
    facts: [
      {
        fact: 'event',
        category: 'process',
        action: 'command',
        severity: 6,
        user: 'carol',
        process: 'sudo',
        command: '/usr/sbin/iptables -L',
        extra: { 'ascribe.line': 'pts/0', 'ascribe.target_user': 'root' },
      },
    ],
  },
];
