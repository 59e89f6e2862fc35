import { writeFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { type AssetCoverage, coverageOf, summarize } from '../../attribution/coverage/coverage';
import { navigatorLayer } from '../../attribution/coverage/navigator';
import { type CoverageReport, htmlReport, lackText, markdownReport, worstOf } from '../../attribution/coverage/report';
import type { Analytic, MutableElement } from '../../attribution/findings/contract';
import { ANALYTICS } from '../../attribution/findings/registry';
import { baselineEntries } from '../../store/casework/baselines';
import { openCaseworkForReading } from '../../store/casework/casework-db';
import {
  type Asset,
  exportersOf,
  heardOfAll,
  listAssets,
  reasonCounts,
  sharesByInterface,
  sharesByNetwork,
  silentExporters,
} from '../../store/queries/coverage';
import { type Weakness, weaknessesOf } from '../../attribution/coverage/weaknesses';
import { blindSpotsBetween } from '../../store/queries/blind';
import { blindExtent, blindSource } from '../../store/queries/blind-text';
import { textOfHex } from '../../store/facts/address-hex';
import type { CommandContext } from '../context';
import type { CommandResult } from '../contract';
import { dataLayout } from '../data-layout';
import { CommandError, EXIT } from '../exit-codes';
import type { Column } from '../output/table';
import { StoredRoles } from '../../attribution/findings/inventory-roles';
import { loadRoles } from '../pipeline/asset-roles';
import { verdictRules } from '../pipeline/verdict-rules';
import { readAnalysis } from './analysis';
import { toSeconds } from './sessions-answer';

export interface CoverageQuery {
  readonly asset?: string;
  readonly analytic?: string;
  /** Epoch ms. */
  readonly at: number;
  /** Only assets of this role. */
  readonly role?: string;
  readonly navigator?: string;
  readonly report?: string;
}

const DAY = 86_400_000;
const SILENCE = 900_000;
const MOST_PLACES = 20;
const MOST_SPOTS = 200;
/** Blind stretches that change cells: the latest. */
const MOST_COUNTED = 20_000;

/** Answers `coverage`. */
export function showCoverage(context: CommandContext, query: CoverageQuery): CommandResult {
  if (query.report !== undefined && !/\.(?:html|md)$/u.test(query.report)) {
    throw new CommandError('usage', '--report takes a file that ends in .html or .md', EXIT.usage);
  }
  const analytics = ANALYTICS.filter((analytic) => isAsked(analytic, query.analytic));
  if (analytics.length === 0) {
    throw new CommandError(
      'usage',
      `${query.analytic ?? ''} is no analytic or technique that is looked for`,
      EXIT.usage,
    );
  }
  const report = readAnalysis(context, (db) => reportOf(context, db, analytics, query));
  if (report.assets.length === 0) {
    context.note(query.asset === undefined ? 'no asset is known yet' : `no asset is called ${query.asset}`);
    return EXIT.nothing;
  }
  writeFiles(context, report, query);
  if (context.json) for (const asset of report.assets) printAsset(context, asset);
  else if (query.asset === undefined) context.printTable(report.assets, assetColumns);
  else for (const { cells } of report.assets) context.printTable(cells, cellColumns(context));
  return EXIT.done;
}

function isAsked({ id, techniques, strategy }: Analytic, asked: string | undefined): boolean {
  return asked === undefined || id === asked || strategy === asked || techniques.includes(asked);
}

function reportOf(
  context: CommandContext,
  db: Database,
  analytics: readonly Analytic[],
  { asset: name, at, role }: CoverageQuery,
): CoverageReport {
  const heard = heardOfAll(db);
  const unset = unsetElements(context);
  const spots = blindSpotsBetween(db, at - DAY, at, MOST_COUNTED);
  const { deviceOf } = verdictRules(context.loaded.config);
  const exporters = exportersOf(db);
  const weakOf = (asset: Asset): readonly Weakness[] =>
    spots.length === 0 ? [] : weaknessesOf(asset, spots, exporters(asset).map(deviceOf));
  const stated = loadRoles(context.loaded.config, context.loaded.directory).roles;
  const roles = stated.withInventory(new StoredRoles(db).of);
  const assets = listAssets(db)
    .filter((asset) => name === undefined || asset.id === name || asset.name === name)
    .map((asset) => ({ ...asset, roles: [...roles.rolesOf({ name: asset.name, host: '' })].sort() }))
    .filter((asset) => role === undefined || asset.roles.includes(role))
    .map((asset) => coverageOf(asset, heard(asset), analytics, at, { unset, weak: weakOf(asset) }))
    .filter(({ cells }) => cells.length > 0);
  return {
    at: context.formatTime(at),
    assets,
    summaries: summarize(assets, analytics),
    blindSpots: spots.slice(0, MOST_SPOTS).map((spot) => ({
      source: blindSource(spot),
      what: spot.detail === '' ? blindExtent(spot) : `${blindExtent(spot)} (${spot.detail})`,
      when: `${context.formatTime(spot.from)} to ${spot.to === null ? 'now' : context.formatTime(spot.to)}`,
    })),
    silentExporters: silentExporters(db, at - SILENCE).map(({ exporter, last }) => ({
      exporter,
      last: context.formatTime(last),
    })),
    byInterface: sharesByInterface(db, at - DAY, MOST_PLACES),
    byNetwork: sharesByNetwork(db, at - DAY, MOST_PLACES).map((share) => ({
      ...share,
      place: networkText(share.place),
    })),
    reasons: reasonCounts(db, at - DAY),
  };
}

/** Baselines that neither the configuration nor an approval sets. */
function unsetElements({ loaded, dataDirectory }: CommandContext): ReadonlySet<MutableElement> {
  if (loaded.config.findings.AllowedMgmtHosts.length > 0) return new Set();
  const casework = openCaseworkForReading(dataLayout(dataDirectory).casework);
  try {
    const approved = casework === undefined ? [] : baselineEntries(casework).filter(({ role }) => role === '');
    return approved.some(({ element }) => element === 'AllowedMgmtHosts') ? new Set() : new Set(['AllowedMgmtHosts']);
  } finally {
    casework?.close();
  }
}

/** A network of 3 or 8 bytes as CIDR text. */
function networkText(hex: string): string {
  return hex.length === 6 ? `${textOfHex(`${hex}00`)}/24` : `${textOfHex(hex.padEnd(32, '0'))}/64`;
}

function writeFiles(context: CommandContext, report: CoverageReport, { navigator, report: file }: CoverageQuery): void {
  if (navigator !== undefined) {
    writeFileSync(navigator, `${JSON.stringify(navigatorLayer(report.summaries), null, 2)}\n`, { mode: 0o640 });
    context.note(`wrote ${navigator}`);
  }
  if (file !== undefined) {
    writeFileSync(file, file.endsWith('.md') ? markdownReport(report) : htmlReport(report), { mode: 0o640 });
    context.note(`wrote ${file}`);
  }
}

function printAsset(context: CommandContext, { asset, cells }: AssetCoverage): void {
  for (const { analytic, state, lacks } of cells) {
    context.printJson({
      'ascribe.fact': 'coverage',
      'ascribe.asset.kind': asset.kind,
      'ascribe.asset.id': asset.id,
      'ascribe.asset.name': asset.name,
      ...(asset.roles !== undefined && asset.roles.length > 0 && { 'ascribe.asset.roles': [...asset.roles] }),
      'rule.id': analytic,
      'ascribe.coverage.state': state,
      'ascribe.coverage.lacks': lacks.map(({ telemetry, why, source, lastHeard, remedy }) => ({
        telemetry,
        why,
        ...(source !== undefined && { source }),
        ...(lastHeard !== null && { last_heard: new Date(lastHeard).toISOString() }),
        remedy,
      })),
    });
  }
}

const count = ({ cells }: AssetCoverage, wanted: string): string =>
  String(cells.filter(({ state }) => state === wanted).length);

const assetColumns: readonly Column<AssetCoverage>[] = [
  { title: 'asset', value: ({ asset }) => asset.name, shrinkTo: 10 },
  { title: 'kind', value: ({ asset }) => asset.kind },
  { title: 'role', value: ({ asset }) => (asset.roles ?? []).join(' ') },
  {
    title: 'state',
    value: ({ cells }) => worstOf(cells.map(({ state }) => state)),
    paint: (text, _row, style) => (text === 'covered' ? style.good(text) : text === 'blind' ? style.bad(text) : text),
  },
  { title: 'covered', align: 'right', value: (row) => count(row, 'covered') },
  { title: 'degraded', align: 'right', value: (row) => count(row, 'degraded') },
  { title: 'blind', align: 'right', value: (row) => count(row, 'blind') },
  {
    title: 'missing',
    value: ({ cells }) => [...new Set(cells.flatMap(({ lacks }) => lacks.map(lackText)))].join(', '),
    shrinkTo: 20,
  },
];

function cellColumns(context: CommandContext): readonly Column<AssetCoverage['cells'][number]>[] {
  return [
    { title: 'analytic', value: ({ analytic }) => analytic },
    { title: 'state', value: ({ state }) => state },
    { title: 'missing', value: ({ lacks }) => lacks.map(lackText).join(', '), shrinkTo: 16 },
    {
      title: 'last heard',
      value: ({ lacks }) =>
        lacks
          .map(({ lastHeard }) => (lastHeard === null ? 'never' : toSeconds(context.formatTime(lastHeard))))
          .join(', '),
    },
    { title: 'to switch on', value: ({ lacks }) => lacks.map(({ remedy }) => remedy).join(' | '), shrinkTo: 30 },
  ];
}
