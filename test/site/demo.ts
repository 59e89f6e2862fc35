import { compress } from './compress';
import { LiveSite, SECRETS, type Collector, type Played, type SecretNames } from './delivery/live';
import { arrivals, evidenceOf, type Arrival } from './faults';
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
  /** Begins the site's time, for a collector that listens, and sends everything at its time. */
  readonly play: (collector: Collector, onProgress: (siteTime: number) => void, signal: AbortSignal) => Promise<Played>;
  /** Judges what a collector's `ascribe.db` says. */
  readonly score: (database: string) => SiteScore;
  readonly close: () => Promise<void>;
}

const MINUTE = 60_000;
/** Before site time 0, besides what it takes to write down what the devices will say. */
const LEAD_MS = 1000;

/** A seed is a site; `speed`: site seconds in a second. */
export async function openDemo(seed: number, speed: number): Promise<Demo> {
  const planned = siteOf(DEMO, seed);
  const telemetry: TelemetryOptions = {
    activeTimeout: MINUTE / speed,
    inactiveTimeout: 15_000 / speed,
    templatesEvery: MINUTE / speed,
  };
  const sentBy = (site: Site): Arrival[] => arrivals(seed, telemetryOf(site, telemetry), {});
  const before = Date.now();
  let site = compress(planned, speed, before);
  let arrived = sentBy(site);
  const writing = Date.now() - before;
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
    play: (collector, onProgress, signal) => {
      // Stamps are in what devices send, so it is written for the time at which it is sent.
      const epoch = Date.now() + 2 * writing + LEAD_MS;
      site = { ...site, epoch };
      arrived = sentBy(site);
      return live.play(arrived, { epoch, collector, onProgress, signal });
    },
    score: (database) => scoreSite({ site, telemetry, answers: readAnswers(database), evidence: evidenceOf(arrived) }),
    close: () => live.close(),
  };
}
