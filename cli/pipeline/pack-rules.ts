import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { type BindingRules, DEFAULT_BINDING_RULES } from '../../attribution/bindings/binding-rules';
import { DestinationContext } from '../../attribution/destinations/destination-context';
import type { DestinationList } from '../../attribution/destinations/destination-list';
import type { PlaceBook } from '../../attribution/destinations/place';
import { DEFAULT_MUTABLE_VALUES, type FindingRules } from '../../attribution/findings/finding-rules';
import type { RoleEntry } from '../../attribution/findings/role-book';
import { DEFAULT_SESSION_RULES, type SessionRules } from '../../attribution/sessions/session-rules';
import type { VerdictRules } from '../../attribution/verdicts/verdict-rules';
import type { SettingsFor } from '../../normalizer/settings';
import type { Scope } from '../../store/evidence/scope';
import { NameReader } from '../../store/queries/names';
import { textOf } from '../../store/queries/places';
import type { Config } from '../config/schema';
import { type LoadedRoles, loadRoles, roleBook } from './asset-roles';
import { approvedEntries, findingSettings, rulesOf, type SiteKnowledge } from './finding-rules';
import { loadPlaces } from './place-databases';
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

const roleEntry = z.strictObject({ name: z.string(), role: z.string(), owner: z.string(), source: z.string() });

const profile = z.strictObject({ role: z.string(), ports, destinations: texts });

/** Where a destination is, as the site's files said. */
const placed = z.strictObject({
  address: z.string(),
  asn: z.int().exactOptional(),
  organization: z.string().exactOptional(),
  country: z.string().exactOptional(),
  databases: texts,
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
  /** What is said of the machines that own sessions of the pack, and what their roles allow. */
  roles: z
    .strictObject({ entries: z.array(roleEntry), profiles: z.array(profile) })
    .prefault({ entries: [], profiles: [] }),
  /** Destinations of its sessions that a file knows. */
  places: z.array(placed).prefault([]),
});

export type StatedRules = z.output<typeof statedRules>;

/** How every stage makes its rows. */
export interface StageRules {
  readonly sessions: SessionRules;
  readonly bindings: BindingRules;
  readonly verdicts: VerdictRules;
  readonly findings: FindingRules;
}

/** Where rules come from beside the configuration: `casework.db`, destination lists, and the folder of relative paths. */
export interface RuleSources {
  readonly casework: string;
  readonly lists: readonly DestinationList[];
  readonly directory: string;
}

/** The rules in force, for a pack with these sessions. */
export function rulesInForce(
  db: Database,
  scope: Scope,
  config: Pick<Config, 'home_networks' | 'sessions' | 'devices' | 'findings' | 'assets' | 'destinations'>,
  { casework, lists, directory }: RuleSources,
): StatedRules {
  const { places } = loadPlaces(config.destinations.databases, directory, 0);
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
    roles: rolesConcerned(db, scope, loadRoles(config, directory, approvedEntries(casework))),
    places: placesConcerned(db, scope, places),
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

/** Entries of the owners of the scope's sessions and findings, and profiles of the roles these have. */
function rolesConcerned(db: Database, scope: Scope, { roles, profiles }: LoadedRoles): StatedRules['roles'] {
  const held = new Map<string, RoleEntry>();
  const add = (subjects: readonly Subject[]): void => {
    for (const subject of subjects)
      for (const entry of roles.entriesOf(subject)) held.set(JSON.stringify(entry), entry);
  };
  const ofSession = db.prepare<[string], Subject>('SELECT name, host FROM verdict_owner WHERE session = ?');
  const ofFinding = db.prepare<[string], Subject>(
    'SELECT owner_name AS name, owner_host AS host FROM finding WHERE id = ?',
  );
  for (const id of scope.sessions()) add(ofSession.all(id));
  for (const id of scope.findings()) add(ofFinding.all(id));
  const entries = [...held].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  const named = new Set(entries.map(({ role }) => role));
  const allowed = profiles.filter(({ role }) => named.has(role));
  return {
    entries,
    profiles: allowed.map(({ ports: of, destinations, role }) => ({
      role,
      ports: [...of],
      destinations: [...destinations],
    })),
  };
}

interface Subject {
  readonly name: string;
  readonly host: string;
}

function placesConcerned(db: Database, scope: Scope, book: PlaceBook): StatedRules['places'] {
  const found = new Map<string, StatedRules['places'][number]>();
  const end = db.prepare<[string], string>('SELECT hex(dst) FROM session_row WHERE id = ?').pluck();
  for (const id of scope.sessions()) {
    const address = textOf(end.get(id) ?? '');
    const place = found.has(address) ? undefined : book.placeOf(address);
    if (place !== undefined) found.set(address, { ...place, address, databases: [...place.databases] });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
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
    findings: rulesOf(rules.findings, rules.lists, siteOf(rules)),
  };
}

function siteOf({ roles: { entries, profiles }, places }: StatedRules): SiteKnowledge {
  const known = new Map(places.map(({ address, ...place }) => [address, place]));
  return {
    roles: roleBook(entries, profiles),
    places: { placeOf: (address) => known.get(address) },
    told: [entries, profiles, places],
  };
}
