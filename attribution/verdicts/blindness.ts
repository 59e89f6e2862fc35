import type { BlindSpot } from '../../store/analysis/blind-record';
import type { Leg } from '../../store/analysis/evidence-record';
import type { VerdictStep } from '../../store/analysis/verdict-record';
import { blindExtent, blindSource } from '../../store/queries/blind-text';
import { textOf } from '../../store/queries/places';
import type { Evidence } from './evidence';
import type { SessionTime } from './session-time';

/** What was not told while a session went on: which reasons that gives, and who told not everything when. */
export interface Blindness {
  readonly reasons: readonly string[];
  readonly steps: readonly VerdictStep[];
}

/** Of a long session its first minutes count: who began it, and as whom, is decided there. */
export const BEGINNING_MS = 300_000;

/** Records of flows come so much after their last packet, ms. */
export const EXPORTED_LATE_MS = 60_000;

/** Some devices log a session minutes after its last packet, ms. */
export const LOGGED_LATE_MS = 150_000;

const LOGS_OF_TRANSLATIONS = ['session_log', 'translation_log', 'log'] as const;

/** Address relations whose holders may have been missed while nobody could be read. */
const ADDRESSES = ['ip-mac', 'ip-dhcp', 'ip-vm'] as const;

/** Gaps of the session's own exporter in its first minutes. */
export function flowSpots(evidence: Evidence, { exporter }: Leg, time: SessionTime): readonly BlindSpot[] {
  const to = Math.min(time.end, time.start + BEGINNING_MS) + EXPORTED_LATE_MS;
  return evidence.blindSpots(evidence.deviceOf(exporter), 'flow', time.start, to);
}

/** When the devices that translate to an address told not everything while a session of it began. */
export function translatorSpots(evidence: Evidence, address: string, time: SessionTime): readonly BlindSpot[] {
  return evidence.translatorsOf(address).flatMap((device) => logSpots(evidence, device, time));
}

/** The same of one device. That it logs no events does not mean that it logs no sessions. */
export function logSpots(evidence: Evidence, device: string, time: SessionTime): readonly BlindSpot[] {
  const to = Math.min(time.end, time.start + BEGINNING_MS) + LOGGED_LATE_MS;
  return LOGS_OF_TRANSLATIONS.flatMap((kind) => evidence.blindSpots(device, kind, time.start, to)).filter(
    ({ kind, reason }) => kind !== 'log' || isLost(reason),
  );
}

/**
 * When those who say the links of a chain, or who once said who had an address that nobody is known to have had, could not be
 * heard: only links that were not seen at the very time are in doubt.
 */
export function linkBlindness(
  evidence: Evidence,
  leg: Leg,
  steps: readonly VerdictStep[] | undefined,
  { start }: SessionTime,
): Blindness {
  const doubtful = (steps ?? []).filter(({ validFrom, validTo }) => {
    return (validFrom !== null && validFrom > start) || (validTo !== null && validTo < start);
  });
  const linked = doubtful.filter(({ relation }) => LINKS.has(relation)).map(({ device }) => device);
  const once = steps === undefined ? holdersOf(evidence, leg) : [];
  const spots = [...new Set([...linked, ...once])].flatMap((device) => [
    ...evidence.blindSpots(device, 'poll', start, start),
    ...evidence.blindSpots(device, 'lease_log', start, start),
    ...evidence.blindSpots(device, 'log', start, start).filter(({ reason }) => isLost(reason)),
  ]);
  return { reasons: [...new Set(spots.map(reasonOf))], steps: spots.map(stepOfSpot) };
}

/** Messages are known to be lost, whatever they told. */
function isLost(reason: BlindSpot['reason']): boolean {
  return reason === 'GAP' || reason === 'DROPPED';
}

const LINKS: ReadonlySet<string> = new Set([...ADDRESSES, 'mac-vnic', 'vnic-vm', 'vm-host', 'ip-user', 'ip-device']);

function holdersOf(evidence: Evidence, { src }: Leg): string[] {
  const ip = textOf(src);
  return ADDRESSES.flatMap((relation) => evidence.held(relation, ip).map(({ device }) => device));
}

/** The code under which a verdict carries a spot. */
export function reasonOf({ kind }: BlindSpot): 'FLOW_GAP' | 'LOG_GAP' | 'POLL_GAP' {
  return kind === 'flow' ? 'FLOW_GAP' : kind === 'poll' ? 'POLL_GAP' : 'LOG_GAP';
}

/** A spot as a step of the chain: who told not everything, and when. */
export function stepOfSpot(spot: BlindSpot): VerdictStep {
  return {
    relation: 'blind',
    from: blindSource(spot),
    to: blindExtent(spot),
    device: spot.device,
    parser: '',
    validFrom: spot.from,
    validTo: spot.to,
    clockOffset: 0,
    confidence: 1,
    rawSeqs: [spot.rawSeq],
    detail: spot.detail,
  };
}
