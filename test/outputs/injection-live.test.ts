import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markdownText } from '../../attribution/coverage/plain-text';
import { runProgram } from '../../cli/program';
import { writeStatus } from '../../cli/telemetry/status-file';
import type { Interruption } from '../../cli/io';
import { appendFacts, fact, writeSegment } from '../cli/commands/facts-site';
import { CapturedStream, fakeIo, run } from '../cli/support/run';
import { sampleStatus } from '../cli/support/status';
import { waitFor } from '../e2e/ascribe-process';
import { FIELDS, HostileSite } from './hostile-site';
import { CORPUS, TEXTS, UNSAFE } from './hostile-texts';

/** Hostile texts in what is shown while it happens, and in the files that an investigation leaves. */

const PATIENCE = 60_000;

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'ascribe-live-'));
});
afterEach(() => rmSync(data, { recursive: true }));

/** A command that goes on until it is stopped. */
function start(argv: readonly string[], tty = false) {
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
  const stdout = new CapturedStream(tty);
  const stderr = new CapturedStream(tty);
  const ended = runProgram([...argv, '--data', data], { ...fakeIo({ interruption, cwd: data }), stdout, stderr });
  return { stdout, stderr, stop: () => (controller.abort(), ended) };
}

const firstUnsafe = (text: string): string | undefined => text.split('\n').find((line) => UNSAFE.test(line));

test.each([[[]], [['--json']]])('tap %j shows every fact on one line that no terminal obeys', async (more) => {
  mkdirSync(data, { recursive: true });
  const segment = writeSegment(data, '2026-11-24T01-000', []);
  const tap = start(['tap', ...more]);
  await waitFor(() => tap.stderr.text.includes('waiting for facts'), PATIENCE, 'tap');
  const facts = TEXTS.map(([, text], i) => ({
    fact: fact(i, text, {
      fact: 'event',
      category: 'authentication',
      action: 'login',
      user: text,
      message: text,
      command: text,
      process: text,
    }),
  }));
  appendFacts(segment, [
    ...facts,
    { fact: fact(99, 'last', { fact: 'event', category: 'host', action: 'x', user: 'the last' }) },
  ]);
  await waitFor(() => tap.stdout.text.includes('the last'), PATIENCE, 'the last fact');
  expect(await tap.stop()).toBe(0);
  segment.close();
  const lines = tap.stdout.text.split('\n').slice(0, -1);
  expect(lines).toHaveLength(TEXTS.length + 1);
  if (more.length === 0) expect(firstUnsafe(tap.stdout.text)).toBeUndefined();
  else {
    for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/u);
    expect(lines.map((line) => (JSON.parse(line) as Record<string, unknown>)['user.name'])).toContain(
      CORPUS['SQL: statement'],
    );
  }
});

test('status and top show names of devices, receivers and errors as text', async () => {
  const { sources, devices = [] } = sampleStatus();
  writeStatus(
    data,
    sampleStatus({
      sources: TEXTS.map(([, text]) => ({ ...sources[0]!, device: text, peer: text })),
      devices: TEXTS.map(([, text]) => ({ ...devices[0]!, device: text, version: text, text })),
      forward: TEXTS.map(([, text]) => ({
        name: 'siem',
        transport: 'splunk_hec',
        format: 'ecs',
        delivery: 'confirmed',
        state: 'denied',
        sent: 1,
        dead: 1,
        filtered: 0,
        bytes: 1,
        behind: 1,
        lagSeconds: 1,
        lastSentAt: 0,
        lastError: text,
      })),
      alarms: TEXTS.map(([, text]) => ({ name: 'forward_denied', subject: text, message: text, since: 0 })),
    }),
  );
  for (const argv of [['status'], ['status', '--json']]) {
    const { stdout, stderr } = await run([...argv, '--data', data]);
    expect(stdout.length).toBeGreaterThan(100);
    expect(firstUnsafe(stdout + stderr)).toBeUndefined();
  }
  const top = start(['--no-color', 'top'], true);
  await waitFor(() => top.stdout.text.includes('listeners'), PATIENCE, 'a screen');
  expect(await top.stop()).toBe(0);
  // Its own sequences: the other screen, the cursor, home and clear, back again.
  expect(firstUnsafe(top.stdout.text.replaceAll(/\u001b\[(?:\?1049[hl]|\?25[hl]|H|J)/gu, ''))).toBeUndefined();
});

test('an investigation, its page and its JSON hold no element, link, line or order of a device', async () => {
  let n = 0;
  const site = new HostileSite(
    FIELDS.flatMap(({ records }) => TEXTS.flatMap(([, text]) => records(text, (n = (n % 98) + 1)))),
  );
  try {
    const { stdout } = await site.run(['findings', '--limit', '1000', '--json']);
    const ids = stdout
      .split('\n')
      .flatMap((line) => (line === '' ? [] : (JSON.parse(line) as { 'event.id': string })['event.id']));
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids.slice(0, 20)) {
      const [page, json] = [site.path(`${id}.md`), site.path(`${id}.json`)];
      const shown = await site.run([
        'investigate',
        id,
        '--step',
        '1',
        '--decide',
        CORPUS['HTML: script']!,
        '--by',
        CORPUS['terminal: cursor']!,
      ]);
      expect(firstUnsafe(shown.stdout + shown.stderr)).toBeUndefined();
      expect((await site.run(['investigate', id, '--export', page])).code).toBe(0);
      expect((await site.run(['investigate', id, '--export', json])).code).toBe(0);
      const text = readFileSync(page, 'utf8');
      expect(firstUnsafe(text)).toBeUndefined();
      expect(text).not.toMatch(/(?<!\\)<(?:script|img)|(?<!\\)\]\(|^forged|^<165>/mu);
      const written = readFileSync(json, 'utf8');
      expect(written).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]/u);
      expect(JSON.parse(written)).toHaveProperty(['event.id'], id);
    }
  } finally {
    site.remove();
  }
});

test.each([
  ['# head', String.raw`\# head`],
  ['1. one', String.raw`1\. one`],
  ['10.0.0.5 -> 203.0.113.9', '10.0.0.5 -> 203.0.113.9'],
  ['> quote', String.raw`\> quote`],
  ['a | b', String.raw`a \| b`],
  ['[x](y)', String.raw`\[x\](y)`],
  ['two\u2028lines', 'two\ufffdlines'],
])('%j is %j in Markdown', (text, wanted) => expect(markdownText(text)).toBe(wanted));
