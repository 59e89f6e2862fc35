import type { Database as Connection } from 'better-sqlite3';

/** A thing whose sessions and changes could be found. */
export interface Asset {
  readonly kind: 'vm' | 'host' | 'device';
  /** Owner id of a VM, name of a host or device. */
  readonly id: string;
  readonly name: string;
  /** Parser that read most of what it says; '' where nothing does. It tells what kind of device it is. */
  readonly parser: string;
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
  /** Some of its sessions were counted by sampling. */
  readonly sampled: boolean;
}

const ASSETS = `
WITH heard(name, parser) AS (SELECT device, parser FROM change_row GROUP BY device, parser),
hosts(name) AS (SELECT DISTINCT value FROM binding_row WHERE relation = 'vm-host'
  UNION SELECT DISTINCT host FROM owner_row WHERE kind = 'service' AND host <> ''
  UNION SELECT DISTINCT device FROM binding_row WHERE relation = 'socket-process'
  UNION SELECT name FROM heard WHERE parser LIKE '%esxi%'),
devices(name) AS (SELECT DISTINCT value FROM binding_row WHERE relation = 'ip-device'
  UNION SELECT DISTINCT device FROM binding_row WHERE relation IN ('config-endpoint', 'rule-config')
  UNION SELECT DISTINCT device FROM account_row UNION SELECT name FROM heard)
SELECT 'host' AS kind, name AS id, name, coalesce((SELECT parser FROM heard h WHERE h.name = hosts.name LIMIT 1), 'vmware_esxi') AS parser
  FROM hosts WHERE name <> ''
UNION ALL SELECT 'device', name, name, coalesce((SELECT parser FROM heard h WHERE h.name = devices.name LIMIT 1),
    (SELECT parser FROM account_row a WHERE a.device = devices.name LIMIT 1), '')
  FROM devices WHERE name <> '' AND name NOT IN (SELECT name FROM hosts)
UNION ALL SELECT 'vm', id, max(name), '' FROM owner_row WHERE kind = 'vm' GROUP BY id
ORDER BY kind, name`;

const last = (sql: string): string => `(SELECT max(at) FROM (${sql}))`;

const HEARD = `SELECT
  ${last(`SELECT v.start AS at FROM owner_row o JOIN verdict_row v ON v.owner = o.num
    WHERE CASE @kind WHEN 'vm' THEN o.id = @id ELSE o.host = @id OR o.name = @id END`)} AS flows,
  ${last(`SELECT valid_to_lo AS at FROM binding_row WHERE relation = 'socket-process' AND device = @id`)} AS sockets,
  ${last('SELECT at FROM change_row WHERE device = @id')} AS host_logs,
  ${last('SELECT at FROM change_row WHERE device = @id AND command IS NOT NULL')} AS commands,
  ${last(`SELECT at FROM change_row WHERE device = @id AND action = 'login'`)} AS logins,
  ${last(`SELECT at FROM account_row WHERE CASE @kind WHEN 'device' THEN device = @id ELSE 1 END`)} AS session_logs,
  ${last(`SELECT valid_to_lo AS at FROM binding_row WHERE relation IN ('rule-config', 'config-endpoint')
    AND CASE @kind WHEN 'device' THEN device = @id ELSE 1 END`)} AS configurations,
  EXISTS (SELECT 1 FROM owner_row o JOIN verdict_row v ON v.owner = o.num JOIN session_row s ON s.num = v.session
    WHERE o.id = @id AND s.sampling = 'sampled' LIMIT 1) AS sampled`;

/** Everything that is known to exist, hosts and devices before VMs. */
export function listAssets(db: Connection): Asset[] {
  return db.prepare(ASSETS).all() as Asset[];
}

/** What was last heard of an asset. */
export function heardOf(db: Connection, { kind, id }: Pick<Asset, 'kind' | 'id'>): Heard {
  const row = db.prepare(HEARD).get({ kind, id }) as Omit<Heard, 'sampled'> & { readonly sampled: number };
  return { ...row, sampled: row.sampled === 1 };
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
    FROM session_row s JOIN verdict_row v ON v.session = s.num JOIN session_observer_row o ON o.session = s.num
    WHERE s.network_direction = 'outbound' AND s.start >= ? AND o.number = 0 GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT ?`;
  return db.prepare(sql).all(since, limit) as Share[];
}

/** Outbound sessions by /24 or /64 of their source, the worst first. */
export function sharesByNetwork(db: Connection, since: number, limit: number): Share[] {
  const sql = `SELECT CASE length(s.src) WHEN 4 THEN hex(substr(s.src, 1, 3)) ELSE hex(substr(s.src, 1, 8)) END AS place,
      count(*) AS sessions, sum(v.status <> 'attributed') AS unattributed
    FROM session_row s JOIN verdict_row v ON v.session = s.num
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
    .prepare(`SELECT reasons, count(*) AS sessions FROM verdict_row WHERE start >= ? GROUP BY reasons`)
    .all(since) as { reasons: string; sessions: number }[];
  for (const { reasons, sessions } of rows) {
    for (const reason of reasons.split(' ')) {
      if (reason !== '') counts.set(reason, (counts.get(reason) ?? 0) + sessions);
    }
  }
  return [...counts].map(([reason, sessions]) => ({ reason, sessions })).sort((a, b) => b.sessions - a.sessions);
}
