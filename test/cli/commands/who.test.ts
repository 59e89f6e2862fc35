import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Binding, BindingRelation } from '../../../normalizer/model/facts';
import { run } from '../support/run';
import { deriveBindings, fact, MINUTE, T, writeSegment } from './facts-site';

const root = mkdtempSync(join(tmpdir(), 'ascribe-who-'));
const data = join(root, 'data');
afterAll(() => rmSync(root, { recursive: true }));

const MAC_A = '02:00:5e:00:53:01';
const MAC_B = '02:00:5e:00:53:02';
const HOSTILE = '\u001b]0;owned\u0007ev\u202eil\nadmin';

const bound = (
  minutes: number,
  relation: BindingRelation,
  key: string,
  value: string,
  state: Binding['state'] = 'seen',
  more: Partial<Pick<Binding, 'validUntil' | 'extra'>> & { device?: string; received?: number } = {},
) => {
  const { device = 'fw1', received, ...rest } = more;
  return {
    fact: fact(minutes, device, { fact: 'binding', relation, key, value, state, ...rest }),
    ...(received !== undefined && { receivedMinutes: received }),
  };
};

beforeAll(() => {
  writeSegment(data, '2026-11-24T01-000', [
    bound(0, 'ip-dhcp', '10.0.0.5', MAC_A, 'begin', { validUntil: T + 60 * MINUTE, device: 'dhcp1' }),
    bound(1, 'ip-mac', '10.0.0.5', MAC_A, 'seen', { device: 'core' }),
    bound(2, 'ip-mac', '10.0.0.5', MAC_B, 'seen', { device: 'core' }),
    bound(3, 'mac-switchport', MAC_A, 'sw1/Gi1/0/7', 'seen', { device: 'sw1' }),
    bound(4, 'nat', 'TCP:192.0.2.1:5000', '10.0.0.5:40000', 'begin'),
    bound(5, 'nat', 'TCP:192.0.2.1:5000', '10.0.0.5:40000', 'end'),
    bound(6, 'nat', 'TCP:192.0.2.1:5000', '10.0.0.6:40000', 'begin'),
    // A log that came two hours late.
    bound(7, 'nat', 'TCP:192.0.2.1:5000', '10.0.0.6:40000', 'end', { received: 30 }),
    bound(4, 'nat-block', '192.0.2.9:1024-2047', '10.0.0.7', 'begin'),
    bound(4, 'nat', 'UDP:[2001:db8::1]:53', '[2001:db8:1::5]:5353', 'begin'),
    bound(4, 'ip-user', '10.8.0.2', HOSTILE, 'begin', { device: 'vpn\u001b[2J' }),
  ]).close();
  deriveBindings(data);
});

const ask = (...argv: string[]) => run([...argv, '--data', data], { cwd: root });
const objects = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** `relation value certainty` of each candidate. */
async function candidates(...argv: string[]): Promise<string[]> {
  const { stdout } = await ask('who', ...argv, '--json');
  return stdout === ''
    ? []
    : objects(stdout).map((o) =>
        [o['ascribe.relation'], o['ascribe.value'], o['ascribe.certainty']].map(String).join(' '),
      );
}

describe('who', () => {
  it('reads like a sentence a step, with who says it and the records that prove it', async () => {
    const { code, stdout, stderr } = await ask('who', '192.0.2.1:5000/tcp', '--at', '2026-11-24 01:34:30');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      '192.0.2.1:5000/tcp at 2026-11-24T01:34:30.000Z',
      '  certain   TCP:192.0.2.1:5000 was the translation of 10.0.0.5:40000, from 2026-11-24T01:34:00Z to 2026-11-24T01:35:00Z',
      '            told by fw1, by syslog; 2 observations; journal records 5, 6; learnt 2026-11-24T01:34:00Z; ended',
      '',
    ]);
  });

  it.each<[string, string[], string[]]>([
    [
      'an address: leases and ARP, competing values kept',
      ['10.0.0.5', '--at', '2026-11-24 01:33'],
      [`ip-dhcp ${MAC_A} certain`, `ip-mac ${MAC_B} possible`, `ip-mac ${MAC_A} possible`],
    ],
    [
      'an address before its first ARP sighting',
      ['10.0.0.5', '--at', '2026-11-24 01:00'],
      [`ip-mac ${MAC_B} possible`, `ip-mac ${MAC_A} possible`],
    ],
    [
      'a translated port by its next holder',
      ['192.0.2.1:5000', '--at', '2026-11-24 01:36:30'],
      ['nat 10.0.0.6:40000 certain'],
    ],
    ['no translated port of another protocol', ['192.0.2.1:5000/udp', '--at', '2026-11-24 01:36:30'], []],
    ['a protocol by its number', ['192.0.2.1:5000/6', '--at', '2026-11-24 01:36:30'], ['nat 10.0.0.6:40000 certain']],
    ['a port in a block', ['192.0.2.9:1100', '--at', '2026-11-24 01:34'], ['nat-block 10.0.0.7 certain']],
    ['no port outside the block', ['192.0.2.9:3000', '--at', '2026-11-24 01:34'], []],
    ['an IPv6 port', ['[2001:DB8::1]:53', '--at', '2026-11-24 01:34'], ['nat [2001:db8:1::5]:5353 certain']],
    [
      'a MAC on either side, in any spelling',
      ['0200.5e00.5301', '--at', '2026-11-24 01:33'],
      [`mac-switchport sw1/Gi1/0/7 certain`, `ip-dhcp ${MAC_A} certain`, `ip-mac ${MAC_A} possible`],
    ],
    ['an inside port', ['10.0.0.6:40000', '--at', '2026-11-24 01:36:30'], ['nat 10.0.0.6:40000 certain']],
    ['nothing of another scope', ['10.0.0.5', '--at', '2026-11-24 01:33', '--scope', 'red'], []],
  ])('finds %s', async (_name, argv, expected) => {
    expect(await candidates(...argv)).toEqual(expected);
  });

  it('answers as known then: a late end was not known, and nothing before it came', async () => {
    const at = ['192.0.2.1:5000', '--at', '2026-11-24 01:40'];
    expect(await candidates(...at)).toEqual([]);
    expect(await candidates(...at, '--as-known-at', '2026-11-24 01:45')).toEqual(['nat 10.0.0.6:40000 possible']);
    expect(await candidates(...at, '--as-known-at', '2026-11-24 02:05')).toEqual([]);
    expect(await candidates(...at, '--as-known-at', '2026-11-24 01:00')).toEqual([]);
  });

  it('says that answers compete', async () => {
    const { stdout } = await ask('who', '10.0.0.5', '--at', '2026-11-24 01:33');
    expect(stdout).toContain('conflict  2 answers compete for ip-mac of 10.0.0.5; none is ruled out\n');
    expect(stdout).toContain('last seen 1m 0s before the time asked');
  });

  it('exits 4 when nobody is known, and names what is nearest', async () => {
    const { code, stdout, stderr } = await ask('who', '192.0.2.1:5000', '--at', '2026-11-24 02:00');
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toBe(
      'nobody is known to have held 192.0.2.1:5000 at 2026-11-24T02:00:00.000Z\n' +
        'nearest: TCP:192.0.2.1:5000 was the translation of 10.0.0.6:40000, from 2026-11-24T01:36:00Z to 2026-11-24T01:37:00Z\n',
    );
  });

  it('says that a translated address has ports', async () => {
    const { code, stderr } = await ask('who', '192.0.2.1');
    expect(code).toBe(4);
    expect(stderr).toContain('192.0.2.1 is also a translated address; name the port to see who held it\n');
  });

  it('lets no control character of a device or user reach the terminal', async () => {
    const { stdout } = await ask('who', '10.8.0.2', '--at', '2026-11-24 01:35');
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u0080-\u009f\u202e]/u);
    expect(stdout).toContain('\\u{1b}]0;owned\\u{7}ev\\u{202e}il\\u{a}admin');
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it.each([['router'], ['10.0.0.256'], ['10.0.0.5:70000'], ['10.0.0.5/nosuch'], ['02:00:5e:00:53'], ['']])(
    'refuses %j',
    async (address) => {
      const { code, stderr } = await ask('who', address);
      expect(code).toBe(2);
      expect(stderr).toContain('is no address');
    },
  );
});

describe('bindings', () => {
  it('lists them, the latest begun first, with unknown ends marked', async () => {
    const { code, stdout } = await ask('bindings', '--key', '10.0.0.5');
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/u));
    expect(lines.map((cells) => cells.slice(0, 6))).toEqual([
      ['relation', 'key', 'value', 'from', 'to', 'state'],
      ['ip-mac', '10.0.0.5', MAC_B, '<= 2026-11-24T01:32:00Z', '>= 2026-11-24T01:32:00Z', 'open'],
      ['ip-mac', '10.0.0.5', MAC_A, '<= 2026-11-24T01:31:00Z', '>= 2026-11-24T01:31:00Z', 'open'],
      ['ip-dhcp', '10.0.0.5', MAC_A, '2026-11-24T01:30:00Z', '2026-11-24T02:30:00Z', 'open'],
    ]);
  });

  it('prints objects with ECS names', async () => {
    const { stdout } = await ask('bindings', '--relation', 'ip-dhcp', '--json');
    expect(objects(stdout)).toEqual([
      {
        '@timestamp': '2026-11-24T01:30:00.000Z',
        'ascribe.fact': 'binding',
        'ascribe.relation': 'ip-dhcp',
        'ascribe.key': '10.0.0.5',
        'ascribe.value': MAC_A,
        'observer.name': 'dhcp1',
        'ascribe.parser': 'syslog',
        'ascribe.raw_seq': 1,
        'ascribe.binding.valid_from_lo': '2026-11-24T01:30:00.000Z',
        'ascribe.binding.valid_from_hi': '2026-11-24T01:30:00.000Z',
        'ascribe.binding.valid_to_lo': '2026-11-24T02:30:00.000Z',
        'ascribe.binding.valid_to_hi': '2026-11-24T02:30:00.000Z',
        'ascribe.binding.first_observed': '2026-11-24T01:30:00.000Z',
        'ascribe.binding.last_observed': '2026-11-24T01:30:00.000Z',
        'ascribe.binding.recorded_at': '2026-11-24T01:30:00.000Z',
        'ascribe.binding.last_recorded_at': '2026-11-24T01:30:00.000Z',
        'ascribe.binding.end_recorded_at': '2026-11-24T01:30:00.000Z',
        'ascribe.binding.state': 'open',
        'ascribe.binding.begin_source': 'stated',
        'ascribe.binding.end_source': 'expiry',
        'ascribe.binding.observations': 1,
        'ascribe.binding.first_segment': '2026-11-24T01-000',
        'ascribe.binding.last_segment': '2026-11-24T01-000',
        'ascribe.binding.last_seq': 1,
      },
    ]);
  });

  it.each<[string, string[], number]>([
    ['a value', ['--value', MAC_A], 2],
    ['a relation', ['--relation', 'nat'], 3],
    ['a key of a relation', ['--relation', 'ip-mac', '--key', '10.0.0.5'], 2],
    ['a device', ['--device', 'core'], 2],
    ['a moment', ['--relation', 'nat', '--at', '2026-11-24 01:34:30'], 2],
    ['a time from', ['--relation', 'nat', '--from', '2026-11-24 01:36'], 2],
    ['a time to', ['--relation', 'nat', '--to', '2026-11-24 01:35'], 2],
    ['a limit', ['--limit', '1'], 1],
    ['nothing but all', [], 9],
  ])('finds by %s', async (_name, argv, count) => {
    expect(objects((await ask('bindings', '--json', ...argv)).stdout)).toHaveLength(count);
  });

  it('exits 4 when nothing matched and 2 for what is no limit or time', async () => {
    expect(await ask('bindings', '--key', 'x')).toEqual({ code: 4, stdout: '', stderr: 'no binding matched\n' });
    expect((await ask('bindings', '--limit', '0')).code).toBe(2);
    expect((await ask('bindings', '--at', 'noon')).code).toBe(2);
    expect((await run(['bindings', '--data', join(root, 'none')])).code).toBe(10);
  });

  it('escapes hostile text', async () => {
    const { stdout } = await ask('bindings', '--relation', 'ip-user');
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u0080-\u009f\u202e]/u);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });
});
