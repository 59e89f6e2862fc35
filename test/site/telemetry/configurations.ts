import { ACL_NAME, RULES, ruleText } from '../firewall-rules';
import { NETWORKS } from '../inventory';
import type { Site } from '../site';
import { CALL_HOME_LINE, LICENSING_LINE } from '../traffic.data';

/** A running configuration as its device prints it. */
export interface Configuration {
  readonly device: string;
  readonly from: string;
  readonly platform: 'cisco_ios' | 'cisco_asa' | 'fortigate' | 'juniper_junos';
  readonly line: string;
  readonly text: string;
}

/** The configurations of the core router and the firewall; a Linux firewall has none that a network device's reader knows. */
export function configurationsOf(site: Site, changes: readonly string[] = []): Configuration[] {
  const router: Configuration = {
    device: 'rt-core',
    from: '10.20.0.1',
    platform: 'cisco_ios',
    line: 'show running-config',
    text: coreConfiguration(changes),
  };
  const firewall = firewallConfiguration(site);
  return firewall === undefined ? [router] : [router, firewall];
}

/** IOS-XE, "Cisco IOS Configuration Fundamentals Command Reference": `show running-config`. */
function coreConfiguration(changes: readonly string[]): string {
  const interfaces = NETWORKS.flatMap(({ name, vlan, prefix, vrf }) => [
    `interface Vlan${vlan}`,
    ` description ${name}`,
    ...(vrf === '' ? [] : [` vrf forwarding ${vrf}`]),
    ` ip address ${prefix}.1 255.255.255.0`,
    ' ip flow monitor ASCRIBE input',
    '!',
  ]);
  return [
    'Building configuration...',
    '',
    'Current configuration : 4711 bytes',
    '!',
    '! Last configuration change at 07:12:44 UTC Mon Mar 9 2026 by alice',
    '!',
    'version 17.9',
    'service timestamps log datetime msec',
    'hostname rt-core',
    '!',
    'vrf definition red',
    '!',
    'vrf definition blue',
    '!',
    'call-home',
    ' contact-email-addr noc@example.com',
    ' profile "CiscoTAC-1"',
    '  active',
    '  destination transport-method http',
    ` ${CALL_HOME_LINE}`,
    '!',
    'flow exporter COLLECTOR',
    ' destination 10.20.0.62',
    ' transport udp 2055',
    '!',
    ...interfaces,
    'ntp server 10.20.1.123',
    'logging host 10.20.0.62',
    ...changes,
    'ip route 0.0.0.0 0.0.0.0 10.20.254.2',
    '!',
    'end',
    '',
  ].join('\n');
}

function firewallConfiguration({ inventory }: Site): Configuration | undefined {
  const at = { device: 'fw-1', from: '10.20.254.2' };
  switch (inventory.firewall) {
    case 'asa':
      return { ...at, platform: 'cisco_asa', line: 'show running-config', text: asaConfiguration(inventory.patPool) };
    case 'fortigate':
      return { ...at, platform: 'fortigate', line: 'show full-configuration', text: fortigateConfiguration() };
    case 'junos':
      return {
        ...at,
        platform: 'juniper_junos',
        line: 'show configuration | display set | no-more',
        text: junosConfiguration(),
      };
    case 'netfilter':
      return undefined;
  }
}

/** "Cisco Secure Firewall ASA Series Command Reference": `show running-config`. */
function asaConfiguration(pool: readonly string[]): string {
  return [
    ': Saved',
    ': ',
    ': Serial Number: 9A0000000001',
    ': Hardware:   ASAv, 4096 MB RAM',
    ': Written by alice at 07:12:44.123 UTC Mon Mar 9 2026',
    '!',
    'ASA Version 9.18(3) ',
    '!',
    'hostname fw-1',
    'interface GigabitEthernet0/0',
    ' nameif outside',
    ' security-level 0',
    ' ip address 198.51.100.2 255.255.255.240 ',
    '!',
    'interface GigabitEthernet0/1',
    ' nameif inside',
    ' security-level 100',
    ' ip address 10.20.254.2 255.255.255.0 ',
    '!',
    'object network inside-all',
    ' subnet 10.0.0.0 255.0.0.0',
    'object network pat-pool',
    ` host ${pool[0]}`,
    ...RULES.map((rule) => ruleText('asa', rule)),
    'logging enable',
    'logging timestamp',
    'logging trap informational',
    'logging host inside 10.20.0.62',
    'nat (inside,outside) source dynamic inside-all pat-pool',
    `access-group ${ACL_NAME} in interface inside`,
    'route outside 0.0.0.0 0.0.0.0 198.51.100.14 1',
    LICENSING_LINE,
    ': end',
    '',
  ].join('\n');
}

/** "FortiOS CLI Reference": `config firewall policy`. */
function fortigateConfiguration(): string {
  const policies = RULES.flatMap(({ name, id, protocol, ports }) => [
    `    edit ${id}`,
    `        set name "${name}"`,
    '        set srcintf "inside"',
    '        set dstintf "outside"',
    '        set action accept',
    '        set srcaddr "all"',
    '        set dstaddr "all"',
    '        set schedule "always"',
    `        set service "${ports === undefined ? (protocol === 6 ? 'ALL_TCP' : 'ALL_UDP') : name}"`,
    '        set logtraffic all',
    '        set nat enable',
    '    next',
  ]);
  return [
    '#config-version=FG100F-7.4.3-FW-build2573-240201:opmode=0:vdom=0:user=alice',
    'config system global',
    '    set hostname "fw-1"',
    'end',
    'config firewall policy',
    ...policies,
    'end',
    '',
  ].join('\n');
}

/** "Junos OS Security Policies User Guide", as `display set` prints them. */
function junosConfiguration(): string {
  const policies = RULES.flatMap((rule) => [
    `set security policies from-zone trust to-zone untrust policy ${rule.name} match source-address any`,
    `set security policies from-zone trust to-zone untrust policy ${rule.name} match destination-address any`,
    ruleText('junos', rule),
    `set security policies from-zone trust to-zone untrust policy ${rule.name} then permit`,
    `set security policies from-zone trust to-zone untrust policy ${rule.name} then log session-init`,
  ]);
  return [
    'set version 22.4R3.25',
    'set system host-name fw-1',
    'set security nat source rule-set pat from zone trust',
    'set security nat source rule-set pat to zone untrust',
    'set security nat source rule-set pat rule pat-out match source-address 10.0.0.0/8',
    'set security nat source rule-set pat rule pat-out then source-nat pool pat-pool',
    ...policies,
    '',
  ].join('\n');
}
