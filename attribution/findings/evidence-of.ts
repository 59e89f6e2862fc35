import type { EvidenceRow } from '../../store/analysis/evidence-reader';
import type { SeriesKey, SeriesSession, Subject } from '../../store/analysis/finding-record';
import type { SessionEvidence } from './contract';

/** A stored row as analytics look at it. */
export function evidenceOf(row: EvidenceRow): SessionEvidence {
  const { handshakeRoom, reasons, ...rest } = row;
  return {
    ...(rest as unknown as SessionEvidence),
    handshakeRoom: handshakeRoom === null || handshakeRoom === undefined ? null : handshakeRoom === 1,
    reasons: String(reasons ?? '')
      .split(' ')
      .filter((reason) => reason !== ''),
  };
}

export function subjectOf({ ownerKind, owner, ownerName, ownerHost }: SessionEvidence): Subject {
  return { kind: ownerKind, id: owner, name: ownerName, host: ownerHost };
}

/**
 * The series a session belongs to. Only what left, came about and is not the copy behind a translation: scans and unanswered
 * attempts would drown the rhythm.
 */
export function seriesKeyOf(row: EvidenceRow, evidence: SessionEvidence): SeriesKey | undefined {
  const { networkDirection, state, ownerKind, dst, dstPort, protocol, receivedBytes } = evidence;
  if (networkDirection !== 'outbound' || ownerKind === 'external' || row['legOf'] !== null) return undefined;
  if (state === 'denied' || state === 'attempt' || receivedBytes === 0) return undefined;
  return { subject: subjectOf(evidence), dst, dstPort: dstPort ?? 0, protocol };
}

export function seriesSessionOf(row: EvidenceRow): SeriesSession {
  return {
    session: Number(row['num']),
    start: Number(row['start']),
    sentBytes: row['measuredBytes'] === null ? null : Number(row['measuredBytes']),
    packets: row['packets'] === null ? null : Number(row['packets']),
    samplingRate: Math.max(1, Number(row['samplingRate'])),
  };
}
