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
    'Migrate: vm {#ascribe.vm.world}: {...}Setting VMOTION info: {@ascribe.migration_role} ts = {@ascribe.migration_id}, src ip = <{srcip}> dest ip = <{dstip}> Dest wid = {#ascribe.world_id}',
    'Migrate: {...}Setting VMOTION info: {@ascribe.migration_role} ts = {@ascribe.migration_id}, src ip = <{srcip}> dest ip = <{dstip}> Dest wid = {#ascribe.world_id}',
    // 8.x; the destination says `Dest vmmLeaderID` and no world of its own yet (`Dest wid = 0`).
    'Migrate: {...}vmotion: {@ascribe.migration_role} vmmLeaderID = {#ascribe.vm.world}, ts = {@ascribe.migration_id}, srcIP = <{srcip}> dstIP = <{dstip}> Dest wid = {#ascribe.world_id}',
    'Migrate: {...}vmotion: {@ascribe.migration_role} vmmLeaderID = {#ascribe.vm.world}, {...}ts = {@ascribe.migration_id}, {...}srcIP = <{srcip}> {...}dstIP = <{dstip}>',
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
