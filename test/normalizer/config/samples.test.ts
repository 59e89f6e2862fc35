import { sample } from './read-sample';
import { terminalLines } from '../../../normalizer/config/configuration-text';
import { platformOf } from '../../../normalizer/config/platforms';
import { EXPECTED } from './samples-expected.data';

/** Hosts that a statement means without writing them down: licensing and cloud services by their vendors' names. */
const UNWRITTEN = new Set(['*', 'cloud.mikrotik.com', 'cloud2.mikrotik.com', 'service.fortiguard.net']);

describe('a configuration of every platform', () => {
  test.each(EXPECTED)('$platform', ({ platform, text, rules, endpoints, own }) => {
    const read = sample(platform, text);
    expect(platformOf(terminalLines(Buffer.from(text)))).toBe(platform);
    expect(read.facts.filter(({ fact }) => fact === 'gap' || fact === 'rejected')).toEqual([]);
    expect(read.rules()).toEqual(rules);
    expect(read.endpoints()).toEqual(endpoints);
    expect(read.own()).toEqual(own);
  });

  // What a binding says stands on the lines that it names: the host of an endpoint, the name of a rule.
  test.each(EXPECTED)('$platform: lines hold what is said of them', ({ platform, text }) => {
    const read = sample(platform, text);
    const lines = read.lines().map((line) => line.text);
    for (const { key, value, extra } of read.bindings('config-endpoint')) {
      if (key.startsWith('default:')) continue;
      const host = value.slice(value.indexOf(':') + 1, value.lastIndexOf(':')).replace(/[[\]]/g, '');
      const [from, to] = [Number(key.slice(17)), Number(extra?.['ascribe.config.last_line'])];
      const block = lines
        .slice(from - 1, to)
        .join('\n')
        .toLowerCase();
      if (!UNWRITTEN.has(host)) expect({ key, block }).toEqual({ key, block: expect.stringContaining(host) as string });
    }
    for (const { value } of read.bindings('rule-config'))
      expect(lines[Number(value.slice(17)) - 1]?.trim()).toBeTruthy();
  });

  test.each(EXPECTED)('$platform: no secret', ({ platform, text }) => {
    expect(
      JSON.stringify(sample(platform, text).facts, (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    ).not.toMatch(/S3.?cr3t/);
  });
});

describe('details that translations are computed from', () => {
  const extraOf = (
    platform: (typeof EXPECTED)[number]['platform'],
    index: number,
    key: string,
  ): Record<string, unknown> => {
    const { text } = EXPECTED.filter((each) => each.platform === platform)[index] ?? { text: '' };
    const binding = sample(platform, text)
      .bindings('rule-config')
      .find((each) => each.key === key);
    const entries = Object.entries(binding?.extra ?? {}).filter(
      ([name]) => name.startsWith('ascribe.nat.') || name === 'network.transport',
    );
    return Object.fromEntries(entries.map(([name, value]) => [name.replace('ascribe.nat.', ''), value]));
  };

  test('IOS, overload on an interface: the networks that the list permits', () => {
    expect(extraOf('cisco_ios', 0, 'inside source list NATTED')).toEqual({
      direction: 'inside',
      kind: 'source',
      mapped_interface: 'GigabitEthernet1',
      type: 'dynamic-overload',
      real: '10.1.1.0/24,10.1.2.0/24',
      mapped: '203.0.113.2',
    });
  });

  test('IOS, pool and static', () => {
    expect(extraOf('cisco_ios', 0, 'inside source list 7')).toMatchObject({
      pool: 'P1',
      real: '10.3.0.0/16',
      mapped: '203.0.113.3-203.0.113.5',
    });
    expect(extraOf('cisco_ios', 0, 'inside source static tcp 10.1.1.80 443')).toMatchObject({
      real: '10.1.1.80',
      real_port: '443',
      mapped: '203.0.113.6',
      mapped_port: '8443',
      'network.transport': 'tcp',
    });
    expect(extraOf('cisco_ios', 0, 'inside source static network 10.2.0.0')).toMatchObject({
      real: '10.2.0.0/24',
      mapped: '198.51.100.0/24',
    });
  });

  test('ASA, objects resolved', () => {
    expect(extraOf('cisco_asa', 0, 'manual 1')).toMatchObject({
      real: '10.1.1.0/24,10.2.0.0/16',
      mapped: 'interface',
      real_interface: 'inside',
      mapped_interface: 'outside',
    });
    expect(extraOf('cisco_asa', 0, 'object WEB')).toMatchObject({
      real: '10.1.1.80',
      mapped: '203.0.113.80',
      real_port: 'https',
      mapped_port: '8443',
    });
  });

  test('Junos, deterministic blocks', () => {
    expect(extraOf('juniper_junos', 0, 'nat_pool CGN')).toMatchObject({
      mapped: '198.51.100.0/28',
      deterministic: 'yes',
      block_size: '256',
    });
    expect(extraOf('juniper_junos', 0, 'R1')).toMatchObject({ real: '10.1.0.0/16', mapped: 'interface' });
    expect(extraOf('juniper_junos', 0, 'R2')).toMatchObject({
      real: '100.64.0.0/22',
      mapped: '198.51.100.0/28',
      pool: 'CGN',
    });
  });

  test('FortiOS, a pool with fixed port ranges', () => {
    expect(extraOf('fortigate', 0, 'nat_pool CGN')).toMatchObject({
      mapped: '198.51.100.10-198.51.100.20',
      real: '10.1.1.0-10.1.1.255',
      deterministic: 'yes',
    });
    expect(extraOf('fortigate', 0, 'nat 1')).toMatchObject({
      real: '10.1.1.0/24',
      mapped: '198.51.100.10-198.51.100.20',
    });
  });

  test('PAN-OS, RouterOS, VyOS, pfSense', () => {
    expect(extraOf('panos', 0, 'pat')).toMatchObject({
      real: '10.1.0.0/16',
      mapped: 'interface',
      mapped_interface: 'ethernet1/1',
    });
    expect(extraOf('mikrotik', 0, 'nat 1')).toMatchObject({
      kind: 'destination',
      mapped: '203.0.113.2',
      real: '10.1.1.80',
      mapped_port: '443',
      real_port: '8443',
    });
    expect(extraOf('vyos', 0, 'source 100')).toMatchObject({
      real: '10.1.0.0/16',
      mapped: 'interface',
      mapped_interface: 'eth0',
    });
    expect(extraOf('pfsense', 0, 'lan out')).toMatchObject({
      real: '10.1.0.0/16',
      mapped: 'interface',
      mapped_interface: 'wan',
    });
  });
});

test('where a session comes from', () => {
  const { text } = EXPECTED.find(({ platform }) => platform === 'cisco_ios') ?? { text: '' };
  const found = sample('cisco_ios', text).bindings('config-endpoint');
  const of = (value: string): unknown => found.find((each) => each.value === value)?.extra;
  expect(of('udp:192.0.2.70:514')).toMatchObject({ 'ascribe.config.source_interface': 'Loopback0' });
  expect(of('tcp:192.0.2.71:1468')).toMatchObject({ 'ascribe.config.vrf': 'MGMT' });
  expect(of('udp:192.0.2.101:1812')).toMatchObject({ 'ascribe.config.vrf': 'MGMT' });
  expect(of('gre:192.0.2.20:*')).toMatchObject({
    'ascribe.config.vrf': 'INET',
    'ascribe.config.source_interface': 'Loopback0',
  });
});

test('vendor defaults: stated, and off where the configuration says so', () => {
  expect(sample('fortigate', 'config system global\nend\n').defaults()).toContain(
    'fortinet:fortiguard-anycast tcp:globalupdate.fortinet.net:443',
  );
  const unicast = sample('fortigate', 'config system fortiguard\n    set fortiguard-anycast disable\nend\n').defaults();
  expect(unicast).not.toContain('fortinet:fortiguard-anycast tcp:globalupdate.fortinet.net:443');
  expect(unicast).toContain('fortinet:fortiguard-unicast tcp:update.fortiguard.net:8888');
  expect(sample('cisco_ios', 'hostname r1\nlicense smart transport off\n').defaults()).toEqual([]);
});
