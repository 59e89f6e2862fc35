import fc from 'fast-check';
import type { StoredRecord } from '../../collectors/contract';
import type { Fact } from '../../normalizer/model/facts';
import { FlowBatch } from '../../normalizer/model/flow-batch';
import { SshNormalizer, type SshPart } from '../../normalizer/ssh-normalizer';
import { readSshRecord, type SshCommand, type SshLog } from '../../normalizer/ssh-record';

function bytesOf(header: unknown, body: string | Uint8Array = ''): Uint8Array {
  const head = typeof header === 'string' ? header : JSON.stringify(header);
  return Buffer.concat([Buffer.from(`${head}\n`), Buffer.from(body)]);
}

const COMMAND = {
  v: 1,
  kind: 'command',
  platform: 'esxi',
  command: 'connection_list',
  line: 'esxcli --formatter=csv network ip connection list -N defaultTcpipStack',
  parameters: { netstack: 'defaultTcpipStack' },
  exit: 0,
  signal: null,
  complete: true,
  reason: '',
  stderr: '',
  startedAt: 1_700_000_000_000,
  finishedAt: 1_700_000_001_000,
  clockOffset: -90,
  output: 'csv',
  version: '7.0.3',
};

describe('SSH raw records', () => {
  test('a command', () => {
    const read = readSshRecord(bytesOf(COMMAND, 'a\nb\n')) as SshCommand;
    const { v: _v, ...stated } = COMMAND;
    expect(read).toMatchObject({ ...stated, signal: '' });
    expect(Buffer.from(read.body).toString()).toBe('a\nb\n');
    expect(read.bodyAt).toBe(JSON.stringify(COMMAND).length + 1);
  });

  test('a stretch of a log file, NUL and invalid UTF-8 kept', () => {
    const body = Buffer.from([0x61, 0x00, 0xff, 0x0a]);
    const header = { v: 1, kind: 'log', platform: 'esxi', file: '/var/run/log/hostd.log', generation: 'aa', offset: 7 };
    const read = readSshRecord(bytesOf({ ...header, cut: true }, body)) as SshLog;
    expect(read).toMatchObject({ kind: 'log', file: header.file, generation: 'aa', offset: 7, cut: true, reason: '' });
    expect([...read.body]).toEqual([...body]);
  });

  test('a gap with its times', () => {
    const read = readSshRecord(
      bytesOf({
        v: 1,
        kind: 'log',
        platform: 'esxi',
        file: 'f',
        generation: '',
        offset: 0,
        reason: 'vanished',
        from: 1,
        to: 2,
      }),
    );
    expect(read).toMatchObject({ reason: 'vanished', from: 1, to: 2 });
  });

  test.each([
    ['no line feed', Buffer.from('{"v":1}'), 'ssh_no_header', 7],
    ['a header longer than any', Buffer.alloc(100_000, 0x20), 'ssh_no_header', 65_536],
    ['not JSON', bytesOf('{"v":1'), 'ssh_header_not_json', 0],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22, 0x0a]), 'ssh_header_not_json', 0],
    ['no object', bytesOf('1'), 'ssh_unknown_record', 0],
    ['null', bytesOf('null'), 'ssh_unknown_record', 0],
    ['another version', bytesOf({ v: 2 }), 'ssh_unknown_version', 0],
    ['another kind', bytesOf({ v: 1, kind: 'x' }), 'ssh_unknown_record', 0],
  ])('%s is a fault', (_name, bytes, reason, offset) => {
    expect(readSshRecord(bytes)).toMatchObject({ kind: 'fault', reason, offset });
  });

  test('wrong types become absent', () => {
    const header = { v: 1, kind: 'command', platform: 3, parameters: { a: 1, b: {}, c: 'x' }, exit: 'x', complete: 1 };
    expect(readSshRecord(bytesOf(header))).toMatchObject({
      platform: '',
      parameters: { a: '1', c: 'x' },
      exit: undefined,
      complete: false,
      session: undefined,
    });
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void readSshRecord(bytes)));
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        readSshRecord(bytesOf(JSON.stringify(value)));
        readSshRecord(bytesOf(JSON.stringify({ v: 1, kind: 'command', parameters: value, session: value })));
      }),
    );
  });
});

describe('the dispatch by platform', () => {
  const record = (bytes: Uint8Array, collector = 'ssh'): StoredRecord => ({
    seq: 4,
    receivedAt: 5,
    origin: { collector, source: 'esx1', peer: '192.0.2.1:22', format: 'command' },
    bytes,
  });
  const run = (parts: readonly SshPart[], raw: StoredRecord): Fact[] => {
    const facts: Fact[] = [];
    new SshNormalizer(() => ({ name: 'configured' }), parts).normalize(raw, {
      flows: new FlowBatch(1),
      fact: (fact) => void facts.push(fact),
    });
    return facts;
  };
  const part = (platforms: readonly string[], readsLogs: boolean, name: string): SshPart => ({
    platforms,
    readsLogs,
    normalize: (_read, _record, base, sink) => sink.fact({ ...base, fact: 'rejected', reason: name }),
    snapshot: () => Buffer.from(name),
    restore: (bytes) => expect(Buffer.from(bytes).toString()).toBe(name),
  });

  test('each platform has its reader, logs have one', () => {
    const parts = [part(['esxi'], true, 'one'), part(['cisco_ios', 'panos'], false, 'two')];
    const reasonOf = (header: object): unknown => run(parts, record(bytesOf(header)))[0];
    expect(reasonOf(COMMAND)).toMatchObject({ reason: 'one', device: 'esx1', observedAt: 5, rawSeq: 4 });
    expect(reasonOf({ ...COMMAND, platform: 'panos' })).toMatchObject({ reason: 'two' });
    expect(reasonOf({ v: 1, kind: 'log', platform: 'panos', device: 'fw1' })).toMatchObject({
      reason: 'one',
      device: 'fw1',
    });
    expect(reasonOf({ ...COMMAND, platform: 'beos' })).toMatchObject({
      reason: 'ssh_unknown_platform',
      detail: 'beos',
    });
  });

  test('an import has the configured name', () => {
    expect(run([], record(bytesOf(COMMAND), 'import'))[0]).toMatchObject({ device: 'configured' });
  });

  test('a damaged header is rejected with its place', () => {
    expect(run([], record(Buffer.from('x\n')))).toEqual([
      {
        fact: 'rejected',
        reason: 'ssh_header_not_json',
        offset: 0,
        rawSeq: 4,
        observedAt: 5,
        timeQuality: 'from_receipt',
        device: 'esx1',
        parser: 'ssh',
      },
    ]);
  });

  test('a snapshot holds every part, and fits only the same parts', () => {
    const parts = [part(['esxi'], true, 'one'), part(['panos'], false, 'two')];
    const snapshot = new SshNormalizer(() => ({}), parts).snapshot();
    new SshNormalizer(() => ({}), parts).restore(snapshot);
    expect(() => new SshNormalizer(() => ({}), parts.slice(1)).restore(snapshot)).toThrow(/other readers/);
    expect(() => new SshNormalizer(() => ({}), parts).restore(Buffer.from('x'))).toThrow(/not JSON/);
    expect(() => new SshNormalizer(() => ({}), parts).restore(Buffer.from('{}'))).toThrow(/version/);
  });
});
