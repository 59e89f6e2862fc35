import type {
  Binding,
  ConfigLine,
  Endpoint,
  Event,
  Fact,
  FactBase,
  Gap,
  Inventory,
  Rejected,
  SessionLog,
} from '../../normalizer/model/facts';
import type { SessionRow } from '../../store/queries/sessions';

type Row = SessionRow;

/** The kinds of facts that are rows of a table of their own; flows are not among them. */
export type FactKind = Fact['fact'];

/** A kind of fact that can be watched. */
export type TapKind = FactKind | 'flow';

/** The fact that a row of a facts segment holds, as the normalizer made it. Columns that are NULL are absent. */
export function factOfRow(kind: FactKind, row: Row): Fact {
  const own = ownOf(kind, row);
  return present({ ...baseOf(row), ...own }) as unknown as Fact;
}

function ownOf(kind: FactKind, row: Row): Omit<Fact, keyof FactBase> {
  switch (kind) {
    case 'session_log':
      return sessionLog(row);
    case 'binding':
      return binding(row);
    case 'event':
      return event(row);
    case 'inventory':
      return inventory(row);
    case 'config_line':
      return configLine(row);
    case 'gap':
      return gap(row);
    case 'rejected':
      return rejected(row);
  }
}

function baseOf(row: Row): FactBase {
  const syslog = text(row, 'syslog');
  return {
    rawSeq: Number(row['raw_seq']),
    observedAt: Number(row['observed_at'] ?? Number.NaN),
    timeQuality: String(row['time_quality']) as FactBase['timeQuality'],
    device: String(row['device']),
    parser: String(row['parser']),
    ...(syslog !== undefined && { syslog: JSON.parse(syslog) as NonNullable<FactBase['syslog']> }),
  };
}

function sessionLog(row: Row): Given<SessionLog> {
  return {
    fact: 'session_log',
    action: String(row['action']),
    outcome: text(row, 'outcome'),
    directionSource: text(row, 'direction_source'),
    source: endpoint(row, 'src'),
    destination: endpoint(row, 'dst'),
    protocol: number(row, 'protocol'),
    bytes: counter(row, 'bytes'),
    packets: counter(row, 'packets'),
    start: number(row, 'start'),
    end: number(row, 'end'),
    durationNs: counter(row, 'duration_ns'),
    ruleName: text(row, 'rule_name'),
    ruleId: text(row, 'rule_id'),
    ingressInterface: text(row, 'ingress_interface'),
    egressInterface: text(row, 'egress_interface'),
    ingressZone: text(row, 'ingress_zone'),
    egressZone: text(row, 'egress_zone'),
    user: text(row, 'user'),
    application: text(row, 'application'),
    sessionKey: text(row, 'session_key'),
    code: text(row, 'code'),
    reason: text(row, 'reason'),
    icmpType: number(row, 'icmp_type'),
    icmpCode: number(row, 'icmp_code'),
    extra: extra(row),
  } as Given<SessionLog>;
}

function endpoint(row: Row, side: 'src' | 'dst'): Endpoint {
  return present({
    ip: text(row, `${side}_ip`),
    port: number(row, `${side}_port`),
    natIp: text(row, `nat_${side}_ip`),
    natPort: number(row, `nat_${side}_port`),
    bytes: counter(row, `${side}_bytes`),
    packets: counter(row, `${side}_packets`),
    user: text(row, `${side}_user`),
    mac: text(row, `${side}_mac`),
    domain: text(row, `${side}_domain`),
  }) as Endpoint;
}

function binding(row: Row): Given<Binding> {
  return {
    fact: 'binding',
    relation: text(row, 'relation'),
    key: text(row, 'key'),
    value: text(row, 'value'),
    state: text(row, 'state'),
    validUntil: number(row, 'valid_until'),
    extra: extra(row),
  } as Given<Binding>;
}

function event(row: Row): Given<Event> {
  return {
    fact: 'event',
    category: text(row, 'category'),
    action: text(row, 'action'),
    outcome: text(row, 'outcome'),
    code: text(row, 'code'),
    severity: number(row, 'severity'),
    user: text(row, 'user'),
    sourceIp: text(row, 'src_ip'),
    sourcePort: number(row, 'src_port'),
    process: text(row, 'process'),
    command: text(row, 'command'),
    message: text(row, 'message'),
    extra: extra(row),
  } as Given<Event>;
}

function inventory(row: Row): Given<Inventory> {
  const own = { kind: text(row, 'kind'), id: text(row, 'item_id'), name: text(row, 'name'), extra: extra(row) };
  return { fact: 'inventory', ...own } as Given<Inventory>;
}

function configLine(row: Row): Given<ConfigLine> {
  return {
    fact: 'config_line',
    configVersion: text(row, 'config_version'),
    lineNumber: number(row, 'line_number'),
    text: text(row, 'text'),
    kind: text(row, 'kind'),
  } as Given<ConfigLine>;
}

function gap(row: Row): Given<Gap> {
  const own = { kind: text(row, 'kind'), missing: counter(row, 'missing'), unit: text(row, 'unit') };
  return { fact: 'gap', ...own, since: number(row, 'since'), detail: text(row, 'detail') } as Given<Gap>;
}

function rejected(row: Row): Given<Rejected> {
  const own = { reason: text(row, 'reason'), offset: number(row, 'offset'), detail: text(row, 'detail') };
  return { fact: 'rejected', ...own } as Given<Rejected>;
}

type Given<T extends Fact> = Omit<T, keyof FactBase>;

function text(row: Row, column: string): string | undefined {
  const value = row[column];
  return typeof value === 'string' ? value : undefined;
}

function number(row: Row, column: string): number | undefined {
  const value = row[column];
  return typeof value === 'number' ? value : undefined;
}

function counter(row: Row, column: string): bigint | undefined {
  const value = row[column];
  return typeof value === 'number' || typeof value === 'bigint' ? BigInt(value) : undefined;
}

/** What has no column. Counters that overflow theirs stand in it as text, under `overflow`. */
function extra(row: Row): Record<string, string | number> | undefined {
  const json = text(row, 'extra');
  if (json === undefined) return undefined;
  const { overflow, ...rest } = JSON.parse(json) as Record<string, string | number> & { overflow?: object };
  return overflow === undefined ? rest : { ...rest, 'ascribe.overflow': JSON.stringify(overflow) };
}

function present<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
