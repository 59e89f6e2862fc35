import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../../cli/config/load';

const root = mkdtempSync(join(tmpdir(), 'ascribe-load-'));
afterAll(() => rmSync(root, { recursive: true }));
const empty = join(root, 'empty');
const site = join(root, 'site');
mkdirSync(empty);
mkdirSync(join(site, 'etc'), { recursive: true });
writeFileSync(join(site, 'ascribe.yaml'), 'data: here\n');
writeFileSync(join(site, 'etc', 'other.yaml'), 'data: ../there\nlog: {level: debug}\n');
writeFileSync(join(site, 'latin1.yaml'), Buffer.from([0x64, 0x3a, 0x20, 0xe4]));

describe('loading a configuration', () => {
  it('works without a file', () => {
    const { config, file, dataDirectory } = loadConfig({ cwd: empty });
    expect(file).toBeUndefined();
    expect(dataDirectory).toBe(join(empty, 'ascribe-data'));
    expect(config.collectors.netflow.map(({ listen }) => listen)).toEqual([
      [
        { address: '0.0.0.0', port: 2055, optional: false },
        { address: '::', port: 2055, optional: true },
      ],
    ]);
    expect(config.journal).toMatchObject({ rotate_after: 3_600_000, rotate_bytes: 2 ** 28 });
    expect(config.retention.raw.max_age).toBeUndefined();
    expect(config.collectors.snmp.map(({ devices, traps }) => [devices, traps?.anyCommunity, traps?.listen])).toEqual([
      [
        [],
        true,
        [
          { address: '0.0.0.0', port: 5162, optional: false },
          { address: '::', port: 5162, optional: true },
        ],
      ],
    ]);
  });

  it.each([
    ['the file of the working directory', { cwd: site }, join(site, 'here')],
    [
      'a named file, from whose place the data directory starts',
      { cwd: site, file: 'etc/other.yaml' },
      join(site, 'there'),
    ],
    ['a data directory that wins', { cwd: site, dataDirectory: 'mine' }, join(site, 'mine')],
    ['an absolute data directory', { cwd: site, dataDirectory: '/var/lib/a' }, '/var/lib/a'],
  ])('takes %s', (_name, options, expected) => {
    expect(loadConfig(options).dataDirectory).toBe(expected);
  });

  it.each([
    ['is not there', 'none.yaml', 'none.yaml: no such file'],
    ['is a directory', 'etc', 'etc: cannot be read: EISDIR'],
    ['is not UTF-8', 'latin1.yaml', 'latin1.yaml: is not UTF-8 text'],
  ])('refuses a named file that %s', (_name, file, message) => {
    expect(() => loadConfig({ cwd: site, file })).toThrow(message);
  });

  it('reads empty sections and lists as their defaults', () => {
    writeFileSync(join(root, 'blank.yaml'), 'journal:\ncollectors:\n  netflow:\ndevices:\nretention:\n  raw:\n');
    expect(loadConfig({ cwd: root, file: 'blank.yaml' }).config).toEqual(loadConfig({ cwd: empty }).config);
  });

  it('turns a collector off by an empty list', () => {
    writeFileSync(join(root, 'off.yaml'), 'collectors: {syslog: []}\n');
    const { syslog, snmp } = loadConfig({ cwd: root, file: 'off.yaml' }).config.collectors;
    expect(syslog).toEqual([]);
    // Whoever sets a way in opens no other port for traps.
    expect(snmp).toEqual([]);
  });

  it('knows a device that is polled by its name, unless a device is configured there', () => {
    const text = `devices: [{ name: site, addresses: [198.51.100.0/24], timezone: Europe/Berlin }]
collectors:
  snmp:
    - credentials: [{ name: all, version: v2c, community: "env:X" }]
      devices:
        - { name: core-1, address: 192.0.2.1, credential: all }
        - { name: core-6, address: "2001:DB8::1", credential: all }
        - { name: access-1, address: 198.51.100.7, credential: all }
        - { name: named.example, credential: all }
`;
    writeFileSync(join(root, 'polled.yaml'), text);
    const { devices } = loadConfig({ cwd: root, file: 'polled.yaml' }).config;
    expect(devices.map(({ name, addresses }) => [name, addresses.map((network) => network.text)])).toEqual([
      ['site', ['198.51.100.0/24']],
      ['core-1', ['192.0.2.1/32']],
      ['core-6', ['2001:db8::1/128']],
    ]);
  });
});
