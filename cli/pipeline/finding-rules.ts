import { addressSet } from '../../attribution/findings/address-set';
import {
  DEFAULT_FINDING_RULES,
  DEFAULT_MUTABLE_VALUES,
  type FindingRules,
} from '../../attribution/findings/finding-rules';
import { DOH_RESOLVERS } from '../../attribution/findings/defaults.data';
import type { Config } from '../config/schema';

/** How this configuration makes findings. */
export function findingRules({ findings }: Pick<Config, 'findings'>): FindingRules {
  const networks = (list: readonly { readonly text: string }[]): string[] => list.map(({ text }) => text);
  return {
    ...DEFAULT_FINDING_RULES,
    values: {
      ...DEFAULT_MUTABLE_VALUES,
      AllowedMgmtHosts: addressSet(networks(findings.AllowedMgmtHosts)),
      ESXiAllowedPorts: new Set([...DEFAULT_MUTABLE_VALUES.ESXiAllowedPorts, ...findings.ESXiAllowedPorts]),
      PortProfiles: new Set(findings.PortProfiles),
      TrafficVolumeThreshold: findings.TrafficVolumeThreshold,
      TrafficAsymmetryRatio: findings.TrafficAsymmetryRatio,
      TimeWindow: findings.TimeWindow,
      TransferSizeThresholdMB: findings.TransferSizeThresholdMB,
      SessionDurationThreshold: findings.SessionDurationThreshold,
      DoHResolvers: addressSet([...DOH_RESOLVERS, ...networks(findings.DoHResolvers)]),
      AllowedUsers: new Set(findings.AllowedUsers),
      AuthorizedAdmins: new Set(findings.AuthorizedAdmins),
      ApprovedChangeList: findings.ApprovedChangeList,
      BenignDestinations: addressSet(networks(findings.BenignDestinations)),
    },
  };
}
