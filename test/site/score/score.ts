import type { Site } from '../site';
import type { TelemetryOptions } from '../telemetry/options';
import type { Evidence, TrueSession } from '../truth';
import type { Answer } from './answers';
import { calibrationOf, type Calibration, type Claim } from './calibration';
import { HOPS, isChainTrue, isOwner, outcomesOf, type Hop, type Outcome } from './hops';
import { match, type Matched } from './match';

export type Tally = Record<Outcome, number>;

/** How well a site was ascribed. */
export interface SiteScore {
  readonly sessions: number;
  readonly hops: Readonly<Record<Hop, Tally>>;
  /** By session: the worst of what is said of its legs. `provable`: those whose evidence arrived. */
  readonly all: Tally;
  readonly provable: Tally;
  readonly calibration: Calibration;
  readonly claims: readonly Claim[];
  /** Attributed legs, and of these how many have a chain whose every step is true. */
  readonly chains: { readonly checked: number; readonly right: number };
  /** True sessions that are not listed although a flow record of them arrived; listed ones that never happened. */
  readonly missing: readonly TrueSession[];
  readonly surplus: readonly Answer[];
  readonly wrongs: readonly Wrong[];
  /** From the end of a session to the receipt of the latest evidence its verdict had before it, ms. */
  readonly waits: readonly number[];
}

export interface Wrong {
  readonly hop: Hop;
  readonly matched: Matched;
}

export interface Scored {
  readonly site: Site;
  readonly answers: readonly Answer[];
  readonly telemetry: TelemetryOptions;
  /** What arrived of each session's evidence. */
  readonly evidence: ReadonlyMap<number, ReadonlySet<Evidence>>;
  /** Whether the addresses of VMs could be known at all: ARP and the hypervisors' adapters. */
  readonly addressesKnown?: boolean;
}

const FLOWS: readonly Evidence[] = ['flow-inside', 'flow-outside', 'flow-nat', 'vds'];
/** From worst to best, as a session is judged by its legs. */
const WORST_FIRST: readonly Outcome[] = ['wrong', 'abstained', 'ambiguous', 'right'];

/** Compares what ascribe says with what happened. */
export function scoreSite({ site, answers, telemetry, evidence, addressesKnown = true }: Scored): SiteScore {
  const { matched, missing, surplus } = match(site, answers, telemetry);
  const hops = Object.fromEntries(HOPS.map((hop) => [hop, emptyTally()])) as Record<Hop, Tally>;
  const owners = new Map<number, Outcome[]>();
  const provableOwners = new Map<number, Outcome[]>();
  const wrongs: Wrong[] = [];
  const claims: Claim[] = [];
  const chains = { checked: 0, right: 0 };
  const waits: number[] = [];
  for (const item of matched) {
    const outcomes = outcomesOf(site, item);
    for (const hop of HOPS) {
      const outcome = outcomes[hop];
      if (outcome === undefined) continue;
      hops[hop][outcome]++;
      if (outcome === 'wrong') wrongs.push({ hop, matched: item });
    }
    const owner = outcomes.owner ?? 'abstained';
    append(owners, item.truth.id, owner);
    if (owner === 'wrong' || (addressesKnown && isProvable(item, evidence)))
      append(provableOwners, item.truth.id, owner);
    claims.push(...claimsOf(item));
    const { verdict } = item.answer;
    if (verdict !== undefined) waits.push(verdict.recordedAt - site.epoch - item.truth.end);
    if (item.answer.verdict?.status === 'attributed' && owner === 'right') {
      chains.checked++;
      if (isChainTrue(site, item)) chains.right++;
    }
  }
  return {
    sessions: site.sessions.length,
    hops,
    all: tallyWorst(owners),
    provable: tallyWorst(provableOwners),
    calibration: calibrationOf(claims),
    claims,
    chains,
    missing: missing.filter(({ id }) => FLOWS.some((flow) => evidence.get(id)?.has(flow))),
    surplus,
    wrongs,
    waits,
  };
}

export function emptyTally(): Tally {
  return { right: 0, wrong: 0, ambiguous: 0, abstained: 0 };
}

/** Whether the evidence that arrived is enough to name the owner of this leg. */
function isProvable({ truth, leg }: Matched, evidence: Scored['evidence']): boolean {
  const arrived = evidence.get(truth.id);
  if (truth.askedBy !== undefined && arrived?.has('proxy-log') !== true) return false;
  if (leg === 'inside') return true;
  return arrived?.has('nat-log') === true || arrived?.has('flow-nat') === true;
}

/** The first candidate is a claim, whatever the status. */
function claimsOf({ truth, answer }: Matched): Claim[] {
  const first = answer.verdict?.owners[0];
  if (first === undefined || answer.verdict?.status === 'blind') return [];
  if (first.kind === 'unknown' || first.id.startsWith('address:')) return [];
  return [{ confidence: first.weight, isRight: isOwner(first, truth.owner) }];
}

function append(map: Map<number, Outcome[]>, key: number, outcome: Outcome): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [outcome]);
  else known.push(outcome);
}

function tallyWorst(bySession: ReadonlyMap<number, readonly Outcome[]>): Tally {
  const tally = emptyTally();
  for (const outcomes of bySession.values()) {
    const worst = WORST_FIRST.find((outcome) => outcomes.includes(outcome));
    if (worst !== undefined) tally[worst]++;
  }
  return tally;
}
