import { ConfigPart } from '../../normalizer/config/config-part';
import { FlowNormalizer } from '../../normalizer/flow/flow-normalizer';
import type { Normalizer } from '../../normalizer/contract';
import type { SettingsFor } from '../../normalizer/settings';
import { SnmpNormalizer } from '../../normalizer/snmp/snmp-normalizer';
import { SshNormalizer, type SshPart } from '../../normalizer/ssh-normalizer';
import { SyslogNormalizer } from '../../normalizer/syslog/syslog-normalizer';
import { CompositeNormalizer } from './composite-normalizer';

/** Everything that reads raw records, fresh. The order is part of stored snapshots: add at the end. */
export function createNormalizer(settingsFor: SettingsFor): Normalizer {
  return new CompositeNormalizer([
    new FlowNormalizer({ settingsFor }),
    new SyslogNormalizer(settingsFor),
    new SnmpNormalizer({ settingsFor }),
    new SshNormalizer(settingsFor, sshParts(settingsFor)),
  ]);
}

/** What reads the platforms that are reached over SSH. The order is part of stored snapshots: add at the end. */
function sshParts(settingsFor: SettingsFor): readonly SshPart[] {
  return [new ConfigPart(settingsFor)];
}
