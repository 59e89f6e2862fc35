import { DEFAULT_HOME_NETWORKS } from '../sessions/home-networks';

/** What verdicts need to know of the site. */
export interface VerdictRules {
  /** Addresses of the site, CIDR. */
  readonly homeNetworks: readonly string[];
  /** Name under which the device with this address speaks. Must be pure. */
  readonly deviceOf: (address: string) => string;
  /** Scope (site, VRF) in which the addresses of a device are meant. Must be pure. */
  readonly scopeOf: (device: string, vrf: string | null) => string;
  /** The stretches without sight in the store are all there are: they are not looked for. */
  readonly blindGiven?: boolean;
}

export const DEFAULT_VERDICT_RULES: VerdictRules = {
  homeNetworks: DEFAULT_HOME_NETWORKS,
  deviceOf: (address) => address,
  scopeOf: (_device, vrf) => vrf ?? '',
};
