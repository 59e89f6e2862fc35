/**
 * Configurations by hand, after the configuration guides of each vendor. Addresses are of the documentation ranges (RFC 5737, RFC
 * 3849). Every kind of statement that declares a session of the device stands in one of them, in force and not.
 */

/** Cisco IOS-XE 17 Configuration Guides: Security, System Management, IP Addressing NAT, Programmability. */
export const IOS_XE = `Building configuration...

Current configuration : 4711 bytes
!
! Last configuration change at 01:23:45 UTC Mon Nov 23 2026 by alice
!
version 17.9
service timestamps log datetime msec
hostname edge1
!
banner motd ^C
ntp server 198.51.100.99
interface GigabitEthernet9
 ip address 203.0.113.99 255.255.255.0
^C
aaa new-model
aaa group server radius ISE
 server name ise1
 ip vrf forwarding MGMT
!
crypto pki trustpoint CA1
 enrollment url http://ca.example.net:8080
 source interface Loopback0
 revocation-check crl
!
crypto pki certificate chain CA1
 certificate ca 01
  30820321 30820209 A0030201 02020101
  6E74702073 65727665
  	quit
license smart url https://smartreceiver.cisco.com/licservice/license
license smart transport smart
call-home
 contact-email-addr noc@example.net
 mail-server mail.example.net priority 1
 profile "CiscoTAC-1"
  active
  destination transport-method http
  destination address http https://tools.cisco.com/its/service/oddce/services/DDCEService
 profile OFF
  no active
  destination address http https://callhome.example.net/x
!
crypto ikev2 keyring KR
 peer HQ
  address 192.0.2.10
  pre-shared-key S3cr3t
 peer ANY
  address 0.0.0.0 0.0.0.0
  pre-shared-key S3cr3t
!
crypto isakmp key S3cr3t address 192.0.2.11
crypto map VPN local-address Loopback0
crypto map VPN 10 ipsec-isakmp
 set peer 192.0.2.12
 match address CRYPTO
!
interface Loopback0
 ip address 198.51.100.1 255.255.255.255
!
interface Tunnel0
 ip address 10.255.0.1 255.255.255.0
 tunnel source Loopback0
 tunnel destination 192.0.2.20
 tunnel vrf INET
 tunnel protection ipsec profile P
!
interface Tunnel1
 shutdown
 tunnel source GigabitEthernet1
 tunnel destination 192.0.2.21
!
interface GigabitEthernet1
 description uplink to "ISP"
 vrf forwarding INET
 ip address 203.0.113.2 255.255.255.248
 ip nat outside
 ip access-group OUTSIDE_IN in
!
interface GigabitEthernet2
 ip address 10.1.1.1 255.255.255.0
 ip address 10.1.2.1 255.255.255.0 secondary
 ipv6 address 2001:DB8:1::1/64
 ip nat inside
!
interface GigabitEthernet3
 ip address 10.9.9.1 255.255.255.0
 shutdown
!
router bgp 65001
 neighbor IBGP peer-group
 neighbor 192.0.2.30 remote-as 65002
 neighbor 192.0.2.30 update-source Loopback0
 neighbor 192.0.2.31 remote-as 65003
 neighbor 192.0.2.31 shutdown
 address-family ipv4 vrf CUST
  neighbor 10.50.0.2 remote-as 65100
 exit-address-family
!
ip nat pool P1 203.0.113.3 203.0.113.5 netmask 255.255.255.248
ip nat inside source list NATTED interface GigabitEthernet1 overload
ip nat inside source list 7 pool P1 vrf INET overload
ip nat inside source static tcp 10.1.1.80 443 203.0.113.6 8443
ip nat inside source static network 10.2.0.0 198.51.100.0 /24
!
ip access-list standard NATTED
 10 permit 10.1.1.0 0.0.0.255
 20 permit 10.1.2.0 0.0.0.255
ip access-list extended OUTSIDE_IN
 remark web
 permit tcp any host 203.0.113.6 eq 443
 100 deny ip any any log
access-list 7 permit 10.3.0.0 0.0.255.255
!
route-map PBR permit 10
 match ip address NATTED
 set ip next-hop 192.0.2.40
!
archive
 path scp://backup:S3cr3t@192.0.2.50/$h
ip name-server vrf MGMT 192.0.2.60 192.0.2.61
ip name-server 192.0.2.62
ip http client source-interface Loopback0
logging source-interface Loopback0
logging host 192.0.2.70
logging host 192.0.2.71 vrf MGMT transport tcp port 1468
logging host 192.0.2.72 transport tls profile T
ntp source Loopback0
ntp server vrf MGMT 192.0.2.80
ntp server pool.ntp.example
snmp-server host 192.0.2.90 version 2c S3cr3t
tacacs server T1
 address ipv4 192.0.2.100
 key 7 S3cr3t
 port 4949
radius server ise1
 address ipv4 192.0.2.101 auth-port 1812 acct-port 1813
 key 7 S3cr3t
ip sla 5
 http get https://probe.example.net/x
ip ddns update method DYN
 HTTP
  add http://u:S3cr3t@members.dyndns.example/nic/update?hostname=<h>
flow exporter FX
 destination 192.0.2.110
 source Loopback0
 transport udp 2055
telemetry ietf subscription 101
 encoding encode-kvgpb
 receiver ip address 192.0.2.120 57500 protocol grpc-tls profile T
service meraki connect
end
`;

/** Cisco ASA 9.x CLI Configuration Guides and Command Reference. */
export const ASA = `: Saved

:
: Serial Number: X
ASA Version 9.16(4)
!
hostname fw1
names
!
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 203.0.113.2 255.255.255.0
!
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.1.1 255.255.255.0
!
object network WEB
 host 10.1.1.80
object network LAN
 subnet 10.1.1.0 255.255.255.0
object-group network ALL
 network-object object LAN
 network-object 10.2.0.0 255.255.0.0
access-list outside_in remark web server
access-list outside_in extended permit tcp any object WEB eq https
access-list outside_in extended permit tcp any object WEB eq www inactive
access-list outside_in extended deny ip any any log
access-list SPLIT standard permit 10.1.1.0 255.255.255.0
logging enable
logging trap informational
logging host inside 192.0.2.70 6/6514 secure
logging host inside 192.0.2.71 tcp/6514 secure
flow-export destination inside 192.0.2.110 2055
ip local pool VPN 10.254.0.10-10.254.0.250 mask 255.255.255.0
nat (inside,outside) source dynamic ALL interface
nat (inside,outside) source static LAN LAN destination static ALL ALL no-proxy-arp inactive
object network WEB
 nat (inside,outside) static 203.0.113.80 service tcp https 8443
object network LAN
 nat (inside,outside) dynamic pat-pool PATPOOL
access-group outside_in in interface outside
aaa-server ISE protocol radius
aaa-server ISE (inside) host 192.0.2.101
 key S3cr3t
aaa-server AD protocol ldap
aaa-server AD (inside) host ldap.example.net
 ldap-over-ssl enable
 ldap-login-password S3cr3t
snmp-server host inside 192.0.2.90 community S3cr3t version 2c
crypto map OUT 10 match address CRYPTO
crypto map OUT 10 set peer 192.0.2.12 192.0.2.13
tunnel-group 192.0.2.12 type ipsec-l2l
tunnel-group 192.0.2.12 ipsec-attributes
 ikev1 pre-shared-key S3cr3t
tunnel-group RA type remote-access
dns server-group DefaultDNS
 name-server 192.0.2.60 inside
ntp server 192.0.2.80 source inside
license smart
 feature tier standard
call-home
 profile CiscoTAC-1
  no active
  destination address http https://tools.cisco.com/its/service/oddce/services/DDCEService
Cryptochecksum:0123456789abcdef
: end
`;

/** Cisco NX-OS 10 Configuration Guides: System Management, Programmability. */
export const NXOS = `
!Command: show running-config
!Running configuration last done at: Mon Nov 23 01:02:03 2026
!Time: Tue Nov 24 01:59:59 2026

version 10.2(3) Bios:version 05.45
hostname spine1
feature telemetry
username admin password 5 $5$S3cr3t  role network-admin
ip domain-lookup
tacacs-server key 7 "S3cr3t"
tacacs-server host 192.0.2.100 port 49
aaa group server tacacs+ TAC
    server 192.0.2.100
    use-vrf management
    source-interface mgmt0
ip access-list MGMT-IN
  statistics per-entry
  10 permit tcp 192.0.2.0/24 any eq 22
  20 deny ip any any log
snmp-server user admin network-admin auth md5 0xS3cr3t1 priv 0xS3cr3t2 localizedkey
ntp server 192.0.2.80 prefer use-vrf management key 1
logging server 192.0.2.70 5 port 6514 secure trust-client-identity tp use-vrf management facility local7
logging server 192.0.2.71 5 use-vrf management
interface mgmt0
  vrf member management
  ip address 192.0.2.5/24
router bgp 65001
  neighbor 192.0.2.30
    remote-as 65002
    update-source loopback0
  vrf RED
    neighbor 10.5.5.2
      remote-as 65200
      shutdown
telemetry
  destination-profile
    use-vrf management
  destination-group 1
    ip address 192.0.2.120 port 50001 protocol gRPC encoding GPB
  subscription 1
    dst-grp 1
callhome
  destination-profile CiscoTAC-1 transport-method http
  destination-profile CiscoTAC-1 http https://tools.cisco.com/its/service/oddce/services/DDCEService
`;

/** Arista EOS User Manual 4.30. */
export const EOS = `! Command: show running-config
! device: leaf1 (DCS-7050TX, EOS-4.30.1F)
!
! boot system flash:/EOS-4.30.1F.swi
!
daemon TerminAttr
   exec /usr/bin/TerminAttr -cvaddr=192.0.2.130:9910,cv2.example.net:9910 -cvauth=token-secure,/tmp/cv -cvvrf=MGMT -taillogs
   no shutdown
!
logging vrf MGMT host 192.0.2.70 6514 protocol tls ssl-profile P
logging host 192.0.2.71 1514
!
hostname leaf1
ip name-server vrf MGMT 192.0.2.60
ntp local-interface vrf MGMT Management1
ntp server vrf MGMT 192.0.2.80 iburst
radius-server host 192.0.2.101 vrf MGMT key 7 S3cr3t
snmp-server host 192.0.2.90 vrf MGMT version 2c S3cr3t
sflow destination 192.0.2.111
!
interface Ethernet1
   no switchport
   ip address 10.0.0.1/31
   ip nat source dynamic access-list NATTED overload
!
interface Management1
   vrf MGMT
   ip address 192.0.2.6/24
!
ip access-list NATTED
   10 permit ip 10.1.0.0/16 any
!
router bgp 65001
   neighbor SPINES peer group
   neighbor 10.0.0.0 peer group SPINES
   neighbor 10.0.0.2 remote-as 65002
!
end
`;

/** Junos OS documentation: CLI User Guide, Security Policies, NAT, IPsec, System Logging, Network Management. */
export const JUNOS = `## Last commit: 2026-11-23 01:23:45 UTC by bob
version 22.4R3.25;
groups {
    SYSLOG {
        system {
            syslog {
                host <*> {
                    port 1514;
                }
                host 192.0.2.71 {
                    any notice;
                }
            }
        }
    }
    UNUSED {
        system {
            ntp {
                server 192.0.2.99;
            }
        }
    }
}
apply-groups SYSLOG;
system {
    host-name srx1;
    root-authentication {
        encrypted-password "$6$S3cr3t"; ## SECRET-DATA
    }
    name-server {
        192.0.2.60;
        192.0.2.61;
    }
    radius-server {
        192.0.2.101 {
            secret "$9$S3cr3t"; ## SECRET-DATA
            source-address 192.0.2.5;
        }
    }
    tacplus-server {
        192.0.2.100 port 4949;
    }
    services {
        ssh;
        outbound-ssh {
            client mist {
                device-id x;
                secret "$9$S3cr3t"; ## SECRET-DATA
                services netconf;
                oc-term.mistsys.net {
                    port 2200;
                    retry 1000;
                }
            }
        }
    }
    syslog {
        source-address 192.0.2.5;
        host 192.0.2.70 {
            any any;
            transport tls;
        }
        inactive: host 192.0.2.72 {
            any any;
        }
    }
    ntp {
        server 192.0.2.80;
        inactive: server 192.0.2.81;
    }
    archival {
        configuration {
            transfer-on-commit;
            archive-sites {
                "scp://backup@192.0.2.50/cfg" password "$9$S3cr3t"; ## SECRET-DATA
            }
        }
    }
    license {
        autoupdate {
            url https://ae1.juniper.net/junos/key_retrieval;
        }
    }
    phone-home {
        server https://redirect.juniper.net;
    }
}
/* filled
   by hand */
security {
    log {
        mode stream;
        source-address 192.0.2.5;
        transport {
            protocol tls;
        }
        stream S1 {
            host {
                192.0.2.73;
                port 6515;
            }
        }
    }
    ike {
        policy P {
            pre-shared-key ascii-text "$9$S3cr3t"; ## SECRET-DATA
        }
        gateway HQ {
            ike-policy P;
            address 192.0.2.10;
            external-interface ge-0/0/0.0;
            local-address 203.0.113.2;
        }
        inactive: gateway OLD {
            address 192.0.2.11;
        }
    }
    nat {
        source {
            pool CGN {
                address {
                    198.51.100.0/28;
                }
                port {
                    deterministic {
                        block-size 256;
                        host address 100.64.0.0/22;
                    }
                }
            }
            rule-set TRUST-OUT {
                from zone trust;
                to zone untrust;
                rule R1 {
                    match {
                        source-address 10.1.0.0/16;
                    }
                    then {
                        source-nat {
                            interface;
                        }
                    }
                }
                rule R2 {
                    match {
                        source-address 100.64.0.0/22;
                    }
                    then {
                        source-nat {
                            pool {
                                CGN;
                            }
                        }
                    }
                }
            }
        }
    }
    policies {
        from-zone trust to-zone untrust {
            policy web {
                match {
                    source-address any;
                    destination-address any;
                    application [ junos-https junos-http ];
                }
                then {
                    permit;
                    log {
                        session-close;
                    }
                }
            }
            inactive: policy old {
                match {
                    source-address any;
                    destination-address any;
                    application any;
                }
                then {
                    permit;
                }
            }
        }
        from-zone guest to-zone untrust {
            policy web {
                match {
                    source-address any;
                    destination-address any;
                    application any;
                }
                then {
                    permit;
                }
            }
        }
    }
    zones {
        security-zone untrust {
            interfaces {
                ge-0/0/0.0;
            }
        }
    }
}
interfaces {
    ge-0/0/0 {
        description uplink;
        unit 0 {
            family inet {
                address 203.0.113.2/24;
            }
        }
    }
    gr-0/0/0 {
        unit 0 {
            tunnel {
                source 203.0.113.2;
                destination 192.0.2.20;
            }
        }
    }
}
snmp {
    community S3cr3t {
        authorization read-only;
    }
    trap-group G {
        targets {
            192.0.2.90;
        }
    }
}
protocols {
    bgp {
        group EBGP {
            neighbor 192.0.2.30 {
                peer-as 65002;
            }
        }
    }
}
services {
    analytics {
        streaming-server S {
            remote-address 192.0.2.120;
            remote-port 30000;
        }
    }
}
`;

/** FortiOS 7.4 CLI Reference. */
export const FORTIOS = `#config-version=FGT60F-7.4.1-FW-build2463-230830:opmode=0:vdom=0:user=admin
#conf_file_ver=123456
#buildno=2463
config system global
    set hostname "fgt1"
end
config system interface
    edit "wan1"
        set vdom "root"
        set ip 203.0.113.2 255.255.255.0
        set alias "ISP"
    next
    edit "internal"
        set ip 10.1.1.1 255.255.255.0
        config secondaryip
            edit 1
                set ip 10.1.2.1 255.255.255.0
            next
        end
    next
    edit "dmz"
        set ip 10.9.9.1 255.255.255.0
        set status down
    next
end
config system dns
    set primary 192.0.2.60
    set secondary 192.0.2.61
    set protocol dot
end
config vpn certificate local
    edit "c1"
        set private-key "-----BEGIN ENCRYPTED PRIVATE KEY-----
S3cr3t
-----END ENCRYPTED PRIVATE KEY-----"
        set certificate "-----BEGIN CERTIFICATE-----
set server 192.0.2.250
-----END CERTIFICATE-----"
    next
end
config system central-management
    set type fortimanager
    set fmg "192.0.2.140"
end
config log syslogd setting
    set status enable
    set server "192.0.2.70"
    set mode reliable
    set port 6514
    set enc-algorithm high
    set source-ip 10.1.1.1
end
config log syslogd2 setting
    set server "192.0.2.71"
end
config log fortianalyzer setting
    set status enable
    set server "192.0.2.141"
end
config system ntp
    set ntpsync enable
    set type custom
    config ntpserver
        edit 1
            set server "192.0.2.80"
        next
    end
end
config system fortiguard
    set fortiguard-anycast disable
    set protocol https
    set port 8888
end
config user radius
    edit "ise"
        set server "192.0.2.101"
        set secret ENC S3cr3t=
    next
end
config user ldap
    edit "ad"
        set server "ldap.example.net"
        set secure ldaps
        set password ENC S3cr3t
    next
end
config vpn ipsec phase1-interface
    edit "HQ"
        set interface "wan1"
        set remote-gw 192.0.2.10
        set psksecret ENC S3cr3t
    next
    edit "DIAL"
        set type dynamic
        set interface "wan1"
        set ipv4-start-ip 10.254.1.10
        set ipv4-end-ip 10.254.1.99
    next
end
config firewall address
    edit "LAN"
        set subnet 10.1.1.0 255.255.255.0
    next
end
config firewall ippool
    edit "CGN"
        set type fixed-port-range
        set startip 198.51.100.10
        set endip 198.51.100.20
        set source-startip 10.1.1.0
        set source-endip 10.1.1.255
    next
end
config firewall vip
    edit "WEB"
        set extip 203.0.113.80
        set extintf "wan1"
        set portforward enable
        set mappedip "10.1.1.80"
        set extport 443
        set mappedport 8443
    next
end
config firewall policy
    edit 1
        set name "out"
        set uuid 11111111-2222-3333-4444-555555555555
        set srcintf "internal"
        set dstintf "wan1"
        set action accept
        set srcaddr "LAN"
        set dstaddr "all"
        set service "ALL"
        set ssl-ssh-profile "deep-inspection"
        set nat enable
        set ippool enable
        set poolname "CGN"
    next
    edit 2
        set status disable
        set srcintf "dmz"
        set dstintf "wan1"
        set action accept
    next
end
config system external-resource
    edit "feed"
        set type address
        set resource "https://feeds.example.net/bad.txt"
    next
end
config system ddns
    edit 1
        set ddns-server FortiGuardDDNS
        set ddns-domain "x.fortiddns.com"
        set monitor-interface "wan1"
    next
end
config router bgp
    set as 65001
    config neighbor
        edit "192.0.2.30"
            set remote-as 65002
        next
    end
end
`;

/** PAN-OS 11 Administrator's Guide; `set` form. */
export const PANOS_SET = `set deviceconfig system hostname pa1
set deviceconfig system ip-address 192.0.2.5
set deviceconfig system netmask 255.255.255.0
set deviceconfig system panorama local-panorama panorama-server 192.0.2.150
set deviceconfig system update-server updates.paloaltonetworks.com
set deviceconfig system ntp-servers primary-ntp-server ntp-server-address 192.0.2.80
set deviceconfig system dns-setting servers primary 192.0.2.60
set deviceconfig system device-telemetry device-health-performance yes
set deviceconfig system device-telemetry region americas
set deviceconfig system route service syslog source interface ethernet1/1
set shared log-settings syslog P server S1 server 192.0.2.70
set shared log-settings syslog P server S1 transport SSL
set shared log-settings syslog P server S1 port 6514
set shared server-profile radius R server S ip-address 192.0.2.101
set shared server-profile radius R server S secret -AQ==S3cr3t
set shared server-profile ldap L server S address ldap.example.net
set shared server-profile ldap L ssl yes
set network interface ethernet ethernet1/1 layer3 ip 203.0.113.2/24
set network ike gateway HQ peer-address ip 192.0.2.10
set network ike gateway HQ local-address interface ethernet1/1
set network ike gateway HQ authentication pre-shared-key key -AQ==S3cr3t
set network ike gateway OLD peer-address ip 192.0.2.11
set network ike gateway OLD disabled yes
set network virtual-router default protocol bgp enable yes
set network virtual-router default protocol bgp peer-group G peer P1 peer-address ip 192.0.2.30
set vsys vsys1 zone untrust network layer3 ethernet1/1
set vsys vsys1 address LAN ip-netmask 10.1.0.0/16
set vsys vsys1 external-list BAD type ip url https://feeds.example.net/bad.txt
set vsys vsys1 external-list BAD type ip recurring hourly
set vsys vsys1 rulebase security rules out from trust
set vsys vsys1 rulebase security rules out to untrust
set vsys vsys1 rulebase security rules out source LAN
set vsys vsys1 rulebase security rules out destination any
set vsys vsys1 rulebase security rules out application [ ssl web-browsing ]
set vsys vsys1 rulebase security rules out action allow
set vsys vsys2 rulebase security rules out action deny
set vsys vsys1 rulebase nat rules pat source LAN
set vsys vsys1 rulebase nat rules pat to untrust
set vsys vsys1 rulebase nat rules pat source-translation dynamic-ip-and-port interface-address interface ethernet1/1
set vsys vsys1 rulebase decryption rules dec action decrypt
`;

/** The same as XML (`show config running` saved by the web interface), a part of it. */
export const PANOS_XML = `<?xml version="1.0"?>
<config version="11.0.0" urldb="paloaltonetworks">
  <mgt-config>
    <users><entry name="admin"><phash>S3cr3t</phash></entry></users>
  </mgt-config>
  <devices>
    <entry name="localhost.localdomain">
      <deviceconfig>
        <system>
          <hostname>pa2</hostname>
          <update-server>updates.paloaltonetworks.com</update-server>
        </system>
      </deviceconfig>
      <network>
        <interface>
          <ethernet>
            <entry name="ethernet1/1">
              <layer3><ip><entry name="203.0.113.2/24"/></ip></layer3>
            </entry>
          </ethernet>
        </interface>
      </network>
      <vsys>
        <entry name="vsys1">
          <address><entry name="LAN"><ip-netmask>10.1.0.0/16</ip-netmask></entry></address>
          <rulebase>
            <security>
              <rules>
                <entry name="out &amp; in" uuid="aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee">
                  <from><member>trust</member></from>
                  <to><member>untrust</member></to>
                  <source><member>LAN</member></source>
                  <action>allow</action>
                  <disabled>yes</disabled>
                </entry>
              </rules>
            </security>
          </rulebase>
        </entry>
      </vsys>
    </entry>
  </devices>
</config>
`;

/** RouterOS documentation, version 7 `/export`. */
export const ROUTEROS = `# 2026-11-24 02:00:00 by RouterOS 7.16
# software id = ABCD-EFGH
#
# model = RB4011
/interface sstp-client
add connect-to=vpn.example.net disabled=no name=sstp-out1 password=S3cr3t \\
    user=u
add connect-to=192.0.2.15:4443 disabled=yes name=sstp-out2 user=u
/interface wireguard
add listen-port=51820 name=wg1 private-key="S3cr3t="
/interface wireguard peers
add allowed-address=10.8.0.0/24 endpoint-address=192.0.2.16 endpoint-port=\\
    51821 interface=wg1 public-key="abc="
/ip ipsec peer
add address=192.0.2.10/32 name=hq
add address=0.0.0.0/0 name=any passive=yes
/ip ipsec identity
add peer=hq secret=S3cr3t
/snmp community
set [ find default=yes ] name=S3cr3t
/system logging action
set 3 remote=192.0.2.70 remote-port=1514
add name=tls remote=192.0.2.71 remote-protocol=tcp target=remote
/ip address
add address=203.0.113.2/24 interface=ether1
add address=10.1.1.1/24 comment="lan side" interface=bridge
add address=10.9.9.1/24 disabled=yes interface=ether5
/ip cloud
set ddns-enabled=yes update-time=no
/ip dns
set servers=192.0.2.60,192.0.2.61 use-doh-server=https://dns.example.net/dns-query
/ip firewall filter
add action=accept chain=forward comment="allow web" dst-port=443 log=yes \\
    log-prefix=WEB protocol=tcp
add action=drop chain=forward disabled=yes
/ip firewall nat
add action=masquerade chain=srcnat comment="defconf: masquerade" \\
    out-interface=ether1 src-address=10.1.1.0/24
add action=dst-nat chain=dstnat dst-address=203.0.113.2 dst-port=443 protocol=\\
    tcp to-addresses=10.1.1.80 to-ports=8443
/ip traffic-flow target
add dst-address=192.0.2.110 port=2055
/radius
add address=192.0.2.101 secret=S3cr3t service=login
/routing bgp connection
add as=65001 name=p1 remote.address=192.0.2.30/32 .as=65002
/system identity
set name=mt1
/system ntp client
set enabled=yes
/system ntp client servers
add address=192.0.2.80
/system script
add name=up source="/tool fetch url=\\"https://hook.example.net/x\\" keep-result=no"
`;

/** VyOS User Guide 1.4. */
export const VYOS = `set firewall ipv4 forward filter rule 10 action 'accept'
set firewall ipv4 forward filter rule 10 destination port '443'
set firewall ipv4 forward filter rule 10 protocol 'tcp'
set firewall ipv4 name WAN_IN default-action 'drop'
set firewall ipv4 name WAN_IN rule 20 action 'drop'
set firewall ipv4 name WAN_IN rule 20 disable
set interfaces ethernet eth0 address '203.0.113.2/24'
set interfaces ethernet eth0 description 'uplink'
set interfaces ethernet eth1 vif 10 address '10.1.1.1/24'
set interfaces openvpn vtun0 remote-host 'vpn.example.net'
set interfaces openvpn vtun0 protocol 'tcp-active'
set interfaces wireguard wg0 peer A address '192.0.2.16'
set interfaces wireguard wg0 peer A port '51821'
set interfaces wireguard wg0 private-key 'S3cr3t='
set interfaces tunnel tun0 encapsulation 'gre'
set interfaces tunnel tun0 remote '192.0.2.20'
set nat source rule 100 outbound-interface name 'eth0'
set nat source rule 100 source address '10.1.0.0/16'
set nat source rule 100 translation address 'masquerade'
set nat destination rule 10 disable
set nat destination rule 10 destination port '443'
set nat destination rule 10 translation address '10.1.1.80'
set protocols bgp neighbor 192.0.2.30 remote-as '65002'
set service dns dynamic name svc protocol 'dyndns2'
set service dns dynamic name svc server 'members.dyndns.example'
set service monitoring telegraf influxdb url 'https://influx.example.net'
set service ntp server 192.0.2.80
set system config-management commit-archive location 'scp://u:S3cr3t@192.0.2.50/x'
set system host-name 'vy1'
set system login radius server 192.0.2.101 key 'S3cr3t'
set system name-server '192.0.2.60'
set system syslog remote 192.0.2.70 facility all level 'info'
set system syslog remote 192.0.2.70 protocol 'tcp'
set system syslog remote 192.0.2.70 port '1514'
set vpn ipsec authentication psk P secret 'S3cr3t'
set vpn ipsec site-to-site peer HQ remote-address '192.0.2.10'
set vpn ipsec site-to-site peer HQ local-address '203.0.113.2'
set vpn ipsec site-to-site peer OLD remote-address '192.0.2.11'
set vpn ipsec site-to-site peer OLD disable
`;

/** pfSense documentation; elements as pfSense 2.7 writes `config.xml`. */
export const PFSENSE = `<?xml version="1.0"?>
<pfsense>
	<version>23.3</version>
	<system>
		<hostname>pf1</hostname>
		<domain>example.net</domain>
		<dnsserver>192.0.2.60</dnsserver>
		<dnsserver>192.0.2.61</dnsserver>
		<timeservers>0.pfsense.pool.ntp.org 192.0.2.80</timeservers>
		<user>
			<name>admin</name>
			<bcrypt-hash>$2y$10$S3cr3t</bcrypt-hash>
		</user>
		<authserver>
			<type>ldap</type>
			<host>ldap.example.net</host>
			<ldap_port>636</ldap_port>
			<ldap_urltype>SSL/TLS Encrypted</ldap_urltype>
			<ldap_bindpw>S3cr3t</ldap_bindpw>
		</authserver>
	</system>
	<interfaces>
		<wan>
			<enable></enable>
			<if>igb0</if>
			<ipaddr>203.0.113.2</ipaddr>
			<subnet>24</subnet>
			<descr><![CDATA[WAN]]></descr>
		</wan>
		<opt1>
			<if>igb2</if>
			<ipaddr>10.9.9.1</ipaddr>
			<subnet>24</subnet>
		</opt1>
	</interfaces>
	<nat>
		<outbound>
			<mode>hybrid</mode>
			<rule>
				<source><network>10.1.0.0/16</network></source>
				<interface>wan</interface>
				<target></target>
				<descr><![CDATA[lan out]]></descr>
			</rule>
		</outbound>
		<rule>
			<interface>wan</interface>
			<protocol>tcp</protocol>
			<target>10.1.1.80</target>
			<local-port>8443</local-port>
			<destination><network>wanip</network><port>443</port></destination>
			<descr><![CDATA[web]]></descr>
		</rule>
	</nat>
	<filter>
		<rule>
			<tracker>1770001234</tracker>
			<type>pass</type>
			<interface>lan</interface>
			<source><network>lan</network></source>
			<destination><any></any></destination>
			<descr><![CDATA[allow lan]]></descr>
			<updated><time>1790000000</time><username><![CDATA[carol@192.0.2.9 (Local Database)]]></username></updated>
		</rule>
		<rule>
			<tracker>1770001235</tracker>
			<type>block</type>
			<disabled></disabled>
		</rule>
	</filter>
	<syslog>
		<enable></enable>
		<remoteserver>192.0.2.70:1514</remoteserver>
		<sourceip>lan</sourceip>
	</syslog>
	<ipsec>
		<phase1>
			<remote-gateway>192.0.2.10</remote-gateway>
			<interface>wan</interface>
			<pre-shared-key>S3cr3t</pre-shared-key>
		</phase1>
		<phase1>
			<remote-gateway>192.0.2.11</remote-gateway>
			<disabled></disabled>
		</phase1>
	</ipsec>
	<openvpn>
		<openvpn-client>
			<protocol>UDP4</protocol>
			<server_addr>vpn.example.net</server_addr>
			<server_port>1195</server_port>
			<tls>S3cr3t</tls>
		</openvpn-client>
	</openvpn>
	<dyndnses>
		<dyndns>
			<enable></enable>
			<type>cloudflare</type>
			<interface>wan</interface>
			<password>S3cr3t</password>
		</dyndns>
	</dyndnses>
	<aliases>
		<alias>
			<name>BAD</name>
			<type>urltable</type>
			<url>https://feeds.example.net/bad.txt</url>
		</alias>
	</aliases>
	<revision>
		<time>1795399200</time>
		<description><![CDATA[carol@192.0.2.9 (Local Database): Firewall rules saved]]></description>
		<username><![CDATA[carol@192.0.2.9 (Local Database)]]></username>
	</revision>
</pfsense>
`;
