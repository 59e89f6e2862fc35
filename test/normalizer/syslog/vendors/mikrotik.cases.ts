import type { VendorCase } from './cases';

/** Lines as in "RouterOS Manual", Log and Firewall. */
export const MIKROTIK_CASES: readonly VendorCase[] = [
  {
    id: 'forward',
    line: 'firewall,info drop-in forward: in:$if1 out:$if2, connection-state:new src-mac 02:00:5e:00:53:01, proto TCP (SYN), 100.64.0.10:$sp->100.64.1.7:$dp, len 52',
    facts: [
      {
        fact: 'session_log',
        action: 'dropped',
        outcome: 'failure',
        source: { mac: '02:00:5e:00:53:01', ip: '100.64.0.10', port: '$sp' },
        destination: { ip: '100.64.1.7', port: '$dp' },
        directionSource: 'first_packet',
        ruleName: 'drop-in',
        ingressInterface: '$if1',
        egressInterface: '$if2',
        protocol: 6,
        extra: { 'ascribe.chain': 'forward', 'ascribe.vendor_action': 'drop' },
      },
    ],
  },
  {
    id: 'input',
    line: 'firewall,info input: in:$if1 out:(unknown 0), connection-state:new proto UDP, [2001:db8:9::10]:$sp->[2001:db8:9::7]:$dp, len 48',
    facts: [
      {
        fact: 'session_log',
        action: 'connection_attempt',
        source: { ip: '2001:db8:9::10', port: '$sp' },
        destination: { ip: '2001:db8:9::7', port: '$dp' },
        directionSource: 'first_packet',
        ingressInterface: '$if1',
        protocol: 17,
        extra: { 'ascribe.chain': 'input' },
      },
    ],
  },
  {
    id: 'srcnat',
    line: 'firewall,info accept-out srcnat: in:$if1 out:$if2, connection-state:new,snat src-mac 02:00:5e:00:53:01, proto TCP (SYN), 100.64.0.10:$sp->100.64.1.7:$dp, NAT (100.64.0.10:$sp->100.64.2.5:$np)->100.64.1.7:$dp, len 52',
    facts: [
      {
        fact: 'session_log',
        action: 'allowed',
        outcome: 'success',
        source: { mac: '02:00:5e:00:53:01', ip: '100.64.0.10', port: '$sp', natIp: '100.64.2.5', natPort: '$np' },
        destination: { ip: '100.64.1.7', port: '$dp' },
        directionSource: 'first_packet',
        ruleName: 'accept-out',
        ingressInterface: '$if1',
        egressInterface: '$if2',
        protocol: 6,
        extra: { 'ascribe.chain': 'srcnat', 'ascribe.vendor_action': 'accept' },
      },
    ],
  },
  {
    id: 'dstnat',
    line: 'firewall,info forward: in:$if1 out:$if2, connection-state:established,dnat proto TCP (ACK), 100.64.0.10:$sp->100.64.2.5:$np, NAT 100.64.0.10:$sp->(100.64.2.5:$np->100.64.1.7:$dp), len 52',
    facts: [
      {
        fact: 'session_log',
        action: 'connection_attempt',
        source: { ip: '100.64.0.10', port: '$sp' },
        destination: { ip: '100.64.2.5', port: '$np', natIp: '100.64.1.7', natPort: '$dp' },
        directionSource: 'unknown',
        ingressInterface: '$if1',
        egressInterface: '$if2',
        protocol: 6,
        extra: { 'ascribe.chain': 'forward' },
      },
    ],
  },
  {
    id: 'icmp',
    line: 'firewall,info input: in:$if1 out:(unknown 0), proto ICMP (type 8, code 0), 100.64.0.10->100.64.1.7, len 84',
    facts: [
      {
        fact: 'session_log',
        action: 'connection_attempt',
        source: { ip: '100.64.0.10' },
        destination: { ip: '100.64.1.7' },
        directionSource: 'unknown',
        ingressInterface: '$if1',
        protocol: 1,
        icmpType: 8,
        icmpCode: 0,
        extra: { 'ascribe.chain': 'input' },
      },
    ],
  },
  {
    id: 'login',
    line: 'system,info,account user $user logged in from $si via winbox',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'success',
        severity: 6,
        user: '$user',
        sourceIp: '$si',
        extra: { 'network.application': 'winbox', 'ascribe.topics': 'system,info,account' },
      },
    ],
  },
  {
    id: 'login',
    line: 'system,error,critical login failure for user $user from $si via ssh',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'login',
        outcome: 'failure',
        severity: 6,
        user: '$user',
        sourceIp: '$si',
        extra: { 'network.application': 'ssh', 'ascribe.topics': 'system,error,critical' },
      },
    ],
  },
  {
    id: 'logout',
    line: 'system,info,account user $user logged out from $si via winbox',
    facts: [
      {
        fact: 'event',
        category: 'authentication',
        action: 'logout',
        severity: 6,
        user: '$user',
        sourceIp: '$si',
        extra: { 'network.application': 'winbox', 'ascribe.topics': 'system,info,account' },
      },
    ],
  },
  {
    id: 'config',
    line: 'system,info filter rule added by winbox-3.41/tcp-msg(winbox):admin@$si (*8 = /ip firewall filter add action=accept chain=input)',
    facts: [
      {
        fact: 'event',
        category: 'configuration',
        action: 'config_change',
        outcome: 'success',
        severity: 6,
        user: 'admin',
        sourceIp: '$si',
        command: '*8 = /ip firewall filter add action=accept chain=input',
        extra: {
          'ascribe.config_object': 'filter rule',
          'network.application': 'winbox-3.41/tcp-msg(winbox)',
          'ascribe.topics': 'system,info',
        },
      },
    ],
  },
  {
    id: 'config',
    line: 'system,info ppp secret changed by winbox-3.41/tcp-msg(winbox):admin@$si (/ppp secret set x password=S3cret)',
    facts: [
      {
        fact: 'event',
        category: 'configuration',
        action: 'config_change',
        outcome: 'success',
        severity: 6,
        user: 'admin',
        sourceIp: '$si',
        command: '/ppp secret set x password=***',
        extra: {
          'ascribe.config_object': 'ppp secret',
          'network.application': 'winbox-3.41/tcp-msg(winbox)',
          'ascribe.topics': 'system,info',
        },
      },
    ],
  },
  {
    id: 'config',
    line: 'system,info address changed by admin',
    facts: [
      {
        fact: 'event',
        category: 'configuration',
        action: 'config_change',
        outcome: 'success',
        severity: 6,
        user: 'admin',
        extra: { 'ascribe.config_object': 'address', 'ascribe.topics': 'system,info' },
      },
    ],
  },
  {
    id: 'dhcp',
    line: 'dhcp,info dhcp1 assigned 10.0.0.77 to 02:00:5E:00:53:01',
    facts: [
      {
        fact: 'event',
        category: 'network',
        action: 'dhcp_lease',
        outcome: 'success',
        severity: 6,
        extra: {
          'ascribe.dhcp_server': 'dhcp1',
          'client.ip': '10.0.0.77',
          'client.mac': '02:00:5e:00:53:01',
          'ascribe.topics': 'dhcp,info',
        },
      },
      { fact: 'binding', relation: 'ip-dhcp', key: '10.0.0.77', value: '02:00:5e:00:53:01', state: 'begin' },
    ],
  },
  {
    id: 'dhcp',
    line: 'dhcp,info dhcp1 deassigned 10.0.0.77 from 02:00:5E:00:53:01',
    facts: [
      {
        fact: 'event',
        category: 'network',
        action: 'dhcp_release',
        outcome: 'success',
        severity: 6,
        extra: {
          'ascribe.dhcp_server': 'dhcp1',
          'client.ip': '10.0.0.77',
          'client.mac': '02:00:5e:00:53:01',
          'ascribe.topics': 'dhcp,info',
        },
      },
      { fact: 'binding', relation: 'ip-dhcp', key: '10.0.0.77', value: '02:00:5e:00:53:01', state: 'end' },
    ],
  },
  {
    id: 'ppp',
    line: 'l2tp,ppp,info,account bob logged in, $ni from $si',
    facts: [
      {
        fact: 'event',
        category: 'session',
        action: 'vpn_connect',
        outcome: 'success',
        severity: 6,
        user: 'bob',
        sourceIp: '$si',
        extra: { 'ascribe.assigned_ip': '$ni', 'ascribe.topics': 'l2tp,ppp,info,account' },
      },
      { fact: 'binding', relation: 'ip-user', key: '$ni', value: 'bob', state: 'begin' },
    ],
  },
  {
    id: 'link',
    line: 'interface,info ether1 link up (speed 1G, full duplex)',
    facts: [
      {
        fact: 'event',
        category: 'network',
        action: 'interface_up',
        severity: 6,
        extra: { 'interface.name': 'ether1', 'ascribe.topics': 'interface,info' },
      },
    ],
  },
  {
    id: 'link',
    line: 'interface,info ether1 link down',
    facts: [
      {
        fact: 'event',
        category: 'network',
        action: 'interface_down',
        severity: 6,
        extra: { 'interface.name': 'ether1', 'ascribe.topics': 'interface,info' },
      },
    ],
  },
  {
    id: 'generic',
    line: 'system,info,critical Firmware upgraded successfully, please reboot for changes to take effect!',
    facts: [
      {
        fact: 'event',
        category: 'host',
        action: 'message',
        severity: 6,
        message: 'Firmware upgraded successfully, please reboot for changes to take effect!',
        extra: { 'ascribe.topics': 'system,info,critical' },
      },
    ],
  },
  {
    id: 'relay',
    line: 'MikroTik: firewall,info input: in:$if1 out:(unknown 0), proto UDP, 100.64.0.10:$sp->100.64.1.7:$dp, len 48',
    facts: [
      {
        fact: 'session_log',
        action: 'connection_attempt',
        source: { ip: '100.64.0.10', port: '$sp' },
        destination: { ip: '100.64.1.7', port: '$dp' },
        directionSource: 'unknown',
        ingressInterface: '$if1',
        protocol: 17,
        extra: { 'ascribe.chain': 'input' },
      },
    ],
  },
];
