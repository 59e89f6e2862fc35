import { type EventRow, event } from './rows';

/**
 * What ESXi and vCenter write in sentences ("vSphere Web Services API Reference", event messages; VMware vSphere
 * "ESXi Log Files"). Sentences about VMs are in `VM_SENTENCES`: names there may hold any words, so they are cut from the
 * right.
 */
export const ESXI_EVENTS: readonly EventRow[] = [
  event(
    'authentication',
    'login',
    'success',
    'User {userAtHost} logged in as {@user_agent.original+}',
    'Accepted password for user {user} from {srcip}',
  ),
  event('authentication', 'logout', undefined, 'User {userAtHost} logged out'),
  event(
    'authentication',
    'login',
    'failure',
    'Cannot login user {userAtHost}: {reason}',
    'Cannot login {userAtHost}',
    'Rejected password for user {user} from {srcip}',
    'Failed login attempt for {userAtHost}',
  ),
  event('authentication', 'login', 'success', "SSH session was opened for '{userAtHost}'"),
  event('authentication', 'logout', undefined, "SSH session was closed for '{userAtHost}'"),
  event('authentication', 'login', 'failure', "SSH login has failed for '{userAtHost}'", 'SSH login has failed'),
  event(
    'iam',
    'account_locked',
    'failure',
    "Remote access for ESXi local user account '{user}' has been locked for {#ascribe.lock_seconds} seconds after {#ascribe.attempts} failed login attempts",
  ),
  ...(['enabled', 'disabled'] as const).map((word) =>
    event(
      'process',
      word === 'enabled' ? 'service_start' : 'service_stop',
      undefined,
      `{@service.name} access has been ${word}`,
      `{@service.name+} for the host {@host.name} has been ${word}`,
      `{@service.name+} for the host has been ${word}`,
      `{@service.name} login ${word}`,
      `The {@service.name+} has been ${word}`,
    ),
  ),
  event(
    'configuration',
    'firewall_change',
    undefined,
    "Firewall configuration has changed. Operation '{@ascribe.operation}' for rule set {@rule.ruleset} {succeeded}",
    'Firewall has been enabled for {reason}',
    'Firewall has been disabled',
  ),
  event(
    'iam',
    'account_change',
    'success',
    'Account {userWord} was created on host {@host.name}',
    'Account {userWord} was updated on host {@host.name}',
    'Account {userWord} was removed on host {@host.name}',
    'Password was changed for account {userWord} on host {@host.name}',
    'Permission {...} for {userWord}',
  ),
  event(
    'configuration',
    'lockdown_change',
    undefined,
    'Administrator access to the host {@host.name} has been {@ascribe.state.new}',
    'Lockdown mode exception users are changed',
  ),
  event(
    'process',
    'guest_operation',
    'success',
    'Guest operation {@ascribe.operation+} performed on Virtual machine {vmRest}',
  ),
  event(
    'host',
    'log_loss',
    'failure',
    'Issue detected on {@ascribe.vm_host} in {...}: vmsyslog logger {dstHost} lost {#ascribe.lost_messages} log messages',
    'vmsyslog logger {dstHost} lost {#ascribe.lost_messages} log messages',
    'lost {#ascribe.lost_messages} log messages',
  ),
  event('process', 'command', undefined, "User '{user}' running command '{commandToQuote}", '[{user}]: {command}'),
  event('network', 'connection_attempt', undefined, 'Connection from {srcip} port {srcport}'),
  event('host', 'vm_state', undefined, 'State Transition ({@ascribe.state.old} -> {@ascribe.state.new})'),
  event(
    'host',
    'vm_migrate',
    undefined,
    '{?cpu{_}){? WARNING: }}Migrate: {...}Setting VMOTION info: Source ts = {@ascribe.migration_id}, src ip = <{srcip}> dest ip = <{dstip}> Dest wid = {#ascribe.world_id}',
    'Migrate: {...}Setting VMOTION info: Source ts = {@ascribe.migration_id}, src ip = <{srcip}> dest ip = <{dstip}> Dest wid = {#ascribe.world_id}',
  ),
  event(
    'host',
    'task',
    undefined,
    'Task Created: haTask-{#ascribe.vm_id}-{@ascribe.task}',
    'Task Created: {@ascribe.task}',
  ),
  event(
    'host',
    'task',
    'success',
    'Task Completed: haTask-{#ascribe.vm_id}-{@ascribe.task} Status {succeeded}',
    'Task Completed: {@ascribe.task} Status {succeeded}',
  ),
];

/** One kind of sentence about a VM: `head`, the VM, ` on `, the host, ` in ` or ` from `, the data centre, `tail`. */
export interface VmSentence {
  readonly head: string;
  readonly tail: string;
  readonly action: string;
  /** What it says of the VM's being on the host. */
  readonly state?: 'begin' | 'end' | 'seen';
}

const POWER_WORDS: readonly Omit<VmSentence, 'head'>[] = [
  { tail: ' is powered on', action: 'vm_power_on', state: 'begin' },
  { tail: ' has powered on', action: 'vm_power_on', state: 'begin' },
  { tail: ' is powered off', action: 'vm_power_off', state: 'end' },
  { tail: ' has powered off', action: 'vm_power_off', state: 'end' },
  { tail: ' is suspended', action: 'vm_suspend', state: 'end' },
];

export const VM_SENTENCES: readonly VmSentence[] = [
  ...POWER_WORDS.flatMap(({ tail, ...meaning }): VmSentence[] => [
    { head: 'Virtual machine ', tail, ...meaning },
    { head: '', tail, ...meaning },
  ]),
  { head: '', tail: ' is starting', action: 'vm_starting' },
  { head: '', tail: ' is stopping', action: 'vm_stopping' },
  { head: '', tail: ' is resuming', action: 'vm_resume', state: 'begin' },
  { head: '', tail: ' is reset', action: 'vm_reset', state: 'seen' },
  { head: 'Registered ', tail: '', action: 'vm_register' },
  { head: 'Unregistered ', tail: '', action: 'vm_unregister', state: 'end' },
  { head: 'Created virtual machine ', tail: '', action: 'vm_create' },
  { head: 'Creating ', tail: '', action: 'vm_creating' },
  { head: 'Deploying ', tail: '', action: 'vm_creating' },
  { head: 'Removed ', tail: '', action: 'vm_delete', state: 'end' },
  { head: 'Reconfigured ', tail: '', action: 'vm_reconfigure' },
  { head: 'Guest OS reboot for ', tail: '', action: 'vm_guest_reboot', state: 'seen' },
  { head: 'Guest OS shut down for ', tail: '', action: 'vm_guest_shutdown' },
  { head: 'Guest OS standby for ', tail: '', action: 'vm_guest_standby' },
];

/** Observation ids of vobd and hostd (`[vob.…]`, `[esx.audit.…]`): what they mean where the text alone does not say. */
export const ESXI_OBSERVATIONS: Readonly<Record<string, { readonly category: string; readonly action: string }>> = {
  'vob.user.ssh.session.opened': { category: 'authentication', action: 'login' },
  'vob.user.ssh.session.closed': { category: 'authentication', action: 'logout' },
  'vob.user.ssh.session.begin': { category: 'authentication', action: 'login' },
  'vob.user.ssh.session.end': { category: 'authentication', action: 'logout' },
  'vob.user.ssh.session.failed': { category: 'authentication', action: 'login' },
  'vob.user.account.locked': { category: 'iam', action: 'account_locked' },
  'vob.user.vmsyslogd.remote.failure': { category: 'host', action: 'log_loss' },
  'esx.audit.ssh.enabled': { category: 'process', action: 'service_start' },
  'esx.audit.ssh.disabled': { category: 'process', action: 'service_stop' },
  'esx.audit.shell.enabled': { category: 'process', action: 'service_start' },
  'esx.audit.shell.disabled': { category: 'process', action: 'service_stop' },
  'esx.audit.ssh.session.opened': { category: 'authentication', action: 'login' },
  'esx.audit.ssh.session.closed': { category: 'authentication', action: 'logout' },
  'esx.audit.ssh.session.failed': { category: 'authentication', action: 'login' },
  'esx.audit.account.locked': { category: 'iam', action: 'account_locked' },
  'esx.audit.account.loginfailures': { category: 'authentication', action: 'login' },
  'esx.audit.lockdownmode.enabled': { category: 'configuration', action: 'lockdown_change' },
  'esx.audit.lockdownmode.disabled': { category: 'configuration', action: 'lockdown_change' },
  'esx.audit.net.firewall.config.changed': { category: 'configuration', action: 'firewall_change' },
  'esx.audit.net.firewall.enabled': { category: 'configuration', action: 'firewall_change' },
  'esx.audit.net.firewall.disabled': { category: 'configuration', action: 'firewall_change' },
  'esx.audit.esximage.vib.install.successful': { category: 'configuration', action: 'software_install' },
  'esx.audit.esximage.vib.remove.successful': { category: 'configuration', action: 'software_remove' },
  'esx.audit.esximage.install.nosigcheck': { category: 'configuration', action: 'software_install' },
  'esx.audit.esximage.install.novalidation': { category: 'configuration', action: 'software_install' },
  'esx.audit.esximage.hostacceptance.changed': { category: 'configuration', action: 'software_acceptance_change' },
  'esx.problem.vmsyslogd.remote.failure': { category: 'host', action: 'log_loss' },
  'vob.net.vmnic.linkstate.down': { category: 'network', action: 'interface_down' },
  'vob.net.vmnic.linkstate.up': { category: 'network', action: 'interface_up' },
};

/** Programs that only ESXi has. */
export const ESXI_PROCESSES: ReadonlySet<string> = new Set([
  'hostd',
  'vpxa',
  'vobd',
  'vmkernel',
  'vmkwarning',
  'vmkalert',
  'hostd-probe',
  'esxshell',
  'rhttpproxy',
  'fdm',
  'vmauthd',
  'esxupdate',
  'vsanmgmtd',
  'vmsyslogd',
  'esxcli',
  'esxtokend',
  'settingsd',
  'apiforwarder',
  'kmxa',
  'vvold',
  'hbrca',
]);

/** vCenter's event types and what they mean. */
export const VCENTER_EVENTS: Readonly<
  Record<string, readonly [category: string, action: string, outcome?: 'success' | 'failure']>
> = {
  UserLoginSessionEvent: ['authentication', 'login', 'success'],
  UserLogoutSessionEvent: ['authentication', 'logout'],
  BadUsernameSessionEvent: ['authentication', 'login', 'failure'],
  NoAccessUserEvent: ['authentication', 'login', 'failure'],
  AlreadyAuthenticatedSessionEvent: ['authentication', 'login', 'failure'],
  VmPoweredOnEvent: ['host', 'vm_power_on', 'success'],
  DrsVmPoweredOnEvent: ['host', 'vm_power_on', 'success'],
  VmStartingEvent: ['host', 'vm_starting'],
  VmStoppingEvent: ['host', 'vm_stopping'],
  VmPoweredOffEvent: ['host', 'vm_power_off', 'success'],
  VmSuspendedEvent: ['host', 'vm_suspend', 'success'],
  VmResettingEvent: ['host', 'vm_reset'],
  VmMigratedEvent: ['host', 'vm_migrate', 'success'],
  DrsVmMigratedEvent: ['host', 'vm_migrate', 'success'],
  VmRelocatedEvent: ['host', 'vm_migrate', 'success'],
  VmFailedMigrateEvent: ['host', 'vm_migrate', 'failure'],
  VmCreatedEvent: ['host', 'vm_create', 'success'],
  VmClonedEvent: ['host', 'vm_create', 'success'],
  VmDeployedEvent: ['host', 'vm_create', 'success'],
  VmRegisteredEvent: ['host', 'vm_register', 'success'],
  VmRemovedEvent: ['host', 'vm_delete', 'success'],
  VmReconfiguredEvent: ['host', 'vm_reconfigure', 'success'],
  VmMacAssignedEvent: ['host', 'vm_reconfigure', 'success'],
  VmMacChangedEvent: ['host', 'vm_reconfigure', 'success'],
  VmGuestRebootEvent: ['host', 'vm_guest_reboot', 'success'],
  VmGuestShutdownEvent: ['host', 'vm_guest_shutdown', 'success'],
  AccountCreatedEvent: ['iam', 'account_change', 'success'],
  AccountUpdatedEvent: ['iam', 'account_change', 'success'],
  AccountRemovedEvent: ['iam', 'account_change', 'success'],
  PermissionAddedEvent: ['iam', 'account_change', 'success'],
  PermissionUpdatedEvent: ['iam', 'account_change', 'success'],
  PermissionRemovedEvent: ['iam', 'account_change', 'success'],
  TaskEvent: ['host', 'task'],
  'com.vmware.sso.LoginSuccess': ['authentication', 'login', 'success'],
  'com.vmware.sso.LoginFailure': ['authentication', 'login', 'failure'],
  'com.vmware.sso.Logout': ['authentication', 'logout'],
  'com.vmware.sso.PrincipalManagement': ['iam', 'account_change', 'success'],
};
