import type { MatchRecord, Subject } from '../../store/analysis/finding-record';
import type { Analytic, Match } from './contract';

/** A match as it is stored. `known`: what is known of its destination beside. */
export function recordOf(
  analytic: Analytic,
  match: Match,
  subject: Subject,
  at: number,
  known: Readonly<Record<string, string | number>> = {},
): MatchRecord {
  const { id, strategy, techniques, severity } = analytic;
  return {
    analytic: id,
    strategy,
    techniques,
    subject,
    key: match.key,
    severity: match.severity ?? severity,
    text: match.text,
    terms: { ...match.terms, ...known },
    at: match.at ?? at,
    approvedBy: match.approvedBy ?? '',
    changes: (match.changes ?? []).map(({ num }) => num),
  };
}
