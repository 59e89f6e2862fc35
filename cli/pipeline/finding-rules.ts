import { createHash } from 'node:crypto';
import { DestinationContext } from '../../attribution/destinations/destination-context';
import type { DestinationList } from '../../attribution/destinations/destination-list';
import { NO_PLACES, type PlaceBook } from '../../attribution/destinations/place';
import { addressSet } from '../../attribution/findings/address-set';
import { DOH_RESOLVERS } from '../../attribution/findings/defaults.data';
import {
  DEFAULT_FINDING_RULES,
  DEFAULT_MUTABLE_VALUES,
  type FindingRules,
} from '../../attribution/findings/finding-rules';
import { NO_ROLES, type RoleBook } from '../../attribution/findings/role-book';
import { type BaselineEntry, baselineEntries } from '../../store/casework/baselines';
import { openCaseworkForReading } from '../../store/casework/casework-db';
import type { Config } from '../config/schema';
import { loadRoles } from './asset-roles';
import { loadDestinationLists } from './destination-lists';
import { loadPlaces } from './place-databases';
import { version } from '../version';

/** Where the rules come from beside the configuration. */
export interface FindingSources {
  /** Path of `casework.db`. */
  readonly casework: string;
  /** Where relative paths of the configuration start. */
  readonly directory: string;
  /** Told one sentence about each list that is old or could not be read. */
  readonly warn: (message: string) => void;
}

/** How this configuration, what people approved beside it and the lists it names make findings. */
export function findingRules(
  { findings, destinations, assets }: Pick<Config, 'findings' | 'destinations' | 'assets'>,
  { casework, directory, warn }: FindingSources,
): FindingRules {
  const { lists, warnings } = loadDestinationLists(destinations.lists, directory, Date.now());
  const approved = approvedEntries(casework).filter(({ role }) => role !== '');
  const { roles, entries, warnings: unread } = loadRoles({ assets }, directory, approved);
  const { places, databases, warnings: old } = loadPlaces(destinations.databases, directory, Date.now());
  for (const warning of [...warnings, ...unread, ...old]) warn(warning);
  const allowed = approved.map(({ role, element, value }) => [role, element, value]);
  const told = [
    assets.profiles,
    assets.roles_from_notes,
    allowed,
    entries,
    databases.map(({ name, sha256 }) => [name, sha256]),
  ];
  return rulesOf(findingSettings(findings, casework), lists, { roles, places, told });
}

/** What a site says beside its settings and lists. `told`: plain data that names it, for the signature. */
export interface SiteKnowledge {
  readonly roles: RoleBook;
  readonly places: PlaceBook;
  readonly told: unknown;
}

/** What a site and its people say to the analytics, as plain data: networks and addresses as text. */
export type FindingSettings = ReturnType<typeof findingSettings>;

/** The settings of a configuration with what is approved in `casework.db` (a path). */
export function findingSettings(findings: Config['findings'], casework: string) {
  const approved = approvedEntries(casework).filter(({ role }) => role === '');
  const of = (element: string): string[] =>
    approved.filter((entry) => entry.element === element).map(({ value }) => value);
  const networks = (element: 'AllowedMgmtHosts' | 'DoHResolvers' | 'BenignDestinations'): string[] => [
    ...findings[element].map(({ text }) => text),
    ...of(element),
  ];
  const ports = (element: 'ESXiAllowedPorts' | 'PortProfiles'): number[] => [
    ...findings[element],
    ...of(element).map(Number),
  ];
  const names = (element: 'AllowedUsers' | 'AuthorizedAdmins'): string[] => [...findings[element], ...of(element)];
  return {
    ...findings,
    AllowedMgmtHosts: networks('AllowedMgmtHosts'),
    ESXiAllowedPorts: ports('ESXiAllowedPorts'),
    PortProfiles: ports('PortProfiles'),
    DoHResolvers: networks('DoHResolvers'),
    AllowedUsers: names('AllowedUsers'),
    AuthorizedAdmins: names('AuthorizedAdmins'),
    BenignDestinations: networks('BenignDestinations'),
  };
}

/** The rules that settings, lists and what is known of the site's machines make. */
export function rulesOf(
  settings: FindingSettings,
  lists: readonly DestinationList[],
  site: SiteKnowledge = { roles: NO_ROLES, places: NO_PLACES, told: [] },
): FindingRules {
  const { ESXiAllowedPorts } = DEFAULT_MUTABLE_VALUES;
  return {
    ...DEFAULT_FINDING_RULES,
    signature: signatureOf([version, settings, lists.map(({ name, kind, sha256 }) => [name, kind, sha256]), site.told]),
    values: {
      ...DEFAULT_MUTABLE_VALUES,
      ...settings,
      AllowedMgmtHosts: addressSet(settings.AllowedMgmtHosts),
      ESXiAllowedPorts: new Set([...ESXiAllowedPorts, ...settings.ESXiAllowedPorts]),
      PortProfiles: new Set(settings.PortProfiles),
      DoHResolvers: addressSet([...DOH_RESOLVERS, ...settings.DoHResolvers]),
      AllowedUsers: new Set(settings.AllowedUsers),
      AuthorizedAdmins: new Set(settings.AuthorizedAdmins),
      BenignDestinations: addressSet(settings.BenignDestinations),
      DestinationIPBlocklist: new DestinationContext(lists),
      roles: site.roles,
      places: site.places,
    },
  };
}

/** What was approved beside the configuration. */
export function approvedEntries(path: string): BaselineEntry[] {
  const db = openCaseworkForReading(path);
  if (db === undefined) return [];
  try {
    return baselineEntries(db);
  } finally {
    db.close();
  }
}

function signatureOf(rules: unknown): string {
  return createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 16);
}
