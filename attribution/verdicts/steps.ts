import type { VerdictStep } from '../../store/analysis/verdict-record';
import { type Weighted, rounded } from './confidence';
import type { Elected, Vote } from './votes';

/** A candidate of one link as a step of the chain: its strongest vote, and who agrees. */
export function stepOf(key: string, { value, weight }: Weighted<Elected>, to = value.value): VerdictStep {
  const [first] = value.votes as [Vote];
  const { held } = first;
  return {
    relation: held.relation,
    from: key,
    to,
    device: held.device,
    parser: held.parser,
    validFrom: held.fromHi,
    validTo: held.toLo,
    clockOffset: 0,
    confidence: rounded(weight),
    rawSeqs: rawSeqsOf(value.votes),
    detail: detailOf(value.votes),
  };
}

/** First and last record of each vote, ascending; the strongest votes where there are many. */
function rawSeqsOf(votes: readonly Vote[]): number[] {
  if (votes.length === 1) {
    const { firstSeq, lastSeq } = votes[0]!.held;
    return firstSeq === lastSeq ? [firstSeq] : [Math.min(firstSeq, lastSeq), Math.max(firstSeq, lastSeq)];
  }
  const seqs = votes.slice(0, 4).flatMap(({ held }) => [held.firstSeq, held.lastSeq]);
  return [...new Set(seqs)].sort((a, b) => a - b);
}

function detailOf(votes: readonly Vote[]): string {
  const [first] = votes as [Vote];
  if (votes.length === 1) return first.age > 0 ? `${ageText(first.age)} from the nearest observation` : '';
  const parts: string[] = [];
  if (first.age > 0) parts.push(`${ageText(first.age)} from the nearest observation`);
  const others = [...new Set(votes.slice(1).map(({ held }) => `${held.device} (${held.relation})`))];
  if (others.length > 0) parts.push(`agreed by ${others.join(', ')}`);
  return parts.join('; ');
}

function ageText(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}
