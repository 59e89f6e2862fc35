import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { FORMATS, KINDS } from '../../forwarders/registry';
import { StoreSite, until } from '../../test/forwarders/store-site';
import { ingestionBesideDestinations } from './ingestion';
import { confirmedReceivers } from './receivers';
import { type Cost, rsyslogCost } from './rsyslog';

/*
 * npm run bench:forward -- [sessions]
 *
 * Reads sessions from a store, puts them into each format and sends them by TCP syslog, `_bulk` and file, and as ECS by each
 * other confirmed transport that there is a receiver for, to receivers in processes of their own. rsyslog forwards the same lines in the
 * same run. CPU is user and system of the sender. Then: what a destination that is away costs ingestion.
 */

const SESSIONS = Number(process.argv[2] ?? 50_000);

interface Row extends Cost {
  readonly pair: string;
}

function show({ pair, seconds, cpuSeconds }: Row): void {
  const rate = Math.round(SESSIONS / seconds).toString();
  const cost = ((cpuSeconds * 1e6) / SESSIONS).toFixed(1);
  process.stdout.write(`${pair.padEnd(28)} ${rate.padStart(9)} events/s ${cost.padStart(8)} CPU us/event\n`);
}

async function ask(sink: ChildProcess): Promise<number> {
  sink.stdin?.write('\n');
  const [data] = (await once(sink.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return Number(data.toString().trim().split('\n').at(-1));
}

async function measured(site: StoreSite, name: string, format: string, way: object): Promise<Row> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const running = site.forwarder([{ name, send: ['sessions'], format, ...way }]);
  await until(() => (running.status()[0]?.sent ?? 0) >= SESSIONS, `${name} sent`, 600_000);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await running.stop();
  return { pair: name, seconds, cpuSeconds: (user + system) / 1e6 };
}

async function main(): Promise<void> {
  const sink = spawn(process.execPath, [join(__dirname, 'sink.js')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [ports] = (await once(sink.stdout, 'data')) as [Buffer];
  const [tcp = 0, bulk = 0] = ports.toString().trim().split(' ').map(Number);
  const site = new StoreSite();
  const folder = mkdtempSync(join(tmpdir(), 'ascribe-bench-'));
  try {
    for (let made = 0; made < SESSIONS; made += 5000) site.addSessions(Math.min(5000, SESSIONS - made));
    // Once unmeasured: code that is not compiled yet is not what a day of forwarding costs.
    await measured(site, 'warm-up', 'ecs', { syslog_tcp: { to: `127.0.0.1:${tcp}` } });
    for (const { name: format, medium } of FORMATS) {
      show(await measured(site, `${format}.syslog_tcp`, format, { syslog_tcp: { to: `127.0.0.1:${tcp}` } }));
      if (medium === 'json') {
        const elasticsearch = { url: `http://127.0.0.1:${bulk}`, gzip: false };
        show(await measured(site, `${format}.bulk`, format, { elasticsearch }));
      }
      show(await measured(site, `${format}.file`, format, { file: { directory: join(folder, format) } }));
    }
    const http = `http://127.0.0.1:${bulk}`;
    const hec = { splunk_hec: { url: http, token: 'cred:bench', gzip: false } };
    show(await measured(site, 'ecs.splunk_hec', 'ecs', hec));
    show(await measured(site, 'ecs.otlp_http', 'ecs', { otlp_http: { url: http, gzip: false } }));
    for (const receiver of await confirmedReceivers(folder)) {
      show(await measured(site, `ecs.${receiver.name}`, 'ecs', receiver.way));
      await receiver.stop();
    }
    const cost = await rsyslogCost(folder, linesOf(site), tcp, () => ask(sink));
    if (cost === undefined) process.stdout.write('rsyslog is not here: nothing to compare with\n');
    else show({ pair: 'rsyslog, the ecs lines', ...cost });
    await ingestionBesideDestinations(join(folder, 'ingestion'));
  } finally {
    sink.stdin.end();
    site.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The lines that TCP syslog carries as ECS, without their header. */
function linesOf(site: StoreSite): string[] {
  const source = KINDS.find(({ name }) => name === 'sessions')?.open(site.places);
  const page = source?.read(undefined, SESSIONS);
  source?.close();
  const [ecs] = FORMATS;
  return page?.records.map((record) => ecs?.encode(record) ?? '') ?? [];
}

void main();
