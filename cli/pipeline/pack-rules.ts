import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { type BindingRules, DEFAULT_BINDING_RULES } from '../../attribution/bindings/binding-rules';
import { DestinationContext } from '../../attribution/destinations/destination-context';
import type { DestinationList } from '../../attribution/destinations/destination-list';
import { DEFAULT_MUTABLE_VALUES, type FindingRules } from '../../attribution/findings/finding-rules';
import { DEFAULT_SESSION_RULES, type SessionRules } from '../../attribution/sessions/session-rules';
import type { VerdictRules } from '../../attribution/verdicts/verdict-rules';
import type { SettingsFor } from '../../normalizer/settings';
import type { Scope } from '../../store/evidence/scope';
import { NameReader } from '../../store/queries/names';
import { textOf } from '../../store/queries/places';
import type { Config } from '../config/schema';
import { findingSettings, rulesOf } from './finding-rules';
import { sessionRules } from './session-rules';

const texts = z.array(z.string());
const ports = z.array(z.int());

const MOST_NAMES = 10;

const listed = {
  line: z.int(),
  label: z.string(),
  validFrom: z.number().exactOptional(),
  validTo: z.number().exactOptional(),
};

const addressEntry = z.strictObject({
  ...listed,
  network: z.string().regex(/^(?:[0-9A-F]{8}|[0-9A-F]{32})$/u),
  prefix: z.int().min(0).max(128),
});

const nameEntry = z.strictObject({ ...listed, name: z.string(), isDomain: z.boolean() });

const destinationList = z.strictObject({
  name: z.string(),
  kind: z.enum(['threat', 'provider', 'benign']),
  sha256: z.string(),
  date: z.number(),
  tlp: z.string(),
  entries: z.array(z.union([addressEntry, nameEntry])),
  skipped: z.int(),
});

const approvedChange = z.strictObject({
  device: z.string(),
  text: z.string(),
  from: z.number(),
  to: z.number(),
  reference: z.string(),
});

/** Rules as a pack states them: what the site said of itself, as plain data. Times in ms, sizes in bytes. */
const statedRules = z.strictObject({
  home_networks: texts,
  /** Scopes of devices by name, of those that have one. */
  scopes: z.record(z.string(), z.string()),
  gap_ms: z.object({ '1': z.number(), '6': z.number(), '17': z.number(), '58': z.number(), other: z.number() }),
  active_timeout_ms: z.number(),
  clock_skew_ms: z.number(),
  findings: z.strictObject({
    AllowedMgmtHosts: texts,
    ESXiAllowedPorts: ports,
    PortProfiles: ports,
    TrafficVolumeThreshold: z.number(),
    TrafficAsymmetryRatio: z.number(),
    TimeWindow: z.number(),
    TransferSizeThresholdMB: z.number(),
    SessionDurationThreshold: z.number(),
    DoHResolvers: texts,
    AllowedUsers: texts,
    AuthorizedAdmins: texts,
    ApprovedChangeList: z.array(approvedChange),
    BenignDestinations: texts,
    QueryRatePerClient: z.number().prefault(DEFAULT_MUTABLE_VALUES.QueryRatePerClient),
    OutboundDNSVolume: z.number().prefault(DEFAULT_MUTABLE_VALUES.OutboundDNSVolume),
    HopCount: z.number().prefault(DEFAULT_MUTABLE_VALUES.HopCount),
  }),
  /** Destination lists in force, of their entries those that hold a destination of a session in the pack. */
  lists: z.array(destinationList),
});

export type StatedRules = z.output<typeof statedRules>;

/** How every stage makes its rows. */
export interface StageRules {
  readonly sessions: SessionRules;
  readonly bindings: BindingRules;
  readonly verdicts: VerdictRules;
  readonly findings: FindingRules;
}

/** The rules in force, for a pack with these sessions. `casework`: path of `casework.db`. */
export function rulesInForce(
  db: Database,
  scope: Scope,
  config: Pick<Config, 'home_networks' | 'sessions' | 'devices' | 'findings'>,
  casework: string,
  lists: readonly DestinationList[],
): StatedRules {
  const { gapMs, activeTimeoutMs, clockSkewMs } = sessionRules(config);
  const named = config.devices.filter(({ scope: of }) => of !== undefined);
  return {
    home_networks: config.home_networks.map(({ text }) => text),
    scopes: Object.fromEntries(named.map(({ name, scope: of = '' }) => [name, of])),
    gap_ms: { 1: gapMs[1] ?? 0, 6: gapMs[6] ?? 0, 17: gapMs[17] ?? 0, 58: gapMs[58] ?? 0, other: gapMs.other },
    active_timeout_ms: activeTimeoutMs,
    clock_skew_ms: clockSkewMs,
    findings: findingSettings(config.findings, casework),
    lists: concerned(db, scope, lists),
  };
}

/** Lists with only those entries that hold a destination of the scope's sessions, or a name of one. */
function concerned(db: Database, scope: Scope, lists: readonly DestinationList[]): StatedRules['lists'] {
  if (lists.length === 0) return [];
  const all = new DestinationContext(lists);
  const names = new NameReader(db);
  const ends = db.prepare('SELECT hex(src) AS src, hex(dst) AS dst, start FROM session_row WHERE id = ?');
  const held = new Set<object>();
  for (const id of scope.sessions()) {
    const { src, dst, start } = ends.get(id) as { src: string; dst: string; start: number };
    for (const { entry } of all.lookUp(dst, start)) held.add(entry);
    if (!all.hasNames) continue;
    for (const { name } of names.namesOf({ src: textOf(src), dst: textOf(dst), start }, MOST_NAMES)) {
      for (const { entry } of all.lookUpName(name, start)) held.add(entry);
    }
  }
  return lists.map((list) => ({ ...list, entries: list.entries.filter((entry) => held.has(entry)) }));
}

/** Makes rules of what a pack states. Throws what zod and the rules throw for what they cannot read. */
export function stageRules(stated: unknown, settingsFor: SettingsFor): StageRules {
  const rules = statedRules.parse(stated);
  const { home_networks: homeNetworks, scopes } = rules;
  const join = (...parts: string[]): string => parts.filter((part) => part !== '').join('/');
  const scopeOf = (device: string, vrf: string | null): string =>
    join((Object.hasOwn(scopes, device) ? scopes[device] : settingsFor(device).scope) ?? '', vrf ?? '');
  return {
    sessions: {
      ...DEFAULT_SESSION_RULES,
      homeNetworks,
      scopeOf: (exporter, vrf) => join(settingsFor(exporter).scope ?? '', vrf === null ? '' : String(vrf)),
      gapMs: rules.gap_ms,
      activeTimeoutMs: rules.active_timeout_ms,
      clockSkewMs: rules.clock_skew_ms,
    },
    bindings: { ...DEFAULT_BINDING_RULES, scopeOf },
    // Where a pack has few of a source's records, the rest are not missing.
    verdicts: {
      homeNetworks,
      scopeOf,
      deviceOf: (address) => settingsFor(address).name ?? address,
      blindGiven: true,
    },
    findings: rulesOf(rules.findings, rules.lists),
  };
}
