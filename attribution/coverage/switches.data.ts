import type { Asset } from '../../store/queries/coverage';
import type { Telemetry } from '../findings/contract';

/** What kind of device a parser's name stands for. */
type Family = 'esxi' | 'ios' | 'asa' | 'nxos' | 'junos' | 'fortios' | 'panos' | 'eos' | 'routeros' | 'pf' | 'other';

const FAMILIES: readonly (readonly [prefix: string, family: Family])[] = [
  ['vmware_esxi', 'esxi'],
  ['esxi', 'esxi'],
  ['cisco_ios', 'ios'],
  ['cisco_iosxr', 'ios'],
  ['cisco_asa', 'asa'],
  ['cisco_ftd', 'asa'],
  ['cisco_nxos', 'nxos'],
  ['juniper_junos', 'junos'],
  ['fortigate', 'fortios'],
  ['panos', 'panos'],
  ['arista_eos', 'eos'],
  ['mikrotik', 'routeros'],
  ['pfsense', 'pf'],
  ['opnsense', 'pf'],
];

/**
 * What switches a kind of telemetry on, in the device's own words. `COLLECTOR` is the host that runs ascribe. ascribe never sends any of
 * this: a person does. Sources: the vendors' command references for flow export, syslog and archive logging.
 */
const SWITCHES: Readonly<Record<Telemetry, Readonly<Partial<Record<Family, string>>> & { readonly other: string }>> = {
  flows: {
    esxi: 'distributed switch: Settings > NetFlow > collector COLLECTOR:2055, then enable NetFlow on each port group and uplink',
    ios: 'flow exporter A / destination COLLECTOR / transport udp 2055; flow monitor M / exporter A / record netflow ipv4 original-input; interface: ip flow monitor M input',
    asa: 'flow-export destination inside COLLECTOR 2055; policy-map global_policy / class class-default / flow-export event-type all destination COLLECTOR',
    nxos: 'feature netflow; flow exporter A / destination COLLECTOR / transport udp 2055; interface: ip flow monitor M input',
    junos: 'set services flow-monitoring version-ipfix template T; set forwarding-options sampling instance S family inet output flow-server COLLECTOR port 2055',
    fortios: 'config system netflow / set collector-ip COLLECTOR / set collector-port 2055; config system interface / edit PORT / set netflow-sampler both',
    panos: 'Device > Server Profiles > NetFlow: COLLECTOR 2055; assign it to each interface',
    eos: 'flow tracking hardware / tracker T / exporter E / collector COLLECTOR port 2055; interface: flow tracker hardware T',
    routeros: '/ip traffic-flow set enabled=yes; /ip traffic-flow target add dst-address=COLLECTOR port=2055 version=9',
    pf: 'package softflowd: host COLLECTOR, port 2055, version 9, track by full',
    other: 'export NetFlow v9 or IPFIX of the interfaces towards the outside to COLLECTOR port 2055',
  },
  sockets: {
    esxi: 'add the host to collectors.ssh in ascribe.yaml: the sockets of each network stack are read every 15 to 30 s',
    other: 'add the device to collectors.ssh or collectors.snmp (tcpConnectionTable) in ascribe.yaml',
  },
  host_logs: {
    esxi: 'esxcli system syslog config set --loghost=tcp://COLLECTOR:5514; esxcli network firewall ruleset set -r syslog -e true; or add the host to collectors.ssh',
    ios: 'logging host COLLECTOR transport tcp port 5514; logging trap informational; service timestamps log datetime msec localtime show-timezone year',
    asa: 'logging enable; logging timestamp; logging trap informational; logging host inside COLLECTOR tcp/5514',
    nxos: 'logging server COLLECTOR 6 port 5514; logging timestamp milliseconds',
    junos: 'set system syslog host COLLECTOR any info; set system syslog host COLLECTOR port 5514; set system syslog host COLLECTOR structured-data',
    fortios: 'config log syslogd setting / set status enable / set server COLLECTOR / set port 5514 / set mode reliable',
    panos: 'Device > Server Profiles > Syslog: COLLECTOR TCP 5514; Device > Log Settings: system and configuration to it',
    eos: 'logging host COLLECTOR 5514 protocol tcp; logging format timestamp high-resolution',
    routeros: '/system logging action set remote remote=COLLECTOR remote-port=5514; /system logging add topics=info action=remote',
    pf: 'Status > System Logs > Settings: remote log server COLLECTOR:5514, everything',
    other: 'send syslog to COLLECTOR port 5514, TCP where it can',
  },
  session_logs: {
    ios: 'ip nat log translations syslog; access lists: log at the end of each permit line; zone firewall: audit-trail on',
    asa: 'logging trap informational (302013 to 302016 and 305011 to 305012 are level 6); or flow-export event-type all',
    junos: 'policy: then log session-init session-close; set security log mode stream; set security log stream S host COLLECTOR',
    fortios: 'config firewall policy / edit N / set logtraffic all',
    panos: 'security rules: Log at Session End, log forwarding profile to COLLECTOR',
    routeros: '/ip firewall nat and filter: log=yes on the rules towards the outside; or connection tracking by traffic-flow with nat-events=yes',
    pf: 'rules: Log packets that are handled by this rule; flow export beside it for bytes',
    other: 'log session ends and translations of the device that translates addresses to COLLECTOR port 5514',
  },
  commands: {
    esxi: 'esxcli system syslog config set --loghost=tcp://COLLECTOR:5514 (shell.log goes with it); 8.0: esxcli system auditrecords remote enable',
    ios: 'archive / log config / logging enable / notify syslog / hidekeys; aaa accounting commands 15 default start-stop group tacacs+',
    asa: 'logging trap informational (111008 and 111010 tell commands)',
    nxos: 'logging level aaa 6; aaa accounting default local',
    junos: 'set system syslog host COLLECTOR interactive-commands any',
    fortios: 'config log eventfilter / set system enable; config system global / set cli-audit-log enable',
    panos: 'Device > Log Settings > Configuration to COLLECTOR',
    eos: 'aaa accounting commands all default start-stop logging',
    routeros: '/system logging add topics=account,system action=remote',
    other: 'log commands and configuration changes to COLLECTOR port 5514',
  },
  configurations: {
    esxi: 'add the host to collectors.ssh in ascribe.yaml',
    other: 'add the device to collectors.ssh in ascribe.yaml: its running configuration is read daily and after changes',
  },
  dns: {
    pf: 'Services > DNS Resolver > custom options: server: log-queries: yes; Status > System Logs > Settings: DNS events to COLLECTOR:5514',
    other:
      'DNS server: BIND rndc querylog on; dnsmasq log-queries=extra; Unbound log-queries: yes; Windows debug log with details; Zeek dns.log; send it to COLLECTOR port 5514 or ascribe import it',
  },
  logins: {
    esxi: 'esxcli system syslog config set --loghost=tcp://COLLECTOR:5514 (auth.log and hostd.log go with it)',
    ios: 'login on-success log; login on-failure log',
    asa: 'logging trap informational (605005 and 113012 tell logins)',
    other: 'log logins to COLLECTOR port 5514',
  },
};

/** What to type or set so that an asset tells a kind of telemetry. */
export function switchFor(telemetry: Telemetry, { kind, parser }: Pick<Asset, 'kind' | 'parser'>): string {
  const table = SWITCHES[telemetry];
  // A VM says nothing itself: the switch of its host does.
  const family = kind === 'host' || (kind === 'vm' && telemetry === 'flows') ? 'esxi' : familyOf(parser);
  return table[family] ?? table.other;
}

function familyOf(parser: string): Family {
  return FAMILIES.find(([prefix]) => parser.startsWith(prefix))?.[1] ?? 'other';
}
