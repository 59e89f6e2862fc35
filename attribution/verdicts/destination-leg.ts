import type { Account, Leg } from '../../store/analysis/evidence-record';
import type { VerdictStep } from '../../store/analysis/verdict-record';
import { socketText } from '../../store/queries/places';
import { type AccountSpan, wantedOf } from './account-claims';
import type { Evidence } from './evidence';
import { SAME_START_MS } from './priors.data';
import { type SessionTime, timeOf } from './session-time';
import { fitOf } from './translation-claim';

/** Where a session really went, when its destination was translated. */
export interface DestinationFound {
  /** The same communication as it was called, when this session is the one that it became. */
  readonly legOf: Leg | undefined;
  readonly steps: readonly VerdictStep[];
}

const NOT_TRANSLATED: DestinationFound = { legOf: undefined, steps: [] };

/** Both sides of a translation begin within this time, ms: an exporter may have missed the first packets. */
const AROUND_MS = 15_000;

/** A destination as it was called, and as it was reached. */
interface Translation {
  readonly called: string;
  readonly calledPort: number | null;
  readonly reached: string;
  readonly reachedPort: number | null;
  readonly device: string;
  readonly parser: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly offset: number;
  readonly rawSeqs: readonly number[];
}

/**
 * Redirected, balanced and published services: one communication is seen to the address that was called and to the one that was
 * reached. By session logs of its source (`spans`), and by flow records that hold both.
 */
export function destinationOf(
  evidence: Evidence,
  leg: Leg,
  time: SessionTime,
  spans: readonly AccountSpan[],
): DestinationFound {
  const logged = spans.flatMap((span) => loggedTranslation(span, time) ?? []);
  const near = leg.srcPort === null ? [] : besides(evidence, leg, time);
  const seen = [leg, ...near].flatMap((each) => seenTranslation(evidence, each) ?? []);
  const found = [...logged, ...seen].find((each) => isAbout(each, leg));
  if (found === undefined) return NOT_TRANSLATED;
  const isReached = found.reached === leg.dst && found.called !== leg.dst;
  const called = isReached
    ? near.find((other) => other.dst === found.called && isSame(other.dstPort, found.calledPort))
    : undefined;
  return { legOf: called, steps: [destinationStep(found)] };
}

function loggedTranslation(span: AccountSpan, time: SessionTime): Translation | undefined {
  const account = span.accounts.find(({ natDst }) => natDst !== null);
  if (account === undefined || fitOf(span, wantedOf(span, time), false) === undefined) return undefined;
  const { dst, natDst, dstPort, natDstPort } = account as Account & { readonly natDst: string };
  if (dst === null || (dst === natDst && isSame(dstPort, natDstPort))) return undefined;
  const { device, parser } = account;
  const { from, to, offset } = span;
  const rawSeqs = [...new Set(span.accounts.map(({ rawSeq }) => rawSeq))].sort((a, b) => a - b);
  const ends = { called: dst, calledPort: dstPort, reached: natDst, reachedPort: natDstPort ?? dstPort };
  return { ...ends, device, parser, from, to, offset, rawSeqs };
}

function seenTranslation(evidence: Evidence, leg: Leg): Translation | undefined {
  const { dst, dstPort, natDst, natDstPort, exporter, firstSeq } = leg;
  if (natDst === null || (natDst === dst && isSame(dstPort, natDstPort))) return undefined;
  const { start, end, offset } = timeOf(evidence, leg);
  const ends = { called: dst, calledPort: dstPort, reached: natDst, reachedPort: natDstPort ?? dstPort };
  return { ...ends, device: exporter, parser: 'flow', from: start, to: end, offset, rawSeqs: [firstSeq] };
}

/** Other sessions of the same endpoint at the same time: what was called, or what was reached. */
function besides(evidence: Evidence, leg: Leg, time: SessionTime): Leg[] {
  const found = evidence.flowOffsets(time.start).flatMap((offset) => {
    const at = time.start + offset;
    return evidence.sessionsFrom(leg.src, leg.srcPort, at - AROUND_MS, at + AROUND_MS);
  });
  return found.filter((other) => {
    if (other.num === leg.num || other.protocol !== leg.protocol || other.dst === leg.dst) return false;
    const own = timeOf(evidence, other);
    const tolerance = SAME_START_MS + own.residual + time.residual;
    return own.start <= time.end + tolerance && own.end >= time.start - tolerance;
  });
}

function isAbout({ called, calledPort, reached, reachedPort }: Translation, { dst, dstPort }: Leg): boolean {
  return (called === dst && isSame(calledPort, dstPort)) || (reached === dst && isSame(reachedPort, dstPort));
}

function isSame(left: number | null, right: number | null): boolean {
  return left === null || right === null || left === right;
}

function destinationStep(found: Translation): VerdictStep {
  return {
    relation: 'destination',
    from: socketText(found.called, found.calledPort),
    to: socketText(found.reached, found.reachedPort),
    device: found.device,
    parser: found.parser,
    validFrom: found.from,
    validTo: found.to,
    clockOffset: found.offset,
    confidence: 1,
    rawSeqs: found.rawSeqs,
    detail: '',
  };
}
