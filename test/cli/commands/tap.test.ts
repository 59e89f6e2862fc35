import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Interruption } from '../../../cli/io';
import { runProgram } from '../../../cli/program';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { sealFactsSegment } from '../../../store/facts/facts-seal';
import { appendRun } from '../../store/facts/flow-rows';
import { CapturedStream, fakeIo } from '../support/run';
import { appendFacts, fact, T, writeSegment } from './facts-site';

let root: string;
let data: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ascribe-tap-'));
  data = join(root, 'data');
  mkdirSync(data);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Tells when a text has come. */
class WatchedStream extends CapturedStream {
  #waiting: { text: string; done: () => void }[] = [];

  override write(text: string): boolean {
    super.write(text);
    for (const { text: wanted, done } of this.#waiting) if (this.text.includes(wanted)) done();
    return true;
  }

  contains(text: string): Promise<void> {
    return new Promise((done) => {
      if (this.text.includes(text)) done();
      else this.#waiting.push({ text, done });
    });
  }
}

function start(...argv: string[]) {
  const controller = new AbortController();
  let draining = false;
  const interruption: Interruption = {
    signal: controller.signal,
    get received() {
      return controller.signal.aborted ? ('SIGINT' as const) : undefined;
    },
    get draining() {
      return draining;
    },
    drains: () => void (draining = true),
  };
  const stdout = new WatchedStream();
  const stderr = new WatchedStream();
  const io = { ...fakeIo({ interruption, cwd: root }), stdout, stderr };
  const ended = runProgram(['tap', '--data', data, ...argv], io);
  return { stdout, stderr, ready: stderr.contains('waiting for facts'), stop: () => (controller.abort(), ended) };
}

const login = (minutes: number, device: string, user: string) => ({
  fact: fact(minutes, device, { fact: 'event', category: 'authentication', action: 'login', user }),
});

describe('tap', () => {
  it('waits for the first segment, follows it into the next, and ends with 0', async () => {
    const tap = start();
    await tap.ready;
    const first = writeSegment(data, '2026-11-24T01-000', [login(0, 'fw1', 'alice')]);
    await tap.stdout.contains('alice');
    first.complete();
    expect(sealFactsSegment(first.path)).toBe('sealed');
    const second = writeSegment(data, '2026-11-24T02-000', [login(40, 'fw1', 'bo\u001b[2Jb')]);
    await tap.stdout.contains('bo');
    expect(await tap.stop()).toBe(0);
    second.close();
    expect(tap.stdout.text.split('\n').map((line) => line.replace(/#\d+$/u, '#n'))).toEqual([
      '2026-11-24T01:30:00.000Z  fw1  event  login  alice  #n',
      '2026-11-24T02:10:00.000Z  fw1  event  login  bo\\u{1b}[2Jb  #n',
      '',
    ]);
  });

  it('shows only what comes after it began, of the kind and device that are asked for, as ECS objects', async () => {
    const segment = writeSegment(data, '2026-11-24T01-000', [login(0, 'fw1', 'before')]);
    const tap = start('--kind', 'event', '--device', 'fw1', '--json');
    await tap.ready;
    appendFacts(segment, [
      { fact: fact(1, 'fw1', { fact: 'binding', relation: 'ip-mac', key: '10.0.0.5', value: 'm', state: 'seen' }) },
      login(2, 'sw1', 'elsewhere'),
      login(3, 'fw1', 'after'),
    ]);
    await tap.stdout.contains('after');
    expect(await tap.stop()).toBe(0);
    segment.close();
    expect(JSON.parse(tap.stdout.text)).toMatchObject({
      'ascribe.fact': 'event',
      '@timestamp': '2026-11-24T01:33:00.000Z',
      'user.name': 'after',
      'observer.name': 'fw1',
    });
  });

  it('shows flows too, with exact counters and the names that `parse` uses', async () => {
    const segment = writeSegment(data, '2026-11-24T01-000', []);
    const tap = start('--kind', 'flow', '--json');
    await tap.ready;
    const batch = new FlowBatch(1);
    const values = { src: '10.0.0.5', dst: '198.51.100.7', srcPort: 50_000, dstPort: 443, protocol: 6 };
    appendRun(batch, { rawSeq: 9, receivedAt: T }, [
      { ...values, bytes: 2n ** 62n, start: T, end: T + 5, extra: { vmUuid: 'u' } },
    ]);
    segment.begin();
    segment.applyFlows(batch);
    segment.commit(9);
    await tap.stdout.contains('\n');
    expect(await tap.stop()).toBe(0);
    segment.close();
    expect(tap.stdout.text).toContain('"source.bytes":4611686018427387904');
    expect(JSON.parse(tap.stdout.text)).toMatchObject({
      'ascribe.fact': 'flow',
      'source.ip': '10.0.0.5',
      'destination.port': 443,
      'network.transport': 'tcp',
      'event.start': '2026-11-24T01:30:00.000Z',
      'event.end': '2026-11-24T01:30:00.005Z',
      'observer.ip': '192.0.2.1',
      'ascribe.parser': 'netflow_v9',
      'ascribe.flow.vmUuid': 'u',
      'ascribe.raw_seq': 9,
    });
  });

  it('has a line for every kind', async () => {
    const tap = start();
    await tap.ready;
    const segment = writeSegment(data, '2026-11-24T01-000', [
      {
        fact: fact(0, 'fw1', {
          fact: 'session_log',
          action: 'denied',
          source: { ip: '10.0.0.5', port: 1, natIp: '192.0.2.1', natPort: 2 },
          destination: { ip: '2001:db8::1', port: 443 },
          directionSource: 'stated',
          protocol: 6,
          ruleName: 'deny-all',
        }),
      },
      { fact: fact(0, 'fw1', { fact: 'binding', relation: 'ip-mac', key: '10.0.0.5', value: 'm', state: 'seen' }) },
      { fact: fact(0, 'fw1', { fact: 'inventory', kind: 'interface', id: '1', name: 'wan' }) },
      { fact: fact(0, 'fw1', { fact: 'config_line', configVersion: 'v1', lineNumber: 2, text: 'permit any' }) },
      { fact: fact(0, 'fw1', { fact: 'gap', kind: 'sequence', missing: 3n, unit: 'packets' }) },
      { fact: fact(0, 'fw1', { fact: 'rejected', reason: 'syslog_no_grammar', detail: 'x' }) },
    ]);
    await tap.stdout.contains('syslog_no_grammar');
    expect(await tap.stop()).toBe(0);
    segment.close();
    expect(
      tap.stdout.text
        .trimEnd()
        .split('\n')
        .map((line) => line.split('  ').slice(2, -1).join('  ')),
    ).toEqual([
      'session_log  denied  10.0.0.5:1 -> [2001:db8::1]:443  tcp  as 192.0.2.1:2  deny-all',
      'binding  ip-mac  10.0.0.5 = m  seen',
      'inventory  interface  1  wan',
      'config_line  v1:2  permit any',
      'gap  sequence  3 packets',
      'rejected  syslog_no_grammar  x',
    ]);
  });
});
