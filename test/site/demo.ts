import { compress } from './compress';
import { LiveSite, SECRETS, type Collector, type Played, type SecretNames } from './delivery/live';
import { arrivals, evidenceOf } from './faults';
import { siteOf } from './run';
import { DEMO } from './scenarios/demo';
import { readAnswers } from './score/answers';
import { scoreSite, type SiteScore } from './score/score';
import type { Site } from './site';
import type { TelemetryOptions } from './telemetry/options';
import { telemetryOf } from './telemetry/telemetry';

/** The site that `demo` plays on loopback. */
export interface Demo {
  readonly site: Site;
  /** Site minutes before they were compressed. */
  readonly minutes: number;
  /** Configuration of the collector; `names` refer to `secrets`. */
  readonly configuration: (collector: Collector, names: SecretNames) => string;
  readonly secrets: typeof SECRETS;
  /** Flow records that the site's exporters send in all. */
  readonly flowRecords: number;
  /** Sends everything at its time. */
  readonly play: (collector: Collector, onProgress: (siteTime: number) => void, signal: AbortSignal) => Promise<Played>;
  /** Judges what a collector's `ascribe.db` says. */
  readonly score: (database: string) => SiteScore;
  readonly close: () => Promise<void>;
}

const MINUTE = 60_000;
/** Until the daemon that watches is up. */
const LEAD_MS = 2_500;

/** A seed is a site; `speed`: site seconds in a second. Its devices begin at `begin`, epoch ms, and a little. */
export async function openDemo(seed: number, speed: number, begin: number): Promise<Demo> {
  const planned = siteOf(DEMO, seed);
  const site = compress(planned, speed, begin + LEAD_MS);
  const telemetry: TelemetryOptions = {
    activeTimeout: MINUTE / speed,
    inactiveTimeout: 15_000 / speed,
    templatesEvery: MINUTE / speed,
  };
  const arrived = arrivals(seed, telemetryOf(site, telemetry), {});
  const live = await LiveSite.open(site);
  return {
    site,
    minutes: planned.duration / MINUTE,
    configuration: (collector, names) => live.configuration(collector, names),
    secrets: SECRETS,
    flowRecords: arrived.reduce(
      (sum, { emission }) => sum + (emission.format === 'flow' ? emission.tells.length : 0),
      0,
    ),
    play: (collector, onProgress, signal) => live.play(arrived, { collector, onProgress, signal }),
    score: (database) => scoreSite({ site, telemetry, answers: readAnswers(database), evidence: evidenceOf(arrived) }),
    close: () => live.close(),
  };
}
