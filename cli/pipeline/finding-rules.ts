import { createHash } from 'node:crypto';
import { addressSet } from '../../attribution/findings/address-set';
import { DOH_RESOLVERS } from '../../attribution/findings/defaults.data';
import {
  DEFAULT_FINDING_RULES,
  DEFAULT_MUTABLE_VALUES,
  type FindingRules,
} from '../../attribution/findings/finding-rules';
import { type BaselineEntry, baselineEntries } from '../../store/casework/baselines';
import { openCaseworkForReading } from '../../store/casework/casework-db';
import type { Config } from '../config/schema';
import { version } from '../version';

/** How this configuration, and what people approved beside it, makes findings. `casework` is the path of `casework.db`. */
export function findingRules({ findings }: Pick<Config, 'findings'>, casework: string): FindingRules {
  const approved = approvedEntries(casework);
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
  const { ESXiAllowedPorts } = DEFAULT_MUTABLE_VALUES;
  return {
    ...DEFAULT_FINDING_RULES,
    signature: signatureOf([version, findings, approved.map(({ element, value }) => [element, value])]),
    values: {
      ...DEFAULT_MUTABLE_VALUES,
      AllowedMgmtHosts: addressSet(networks('AllowedMgmtHosts')),
      ESXiAllowedPorts: new Set([...ESXiAllowedPorts, ...ports('ESXiAllowedPorts')]),
      PortProfiles: new Set(ports('PortProfiles')),
      TrafficVolumeThreshold: findings.TrafficVolumeThreshold,
      TrafficAsymmetryRatio: findings.TrafficAsymmetryRatio,
      TimeWindow: findings.TimeWindow,
      TransferSizeThresholdMB: findings.TransferSizeThresholdMB,
      SessionDurationThreshold: findings.SessionDurationThreshold,
      DoHResolvers: addressSet([...DOH_RESOLVERS, ...networks('DoHResolvers')]),
      AllowedUsers: new Set(names('AllowedUsers')),
      AuthorizedAdmins: new Set(names('AuthorizedAdmins')),
      ApprovedChangeList: findings.ApprovedChangeList,
      BenignDestinations: addressSet(networks('BenignDestinations')),
    },
  };
}

function approvedEntries(path: string): BaselineEntry[] {
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
