import type { AnalyticSummary } from './coverage';

/** A layer of MITRE ATT&CK Navigator, format 4.5: one cell a technique, coloured by what could be seen. */
export interface NavigatorLayer {
  readonly name: string;
  readonly versions: { readonly attack: string; readonly navigator: string; readonly layer: string };
  readonly domain: 'enterprise-attack';
  readonly description: string;
  readonly filters: { readonly platforms: readonly string[] };
  readonly techniques: readonly NavigatorTechnique[];
  readonly legendItems: readonly { readonly label: string; readonly color: string }[];
}

interface NavigatorTechnique {
  readonly techniqueID: string;
  readonly score: number;
  readonly color: string;
  readonly comment: string;
  readonly enabled: true;
}

const COVERED = '#74c476';
const DEGRADED = '#fdae6b';
const BLIND = '#fb6a4a';

/** The score is the share of assets covered, 0 to 100. */
export function navigatorLayer(summaries: readonly AnalyticSummary[]): NavigatorLayer {
  const techniques = new Map<string, AnalyticSummary[]>();
  for (const summary of summaries) {
    for (const id of summary.analytic.techniques) techniques.set(id, [...(techniques.get(id) ?? []), summary]);
  }
  return {
    name: 'ascribe coverage',
    versions: { attack: '18', navigator: '5.1.0', layer: '4.5' },
    domain: 'enterprise-attack',
    description: 'What the telemetry that ascribe receives could show, by technique.',
    filters: { platforms: ['ESXi', 'Network Devices'] },
    techniques: [...techniques].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, of]) => cellOf(id, of)),
    legendItems: [
      { label: 'covered', color: COVERED },
      { label: 'degraded', color: DEGRADED },
      { label: 'blind', color: BLIND },
    ],
  };
}

function cellOf(techniqueID: string, of: readonly AnalyticSummary[]): NavigatorTechnique {
  const sum = (count: (summary: AnalyticSummary) => number): number => of.reduce((total, each) => total + count(each), 0);
  const [covered, degraded, blind] = [sum((s) => s.covered), sum((s) => s.degraded), sum((s) => s.blind)];
  const all = covered + degraded + blind;
  return {
    techniqueID,
    score: all === 0 ? 0 : Math.round((100 * covered) / all),
    color: blind === all ? BLIND : covered === all ? COVERED : DEGRADED,
    comment: of
      .map(({ analytic, ...s }) => `${analytic.id}: ${s.covered} covered, ${s.degraded} degraded, ${s.blind} blind`)
      .join('; '),
    enabled: true,
  };
}
