import type { FactRow } from '../../store/facts/facts-reader';
import { type Draft, ecsMac, isoTime, set } from './columns';

/** Top-level names of ECS 9 that facts may use; whatever else a device's parser found goes under `ascribe.extra`. */
const ECS_ROOTS: ReadonlySet<string> = new Set([
  'ascribe',
  'client',
  'cloud',
  'container',
  'destination',
  'device',
  'dns',
  'email',
  'error',
  'event',
  'file',
  'group',
  'host',
  'http',
  'log',
  'network',
  'observer',
  'organization',
  'process',
  'rule',
  'server',
  'service',
  'source',
  'threat',
  'tls',
  'url',
  'user',
  'user_agent',
  'vlan',
  'vulnerability',
  'x509',
]);

/** `ascribe.X` of parsers where others say `ascribe.X.Y`: a name cannot be a value and an object in one index. */
const ALSO_OBJECTS: ReadonlySet<string> = new Set([
  'ascribe.application',
  'ascribe.config',
  'ascribe.destination',
  'ascribe.encrypted',
  'ascribe.extra',
  'ascribe.gap',
  'ascribe.host',
  'ascribe.local',
  'ascribe.nat',
  'ascribe.neighbour',
  'ascribe.port',
  'ascribe.process',
  'ascribe.raw',
  'ascribe.remote',
  'ascribe.session',
  'ascribe.socket',
  'ascribe.source',
  'ascribe.state',
  'ascribe.threat',
  'ascribe.tls',
  'ascribe.tunnel',
  'ascribe.vm',
  'ascribe.vm_host',
  'ascribe.vnic',
]);

/** What every fact carries. */
export function setFactBase(into: Draft, row: FactRow): void {
  set(into, 'observer.name', row['device']);
  set(into, 'ascribe.time_quality', row['time_quality']);
  set(into, 'ascribe.parser', row['parser']);
  set(into, 'ascribe.raw_seq', row['raw_seq']);
  const syslog = parsed(row['syslog']);
  for (const [member, name] of SYSLOG) set(into, name, syslog[member]);
}

const SYSLOG = [
  ['facility', 'log.syslog.facility.code'],
  ['severity', 'log.syslog.severity.code'],
  ['hostname', 'log.syslog.hostname'],
  ['appName', 'log.syslog.appname'],
  ['procId', 'log.syslog.procid'],
  ['msgId', 'log.syslog.msgid'],
] as const;

/** What has no column. A name that is set already stays. */
export function setExtra(into: Draft, row: FactRow): void {
  for (const [key, value] of Object.entries(parsed(row['extra']))) {
    const name = extraName(key);
    if (into[name] !== undefined) continue;
    const shown = name.endsWith('.mac') && !name.startsWith('ascribe.') ? ecsMac(value) : value;
    set(into, name, typeof shown === 'object' && shown !== null ? JSON.stringify(shown) : shown);
  }
}

function extraName(key: string): string {
  const root = key.split('.', 1)[0] ?? '';
  if (!key.includes('.') || !ECS_ROOTS.has(root)) return `ascribe.extra.${key.replaceAll('.', '_')}`;
  return ALSO_OBJECTS.has(key) ? `${key}.value` : key;
}

/** The device's own time; the time of receipt stands in it where the device told none. */
export function observedAt(row: FactRow): number {
  return Number(row['observed_at'] ?? 0);
}

export function setTime(into: Draft, name: string, value: unknown): void {
  set(into, name, value === null ? undefined : isoTime(value));
}

function parsed(json: unknown): Record<string, unknown> {
  if (typeof json !== 'string') return {};
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Our own column: damaged storage must not stop what is whole.
    return {};
  }
}
