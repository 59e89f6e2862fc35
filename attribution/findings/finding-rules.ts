import { NO_DESTINATIONS } from '../destinations/destination-context';
import { NO_PLACES } from '../destinations/place';
import { addressSet } from './address-set';
import { BEACON_RULES, type BeaconRules } from '../beacons/beacon-score';
import type { Analytic, MutableValues } from './contract';
import { DOH_RESOLVERS, ESXI_PORTS } from './defaults.data';
import { NO_ROLES } from './role-book';
import { ANALYTICS } from './registry';

/** How findings are made. */
export interface FindingRules {
  readonly analytics: readonly Analytic[];
  readonly values: MutableValues;
  readonly beacons: BeaconRules;
  /** How many owners talk with a destination (upper-case hex), of how many; absent: as counted over all series. */
  readonly prevalence?: (dst: string) => { readonly owners: number; readonly of: number } | undefined;
  /** Names these rules: when it changes, history is looked at again. */
  readonly signature: string;
}

const MINUTE = 60_000;
const MEGABYTE = 1_000_000;

/** Before a site has said anything: nothing is allow-listed, so that nothing is missed. */
export const DEFAULT_MUTABLE_VALUES: MutableValues = {
  AllowedMgmtHosts: addressSet([]),
  ESXiAllowedPorts: new Set(ESXI_PORTS.map(({ port }) => port)),
  PortProfiles: new Set(),
  TrafficVolumeThreshold: MEGABYTE,
  TrafficAsymmetryRatio: 5,
  TimeWindow: 30 * MINUTE,
  TransferSizeThresholdMB: 1000,
  SessionDurationThreshold: 5 * MINUTE,
  DoHResolvers: addressSet(DOH_RESOLVERS),
  AllowedUsers: new Set(),
  AuthorizedAdmins: new Set(),
  ApprovedChangeList: [],
  BenignDestinations: addressSet([]),
  DestinationIPBlocklist: NO_DESTINATIONS,
  QueryRatePerClient: 500,
  OutboundDNSVolume: MEGABYTE,
  HopCount: 2,
  places: NO_PLACES,
  roles: NO_ROLES,
};

export const DEFAULT_FINDING_RULES: FindingRules = {
  analytics: ANALYTICS,
  values: DEFAULT_MUTABLE_VALUES,
  beacons: BEACON_RULES,
  signature: '',
};
