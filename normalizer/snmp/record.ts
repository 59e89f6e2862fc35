/**
 * The JSON text of an `snmp` raw record (the collector's encoding): one table read or one notification. Read with care:
 * a record may have been written by another version, or damaged on its way through an import.
 */

/** `[oid, tag, value]`: complete OID, BER tag, value as text, number or null. */
export type Varbind = readonly [oid: string, tag: number, value: string | number | null];

/** BER tags (RFC 3416 section 3). */
export const TAG = {
  integer: 0x02,
  octets: 0x04,
  oid: 0x06,
  ipAddress: 0x40,
  counter32: 0x41,
  gauge32: 0x42,
  timeTicks: 0x43,
  opaque: 0x44,
  counter64: 0x46,
} as const;

/** One table, or one group of scalars, as read once. */
export interface TableRead {
  readonly kind: 'table';
  readonly table: string;
  /** Before the first request, our clock. */
  readonly startedAt: number | undefined;
  /** The end of every column was seen: an absent row means that the device has none. */
  readonly complete: boolean;
  readonly reason: string;
  /** SNMPv3 context, or what the community was indexed with: `vlan-10`. */
  readonly context: string;
  readonly engineId: string;
  readonly varbinds: readonly Varbind[];
  /** Entries that were no varbinds. */
  readonly malformed: number;
}

/** One trap or inform. */
export interface Notification {
  readonly kind: 'trap';
  readonly version: string;
  /** Security name of v3; empty otherwise. */
  readonly user: string;
  readonly level: string;
  readonly engineId: string;
  readonly trapOid: string;
  /** Hundredths of a second since the sender's start. */
  readonly upTime: number | undefined;
  /** v1: the sender's address by its own account. */
  readonly agentAddress: string;
  readonly varbinds: readonly Varbind[];
  readonly malformed: number;
}

/** Why a record could not be read: a reason of `Rejected`. */
export type RecordFault = 'snmp_not_json' | 'snmp_unknown_record' | 'snmp_no_varbinds';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** The record in `bytes`, or why there is none. Never throws. */
export function readRecord(bytes: Uint8Array): TableRead | Notification | RecordFault {
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(bytes));
  } catch {
    return 'snmp_not_json';
  }
  if (typeof value !== 'object' || value === null) return 'snmp_unknown_record';
  const fields = value as Readonly<Record<string, unknown>>;
  const { varbinds: list } = fields;
  if (fields['kind'] !== 'table' && fields['kind'] !== 'trap') return 'snmp_unknown_record';
  if (!Array.isArray(list)) return 'snmp_no_varbinds';
  const sound = list.every(isVarbind);
  const varbinds = (sound ? list : list.filter(isVarbind)) as readonly Varbind[];
  const malformed = list.length - varbinds.length;
  return fields['kind'] === 'table' ? tableOf(fields, varbinds, malformed) : trapOf(fields, varbinds, malformed);
}

function tableOf(
  fields: Readonly<Record<string, unknown>>,
  varbinds: readonly Varbind[],
  malformed: number,
): TableRead {
  return {
    kind: 'table',
    table: text(fields['table']),
    startedAt: number(fields['startedAt']),
    complete: fields['complete'] === true && malformed === 0,
    reason: text(fields['reason']),
    context: text(fields['context']),
    engineId: text(fields['engineId']),
    varbinds,
    malformed,
  };
}

function trapOf(
  fields: Readonly<Record<string, unknown>>,
  varbinds: readonly Varbind[],
  malformed: number,
): Notification {
  return {
    kind: 'trap',
    version: text(fields['version']),
    user: text(fields['user']),
    level: text(fields['level']),
    engineId: text(fields['engineId']),
    trapOid: text(fields['trapOid']),
    upTime: number(fields['upTime']),
    agentAddress: text(fields['agentAddress']),
    varbinds,
    malformed,
  };
}

function isVarbind(item: unknown): boolean {
  if (!Array.isArray(item) || item.length !== 3) return false;
  const [oid, tag, value] = item as unknown[];
  if (typeof oid !== 'string' || typeof tag !== 'number') return false;
  return value === null || typeof value === 'string' || typeof value === 'number';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
