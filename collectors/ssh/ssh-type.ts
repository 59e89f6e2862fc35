import type { CollectorType } from '../contract';
import { SshCollector } from './ssh-collector';
import { sshConfig } from './ssh-config';
import type { SshEvent } from './ssh-events';
import { probeSsh } from './ssh-probe';
import type { SshSettings } from './ssh-settings';

/**
 * Declares the SSH collector. The configuration names secrets by reference only: whoever creates the collector, or
 * probes, replaces `secrets` in the settings by a function that resolves them, and `resume` by one that reads the journal.
 */
export const sshType: CollectorType<SshSettings, SshEvent, SshCollector> = {
  type: 'ssh',
  stability: 'beta',
  summary: 'Reads log files and state of ESXi hosts, and configurations and state of network devices, over SSH.',
  config: sshConfig,
  example: `known_hosts: ["/etc/ascribe/known_hosts"]
credentials:
  - name: esxi
    user: ascribe
    password: "cred:esxi-password"
    subnets: ["192.0.2.0/24"]
  - name: routers
    user: ascribe
    key: "file:/etc/ascribe/ssh.key"
    passphrase: "cred:ssh-passphrase"
devices:
  - name: esx-01
    address: 192.0.2.11
    platform: esxi
    host_keys: ["SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"]
  - name: edge-1
    address: 192.0.2.1
    platform: cisco_ios
    credential: routers
    legacy_algorithms: true
`,
  create: (settings, context) => new SshCollector(settings, context),
  probe: probeSsh,
};
