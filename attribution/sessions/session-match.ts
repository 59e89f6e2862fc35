import type { SessionRules } from './session-rules';
import type { ObserverState, SessionState, Slice } from './session-state';

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;

/** ECE and CWR ride on a SYN (RFC 3168); with anything else a connection has got beyond its first packet. */
const OPENING = 0x02 | 0x40 | 0x80;

/** Slices of one active-timeout cut follow each other within this time; a SYN flag in the later one is a kept flag, not a beginning. */
const CONTIGUOUS_MS = 5000;

/** The record is no part of the session. */
export const APART = Number.POSITIVE_INFINITY;

const TCP = 6;

/** How long after its last change a session takes records, counted in receive time. */
export function lifetime(session: SessionState, rules: SessionRules): number {
  if (session.ended !== 'none') return rules.endedMs;
  const limit = gapLimit(session.protocol, rules);
  return (session.protocol === TCP ? Math.max(limit, rules.tcpContinuationMs) : limit) + rules.activeTimeoutMs;
}

/**
 * Time between a record and a session with the same key: 0 when they overlap, `APART` when the record belongs to
 * another connection over the same ports. Compares with the record's own exporter where that has told of the session:
 * two exporters' clocks differ.
 */
export function distance(session: SessionState, slice: Slice, rules: SessionRules): number {
  const own = session.observers.filter(
    ({ exporter, domain }) => exporter === slice.exporter && domain === slice.domain,
  );
  const told = own.find(({ connectionId }) => connectionId !== null)?.connectionId;
  if (slice.connectionId !== null && told !== undefined) return told === slice.connectionId ? 0 : APART;
  const seen = own.length > 0 ? own : session.observers;
  const first = Math.min(...seen.map(({ start }) => start));
  const last = Math.max(...seen.map(({ end }) => end));
  if (slice.start > last) return after(session, own, slice, slice.start - last, rules);
  if (slice.end < first) return before(session, own, slice, first - slice.end, rules);
  return 0;
}

/** The record begins after everything that is known of the session. */
function after(
  session: SessionState,
  own: readonly ObserverState[],
  slice: Slice,
  gap: number,
  rules: SessionRules,
): number {
  const begins = beginning(slice);
  const same = own.filter(({ fromA }) => fromA === slice.fromA);
  const endTold = own.some(({ ended }) => ended !== 'none');
  if (endTold && begins === true) return APART;
  if (endTold && begins === undefined && same.length > 0) return APART;
  if (begins === true && gap > CONTIGUOUS_MS && same.some(isUnderWay)) return APART;
  return within(session, own, begins, gap, rules);
}

/** The record ends before everything that is known of the session: it came late, or is of an earlier connection. */
function before(
  session: SessionState,
  own: readonly ObserverState[],
  slice: Slice,
  gap: number,
  rules: SessionRules,
): number {
  const begun = own.some(({ firstFlags }) => firstFlags !== null && (firstFlags & SYN) !== 0);
  // A slice that ends the connection has none after it, whatever flags its exporter keeps.
  if (begun && (gap > CONTIGUOUS_MS || slice.ended !== 'none')) return APART;
  if (slice.ended !== 'none' && own.length > 0 && gap > CONTIGUOUS_MS) return APART;
  return within(session, own, begun ? true : undefined, gap, rules);
}

function within(
  session: SessionState,
  own: readonly ObserverState[],
  begins: boolean | undefined,
  gap: number,
  rules: SessionRules,
): number {
  let limit = gapLimit(session.protocol, rules);
  if (begins === false && own.length > 0) limit = Math.max(limit, rules.tcpContinuationMs);
  if (own.length === 0 && session.ended !== 'none') limit = Math.min(limit, rules.clockSkewMs);
  return gap <= limit ? gap : APART;
}

/** Whether a record holds the first packet of a connection; undefined where its flags do not tell. */
function beginning(slice: Slice): boolean | undefined {
  if (slice.protocol !== TCP || slice.tcpFlags === null) return undefined;
  return (slice.tcpFlags & SYN) !== 0;
}

function isUnderWay({ tcpFlags }: ObserverState): boolean {
  return tcpFlags !== null && (tcpFlags & ~OPENING) !== 0;
}

function gapLimit(protocol: number, rules: SessionRules): number {
  return rules.gapMs[protocol] ?? rules.gapMs.other;
}
