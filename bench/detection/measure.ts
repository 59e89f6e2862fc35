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
  /** Analytics that named its destination, the rule it goes through, or the machine it sits in. */
  readonly analytics: readonly string[];
  readonly severity: string;
  /** Place of its first finding in the list that people see, other implants left out, from 1; 0: not found. */
  readonly rank: number;
  /** The same among owners: 1 means that nobody without an implant stands above. */
  readonly ownerRank: number;
}

export interface FalseFinding {
  readonly analytic: string;
  readonly owner: string;
  readonly text: string;
}

export interface DetectionRun {
  readonly scenario: string;
  readonly about: string;
  readonly seed: number;
  readonly detections: readonly Detection[];
  /** Findings of severity high or critical that no implant explains. */
  readonly falseHigh: readonly FalseFinding[];
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
  // A rule by which others leave too says nothing of the implant.
  const shared = new Set(
    site.sessions.flatMap(({ implant, rule }) => (implant === undefined ? (rule?.text ?? []) : [])),
  );
  const explained = new Set<FindingRow>();
  const found = [...implants].map(([implant, sessions]) => {
    const telling = findings.filter((finding) => tellsOf(finding, sessions, shared));
    for (const finding of telling) explained.add(finding);
    return { implant, telling };
  });
  const detections = found.map(({ implant, telling }) => detectionOf(implant, telling, findings, explained));
  const high = findings.filter(({ severity }) => severity === 'high' || severity === 'critical');
  return {
    scenario: scenario.id,
    about: scenario.about,
    seed: site.seed,
    detections,
    falseHigh: high.filter((finding) => !explained.has(finding)).map(falseOf),
    entityDays: entities * days,
    sessions: site.sessions.length,
  };
}

/** The finding names the destination of the implant, or a rule that only its sessions go through, or the hypervisor or device it sits in. */
function tellsOf(
  { key, terms, owner_name: owner }: FindingRow,
  sessions: readonly TrueSession[],
  shared: ReadonlySet<string>,
): boolean {
  const text = `${String(key)} ${String(terms)}`;
  return sessions.some(({ server, rule, owner: truth }) => {
    const machine = truth.kind === 'service' ? truth.host : truth.kind === 'device_config' ? truth.device : undefined;
    const own = rule !== undefined && !shared.has(rule.text) && text.includes(rule.text);
    return text.includes(server) || own || String(owner) === machine;
  });
}

function detectionOf(
  implant: string,
  found: readonly FindingRow[],
  all: readonly FindingRow[],
  explained: ReadonlySet<FindingRow>,
): Detection {
  const [first] = found;
  const above = first === undefined ? [] : all.slice(0, all.indexOf(first)).filter((each) => !explained.has(each));
  const ownersAbove = new Set(above.map(({ owner_id: owner }) => owner));
  return {
    implant,
    analytics: [...new Set(found.map(({ analytic }) => String(analytic)))],
    severity: first === undefined ? '' : String(first['severity']),
    rank: first === undefined ? 0 : above.length + 1,
    ownerRank: first === undefined ? 0 : ownersAbove.size + 1,
  };
}

function falseOf(finding: FindingRow): FalseFinding {
  return {
    analytic: String(finding['analytic']),
    owner: String(finding['owner_name']),
    text: String(finding['text']),
  };
}
