import type { StoredRecord } from '../../../collectors/contract';
import { type ChangeNote, ChangeNotes, tellsOfChange } from '../../../normalizer/config/changes/change-notes';
import { lineDiff } from '../../../normalizer/config/changes/line-diff';
import { carriedMarks, newestMark, NO_MARKS } from '../../../normalizer/config/changes/line-marks';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import type { Event, Fact } from '../../../normalizer/model/facts';
import { createNormalizer } from '../../../cli/pipeline/normalizers';
import { commandRecord } from './read-command';
import { AT, Sample } from './read-sample';

/** Who changed a configuration, where it does not state it itself. */

const HOUR = 3_600_000;
const MINUTE = 60_000;
const policy = (name: string, service = 'HTTPS'): string =>
  `    edit ${name === 'a' ? 1 : 2}\n        set name "${name}"\n        set srcintf "lan"\n        set dstintf "wan"\n        set service "${service}"\n    next\n`;
const forti = (...policies: string[]): string => `config firewall policy\n${policies.join('')}end\n`;
const A = policy('a');
const B = policy('b');

function extraOf(sample: Sample, key: string): Record<string, string | number> {
  const held = sample.bindings('rule-config').filter((fact) => fact.key === key && fact.state === 'seen');
  return { ...held.at(-1)?.extra };
}

describe('an author who was told of', () => {
  test('is that of the version and of its changed lines, with the record that says so', () => {
    const sample = new Sample('fortigate').read(forti(A));
    sample.told(AT + 50 * MINUTE, 'carol', { rawSeq: 41 }).read(forti(A, B), AT + HOUR);
    expect(sample.events('config_change')[0]).toMatchObject({
      user: 'carol',
      observedAt: AT + 50 * MINUTE - 1000,
      extra: { 'ascribe.config.author': 'carol', 'ascribe.config.evidence': '41' },
    });
    expect(extraOf(sample, '2')).toMatchObject({
      'ascribe.config.author': 'carol',
      'ascribe.config.committed_at': AT + 50 * MINUTE - 1000,
      'ascribe.config.evidence': '41',
      'ascribe.config.changed_in': sample.version,
    });
    expect(extraOf(sample, '1')).toMatchObject({ 'ascribe.config.version_author': 'carol' });
    expect(extraOf(sample, '1')).not.toHaveProperty(['ascribe.config.author']);
  });

  test('keeps their lines when others change other lines', () => {
    const sample = new Sample('fortigate').read(forti(A));
    sample.told(AT + 50 * MINUTE, 'carol').read(forti(A, B), AT + HOUR);
    sample.told(AT + 90 * MINUTE, 'dave').read(forti(policy('a', 'SSH'), B), AT + 2 * HOUR);
    expect(extraOf(sample, '1')['ascribe.config.author']).toBe('dave');
    expect(extraOf(sample, '2')['ascribe.config.author']).toBe('carol');
  });

  test('of two, neither gets a line, but for one that was told as it was typed', () => {
    const sample = new Sample('cisco_asa').read('hostname fw\naccess-list A extended permit ip any any\n: end\n');
    sample.told(AT + 30 * MINUTE, 'carol', { line: 'ntp server 192.0.2.80', rawSeq: 8 });
    sample.told(AT + 40 * MINUTE, 'dave', { line: 'no logging enable', rawSeq: 9 });
    sample.read(
      'hostname fw\naccess-list A extended permit ip any any\nlogging host out 192.0.2.70\nntp server 192.0.2.80\n: end\n',
      AT + HOUR,
    );
    const endpoint = (text: string): unknown =>
      sample.bindings('config-endpoint').find(({ value }) => value.includes(text))?.extra;
    expect(endpoint('192.0.2.80')).toMatchObject({ 'ascribe.config.author': 'carol', 'ascribe.config.evidence': '8' });
    expect(endpoint('192.0.2.70')).not.toHaveProperty(['ascribe.config.author']);
    expect(sample.events('config_change')[0]).toMatchObject({
      user: 'dave',
      extra: { 'ascribe.config.authors': 'carol,dave', 'ascribe.config.evidence': '9' },
    });
  });

  test('who commits stands for the version, whoever else typed', () => {
    const sample = new Sample('juniper_junos').read('set system host-name x\n');
    sample.told(AT + 10 * MINUTE, 'erin').told(AT + 20 * MINUTE, 'frank', { commits: true });
    sample.read('set system host-name x\nset system ntp server 192.0.2.80\n', AT + HOUR);
    expect(sample.events('config_change')[0]).toMatchObject({ user: 'frank' });
  });

  test('does not replace what the configuration states', () => {
    const ios = (who: string, line: string): string =>
      `! Last configuration change at 02:30:00 UTC Tue Nov 24 2026 by ${who}\n${line}\nend\n`;
    const sample = new Sample('cisco_ios').read(ios('bob', 'hostname a')).told(AT + 31 * MINUTE, 'mallory');
    sample.read(ios('bob', 'hostname b'), AT + HOUR);
    const [change] = sample.events('config_change');
    expect(change).toMatchObject({ user: 'bob', extra: { 'ascribe.config.authors': 'bob,mallory' } });
    expect(change?.extra).not.toHaveProperty(['ascribe.config.evidence']);
  });

  test('told only after the reading, it is joined at the next one, and said again', () => {
    const sample = new Sample('fortigate').read(forti(A)).read(forti(A, B), AT + HOUR);
    expect(extraOf(sample, '2')).not.toHaveProperty(['ascribe.config.author']);
    sample.told(AT + 50 * MINUTE, 'carol', { rawSeq: 77 }).read(forti(A, B), AT + HOUR + MINUTE);
    expect(sample.events('config_author')).toMatchObject([
      { user: 'carol', extra: { 'ascribe.config.version': sample.version, 'ascribe.config.evidence': '77' } },
    ]);
    expect(extraOf(sample, '2')).toMatchObject({ 'ascribe.config.author': 'carol', 'ascribe.config.evidence': '77' });
    expect(extraOf(sample, '1')).not.toHaveProperty(['ascribe.config.author']);
    sample.read(forti(A, B), AT + HOUR + 2 * MINUTE);
    expect(sample.events('config_author')).toHaveLength(1);
  });

  test('changes from before the reading before are of another version', () => {
    const sample = new Sample('fortigate')
      .told(AT - MINUTE, 'carol')
      .read(forti(A))
      .read(forti(A, B), AT + HOUR);
    expect(sample.events('config_change')[0]).not.toHaveProperty('user');
    expect(sample.events('config_read')[0]?.extra).toMatchObject({ 'ascribe.config.author': 'carol' });
  });
});

describe('what tells of a change', () => {
  const event = (fields: Partial<Event>): Event => ({
    ...{ rawSeq: 1, observedAt: AT, timeQuality: 'ok', device: 'd', parser: 'p', fact: 'event' },
    ...{ category: 'configuration', action: 'config_change', ...fields },
  });
  const asa = (command: string, code = '111008'): Event =>
    event({ category: 'process', action: 'command', code, command });

  test.each([
    ['a change', event({}), true],
    ['a failed one', event({ outcome: 'failure' }), false],
    ['a rule', event({ action: 'firewall_change' }), true],
    ['saving', event({ action: 'config_save' }), false],
    ['entering the mode', event({ action: 'config_mode_enter' }), false],
    ['a login', event({ category: 'authentication', action: 'login' }), false],
    ['a line of ASA', asa('access-list A extended permit ip any any', '111010'), true],
    ['a cleared configuration', asa('clear configure access-list A'), true],
    ['cleared counters', asa('clear crypto ipsec sa'), false],
    ['our own terminal', asa('terminal pager 0'), false],
    ['our own context', asa('changeto context one'), false],
    ['our own enable', asa('enable'), false],
    ['a show command', asa('show run', '111009'), false],
    ['a command elsewhere', event({ category: 'process', action: 'command', command: 'vim-cmd x' }), false],
  ])('%s', (_, fact, told) => {
    expect(tellsOfChange(fact)).toBe(told);
  });
});

describe('ChangeNotes', () => {
  const note = (by: number, more: Partial<ChangeNote> = {}): ChangeNote => ({
    ...{ at: by, by, author: 'a', commits: false, line: '', rawSeq: by, ...more },
  });

  test('are found by any name, once, in order, and bounded', () => {
    const notes = new ChangeNotes();
    notes.add(['fw', '192.0.2.1'], note(2));
    notes.add(['192.0.2.1'], note(1));
    notes.add(['fw'], note(2, { rawSeq: 99 }));
    notes.add([''], note(3));
    expect(notes.between(['fw', '192.0.2.1', ''], 0, 10)).toEqual([note(1), note(2)]);
    expect(notes.between(['fw'], 2, 10)).toEqual([]);
    for (let i = 10; i < 1000; i++) notes.add(['fw'], note(i));
    expect(notes.between(['fw'], 0, Infinity)).toHaveLength(64);
    const other = new ChangeNotes();
    other.restore(notes.state());
    expect(other.state()).toEqual(notes.state());
  });
});

test('marks follow their lines, and the newest of some lines counts', () => {
  const lines = (...texts: string[]): string[] => texts;
  const step = (before: string[], after: string[], marks = NO_MARKS, author = 'a'): typeof NO_MARKS =>
    carriedMarks(
      marks,
      lineDiff(before, after, () => false),
      () => ({ version: author, author }),
    );
  const one = step(lines('x', 'y'), lines('x', 'n', 'm', 'y'));
  expect(one.runs).toEqual([[2, 3, 0]]);
  const two = step(lines('x', 'n', 'm', 'y'), lines('new', 'x', 'n', 'm', 'y'), one, 'b');
  expect(two.runs).toEqual([
    [1, 1, 1],
    [3, 4, 0],
  ]);
  expect(newestMark(two, [3])?.author).toBe('a');
  expect(newestMark(two, [1, 2, 3])?.author).toBe('b');
  expect(newestMark(two, [2])).toBeUndefined();
  const three = step(lines('new', 'x', 'n', 'm', 'y'), lines('x', 'y'), two, 'c');
  expect(three).toEqual(NO_MARKS);
});

test('through all normalizers: syslog names the author of what SSH reads, and it outlives a restart', () => {
  const facts: Fact[] = [];
  const sink = { flows: new FlowBatch(64), fact: (fact: Fact) => void facts.push(fact) };
  let seq = 0;
  const record = (format: 'syslog' | 'command', bytes: Uint8Array, receivedAt: number): StoredRecord => {
    const collector = format === 'syslog' ? 'syslog' : 'ssh';
    const peer = format === 'syslog' ? '192.0.2.1:40000' : '192.0.2.1:22';
    return { seq: ++seq, receivedAt, bytes, origin: { collector, source: 'fw-1', peer, format } };
  };
  const read = (text: string, at: number): StoredRecord =>
    record('command', commandRecord('fortigate', 'running_config', text, { at }), at);
  const line =
    '<189>date=2026-11-24 time=02:30:00 devname="FGT" devid="FGT1" logid="0100044547" type="event" subtype="system" level="information" vd="root" logdesc="Object attribute configured" user="carol" ui="GUI(192.0.2.9)" action="Edit" cfgtid=1 cfgpath="firewall.policy" cfgobj="2" msg="Edit firewall.policy 2"';
  const before = createNormalizer(() => ({}));
  before.normalize(read(forti(A), AT), sink);
  before.normalize(record('syslog', Buffer.from(line), AT + 30 * MINUTE), sink);
  const normalizer = createNormalizer(() => ({}));
  normalizer.restore(before.snapshot());
  facts.length = 0;
  normalizer.normalize(read(forti(A, B), AT + HOUR), sink);
  const change = facts.find((fact) => fact.fact === 'event' && fact.action === 'config_change');
  expect(change).toMatchObject({ user: 'carol', extra: { 'ascribe.config.evidence': '2' } });
});
