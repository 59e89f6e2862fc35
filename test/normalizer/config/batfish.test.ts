import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { terminalLines } from '../../../normalizer/config/configuration-text';
import { type ConfigPlatform, platformOf } from '../../../normalizer/config/platforms';
import { sample } from './read-sample';

/** Configurations of batfish (Apache-2.0), read where they stand. What is expected was read off each file by hand. */
const FOLDER = join(__dirname, '../../../../shared/data/config/batfish');
const present = existsSync(FOLDER);
const maybe = present ? describe : describe.skip;

const PLATFORMS: Readonly<Record<string, ConfigPlatform>> = {
  cisco: 'cisco_ios',
  cisco_asa: 'cisco_asa',
  fortios: 'fortigate',
  juniper: 'juniper_junos',
  palo_alto: 'panos',
};

interface Expected {
  readonly rules?: readonly string[];
  readonly endpoints?: readonly string[];
  readonly own?: readonly string[];
}

const ipsec = (line: number, ip: string): string[] => [
  `${line} ipsec udp:${ip}:500 encrypted`,
  `${line} ipsec udp:${ip}:4500 encrypted`,
  `${line} ipsec esp:${ip}:* encrypted`,
];
const acl = (name: string, ...lines: number[]): string[] => [
  ...lines.map((line, i) => `acl ${name} ${(i + 1) * 10} @${line}`),
  `acl_list ${name} @${lines[0]}`,
];
const policies = (...rules: readonly (readonly [string, number])[]): string[] =>
  rules.map(([id, line]) => `policy ${id} @${line}`);

/** Every file of the folder: what it holds of rules, sessions of the device and own addresses; nothing where it is empty. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  cisco__aaaAuthenticationIos: {},
  cisco__aaaAuthenticationIosNoDefault: {},
  cisco__aaaNewmodel: {},
  cisco__aaaNoNewmodel: {},
  cisco__aclIos: { rules: acl('acl', 7) },
  'cisco__bgp-default-information-originate': {},
  'cisco__crypto-vrf': {
    rules: ['crypto_map crypto_map Sales-VPN 10 @20'],
    endpoints: [
      ...ipsec(7, '1.1.1.1'),
      ...ipsec(8, '1.1.1.2'),
      ...ipsec(9, '1.1.1.3'),
      ...ipsec(10, '1.1.1.4'),
      ...ipsec(21, '1.1.1.1'),
    ],
  },
  'cisco__ios-aaa-group-server': {
    endpoints: [
      '4 tacacs tcp:192.168.1.1:49',
      '7 ldap tcp:192.168.2.1:389',
      '8 ldap tcp:192.168.2.2:389',
      '11 radius udp:192.168.3.1:1645',
      '14 tacacs tcp:10.1.1.1:49',
      '16 tacacs tcp:10.2.2.2:49',
    ],
  },
  'cisco__ios-acl': {
    rules: [
      ...acl('AL', 5),
      ...acl('10', 6),
      ...acl('AL6_UNUSED', 9),
      ...acl('AL6', 11),
      ...acl('AL_IF', 24),
      ...acl('AL_standard', 36),
      ...acl('AL_extended', 38),
    ],
    own: ['1.1.1.1 Ethernet1'],
  },
  'cisco__ios-acl-in-routemap': {
    rules: [...acl('10', 5), ...acl('v6list', 6)],
    endpoints: ['19 bgp tcp:2.2.2.2:179', '22 bgp tcp:2.2.2.2:179'],
    own: ['10.1.1.1 Ethernet1'],
  },
  'cisco__ios-acl-object-group': { rules: [...acl('acl1', 15), ...acl('acl-undefined', 18)] },
  'cisco__ios-acl-portgroup': {
    rules: [...acl('aclBase', 19, 20), ...acl('aclEmpty', 23), ...acl('aclDuplicate', 26), ...acl('aclUndefined', 29)],
  },
  cisco_asa__aaaAuthenticationAsa: {},
  cisco_asa__aclAsa: { rules: ['acl acl 1 @6', 'acl_list acl @6'] },
  'cisco_asa__asa-acl-object': {
    rules: ['acl acl1 1 @21', 'acl_list acl1 @21', 'acl acl2 1 @23', 'acl_list acl2 @23'],
  },
  'cisco_asa__asa-logging': {
    endpoints: [
      '7 syslog tcp:10.0.0.1:1500',
      '8 syslog udp:192.168.1.5:1026',
      '9 syslog udp:172.16.0.9:514',
      '10 syslog tcp:10.0.0.4:1470',
      '11 syslog udp:192.168.1.7:514',
      '12 syslog udp:[2001::1:1]:2020',
    ],
  },
  // Without `logging enable` nothing is sent.
  'cisco_asa__asa-logging-bad-port': { endpoints: ['6 syslog udp:10.0.0.2:500 off'] },
  'cisco_asa__asa-nat-mixed': {
    rules: [
      'nat after-auto 1 @23',
      'nat manual 1 @24',
      'nat manual 2 @25',
      'nat after-auto 2 @26',
      'nat object source-subnet29-b @29',
      'nat object source-subnet29 @31',
      'nat object source-real @33',
      'nat object source-static @35',
      'nat object source-subnet24 @37',
      'nat object alphabetical @39',
    ],
  },
  'cisco_asa__asa-nat-object-dynamic': {
    rules: [38, 40, 42, 44].map((line, i) => `nat object source-real-${i + 1} @${line}`),
    own: ['1.0.0.1 GigabitEthernet0/0', '2.0.0.1 GigabitEthernet0/1', '3.0.0.1 GigabitEthernet0/2'],
  },
  'cisco_asa__asa-nat-object-refs': {
    rules: [
      ...[34, 36, 38, 40].map((line, i) => `nat object source-real-${i + 1} @${line}`),
      'nat object source-real-invalid @42',
    ],
    own: ['1.0.0.1 GigabitEthernet0/0', '2.0.0.1 GigabitEthernet0/1', '3.0.0.1 GigabitEthernet0/2'],
  },
  'cisco_asa__asa-nat-object-static': {
    rules: [34, 36, 38, 40].map((line, i) => `nat object source-real-${i + 1} @${line}`),
    own: ['1.0.0.1 GigabitEthernet0/0', '2.0.0.1 GigabitEthernet0/1', '3.0.0.1 GigabitEthernet0/2'],
  },
  'cisco_asa__asa-nat-twice-dynamic': { rules: [19, 20, 21, 22].map((line, i) => `nat manual ${i + 1} @${line}`) },
  'cisco_asa__asa-nat-twice-static': {
    rules: [
      'nat after-auto 1 @36',
      ...[37, 38, 39, 40, 41, 42, 43, 44].map((line, i) => `nat manual ${i + 1} @${line}${line === 39 ? ' off' : ''}`),
    ],
    own: ['1.0.0.1 GigabitEthernet0/0', '2.0.0.1 GigabitEthernet0/1'],
  },
  'cisco_asa__asa-ntp': { endpoints: [10, 11, 12, 13].map((host, i) => `${17 + i} ntp udp:10.1.1.${host}:123`) },
  fortios__firewall_policy: {
    rules: ['policy 0 @65 off', ...policies(['4294967294', 75], ['1', 86], ['2', 101], ['3', 109])],
    own: [1, 2, 3, 4, 5].map((port) => `10.0.${port}.1 port${port}`),
  },
  fortios__firewall_policy_addrgrp: { rules: policies(['1', 34]) },
  fortios__firewall_policy_warn: {
    rules: policies(['4294967295', 33], ['1', 50], ['2', 68], ['3', 75]),
    own: ['10.0.10.1 port10', '10.0.20.1 port20'],
  },
  fortios__firewall_vi_policy: {
    rules: policies(['1', 42], ['2', 50]),
    own: [1, 2, 3].map((port) => `10.0.${port}.1 port${port}`),
  },
  fortios__policy: {
    rules: policies(['1', 52], ['2', 60]),
    own: [1, 2, 3, 4].map((port) => `10.0.${port}.1 port${port}`),
  },
  fortios__policy_clone: { rules: policies(['1', 17], ['2', 25], ['3', 33], ['4', 34]) },
  // The copy stands where `clone` does; 5 is made and deleted again.
  fortios__policy_defs_refs: {
    rules: policies(['1', 49], ['2', 75]),
    own: [1, 2, 3].map((port) => `10.0.${port}.1 port${port}`),
  },
  fortios__policy_delete: { rules: policies(['2', 24], ['1', 41]) },
  fortios__policy_move: { rules: policies(['1', 17], ['2', 24], ['3', 31], ['4', 38], ['5', 45]) },
  'juniper__bgp-peer-import-policy-vrf-collision': {
    endpoints: ['10 bgp tcp:10.0.0.1:179', '16 bgp tcp:10.0.0.1:179'],
    own: ['1.1.1.1 lo0.0'],
  },
  'juniper__bgp-policy-from-neighbor': {
    endpoints: ['14 bgp tcp:10.0.0.1:179', '15 bgp tcp:10.0.1.1:179'],
    own: ['10.0.0.254 xe-0/0/0.0'],
  },
  'juniper__bgp-policy-from-next-hop': {
    endpoints: ['15 bgp tcp:10.0.0.1:179', '16 bgp tcp:10.0.1.1:179'],
    own: ['10.0.0.254 xe-0/0/0.0'],
  },
  'juniper__destination-class': {
    rules: [
      'acl METERING METER-A @8',
      'acl METERING METER-B @10',
      'acl METERING METER-UNDEF @13',
      'acl METERING ACCEPT @15',
      'acl_list METERING @8',
      'acl METERING-V6 METER-A @18',
      'acl METERING-V6 ACCEPT @20',
      'acl_list METERING-V6 @18',
    ],
  },
  'juniper__firewall-destination-address': {
    rules: ['acl FILTER TERM @4', 'acl_list FILTER @4', 'acl FILTERv6 TERM @7', 'acl_list FILTERv6 @7'],
    own: ['1.2.3.4 xe-0/0/0.0'],
  },
  'juniper__firewall-global-policy': {
    rules: ['policy global/GLOBAL @8', 'policy GLOBAL @8'],
    own: ['1.2.4.4 ge-0/0/1.0', '1.2.3.4 ge-0/0/0.0'],
  },
  'juniper__firewall-global-policy-global-address-book': {
    rules: ['policy global/GLOBAL @8', 'policy GLOBAL @8'],
    own: ['1.2.4.4 ge-0/0/1.0', '1.2.3.4 ge-0/0/0.0'],
  },
  'juniper__ike-policy': {},
  'juniper__interface-native-vlan': {},
  // Gateways without an address.
  'juniper__ipsec-bugs': {},
  'juniper__ipsec-policy': {},
  'juniper__ipsec-proposal': {},
  'palo_alto__application-override-nat-interaction': {
    rules: ['policy PERMIT @39', 'policy DENY @47', 'nat SNAT @25', 'nat DNAT @32'],
    own: [1, 2, 3, 4].map((port) => `10.0.${port}.1 ethernet1/${port}`),
  },
  'palo_alto__destination-nat': {
    rules: [
      'policy vsys1/PERMIT_ALL @105',
      'policy PERMIT_ALL @105',
      ...(
        [
          ['DEST_NAT_NAME1', 72],
          ['DEST_NAT_NEVER_REACHED', 82],
          ['DEST_NAT_NAME2', 91],
        ] as const
      ).flatMap(([name, line]) => [`nat vsys1/${name} @${line}`, `nat ${name} @${line}`]),
    ],
    own: ['1.1.1.3 ethernet1/1.1', '1.1.2.3 ethernet1/1.2', '1.2.1.3 ethernet1/2.1'],
  },
  'palo_alto__destination-nat-panorama': {
    rules: [
      'nat DEST_NAT_PANORAMA_PRE @26',
      'nat DEST_NAT_NEVER_REACHED_POST @42',
      'nat DEST_NAT_PANORAMA_POST @51',
      'policy vsys1/PERMIT_ALL @140',
      'policy PERMIT_ALL @140',
      ...(
        [
          ['DEST_NAT_NEVER_REACHED', 117],
          ['DEST_NAT_NAME', 127],
        ] as const
      ).flatMap(([name, line]) => [`nat vsys1/${name} @${line}`, `nat ${name} @${line}`]),
    ],
  },
  'palo_alto__global-protect-app-crypto-profiles': {},
  'palo_alto__ike-crypto-profiles': {},
  'palo_alto__ipsec-crypto-profiles': {},
  'palo_alto__log-settings-syslog': {
    endpoints: [
      '2 syslog udp:1.1.1.1:514',
      '3 syslog udp:2.2.2.2:514',
      '4 syslog udp:3.3.3.3:514',
      '5 syslog udp:4.4.4.4:514',
    ],
  },
  'palo_alto__nat-disable': {
    rules: [
      'policy vsys1/PERMIT_ALL @89',
      'policy PERMIT_ALL @89',
      'nat vsys1/DISABLED @62 off',
      'nat DISABLED @62 off',
      'nat vsys1/TRANSLATE_SRC @74',
      'nat TRANSLATE_SRC @74',
    ],
    own: ['1.1.1.3 ethernet1/1.1', '1.2.1.3 ethernet1/2.1'],
  },
  'palo_alto__nat-high-availability': {
    rules: [
      ['RULE_0', 22],
      ['RULE_1', 30],
      ['RULE_BOTH', 38],
      ['RULE_PRIMARY', 46],
      ['RULE_NONE', 54],
    ].map(([name, line]) => `nat ${name} @${line}`),
    own: ['192.168.1.1 ethernet1/1', '10.0.2.1 ethernet1/2'],
  },
  'palo_alto__nat-iprange': { rules: ['nat RULE1 @9'], own: ['1.1.1.1 ethernet1/1', '1.1.2.1 ethernet1/2'] },
  'palo_alto__nat-match-noop-rules': {
    rules: [
      'policy vsys1/PERMIT_ALL @115',
      'policy PERMIT_ALL @115',
      ...(
        [
          ['NOOP', 71],
          ['TRANSLATE_SRC', 77],
          ['TRANSLATE_DST', 88],
          ['TRANSLATE_SRC_AND_DST', 97],
        ] as const
      ).flatMap(([name, line]) => [`nat vsys1/${name} @${line}`, `nat ${name} @${line}`]),
    ],
    own: ['1.1.1.3 ethernet1/1.1', '1.2.1.3 ethernet1/2.1'],
  },
  'palo_alto__nat-rules-empty-pool': {
    rules: [
      'policy vsys1/PERMIT_ALL @98',
      'policy PERMIT_ALL @98',
      ...(
        [
          ['EMPTY_NAT_POOLS', 66],
          ['TRANSLATE_SRC_AND_DST', 80],
        ] as const
      ).flatMap(([name, line]) => [`nat vsys1/${name} @${line}`, `nat ${name} @${line}`]),
    ],
    own: ['1.1.1.3 ethernet1/1.1', '1.2.1.3 ethernet1/2.1'],
  },
};

maybe('configurations of batfish', () => {
  test('every file is expected', () => {
    expect(present ? readdirSync(FOLDER).sort() : []).toEqual(present ? Object.keys(EXPECTED).sort() : []);
  });

  test.each(Object.entries(EXPECTED))('%s', (name, { rules = [], endpoints = [], own }) => {
    const body = readFileSync(join(FOLDER, name));
    const platform = PLATFORMS[name.split('__')[0] ?? ''] ?? 'cisco_ios';
    const read = sample(platform, body);
    expect(platformOf(terminalLines(body))).toBe(platform);
    expect(read.facts.filter(({ fact }) => fact === 'gap' || fact === 'rejected')).toEqual([]);
    expect(read.lines().map(({ lineNumber }) => lineNumber)).toEqual(terminalLines(body).map((_, i) => i + 1));
    expect(read.rules()).toEqual(rules);
    expect(read.endpoints()).toEqual(endpoints);
    if (own !== undefined) expect(read.own()).toEqual(own);
  });
});
