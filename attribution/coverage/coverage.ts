import type { Asset, Heard } from '../../store/queries/coverage';
import type { Weakness } from './weaknesses';
import type { Analytic, MutableElement, Telemetry } from '../findings/contract';
import { switchFor } from './switches.data';

/** `covered`: nothing found means something. `degraded`: it would be seen in part. `blind`: it could not have been seen. */
export type CoverageState = 'covered' | 'degraded' | 'blind';

/** What one analytic could have seen of one asset. */
export interface CoverageCell {
  readonly analytic: string;
  readonly state: CoverageState;
  /** Why it is not covered, one entry for each kind of telemetry that is missing or weak. */
  readonly lacks: readonly Lack[];
}

export interface Lack {
  /** Kind of telemetry, or the element that the site has not set. */
  readonly telemetry: Telemetry | MutableElement;
  readonly why: 'never_heard' | 'silent' | 'stopped' | 'gap' | 'sampled' | 'no_session_seen' | 'not_configured';
  /** Who told not everything, of `stopped` and `gap`: `session logs of fw1`. */
  readonly source?: string;
  /** Epoch ms when it was last heard; null: never. */
  readonly lastHeard: number | null;
  /** What to type or set to switch it on. */
  readonly remedy: string;
}

export interface AssetCoverage {
  readonly asset: Asset;
  readonly cells: readonly CoverageCell[];
}

/** How long a source may be silent before it counts as such: events are rare, polls and flows are not. */
const FRESH: Readonly<Record<Telemetry, number>> = {
  flows: 24 * 3_600_000,
  sockets: 3_600_000,
  host_logs: 24 * 3_600_000,
  session_logs: 3_600_000,
  commands: 30 * 24 * 3_600_000,
  configurations: 3 * 24 * 3_600_000,
  logins: 30 * 24 * 3_600_000,
  dns: 3_600_000,
};

/** Analytics that can say anything of an asset of this kind. */
export function appliesTo(analytic: Analytic, { kind }: Pick<Asset, 'kind'>): boolean {
  if (analytic.id === 'AN0991') return kind === 'vm';
  if (analytic.platform === 'ESXi') return kind === 'host';
  return analytic.looksAt === 'event' ? kind === 'device' : true;
}

/** What else than the latest times is known of an asset. */
export interface CoverageContext {
  /** Elements that the site has not set. */
  readonly unset?: ReadonlySet<MutableElement>;
  /** Who told not everything of it lately, by kind of telemetry. */
  readonly weak?: readonly Weakness[];
}

/** What every analytic could have seen of one asset at a time. */
export function coverageOf(
  asset: Asset,
  heard: Heard,
  analytics: readonly Analytic[],
  at: number,
  { unset = new Set(), weak = [] }: CoverageContext = {},
): AssetCoverage {
  const cells = analytics
    .filter((analytic) => appliesTo(analytic, asset))
    .map(({ id, needs, requires = [] }): CoverageCell => {
      const lacks = [
        ...requires.filter((element) => unset.has(element)).map((element) => unsetLack(element)),
        ...needs.flatMap((telemetry) => lackOf(asset, heard, telemetry, at) ?? weakLacks(weak, heard, telemetry)),
      ];
      return { analytic: id, state: stateOf(lacks), lacks };
    });
  return { asset, cells };
}

/**
 * A kind of telemetry that was never heard, or whose one source has stopped, blinds. One that fell silent, has gaps, or counts by sampling, weakens. Commands and logins that
 * were never heard of a host whose log is heard are no proof of blindness: perhaps nobody typed anything.
 */
function lackOf(asset: Asset, heard: Heard, telemetry: Telemetry, at: number): Lack | undefined {
  const lastHeard = heard[telemetry];
  const remedy = switchFor(telemetry, asset);
  if (lastHeard === null) {
    const logged = heard.host_logs !== null && (telemetry === 'commands' || telemetry === 'logins');
    if (logged) return undefined;
    const why = telemetry === 'flows' && asset.kind !== 'vm' ? 'no_session_seen' : 'never_heard';
    return { telemetry, why, lastHeard, remedy };
  }
  if (at - lastHeard > FRESH[telemetry]) return { telemetry, why: 'silent', lastHeard, remedy };
  if (telemetry === 'flows' && heard.sampled) return { telemetry, why: 'sampled', lastHeard, remedy };
  return undefined;
}

/** What is heard, yet not all of it. */
function weakLacks(weak: readonly Weakness[], heard: Heard, telemetry: Telemetry): Lack[] {
  return weak
    .filter((each) => each.telemetry === telemetry)
    .map(({ why, source, remedy }) => ({ telemetry, why, source, lastHeard: heard[telemetry], remedy }));
}

function unsetLack(element: MutableElement): Lack {
  const remedy = `set findings.${element} in ascribe.yaml; ascribe baseline propose shows what was seen`;
  return { telemetry: element, why: 'not_configured', lastHeard: null, remedy };
}

function stateOf(lacks: readonly Lack[]): CoverageState {
  if (lacks.some(({ why }) => why === 'never_heard' || why === 'stopped' || why === 'not_configured')) return 'blind';
  return lacks.length === 0 ? 'covered' : 'degraded';
}

/** Worst state of each analytic over all assets, and how many assets are in each state. */
export interface AnalyticSummary {
  readonly analytic: Analytic;
  readonly covered: number;
  readonly degraded: number;
  readonly blind: number;
}

export function summarize(assets: readonly AssetCoverage[], analytics: readonly Analytic[]): AnalyticSummary[] {
  return analytics.map((analytic) => {
    const states = assets.flatMap(({ cells }) => cells.filter((cell) => cell.analytic === analytic.id));
    const count = (state: CoverageState): number => states.filter((cell) => cell.state === state).length;
    return { analytic, covered: count('covered'), degraded: count('degraded'), blind: count('blind') };
  });
}

/** Analytics of ATT&CK enterprise v18.1 by platform, counted in the published objects. */
export const ATTACK_ANALYTICS = { ESXi: 106, 'Network Devices': 86 } as const;
