import type { StoredRecord } from '../../collectors/contract';
import { addressText } from './address';
import type {
  Binding,
  ConfigLine,
  Endpoint,
  Event,
  Fact,
  Gap,
  Inventory,
  Rejected,
  SessionLog,
  SyslogHeader,
} from './facts';
import type { FlowBatch, FlowRun } from './flow-batch';
import { FLOW_COLUMNS, FLOW_TIME_SOURCES, SAMPLING_SOURCES, type FlowColumnName } from './flow-columns.data';
import { PROTOCOL_NAMES } from './protocol-names.data';

/** One fact as ECS 9 dotted names; what ECS lacks is under `ascribe.*`. Absent fields are left out. */
export type EcsObject = Record<string, EcsValue>;
export type EcsValue = string | number | bigint | boolean | readonly (string | number)[] | undefined;

/** ECS view of any fact that is not a flow. `record`, when given, adds receive time, peer and the original bytes. */
export function ecsOfFact(fact: Fact, record?: StoredRecord): EcsObject {
  return withoutAbsent(ecsMembers(fact, record));
}

/** The same with absent fields as undefined: JSON leaves them out by itself, and to delete them costs more than to write the rest. */
export function ecsMembers(fact: Fact, record?: StoredRecord): EcsObject {
  return {
    'ascribe.fact': fact.fact,
    '@timestamp': isoTime(fact.observedAt),
    ...ecsBody(fact),
    'observer.name': fact.device,
    'ascribe.time_quality': fact.timeQuality,
    'ascribe.parser': fact.parser,
    'ascribe.raw_seq': fact.rawSeq,
    ...(fact.syslog === undefined ? {} : ecsOfSyslogHeader(fact.syslog)),
    ...(record === undefined ? {} : ecsOfRecord(record)),
  };
}

/** ECS view of one row of a flow batch. */
export function ecsOfFlow(batch: FlowBatch, run: FlowRun, row: number): EcsObject {
  const out: EcsObject = { 'ascribe.fact': 'flow' };
  for (const name of run.columns) setColumn(out, batch, name, row);
  const protocol = out['network.iana_number'];
  if (typeof protocol === 'number') out['network.transport'] = PROTOCOL_NAMES[protocol];
  const source = out['source.ip'];
  if (typeof source === 'string') out['network.type'] = source.includes(':') ? 'ipv6' : 'ipv4';
  const { start, end } = batch.columns;
  if (run.columns.includes('start') && run.columns.includes('end')) {
    const duration = Math.round(((end[row] ?? 0) - (start[row] ?? 0)) * 1e6);
    if (duration >= 0) out['event.duration'] = duration;
  }
  out['network.bytes'] = sum(out['source.bytes'], out['destination.bytes']);
  out['network.packets'] = sum(out['source.packets'], out['destination.packets']);
  out['event.created'] = isoTime(run.receivedAt);
  out['observer.ip'] = run.stream.exporter === '' ? undefined : run.stream.exporter;
  out['ascribe.exporter.port'] = run.stream.port;
  out['ascribe.exporter.domain'] = run.stream.domain;
  out['ascribe.exporter.exported'] = isoTime(run.exportedAt);
  out['ascribe.template'] = run.templateId;
  if (run.fallbackTemplate) out['ascribe.template_fallback'] = true;
  out['ascribe.parser'] = flowParserName(run.stream.version);
  out['ascribe.raw_seq'] = run.rawSeq;
  out['ascribe.ordinal'] = run.firstOrdinal + row - run.from;
  const extra = batch.extras.get(row);
  if (extra !== undefined) for (const key of Object.keys(extra)) out[`ascribe.flow.${key}`] = extra[key];
  return withoutAbsent(out);
}

/** Parser name of a flow version as facts carry it. */
export function flowParserName(version: number): string {
  if (version === 10) return 'ipfix';
  if (version === 105) return 'sflow_v5';
  return `netflow_v${version}`;
}

/** One line of NDJSON. Bigints become JSON integers of full precision. */
export function ecsLine(object: EcsObject): string {
  return JSON.stringify(object, (_key, value: unknown) => (typeof value === 'bigint' ? rawJson(value) : value));
}

/** RFC 3339 in UTC; microseconds only where the time has them. */
export function isoTime(ms: number): string | undefined {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return undefined;
  const whole = Math.floor(ms);
  const text = new Date(whole).toISOString();
  const micros = Math.round((ms - whole) * 1000);
  return micros > 0 && micros < 1000 ? `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z` : text;
}

function rawJson(value: bigint): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString());
}

function setColumn(out: EcsObject, batch: FlowBatch, name: FlowColumnName, row: number): void {
  const { kind, ecs } = FLOW_COLUMNS[name];
  if (ecs === undefined) {
    if (name === 'timeSource') out['ascribe.time_source'] = FLOW_TIME_SOURCES[batch.columns.timeSource[row] ?? 0];
    return;
  }
  const column = batch.columns[name];
  switch (kind) {
    case 'addr': {
      const { bytes, length } = column as FlowBatch['columns']['src'];
      const size = length[row] ?? 0;
      if (size > 0) out[ecs] = addressText(bytes, row * 16, size);
      return;
    }
    case 'mac':
      out[ecs] = macText((column as Float64Array)[row] ?? 0);
      return;
    case 'ms':
      out[ecs] = isoTime((column as Float64Array)[row] ?? Number.NaN);
      return;
    case 'u64':
      out[ecs] = narrow((column as BigUint64Array)[row] ?? 0n);
      return;
    case 'text':
      out[ecs] = (column as (string | undefined)[])[row];
      return;
    case 'u8':
    case 'u16':
    case 'u32':
      out[ecs] =
        name === 'samplingSource' ? SAMPLING_SOURCES[(column as Uint8Array)[row] ?? 0] : (column as Uint32Array)[row];
  }
}

/** `02:00:5e:00:53:01` of a 48-bit integer. */
export function macText(mac: number): string {
  const hex = mac.toString(16).padStart(12, '0');
  return hex.replace(/(..)(?=.)/g, '$1:');
}

function ecsBody(fact: Fact): EcsObject {
  switch (fact.fact) {
    case 'session_log':
      return sessionLogBody(fact);
    case 'binding':
      return bindingBody(fact);
    case 'event':
      return eventBody(fact);
    case 'inventory':
      return inventoryBody(fact);
    case 'config_line':
      return configLineBody(fact);
    case 'gap':
      return gapBody(fact);
    case 'rejected':
      return rejectedBody(fact);
  }
}

function sessionLogBody(fact: SessionLog): EcsObject {
  const total = fact.bytes ?? sumBigint(fact.source.bytes, fact.destination.bytes);
  const packets = fact.packets ?? sumBigint(fact.source.packets, fact.destination.packets);
  return {
    'event.kind': 'event',
    'event.category': 'network',
    'event.action': fact.action,
    'event.outcome': fact.outcome,
    'event.code': fact.code,
    'event.reason': fact.reason,
    'event.start': maybeTime(fact.start),
    'event.end': maybeTime(fact.end),
    'event.duration': narrow(fact.durationNs),
    ...sourceBody(fact.source),
    ...destinationBody(fact.destination),
    'network.iana_number': fact.protocol,
    'network.transport': fact.protocol === undefined ? undefined : PROTOCOL_NAMES[fact.protocol],
    'network.bytes': narrow(total),
    'network.packets': narrow(packets),
    'network.application': fact.application,
    'rule.name': fact.ruleName,
    'rule.id': fact.ruleId,
    'observer.ingress.interface.name': fact.ingressInterface,
    'observer.egress.interface.name': fact.egressInterface,
    'observer.ingress.zone': fact.ingressZone,
    'observer.egress.zone': fact.egressZone,
    'user.name': fact.user,
    'ascribe.icmp_type': fact.icmpType,
    'ascribe.icmp_code': fact.icmpCode,
    'ascribe.direction_source': fact.directionSource,
    'ascribe.session_key': fact.sessionKey,
    ...fact.extra,
  };
}

/** Both sides are written out: names that are put together cost more than all the rest. */
function sourceBody({ ip, port, natIp, natPort, bytes, packets, user, mac, domain }: Endpoint): EcsObject {
  return {
    'source.ip': ip,
    'source.port': port,
    'source.nat.ip': natIp,
    'source.nat.port': natPort,
    'source.bytes': narrow(bytes),
    'source.packets': narrow(packets),
    'source.user.name': user,
    'source.mac': mac,
    'source.domain': domain,
  };
}

function destinationBody({ ip, port, natIp, natPort, bytes, packets, user, mac, domain }: Endpoint): EcsObject {
  return {
    'destination.ip': ip,
    'destination.port': port,
    'destination.nat.ip': natIp,
    'destination.nat.port': natPort,
    'destination.bytes': narrow(bytes),
    'destination.packets': narrow(packets),
    'destination.user.name': user,
    'destination.mac': mac,
    'destination.domain': domain,
  };
}

function bindingBody(fact: Binding): EcsObject {
  return {
    'ascribe.relation': fact.relation,
    'ascribe.key': fact.key,
    'ascribe.value': fact.value,
    'ascribe.state': fact.state,
    'ascribe.valid_until': maybeTime(fact.validUntil),
    ...fact.extra,
  };
}

function eventBody(fact: Event): EcsObject {
  return {
    'event.kind': 'event',
    'event.category': fact.category,
    'event.action': fact.action,
    'event.outcome': fact.outcome,
    'event.code': fact.code,
    'event.severity': fact.severity,
    'user.name': fact.user,
    'source.ip': fact.sourceIp,
    'source.port': fact.sourcePort,
    'process.name': fact.process,
    'process.command_line': fact.command,
    message: fact.message,
    ...fact.extra,
  };
}

function inventoryBody(fact: Inventory): EcsObject {
  return { 'ascribe.kind': fact.kind, 'ascribe.id': fact.id, 'ascribe.name': fact.name, ...fact.extra };
}

function configLineBody(fact: ConfigLine): EcsObject {
  return {
    'ascribe.config.version': fact.configVersion,
    'ascribe.config.line': fact.lineNumber,
    'ascribe.config.text': fact.text,
    'ascribe.config.kind': fact.kind,
  };
}

function gapBody(fact: Gap): EcsObject {
  return {
    'ascribe.gap.kind': fact.kind,
    'ascribe.gap.missing': narrow(fact.missing),
    'ascribe.gap.unit': fact.unit,
    'ascribe.gap.detail': fact.detail,
  };
}

function rejectedBody(fact: Rejected): EcsObject {
  return {
    'event.outcome': 'failure',
    'ascribe.reason': fact.reason,
    'ascribe.offset': fact.offset,
    'ascribe.detail': fact.detail,
  };
}

/** `log.syslog.*` of a header. */
export function ecsOfSyslogHeader(header: SyslogHeader): EcsObject {
  const { facility, severity } = header;
  return {
    'log.syslog.priority': facility === undefined || severity === undefined ? undefined : facility * 8 + severity,
    'log.syslog.facility.code': facility,
    'log.syslog.severity.code': severity,
    'log.syslog.version': header.version === undefined ? undefined : String(header.version),
    'log.syslog.hostname': header.hostname,
    'log.syslog.appname': header.appName,
    'log.syslog.procid': header.procId,
    'log.syslog.msgid': header.msgId,
  };
}

/** Receive time, sender and bytes of a raw record. */
export function ecsOfRecord(record: StoredRecord): EcsObject {
  return {
    'event.created': isoTime(record.receivedAt),
    'ascribe.peer': record.origin.peer === '' ? undefined : record.origin.peer,
    'ascribe.source': record.origin.source,
    'event.original': originalText(record.bytes),
  };
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text when the bytes are UTF-8, else base64 of them. */
function originalText(bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  }
}

function maybeTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : isoTime(ms);
}

/** A number where it is exact, else the bigint. */
function narrow(value: bigint | undefined): number | bigint | undefined {
  if (value === undefined) return undefined;
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function sum(a: EcsValue, b: EcsValue): number | bigint | undefined {
  if (typeof a !== 'number' && typeof a !== 'bigint') return undefined;
  if (typeof b !== 'number' && typeof b !== 'bigint') return a;
  return narrow(BigInt(a) + BigInt(b));
}

function sumBigint(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function withoutAbsent(object: EcsObject): EcsObject {
  for (const key of Object.keys(object)) if (object[key] === undefined) delete object[key];
  return object;
}
