import type { FieldValue, Severity } from '../contract';
import { isoText } from '../iso-time';

/** A row as it comes from the store: integers as number, or as bigint where the reader is exact. */
export type Row = Readonly<Record<string, unknown>>;

/** Fields under construction; `set` leaves out what says nothing. */
export type Draft = Record<string, FieldValue>;

/** Puts a column's value under a name; NULL, '' and BLOBs say nothing. A bigint that fits becomes a number. */
export function set(into: Draft, name: string, value: unknown): void {
  switch (typeof value) {
    case 'number':
      if (Number.isFinite(value)) into[name] = value;
      return;
    case 'bigint':
      into[name] = exact(value);
      return;
    case 'boolean':
      into[name] = value;
      return;
    case 'string':
      if (value !== '') into[name] = value;
      return;
    case 'undefined':
    case 'object':
    case 'function':
    case 'symbol':
  }
}

/** Puts the columns of a table of names. */
export function setColumns(into: Draft, row: Row, names: readonly (readonly [column: string, name: string])[]): void {
  for (const [column, name] of names) set(into, name, row[column]);
}

/** RFC 3339 in UTC; undefined for what is no time. */
export function isoTime(ms: unknown): string | undefined {
  const value = typeof ms === 'bigint' ? Number(ms) : ms;
  return typeof value === 'number' ? isoText(value) : undefined;
}

const MAC = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/iu;

/** A hardware address as ECS writes it (RFC 7042 section 2.1): `00-00-5E-00-53-23`. What is none stays. */
export function ecsMac(value: unknown): unknown {
  return typeof value === 'string' && MAC.test(value) ? value.toUpperCase().replaceAll(':', '-') : value;
}

/** A number where it is exact, else the bigint. */
export function exact(value: bigint): number | bigint {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : value;
}

/** Sum of two counts; undefined where neither was counted. */
export function total(left: unknown, right: unknown): number | bigint | undefined {
  const counts = [left, right].filter((count) => typeof count === 'number' || typeof count === 'bigint');
  if (counts.length === 0) return undefined;
  return exact(counts.reduce<bigint>((all, count) => all + BigInt(count), 0n));
}

/** Severities of syslog (RFC 5424 section 6.2.1) in our words. */
const SYSLOG_SEVERITIES: readonly Severity[] = [
  'critical',
  'critical',
  'critical',
  'high',
  'medium',
  'low',
  'info',
  'info',
];

export function severityOfSyslog(code: unknown): Severity {
  const index = typeof code === 'bigint' ? Number(code) : code;
  return (typeof index === 'number' ? SYSLOG_SEVERITIES[index] : undefined) ?? 'info';
}
