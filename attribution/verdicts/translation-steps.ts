import type { Leg } from '../../store/analysis/evidence-record';
import type { VerdictStep } from '../../store/analysis/verdict-record';
import { socketText } from '../../store/queries/places';
import { rounded } from './confidence';
import type { TranslationClaim } from './translation-claim';
import type { TrueSource } from './true-source';

/** What a class of claims is called in a sentence. */
const CALLED: Readonly<Record<string, string>> = {
  'nat-log': 'session log',
  'nat-flow': 'flow record with both ends',
  'nat-binding': 'translation log',
  'nat-table': 'translation table',
  'nat-block': 'port block',
  'nat-static': 'fixed translation',
  'nat-inference': 'inferred from destination, time and counters',
};

/** From the translated endpoint to the one behind it: the strongest claim, and all that agree. */
export function natStep(leg: Leg, { address, port, claims }: TrueSource, weight: number): VerdictStep {
  const [first] = claims as [TranslationClaim];
  return {
    relation: 'nat',
    from: socketText(leg.src, leg.srcPort),
    to: socketText(address, port),
    device: first.device,
    parser: first.parser,
    validFrom: first.from,
    validTo: first.to,
    clockOffset: first.offset,
    confidence: rounded(weight),
    rawSeqs: [...new Set(claims.slice(0, 6).flatMap(({ rawSeqs }) => rawSeqs))].sort((a, b) => a - b),
    detail: detailOf(claims),
  };
}

function detailOf(claims: readonly TranslationClaim[]): string {
  const told = [
    ...new Set(claims.map((claim) => `${CALLED[claim.class] ?? claim.class} of ${claim.device}${claim.note ?? ''}`)),
  ];
  const destination = claims.some(({ withDestination }) => withDestination) ? '; the destination is part of it' : '';
  return `${told.join(', ')}${destination}`;
}

/** The same communication before translation, where it was seen. */
export function legStep({ leg }: TrueSource): VerdictStep[] {
  if (leg === undefined) return [];
  return [sessionStep('leg', leg, 'the same communication, seen before translation; its bytes are not added')];
}

/** A session that explains another one. */
export function sessionStep(relation: string, leg: Leg, detail: string): VerdictStep {
  return {
    relation,
    from: leg.id,
    to: `${socketText(leg.src, leg.srcPort)} -> ${socketText(leg.dst, leg.dstPort)}`,
    device: leg.exporter,
    parser: 'flow',
    validFrom: leg.start,
    validTo: leg.end,
    clockOffset: 0,
    confidence: 1,
    rawSeqs: [leg.firstSeq],
    detail,
  };
}
