import type { Leg } from '../../store/analysis/evidence-record';
import type { Evidence } from './evidence';
import { UNMEASURED_MS } from './priors.data';

/** When a session was, by the reference clock. */
export interface SessionTime {
  readonly start: number;
  readonly end: number;
  /** What was subtracted from the exporter's times, ms. */
  readonly offset: number;
  /** How far single times scatter, ms. */
  readonly residual: number;
  readonly isMeasured: boolean;
}

/** The session's times less the offset of the exporter that told of it first. */
export function timeOf(evidence: Evidence, leg: Leg): SessionTime {
  const clock = evidence.flowClock(leg.exporter, leg.start);
  const offset = clock?.offset ?? 0;
  return {
    start: leg.start - offset,
    end: leg.end - offset,
    offset,
    residual: clock?.residual ?? UNMEASURED_MS,
    isMeasured: clock !== undefined,
  };
}
