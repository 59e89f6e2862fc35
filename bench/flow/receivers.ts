import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { FactsDirectory } from '../../store/facts/facts-directory';
import { JournalReader } from '../../store/journal/journal-reader';
import { Child, freePort } from '../syslog/receiver';
import { RECORDS_PER_DATAGRAM, templatesIn } from './datagrams';

/** A flow receiver under test, made anew for each trial. Counts are of flows. */
export interface FlowReceiver {
  readonly pid: number;
  readonly port: number;
  /** Flows that are durable now; undefined where that can only be told after the end. */
  stored(): number | undefined;
  /** Ends it and says how many flows it kept, and in how many bytes on disk. */
  finish(): Promise<{ readonly flows: number; readonly bytes: number }>;
}

export interface FlowReceiverType {
  readonly name: string;
  readonly does: string;
  /** A program that must be installed. */
  readonly needs?: string;
  start(folder: string): Promise<FlowReceiver>;
}

const MAIN = join(__dirname, '..', '..', 'cli', 'main.js');

/** Receiver and journal threads of ours: UDP to durable, hashed, queryable raw records. */
export const ascribeJournal: FlowReceiverType = {
  name: 'ascribe, journal only',
  does: 'UDP to SQLite: each datagram hashed and durable (fsync)',
  async start(folder) {
    const port = await freePort();
    mkdirSync(folder, { recursive: true });
    const child = new Child(process.execPath, [join(__dirname, 'journal-only.js'), folder, String(port)]);
    await child.until(() => child.output.includes('ready, listening'));
    return {
      pid: child.pid,
      port,
      stored: () => recordsIn(folder) * RECORDS_PER_DATAGRAM,
      async finish() {
        await child.stop();
        return { flows: recordsIn(folder) * RECORDS_PER_DATAGRAM, bytes: bytesIn(join(folder, 'journal')) };
      },
    };
  },
};

/** The whole daemon: journal, facts, sessions. */
export const ascribeWhole: FlowReceiverType = {
  name: 'ascribe, whole path',
  does: 'UDP to journal, flow rows and sessions in SQLite',
  async start(folder) {
    const port = await freePort();
    mkdirSync(folder, { recursive: true });
    const config = join(folder, 'ascribe.yaml');
    writeFileSync(
      config,
      `journal: { reserve_bytes: 0B }\ncollectors: { netflow: [{ listen: ["127.0.0.1:${port}"] }], syslog: [] }\n`,
    );
    const data = join(folder, 'data');
    const child = new Child(process.execPath, [MAIN, 'run', '--config', config, '--data', data]);
    await child.until(() => child.output.includes('ready, listening'));
    return {
      pid: child.pid,
      port,
      stored: () => flowRowsIn(join(data, 'flows')),
      async finish() {
        await child.stop();
        return { flows: flowRowsIn(join(data, 'flows')), bytes: bytesIn(join(data, 'flows')) + bytesIn(data) };
      },
    };
  },
};

/** nfdump's collector: UDP to its own binary files. */
export const nfcapd: FlowReceiverType = {
  name: 'nfcapd',
  does: 'UDP to files of its own format, decoded, no fsync',
  needs: 'nfcapd',
  async start(folder) {
    const port = await freePort();
    const output = join(folder, 'nfcapd');
    mkdirSync(output, { recursive: true });
    const args = ['-w', output, '-p', String(port), '-b', '127.0.0.1', '-t', '3600', '-B', String(16 << 20)];
    const child = new Child('nfcapd', args);
    await child.until(() => child.output.includes('Startup nfcapd'));
    return {
      pid: child.pid,
      port,
      stored: () => undefined,
      async finish() {
        await child.stop();
        const { stdout } = spawnSync('nfdump', ['-R', output, '-I'], { encoding: 'utf8' });
        return { flows: Number(/^Flows: (\d+)/m.exec(stdout)?.[1] ?? 0), bytes: bytesIn(output) };
      },
    };
  },
};

/** pmacct's collector with its sqlite3 plugin, one row a flow, primed as its documents advise. */
export const nfacctd: FlowReceiverType = {
  name: 'nfacctd, sqlite3',
  does: 'UDP to a table in SQLite',
  needs: 'nfacctd',
  async start(folder) {
    const port = await freePort();
    mkdirSync(folder, { recursive: true });
    const database = join(folder, 'pmacct.db');
    const config = join(folder, 'nfacctd.conf');
    new Database(database).exec(NFACCTD_TABLE).close();
    writeFileSync(config, nfacctdConfig(port, database));
    const child = new Child('nfacctd', ['-f', config]);
    await child.until(() => child.output.includes('waiting for NetFlow'));
    const rows = (): number => countFlows(database);
    return {
      pid: child.pid,
      port,
      stored: rows,
      async finish() {
        // SIGINT makes it write what it still holds; it does not end on SIGTERM.
        child.process.kill('SIGINT');
        await delay(3000);
        child.process.kill('SIGKILL');
        return { flows: rows(), bytes: bytesIn(folder) };
      },
    };
  },
};

const NFACCTD_TABLE = `CREATE TABLE acct (ip_src CHAR(45), ip_dst CHAR(45), src_port INT, dst_port INT, ip_proto CHAR(6),
  tcp_flags INT, iface_in INT, iface_out INT, timestamp_start DATETIME, timestamp_start_residual INT,
  timestamp_end DATETIME, timestamp_end_residual INT, packets INT, bytes BIGINT, flows INT,
  stamp_inserted DATETIME, stamp_updated DATETIME)`;

function nfacctdConfig(port: number, database: string): string {
  return `daemonize: false
nfacctd_ip: 127.0.0.1
nfacctd_port: ${port}
nfacctd_pipe_size: 16777216
plugins: sqlite3[x]
aggregate[x]: src_host, dst_host, src_port, dst_port, proto, tcpflags, in_iface, out_iface, timestamp_start, timestamp_end, flows
sql_db[x]: ${database}
sql_table[x]: acct
sql_optimize_clauses: true
sql_dont_try_update: true
sql_refresh_time: 1
sql_multi_values: 1048576
sql_cache_entries: 262139
plugin_buffer_size: 102400
plugin_pipe_size: 104857600
`;
}

function countFlows(database: string): number {
  const db = new Database(database, { readonly: true, timeout: 5000 });
  try {
    return Number(db.prepare('SELECT coalesce(sum(flows), 0) FROM acct').pluck().get());
  } catch {
    // Locked for writing: look again later.
    return 0;
  } finally {
    db.close();
  }
}

function recordsIn(folder: string): number {
  const directory = join(folder, 'journal');
  if (!existsSync(directory)) return 0;
  const reader = new JournalReader(directory);
  try {
    const records = reader.lastSeq();
    return Math.max(0, records - templatesIn(records));
  } finally {
    reader.close();
  }
}

function flowRowsIn(directory: string): number {
  const facts = new FactsDirectory(directory);
  try {
    return facts
      .names()
      .map((name) => facts.reader(name)?.query('SELECT coalesce(max(id), 0) AS n FROM flow_row')[0]?.['n'])
      .reduce((sum: number, rows) => sum + Number(rows ?? 0), 0);
  } finally {
    facts.close();
  }
}

function bytesIn(directory: string): number {
  return readdirSync(directory, { withFileTypes: true }).reduce(
    (sum, entry) => (entry.isFile() ? sum + statSync(join(directory, entry.name)).size : sum),
    0,
  );
}
