import type { Owner, VerdictStep } from '../../store/analysis/verdict-record';

/** An owner with the links that lead to it from an address. */
export interface Candidate {
  readonly owner: Owner;
  /** 0 to 1. */
  readonly weight: number;
  readonly steps: readonly VerdictStep[];
}

/** Candidates of an address, the heaviest first, and what weakens them. */
export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly reasons: readonly string[];
}

/** Candidates for the same owner as one: the weights add up, the strongest chain stands. */
export function merged(candidates: readonly Candidate[]): Candidate[] {
  if (candidates.length <= 1) return [...candidates];
  const byOwner = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const key = `${candidate.owner.kind} ${candidate.owner.id}`;
    const known = byOwner.get(key);
    if (known === undefined) byOwner.set(key, candidate);
    else {
      const strongest = known.weight >= candidate.weight ? known : candidate;
      byOwner.set(key, { ...strongest, weight: Math.min(1, known.weight + candidate.weight) });
    }
  }
  return [...byOwner.values()].sort((a, b) => b.weight - a.weight || (a.owner.id < b.owner.id ? -1 : 1));
}
