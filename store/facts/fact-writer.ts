import type { Database, Statement } from 'better-sqlite3';
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
import { addressBlob, counter, extraText, type Overflow, wholeMs, wholeNumber } from './facts-value';

const BASE = ['raw_seq', 'observed_at', 'time_quality', 'device', 'parser', 'syslog'] as const;
const side = (name: string): string[] => [
  name,
  `${name}_port`,
  `nat_${name}`,
  `nat_${name}_port`,
  ...['bytes', 'packets', 'user', 'mac', 'domain'].map((column) => `${name}_${column}`),
];

/** Writes all facts but flows, one prepared statement a table. */
export class FactWriter {
  readonly #insert: Readonly<Record<Fact['fact'], Statement>>;

  constructor(db: Database) {
    const into = (table: string, ...columns: string[]): Statement => {
      const names = [...BASE, ...columns];
      const quoted = names.map((name) => `"${name}"`).join(', ');
      return db.prepare(`INSERT INTO ${table}(${quoted}) VALUES (${names.map(() => '?').join(', ')})`);
    };
    this.#insert = {
      session_log: into('session_log_row', ...SESSION_LOG_COLUMNS),
      binding: into('binding', 'relation', 'key', 'value', 'state', 'valid_until', 'extra', 'received_at'),
      event: into('event_row', ...EVENT_COLUMNS),
      inventory: into('inventory', 'kind', 'item_id', 'name', 'extra'),
      config_line: into('config_line', 'config_version', 'line_number', 'text', 'kind'),
      gap: into('gap', 'kind', 'missing', 'unit', 'detail', 'since', 'received_at'),
      rejected: into('rejected', 'reason', 'offset', 'detail'),
    };
  }

  /** `receivedAt`: receive time of the record that made the fact known. */
  write(fact: Fact, receivedAt: number): void {
    this.#insert[fact.fact].run(values(fact, receivedAt));
  }
}

const SESSION_LOG_COLUMNS = [
  'action',
  'outcome',
  'direction_source',
  'protocol',
  ...side('src'),
  ...side('dst'),
  'bytes',
  'packets',
  'start',
  'end',
  'duration_ns',
  'rule_name',
  'rule_id',
  'ingress_interface',
  'egress_interface',
  'ingress_zone',
  'egress_zone',
  'user',
  'application',
  'session_key',
  'code',
  'reason',
  'icmp_type',
  'icmp_code',
  'extra',
  'received_at',
];

const EVENT_COLUMNS = [
  'category',
  'action',
  'outcome',
  'code',
  'severity',
  'user',
  'src',
  'src_port',
  'process',
  'command',
  'message',
  'extra',
  'received_at',
];

function values(fact: Fact, receivedAt: number): unknown[] {
  switch (fact.fact) {
    case 'session_log':
      return [...base(fact), ...sessionLog(fact), Math.floor(receivedAt)];
    case 'binding':
      return [...base(fact), ...binding(fact), Math.floor(receivedAt)];
    case 'event':
      return [...base(fact), ...event(fact), Math.floor(receivedAt)];
    case 'inventory':
      return [...base(fact), ...inventory(fact)];
    case 'config_line':
      return [...base(fact), ...configLine(fact)];
    case 'gap':
      return [...base(fact), ...gap(fact), Math.floor(receivedAt)];
    case 'rejected':
      return [...base(fact), ...rejected(fact)];
  }
}

function base(fact: FactBase): unknown[] {
  const syslog = fact.syslog === undefined ? null : JSON.stringify(fact.syslog);
  return [fact.rawSeq, wholeMs(fact.observedAt), fact.timeQuality, fact.device, fact.parser, syslog];
}

function sessionLog(fact: SessionLog): unknown[] {
  const overflow: Overflow = {};
  const values = [
    fact.action,
    fact.outcome ?? null,
    fact.directionSource,
    wholeNumber(fact.protocol),
    ...endpoint(fact.source, 'src', overflow),
    ...endpoint(fact.destination, 'dst', overflow),
    counter(fact.bytes, 'bytes', overflow),
    counter(fact.packets, 'packets', overflow),
    wholeMs(fact.start),
    wholeMs(fact.end),
    counter(fact.durationNs, 'duration_ns', overflow),
    fact.ruleName ?? null,
    fact.ruleId ?? null,
    fact.ingressInterface ?? null,
    fact.egressInterface ?? null,
    fact.ingressZone ?? null,
    fact.egressZone ?? null,
    fact.user ?? null,
    fact.application ?? null,
    fact.sessionKey ?? null,
    fact.code ?? null,
    fact.reason ?? null,
    wholeNumber(fact.icmpType),
    wholeNumber(fact.icmpCode),
  ];
  return [...values, extraText(fact.extra, overflow)];
}

function endpoint(end: Endpoint, side: string, overflow: Overflow): unknown[] {
  return [
    addressBlob(end.ip, side, overflow),
    wholeNumber(end.port),
    addressBlob(end.natIp, `nat_${side}`, overflow),
    wholeNumber(end.natPort),
    counter(end.bytes, `${side}_bytes`, overflow),
    counter(end.packets, `${side}_packets`, overflow),
    end.user ?? null,
    end.mac ?? null,
    end.domain ?? null,
  ];
}

function binding(fact: Binding): unknown[] {
  return [fact.relation, fact.key, fact.value, fact.state, wholeMs(fact.validUntil), extraText(fact.extra, {})];
}

function event(fact: Event): unknown[] {
  const overflow: Overflow = {};
  const values = [
    fact.category,
    fact.action,
    fact.outcome ?? null,
    fact.code ?? null,
    wholeNumber(fact.severity),
    fact.user ?? null,
    addressBlob(fact.sourceIp, 'src', overflow),
    wholeNumber(fact.sourcePort),
    fact.process ?? null,
    fact.command ?? null,
    fact.message ?? null,
  ];
  return [...values, extraText(fact.extra, overflow)];
}

function inventory(fact: Inventory): unknown[] {
  return [fact.kind, fact.id, fact.name ?? null, extraText(fact.extra, {})];
}

function configLine(fact: ConfigLine): unknown[] {
  return [fact.configVersion, wholeNumber(fact.lineNumber), fact.text, fact.kind ?? null];
}

/** A number of missing things beyond 63 bits is no number anybody counted: it stands in the detail. */
function gap(fact: Gap): unknown[] {
  const overflow: Overflow = {};
  const missing = counter(fact.missing, 'missing', overflow);
  const detail =
    overflow['missing'] === undefined ? fact.detail : `missing=${overflow['missing']} ${fact.detail ?? ''}`;
  return [fact.kind, missing, fact.unit ?? null, detail ?? null, wholeMs(fact.since)];
}

function rejected(fact: Rejected): unknown[] {
  return [fact.reason, wholeNumber(fact.offset), fact.detail ?? null];
}
