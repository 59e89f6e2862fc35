import type { VendorCase } from './cases';

/** Lines as in "NSX Administration Guide", distributed firewall packet logs and audit logs. */
export const NSX_CASES: readonly VendorCase[] = [
  {
    id: 'match',
    line: 'FIREWALL-PKTLOG - - - 5bf3bbfd INET match PASS 2 OUT 60 TCP $si/$sp->$di/$dp S',
    facts: [
      {
        fact: 'session_log',
        action: 'allowed',
        outcome: 'success',
        source: { ip: '$si', port: '$sp' },
        destination: { ip: '$di', port: '$dp' },
        directionSource: 'first_packet',
        ruleId: '2',
        protocol: 6,
        extra: { 'ascribe.vnic_direction': 'out', 'ascribe.filter': '5bf3bbfd', 'ascribe.vendor_action': 'PASS' },
      },
    ],
  },
  {
    id: 'match',
    line: 'FIREWALL-PKTLOG - - - 5bf3bbfd INET match DROP domain-c7/1002 IN 76 UDP $si/$sp->$di/$dp',
    facts: [
      {
        fact: 'session_log',
        action: 'dropped',
        outcome: 'failure',
        source: { ip: '$si', port: '$sp' },
        destination: { ip: '$di', port: '$dp' },
        directionSource: 'first_packet',
        ruleId: '1002',
        protocol: 17,
        extra: { 'ascribe.vnic_direction': 'in', 'ascribe.filter': '5bf3bbfd', 'ascribe.vendor_action': 'DROP' },
      },
    ],
  },
  {
    id: 'match',
    line: 'FIREWALL-PKTLOG - - - 5bf3bbfd INET6 match REJECT 1003 IN 84 PROTO 58 $si->$di',
    facts: [
      {
        fact: 'session_log',
        action: 'denied',
        outcome: 'failure',
        source: { ip: '$si' },
        destination: { ip: '$di' },
        directionSource: 'first_packet',
        ruleId: '1003',
        protocol: 58,
        extra: { 'ascribe.vnic_direction': 'in', 'ascribe.filter': '5bf3bbfd', 'ascribe.vendor_action': 'REJECT' },
      },
    ],
  },
  {
    id: 'term',
    line: 'FIREWALL-PKTLOG - - - 5bf3bbfd INET TERM PASS 2 OUT TCP RST $si/$sp->$di/$dp 49/53 6757/6613 mytag',
    facts: [
      {
        fact: 'session_log',
        action: 'session_end',
        source: { ip: '$si', port: '$sp' },
        destination: { ip: '$di', port: '$dp' },
        directionSource: 'first_packet',
        ruleId: '2',
        protocol: 6,
        reason: 'RST',
        end: 1795486200000,
        packets: 102n,
        bytes: 13370n,
        extra: { 'ascribe.vnic_direction': 'out', 'ascribe.filter': '5bf3bbfd' },
      },
    ],
  },
  {
    id: 'audit',
    line: 'NSX 1234 - [nsx@6876 audit="true" comp="nsx-manager" level="INFO" subcomp="manager" username="$user"] UserName="$user", ModuleName="Firewall", Operation="UpdateRule", Operation status="success"',
    facts: [
      {
        fact: 'event',
        category: 'configuration',
        action: 'config_change',
        outcome: 'success',
        severity: 5,
        user: '$user',
        process: 'NSX',
        extra: { 'ascribe.operation': 'UpdateRule', 'ascribe.component': 'Firewall' },
      },
    ],
  },
];
