import type { Fact } from '../../../normalizer/model/facts';
import { pairs, tableFacts } from './read-command';

/** One line each of a session's ends, translation, rule, counters. */
function sessions(facts: readonly Fact[]): string[] {
  return facts.flatMap((fact) => {
    if (fact.fact !== 'session_log') return [];
    const { source: s, destination: d } = fact;
    const end = (ip: string | undefined, port: number | undefined): string =>
      `${ip}${port === undefined ? '' : `:${port}`}`;
    const nat = (ip: string | undefined, port: number | undefined): string =>
      ip === undefined ? '' : `[${end(ip, port)}]`;
    const about = [fact.ruleName ?? fact.ruleId, s.bytes, d.bytes, fact.directionSource]
      .filter((each) => each !== undefined)
      .join(' ');
    return [
      `${fact.protocol} ${end(s.ip, s.port)}${nat(s.natIp, s.natPort)} > ${end(d.ip, d.port)}${nat(d.natIp, d.natPort)} ${about}`,
    ];
  });
}

describe('session tables', () => {
  test('ASA, show conn (Command Reference)', () => {
    const facts = tableFacts(
      'cisco_asa',
      'connections',
      `3 in use, 10 most used
TCP outside 203.0.113.5:443 inside 10.0.0.5:51234, idle 0:00:05, bytes 1234, flags UIO
TCP outside 203.0.113.9:40000 dmz 10.9.9.9:25, idle 0:00:09, bytes 99, flags UIOB
UDP outside 203.0.113.53:53 inside 10.0.0.5:5353, idle 0:00:01, bytes 60, flags -
`,
    );
    expect(sessions(facts)).toEqual([
      '6 10.0.0.5:51234 > 203.0.113.5:443 stated',
      '6 203.0.113.9:40000 > 10.9.9.9:25 stated',
      '17 10.0.0.5:5353 > 203.0.113.53:53 unknown',
    ]);
    expect(facts[0]).toMatchObject({
      bytes: 1234n,
      ingressInterface: 'inside',
      egressInterface: 'outside',
      action: 'update',
    });
  });

  test('Junos, show security flow session', () => {
    const facts = tableFacts(
      'juniper_junos',
      'connections',
      `Session ID: 10000012, Policy name: allow-web/4, Timeout: 1794, Valid
  In: 10.0.0.5/51234 --> 203.0.113.5/443;tcp, Conn Tag: 0x0, If: ge-0/0/0.0, Pkts: 10, Bytes: 1000,
  Out: 203.0.113.5/443 --> 198.51.100.1/10234;tcp, Conn Tag: 0x0, If: ge-0/0/1.0, Pkts: 12, Bytes: 5000,
Session ID: 10000013, Policy name: self-traffic-policy/1, Timeout: 48, Valid
  In: 10.0.0.5/3 --> 198.51.100.7/9;icmp, If: ge-0/0/0.0, Pkts: 1, Bytes: 84
  Out: 198.51.100.7/9 --> 10.0.0.5/3;icmp, If: .local..0, Pkts: 1, Bytes: 84
Total sessions: 2
`,
    );
    expect(sessions(facts)).toEqual([
      '6 10.0.0.5:51234[198.51.100.1:10234] > 203.0.113.5:443 allow-web 1000 5000 stated',
      '1 10.0.0.5:3 > 198.51.100.7:9 self-traffic-policy 84 84 stated',
    ]);
    expect(pairs(facts, 'nat')).toEqual(['TCP:198.51.100.1:10234 -> 10.0.0.5:51234']);
    expect(facts.find((fact) => fact.fact === 'binding')?.extra).toMatchObject({
      destination: '203.0.113.5:443',
      'nat.side': 'source',
    });
  });

  test('FortiOS, diagnose sys session list', () => {
    const facts = tableFacts(
      'fortigate',
      'connections',
      `session info: proto=6 proto_state=01 duration=142 expire=3457 timeout=3600 flags=00000000
statistic(bytes/packets/allow_err): org=1234/12/1 reply=5678/10/1 tuples=2
orgin->sink: org pre->post, reply pre->post dev=5->6/6->5 gwy=203.0.113.1/0.0.0.0
hook=post dir=org act=snat 10.0.0.5:51234->203.0.113.5:443(198.51.100.1:51234)
hook=pre dir=reply act=dnat 203.0.113.5:443->198.51.100.1:51234(10.0.0.5:51234)
misc=0 policy_id=12 auth_info=0 chk_client_info=0 vd=0
serial=000abcd tos=ff/ff app_list=0 app=0
session info: proto=17 proto_state=00 duration=1 expire=179 timeout=0
statistic(bytes/packets/allow_err): org=60/1/1 reply=0/0/0 tuples=2
hook=pre dir=org act=noop 10.0.0.6:5353->203.0.113.53:53(0.0.0.0:0)
hook=post dir=reply act=noop 203.0.113.53:53->10.0.0.6:5353(0.0.0.0:0)
misc=0 policy_id=3 auth_info=0
total session 2
`,
    );
    expect(sessions(facts)).toEqual([
      '6 10.0.0.5:51234[198.51.100.1:51234] > 203.0.113.5:443 12 1234 5678 stated',
      '17 10.0.0.6:5353 > 203.0.113.53:53 3 60 0 stated',
    ]);
    expect(pairs(facts, 'nat')).toEqual(['TCP:198.51.100.1:51234 -> 10.0.0.5:51234']);
  });

  test('FortiOS, get system session list', () => {
    const facts = tableFacts(
      'fortigate',
      'connections',
      `PROTO   EXPIRE SOURCE           SOURCE-NAT       DESTINATION      DESTINATION-NAT
tcp     3599   10.0.0.5:51234   198.51.100.1:51234 203.0.113.5:443  -
udp     12     10.0.0.5:5353    -                203.0.113.53:53  -
`,
    );
    expect(sessions(facts)).toEqual([
      '6 10.0.0.5:51234[198.51.100.1:51234] > 203.0.113.5:443 stated',
      '17 10.0.0.5:5353 > 203.0.113.53:53 stated',
    ]);
  });

  test('PAN-OS, show session all', () => {
    const facts = tableFacts(
      'panos',
      'connections',
      `--------------------------------------------------------------------------------
ID          Application    State   Type Flag  Src[Sport]/Zone/Proto (translated IP[Port])
Vsys                                          Dst[Dport]/Zone (translated IP[Port])
--------------------------------------------------------------------------------
12345        ssl            ACTIVE  FLOW  NS   10.0.0.5[51234]/trust/6  (198.51.100.1[20000])
vsys1                                          203.0.113.5[443]/untrust  (203.0.113.5[443])
12346        undecided      ACTIVE  FLOW       10.0.0.6[5353]/trust/17  (10.0.0.6[5353])
vsys1                                          203.0.113.53[53]/untrust  (203.0.113.53[53])
`,
    );
    expect(sessions(facts)).toEqual([
      '6 10.0.0.5:51234[198.51.100.1:20000] > 203.0.113.5:443 stated',
      '17 10.0.0.6:5353 > 203.0.113.53:53 stated',
    ]);
    expect(facts[0]).toMatchObject({
      application: 'ssl',
      sessionKey: '12345',
      ingressZone: 'trust',
      egressZone: 'untrust',
    });
    expect(pairs(facts, 'nat')).toEqual(['TCP:198.51.100.1:20000 -> 10.0.0.5:51234']);
  });

  test('RouterOS, /ip firewall connection print terse', () => {
    const facts = tableFacts(
      'mikrotik',
      'connections',
      ` 0  SAC s protocol=tcp src-address=10.0.0.5:51234 dst-address=203.0.113.5:443 reply-src-address=203.0.113.5:443 reply-dst-address=198.51.100.1:51234 tcp-state=established timeout=1d orig-packets=10 orig-bytes=1000 repl-packets=12 repl-bytes=5000
 1  SAC d protocol=tcp src-address=203.0.113.9:40000 dst-address=198.51.100.1:443 reply-src-address=10.0.0.80:8443 reply-dst-address=203.0.113.9:40000
`,
    );
    expect(sessions(facts)).toEqual([
      '6 10.0.0.5:51234[198.51.100.1:51234] > 203.0.113.5:443 1000 5000 stated',
      '6 203.0.113.9:40000 > 198.51.100.1:443[10.0.0.80:8443] stated',
    ]);
    expect(pairs(facts, 'nat')).toEqual([
      'TCP:198.51.100.1:51234 -> 10.0.0.5:51234',
      'TCP:198.51.100.1:443 -> 10.0.0.80:8443',
    ]);
  });

  test('pf, pfctl -vvss', () => {
    const facts = tableFacts(
      'pfsense',
      'connections',
      `igb0 tcp 198.51.100.1:51234 (10.0.0.5:51234) -> 203.0.113.5:443       ESTABLISHED:ESTABLISHED
   [1 + 2] wscale 7  [3 + 4] wscale 7
   age 00:00:10, expires in 24:00:00, 10:12 pkts, 1000:5000 bytes, rule 83
   id: 0100000065 creatorid: 3f6a1e2c
igb1 tcp 203.0.113.5:443 <- 10.0.0.5:51234       ESTABLISHED:ESTABLISHED
igb0 tcp 10.0.0.80:8443 (198.51.100.1:443) <- 203.0.113.9:40000       ESTABLISHED:ESTABLISHED
all udp 2001:db8::1[5353] -> 2001:db8::53[53]       MULTIPLE:SINGLE
`,
    );
    expect(sessions(facts)).toEqual([
      '6 10.0.0.5:51234[198.51.100.1:51234] > 203.0.113.5:443 83 1000 5000 stated',
      '6 10.0.0.5:51234 > 203.0.113.5:443 stated',
      '6 203.0.113.9:40000 > 198.51.100.1:443[10.0.0.80:8443] stated',
      '17 2001:db8::1:5353 > 2001:db8::53:53 stated',
    ]);
  });

  test('VyOS, show conntrack table ipv4', () => {
    const facts = tableFacts(
      'vyos',
      'connections',
      `TCP state codes: SS - SYN SENT, ES - ESTABLISHED
CONN ID       Source                 Destination            Protocol         TIMEOUT
1006239392    10.0.0.5:51234         203.0.113.5:443        tcp [6] ES       431999
`,
    );
    expect(sessions(facts)).toEqual(['6 10.0.0.5:51234 > 203.0.113.5:443 stated']);
  });
});

describe('translations', () => {
  test('ASA, show xlate', () => {
    const facts = tableFacts(
      'cisco_asa',
      'nat_translations',
      `3 in use, 5 most used
Flags: D - DNS, e - extended, I - identity, i - dynamic, r - portmap, s - static
TCP PAT from inside:10.0.0.5/51234 to outside:198.51.100.1/10234 flags ri idle 0:00:05 timeout 0:00:30
NAT from inside:10.0.0.80 to outside:198.51.100.80
    flags s idle 1:00:00 timeout 0:00:00
NAT from inside:10.1.0.0/16 to any:10.1.0.0/16 flags sI idle 1:00:00 timeout 0:00:00
`,
    );
    expect(pairs(facts, 'nat')).toEqual(['TCP:198.51.100.1:10234 -> 10.0.0.5:51234', 'IP:198.51.100.80 -> 10.0.0.80']);
  });

  test('IOS, verbose', () => {
    const facts = tableFacts(
      'cisco_ios',
      'nat_translations',
      `Pro Inside global      Inside local       Outside local      Outside global
tcp 198.51.100.1:1024  10.0.0.5:51234     203.0.113.5:443    203.0.113.5:443
    create 00:00:10, use 00:00:01 timeout:86400000, left 23:59:58, Map-Id(In): 1,
    flags: extended, use_count: 0, entry-id: 7, lc_entries: 0
`,
    );
    expect(pairs(facts, 'nat')).toEqual(['TCP:198.51.100.1:1024 -> 10.0.0.5:51234']);
  });

  test('VyOS without ports: nothing that would name the wrong host', () => {
    expect(
      pairs(
        tableFacts(
          'vyos',
          'nat_translations',
          `Pre-NAT         Post-NAT        Prot  Timeout
10.0.0.5        198.51.100.1    tcp   59
`,
        ),
        'nat',
      ),
    ).toEqual([]);
  });
});

describe('sockets of the device', () => {
  test('FreeBSD sockstat', () => {
    const facts = tableFacts(
      'opnsense',
      'sockets',
      `USER     COMMAND    PID   FD  PROTO  LOCAL ADDRESS         FOREIGN ADDRESS
root     syslog-ng  1234  5   tcp4   192.0.2.5:40000       192.0.2.70:6514
root     nginx      80    6   tcp4   *:443                 *:*
`,
    );
    expect(pairs(facts, 'socket-process')).toEqual(['TCP:192.0.2.5:40000>192.0.2.70:6514 -> 1234', 'TCP:*:443 -> 80']);
    expect(facts.find((fact) => fact.fact === 'binding')?.extra).toMatchObject({
      'process.name': 'syslog-ng',
      'user.name': 'root',
      'ascribe.socket.state': 'established',
    });
  });

  test('IOS, show tcp brief', () => {
    const facts = tableFacts(
      'cisco_ios',
      'sockets',
      `TCB       Local Address               Foreign Address             (state)
7F3A1C2B  192.0.2.5.40000             192.0.2.100.49              ESTAB
7F3A1C2C  192.0.2.5.40001             192.0.2.100.49              TIMEWAIT
`,
    );
    expect(facts.flatMap((fact) => (fact.fact === 'inventory' ? [fact.id] : []))).toEqual([
      'TCP:192.0.2.5:40000>192.0.2.100:49',
    ]);
  });

  test('Junos and FortiOS', () => {
    const junos = tableFacts(
      'juniper_junos',
      'sockets',
      'tcp4       0      0  192.0.2.5.40000  192.0.2.120.2200  ESTABLISHED\ntcp4       0      0  *.22  *.*  LISTEN\n',
    );
    expect(junos.flatMap((fact) => (fact.fact === 'inventory' ? [fact.id] : []))).toEqual([
      'TCP:192.0.2.5:40000>192.0.2.120:2200',
      'TCP:*:22',
    ]);
    const fortios = tableFacts(
      'fortigate',
      'sockets',
      '192.0.2.5:40000->192.0.2.140:541->state=established err=0 sockflag=0x1 rma=0 inode=1 process=123/fgfmd\n',
    );
    expect(pairs(fortios, 'socket-process')).toEqual(['TCP:192.0.2.5:40000>192.0.2.140:541 -> 123']);
  });
});

describe('users and peers', () => {
  test('GlobalProtect', () => {
    const facts = tableFacts(
      'panos',
      'gateway_users',
      `
GlobalProtect Gateway: gw (1 users)
Tunnel Name : gw-N
        Domain-User Name : \\alice
        User Name : example\\alice
        Computer : PC1
        Private IP : 10.254.0.9
        Public IP : 203.0.113.77
`,
    );
    expect(pairs(facts, 'ip-user')).toEqual(['10.254.0.9 -> example\\alice']);
  });

  test('IOS, show crypto session detail', () => {
    const facts = tableFacts(
      'cisco_ios',
      'vpn_sessions',
      `Crypto session current status

Interface: GigabitEthernet1
Session status: UP-ACTIVE
Peer: 192.0.2.10 port 500 fvrf: INET ivrf: (none)
      Phase1_id: 192.0.2.10
`,
    );
    expect(facts[0]).toMatchObject({
      fact: 'inventory',
      kind: 'tunnel',
      id: 'ipsec:192.0.2.10',
      extra: {
        'ascribe.tunnel.status': 'up-active',
        'ascribe.tunnel.interface': 'GigabitEthernet1',
        'ascribe.vrf': 'INET',
      },
    });
  });

  test('RouterOS, /ppp active and leases', () => {
    expect(
      pairs(
        tableFacts(
          'mikrotik',
          'ppp_sessions',
          ' 0 R name=carol service=l2tp caller-id=203.0.113.7 address=10.254.1.7 uptime=1h\n',
        ),
        'ip-user',
      ),
    ).toEqual(['10.254.1.7 -> carol']);
    expect(
      pairs(
        tableFacts(
          'mikrotik',
          'dhcp_leases',
          ' 0 D address=10.1.1.9 mac-address=02:00:5E:00:53:09 server=s status=bound active-address=10.1.1.9 host-name=pc\n',
        ),
        'ip-dhcp',
      ),
    ).toEqual(['10.1.1.9 -> 02:00:5e:00:53:09']);
  });
});

describe('other forms of ARP and forwarding tables', () => {
  test.each([
    [
      'pfsense',
      'arp',
      '? (10.1.1.5) at 02:00:5e:0:53:5 on igb1 expires in 1196 seconds [ethernet]\n? (10.1.1.6) at (incomplete) on igb1 [ethernet]\n',
      'ip-mac',
      ['10.1.1.5 -> 02:00:5e:00:53:05'],
    ],
    [
      'pfsense',
      'neighbours_ipv6',
      'Neighbor  Linklayer Address  Netif Expire S Flags\n2001:db8::5  02:00:5e:00:53:05 igb1 23h59m S R\nfe80::1%igb1 02:00:5e:00:53:06 igb1 1s S\n',
      'ip-mac',
      ['2001:db8::5 -> 02:00:5e:00:53:05'],
    ],
    [
      'fortigate',
      'arp',
      'Address           Age(min)   Hardware Addr      Interface\n10.1.1.5          0          02:00:5e:00:53:05 internal\n',
      'ip-mac',
      ['10.1.1.5 -> 02:00:5e:00:53:05'],
    ],
    [
      'vyos',
      'arp',
      'Address    Interface    Link layer address    State\n10.1.1.5   eth1         02:00:5e:00:53:05     REACHABLE\n',
      'ip-mac',
      ['10.1.1.5 -> 02:00:5e:00:53:05'],
    ],
    [
      'arista_eos',
      'mac_table',
      '  10    0200.5e00.5305    DYNAMIC     Et1        1       0:00:10 ago\n',
      'mac-switchport',
      ['02:00:5e:00:53:05 -> dev1:Et1'],
    ],
    [
      'cisco_nxos',
      'mac_table',
      '*   10     0200.5e00.5305   dynamic  0         F      F    Eth1/1\nG    -     0200.5e00.53ff   static   -         F      F    sup-eth1(R)\n',
      'mac-switchport',
      ['02:00:5e:00:53:05 -> dev1:Eth1/1'],
    ],
    [
      'juniper_junos',
      'mac_table',
      '    v10     02:00:5e:00:53:05   D        -   ge-0/0/1.0             0         0\n',
      'mac-switchport',
      ['02:00:5e:00:53:05 -> dev1:ge-0/0/1.0'],
    ],
    [
      'juniper_junos',
      'mac_table',
      '  v10   02:00:5e:00:53:05   D   -   ge-0/0/1.0\n',
      'mac-switchport',
      ['02:00:5e:00:53:05 -> dev1:ge-0/0/1.0'],
    ],
    [
      'mikrotik',
      'mac_table',
      ' 0  DE mac-address=02:00:5E:00:53:05 vid=10 on-interface=ether2 bridge=br1\n 1 DL mac-address=02:00:5E:00:53:01 on-interface=br1 bridge=br1\n',
      'mac-switchport',
      ['02:00:5e:00:53:05 -> dev1:ether2'],
    ],
    [
      'vyos',
      'mac_table',
      '02:00:5e:00:53:05 dev eth1 vlan 10 master br0\n',
      'mac-switchport',
      ['02:00:5e:00:53:05 -> dev1:eth1'],
    ],
    [
      'fortigate',
      'mac_table',
      '  1     3       port1     02:00:5e:00:53:05       5\n',
      'mac-switchport',
      ['02:00:5e:00:53:05 -> dev1:port1'],
    ],
    [
      'mikrotik',
      'neighbours',
      ' 0 interface=ether1,bridge address=192.0.2.9 mac-address=02:00:5E:00:53:09 identity="core sw" platform=MikroTik interface-name=ether5\n',
      'port-neighbour',
      ['dev1:ether1 -> core sw:ether5'],
    ],
  ] as const)('%s %s', (platform, command, body, relation, expected) => {
    expect(pairs(tableFacts(platform, command, body), relation)).toEqual(expected);
  });

  test('a table that was cut says so, and a whole one that it is whole', () => {
    const row = 'Internet  10.1.1.5  0  0200.5e00.5305  ARPA  Vlan1\n';
    const cut = tableFacts('cisco_ios', 'arp', row, { complete: false, reason: 'timeout' });
    expect(cut.at(-1)).toMatchObject({ fact: 'gap', kind: 'incomplete_read', detail: 'arp: timeout' });
    expect(tableFacts('cisco_ios', 'arp', row).at(-1)).toMatchObject({
      fact: 'event',
      action: 'table_read',
      extra: { 'ascribe.rows': 1 },
    });
  });
});
