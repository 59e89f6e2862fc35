import type { EvidenceRow } from '../../store/analysis/evidence-reader';
import type { SeriesKey, SeriesSession, Subject } from '../../store/analysis/finding-record';
import { hasExchange, isOutbound } from './conditions';
import type { SessionEvidence } from './contract';

export function subjectOf({ ownerKind, owner, ownerName, ownerHost }: SessionEvidence): Subject {
  return { kind: ownerKind, id: owner, name: ownerName, host: ownerHost };
}

/**
 * The series a session belongs to. Only what left, came about and is not the copy behind a translation: scans and unanswered
 * attempts would drown the rhythm.
 */
export function seriesKeyOf(row: EvidenceRow): SeriesKey | undefined {
  const { ownerKind, dst, dstPort, protocol, legOf } = row;
  if (!isOutbound(row) || ownerKind === 'external' || legOf !== null || !hasExchange(row)) return undefined;
  return { subject: subjectOf(row), dst, dstPort: dstPort ?? 0, protocol };
}

export function seriesSessionOf({ num, start, measuredBytes, packets, samplingRate }: EvidenceRow): SeriesSession {
  return { session: num, start, sentBytes: measuredBytes, packets, samplingRate: Math.max(1, samplingRate) };
}
