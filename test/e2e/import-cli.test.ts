import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { join } from 'node:path';
import { segmentPath } from '../../store/journal/segment-file';
import { linkFrame, LINK, pcapFile, udpOverV4 } from '../collectors/import/capture-writer';
import { flowTemplates, NetflowV9Encoder } from '../site/encoders/flow-encoder';
import { flowsOf, makeWorld } from '../site/flow-world';
import { ascribe, ascribeJson, isBuilt } from './ascribe-process';
import { Site } from './data-directory';

/** The commands that work on files, as a shell runs them. */

const here = isBuilt ? test : test.skip;
const bash = isBuilt && spawnSync('bash', ['-c', 'true']).status === 0 ? test : test.skip;

let site: Site;

beforeEach(() => {
  site = new Site();
  site.configure('journal: { rotate_bytes: 1MiB }\n');
});

afterEach(() => site.remove());

const EPOCH = Date.UTC(2026, 10, 24, 1);

/** NetFlow v9 with its template first, `perSecond` sessions a second over 30 s of site time. */
function datagrams(perSecond: number): { bytes: Buffer; records: number }[] {
  const encoder = new NetflowV9Encoder(1, EPOCH - 3_600_000, flowTemplates('v9'));
  const flows = flowsOf(makeWorld(8, 60_000, perSecond), EPOCH, 30_000).filter(({ src }) => isIPv4(src));
  const out = [{ bytes: encoder.templates(EPOCH), records: 0 }];
  for (let i = 0; i < flows.length; i += 18) {
    const part = flows.slice(i, i + 18);
    for (const { bytes } of encoder.data(part, EPOCH + 60_000)) out.push({ bytes, records: part.length });
  }
  return out;
}

function capture(payloads: readonly Uint8Array[]): Buffer {
  const ends = { source: '192.0.2.1', sourcePort: 4444, destination: '192.0.2.2', destinationPort: 2055 };
  return pcapFile(
    payloads.map((payload) => ({
      bytes: linkFrame(LINK.ethernet, udpOverV4({ ...ends, payload })),
      time: BigInt(EPOCH) * 1_000_000n,
    })),
  );
}

function written(name: string, content: string | Uint8Array): string {
  const path = join(site.folder, name);
  writeFileSync(path, content);
  return path;
}

const objects = (ndjson: string): unknown[] =>
  ndjson
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

const sum = (all: readonly { records: number }[]): number => all.reduce((total, { records }) => total + records, 0);

describe('import', () => {
  here('takes what is whole of a capture that was cut short, says where it broke, and ends with 3', () => {
    const all = datagrams(5).slice(0, 6);
    const whole = capture(all.map(({ bytes }) => bytes));
    // The last packet loses its end.
    const breaks = capture(all.slice(0, -1).map(({ bytes }) => bytes)).length;
    const file = written('cut.pcap', whole.subarray(0, -7));
    const { status, stderr, stdout } = ascribe(['import', file, ...site.arguments]);
    expect(stderr).toContain(`cut.pcap: ends early at byte ${breaks} (`);
    expect(stdout).toContain('pcap, 5 records');
    expect(status).toBe(3);
    expect(site.records().map(({ bytes }) => Buffer.from(bytes))).toEqual(all.slice(0, -1).map(({ bytes }) => bytes));
    expect(site.facts('flow')).toHaveLength(sum(all.slice(0, -1)));
  });

  here.each([
    ['a zip archive', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(100)])],
    ['of an unknown kind', Buffer.alloc(64, 7).fill(0, 8, 12)],
  ])('ends with 1 for a file that is %s', (what, content) => {
    const file = written('thing', content);
    const { status, stderr } = ascribe(['import', file, ...site.arguments]);
    expect(stderr).toContain(`thing: not imported: ${file} is ${what}`);
    expect(status).toBe(1);
  });

  here('goes on with the other files after one that it cannot take, and ends with 3', () => {
    const all = datagrams(2);
    const good = written('good.pcap', capture(all.map(({ bytes }) => bytes)));
    const missing = join(site.folder, 'missing');
    const { status, stderr } = ascribe(['import', missing, good, ...site.arguments]);
    expect(stderr).toContain('missing: not imported: ');
    expect(status).toBe(3);
    expect(site.facts('flow')).toHaveLength(sum(all));
  });
});

describe('parse', () => {
  const lines = [
    '<166>Nov 24 2026 02:00:00 fw1 : %ASA-6-302013: Built outbound TCP connection 7 for outside:203.0.113.10/443 (203.0.113.10/443) to inside:10.20.1.10/50000 (198.51.100.1/20000)',
    '<166>Nov 24 2026 02:00:20 fw1 : %ASA-6-302014: Teardown TCP connection 7 for outside:203.0.113.10/443 to inside:10.20.1.10/50000 duration 0:00:20 bytes 4321 TCP FINs',
  ];
  const facts = [
    { 'event.action': 'session_start', 'source.ip': '10.20.1.10', 'source.nat.ip': '198.51.100.1' },
    { 'event.action': 'session_end', 'source.ip': '10.20.1.10', 'network.bytes': 4321 },
  ];
  here('syslog: reads standard input and a file alike', () => {
    const text = `${lines.join('\n')}\n`;
    const at = ['--received-at', '2026-11-24T02:01:00Z', '--config', site.config];
    const fromInput = ascribe(['parse', 'syslog', ...at], { input: text });
    const fromDash = ascribe(['parse', 'syslog', '-', ...at], { input: text });
    const fromFile = ascribe(['parse', 'syslog', written('asa.log', text), ...at]);
    for (const { status, stdout } of [fromInput, fromDash, fromFile]) {
      expect(status).toBe(0);
      expect(objects(stdout)).toMatchObject(facts);
    }
    expect(fromDash.stdout).toBe(fromInput.stdout);
  });

  here('syslog: what no grammar knows is a reject with its bytes, and the command ends with 3', () => {
    const { status, stdout } = ascribe(['parse', 'syslog', '-', '--config', site.config], {
      input: '\u0001\u0002\u0003\n',
    });
    expect(objects(stdout)).toMatchObject([
      { 'ascribe.fact': 'rejected', 'ascribe.reason': 'syslog_binary', 'event.original': expect.any(String) },
    ]);
    expect(status).toBe(3);
  });

  here('flow: reads a capture from standard input and payloads from files', () => {
    const all = datagrams(3);
    const expected = sum(all);
    const payloads = all.map(({ bytes }, i) => written(`payload-${i}`, bytes));
    const fromInput = ascribe(['parse', 'flow', '--config', site.config], {
      input: capture(all.map(({ bytes }) => bytes)),
    });
    const fromFiles = ascribe(['parse', 'flow', ...payloads, '--config', site.config]);
    for (const { status, stdout } of [fromInput, fromFiles]) {
      expect(status).toBe(0);
      const flows = objects(stdout);
      expect(flows).toHaveLength(expected);
      expect(flows[0]).toMatchObject({ 'ascribe.fact': 'flow', 'network.iana_number': expect.any(Number) });
    }
  });
});

bash('`sessions | head -1` is no failure', () => {
  const all = datagrams(60);
  expect(
    ascribe(['import', written('all.pcap', capture(all.map(({ bytes }) => bytes))), ...site.arguments]).status,
  ).toBe(0);
  const listed = ascribeJson(['sessions', '--limit', '100000', ...site.arguments]);
  // More than a pipe holds, so that the command is still writing when its reader goes.
  expect(JSON.stringify(listed).length).toBeGreaterThan(3 * 65_536);
  const main = [process.execPath, join(process.cwd(), 'dist', 'cli', 'main.js')];
  const command = [...main, 'sessions', '--json', '--limit', '100000', ...site.arguments];
  const quoted = command.map((word) => `'${word}'`).join(' ');
  const { stdout, stderr } = spawnSync('bash', ['-c', `${quoted} | head -1; echo "ended \${PIPESTATUS[0]}"`], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(stdout.trimEnd().split('\n')).toEqual([expect.stringMatching(/^\{.*\}$/), 'ended 0']);
});

here('`db verify` after one flipped byte in a sealed segment names the record and ends with 1', () => {
  const padding = 'p'.repeat(400);
  const lines = Array.from({ length: 4000 }, (_, i) => `<134>Nov 24 02:00:00 fw1 app: message ${i} ${padding}\n`);
  // Each import appends in batches, and a segment is closed between two of them.
  for (const part of [0, 1]) {
    const file = written(`part-${part}.log`, lines.slice(part * 2000, (part + 1) * 2000).join(''));
    expect(ascribe(['import', file, ...site.arguments]).status).toBe(0);
  }
  const whole = ascribe(['db', 'verify', ...site.arguments]);
  // And who imported: the end of the first and the beginning of the second.
  expect(whole.stdout).toMatch(/^whole: 4\D002 records/m);
  expect(whole.status).toBe(0);

  const journal = ascribe(['db', 'path', 'journal', ...site.arguments]).stdout.trim();
  const name = (ascribeJson(['rebuild', ...site.arguments])[0] ?? {})['ascribe.segment'];
  const path = segmentPath(journal, String(name));
  const bytes = readFileSync(path);
  const at = bytes.indexOf('message 1234 ');
  expect(at).toBeGreaterThan(0);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);

  const { status, stdout } = ascribe(['db', 'verify', ...site.arguments]);
  expect(stdout).toMatch(/FAULT {2}record_changed {2}.*record 1235 is not what was stored/);
  expect(stdout).toContain('1 fault');
  expect(status).toBe(1);
  expect(objects(ascribe(['db', 'verify', '--json', ...site.arguments]).stdout)).toContainEqual(
    expect.objectContaining({ 'ascribe.verify': 'fault', 'error.code': 'record_changed', 'ascribe.raw_seq': 1235 }),
  );
});
