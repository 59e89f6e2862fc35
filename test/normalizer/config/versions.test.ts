import { lineDiff } from '../../../normalizer/config/changes/line-diff';
import { pairs, Reader } from './read-command';
import { AT, Sample } from './read-sample';

const HOUR = 3_600_000;
const FIRST = `Building configuration...
! Last configuration change at 01:00:00 UTC Mon Nov 23 2026 by alice
hostname r1
ntp server 192.0.2.80
logging host 192.0.2.70
access-list 7 permit any
end
`;
const SECOND = `Building configuration...
! Last configuration change at 02:30:00 UTC Tue Nov 24 2026 by bob
hostname r1
logging host 192.0.2.71
access-list 7 permit any
end
`;

test('a version is told by what it says, not by when it was read', () => {
  const again = FIRST.replace('Building', 'Current configuration : 99 bytes\nBuilding').replace('01:00:00', '05:00:00');
  const sample = new Sample('cisco_ios').read(FIRST);
  const { version } = sample;
  expect(version).toMatch(/^[0-9a-f]{16}$/);
  expect(sample.read(again, AT + HOUR).version).toBe(version);
  expect(sample.lines()).toHaveLength(7);
  expect(sample.events('config_change')).toEqual([]);
  expect(sample.events('config_read').map(({ extra }) => extra?.['ascribe.config.unchanged'])).toEqual([0, 1]);
});

test('secrets that are encrypted anew with each reading make no version', () => {
  const of = (cipher: string): string =>
    `config vpn ipsec phase1-interface\n    edit "v"\n        set psksecret ENC ${cipher}\n    next\nend\n`;
  const sample = new Sample('fortigate').read(of('AAAA')).read(of('BBBB'), AT + HOUR);
  expect(sample.events('config_change')).toEqual([]);
});

test('unchanged: bindings are stated anew once a day, lines never', () => {
  const sample = new Sample('cisco_ios').read(FIRST);
  const before = sample.bindings('config-endpoint').length;
  sample.read(FIRST, AT + HOUR);
  expect(sample.bindings('config-endpoint')).toHaveLength(before);
  sample.read(FIRST, AT + 24 * HOUR);
  expect(sample.bindings('config-endpoint')).toHaveLength(2 * before);
  expect(sample.lines()).toHaveLength(7);
});

describe('a change', () => {
  const sample = new Sample('cisco_ios').read(FIRST);
  const old = sample.version;
  sample.read(SECOND, AT + HOUR);
  const [change] = sample.events('config_change');

  test('says who, when, from which version to which, and what', () => {
    expect(change).toMatchObject({ user: 'bob', observedAt: Date.UTC(2026, 10, 24, 2, 30), timeQuality: 'ok' });
    expect(change?.extra).toMatchObject({
      'ascribe.config.previous_version': old,
      'ascribe.config.version': sample.version,
      'ascribe.config.added': 1,
      'ascribe.config.removed': 2,
      'ascribe.config.diff': '-4 ntp server 192.0.2.80\n-5 logging host 192.0.2.70\n+4 logging host 192.0.2.71',
    });
  });

  test('ends what the older version bound, and states the newer', () => {
    const ended = sample.facts.filter((fact) => fact.fact === 'binding').filter(({ state }) => state === 'end');
    expect(ended.map(({ key, value }) => `${key} -> ${value}`)).toEqual([
      `7 10 -> ${old}:6`,
      `7 -> ${old}:6`,
      `${old}:4 -> udp:192.0.2.80:123`,
      `${old}:5 -> udp:192.0.2.70:514`,
    ]);
    expect(sample.endpoints().filter((text) => text.includes('192.0.2.71'))).toHaveLength(1);
  });

  test('gives the author and time to the lines that changed, and to no others', () => {
    const at = Date.UTC(2026, 10, 24, 2, 30);
    const latest = (relation: 'rule-config' | 'config-endpoint'): unknown =>
      sample.bindings(relation).findLast(({ state, key }) => state === 'seen' && !key.startsWith('default:'))?.extra;
    const version = { 'ascribe.config.version_author': 'bob', 'ascribe.config.version_committed_at': at };
    expect(latest('config-endpoint')).toMatchObject({
      ...version,
      'ascribe.config.author': 'bob',
      'ascribe.config.committed_at': at,
      'ascribe.config.changed_in': sample.version,
    });
    expect(latest('rule-config')).toMatchObject(version);
    expect(latest('rule-config')).not.toHaveProperty(['ascribe.config.author']);
  });
});

test.each([
  [
    'cisco_asa',
    ': Written by enable_15 at 12:34:56.789 UTC Mon Nov 23 2026\nASA Version 9.16\n',
    { author: 'enable_15', at: Date.UTC(2026, 10, 23, 12, 34, 56) },
  ],
  [
    'cisco_nxos',
    '!Running configuration last done at: Mon Nov 23 12:34:56 2026\nip access-list A\n  10 permit ip any any\n',
    { at: Date.UTC(2026, 10, 23, 12, 34, 56) },
  ],
  [
    'juniper_junos',
    '## Last changed: 2026-11-23 12:34:56 CET\nset firewall filter F term T then accept\n',
    { at: Date.UTC(2026, 10, 23, 11, 34, 56) },
  ],
  [
    'pfsense',
    '<pfsense><filter><rule><tracker>1</tracker></rule></filter><revision><time>1795400000</time><username>carol@192.0.2.1 (Local Database)</username></revision></pfsense>',
    { author: 'carol', at: 1_795_400_000_000 },
  ],
] as const)('%s states its last change', (platform, text, { author, at }: { author?: string; at: number }) => {
  const body = platform === 'cisco_asa' ? `${text}access-list A extended permit ip any any\n` : text;
  const [rule] = new Sample(platform).read(body).bindings('rule-config');
  expect(rule?.extra?.['ascribe.config.version_author']).toBe(author);
  expect(rule?.extra?.['ascribe.config.version_committed_at']).toBe(at);
});

describe('as records', () => {
  test('an incomplete configuration replaces nothing', () => {
    const reader = new Reader();
    reader.read('cisco_ios', 'running_config', FIRST);
    const facts = reader.read('cisco_ios', 'running_config', FIRST.slice(0, 120), {
      complete: false,
      reason: 'timeout',
      at: AT + HOUR,
    });
    expect(facts).toEqual([
      expect.objectContaining({ fact: 'gap', kind: 'incomplete_read', detail: 'configuration: timeout' }),
    ]);
    const again = reader.read('cisco_ios', 'running_config', FIRST, { at: AT + 2 * HOUR });
    expect(again.map(({ fact }) => fact)).toEqual(['event']);
  });

  test.each([
    ['juniper_junos', 'system {\n    host-name x;\n'],
    ['pfsense', '<pfsense><system>'],
    ['fortigate', 'config system global\n    set hostname "x"\n'],
  ])('%s: one whose end is missing says so', (platform, text) => {
    const facts = new Reader().read(platform, 'running_config', text);
    expect(facts).toEqual([expect.objectContaining({ fact: 'gap', kind: 'incomplete_read' })]);
  });

  test('of two forms of one configuration the `set` lines are taken', () => {
    const reader = new Reader();
    const lines = reader.read('juniper_junos', 'running_config', 'set system host-name x\n', {
      parameters: { form: 'set' },
    });
    const braces = reader.read('juniper_junos', 'running_config', 'system {\n    host-name x;\n}\n', {
      parameters: { form: 'braces' },
      at: AT + 1000,
    });
    expect(lines.some(({ fact }) => fact === 'config_line')).toBe(true);
    expect(braces).toEqual([]);
    const alone = new Reader().read('juniper_junos', 'running_config', 'system {\n    host-name x;\n}\n', {
      parameters: { form: 'braces' },
    });
    expect(alone.some(({ fact }) => fact === 'config_line')).toBe(true);
  });

  test('parts of a device have versions of their own', () => {
    const reader = new Reader();
    const read = (section: string, host: string, at: number): string[] =>
      pairs(
        reader.read(
          'fortigate',
          'configuration_defaults',
          `config ${section}\n    set status enable\n    set server "${host}"\nend\n`,
          { parameters: { section }, at },
        ),
        'config-endpoint',
      ).filter((pair) => !pair.startsWith('default'));
    expect(read('log syslogd setting', '192.0.2.70', AT)).toHaveLength(1);
    expect(read('log syslogd2 setting', '192.0.2.71', AT)).toHaveLength(1);
    expect(read('log syslogd setting', '192.0.2.70', AT + HOUR)).toEqual([]);
    const fact = reader
      .read('fortigate', 'configuration_defaults', 'config system dns\n    set primary 192.0.2.60\nend\n', {
        parameters: { section: 'system dns' },
      })
      .find((each) => each.fact === 'binding' && each.relation === 'config-endpoint');
    expect(fact).toMatchObject({ extra: { 'ascribe.config.part': 'configuration_defaults section=system dns' } });
  });

  test('what is known outlives a restart', () => {
    const one = new Reader();
    one.read('cisco_ios', 'running_config', FIRST);
    const two = new Reader();
    two.normalizer.restore(one.normalizer.snapshot());
    expect(Buffer.from(two.normalizer.snapshot()).equals(Buffer.from(one.normalizer.snapshot()))).toBe(true);
    const of = (reader: Reader): unknown =>
      reader.read('cisco_ios', 'running_config', SECOND, { at: AT + HOUR }).map((fact) => ({ ...fact, rawSeq: 0 }));
    expect(of(two)).toEqual(of(one));
  });
});

test('a difference counts lines, whatever their order', () => {
  const diff = lineDiff(['a', 'b', 'b', 'c'], ['a', 'c', 'b', 'd'], () => false);
  expect(diff).toEqual({ removed: [[3, 'b']], added: [[4, 'd']], origins: Uint32Array.of(1, 4, 2, 0) });
});
