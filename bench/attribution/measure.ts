import { runScenario, unexpected, type Length, type SiteRun } from '../../test/site/run';
import type { Scenario } from '../../test/site/scenarios/scenario';
import { calibrationOf, type Calibration, type Claim } from '../../test/site/score/calibration';
import { HOPS, type Hop, type Outcome } from '../../test/site/score/hops';
import { emptyTally, type Tally } from '../../test/site/score/score';

/** Sums over the seeds of one scenario, or over all. */
export interface Figures {
  readonly id: string;
  readonly about: string;
  readonly sessions: number;
  readonly hops: Readonly<Record<Hop, Tally>>;
  readonly all: Tally;
  readonly provable: Tally;
  readonly calibration: Calibration;
  readonly chains: { readonly checked: number; readonly right: number };
  readonly missing: number;
  readonly surplus: number;
  /** Milliseconds of computing for each session from journal to verdict. */
  readonly costMs: number;
  /** What is not as the scenario expects, with the seed. */
  readonly unexpected: readonly string[];
}

export interface Measured {
  readonly scenarios: readonly Figures[];
  readonly overall: Figures;
}

export function measure(
  scenarios: readonly Scenario[],
  seeds: readonly number[],
  length: Length,
  progress: (line: string) => void,
): Measured {
  const sums = scenarios.map((scenario): Sum => {
    const sum = new Sum(scenario.id, scenario.about);
    for (const seed of seeds) {
      const run = runScenario(scenario, seed, length);
      sum.add(run, seed);
      progress(`${scenario.id} seed ${seed}: ${run.site.sessions.length} sessions, ${Math.round(run.derivedIn)} ms`);
    }
    return sum;
  });
  const overall = new Sum('all', 'all scenarios');
  for (const sum of sums) overall.merge(sum);
  return { scenarios: sums.map((sum) => sum.figures()), overall: overall.figures() };
}

class Sum {
  #sessions = 0;
  #derivedIn = 0;
  #missing = 0;
  #surplus = 0;
  readonly #hops = Object.fromEntries(HOPS.map((hop) => [hop, emptyTally()])) as Record<Hop, Tally>;
  readonly #all = emptyTally();
  readonly #provable = emptyTally();
  readonly #claims: Claim[] = [];
  readonly #chains = { checked: 0, right: 0 };
  readonly #unexpected: string[] = [];

  constructor(
    readonly id: string,
    readonly about: string,
  ) {}

  add(run: SiteRun, seed: number): void {
    const { score, derivedIn } = run;
    this.#sessions += score.sessions;
    this.#derivedIn += derivedIn;
    this.#missing += score.missing.length;
    this.#surplus += score.surplus.length;
    for (const hop of HOPS) addTally(this.#hops[hop], score.hops[hop]);
    addTally(this.#all, score.all);
    addTally(this.#provable, score.provable);
    for (const claim of score.claims) this.#claims.push(claim);
    this.#chains.checked += score.chains.checked;
    this.#chains.right += score.chains.right;
    for (const line of unexpected(run)) this.#unexpected.push(`seed ${seed}: ${line}`);
  }

  merge(other: Sum): void {
    this.#sessions += other.#sessions;
    this.#derivedIn += other.#derivedIn;
    this.#missing += other.#missing;
    this.#surplus += other.#surplus;
    for (const hop of HOPS) addTally(this.#hops[hop], other.#hops[hop]);
    addTally(this.#all, other.#all);
    addTally(this.#provable, other.#provable);
    for (const claim of other.#claims) this.#claims.push(claim);
    this.#chains.checked += other.#chains.checked;
    this.#chains.right += other.#chains.right;
  }

  figures(): Figures {
    return {
      id: this.id,
      about: this.about,
      sessions: this.#sessions,
      hops: this.#hops,
      all: this.#all,
      provable: this.#provable,
      calibration: calibrationOf(this.#claims),
      chains: this.#chains,
      missing: this.#missing,
      surplus: this.#surplus,
      costMs: this.#derivedIn / Math.max(1, this.#sessions),
      unexpected: this.#unexpected,
    };
  }
}

function addTally(sum: Tally, more: Tally): void {
  for (const outcome of Object.keys(more) as Outcome[]) sum[outcome] += more[outcome];
}
