import { ChangeNotes } from '../../normalizer/config/changes/change-notes';
import { ChangeWatch } from '../../normalizer/config/changes/change-watch';
import { ConfigPart } from '../../normalizer/config/config-part';
import { EsxiNormalizer } from '../../normalizer/esxi/esxi-normalizer';
import { EsxiMemory } from '../../normalizer/esxi/state/esxi-memory';
import { FlowNormalizer } from '../../normalizer/flow/flow-normalizer';
import type { Normalizer } from '../../normalizer/contract';
import { LossNormalizer } from '../../normalizer/loss-normalizer';
import { OperatorNormalizer } from '../../normalizer/operator/operator-normalizer';
import type { SettingsFor } from '../../normalizer/settings';
import { SnmpNormalizer } from '../../normalizer/snmp/snmp-normalizer';
import { SshNormalizer, type SshPart } from '../../normalizer/ssh-normalizer';
import { VENDORS } from '../../normalizer/syslog/registry';
import { SyslogNormalizer } from '../../normalizer/syslog/syslog-normalizer';
import { CompositeNormalizer } from './composite-normalizer';

/** Everything that reads raw records, fresh. The order is part of stored snapshots: add at the end. */
export function createNormalizer(settingsFor: SettingsFor): Normalizer {
  // What a host says twice, in its files and as syslog, is told once.
  const esxi = new EsxiMemory();
  // Who changed a configuration is told in one way, what it became is read in another.
  const changes = new ChangeNotes();
  return new CompositeNormalizer([
    new FlowNormalizer({ settingsFor }),
    new ChangeWatch(new SyslogNormalizer(settingsFor, VENDORS, esxi), changes),
    new ChangeWatch(new SnmpNormalizer({ settingsFor }), changes),
    new SshNormalizer(settingsFor, sshParts(settingsFor, esxi, changes)),
    new LossNormalizer(),
    new OperatorNormalizer(),
  ]);
}

/** What reads the platforms that are reached over SSH. The order is part of stored snapshots: add at the end. */
function sshParts(settingsFor: SettingsFor, esxi: EsxiMemory, changes: ChangeNotes): readonly SshPart[] {
  return [new ConfigPart(settingsFor, changes), new EsxiNormalizer(esxi)];
}
