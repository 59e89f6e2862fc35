import { observationMeaning } from '../../../normalizer/esxi/facts/observations.data';
import { EsxiWorld, events } from './esxi-world';

/** Ids of the ESXi event catalogue, vSphere 8.0 Update 3, without those of hardware health and of tests. */
const AUDIT =
  `account.locked account.loginfailures dcui.defaults.factoryrestore dcui.disabled dcui.enabled dcui.host.reboot dcui.host.shutdown
dcui.hostagents.restart dcui.login.failed dcui.login.passwd.changed dcui.network.factoryrestore dcui.network.restart entropy.available.low
entropy.external.source.disconnected esxcli.host.poweroff.reason esxcli.host.reboot.reason esxcli.host.restart.reason
esximage.hostacceptance.changed esximage.install.nobypasssigcheck esximage.install.nosigcheck esximage.install.novalidation
esximage.install.securityalert esximage.profile.install.successful esximage.profile.update.successful esximage.software.apply.succeeded
esximage.vib.install.successful esximage.vib.remove.successful esxtokend.dputrust.failed esxtokend.dputrust.removed
esxtokend.dputrust.succeeded hardware.nvd.health.alarms.lifetime.warning hcm.event.disk.insertion hcm.event.disk.removal host.boot
host.crash.reason host.crash.reason.available host.crash.reason.unavailable host.maxRegisteredVMsExceeded host.poweroff.reason.available
host.poweroff.reason.management host.poweroff.reason.subsystem host.poweroff.reason.timestamp host.poweroff.reason.unavailable
host.poweroff.reason.user host.quickboot.reason.available host.quickboot.reason.user host.reboot.reason.available
host.reboot.reason.management host.reboot.reason.subsystem host.reboot.reason.timestamp host.reboot.reason.unavailable
host.reboot.reason.user host.stop.reboot host.stop.shutdown hostd.host.poweroff.reason hostd.host.reboot.reason hostd.host.restart.reason
lockdownmode.disabled lockdownmode.enabled lockdownmode.exceptions.changed maintenancemode.canceled maintenancemode.entered
maintenancemode.entering maintenancemode.exited maintenancemode.failed net.firewall.config.changed net.firewall.disabled
net.firewall.enabled net.firewall.port.hooked net.firewall.port.removed net.lacp.disable net.lacp.enable net.lacp.uplink.connected
partialmaintenancemode.canceled partialmaintenancemode.entered partialmaintenancemode.entering partialmaintenancemode.exited
partialmaintenancemode.failed shell.disabled shell.enabled ssh.disabled ssh.enabled ssh.session.closed ssh.session.failed
ssh.session.opened subsystem.host.poweroff.reason subsystem.host.reboot.reason subsystem.host.restart.reason supershell.access
usb.config.changed uw.secpolicy.alldomains.level.changed uw.secpolicy.domain.level.changed uw.security.execInstalledOnly.violation
uw.security.execInstalledOnly.warning uw.security.User.ExecInstalledOnly.disabled uw.security.User.ExecInstalledOnly.enabled
vmfs.lvm.device.discovered vmfs.sesparse.bloomfilter.disabled vmfs.volume.mounted vmfs.volume.umounted vob.vsan.lsom.devicerebuild
vob.vsan.lsom.diskgrouprebuild vob.vsan.lsom.foundInvalidMetadataComp vob.vsan.lsom.storagepoolrebuild vsan.clustering.enabled
vsan.net.vnic.added vsan.net.vnic.deleted vsan.rdma.changed weak.ssl.protocol`.split(/\s+/u);

const PROBLEMS =
  `clock.correction.adjtime.lostsync clock.correction.adjtime.sync clock.correction.adjtime.unsync clock.correction.changed
clock.correction.delta.allowed clock.correction.delta.failed clock.correction.delta.warning clock.correction.step.unsync
clock.parameter.set.maxLargeCorrections clock.parameter.set.maxNegPhaseCorrection clock.parameter.set.maxPosPhaseCorrection
clock.parameter.set.numLargeCorrections clock.parameter.set.vobReportInterval clock.state.reset application.core.dumped
esximage.install.error esximage.install.stage.error vmsyslogd.remote.failure net.connectivity.lost`.split(/\s+/u);

test.each([...AUDIT.map((id) => `esx.audit.${id}`), ...PROBLEMS.map((id) => `esx.problem.${id}`)])(
  '%s has a meaning',
  (id) => {
    expect(observationMeaning(id)).toMatchObject({ category: expect.any(String), action: expect.any(String) });
  },
);

test('raw and correlated observations mean the same', () => {
  expect(observationMeaning('vob.user.ssh.session.failed')).toEqual({
    category: 'authentication',
    action: 'login',
    outcome: 'failure',
  });
  expect(observationMeaning('vob.user.ssh.session.failed')).toEqual(observationMeaning('esx.audit.ssh.session.failed'));
  expect(observationMeaning('vob.net.vmnic.linkstate.down')).toMatchObject({ action: 'interface_down' });
  expect(observationMeaning('something.else')).toBeUndefined();
});

const T = '2026-11-24T02:10:00.123Z';

test.each([
  [
    'auth.log',
    `sshd[9]: User 'root' running command 'vim-cmd vmsvc/power.getstate 91 2>&1'`,
    { action: 'command', command: 'vim-cmd vmsvc/power.getstate 91 2>&1' },
  ],
  [
    'auth.log',
    `sshd[9]: error: PAM: Authentication failure for root from 192.0.2.4`,
    { action: 'login', outcome: 'failure', sourceIp: '192.0.2.4' },
  ],
  [
    'auth.log',
    `sshd[9]: Invalid user administrator from 192.0.2.4 port 41100`,
    { action: 'login', outcome: 'failure', user: 'administrator' },
  ],
  ['auth.log', `sshd[9]: Session opened for 'root' on /dev/char/pty/t0`, { action: 'login', user: 'root' }],
  ['auth.log', `SSH[12]: SSH login enabled`, { action: 'service_start', extra: { 'service.name': 'SSH' } }],
  [
    'shell.log',
    `No(13) ESXShell[132663]: ESXi Shell unavailable`,
    { action: 'service_stop', extra: { 'service.name': 'ESXi Shell' } },
  ],
  [
    'hostd.log',
    `In(166) Hostd[1]: [Originator@6876 sub=x] Event 129 : SSH access has been enabled.`,
    { action: 'service_start', extra: { 'service.name': 'SSH' } },
  ],
  [
    'hostd.log',
    `In(166) Hostd[1]: [Originator@6876 sub=x] Event 130 : SSH for the host esx1 has been enabled`,
    { action: 'service_start' },
  ],
  [
    'hostd.log',
    `In(166) Hostd[1]: [Originator@6876 sub=x] Event 8 : Guest operation Start Program performed on Virtual machine web 1.`,
    { action: 'guest_operation', extra: { 'ascribe.vm': 'web 1', 'ascribe.operation': 'Start Program' } },
  ],
  [
    'hostd.log',
    `In(166) Hostd[1]: [Originator@6876 sub=x] Event 8 : New MAC address (00:50:56:00:00:01) assigned to adapter VMware vmxnet3 for web 1`,
    { action: 'vm_reconfigure', extra: { 'ascribe.mac': '00:50:56:00:00:01', 'ascribe.vm': 'web 1' } },
  ],
  [
    'hostd.log',
    `In(166) Hostd[1]: [Originator@6876 sub=x] Event 8 : Assigned new BIOS UUID (564d1) to web on 1 on esx1 in ha-datacenter`,
    { action: 'vm_reconfigure', extra: { 'ascribe.vm': 'web on 1', 'ascribe.vm.uuid': '564d1' } },
  ],
  [
    'hostd.log',
    `In(166) Hostd[1]: [Originator@6876 sub=x] Task Created : haTask-99-vim.VirtualMachine.powerOn-108005254`,
    { action: 'task', extra: { 'ascribe.vm_id': 99 } },
  ],
  [
    'vmkernel.log',
    `In(182) vmkernel: cpu1:2 opID=3)WARNING: UserObj: sh: exec denied for /tmp/x`,
    { action: 'exec_denied', outcome: 'failure' },
  ],
  [
    'vmkernel.log',
    `In(182) vmkernel: cpu12 opID=d5991c6f)Migrate: 314: vmotion: Source vmmLeaderID = 2118927, ts = 7182955985622810397, srcIP = <192.0.2.1> dstIP = <192.0.2.2> Dest wid = 2109446 using SHARED swap, encrypted`,
    {
      action: 'vm_migrate',
      extra: {
        'ascribe.migration_id': '7182955985622810397',
        'ascribe.vm.world': 2_118_927,
        'ascribe.world_id': 2_109_446,
        'ascribe.migration_role': 'Source',
      },
    },
  ],
  [
    'syslog.log',
    `vmsyslogd[7]: vmsyslog logger 192.0.2.30:514 lost 156959 log messages`,
    { action: 'log_loss', extra: { 'ascribe.lost_messages': 156_959 } },
  ],
  ['syslog.log', `vmsyslogd[7]: vmsyslog.main: vmsyslogd shutting down`, { action: 'log_stop' }],
  [
    'esxupdate.log',
    `esxupdate: root: DEBUG: Finished execution of command = vib.install`,
    { action: 'software_install' },
  ],
  [
    'vmware.log',
    `In(05) vmx - Received migrate 'to' request for mid id 8743996508480001077, src ip <192.0.2.1>, dst ip <192.0.2.2>.`,
    { action: 'vm_migrate', sourceIp: '192.0.2.1', extra: { 'ascribe.migration_id': '8743996508480001077' } },
  ],
  [
    'vobd.log',
    `In(14) vobd[7]:  [GenericCorrelator] 41us: [esx.audit.esximage.install.nosigcheck] Attempting to install an image profile bypassing signing`,
    { action: 'software_install', code: 'esx.audit.esximage.install.nosigcheck' },
  ],
  [
    'shell.log',
    `shell[1231448]: [shell.cmd@6876 subject="root" object="shell" command="grep -p x" result="success" status="0"]`,
    { action: 'command', outcome: 'success', user: 'root' },
  ],
  [
    'audit.log',
    `hostd[7]: [account.create@6876 subject="root" object="mallory" result="success"]`,
    { action: 'account_change', code: 'account.create', user: 'root', extra: { 'ascribe.audit.object': 'mallory' } },
  ],
])('%s: %s', (file, line, expected) => {
  expect(events(new EsxiWorld().log(`/var/run/log/${file}`, `${T} ${line}\n`))).toMatchObject([expected]);
});

test('vmware.log before 8', () => {
  const line = `${T}| vmx| I125: MigrateSetState: Transitioning from state 0 to 1.\n${T}| vmx| opID-1| I005: MigrateSetState: Transitioning from state 1 to 2.\n`;
  expect(
    events(new EsxiWorld().log('/vmfs/volumes/5b-1/web/vmware-3.log', line)).map(
      ({ extra }) => extra?.['ascribe.state.new'],
    ),
  ).toEqual(['1', '2']);
});
