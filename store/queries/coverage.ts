import type { Database as Connection } from 'better-sqlite3';

/** A thing whose sessions and changes could be found. */
export interface Asset {
  readonly kind: 'vm' | 'host' | 'device';
  /** Owner id of a VM, name of a host or device. */
  readonly id: string;
  readonly name: string;
  /** Parser that read most of what it says; '' where nothing does. It tells what kind of device it is. */
  readonly parser: string;
  /** What the site says it is. */
  readonly roles?: readonly string[];
}

/** When a kind of telemetry was last heard of an asset, epoch ms; null: never. */
export interface Heard {
  readonly flows: number | null;
  readonly sockets: number | null;
  readonly host_logs: number | null;
  readonly session_logs: number | null;
  readonly commands: number | null;
  readonly configurations: number | null;
  readonly logins: number | null;
  /** DNS logs of any server: clients are told apart by address only. */
  readonly dns: number | null;
  /** Some of its sessions were counted by sampling. */
  readonly sampled: boolean;
}

/** How many of a device's latest events and of an owner's latest sessions are looked at. */
const LATEST = 200;

/** All devices of an indexed table: one probe of the index for each, where DISTINCT would read all of it. */
const devicesOf = (table: string): string => `WITH RECURSIVE d(name) AS (SELECT min(device) FROM ${table} UNION ALL
  SELECT (SELECT min(device) FROM ${table} WHERE device > d.name) FROM d WHERE d.name IS NOT NULL)
  SELECT name FROM d WHERE name IS NOT NULL`;

const ASSETS = `
WITH heard(name, parser) AS MATERIALIZED (SELECT name, (SELECT parser FROM
    (SELECT parser FROM change_row c WHERE c.device = name ORDER BY at DESC LIMIT ${LATEST})
    GROUP BY parser ORDER BY count(*) DESC, parser LIMIT 1) FROM (${devicesOf('change_row')})),
logged(name) AS MATERIALIZED (${devicesOf('account_row')}),
hosts(name) AS MATERIALIZED (SELECT value FROM binding_row INDEXED BY binding_by_time WHERE relation = 'vm-host'
  UNION SELECT host FROM owner_row WHERE kind = 'service' AND host <> ''
  UNION SELECT device FROM binding_row INDEXED BY binding_by_time WHERE relation = 'socket-process'
  UNION SELECT name FROM heard WHERE parser LIKE '%esxi%'),
devices(name) AS MATERIALIZED (SELECT value FROM binding_row INDEXED BY binding_by_time WHERE relation = 'ip-device'
  UNION SELECT device FROM binding_row INDEXED BY binding_by_time WHERE relation IN ('config-endpoint', 'rule-config')
  UNION SELECT name FROM logged UNION SELECT name FROM heard)
SELECT 'host' AS kind, hosts.name AS id, hosts.name AS name, coalesce(h.parser, 'vmware_esxi') AS parser
  FROM hosts LEFT JOIN heard h ON h.name = hosts.name WHERE hosts.name <> ''
UNION ALL SELECT 'device', d.name, d.name, coalesce(h.parser,
    (SELECT parser FROM account_row a WHERE a.device = d.name LIMIT 1), '')
  FROM devices d LEFT JOIN heard h ON h.name = d.name
  WHERE d.name <> '' AND d.name NOT IN (SELECT name FROM hosts)
UNION ALL SELECT 'vm', id, max(name), '' FROM owner_row WHERE kind = 'vm' GROUP BY id
ORDER BY kind, name`;

/** Of each owner the start of its latest session, and whether one of the latest was counted by sampling. */
const OWNERS = `SELECT o.kind, o.id, o.name, o.host,
  (SELECT max(v.start) FROM verdict_row v WHERE v.owner = o.num) AS flows,
  EXISTS (SELECT 1 FROM (SELECT session FROM verdict_row v WHERE v.owner = o.num ORDER BY v.start DESC LIMIT ${LATEST}) l
    JOIN session_row s ON s.num = l.session WHERE s.sampling = 'sampled') AS sampled FROM owner_row o`;

const latestChange = (condition: string): string =>
  `(SELECT max(at) FROM change_row c WHERE c.device = d.name AND ${condition})`;

const CHANGES = `SELECT d.name, (SELECT max(at) FROM change_row c WHERE c.device = d.name) AS host_logs,
  ${latestChange('command IS NOT NULL')} AS commands, ${latestChange(`action = 'login'`)} AS logins
  FROM (${devicesOf('change_row')}) d`;

const ACCOUNTS = `SELECT d.name, (SELECT max(at) FROM account_row a WHERE a.device = d.name) AS at
  FROM (${devicesOf('account_row')}) d`;

const heldBy = (relations: string): string => `SELECT device AS name, max(valid_to_lo) AS at FROM binding_row
  INDEXED BY binding_by_time WHERE relation IN (${relations}) GROUP BY device`;

interface OwnerHeard {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly flows: number | null;
  readonly sampled: number;
}

interface ChangesHeard {
  readonly name: string;
  readonly host_logs: number | null;
  readonly commands: number | null;
  readonly logins: number | null;
}

/** Everything that is known to exist, hosts and devices before VMs. */
export function listAssets(db: Connection): Asset[] {
  return db.prepare(ASSETS).all() as Asset[];
}

/** Gives what was last heard of an asset. Everything is read at once: a site has thousands of assets. */
export function heardOfAll(db: Connection): (asset: Pick<Asset, 'kind' | 'id'>) => Heard {
  const flows = new Map<string, number>();
  const sampled = new Set<string>();
  for (const owner of db.prepare(OWNERS).all() as OwnerHeard[]) {
    const names = new Set([`id ${owner.id}`, `host ${owner.host}`, `host ${owner.name}`]);
    for (const name of names) later(flows, name, owner.flows);
    if (owner.sampled === 1) sampled.add(owner.id);
  }
  const changes = new Map((db.prepare(CHANGES).all() as ChangesHeard[]).map((row) => [row.name, row]));
  const accounts = timesOf(db, ACCOUNTS);
  const sockets = timesOf(db, heldBy(`'socket-process'`));
  const configurations = timesOf(db, heldBy(`'rule-config', 'config-endpoint'`));
  const dns = db
    .prepare(`SELECT max(last_observed) FROM binding_row WHERE relation = 'ip-query'`)
    .pluck()
    .get() as Time;
  // Firewalls and configurations speak for the VMs and hosts behind them.
  const [anyAccount, anyConfiguration] = [accounts, configurations].map((times) => latestOf(times)) as [Time, Time];
  return ({ kind, id }) => {
    const change = changes.get(id);
    return {
      flows: flows.get(kind === 'vm' ? `id ${id}` : `host ${id}`) ?? null,
      sockets: sockets.get(id) ?? null,
      host_logs: change?.host_logs ?? null,
      session_logs: kind === 'device' ? (accounts.get(id) ?? null) : anyAccount,
      commands: change?.commands ?? null,
      configurations: kind === 'device' ? (configurations.get(id) ?? null) : anyConfiguration,
      logins: change?.logins ?? null,
      dns,
      sampled: sampled.has(id),
    };
  };
}

/** Sessions of an owner by which its exporters are known. */
const LATEST_SEEN = 20;

/** Gives the exporters that saw the latest sessions of an asset. */
export function exportersOf(db: Connection): (asset: Pick<Asset, 'kind' | 'id'>) => string[] {
  const ofVm = db.prepare(`SELECT num FROM owner_row WHERE id = ? AND kind = 'vm'`).pluck();
  const ofHost = db.prepare('SELECT num FROM owner_row WHERE host = ?').pluck();
  const seen = db
    .prepare(
      `SELECT DISTINCT o.exporter_ip FROM (SELECT session FROM verdict_row WHERE owner = ? ORDER BY start DESC LIMIT ${LATEST_SEEN}) l
      JOIN session_observer_row o ON o.session = l.session`,
    )
    .pluck();
  return ({ kind, id }) => {
    const owners = (kind === 'vm' ? ofVm : ofHost).all(id);
    return [...new Set(owners.flatMap((owner) => seen.all(owner) as string[]))].sort();
  };
}

type Time = number | null;

function later(times: Map<string, number>, name: string, time: Time): void {
  if (time !== null) times.set(name, Math.max(time, times.get(name) ?? time));
}

function timesOf(db: Connection, sql: string): Map<string, number> {
  const times = new Map<string, number>();
  for (const { name, at } of db.prepare(sql).all() as { name: string; at: Time }[]) later(times, name, at);
  return times;
}

function latestOf(times: ReadonlyMap<string, number>): Time {
  let latest: Time = null;
  for (const time of times.values()) latest = Math.max(time, latest ?? time);
  return latest;
}

/** Sessions of one exporter's interface or of one network of sources, and how many of them could not be ascribed. */
export interface Share {
  readonly place: string;
  readonly sessions: number;
  readonly unattributed: number;
}

/** Outbound sessions by exporter and interface, the worst first. */
export function sharesByInterface(db: Connection, since: number, limit: number): Share[] {
  const sql = `SELECT o.exporter_ip || ' interface ' || coalesce(o.in_if, '?') AS place, count(*) AS sessions,
      sum(v.status <> 'attributed') AS unattributed
    FROM session_row s INDEXED BY session_by_start JOIN verdict_row v ON v.session = s.num
      JOIN session_observer_row o ON o.session = s.num
    WHERE s.network_direction = 'outbound' AND s.start >= ? AND o.number = 0 GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT ?`;
  return db.prepare(sql).all(since, limit) as Share[];
}

/** Outbound sessions by /24 or /64 of their source, the worst first. */
export function sharesByNetwork(db: Connection, since: number, limit: number): Share[] {
  const sql = `SELECT CASE length(s.src) WHEN 4 THEN hex(substr(s.src, 1, 3)) ELSE hex(substr(s.src, 1, 8)) END AS place,
      count(*) AS sessions, sum(v.status <> 'attributed') AS unattributed
    FROM session_row s INDEXED BY session_by_start JOIN verdict_row v ON v.session = s.num
    WHERE s.network_direction = 'outbound' AND s.start >= ? GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT ?`;
  return db.prepare(sql).all(since, limit) as Share[];
}

/** Exporters that were heard before, and not since `since`. */
export function silentExporters(db: Connection, since: number): { readonly exporter: string; readonly last: number }[] {
  const sql = `SELECT exporter_ip AS exporter, max(last_received) AS last FROM source GROUP BY exporter_ip
    HAVING max(last_received) < ? ORDER BY 2 DESC`;
  return db.prepare(sql).all(since) as { exporter: string; last: number }[];
}

/** Verdicts since a time by reason code, the commonest first. */
export function reasonCounts(db: Connection, since: number): { readonly reason: string; readonly sessions: number }[] {
  const counts = new Map<string, number>();
  const rows = db
    .prepare(
      `SELECT reasons, count(*) AS sessions FROM verdict_row INDEXED BY verdict_by_status
      WHERE status IN ('attributed', 'ambiguous', 'blind') AND start >= ? GROUP BY reasons`,
    )
    .all(since) as { reasons: string; sessions: number }[];
  for (const { reasons, sessions } of rows) {
    for (const reason of reasons.split(' ')) {
      if (reason !== '') counts.set(reason, (counts.get(reason) ?? 0) + sessions);
    }
  }
  return [...counts].map(([reason, sessions]) => ({ reason, sessions })).sort((a, b) => b.sessions - a.sessions);
}
