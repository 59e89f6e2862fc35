import type { DevicePlatform } from '../../../collectors/ssh/devices/platform';
import type { DeviceContent } from './device-script';

/** Short outputs written by hand after the vendors' command references, enough for a visit. */

/** Serves a table of outputs; `NAME: line` is the output in a part. */
export function tableContent(outputs: Readonly<Record<string, string>>): DeviceContent {
  return { answer: (line, { part }) => outputs[part === '' ? line : `${part}: ${line}`] };
}

const IOS_CONFIG = `Building configuration...

Current configuration : 1234 bytes
!
! Last configuration change at 01:02:03 UTC Tue Nov 24 2026 by admin
!
version 17.9
hostname core-rtr.1
!
crypto isakmp key ****** address 198.51.100.7
!
interface GigabitEthernet0/0
 description core-rtr.1# --More-- not a prompt
 ip address 192.0.2.1 255.255.255.0
!
ip nat inside source list NAT interface GigabitEthernet0/0 overload
logging host 192.0.2.9 transport tcp port 6514
ntp server 192.0.2.10
!
banner motd ^C
core-rtr.1#
^C
!
end

`;

const OUTPUTS: Readonly<Record<DevicePlatform, Readonly<Record<string, string>>>> = {
  cisco_ios: {
    'show clock detail': '01:02:03.456 UTC Tue Nov 24 2026\nTime source is NTP\n',
    'show version':
      'Cisco IOS XE Software, Version 17.09.04a\nCisco IOS Software [Cupertino], ISR Software, Version 17.9.4a, RELEASE SOFTWARE (fc3)\n',
    'show ip nat translations':
      'Pro Inside global         Inside local          Outside local         Outside global\ntcp 203.0.113.5:1024      10.0.0.5:50000        198.51.100.9:443      198.51.100.9:443\n',
    'show tcp brief numeric':
      'TCB       Local Address               Foreign Address             (state)\n7F1 192.0.2.1.22 192.0.2.200.50000 ESTAB\n',
    'show arp':
      'Protocol  Address          Age (min)  Hardware Addr   Type   Interface\nInternet  10.0.0.5                3   0050.5600.0005  ARPA   GigabitEthernet0/1\n',
    'show mac address-table': '          Mac Address Table\n   1    0050.5600.0005    DYNAMIC     Gi0/1\n',
    'show running-config': IOS_CONFIG,
  },
  cisco_asa: {
    'show mode': 'Security context mode: multiple\n',
    'show context':
      'Context Name      Class      Interfaces           Mode         URL\n*admin            default    Management0/0        Routed       disk0:/admin.cfg\n customer-a       default    GigabitEthernet0/1   Routed       disk0:/a.cfg\n\nTotal active Security Contexts: 2\n',
    'show clock detail': '01:02:03.456 UTC Tue Nov 24 2026\n',
    'show version': '\nCisco Adaptive Security Appliance Software Version 9.16(4)\n',
    'admin: show arp': '\tmgmt 192.0.2.1 0050.5600.0001 3\n',
    'customer-a: show arp': '\tinside 10.0.0.5 0050.5600.0005 3\n',
    'customer-a: show xlate':
      '1 in use, 1 most used\nTCP PAT from inside:10.0.0.5/50000 to outside:203.0.113.5/1024 flags ri idle 0:00:01 timeout 0:00:30\n',
    'admin: show running-config': ': Saved\n:\nASA Version 9.16(4) <context>\n!\nhostname admin\n: end\n',
    'customer-a: show running-config': ': Saved\n:\nASA Version 9.16(4) <context>\n!\nhostname customer-a\n: end\n',
  },
  cisco_nxos: {
    'show clock': '01:02:03.456 UTC Tue Nov 24 2026\nTime source is NTP\n',
    'show version': 'Cisco Nexus Operating System (NX-OS) Software\n  NXOS: version 9.3(10)\n',
    'show ip arp detail vrf all':
      '\nIP ARP Table for all contexts\nAddress         Age       MAC Address     Interface        Physical Interface  Flags\n10.0.0.5        00:01:02  0050.5600.0005  Vlan10           Ethernet1/1\n',
    'show running-config':
      '\n!Command: show running-config\nversion 9.3(10) Bios:version 05.45\nhostname n9k-1\nlogging server 192.0.2.9 5 port 6514 secure\n\n',
  },
  juniper_junos: {
    'show system uptime': 'Current time: 2026-11-24 01:02:03 UTC\nTime Source:  NTP CLOCK\n',
    'show version': 'Hostname: srx-1\nModel: srx345\nJunos: 21.4R3-S5.4\n',
    'show arp no-resolve':
      'MAC Address       Address         Interface     Flags\n00:50:56:00:00:05 10.0.0.5        ge-0/0/1.0    none\nTotal entries: 1\n',
    'show system commit': '0   2026-11-24 01:00:00 UTC by admin via cli\n',
    'show configuration | display set | no-more': 'set version 21.4R3-S5.4\nset system host-name srx-1\n',
    'show configuration | no-more':
      '## Last commit: 2026-11-24 01:00:00 UTC by admin\nversion 21.4R3-S5.4;\nsystem {\n    host-name srx-1;\n}\n',
  },
  fortigate: {
    'get system status':
      'Version: FortiGate-60F v7.2.8,build1639,240313 (GA.M)\nHostname: FGT-60F\nVirtual domain configuration: multiple\n',
    'diagnose sys vd list':
      'system fib version=40\nlist virtual firewall info:\nname=root/root index=0 enabled fib_ver=10 use=40\nname=guest/guest index=3 enabled fib_ver=4 use=10\nname=bad;name index=4 enabled\n',
    'root: get system arp':
      'Address           Age(min)   Hardware Addr      Interface\n10.0.0.5          0          00:50:56:00:00:05 internal\n',
    'guest: get system arp':
      'Address           Age(min)   Hardware Addr      Interface\n10.9.0.5          0          00:50:56:00:09:05 guest\n',
    'show full-configuration system fortiguard': 'config system fortiguard\n    set fortiguard-anycast enable\nend\n',
    show: '#config-version=FGT60F-7.2.8-FW-build1639-240313:opmode=0:vdom=1:user=ascribe\nconfig vdom\nedit root\nnext\nedit guest\nnext\nend\n\nconfig global\nconfig system global\n    set hostname "FGT-60F"\nend\nend\n',
  },
  panos: {
    'show clock': '\nTue Nov 24 01:02:03 UTC 2026\n\n',
    'show system info': '\nhostname: pa-220\nsw-version: 10.1.9\n\n',
    'show arp all':
      'maximum of entries supported :      3000\ninterface         ip address      hw address        port              status   ttl\nethernet1/2       10.0.0.5        00:50:56:00:00:05 ethernet1/2         c      1743\n',
    'show config running':
      'config {\n  devices {\n    localhost.localdomain {\n      deviceconfig {\n        system {\n          hostname pa-220;\n        }\n      }\n    }\n  }\n}\n\n',
  },
  arista_eos: {
    'show clock': 'Tue Nov 24 01:02:03 2026\nTimezone: UTC\nClock source: NTP server\n',
    'show version': 'Arista DCS-7050SX3\nSoftware image version: 4.28.3M\n',
    'show ip arp vrf all':
      'VRF: default\nAddress         Age (sec)  Hardware Addr   Interface\n10.0.0.5          0:01:02  0050.5600.0005  Vlan10, Ethernet1\n',
    'show running-config | no-more':
      '! Command: show running-config\nhostname leaf-1\ndaemon TerminAttr\n   exec /usr/bin/TerminAttr -cvaddr=192.0.2.20:9910\n   no shutdown\n!\nend\n',
  },
  mikrotik: {
    '/system clock print': '            time: 01:02:03\n            date: nov/24/2026\n',
    '/system resource print': '                   uptime: 1w2d\n                  version: 6.49.10 (long-term)\n',
    '/ip arp print terse without-paging': '0 DC address=10.0.0.5 mac-address=00:50:56:00:00:05 interface=bridge \n',
    '/system history print without-paging': 'Flags: U - undoable\n',
    '/export hide-sensitive':
      '# nov/24/2026 01:02:03 by RouterOS 6.49.10\n/ip cloud\nset ddns-enabled=yes\n/system ntp client\nset enabled=yes\n',
  },
  vyos: {
    'show date': 'Tue Nov 24 01:02:03 UTC 2026\n',
    'show version': 'Version:          VyOS 1.3.4\n',
    'show arp':
      'Address                  HWtype  HWaddress           Flags Mask            Iface\n10.0.0.5                 ether   00:50:56:00:00:05   C                     eth1\n',
    'show configuration commands | no-more':
      "set system host-name 'vyos-1'\nset nat source rule 10 translation address 'masquerade'\n",
  },
  pfsense: {
    'date +%s': '1795482123\n',
    'cat /etc/version': '2.7.2-RELEASE\n',
    'pfctl -vvss':
      'all tcp 203.0.113.5:1024 (10.0.0.5:50000) -> 198.51.100.9:443       ESTABLISHED:ESTABLISHED\n   [1 + 2]  [3 + 4]\n',
    'arp -an': '? (10.0.0.5) at 00:50:56:00:00:05 on igb1 expires in 1199 seconds [ethernet]\n',
    'cat /cf/conf/config.xml': '<?xml version="1.0"?>\n<pfsense>\n\t<version>23.3</version>\n</pfsense>\n',
  },
  opnsense: {
    'date +%s': '1795482123\n',
    'opnsense-version': 'OPNsense 24.1.6\n',
    'pfctl -ss': 'all udp 203.0.113.5:1024 (10.0.0.5:50000) -> 198.51.100.9:443       MULTIPLE:MULTIPLE\n',
    'arp -an': '? (10.0.0.5) at 00:50:56:00:00:05 on igb1 expires in 1199 seconds [ethernet]\n',
    'cat /conf/config.xml': '<?xml version="1.0"?>\n<opnsense>\n  <system/>\n</opnsense>\n',
  },
};

/** What a device of this kind says when nobody gave it a world. */
export function sampleContent(platform: DevicePlatform): DeviceContent {
  return tableContent(OUTPUTS[platform]);
}

/** The same with some outputs replaced. */
export function sampleContentWith(platform: DevicePlatform, outputs: Readonly<Record<string, string>>): DeviceContent {
  return tableContent({ ...OUTPUTS[platform], ...outputs });
}
