import type { Fact, Inventory } from '../../../normalizer/model/facts';
import { pairs, Reader, tableFacts } from './read-command';
import { AT } from './read-sample';

/** Tables that name rules, list changes, and tell how a device is set up. Samples are written after the vendors' command references. */

const HOUR = 3_600_000;
const inventory = (facts: readonly Fact[], kind: Inventory['kind']): string[] =>
  facts.flatMap((fact) =>
    fact.fact === 'inventory' && fact.kind === kind ? [`${fact.id} ${JSON.stringify(fact.extra ?? {})}`] : [],
  );

describe('names of rules', () => {
  const CONFIG = `hostname fw
access-list OUT remark web
access-list OUT extended permit tcp any object-group WEB eq https
access-list OUT extended deny ip any any log
: end
`;
  // Command Reference, show access-list.
  const HASHES = `access-list cached ACL log flows: total 0, denied 0 (deny-flow-max 4096)
access-list OUT; 3 elements; name hash: 0x102154c9
access-list OUT line 1 remark web
access-list OUT line 2 extended permit tcp any object-group WEB eq https (hitcnt=12) 0x43E4DA22
  access-list OUT line 2 extended permit tcp any host 203.0.113.5 eq https (hitcnt=12) 0x9b9bb51e
access-list OUT line 3 extended deny ip any any log informational interval 300 (hitcnt=3) 0x25ab2d28
access-list OUT line 9 extended permit ip any any (hitcnt=0) 0x11111111
`;

  test('ASA: the hashes of 106100 name the lines of the configuration', () => {
    const reader = new Reader();
    const version = pairs(reader.read('cisco_asa', 'running_config', CONFIG), 'rule-config')[0]!
      .split(' -> ')[1]!
      .slice(0, 16);
    const facts = reader.read('cisco_asa', 'access_lists', HASHES, { at: AT + 1000 });
    expect(pairs(facts, 'rule-config')).toEqual([
      `OUT 0x43e4da22 -> ${version}:3`,
      `0x43e4da22 -> ${version}:3`,
      `OUT 0x9b9bb51e -> ${version}:3`,
      `0x9b9bb51e -> ${version}:3`,
      `OUT 0x25ab2d28 -> ${version}:4`,
      `0x25ab2d28 -> ${version}:4`,
    ]);
    const first = facts.find((fact) => fact.fact === 'binding');
    expect(first?.extra).toMatchObject({ 'ascribe.config.kind': 'acl', 'rule.ruleset': 'OUT' });
  });

  test('without a configuration, or of another context, they name nothing', () => {
    expect(pairs(tableFacts('cisco_asa', 'access_lists', HASHES), 'rule-config')).toEqual([]);
    const reader = new Reader();
    reader.read('cisco_asa', 'running_config', CONFIG, { parameters: { context: 'one' } });
    expect(
      pairs(reader.read('cisco_asa', 'access_lists', HASHES, { parameters: { context: 'two' } }), 'rule-config'),
    ).toEqual([]);
    expect(
      pairs(reader.read('cisco_asa', 'access_lists', HASHES, { parameters: { context: 'one' } }), 'rule-config'),
    ).toHaveLength(6);
  });

  test('pf: the numbers of states name them by tracker, identifier or label', () => {
    const reader = new Reader();
    reader.read(
      'pfsense',
      'running_config',
      '<pfsense><filter><rule><tracker>1700000001</tracker><type>pass</type></rule><rule><tracker>1700000002</tracker><type>block</type></rule></filter></pfsense>',
    );
    const facts = reader.read(
      'pfsense',
      'rules',
      `@0 scrub on em0 inet all fragment reassemble
@7 pass in quick on em1 inet all flags S/SA keep state label "USER_RULE" label "id:1700000001" ridentifier 1700000001
  [ Evaluations: 20        Packets: 7         Bytes: 900         States: 1     ]
@8(1700000002) block drop in quick on em1 inet all label "USER_RULE"
@9(1000000103) block drop in log inet all label "Default deny rule IPv4"
`,
    );
    expect(pairs(facts, 'rule-config').map((pair) => pair.replace(/[0-9a-f]{16}/, 'V'))).toEqual([
      '7 -> V:1',
      '8 -> V:1',
    ]);
  });
});

describe('lists of changes name the author of the next version', () => {
  const asked = (platform: string, command: string, list: string, first: string, second: string): Fact | undefined => {
    const reader = new Reader();
    reader.read(platform, 'running_config', first);
    expect(reader.read(platform, command, list, { at: AT + HOUR - 1000 })).toEqual([]);
    return reader
      .read(platform, 'running_config', second, { at: AT + HOUR })
      .find((fact) => fact.fact === 'event' && fact.action === 'config_change');
  };

  test('Junos, show system commit', () => {
    const list = '0   2026-11-24 02:30:00 UTC by frank via cli\n1   2026-11-20 09:00:00 UTC by alice via netconf\n';
    expect(
      asked('juniper_junos', 'commits', list, 'set system host-name x\n', 'set system host-name y\n'),
    ).toMatchObject({
      user: 'frank',
      observedAt: AT + HOUR / 2,
      extra: { 'ascribe.config.evidence': '2' },
    });
  });

  test('EOS, show logging', () => {
    const list =
      '2026-11-24T02:20:00.000000+00:00 leaf ConfigAgent: %SYS-5-CONFIG_I: Configured from console by admin on vty5 (192.0.2.9)\n';
    expect(asked('arista_eos', 'config_changes', list, 'hostname a\nend\n', 'hostname b\nend\n')).toMatchObject({
      user: 'admin',
    });
  });

  test('nobody who logged in, and times without a zone, are nobody', () => {
    const list =
      '2026 Nov 24 02:20:00 UTC: %SYS-5-CONFIG_I: Configured from console by vty0 (192.0.2.9)\n0   2026-11-24 02:30:00 by bob via cli\n';
    expect(asked('cisco_ios', 'config_changes', list, 'hostname a\nend\n', 'hostname b\nend\n')).not.toHaveProperty(
      'user',
    );
  });
});

test('sessions of a part of a device bear its name', () => {
  const row = 'TCP outside 203.0.113.5:443 inside 10.0.0.5:51234, idle 0:00:05, bytes 1234, flags UIO\n';
  const facts = tableFacts('cisco_asa', 'connections', row, { parameters: { context: 'one' } });
  expect(facts.find((fact) => fact.fact === 'session_log')?.extra).toMatchObject({ 'cisco.context': 'one' });
});

describe('how a device is set up', () => {
  test('settings by their path, secrets masked', () => {
    const facts = tableFacts(
      'cisco_ios',
      'license',
      `Smart Licensing Status
======================

Registration:
  Status: REGISTERED
  Virtual Account: Default
Transport:
  Type: Smart
  URL: https://smartreceiver.cisco.com/licservice/license
  Proxy:
    Password: hunter2secret
`,
    );
    expect(inventory(facts, 'setting')).toEqual([
      'license/Registration/Status {"ascribe.setting.value":"REGISTERED"}',
      'license/Registration/Virtual Account {"ascribe.setting.value":"Default"}',
      'license/Transport/Type {"ascribe.setting.value":"Smart"}',
      'license/Transport/URL {"ascribe.setting.value":"https://smartreceiver.cisco.com/licservice/license"}',
      expect.stringContaining('license/Transport/Proxy/Password'),
    ]);
    expect(JSON.stringify(facts)).not.toContain('hunter2secret');
  });

  test.each([
    ['cisco_ios', 'Cisco IOS XE Software, Version 17.09.04a\nProcessor board ID FOC1234\n', '17.09.04a', 'FOC1234'],
    ['panos', 'hostname: pa\nmodel: PA-220\nserial: 0123\nsw-version: 11.1.4\n', '11.1.4', '0123'],
    ['pfsense', '2.7.2-RELEASE\n', '2.7.2-RELEASE', undefined],
  ])('version of %s', (platform, text, version, serial) => {
    const device = tableFacts(platform, 'version', text).find((fact) => fact.fact === 'inventory');
    expect(device).toMatchObject({ kind: 'device', id: 'version', extra: { 'observer.version': version } });
    expect(device?.extra?.['observer.serial_number']).toBe(serial);
  });

  test('ifconfig(8): own addresses of interfaces that are up', () => {
    const facts = tableFacts(
      'opnsense',
      'interfaces',
      `em0: flags=1008843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> metric 0 mtu 1500
\tether 00:0c:29:01:02:03
\tinet 203.0.113.2 netmask 0xfffffff8 broadcast 203.0.113.7
\tinet6 fe80::20c:29ff:fe01:203%em0 prefixlen 64 scopeid 0x1
em1: flags=8802<BROADCAST,SIMPLEX,MULTICAST> metric 0 mtu 1500
\tinet 10.9.9.9 netmask 0xff000000
lo0: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> metric 0 mtu 16384
\tinet 127.0.0.1 netmask 0xff000000
`,
    );
    expect(pairs(facts, 'ip-device')).toEqual(['203.0.113.2 -> dev1']);
    expect(inventory(facts, 'interface').map((text) => text.split(' ')[0])).toEqual(['em0', 'em1', 'lo0']);
  });

  test('NX-OS interfaces by the index that flows name', () => {
    const facts = tableFacts(
      'cisco_nxos',
      'interface_indexes',
      'Port         IFMIB Ifindex (hex)\nEth1/1  436207616  (0x1a000000)\n',
    );
    expect(inventory(facts, 'interface')).toEqual(['436207616 {}']);
  });

  test.each([
    [
      'cisco_asa',
      'nat_rules',
      `Manual NAT Policies (Section 1)
1 (inside) to (outside) source dynamic NET interface
    translate_hits = 5, untranslate_hits = 2
Auto NAT Policies (Section 2)
1 (dmz) to (outside) source static WEB 203.0.113.5
    translate_hits = 0, untranslate_hits = 9
`,
      ['nat section 1 rule 1', 'nat section 2 rule 1'],
    ],
    ['panos', 'policy', '"web; index: 1" {\n        from trust;\n        action allow;\n}\n', ['policy web']],
    [
      'pfsense',
      'nat_rules',
      '@0 nat on em0 inet from 10.0.0.0/8 to any -> (em0) port 1024:65535\n  [ Evaluations: 5         Packets: 7         Bytes: 700         States: 1     ]\n',
      ['nat 0'],
    ],
  ])('rules in force of %s', (platform, command, text, ids) => {
    const facts = tableFacts(platform, command, text).flatMap((fact) => (fact.fact === 'inventory' ? [fact] : []));
    expect(facts.map(({ kind, id }) => `${kind} ${id}`)).toEqual(ids.map((id) => `rule ${id}`));
    expect(facts[0]?.extra?.['ascribe.config.text']).not.toBe('');
  });
});
