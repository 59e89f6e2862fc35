import { replayFast } from './delivery/fast';
import { arrivals, evidenceOf } from './faults';
import type { Scenario } from './scenarios/scenario';
import { readAnswers, type Answer } from './score/answers';
import { scoreSite, type SiteScore } from './score/score';
import { makeSite, type Site } from './site';
import type { TelemetryOptions } from './telemetry/options';
import { telemetryOf } from './telemetry/telemetry';

/** For how long a scenario plays: half an hour at the usual pace, or longer with sparser traffic. */
export type Length = 'short' | 'day' | 'week';

/** A scenario played with one seed, and what ascribe made of it. */
export interface SiteRun {
  readonly scenario: Scenario;
  readonly site: Site;
  readonly telemetry: TelemetryOptions;
  readonly answers: readonly Answer[];
  readonly score: SiteScore;
  readonly records: number;
  /** Milliseconds of computing from journal to verdicts. */
  readonly derivedIn: number;
}

const HOUR = 3_600_000;
interface Stretch {
  readonly duration?: number;
  readonly pace: number;
  readonly telemetry: TelemetryOptions;
}

const LENGTHS: Readonly<Record<Length, Stretch>> = {
  short: { pace: 1, telemetry: {} },
  day: { duration: 24 * HOUR, pace: 12, telemetry: { pollEvery: 900_000, socketsEvery: 120_000 } },
  week: { duration: 168 * HOUR, pace: 60, telemetry: { pollEvery: HOUR, socketsEvery: 600_000 } },
};

/** The site of a scenario. */
export function siteOf(scenario: Scenario, seed: number, length: Length = 'short'): Site {
  const { duration, pace } = LENGTHS[length];
  const wanted = scenario.site ?? {};
  return makeSite(seed, {
    ...wanted,
    pace: (wanted.pace ?? 1) * pace,
    ...(duration !== undefined && { duration }),
  });
}

export function telemetryOptions({ telemetry }: Scenario, site: Site, length: Length = 'short'): TelemetryOptions {
  return { ...LENGTHS[length].telemetry, ...(typeof telemetry === 'function' ? telemetry(site) : telemetry) };
}

/** Plays a scenario without a network, in the site's own time, and scores it. */
export function runScenario(scenario: Scenario, seed: number, length: Length = 'short'): SiteRun {
  const site = siteOf(scenario, seed, length);
  const telemetry = telemetryOptions(scenario, site, length);
  const arrived = arrivals(seed, telemetryOf(site, telemetry), scenario.faults ?? {});
  const replayed = replayFast(site, arrived);
  try {
    const answers = readAnswers(replayed.layout.database);
    const evidence = evidenceOf(arrived);
    const score = scoreSite({
      site,
      answers,
      telemetry,
      evidence,
      ...(scenario.addressesKnown !== undefined && { addressesKnown: scenario.addressesKnown }),
    });
    return { scenario, site, telemetry, answers, score, records: replayed.records, derivedIn: replayed.derivedIn };
  } finally {
    replayed.remove();
  }
}

/** What is not as the scenario expects; empty when all is. */
export function unexpected({ scenario, score, ...run }: SiteRun): string[] {
  const { wrongAtMost, rightAtLeast, also } = scenario.expect;
  const wrong = score.all.wrong / Math.max(1, score.sessions);
  const provable = Object.values(score.provable).reduce((sum, count) => sum + count, 0);
  const right = score.provable.right / Math.max(1, provable);
  const out: string[] = [];
  if (wrong > wrongAtMost) out.push(`${percent(wrong)} wrong, at most ${percent(wrongAtMost)} expected`);
  if (provable > 0 && right < rightAtLeast)
    out.push(`${percent(right)} right, at least ${percent(rightAtLeast)} expected`);
  const more = also?.({ scenario, score, ...run });
  if (more !== undefined) out.push(more);
  return out;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
