import type { NetworkInterfaceInfo } from 'node:os';
import { FORWARD_EXAMPLE } from '../../../forwarders/forward-config';
import { snmpType } from '../../../collectors/snmp/snmp-type';
import { sshType } from '../../../collectors/ssh/ssh-type';
import { findHomeNetworks } from '../../../cli/config/home-networks';
import { parseConfig } from '../../../cli/config/load';
import { sampleConfig } from '../../../cli/config/sample';
import { configJsonSchema, configSchema, type JsonSchema, present } from '../../../cli/config/schema';

const defaults = configSchema.parse({});
const sample = sampleConfig({
  homeNetworks: defaults.home_networks.map(({ text }) => ({ network: text, from: 'eth0' })),
});

/** Every key of a schema, at any depth; what is shown by a sample of its own has none. */
function keys(schema: JsonSchema): string[] {
  if (schema.sample !== undefined) return [];
  const inner = present(schema);
  const below = Object.entries(inner.properties ?? {}).flatMap(([key, value]) => [key].concat(keys(value)));
  return inner.items === undefined ? below : [...below, ...keys(inner.items)];
}

const byText = (a = '', b = ''): number => a.localeCompare(b);

function address(address: string, cidr: string): NetworkInterfaceInfo {
  return { address, cidr, netmask: '', mac: '', internal: false, family: 'IPv4' };
}

const samples = [snmpType, sshType].flatMap(({ example }) => example.trimEnd().split('\n'));
const forwardSample = FORWARD_EXAMPLE.trimEnd().split('\n');

describe('sample configuration', () => {
  it('parses to the defaults as it is written', () => {
    expect(parseConfig(sample, 'sample')).toEqual(defaults);
  });

  it('parses to the defaults with every comment sign removed, but for the examples', () => {
    const config = parseConfig(sample.replaceAll(/^(\s*)#(?! )/gmu, '$1'), 'sample');
    const { tls, ...syslog } = config.collectors.syslog[0] ?? {};
    const collectors = { ...config.collectors, syslog: [syslog], snmp: [], ssh: [] };
    const findings = { ...config.findings, ApprovedChangeList: [] };
    expect({
      ...config,
      devices: [],
      collectors,
      findings,
      destinations: { lists: [], databases: [] },
      assets: defaults.assets,
      forward: [],
    }).toEqual(defaults);
    expect(config.destinations.lists).toMatchObject([{ name: 'feodo', kind: 'threat' }]);
    expect(config.findings.ApprovedChangeList).toMatchObject([{ device: 'fw1', reference: 'CHG-4711' }]);
    expect(config.forward).toMatchObject([{ name: 'siem', format: 'ecs' }]);
    expect(config.collectors.snmp[0]?.devices.map(({ name }) => name)).toEqual(['esx-01', 'access-01']);
    expect(config.collectors.ssh[0]?.devices.map(({ platform }) => platform)).toEqual(['esxi', 'cisco_ios']);
    expect(tls).toMatchObject({ files: { cert: '/etc/ascribe/tls/cert.pem', key: '/etc/ascribe/tls/key.pem' } });
    expect(config.devices).toMatchObject([{ name: 'edge-1', sampling_rate: 1000 }]);
  });

  it('has every key of the schema, each with a description', () => {
    const shown = sample
      .split('\n')
      .filter((text) => !(text.startsWith('    ') && samples.some((own) => text.endsWith(own.trim()))))
      .filter((text) => !(text.startsWith('  ') && forwardSample.some((own) => text.endsWith(own.trim()))));
    const written = [...shown.join('\n').matchAll(/^\s*#?(?:- )?([A-Za-z_]+):/gmu)].map((match) => match[1]);
    expect(written.toSorted(byText)).toEqual(keys(configJsonSchema()).toSorted(byText));
    expect(sample.match(/^\s*# \S/gmu)?.length).toBeGreaterThanOrEqual(written.length);
  });
});

describe('home networks', () => {
  it('are the private ranges and what the interfaces have beyond them', () => {
    const found = findHomeNetworks({
      lo: [address('127.0.0.1', '127.0.0.1/8'), address('::1', '::1/128')],
      eth0: [address('10.1.2.3', '10.1.2.3/24'), address('198.51.100.77', '198.51.100.77/26')],
      eth1: [address('fe80::1', 'fe80::1/64'), address('2001:db8:1::5', '2001:db8:1::5/64')],
      eth2: [address('198.51.100.78', '198.51.100.78/26')],
    });
    expect(found.filter(({ from }) => from !== undefined)).toEqual([
      { network: '198.51.100.64/26', from: 'eth0' },
      { network: '2001:db8:1::/64', from: 'eth1' },
    ]);
    expect(found.map(({ network }) => network)).toEqual(expect.arrayContaining(['10.0.0.0/8', 'fc00::/7']));
  });
});
