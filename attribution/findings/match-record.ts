import type { MatchRecord, Subject } from '../../store/analysis/finding-record';
import type { Analytic, Match } from './contract';

/** A match as it is stored. */
export function recordOf(analytic: Analytic, match: Match, subject: Subject, at: number): MatchRecord {
  const { id, strategy, techniques, severity } = analytic;
  return {
    analytic: id,
    strategy,
    techniques,
    subject,
    key: match.key,
    severity: match.severity ?? severity,
    text: match.text,
    terms: match.terms,
    at,
    approvedBy: match.approvedBy ?? '',
    changes: (match.changes ?? []).map(({ num }) => num),
  };
}
