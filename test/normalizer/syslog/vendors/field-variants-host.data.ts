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
  // FortiOS 4.0 "Log Message Reference": other names, and one pair of fields for the translation.
  variant(
    'FortiOS 4 traffic',
    'Nov 24 02:10:01 192.0.2.1 date=2026-11-24 time=02:10:00 devname=fgt1 device_id=FG100C log_id=0021000002 type=traffic subtype=allowed pri=notice vd=root SN=9999 duration=120 rule=5 policyid=5 proto=6 service=443/tcp status=accept src=10.10.10.10 srcname=10.10.10.10 dst=198.51.100.40 dstname=198.51.100.40 src_int="internal" dst_int="wan1" sent=1500 rcvd=2500 sent_pkt=10 rcvd_pkt=12 src_port=1111 dst_port=443 tran_ip=203.0.113.9 tran_port=40001 dir_disp=org tran_disp=snat',
    {
      source: { ip: '10.10.10.10', port: 1111, natIp: '203.0.113.9', natPort: 40001, bytes: 1500n, packets: 10n },
      destination: { ip: '198.51.100.40', port: 443, natIp: undefined, bytes: 2500n, packets: 12n },
      sessionKey: 'root:9999',
      ruleId: '5',
    },
  ),
  variant(
    'the version of TLS is a number in every vendor',
    'date=2026-11-24 time=02:10:00 devname="fgt1" devid="FG1" eventtime=1795486200000000000 tz="+0000" logid="1700062307" type="utm" subtype="ssl" eventtype="ssl-anomaly" level="information" vd="root" action="info" policyid=15 sessionid=21 srcip=10.2.3.4 srcport=59968 dstip=10.3.2.1 dstport=8443 proto=6 tlsver="tls1.2"',
    { extra: { 'tls.version': '1.2', 'tls.version_protocol': 'tls' } },
  ),
  // PAN-OS 11 appends columns; the time of high resolution stays among the last.
  variant(
    'a zone stated at the end of a log with more columns than are known',
    '1,2026/11/24 02:10:01,007058000248010,TRAFFIC,drop,2816,2026/11/23 19:10:00,192.0.2.12,198.51.100.2,,,block,,,not-applicable,vsys1,private,public,ethernet1/2,,fwd,2026/11/23 19:10:00,0,1,35906,80,0,0,0x4000,tcp,drop,0,0,0,1,2026/11/23 19:09:58,0,any,,7286123782408766774,0x0,A,B,,1,0,policy-deny,0,0,0,0,,fw1,from-policy," ", , , , , , , , , , , , , , , , , , , ,,,,2026-11-23T19:10:00.437-07:00',
    { observedAt: 1795486200437, start: 1795486198000, action: 'dropped' },
  ),
  // Check Point R77 writes the sign of its offset twice.
  variant(
    'an offset with two signs',
    '<85>1 2026-11-23T21:10:00--5:00 192.0.2.9 CP-GW - Log [Fields@1.3.6.1.4.1.2620 inzone="DMZ" outzone="External" src="192.0.2.19" dst="198.51.100.14" proto="6" xlatesrc="203.0.113.7" rule_uid="8243" rule_name="out" ProductName="VPN-1 & FireWall-1" svc="443" sport_svc="56530" xlatesport_svc="28493" ]',
    {
      device: '192.0.2.9',
      observedAt: 1795486200000,
      source: { ip: '192.0.2.19', port: 56530, natIp: '203.0.113.7', natPort: 28493 },
    },
  ),
  variant(
    'a daemon is no interface, zeros are no session',
    '<134>1 2026-11-24T02:10:00Z gw1 CheckPoint 19710 - [action:"Reject"; ifdir:"inbound"; ifname:"daemon"; loguid:"{0x0,0x0,0x0,0x0}"; origin:"192.0.2.44"; sequencenum:"7"; time:"1795486200"; version:"5"; dst:"192.0.2.55"; peer_gateway:"198.51.100.66"; reject_category:"IKE failure"; src:"198.51.100.77"; vpn_feature_name:"IKE"; ]',
    { action: 'denied', ingressInterface: undefined, sessionKey: undefined, source: { ip: '198.51.100.77' } },
  ),
  // RouterOS lets interfaces have blanks in their names.
  variant(
    'an interface name with a blank',
    '<30>Nov 24 02:10:00 mt1 firewall,info forward: in:ether5 out:Rapid Net, src-mac 02:00:5e:00:53:01, proto TCP (ACK,FIN), 10.0.15.100:57916->198.51.100.34:443, NAT (10.0.15.100:57916->203.0.113.134:57917)->198.51.100.34:443, len 52',
    {
      ingressInterface: 'ether5',
      egressInterface: 'Rapid Net',
      source: { ip: '10.0.15.100', port: 57916, natIp: '203.0.113.134', natPort: 57917 },
    },
  ),
  variant(
    'fields behind the interface without a comma',
    '<30>Nov 24 02:10:00 mt1 firewall,info forward: in:<pppoe-p2> out:vlan2436, connection-state:new,snat proto TCP (SYN), 10.0.15.100:35420->198.51.100.34:22, len 60',
    { ingressInterface: '<pppoe-p2>', egressInterface: 'vlan2436', protocol: 6, directionSource: 'first_packet' },
  ),
  // Kea ARM, "Logging": a program's own file has the level in front of the logger.
  variant(
    "the level of Kea's own file is no host",
    '2026-11-24 02:10:00.083 INFO  [kea-dhcp4.leases/1] DHCP4_LEASE_ALLOC [hwtype=1 02:00:5e:00:53:01], cid=[no info], tid=0xf192aa47: lease 192.0.2.10 has been allocated for 4000 seconds',
    {
      device: '192.0.2.250',
      action: 'dhcp_lease',
      extra: { 'client.ip': '192.0.2.10', 'client.mac': '02:00:5e:00:53:01' },
    },
  ),
  variant(
    'a kernel log prefix that ends in a colon',
    'Nov 24 02:10:00 DENY: IN=eth0 OUT= SRC=198.51.100.71 DST=192.0.2.83 LEN=88 TTL=118 ID=21684 PROTO=UDP SPT=21458 DPT=53 LEN=40',
    { action: 'denied', ruleName: 'DENY', source: { ip: '198.51.100.71', port: 21458 } },
  ),
  // Netgate, "Raw Filter Log Format": tracker 0 is none.
  variant(
    'pf without a tracker',
    '<134>Nov 24 02:10:00 pf1 filterlog[7]: 65,,,0,vmx1,match,pass,out,4,0x0,,63,21011,0,none,6,tcp,56,192.0.2.11,198.51.100.1,50000,443,0,S,1,,64240,,mss',
    { ruleId: '65', extra: { 'rule.uuid': undefined } },
  ),
  // Meraki "Syslog Event Types and Log Samples".
  variant(
    'a tunnel of an MX',
    '<134>1 1795486200.0 mx1 events Site-to-Site VPN: <l2tp|241> IKE_SA l2tp[241] established between 192.0.2.112[192.0.2.112]...198.51.100.144[10.0.0.1]',
    {
      action: 'vpn_connect',
      outcome: 'success',
      sourceIp: '198.51.100.144',
      extra: { 'destination.ip': '192.0.2.112' },
    },
  ),
  variant(
    'a blocked ARP packet',
    '<134>1 1795486200.0 ms1 events Blocked ARP Packet from 02:00:5e:00:53:05 with IP 192.0.2.144 on VLAN 123',
    { action: 'arp_blocked', sourceIp: '192.0.2.144', extra: { 'client.mac': '02:00:5e:00:53:05' } },
  ),
  // Sophos UTM 9, "Understanding the Packet Filter Log", "HTTP log", ids of the log files.
  variant(
    'UTM: a dropped packet',
    '<30>2026:11:24-02:10:00 utm1 ulogd[503]: id="2001" severity="info" sys="SecureNet" sub="packetfilter" name="Packet dropped" action="drop" fwrule="60001" initf="ppp0" outitf="eth1" srcmac="2:0:5e:0:53:1" dstmac="02:00:5e:00:53:02" srcip="198.51.100.1" dstip="192.0.2.1" proto="6" length="44" ttl="42" srcport="8342" dstport="9527" tcpflags="SYN"',
    {
      device: 'utm1',
      observedAt: 1795486200000,
      action: 'dropped',
      outcome: 'failure',
      code: '2001',
      ruleId: '60001',
      protocol: 6,
      source: { ip: '198.51.100.1', port: 8342, mac: '02:00:5e:00:53:01' },
      destination: { ip: '192.0.2.1', port: 9527 },
      ingressInterface: 'ppp0',
      egressInterface: 'eth1',
      directionSource: 'first_packet',
    },
  ),
  variant(
    'UTM: a web request',
    '2026:11:24-02:10:00 utm1 httpproxy[6267]: id="0001" severity="info" sys="SecureWeb" sub="http" name="http access" action="pass" method="GET" srcip="192.0.2.2" dstip="198.51.100.129" user="bob" group="staff" statuscode="200" cached="0" profile="Default" size="311" url="https://www.example.com:8443/x" fullreqtime="32181" application="example" categoryname="Internet Services"',
    {
      action: 'allowed',
      user: 'bob',
      source: { ip: '192.0.2.2', user: 'bob' },
      destination: { ip: '198.51.100.129', port: 8443, domain: 'www.example.com' },
      durationNs: 32181000n,
      application: 'example',
      extra: { 'http.request.method': 'GET', 'http.response.status_code': 200, 'http.response.body.bytes': 311 },
    },
  ),
  variant(
    'UTM: an administrator changes an object',
    '<30>2026:11:24-02:10:00 utm1 confd[4567]: I main::top-level:774() => id="3100" severity="info" sys="System" sub="confd" name="object changed" class="network" type="host" srcip="192.0.2.9" user="admin" client="webadmin.plx" objname="web server"',
    { action: 'config_change', user: 'admin', sourceIp: '192.0.2.9', extra: { 'sophos.object': 'web server' } },
  ),
  variant(
    'FortiOS without a log id',
    '<189>date=2026-11-24 time=02:10:00 devname="fgt1" devid="FG1" type="traffic" subtype="forward" level="notice" srcip=10.10.0.42 srcport=51514 srcintf="lan" dstip=198.51.100.14 dstport=443 dstintf="wan1" policyid=14 sessionid=182736 proto=6 action="accept" sentbyte=48211 rcvdbyte=98123 user="ops"',
    {
      parser: 'fortigate',
      code: undefined,
      source: { ip: '10.10.0.42', port: 51514, bytes: 48211n },
      destination: { ip: '198.51.100.14', port: 443, bytes: 98123n },
      ruleId: '14',
      user: 'ops',
      ingressInterface: 'lan',
    },
  ),
  variant(
    'a version before the time of RFC 3164 is no host',
    "<134>1 Nov 24 02:10:01 192.0.2.1 1 1795486200.207232138 mx84 events client_vpn_connect user id 'bob' local ip 10.0.0.5 connected from 198.51.100.7",
    { device: 'mx84', observedAt: 1795486200207, action: 'vpn_connect', user: 'bob', sourceIp: '198.51.100.7' },
  ),
];
