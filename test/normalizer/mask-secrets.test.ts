import fc from 'fast-check';
import { maskSecrets } from '../../normalizer/mask-secrets';

const MASKED: readonly (readonly [name: string, line: string, masked: string])[] = [
  ['IOS user, clear', 'username bob password 0 foo', 'username bob password 0 ***'],
  ['IOS user, type 5', 'username bob privilege 15 secret 5 $1$ab$cd', 'username bob privilege 15 secret 5 ***'],
  ['IOS enable', 'enable secret 9 $9$x$y', 'enable secret 9 ***'],
  ['IOS enable with level', 'enable password level 15 7 0812', 'enable password level 15 7 ***'],
  ['SNMP community', 'snmp-server community public RO', 'snmp-server community *** RO'],
  [
    'SNMPv3 user',
    'snmp-server user u g v3 auth sha AAA priv aes 128 BBB',
    'snmp-server user u g v3 auth sha *** priv aes 128 ***',
  ],
  ['TACACS', 'tacacs-server host 10.1.1.1 key 7 0812', 'tacacs-server host 10.1.1.1 key 7 ***'],
  ['ISAKMP', 'crypto isakmp key SECRET address 192.0.2.1', 'crypto isakmp key *** address 192.0.2.1'],
  ['key chain', 'key-string 7 0812', 'key-string 7 ***'],
  ['OSPF', 'ip ospf message-digest-key 1 md5 7 0811', 'ip ospf message-digest-key 1 md5 7 ***'],
  ['BGP', 'neighbor 192.0.2.1 password 7 xx', 'neighbor 192.0.2.1 password 7 ***'],
  ['ASA passwd', 'passwd 2KFQnbNIdI.2KYOU encrypted', 'passwd *** encrypted'],
  ['ASA tunnel', 'ikev1 pre-shared-key s3', 'ikev1 pre-shared-key ***'],
  ['ASA AAA', 'aaa-server T host 10.1.1.1 key s3', 'aaa-server T host 10.1.1.1 key ***'],
  ['ASA LDAP', 'ldap-login-password s3', 'ldap-login-password ***'],
  [
    'Junos IKE',
    'set security ike policy p pre-shared-key ascii-text "$9$abc"',
    'set security ike policy p pre-shared-key ascii-text "***"',
  ],
  ['Junos audit', '[x encrypted-password] "$6$abcdefg$h" -> "$6$hijk$l"', '[x encrypted-password] "***" -> "***"'],
  ['FortiGate', 'set psksecret ENC abc', 'set psksecret ENC ***'],
  ['MikroTik', '/ppp secret set x password=S3cret', '/ppp secret set x password=***'],
  ['esxcli', 'esxcli system account set -i carol -p S3 -c S3', 'esxcli system account set -i carol -p *** -c ***'],
  ['option', 'tool --password hunter2', 'tool --password ***'],
  ['assignment', 'password = hunter2', 'password = ***'],
  ['IOS manual AH key', 'set session-key inbound ah 256 1234ab', 'set session-key inbound ah 256 ***'],
  [
    'IOS manual ESP keys',
    'set session-key outbound esp 256 cipher 12ab authenticator 34cd',
    'set session-key outbound esp 256 cipher *** authenticator ***',
  ],
  [
    'OSPFv3 key',
    'ospfv3 authentication ipsec spi 500 sha1 0 1234ABCD',
    'ospfv3 authentication ipsec spi 500 sha1 0 ***',
  ],
  [
    'OSPFv3 keys',
    'ipv6 ospf encryption ipsec spi 500 esp aes-cbc 128 7 AB12 sha1 7 CD34',
    'ipv6 ospf encryption ipsec spi 500 esp aes-cbc 128 7 *** sha1 7 ***',
  ],
  ['NX-OS MACsec key', 'key-octet-string 7 0822', 'key-octet-string 7 ***'],
  ['IOS licence token', 'license smart trust idtoken AbC local', 'license smart trust idtoken *** local'],
  ['IOS call home', 'mail-server bob:S3@192.0.2.1 priority 1', 'mail-server *** priority 1'],
  ['piped to passwd', 'echo S3cret | passwd --stdin root', 'echo *** | passwd --stdin root'],
  ['piped to chpasswd', 'echo -n "root:S3" | /usr/sbin/chpasswd', 'echo -n "***" | /usr/sbin/chpasswd'],
  ['two words in quotes', 'set password "two words"', 'set password "***"'],
  ['a secret that is a keyword', 'username bob password secret', 'username bob password ***'],
  ['IOS enable secret with a low level', 'enable password level 2 Winter24', 'enable password level 2 ***'],
  ['IOS trap host v2c', 'snmp-server host 192.0.2.1 version 2c s3cret', 'snmp-server host 192.0.2.1 version 2c ***'],
  ['IOS trap host, kind', 'snmp-server host 192.0.2.1 traps s3cret bgp', 'snmp-server host 192.0.2.1 traps *** bgp'],
  ['IOS trap host, bare', 'snmp-server host 192.0.2.1 s3cret', 'snmp-server host 192.0.2.1 ***'],
  [
    'NX-OS trap host',
    'snmp-server host 192.0.2.1 traps version 2c s3cret udp-port 1162',
    'snmp-server host 192.0.2.1 traps version 2c *** udp-port 1162',
  ],
  [
    'EOS trap host',
    'snmp-server host 192.0.2.1 vrf MGMT version 2c s3cret',
    'snmp-server host 192.0.2.1 vrf MGMT version 2c ***',
  ],
  [
    'XR trap host',
    'snmp-server host 192.0.2.1 traps version 2c encrypted 0822455D',
    'snmp-server host 192.0.2.1 traps version 2c encrypted ***',
  ],
  [
    'ASA trap host',
    'snmp-server host inside 192.0.2.1 community s3cret version 2c',
    'snmp-server host inside 192.0.2.1 community *** version 2c',
  ],
  [
    'NX-OS community',
    'snmp-server community s3cret group network-operator',
    'snmp-server community *** group network-operator',
  ],
  ['IOS keyring', 'pre-shared-key address 192.0.2.9 key Abc!23', 'pre-shared-key address 192.0.2.9 key ***'],
  [
    'IOS keyring with mask and type',
    'pre-shared-key address 192.0.2.0 255.255.255.0 key 6 Abc!23',
    'pre-shared-key address 192.0.2.0 255.255.255.0 key 6 ***',
  ],
  [
    'IOS keyring by name',
    'pre-shared-key hostname peer.example key Abc!23',
    'pre-shared-key hostname peer.example key ***',
  ],
  ['IOS IKEv2 keyring', 'pre-shared-key local 6 Abc!23', 'pre-shared-key local 6 ***'],
  ['IOS IKEv2 profile', 'authentication local pre-share key Abc!23', 'authentication local pre-share key ***'],
  ['IOS TACACS in its mode', 'key 7 0822455D0A16', 'key 7 ***'],
  ['IOS RADIUS in its mode, clear', 'key Winter24', 'key ***'],
  ['IOS PPP', 'ppp pap sent-username bob password 0 Winter24', 'ppp pap sent-username bob password 0 ***'],
  ['IOS HSRP', 'standby 1 authentication Winter24', 'standby 1 authentication ***'],
  [
    'IOS HSRP digest',
    'standby 1 authentication md5 key-string 7 0811',
    'standby 1 authentication md5 key-string 7 ***',
  ],
  ['IOS VRRP', 'vrrp 1 authentication text Winter24', 'vrrp 1 authentication text ***'],
  ['IOS NTP', 'ntp authentication-key 1 md5 Winter24 7', 'ntp authentication-key 1 md5 *** 7'],
  ['IOS NTP, SHA', 'ntp authentication-key 1 hmac-sha2-256 Winter24', 'ntp authentication-key 1 hmac-sha2-256 ***'],
  ['IOS OSPF, simple', 'ip ospf authentication-key Winter24', 'ip ospf authentication-key ***'],
  ['IOS ISIS', 'isis password Winter24 level-1', 'isis password *** level-1'],
  ['IOS MSDP', 'ip msdp password peer 192.0.2.1 0 Winter24', 'ip msdp password peer 192.0.2.1 0 ***'],
  ['NX-OS MSDP', 'ip msdp password 192.0.2.1 Winter24', 'ip msdp password 192.0.2.1 ***'],
  ['IOS LDP', 'mpls ldp password option 1 for 10 7 0822455D', 'mpls ldp password option 1 for 10 7 ***'],
  [
    'IOS WEP',
    'encryption key 1 size 128bit 7 0822455D transmit-key',
    'encryption key 1 size 128bit 7 *** transmit-key',
  ],
  [
    'IOS key export',
    'crypto key export rsa K pem terminal 3des Winter24',
    'crypto key export rsa K pem terminal 3des ***',
  ],
  ['IOS master key', 'key config-key password-encrypt Winter24', 'key config-key password-encrypt ***'],
  ['IOS copy', 'copy ftp://bob:Winter24@192.0.2.1/conf run', 'copy ftp://bob:***@192.0.2.1/conf run'],
  ['URL, password with @', 'copy scp://bob:a@b@192.0.2.1/f x', 'copy scp://bob:***@192.0.2.1/f x'],
  ['URL, password with /', 'copy scp://bob:a/b@192.0.2.1/f x', 'copy scp://bob:***@192.0.2.1/f x'],
  ['XR key chain', 'key-string password 0822455D', 'key-string *** ***'],
  ['XR key chain, type', 'key-string password 7 0822455D', 'key-string password 7 ***'],
  ['XR user', 'secret 10 $6$abc$def', 'secret 10 ***'],
  ['XR hello', 'hello-password hmac-md5 encrypted 0822', 'hello-password hmac-md5 encrypted ***'],
  ['ASA enable', 'enable password $sha512$5000$abc== pbkdf2', 'enable password *** pbkdf2'],
  [
    'ASA AAA, by place',
    'aaa-server T (inside) host 192.0.2.1 Winter24 timeout 5',
    'aaa-server T (inside) host 192.0.2.1 *** timeout 5',
  ],
  ['ASA failover', 'failover key hex 0123456789abcdef', 'failover key hex ***'],
  ['ASA failover IPsec', 'failover ipsec pre-shared-key Winter24', 'failover ipsec pre-shared-key ***'],
  ['ASA EIGRP', 'authentication key eigrp 100 Winter24 key-id 1', 'authentication key eigrp 100 *** key-id 1'],
  [
    'ASA IKEv2',
    'ikev2 remote-authentication pre-shared-key Winter24',
    'ikev2 remote-authentication pre-shared-key ***',
  ],
  ['ASA certificate', 'crypto ca import TP pkcs12 Winter24', 'crypto ca import TP pkcs12 ***'],
  ['ASA user', 'username bob password Winter24 privilege 15', 'username bob password *** privilege 15'],
  [
    'Junos community',
    'set snmp community s3cret authorization read-only',
    'set snmp community *** authorization read-only',
  ],
  [
    'Junos SNMPv3',
    'set snmp v3 usm local-engine user u authentication-sha authentication-password Winter24',
    'set snmp v3 usm local-engine user u authentication-sha authentication-password ***',
  ],
  [
    'Junos OSPF',
    'set protocols ospf area 0 interface x authentication md5 1 key Winter24',
    'set protocols ospf area 0 interface x authentication md5 1 key ***',
  ],
  [
    'Junos key chain',
    'set security authentication-key-chains key-chain c key 1 secret Winter24',
    'set security authentication-key-chains key-chain c key 1 secret ***',
  ],
  [
    'Junos NTP',
    'set system ntp authentication-key 1 type md5 value Winter24',
    'set system ntp authentication-key 1 type md5 value ***',
  ],
  [
    'Junos archive',
    'set system archival configuration archive-sites "ftp://u:Winter24@h/" password Winter25',
    'set system archival configuration archive-sites "ftp://u:***@h/" password ***',
  ],
  [
    'Junos audit, clear',
    '[system radius-server 192.0.2.1 secret] "old" -> "new"',
    '[system radius-server 192.0.2.1 secret] "***" -> "***"',
  ],
  [
    'Junos SNMP refusal',
    'unauthorized SNMP community from 192.0.2.1 to 192.0.2.2 (s3cret)',
    'unauthorized SNMP community from 192.0.2.1 to 192.0.2.2 (***)',
  ],
  ['FortiOS audit', 'Edit vpn.ipsec.phase1 x psksecret[ENC SGVsbG8=]', 'Edit vpn.ipsec.phase1 x psksecret[***]'],
  ['FortiOS audit, any attribute', 'x[ENC SGVsbG8=]', 'x[ENC ***]'],
  ['FortiOS audit, old and new', 'passwd[ENC AAA=->ENC BBB=]vdom[root]', 'passwd[***]vdom[root]'],
  ['FortiOS key', 'set key ENC SGVsbG8=', 'set key ENC ***'],
  ['FortiOS SNMP user', 'set auth-pwd ENC SGVsbG8=', 'set auth-pwd ENC ***'],
  ['PAN-OS hash', 'users { bob { phash $1$ab$cd; permissions { } } }', 'users { bob { phash ***; permissions { } } }'],
  ['PAN-OS encrypted', 'server { x -AQ==abc==; port 1812; }', 'server { x ***; port 1812; }'],
  [
    'PAN-OS IKE',
    'set network ike gateway g authentication pre-shared-key key Winter24',
    'set network ike gateway g authentication pre-shared-key key ***',
  ],
  [
    'PAN-OS SNMP',
    'set deviceconfig system snmp-setting access-setting version v2c snmp-community-string s3cret',
    'set deviceconfig system snmp-setting access-setting version v2c snmp-community-string ***',
  ],
  [
    'EOS user',
    'username bob privilege 15 role network-admin secret sha512 $6$ab$cd',
    'username bob privilege 15 role network-admin secret sha512 ***',
  ],
  [
    'RouterOS user',
    '/user add name=bob password="Winter 24" group=full',
    '/user add name=bob password="***" group=full',
  ],
  [
    'RouterOS Wi-Fi',
    '/interface wireless security-profiles set x wpa2-pre-shared-key=Winter24',
    '/interface wireless security-profiles set x wpa2-pre-shared-key=***',
  ],
  [
    'RouterOS SNMP',
    '/snmp community set public name=s3cret addresses=::/0',
    '/snmp community set *** name=*** addresses=::/0',
  ],
  [
    'VyOS user',
    'set system login user bob authentication plaintext-password Winter24',
    'set system login user bob authentication plaintext-password ***',
  ],
  [
    'VyOS IPsec',
    "set vpn ipsec authentication psk P secret 'Winter 24'",
    "set vpn ipsec authentication psk P secret '***'",
  ],
  [
    'VyOS WireGuard',
    'set interfaces wireguard wg0 peer p preshared-key AbC=',
    'set interfaces wireguard wg0 peer p preshared-key ***',
  ],
  [
    'VyOS RADIUS',
    'set system login radius server 192.0.2.1 key Winter24',
    'set system login radius server 192.0.2.1 key ***',
  ],
  [
    'VyOS SNMP',
    'set service snmp community s3cret authorization ro',
    'set service snmp community *** authorization ro',
  ],
  ['esxcli SNMP', 'esxcli system snmp set --communities=s3cret', 'esxcli system snmp set --communities=***'],
  ['esxcli SNMP, short', 'esxcli system snmp set -c s3cret', 'esxcli system snmp set -c ***'],
  ['esxcli SNMP users', 'esxcli system snmp set --users=u/abcdef/abcdef/priv', 'esxcli system snmp set --users=***'],
  [
    'esxcli SNMP hash',
    'esxcli system snmp hash --auth-hash Winter24 --priv-hash Winter25 --raw-secret',
    'esxcli system snmp hash --auth-hash *** --priv-hash *** --raw-secret',
  ],
  [
    'esxcli iSCSI',
    'esxcli iscsi adapter auth chap set --secret=Winter24',
    'esxcli iscsi adapter auth chap set --secret=***',
  ],
  ['esxcli remote', 'esxcli -s h -u root -p Winter24 network ip list', 'esxcli -s h -u root -p *** network ip list'],
  ['mysql', 'mysql -u root -pWinter24 db', 'mysql -u root *** db'],
  ['sshpass', 'sshpass -p Winter24 ssh h', 'sshpass -p *** ssh h'],
  ['curl', '/usr/bin/curl -u bob:Winter24 https://h/', '/usr/bin/curl -u *** https://h/'],
  ['environment', 'PGPASSWORD=Winter24 psql', 'PGPASSWORD=*** psql'],
  ['query string', 'GET /x?user=bob&password=Winter24', 'GET /x?user=bob&password=***'],
  ['colon without space', 'password:Winter24', 'password:***'],
  ['JSON', '{"user":"bob","password":"Win ter","n":1}', '{"user":"bob","password":"***","n":1}'],
  ['quotes that the line cuts', 'password "Winter 24 and', 'password "***'],
  ['quotes that close in a word of their own', 'password "Winter " x', 'password "***" x'],
  ['what is glued to the quote that closes', 'password "Win ter"24 x', 'password "***" x'],
  ['a quote of the secret itself', 'password "Win\\"ter 24" x', 'password "***" x'],
  ['an apostrophe that nothing closes', "password 'Winter x", 'password *** x'],
];

const KEPT: readonly string[] = [
  '',
  'hello world',
  'crypto key generate rsa',
  'key chain K',
  'access-list OUT permit tcp any any eq 443',
  'no service password-encryption',
  'mkdir -p /tmp/x',
  'show running-config',
  'set community 65000:100 additive',
  'set community no-export',
  'set policy-options community C members 65000:100',
  'neighbor 192.0.2.1 send-community both',
  'ip community-list standard C permit 65000:100',
  'snmp-server host 192.0.2.1 version 3 priv monitor',
  'snmp-server group G v3 priv',
  'key 1',
  'crypto key generate rsa modulus 2048',
  'crypto isakmp policy 10 hash sha256',
  'cat /etc/passwd /etc/hosts',
  'Failed password for root from 192.0.2.1 port 22',
  'username bob nopassword privilege 15',
  'esxcli network vswitch standard portgroup add -p Servers -v vSwitch1',
  'copy tftp://192.0.2.1/conf run',
  'interface GigabitEthernet0/1  ',
  'pass in quick on em0',
];

describe('maskSecrets', () => {
  test.each(MASKED)('masks: %s', (_name, line, masked) => {
    expect(maskSecrets(line)).toBe(masked);
  });

  test.each(KEPT)('keeps: %s', (line) => {
    expect(maskSecrets(line)).toBe(line);
  });

  test('leaves masked lines as they are', () => {
    for (const [, , masked] of MASKED) expect(maskSecrets(masked)).toBe(masked);
  });

  test('reads a long line in linear time', () => {
    for (const part of ['password x ', 'a[', 'x://', '"a":"', 'password "', 'ENC A', 'a=', 'snmp-server host ']) {
      expect(maskSecrets(part.repeat(10_000)).length).toBeGreaterThan(0);
    }
  });

  test('is idempotent and total', () => {
    const words = fc.constantFrom(
      'password',
      'secret',
      'key',
      '7',
      'set',
      '"a b"',
      '$1$abcd$e',
      '-p',
      'esxcli',
      'x',
      '  ',
      '=',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, fc.string({ maxLength: 12 })), { maxLength: 12 }), (parts) => {
        const once = maskSecrets(parts.join(' '));
        expect(maskSecrets(once)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test('never shows what stands behind a password keyword at the end of the line', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9!#%&+_]{6,20}$/);
    fc.assert(
      fc.property(fc.constantFrom('password', 'secret 9', 'password 7', 'pre-shared-key'), secret, (keyword, value) => {
        expect(maskSecrets(`username x ${keyword} ${value}`)).not.toContain(value);
      }),
    );
  });
});
