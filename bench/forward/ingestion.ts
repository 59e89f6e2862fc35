import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { JournalReader } from '../../store/journal/journal-reader';
import { makeAsaLines } from '../syslog/asa-lines';
import { cpuSecondsOf } from '../syslog/process-tree';
import { Child, freePort } from '../syslog/receiver';

const PAIRS = 150_000;
const ROUNDS = 3;
const MAIN = join(__dirname, '..', '..', 'cli', 'main.js');

interface Ingested {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/**
 * Firewall lines over TCP into the daemon, without destinations and with three that are away, by turns: of each the cheapest
 * round. Seconds are until the last line is durable in the journal; CPU is that of the whole daemon until then.
 */
export async function ingestionBesideDestinations(folder: string): Promise<void> {
  const lines = makeAsaLines(PAIRS);
  const best: { none?: Ingested; away?: Ingested } = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const how of ['none', 'away'] as const) {
      const found = await ingested(join(folder, `${how}-${round}`), lines, how === 'away');
      const known = best[how];
      best[how] = {
        seconds: Math.min(found.seconds, known?.seconds ?? Infinity),
        cpuSeconds: Math.min(found.cpuSeconds, known?.cpuSeconds ?? Infinity),
      };
    }
  }
  const { none, away } = best;
  if (none === undefined || away === undefined) return;
  const percent = (a: number, b: number): string => `${((b / a - 1) * 100).toFixed(1)} %`;
  process.stdout.write(
    `ingestion of ${lines.length} lines: ${Math.round(lines.length / none.seconds)} lines/s without destinations, ` +
      `${Math.round(lines.length / away.seconds)} with three that are away (${percent(none.seconds, away.seconds)} time, ` +
      `${percent(none.cpuSeconds, away.cpuSeconds)} CPU)\n`,
  );
}

async function ingested(folder: string, lines: readonly Buffer[], isForwarding: boolean): Promise<Ingested> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const config = join(folder, 'ascribe.yaml');
  const closed = await freePort();
  const away = [
    `{ name: a, send: [session_logs], elasticsearch: { url: "http://127.0.0.1:${closed}" } }`,
    `{ name: b, send: [raw], relp: { to: "127.0.0.1:${closed}" } }`,
    `{ name: c, send: [sessions], syslog_tcp: { to: "127.0.0.1:${closed}" } }`,
  ];
  writeFileSync(
    config,
    `journal: { reserve_bytes: 0B }
collectors: { netflow: [], syslog: [{ udp: ["127.0.0.1:${port}"], tcp: ["127.0.0.1:${port}"] }] }
forward: [${isForwarding ? away.join(', ') : ''}]
`,
  );
  const data = join(folder, 'data');
  const child = new Child(process.execPath, [MAIN, 'run', '--config', config, '--data', data]);
  await child.until(() => child.output.includes('ready, listening'));
  const journal = new JournalReader(join(data, 'journal'));
  try {
    const before = cpuSecondsOf(child.pid);
    const began = performance.now();
    const socket = connect(port, '127.0.0.1');
    socket.end(Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
    while (journal.lastSeq() < lines.length) await delay(10);
    const seconds = (performance.now() - began) / 1000;
    return { seconds, cpuSeconds: cpuSecondsOf(child.pid) - before };
  } finally {
    journal.close();
    await child.stop();
  }
}
