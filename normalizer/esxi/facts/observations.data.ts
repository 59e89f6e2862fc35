/**
 * Observations of vobd and hostd, `[vob.user.ssh.session.opened]`, `[esx.audit.ssh.session.opened]`: what they mean. The
 * same observation bears several prefixes (raw, correlated, cleared), so the table knows them by what follows. Ids are
 * those of the ESXi event catalogue (6.7 to 8.0 Update 3).
 */
export interface ObservationMeaning {
  readonly category: string;
  readonly action: string;
  readonly outcome?: 'success' | 'failure';
}

type Group = readonly [
  category: string,
  action: string,
  outcome: 'success' | 'failure' | undefined,
  ids: readonly string[],
];

const GROUPS: readonly Group[] = [
  ['authentication', 'login', 'success', ['ssh.session.opened', 'ssh.session.begin', 'supershell.access']],
  ['authentication', 'logout', undefined, ['ssh.session.closed', 'ssh.session.end']],
  ['authentication', 'login', 'failure', ['ssh.session.failed', 'account.loginfailures', 'dcui.login.failed']],
  ['iam', 'account_locked', 'failure', ['account.locked']],
  ['iam', 'account_change', 'success', ['dcui.login.passwd.changed']],
  ['process', 'service_start', undefined, ['ssh.enabled', 'shell.enabled', 'dcui.enabled', 'vsan.clustering.enabled']],
  ['process', 'service_stop', undefined, ['ssh.disabled', 'shell.disabled', 'dcui.disabled']],
  ['process', 'service_restart', undefined, ['dcui.hostagents.restart']],
  [
    'configuration',
    'lockdown_change',
    undefined,
    ['lockdownmode.enabled', 'lockdownmode.disabled', 'lockdownmode.exceptions.changed'],
  ],
  [
    'configuration',
    'firewall_change',
    undefined,
    [
      'net.firewall.config.changed',
      'net.firewall.enabled',
      'net.firewall.disabled',
      'net.firewall.port.hooked',
      'net.firewall.port.removed',
      'net.firewall.config.failed',
      'net.firewall.port.hookfailed',
    ],
  ],
  [
    'configuration',
    'software_install',
    undefined,
    [
      'esximage.install.nosigcheck',
      'esximage.install.novalidation',
      'esximage.install.securityalert',
      'esximage.install.nobypasssigcheck',
    ],
  ],
  [
    'configuration',
    'software_install',
    'success',
    [
      'esximage.vib.install.successful',
      'esximage.profile.install.successful',
      'esximage.profile.update.successful',
      'esximage.software.apply.succeeded',
    ],
  ],
  [
    'configuration',
    'software_install',
    'failure',
    ['esximage.install.error', 'esximage.install.stage.error', 'esximage.install.invalidhardware'],
  ],
  ['configuration', 'software_remove', 'success', ['esximage.vib.remove.successful']],
  ['configuration', 'software_acceptance_change', undefined, ['esximage.hostacceptance.changed']],
  ['process', 'exec_denied', 'failure', ['uw.security.execInstalledOnly.violation']],
  ['process', 'exec_not_installed', 'success', ['uw.security.execInstalledOnly.warning']],
  [
    'configuration',
    'exec_policy_change',
    undefined,
    [
      'uw.security.User.ExecInstalledOnly.disabled',
      'uw.security.User.ExecInstalledOnly.enabled',
      'uw.secpolicy.alldomains.level.changed',
      'uw.secpolicy.domain.level.changed',
    ],
  ],
  [
    'configuration',
    'config_change',
    undefined,
    [
      'dcui.defaults.factoryrestore',
      'dcui.network.factoryrestore',
      'dcui.network.restart',
      'usb.config.changed',
      'net.lacp.disable',
      'net.lacp.enable',
      'vsan.net.vnic.added',
      'vsan.net.vnic.deleted',
      'vsan.rdma.changed',
      'weak.ssl.protocol',
      'vmfs.volume.mounted',
      'vmfs.volume.umounted',
      'coredump.configured',
      'coredump.configured2',
    ],
  ],
  ['host', 'host_start', undefined, ['host.boot']],
  [
    'host',
    'host_stop',
    undefined,
    [
      'host.stop.reboot',
      'host.stop.shutdown',
      'dcui.host.reboot',
      'dcui.host.shutdown',
      ...['esxcli', 'hostd', 'subsystem'].flatMap((by) =>
        ['poweroff', 'reboot', 'restart'].map((how) => `${by}.host.${how}.reason`),
      ),
      ...['poweroff', 'quickboot', 'reboot'].flatMap((how) =>
        ['available', 'management', 'subsystem', 'timestamp', 'unavailable', 'user'].map(
          (what) => `host.${how}.reason.${what}`,
        ),
      ),
    ],
  ],
  [
    'host',
    'host_crash',
    undefined,
    ['host.crash.reason', 'host.crash.reason.available', 'host.crash.reason.unavailable'],
  ],
  [
    'host',
    'maintenance_mode',
    undefined,
    ['maintenancemode', 'partialmaintenancemode'].flatMap((mode) =>
      ['canceled', 'entered', 'entering', 'exited', 'failed'].map((state) => `${mode}.${state}`),
    ),
  ],
  [
    'host',
    'clock_step',
    undefined,
    [
      'clock.correction.changed',
      'clock.correction.delta.allowed',
      'clock.correction.delta.failed',
      'clock.correction.delta.warning',
      'clock.correction.step.unsync',
      'clock.skew',
      'clock.state.reset',
    ],
  ],
  [
    'host',
    'clock_sync',
    undefined,
    ['clock.correction.adjtime.sync', 'clock.correction.adjtime.unsync', 'clock.correction.adjtime.lostsync'],
  ],
  [
    'configuration',
    'clock_policy_change',
    undefined,
    [
      'clock.parameter.set.maxLargeCorrections',
      'clock.parameter.set.maxNegPhaseCorrection',
      'clock.parameter.set.maxPosPhaseCorrection',
      'clock.parameter.set.numLargeCorrections',
      'clock.parameter.set.vobReportInterval',
    ],
  ],
  [
    'host',
    'log_loss',
    'failure',
    [
      'vmsyslogd.remote.failure',
      'vmsyslogd.storage.failure',
      'vmsyslogd.storage.logdir.invalid',
      'vmsyslogd.unexpected',
    ],
  ],
  [
    'network',
    'interface_down',
    undefined,
    ['net.vmnic.linkstate.down', 'net.connectivity.lost', 'net.redundancy.lost', 'net.dvport.connectivity.lost'],
  ],
  [
    'network',
    'interface_up',
    undefined,
    [
      'net.vmnic.linkstate.up',
      'net.connectivity.restored',
      'net.redundancy.restored',
      'net.dvport.connectivity.restored',
      'net.lacp.uplink.connected',
    ],
  ],
  ['network', 'address_conflict', undefined, ['net.vmknic.ip.duplicate', 'net.migrate.bindtovmk']],
  [
    'host',
    'hardware',
    undefined,
    [
      'entropy.available.low',
      'entropy.external.source.disconnected',
      'hcm.event.disk.insertion',
      'hcm.event.disk.removal',
      'esxtokend.dputrust.failed',
      'esxtokend.dputrust.removed',
      'esxtokend.dputrust.succeeded',
      'host.maxRegisteredVMsExceeded',
      'vmfs.lvm.device.discovered',
      'vmfs.sesparse.bloomfilter.disabled',
    ],
  ],
  ['process', 'process_crash', undefined, ['application.core.dumped', 'application.core.dumped.encrypted']],
];

/** Families of which every id means the same. */
const FAMILIES: readonly (readonly [prefix: string, meaning: ObservationMeaning])[] = [
  ['hardware.', { category: 'host', action: 'hardware' }],
  ['vob.vsan.', { category: 'host', action: 'storage' }],
  ['vsan.', { category: 'host', action: 'storage' }],
  ['storage.', { category: 'host', action: 'storage' }],
  ['scsi.', { category: 'host', action: 'storage' }],
  ['psastor.', { category: 'host', action: 'storage' }],
  ['vmfs.', { category: 'host', action: 'storage' }],
  ['vvol.', { category: 'host', action: 'storage' }],
];

const PREFIXES = ['vob.user.', 'vob.', 'esx.audit.', 'esx.problem.', 'esx.clear.', 'esx.'] as const;

const MEANINGS: ReadonlyMap<string, ObservationMeaning> = new Map(
  GROUPS.flatMap(([category, action, outcome, ids]) =>
    ids.map((id) => [id, { category, action, ...(outcome === undefined ? undefined : { outcome }) }] as const),
  ),
);

/** What an observation's id means; undefined for one that is not in the catalogue. */
export function observationMeaning(id: string): ObservationMeaning | undefined {
  const prefix = PREFIXES.find((start) => id.startsWith(start));
  if (prefix === undefined) return undefined;
  const name = id.slice(prefix.length);
  return MEANINGS.get(name) ?? FAMILIES.find(([family]) => name.startsWith(family))?.[1];
}
