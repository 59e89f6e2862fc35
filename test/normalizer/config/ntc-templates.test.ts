import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { mac } from '../../../normalizer/syslog/grammar/values';
import type { Fact } from '../../../normalizer/model/facts';
import { pairs, tableFacts } from './read-command';

/** Command outputs of ntc-templates (Apache-2.0) with the rows that a person expects, read where they stand. */
const FOLDER = join(__dirname, '../../../../shared/data/config/ntc-templates');
const present = existsSync(FOLDER);
const maybe = present ? describe : describe.skip;

type Row = Readonly<Record<string, string & string[]>>;

const PLATFORMS: readonly (readonly [prefix: string, platform: string])[] = [
  ['arista_eos', 'arista_eos'],
  ['cisco_asa', 'cisco_asa'],
  ['cisco_ios', 'cisco_ios'],
  ['cisco_nxos', 'cisco_nxos'],
  ['juniper_junos', 'juniper_junos'],
  ['mikrotik_routeros', 'mikrotik'],
  ['paloalto_panos', 'panos'],
];

const names = present
  ? readdirSync(FOLDER)
      .filter((name) => name.endsWith('.raw'))
      .sort()
  : [];

function load(name: string): { platform: string; raw: Buffer; rows: readonly Row[] } {
  const platform = PLATFORMS.find(([prefix]) => name.startsWith(prefix))?.[1] ?? '';
  const { parsed_sample: rows } = parse(readFileSync(join(FOLDER, name.replace(/raw$/, 'yml')), 'utf8')) as {
    parsed_sample: readonly Row[];
  };
  return { platform, raw: readFileSync(join(FOLDER, name)), rows };
}

const unique = (list: readonly string[]): string[] => [...new Set(list)].sort();
const bound = (facts: readonly Fact[], relation: string): string[] => unique(pairs(facts, relation));

maybe('outputs of ntc-templates', () => {
  // Without a MAC address an entry binds nothing.
  test.each(names.filter((name) => name.includes('_arp')))('%s', (name) => {
    const { platform, raw, rows } = load(name);
    const facts = tableFacts(platform, 'arp', raw);
    const expected = rows.flatMap((row) => {
      const hardware = mac(row['mac_address'] ?? row['mac'] ?? row['hardware_address']);
      const ip = row['ip_address'] ?? row['address'];
      return hardware === undefined || ip === undefined ? [] : [`${ip} -> ${hardware}`];
    });
    expect(expected.length).toBeGreaterThan(0);
    expect(bound(facts, 'ip-mac')).toEqual(unique(expected));
    const interfaces = new Map(
      rows.map((row) => [row['ip_address'] ?? row['address'], (row['interface'] ?? '').split(',')[0]]),
    );
    for (const fact of facts) {
      if (fact.fact !== 'binding') continue;
      const stated = interfaces.get(fact.key as string & string[]);
      expect(fact.extra?.['observer.ingress.interface.name'] ?? '').toBe(stated === '-' ? '' : (stated ?? ''));
      const vrf = rows.find((row) => (row['ip_address'] ?? row['address']) === fact.key)?.['vrf'];
      if (vrf !== undefined) expect(fact.extra?.['ascribe.vrf'] ?? 'default').toBe(vrf === '' ? 'default' : vrf);
    }
  });

  /** The device's own addresses, and groups, stand on no port of the wire. */
  const ELSEWHERE = new Set(['CPU', 'Router', 'Switch']);

  test.each(names.filter((name) => name.includes('mac-address-table')))('%s', (name) => {
    const { platform, raw, rows } = load(name);
    const facts = tableFacts(platform, 'mac_table', raw);
    const expected = rows.flatMap((row) => {
      const hardware = mac(row['destination_address']);
      const port = row['destination_port']?.[0];
      const group = (Number.parseInt(hardware?.slice(0, 2) ?? '0', 16) & 1) === 1;
      return hardware === undefined ||
        port === undefined ||
        group ||
        ELSEWHERE.has(port) ||
        row['type']?.toLowerCase() === 'self'
        ? []
        : [`${hardware} -> dev1:${port} ${/^\d+$/.test(row['vlan_id'] ?? '') ? row['vlan_id'] : ''}`];
    });
    const found = facts.flatMap((fact) =>
      fact.fact === 'binding' ? [`${fact.key} -> ${fact.value} ${fact.extra?.['network.vlan.id'] ?? ''}`] : [],
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(unique(found)).toEqual(unique(expected));
  });

  test.each(names.filter((name) => name.includes('_cdp_')))('%s', (name) => {
    const { platform, raw, rows } = load(name);
    const facts = tableFacts(platform, 'neighbours_cdp', raw);
    const expected = rows.map(
      (row) =>
        `dev1:${row['local_interface']} -> ${row['chassis_id'] ?? row['neighbor_name']}:${row['neighbor_interface']}`,
    );
    expect(bound(facts, 'port-neighbour')).toEqual(unique(expected));
    for (const fact of facts) {
      if (fact.fact !== 'binding') continue;
      const row = rows.find(
        (each) =>
          `dev1:${each['local_interface']}` === fact.key &&
          fact.value.startsWith(each['chassis_id'] ?? each['neighbor_name'] ?? ''),
      );
      expect(fact.extra?.['ascribe.neighbour.platform']).toBe(row?.['platform']?.trim());
      const address = row?.['mgmt_address'] || row?.['interface_ip'];
      if (address !== undefined && address !== '') expect(fact.extra?.['ascribe.neighbour.address']).toBe(address);
    }
  });

  /** Old IOS does not say on which port it heard the neighbour: those rows are refused and counted. */
  test.each(names.filter((name) => name.includes('_lldp_')))('%s', (name) => {
    const { platform, raw, rows } = load(name);
    const facts = tableFacts(platform, 'neighbours_lldp', raw);
    const identified = (text: string | undefined): string | undefined =>
      text === undefined || text === '' || text === '::'
        ? undefined
        : ((/^[0-9a-f]{2,4}[.:-]/i.test(text) ? mac(text) : undefined) ?? text);
    const expected = rows.flatMap((row) => {
      const local = row['local_interface'];
      if (local === undefined || local === '') return [];
      const system = row['neighbor_name'] || identified(row['chassis_id']);
      const port = identified(row['neighbor_port_id'] ?? row['neighbor_interface']);
      return [`dev1:${local} -> ${system}${port === undefined ? '' : `:${port}`}`];
    });
    const refused = facts.find((fact) => fact.fact === 'rejected');
    expect(bound(facts, 'port-neighbour')).toEqual(unique(expected));
    expect(refused?.detail ?? '').toContain(
      expected.length === rows.length ? '' : `${rows.length - expected.length} rows`,
    );
  });

  test('cisco_ios__show_ip_nat_translations', () => {
    const { platform, raw, rows } = load('cisco_ios__show_ip_nat_translations.raw');
    const facts = tableFacts(platform, 'nat_translations', raw);
    const ends = (row: Row, side: string): string => [row[`${side}_ip`], row[`${side}_port`]].filter(Boolean).join(':');
    const expected = rows.map(
      (row) =>
        `${row['protocol'] === '---' ? 'IP' : row['protocol']?.toUpperCase()}:${ends(row, 'inside_global')} -> ${ends(row, 'inside_local')}`,
    );
    expect(bound(facts, 'nat')).toEqual(unique(expected));
    const destinations = facts.flatMap((fact) => (fact.fact === 'binding' ? [fact.extra?.['destination']] : []));
    // The template names the two columns of the outside the other way round than the heading; only ICMP tells.
    const outside = (row: Row): string => ends(row, row['protocol'] === 'icmp' ? 'outside_local' : 'outside_global');
    expect(destinations).toEqual(rows.map((row) => (row['outside_global_ip'] === '---' ? undefined : outside(row))));
  });

  /** Networks are rules of the configuration, not translations of a host; one row of six has hosts on both sides. */
  test('cisco_asa__cisco_asa_show_xlate', () => {
    const { platform, raw, rows } = load('cisco_asa__cisco_asa_show_xlate.raw');
    const hosts = rows.filter(
      (row) =>
        row['source']?.length === 1 &&
        [row['source'][0], row['destination']?.[0]].every((text) => text !== undefined && !text.includes('/')) &&
        !row['destination']?.[0]?.endsWith('.0'),
    );
    const expected = hosts.map((row) => `IP:${row['destination']?.[0]} -> ${row['source']?.[0]}`);
    expect(
      bound(tableFacts(platform, 'nat_translations', raw), 'nat').filter((pair) => !pair.includes('.0 ->')),
    ).toEqual(unique(expected));
  });

  test('cisco_asa__cisco_asa_show_vpn-sessiondb_anyconnect', () => {
    const { platform, raw, rows } = load('cisco_asa__cisco_asa_show_vpn-sessiondb_anyconnect.raw');
    const facts = tableFacts(platform, 'vpn_sessions', raw);
    expect(bound(facts, 'ip-user')).toEqual(unique(rows.map((row) => `${row['assigned_ip']} -> ${row['username']}`)));
    const binding = facts.find((fact) => fact.fact === 'binding');
    expect(binding?.extra).toMatchObject({
      'source.ip': rows[0]?.['public_ip'],
      'ascribe.vpn.group': rows[0]?.['tunnel_group'],
    });
  });

  /** `show nat` is read for its counters by people; its rules are lines of the configuration. */
  test('every pair is compared', () => {
    const compared = /_arp|mac-address-table|_cdp_|_lldp_|show_ip_nat|show_xlate|vpn-sessiondb/;
    expect(names.filter((name) => !compared.test(name))).toEqual(['cisco_asa__cisco_asa_show_nat.raw']);
  });
});
