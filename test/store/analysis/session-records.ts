import type { ObserverRecord, SessionRecord, SliceRecord } from '../../../store/analysis/session-record';

const T = 1_764_000_000_000;
const COUNTS = { bytes: 2n ** 60n, packets: 3, bytesEstimate: null, packetsEstimate: null };

/** A session that differs from others by `num` and by what `values` says. */
export function sessionRecord(num: number, values: Partial<SessionRecord> = {}): SessionRecord {
  return {
    num,
    id: `${String(num).padStart(8, '0')}-0-00000000`,
    scope: '',
    protocol: 6,
    a: '0A000005',
    b: 'C6336407',
    aPort: 50_000,
    bPort: 4433,
    firstSeq: num,
    firstOrdinal: 0,
    revision: num,
    lastReceived: T,
    touchedAt: T,
    start: T,
    end: T,
    initiator: 'a',
    directionSource: 'port',
    directionConflict: false,
    networkDirection: 'outbound',
    encrypted: 'yes',
    encryptedBy: 'port:443/tcp',
    handshakeRoom: true,
    service: 'https',
    state: 'open',
    endSource: 'none',
    fromA: COUNTS,
    fromB: { ...COUNTS, bytes: 7 },
    tcpFlagsA: 2,
    tcpFlagsB: null,
    natA: 'CB007101',
    natAPort: 1024,
    natB: null,
    natBPort: null,
    user: null,
    application: 'ssl',
    payload: 'tls',
    sampling: 'none',
    slices: 1,
    firstFromA: true,
    stated: null,
    cut: false,
    observers: [observerRecord(0)],
    ...values,
  };
}

export function observerRecord(number: number, values: Partial<ObserverRecord> = {}): ObserverRecord {
  return {
    number,
    fromA: true,
    exporter: '192.0.2.1',
    domain: 0,
    flowDirection: null,
    inIf: 1,
    outIf: null,
    connectionId: null,
    ...COUNTS,
    bytesEstimate: 2n ** 60n,
    packetsEstimate: 3,
    sampling: 'none',
    start: T,
    end: T,
    tcpFlags: 2,
    firstFlags: 2,
    ended: 'none',
    counted: true,
    ...values,
  };
}

export function sliceRecord(session: number, values: Partial<SliceRecord> = {}): SliceRecord {
  return {
    session,
    segment: '2025-11-24T16-000',
    flow: 1,
    observer: 0,
    rawSeq: 1,
    ordinal: 0,
    fromA: true,
    start: T,
    end: T,
    bytes: 1,
    packets: 1,
    replyBytes: null,
    replyPackets: null,
    ...values,
  };
}
