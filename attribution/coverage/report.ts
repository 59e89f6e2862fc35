import { htmlText, markdownText } from './plain-text';
import type { Share } from '../../store/queries/coverage';
import { ATTACK_ANALYTICS, type AnalyticSummary, type AssetCoverage, type Lack } from './coverage';

/** Everything a coverage report tells. Times are texts already. */
export interface CoverageReport {
  readonly at: string;
  readonly assets: readonly AssetCoverage[];
  readonly summaries: readonly AnalyticSummary[];
  /** What sources told not everything of, and when. */
  readonly blindSpots: readonly { readonly source: string; readonly what: string; readonly when: string }[];
  readonly silentExporters: readonly { readonly exporter: string; readonly last: string }[];
  readonly byInterface: readonly Share[];
  readonly byNetwork: readonly Share[];
  readonly reasons: readonly { readonly reason: string; readonly sessions: number }[];
}

/** A table: its title, heads and rows. */
interface Chapter {
  readonly title: string;
  readonly about: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The report on one page of Markdown. */
export function markdownReport(report: CoverageReport): string {
  const chapters = chaptersOf(report).map(({ title, about, heads, rows }) =>
    [
      `## ${title}`,
      '',
      about,
      '',
      ...(rows.length === 0
        ? ['none']
        : [
            `| ${heads.join(' | ')} |`,
            `| ${heads.map(() => '---').join(' | ')} |`,
            ...rows.map((row) => `| ${row.map(markdownText).join(' | ')} |`),
          ]),
      '',
    ].join('\n'),
  );
  return [`# Coverage at ${report.at}`, '', introduction(report), '', ...chapters].join('\n');
}

/** The report on one page of HTML without scripts or anything from elsewhere. */
export function htmlReport(report: CoverageReport): string {
  const row = (tag: 'td' | 'th', cells: readonly string[]): string =>
    `<tr>${cells.map((text) => `<${tag}${paint(text)}>${htmlText(text)}</${tag}>`).join('')}</tr>`;
  const chapters = chaptersOf(report).map(
    ({ title, about, heads, rows }) =>
      `<h2>${htmlText(title)}</h2><p>${htmlText(about)}</p>${
        rows.length === 0
          ? '<p>none</p>'
          : `<table>${row('th', heads)}${rows.map((cells) => row('td', cells)).join('\n')}</table>`
      }`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>ascribe coverage</title><style>${STYLE}</style></head>
<body><h1>Coverage at ${htmlText(report.at)}</h1><p>${htmlText(introduction(report))}</p>
${chapters.join('\n')}
</body></html>
`;
}

const STYLE = `body{font:14px/1.45 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%;margin-bottom:1.5em}th,td{border:1px solid #ccc;padding:.25em .5em;text-align:left;vertical-align:top}
th{background:#f3f3f3}.covered{background:#c7e9c0}.degraded{background:#fdd0a2}.blind{background:#fcae91}`;

function paint(text: string): string {
  return text === 'covered' || text === 'degraded' || text === 'blind' ? ` class="${text}"` : '';
}

function introduction({ summaries }: CoverageReport): string {
  const of = (platform: keyof typeof ATTACK_ANALYTICS): number =>
    summaries.filter(({ analytic }) => analytic.platform === platform && analytic.id.startsWith('AN')).length;
  return (
    `Of ATT&CK v18.1's ${ATTACK_ANALYTICS.ESXi} analytics for ESXi and ${ATTACK_ANALYTICS['Network Devices']} for network devices ` +
    `${of('ESXi')} and ${of('Network Devices')} are looked for here. "Nothing found" means something only where it says covered.`
  );
}

function chaptersOf(report: CoverageReport): Chapter[] {
  const { assets, summaries, blindSpots, silentExporters, byInterface, byNetwork, reasons } = report;
  return [
    {
      title: 'Analytics',
      about: 'Assets by what could be seen of them.',
      heads: ['analytic', 'techniques', 'looks for', 'covered', 'degraded', 'blind'],
      rows: summaries.map(({ analytic, covered, degraded, blind }) => [
        analytic.id,
        analytic.techniques.join(' '),
        analytic.title,
        ...[covered, degraded, blind].map(String),
      ]),
    },
    {
      title: 'Assets',
      about: 'The worst state of each, and what is missing.',
      heads: ['asset', 'kind', 'role', 'state', 'missing'],
      rows: assets.map(({ asset, cells }) => [
        asset.name,
        asset.kind,
        (asset.roles ?? []).join(' '),
        worstOf(cells.map(({ state }) => state)),
        [...new Set(cells.flatMap(({ lacks }) => lacks.map(lackText)))].join('; '),
      ]),
    },
    {
      title: 'Switches to flip',
      about: 'What would be seen then. COLLECTOR is the host that runs ascribe.',
      heads: ['asset', 'telemetry', 'on the device'],
      rows: remediesOf(assets),
    },
    {
      title: 'Blind stretches',
      about: 'Of the last day: records that are known to be missing, and sources that were silent for longer than usual.',
      heads: ['source', 'what', 'when'],
      rows: blindSpots.map(({ source, what, when }) => [source, what, when]),
    },
    {
      title: 'Silent exporters',
      about: 'Heard before, and not lately.',
      heads: ['exporter', 'last heard'],
      rows: silentExporters.map(({ exporter, last }) => [exporter, last]),
    },
    {
      title: 'Unattributed, by interface',
      about: 'Outbound sessions without an owner.',
      heads: ['exporter and interface', 'sessions', 'unattributed'],
      rows: byInterface.map(shareRow),
    },
    {
      title: 'Unattributed, by network',
      about: 'Outbound sessions without an owner, by the network of their source.',
      heads: ['network', 'sessions', 'unattributed'],
      rows: byNetwork.map(shareRow),
    },
    {
      title: 'What weakens verdicts',
      about: 'Reason codes, by sessions.',
      heads: ['reason', 'sessions'],
      rows: reasons.map(({ reason, sessions }) => [reason, String(sessions)]),
    },
  ];
}

function shareRow({ place, sessions, unattributed }: Share): string[] {
  const percent = sessions === 0 ? 0 : Math.round((100 * unattributed) / sessions);
  return [place, String(sessions), `${unattributed} (${percent} %)`];
}

function remediesOf(assets: readonly AssetCoverage[]): string[][] {
  return assets.flatMap(({ asset, cells }) => {
    const lacks = new Map(cells.flatMap(({ lacks }) => lacks.map((lack) => [lack.telemetry, lack] as const)));
    return [...lacks.values()].map((lack) => [asset.name, lackText(lack), lack.remedy]);
  });
}

export function lackText({ telemetry, why, source }: Lack): string {
  const who = source === undefined ? '' : ` (${source})`;
  return `${telemetry.replaceAll('_', ' ')} ${why.replaceAll('_', ' ')}${who}`;
}

export function worstOf(states: readonly string[]): 'covered' | 'degraded' | 'blind' {
  if (states.includes('blind')) return 'blind';
  return states.includes('degraded') ? 'degraded' : 'covered';
}
