import type { FindingStore } from '../../store/analysis/finding-store';
import type { MatchRecord } from '../../store/analysis/finding-record';
import type { DirtySeries, Prevalence, SeriesStore } from '../../store/analysis/series-store';
import { textOf } from '../../store/queries/places';
import { placeTerms } from '../destinations/place';
import { type BeaconScore, scoreSeries } from '../beacons/beacon-score';
import type { Period } from '../beacons/persistence';
import { findRelay, type Relay } from '../relays/find-relay';
import type { RelayReader } from '../../store/analysis/relay-reader';
import type { SeriesAnalytic, SeriesEvidence } from './contract';
import type { FindingRules } from './finding-rules';
import { recordOf } from './match-record';
import { changesRarity, mayBeRelayed } from './rarity';

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
  /** Number of the last series of this round that was scored; 0 at its beginning. */
  #after = 0;

  constructor(series: SeriesStore, findings: FindingStore, rules: FindingRules, relays: RelayReader) {
    this.#relays = relays;
    this.#series = series;
    this.#findings = findings;
    this.#rules = rules;
    this.#analytics = rules.analytics.filter((analytic) => analytic.looksAt === 'series');
  }

  /**
   * At most `limit` of the series that have changed, or with `round` of those that are due in this round; returns how many. Fewer than `limit`: the round is
   * over. Inside a transaction.
   */
  score(limit: number, round?: number): number {
    if (this.#after === 0) this.#lookAtPrevalences();
    const dirty = this.#series.dirty(this.#after, limit, round);
    for (const series of dirty) this.#scoreOne(series);
    this.#after = dirty.length < limit ? 0 : dirty.at(-1)!.num;
    return dirty.length;
  }

  /** To be called when the transaction was given up. */
  forget(): void {
    this.#after = 0;
  }

  /** Others may have come to talk with a destination since its series were scored. */
  #lookAtPrevalences(): void {
    if (this.#rules.prevalence !== undefined) return;
    for (const { num, dst, ...scored } of this.#series.scoredPrevalences()) {
      if (changesRarity(scored, this.#series.prevalence(dst))) this.#series.rescore(num);
    }
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
      last: ends.last,
      prevalence: { owners, of },
      terms: termsOf(score),
    });
    const evidence: SeriesEvidence = {
      ...series,
      score,
      firstStart: ends.first,
      lastStart: ends.last,
      prevalence: { owners, of },
      relay: this.#relayOf(series, { owners, of }),
      roles: this.#rules.values.roles.rolesOf(series.subject),
    };
    this.#findings.replace(origin, this.#matchesOf(evidence), ends.last);
  }

  #relayOf({ num, subject }: DirtySeries, prevalence: Prevalence): Relay | undefined {
    return subject.kind === 'vm' && mayBeRelayed(prevalence) ? findRelay(this.#relays, num) : undefined;
  }

  /** The shortest period that shows a rhythm, else the longest. */
  #best(series: number, { first, last }: { first: number; last: number }): { score: BeaconScore; period: Period } {
    const to = Math.ceil((last + 1) / HOUR) * HOUR;
    let best: { score: BeaconScore; period: Period } | undefined;
    for (const length of PERIODS) {
      if (best !== undefined && first >= best.period.from) break;
      const period = { from: to - length, to };
      const score = scoreSeries(this.#series.sessions(series, period.from, to), period, this.#rules.beacons);
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

function termsOf(score: BeaconScore): Readonly<Record<string, unknown>> {
  const { timing, phase, jitter, loss, evidence, sizes, persistence, seenShare, intervals } = score;
  return {
    intervals,
    timing: timing?.score ?? null,
    phase,
    jitter,
    loss,
    evidence,
    sizes: sizes?.score ?? null,
    histogram: persistence?.histogramScore ?? null,
    duration: persistence?.durationScore ?? null,
    filled_hours: persistence?.filled ?? 0,
    seen_share: seenShare,
  };
}
