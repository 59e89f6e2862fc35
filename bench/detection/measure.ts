import { openAnalysisForReading } from '../../store/analysis/analysis-db';
import { findFindings, type FindingRow } from '../../store/queries/findings';
import { replayFast } from '../../test/site/delivery/fast';
import { siteConfig } from '../../test/site/delivery/site-config';
import { arrivals } from '../../test/site/faults';
import { siteOf, telemetryOptions, type Length } from '../../test/site/run';
import { labelsOf, type Scenario } from '../../test/site/scenarios/scenario';
import type { Site } from '../../test/site/site';
import { telemetryOf } from '../../test/site/telemetry/telemetry';
import type { TrueSession } from '../../test/site/truth';

/** One implant of one run. */
export interface Detection {
  readonly implant: string;
  /** Analytics that named its owner or its address, with its destination. */
  readonly analytics: readonly string[];
  readonly severity: string;
  /** Place of its first finding in the list that people see, from 1; 0: not found. */
  readonly rank: number;
}

export interface DetectionRun {
  readonly scenario: string;
  readonly about: string;
  readonly seed: number;
  readonly detections: readonly Detection[];
  /** Findings of severity high or critical that no implant explains. */
  readonly falseHigh: readonly FindingRow[];
  readonly entityDays: number;
  readonly sessions: number;
}

const MOST = 100_000;

/** Plays a scenario and looks at what was found. */
export function detect(scenario: Scenario, seed: number, length: Length): DetectionRun {
  const site = siteOf(scenario, seed, length);
  const telemetry = telemetryOptions(scenario, site, length);
  const arrived = arrivals(seed, telemetryOf(site, telemetry), scenario.faults ?? {});
  const replayed = replayFast(site, arrived, siteConfig(site, { AllowedMgmtHosts: managementOf(site) }));
  try {
    const db = openAnalysisForReading(replayed.layout.database);
    try {
      return judge(scenario, site, findFindings(db, { limit: MOST }));
    } finally {
      db.close();
    }
  } finally {
    replayed.remove();
  }
}

/** What the people of the site know: with whom hypervisors and devices talk on an ordinary day, and who manages them. */
function managementOf({ sessions, inventory }: Site): string[] {
  const servers = sessions
    .filter(
      ({ owner, implant }) => implant === undefined && (owner.kind === 'service' || owner.kind === 'device_config'),
    )
    .map(({ server }) => server);
  const managers = inventory.vms
    .filter(({ role }) => role === 'vcenter' || role === 'monitoring' || role === 'backup')
    .flatMap(({ adapter }) => adapter.addresses.map(({ ip }) => ip));
  return [...new Set([...servers, ...managers])];
}

function judge(scenario: Scenario, site: Site, findings: readonly FindingRow[]): DetectionRun {
  const { entities, days } = labelsOf(site);
  const implants = new Map<string, TrueSession[]>();
  for (const session of site.sessions) {
    if (session.implant !== undefined) {
      implants.set(session.implant, [...(implants.get(session.implant) ?? []), session]);
    }
  }
  const explained = new Set<FindingRow>();
  const detections = [...implants].map(([implant, sessions]) => {
    const found = findings.filter((finding) => tellsOf(finding, sessions));
    for (const finding of found) explained.add(finding);
    return detectionOf(implant, found, findings);
  });
  const high = findings.filter(({ severity }) => severity === 'high' || severity === 'critical');
  return {
    scenario: scenario.id,
    about: scenario.about,
    seed: site.seed,
    detections,
    falseHigh: high.filter((finding) => !explained.has(finding)),
    entityDays: entities * days,
    sessions: site.sessions.length,
  };
}

/** The finding names the destination of the implant, or a rule that its sessions go through, or the device it sits in. */
function tellsOf({ key, terms, owner_name: owner }: FindingRow, sessions: readonly TrueSession[]): boolean {
  const text = `${String(key)} ${String(terms)}`;
  return sessions.some(({ server, rule, owner: truth }) => {
    const name = truth.kind === 'service' ? truth.host : truth.kind === 'device_config' ? truth.device : truth.name;
    return text.includes(server) || (rule !== undefined && text.includes(rule.text)) || String(owner) === name;
  });
}

function detectionOf(implant: string, found: readonly FindingRow[], all: readonly FindingRow[]): Detection {
  const [first] = found;
  return {
    implant,
    analytics: [...new Set(found.map(({ analytic }) => String(analytic)))],
    severity: first === undefined ? '' : String(first['severity']),
    rank: first === undefined ? 0 : all.indexOf(first) + 1,
  };
}
