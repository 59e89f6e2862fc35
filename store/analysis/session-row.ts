import type { Count, DirectionTotals, ObserverRecord, SessionRecord } from './session-record';

/** Set once. */
export const FIXED = ['num', 'id', 'scope', 'protocol', 'first_seq', 'first_ordinal', 'first_from_a'];

/** Set again with every change, in the order of `changingValues`. */
export const CHANGING = [
  'start',
  'end',
  'src',
  'src_port',
  'dst',
  'dst_port',
  'direction_source',
  'direction_conflict',
  'network_direction',
  'encrypted',
  'encrypted_by',
  'handshake_room',
  'service',
  'state',
  'end_source',
  ...ofSide('src'),
  ...ofSide('dst'),
  'user',
  'application',
  'payload_protocol',
  'sampling',
  'slices',
  'observers',
  'cut',
  'last_received',
  'revision',
  'src_is_a',
  'stated',
  'touched_at',
];

/** Those of them by which sessions are found, without the revision, which always changes. */
export const PLACED = [
  'start',
  'src',
  'src_port',
  'dst',
  'dst_port',
  'network_direction',
  'encrypted',
  'state',
  'nat_src',
  'nat_src_port',
];

/** Columns of an observer row. */
export const OBSERVER = [
  'session',
  'number',
  'from_a',
  'exporter_ip',
  'domain',
  'flow_direction',
  'in_if',
  'out_if',
  'connection_id',
  'bytes',
  'packets',
  'bytes_estimate',
  'packets_estimate',
  'sampling',
  'start',
  'end',
  'tcp_flags',
  'first_flags',
  'ended',
  'counted',
];

/** Columns of a slice row. */
export const SLICE = [
  'session',
  'segment',
  'flow',
  'observer',
  'raw_seq',
  'ordinal',
  'from_a',
  'start',
  'end',
  'bytes',
  'packets',
  'reply_bytes',
  'reply_packets',
];

function ofSide(side: string): string[] {
  const totals = ['bytes', 'packets', 'bytes_estimate', 'packets_estimate', 'tcp_flags'];
  return [...totals.map((name) => `${side}_${name}`), `nat_${side}`, `nat_${side}_port`];
}

/** A row with INTEGER as bigint. */
export type Row = Readonly<Record<string, string | bigint | Buffer | null>>;

/** Values of `FIXED`. */
export function fixedValues({
  num,
  id,
  scope,
  protocol,
  firstSeq,
  firstOrdinal,
  firstFromA,
}: SessionRecord): unknown[] {
  return [num, id, scope, protocol, firstSeq, firstOrdinal, flag(firstFromA)];
}

/** Values of `CHANGING`. */
export function changingValues(record: SessionRecord): unknown[] {
  const { a, aPort, b, bPort, natA, natAPort, natB, natBPort, tcpFlagsA, tcpFlagsB, fromA, fromB } = record;
  const endA = { port: aPort, address: blob(a), side: side(fromA, tcpFlagsA, natA, natAPort) };
  const endB = { port: bPort, address: blob(b), side: side(fromB, tcpFlagsB, natB, natBPort) };
  const [src, dst] = record.initiator === 'a' ? [endA, endB] : [endB, endA];
  return [
    record.start,
    record.end,
    src.address,
    src.port,
    dst.address,
    dst.port,
    record.directionSource,
    flag(record.directionConflict),
    record.networkDirection,
    record.encrypted,
    record.encryptedBy,
    record.handshakeRoom === null ? null : flag(record.handshakeRoom),
    record.service,
    record.state,
    record.endSource,
    ...src.side,
    ...dst.side,
    record.user,
    record.application,
    record.payload,
    record.sampling,
    record.slices,
    record.observers.length,
    flag(record.cut),
    record.lastReceived,
    record.revision,
    flag(record.initiator === 'a'),
    record.stated,
    record.touchedAt,
  ];
}

function side(totals: DirectionTotals, flags: number | null, nat: string | null, natPort: number | null): unknown[] {
  const { bytes, packets, bytesEstimate, packetsEstimate } = totals;
  return [bytes, packets, bytesEstimate, packetsEstimate, flags, nat === null ? null : blob(nat), natPort];
}

/** Values of `OBSERVER`. */
export function observerValues(session: number, observer: ObserverRecord): unknown[] {
  const { number, fromA, exporter, domain, flowDirection, inIf, outIf, connectionId, sampling } = observer;
  const { bytes, packets, bytesEstimate, packetsEstimate, start, end, tcpFlags, firstFlags, ended, counted } = observer;
  const counts = [bytes, packets, bytesEstimate, packetsEstimate];
  const place = [session, number, flag(fromA), exporter, domain, flowDirection, inIf, outIf, connectionId];
  return [...place, ...counts, sampling, start, end, tcpFlags, firstFlags, ended, flag(counted)];
}

/** 1 or 0. */
export function flag(value: boolean): 0 | 1 {
  return value ? 1 : 0;
}

/** The record that `fixedValues`, `changingValues` and `observerValues` were made of. */
export function recordFrom(row: Row, observers: readonly Row[]): SessionRecord {
  const srcIsA = row['src_is_a'] === 1n;
  const [a, b] = srcIsA ? (['src', 'dst'] as const) : (['dst', 'src'] as const);
  return {
    num: whole(row, 'num'),
    id: text(row, 'id'),
    scope: text(row, 'scope'),
    protocol: whole(row, 'protocol'),
    a: hex(row, a) ?? '',
    b: hex(row, b) ?? '',
    aPort: optional(row, `${a}_port`),
    bPort: optional(row, `${b}_port`),
    firstSeq: whole(row, 'first_seq'),
    firstOrdinal: whole(row, 'first_ordinal'),
    firstFromA: row['first_from_a'] === 1n,
    revision: whole(row, 'revision'),
    lastReceived: whole(row, 'last_received'),
    touchedAt: whole(row, 'touched_at'),
    stated: word(row, 'stated') as SessionRecord['stated'],
    start: whole(row, 'start'),
    end: whole(row, 'end'),
    initiator: srcIsA ? 'a' : 'b',
    directionSource: text(row, 'direction_source') as SessionRecord['directionSource'],
    directionConflict: row['direction_conflict'] === 1n,
    networkDirection: text(row, 'network_direction') as SessionRecord['networkDirection'],
    encrypted: text(row, 'encrypted') as SessionRecord['encrypted'],
    encryptedBy: text(row, 'encrypted_by'),
    handshakeRoom: row['handshake_room'] === null ? null : row['handshake_room'] === 1n,
    service: word(row, 'service'),
    state: text(row, 'state') as SessionRecord['state'],
    endSource: text(row, 'end_source') as SessionRecord['endSource'],
    fromA: totalsFrom(row, `${a}_`),
    fromB: totalsFrom(row, `${b}_`),
    tcpFlagsA: optional(row, `${a}_tcp_flags`),
    tcpFlagsB: optional(row, `${b}_tcp_flags`),
    natA: hex(row, `nat_${a}`),
    natAPort: optional(row, `nat_${a}_port`),
    natB: hex(row, `nat_${b}`),
    natBPort: optional(row, `nat_${b}_port`),
    user: word(row, 'user'),
    application: word(row, 'application'),
    payload: word(row, 'payload_protocol'),
    sampling: text(row, 'sampling') as SessionRecord['sampling'],
    slices: whole(row, 'slices'),
    cut: row['cut'] === 1n,
    observers: observers.map((observer) => observerFrom(observer)),
  };
}

function observerFrom(row: Row): ObserverRecord {
  return {
    number: whole(row, 'number'),
    fromA: row['from_a'] === 1n,
    exporter: text(row, 'exporter_ip'),
    domain: whole(row, 'domain'),
    flowDirection: optional(row, 'flow_direction'),
    inIf: optional(row, 'in_if'),
    outIf: optional(row, 'out_if'),
    connectionId: word(row, 'connection_id'),
    ...totalsFrom(row, ''),
    sampling: text(row, 'sampling') as ObserverRecord['sampling'],
    start: whole(row, 'start'),
    end: whole(row, 'end'),
    tcpFlags: optional(row, 'tcp_flags'),
    firstFlags: optional(row, 'first_flags'),
    ended: text(row, 'ended') as ObserverRecord['ended'],
    counted: row['counted'] === 1n,
  };
}

function totalsFrom(row: Row, prefix: string): DirectionTotals {
  return {
    bytes: count(row, `${prefix}bytes`),
    packets: count(row, `${prefix}packets`),
    bytesEstimate: count(row, `${prefix}bytes_estimate`),
    packetsEstimate: count(row, `${prefix}packets_estimate`),
  };
}

function blob(address: string): Buffer {
  return Buffer.from(address, 'hex');
}

function hex(row: Row, column: string): string | null {
  const value = row[column];
  return value instanceof Uint8Array ? value.toString('hex').toUpperCase() : null;
}

function whole(row: Row, column: string): number {
  return Number(row[column]);
}

function optional(row: Row, column: string): number | null {
  return row[column] === null ? null : Number(row[column]);
}

function count(row: Row, column: string): Count | null {
  const value = row[column] as bigint | null;
  return value !== null && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function text(row: Row, column: string): string {
  return row[column] as string;
}

function word(row: Row, column: string): string | null {
  return row[column] as string | null;
}
