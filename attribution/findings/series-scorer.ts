import type { FindingStore } from '../../store/analysis/finding-store';
import type { MatchRecord, SeriesSession } from '../../store/analysis/finding-record';
import type { DirtySeries, SeriesStore } from '../../store/analysis/series-store';
import { textOf } from '../../store/queries/places';
import { placeTerms } from '../destinations/place';
import { type BeaconScore, scoreSeries } from '../beacons/beacon-score';
import type { Period } from '../beacons/persistence';
import { findRelay, type Relay } from '../relays/find-relay';
import type { RelayReader } from '../../store/analysis/relay-reader';
import type { SeriesAnalytic, SeriesEvidence } from './contract';
import type { FindingRules } from './finding-rules';
import { recordOf } from './match-record';

/** Owners of a destination, at most, that are looked at as relays. */
const RELAYED = 3;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What a day is too short for, a week may show. */
const PERIODS: readonly number[] = [DAY, 7 * DAY];

/** Scores the series of sessions and looks for rhythms. */
export class SeriesScorer {
  readonly #series: SeriesStore;
  readonly #findings: FindingStore;
  readonly #rules: FindingRules;
  readonly #relays: RelayReader;
  readonly #analytics: readonly SeriesAnalytic[];

  constructor(series: SeriesStore, findings: FindingStore, rules: FindingRules, relays: RelayReader) {
    this.#relays = relays;
    this.#series = series;
    this.#findings = findings;
    this.#rules = rules;
    this.#analytics = rules.analytics.filter((analytic) => analytic.looksAt === 'series');
  }

  /** At most `limit` of the series that have changed; returns how many. Inside a transaction. */
  score(limit: number): number {
    const dirty = this.#series.dirty(0, limit);
    for (const series of dirty) this.#scoreOne(series);
    return dirty.length;
  }

  #scoreOne(series: DirtySeries): void {
    const origin = { kind: 'series', num: series.num } as const;
    const ends = this.#series.ends(series.num);
    if (ends === undefined) {
      this.#series.empty(series.num);
      this.#findings.replace(origin, [], 0);
      return;
    }
    const { score, period } = this.#best(series.num, ends);
    const { owners, of } = this.#rules.prevalence?.(series.dst) ?? this.#series.prevalence(series.dst);
    this.#series.scored(series.num, {
      answer: score.answer,
      from: period.from,
      to: period.to,
      sessions: score.sessions,
      chance: score.chance,
      period: score.period,
      composite: score.composite,
      prevalence: of === 0 ? 0 : owners / of,
      terms: termsOf(score),
    });
    const evidence: SeriesEvidence = {
      ...series,
      score,
      firstStart: ends.first,
      lastStart: ends.last,
      prevalence: { owners, of },
      relay: this.#relayOf(series, owners),
      roles: this.#rules.values.roles.rolesOf(series.subject),
    };
    this.#findings.replace(origin, this.#matchesOf(evidence), ends.last);
  }

  /** Where many talk with the destination, each for itself, nobody needs a relay. */
  #relayOf({ num, subject }: DirtySeries, owners: number): Relay | undefined {
    return subject.kind === 'vm' && owners <= RELAYED ? findRelay(this.#relays, num) : undefined;
  }

  /** The shortest period that shows a rhythm, else the longest. */
  #best(series: number, { first, last }: { first: number; last: number }): { score: BeaconScore; period: Period } {
    const to = Math.ceil((last + 1) / HOUR) * HOUR;
    let best: { score: BeaconScore; period: Period } | undefined;
    for (const length of PERIODS) {
      if (best !== undefined && first >= best.period.from) break;
      const period = { from: to - length, to };
      const score = scoreSeries(seriesOf(this.#series.sessions(series, period.from, to)), period, this.#rules.beacons);
      best = { score, period };
      if (score.answer === 'beacon') break;
    }
    return best!;
  }

  #matchesOf(evidence: SeriesEvidence): MatchRecord[] {
    const matches: MatchRecord[] = [];
    for (const analytic of this.#analytics) {
      const match = analytic.match(evidence, this.#rules.values);
      if (match === undefined) continue;
      const place = this.#rules.values.places.placeOf(textOf(evidence.dst));
      const known = place === undefined ? {} : placeTerms(place);
      matches.push(recordOf(analytic, match, evidence.subject, evidence.lastStart, known));
    }
    return matches;
  }
}

function seriesOf(sessions: readonly SeriesSession[]): Parameters<typeof scoreSeries>[0] {
  return {
    starts: sessions.map(({ start }) => start),
    sentBytes: sessions.flatMap(({ sentBytes }) => sentBytes ?? []),
    packets: sessions.flatMap(({ packets }) => packets ?? []),
    samplingRate: sessions.reduce((most, { samplingRate }) => Math.max(most, samplingRate), 1),
  };
}

function termsOf(score: BeaconScore): Readonly<Record<string, unknown>> {
  const { timing, phase, timingBasis, sizes, persistence, seenShare, intervals } = score;
  return {
    intervals,
    timing: timing?.score ?? null,
    phase,
    basis: timingBasis,
    sizes: sizes?.score ?? null,
    histogram: persistence?.histogramScore ?? null,
    duration: persistence?.durationScore ?? null,
    filled_hours: persistence?.filled ?? 0,
    seen_share: seenShare,
  };
}
