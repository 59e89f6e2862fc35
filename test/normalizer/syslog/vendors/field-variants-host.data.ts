import { type FieldVariant, variant } from './field-variants';

const line = (name: string, body: string, fact: object): FieldVariant =>
  variant(name, `<14>Nov 24 02:10:00 gw ${body}`, fact);
const esxi = (name: string, body: string, fact: object): FieldVariant =>
  variant(name, `<14>2026-11-24T02:10:00.123Z esx1.lab ${body}`, fact);
const vcenter = (name: string, event: string, text: string, fact: object): FieldVariant =>
  variant(
    name,
    `<14>1 2026-11-24T02:10:00.123Z vc1 vpxd 4567 - - Event [125] [1-1] [2026-11-24T02:09:59.000Z] [vim.event.${event}] [info] [CORP\\bob] [DC1] [125] [${text}]`,
    fact,
  );

export const HOST_VARIANTS: readonly FieldVariant[] = [
  line(
    'RouterOS: a destination that was translated before the chain',
    'firewall,info drop: forward: in:ether1 out:bridge1, connection-state:new,dnat src-mac 00:11:22:33:44:55, proto TCP (SYN), 203.0.113.50:51000->192.168.88.10:80, NAT 203.0.113.50:51000->(192.0.2.1:8080->192.168.88.10:80), len 60',
    {
      action: 'dropped',
      source: { ip: '203.0.113.50', port: 51000, natIp: undefined },
      destination: { ip: '192.0.2.1', port: 8080, natIp: '192.168.88.10', natPort: 80 },
    },
  ),
  line(
    'ebtables',
    'kernel: ebt IN=veth0 OUT=br0 MAC source = 00:11:22:33:44:55 MAC dest = 00:11:22:33:44:66 proto = 0x0800 IP SRC=192.0.2.9 IP DST=192.0.2.1, IP tos=0x00, IP proto=6 SPT=51000 DPT=80',
    { protocol: 6, source: { ip: '192.0.2.9', port: 51000 }, destination: { ip: '192.0.2.1', port: 80 } },
  ),
  esxi(
    'NSX: an end without a verdict',
    'dfwpktlogs: 7396c504 INET TERM mainrs/1024 OUT TCP RST 10.1.1.1/51000->10.1.1.2/443 20/16 1718/76308',
    {
      action: 'session_end',
      source: { ip: '10.1.1.1', port: 51000, bytes: undefined },
      destination: { ip: '10.1.1.2', port: 443 },
      protocol: 6,
      ruleId: '1024',
      reason: 'RST',
      bytes: 78026n,
      packets: 36n,
    },
  ),
  esxi(
    'NSX: a packet that has no state',
    'FIREWALL-PKTLOG: 61f7 INET state-mismatch DROP 1005 IN 60 TCP 10.1.1.1/5->10.1.1.2/6 A',
    { action: 'dropped', reason: 'state-mismatch', ruleId: '1005' },
  ),
  esxi('NSX: ICMP with type', 'FIREWALL-PKTLOG: 61f7 INET match REJECT 1005 OUT 60 ICMP 8 0 10.1.1.1->10.1.1.2', {
    action: 'denied',
    protocol: 1,
    icmpType: 8,
    icmpCode: 0,
  }),
  variant(
    'NSX: gateway',
    '<181>1 2026-11-24T02:10:00.123Z edge1 NSX 4096 FIREWALL [nsx@6876 comp="nsx-edge" subcomp="datapathd.firewallpkt" level="INFO"] <1 55f1af2f487544e9:b0e059132ad7753d> INET reason-match PASS 1003 OUT 60 TCP 10.1.1.1/51000->198.51.100.7/443 S',
    {
      action: 'allowed',
      source: { ip: '10.1.1.1', port: 51000 },
      destination: { ip: '198.51.100.7', port: 443 },
      ruleId: '1003',
      reason: undefined,
    },
  ),
  variant(
    'NSX: gateway, an end without counters',
    '<181>1 2026-11-24T02:10:00.123Z edge1 NSX 4096 FIREWALL [nsx@6876 comp="nsx-edge" subcomp="datapathd.firewallpkt" level="INFO"] <1 55f1af2f487544e9:b0e059132ad7753d> INET TERM PASS 1003 OUT TCP 10.1.1.1/51000->198.51.100.7/443',
    { action: 'session_end', ruleId: '1003', bytes: undefined },
  ),
  esxi('ESXi: a name in quotes', "sshd[2100]: Session opened for 'root' on /dev/char/pty/t0", {
    action: 'login',
    user: 'root',
  }),
  vcenter('vCenter: powered on', 'VmPoweredOnEvent', 'VM1 on  host esx1.lab in DC1 has powered on', {
    action: 'vm_power_on',
    user: 'CORP\\bob',
    extra: { 'ascribe.vm': 'VM1', 'ascribe.vm_host': 'esx1.lab' },
  }),
  vcenter('vCenter: migrated', 'VmMigratedEvent', 'Virtual machine VM1 migrated from esx1.lab, ds1 to esx2.lab, ds2', {
    action: 'vm_migrate',
    extra: { 'ascribe.vm': 'VM1', 'ascribe.vm_host': 'esx2.lab', 'ascribe.vm_host.old': 'esx1.lab' },
  }),
];
