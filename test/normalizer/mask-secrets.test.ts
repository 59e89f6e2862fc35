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
  ['MikroTik', '/ppp secret set x password=S3cret', '/ppp secret set *** password=***'],
  ['esxcli', 'esxcli system account set -i carol -p S3 -c S3', 'esxcli system account set -i carol -p *** -c ***'],
  ['option', 'tool --password hunter2', 'tool --password ***'],
  ['assignment', 'password = hunter2', 'password = ***'],
  ['two words in quotes', 'set password "two words"', 'set password "***"'],
  ['a secret that is a keyword', 'username bob password secret', 'username bob password ***'],
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
];

describe('maskSecrets', () => {
  test.each(MASKED)('masks: %s', (_name, line, masked) => {
    expect(maskSecrets(line)).toBe(masked);
  });

  test.each(KEPT)('keeps: %s', (line) => {
    expect(maskSecrets(line)).toBe(line);
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
