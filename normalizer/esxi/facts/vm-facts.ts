import type { Binding, Event, Fact, FactBase } from '../../model/facts';
import { bindingOf } from '../../syslog/vendors/reading';
import type { EsxiMemory } from '../state/esxi-memory';
import type { HostMemory } from '../state/host-memory';
import type { Migration } from '../state/migrations';
import type { VmState } from '../state/vm-directory';

type Extra = Record<string, string | number>;

/** What is known of the VM, beside its name, on bindings and events that name it. */
export function vmExtra({ uuid, path, world, vmid }: VmState): Extra {
  return {
    ...(uuid === undefined ? undefined : { 'ascribe.vm.uuid': uuid }),
    ...(path === undefined ? undefined : { 'ascribe.vm.path': path }),
    ...(world === undefined ? undefined : { 'ascribe.vm.world': world }),
    ...(vmid === undefined ? undefined : { 'ascribe.vm.id': vmid }),
  };
}

/**
 * Facts of a record with what the host's other records say of the VM in it: its UUID and path, the VM of a path or a
 * world, and the migrations in which two hosts tell of one VM.
 */
export function withVms(facts: readonly Fact[], base: FactBase, host: HostMemory, memory: EsxiMemory): Fact[] {
  // Only migrations speak of other hosts than the one that logs.
  const isOwn = !facts.some((fact) => fact.fact === 'event' && fact.action === 'vm_migrate');
  return facts.flatMap((fact) => {
    if (fact.fact === 'binding') return [withIdentity(fact, isOwn, host, memory)];
    if (fact.fact !== 'event') return [fact];
    switch (fact.action) {
      case 'vm_state':
        return stateFacts(fact, base, host);
      case 'vm_migrate':
        return migrationFacts(fact, base, host, memory);
      case 'vm_rename':
        return renameFacts(fact, base, host);
      case 'task':
        return [withVmid(fact, host)];
      default:
        return [withNamedVm(fact, host)];
    }
  });
}

/** Places of migrations that can be stated now, because their VM has become known. */
export function settledMigrations(device: string, memory: EsxiMemory): Fact[] {
  return memory.migrations.waiting(device).flatMap((migration) => settled(migration, memory));
}

/** Sentences name hosts as they call themselves: bindings have the device's name, and the other name is learnt. */
function withIdentity(said: Binding, isOwn: boolean, host: HostMemory, memory: EsxiMemory): Binding {
  if (said.relation !== 'vm-host') return said;
  if (isOwn) memory.alias(said.value, said.device);
  const binding = { ...said, value: isOwn ? said.device : memory.deviceOf(said.value) };
  const vm = host.vms.byName(binding.key);
  if (vm === undefined) return binding;
  const { world: _world, vmid: _vmid, ...lasting } = vm;
  return { ...binding, extra: { ...vmExtra(binding.state === 'end' ? lasting : vm), ...binding.extra } };
}

function withNamedVm(event: Event, host: HostMemory): Event {
  const name = event.extra?.['ascribe.vm'];
  const vm = typeof name === 'string' ? host.vms.byName(name) : undefined;
  return vm?.uuid === undefined ? event : { ...event, extra: { ...event.extra, 'ascribe.vm.uuid': vm.uuid } };
}

function withVmid(event: Event, host: HostMemory): Event {
  const vmid = event.extra?.['ascribe.vm_id'];
  const vm = typeof vmid === 'number' ? host.vms.byVmid(vmid) : undefined;
  return vm === undefined ? event : { ...event, extra: { ...event.extra, 'ascribe.vm': vm.name, ...vmExtra(vm) } };
}

const VM_COMPONENT = 'Vmsvc.vm:';
const ENDS: ReadonlySet<unknown> = new Set([
  'VM_STATE_OFF',
  'VM_STATE_SUSPENDED',
  'VM_STATE_GONE',
  'VM_STATE_UNREGISTERING',
]);

/** `State Transition (A -> B)` of a VM that is named by its path, which is never ambiguous. */
function stateFacts(event: Event, base: FactBase, host: HostMemory): Fact[] {
  const component = event.extra?.['ascribe.component'];
  if (typeof component !== 'string' || !component.startsWith(VM_COMPONENT)) return [event];
  const path = component.slice(VM_COMPONENT.length);
  const vm = host.vms.byPath(path);
  const extra: Extra = { ...event.extra, 'ascribe.vm.path': path };
  if (vm === undefined) return [{ ...event, extra }];
  const told: Event = {
    ...event,
    extra: { ...extra, 'ascribe.vm': vm.name, ...(vm.uuid && { 'ascribe.vm.uuid': vm.uuid }) },
  };
  const state = event.extra?.['ascribe.state.new'];
  const old = event.extra?.['ascribe.state.old'];
  if (state === 'VM_STATE_ON' && old === 'VM_STATE_POWERING_ON') return [told, onHost(vm, 'begin', base)];
  // Off after a reconfiguration is off as before.
  const wasOn = old !== 'VM_STATE_OFF' && old !== 'VM_STATE_INITIALIZING' && old !== 'VM_STATE_RECONFIGURING';
  return ENDS.has(state) && wasOn ? [told, onHost(vm, 'end', base)] : [told];
}

function onHost(vm: VmState, state: 'begin' | 'end', base: FactBase): Binding {
  const { world: _world, vmid: _vmid, ...lasting } = vm;
  return bindingOf(base, 'vm-host', vm.name, base.device, state, vmExtra(state === 'end' ? lasting : vm));
}

function renameFacts(event: Event, base: FactBase, host: HostMemory): Fact[] {
  const old = event.extra?.['ascribe.vm.old_name'];
  const name = event.extra?.['ascribe.vm'];
  if (typeof old !== 'string' || typeof name !== 'string') return [event];
  const known = host.vms.byName(old);
  const renamed: VmState = { ...known, name };
  if (known !== undefined) {
    host.vms.remove(known);
    host.vms.merge(renamed);
  }
  return [event, onHost({ ...renamed, name: old }, 'end', base), onHost(renamed, 'begin', base)];
}

/** `ts` is the same on both hosts: what one of them knows of the VM, the other's records get too. */
function migrationFacts(event: Event, base: FactBase, host: HostMemory, memory: EsxiMemory): Fact[] {
  const { extra } = event;
  const id = extra?.['ascribe.migration_id'];
  if (typeof id !== 'string') return [withNamedVm(event, host)];
  const migration = memory.migrations.of(id);
  const isSource = extra?.['ascribe.migration_role'] === 'Source';
  const world = extra?.['ascribe.vm.world'];
  const other = extra?.['ascribe.world_id'];
  if (isSource) {
    migration.source = base.device;
    if (typeof world === 'number') migration.sourceWorld = world;
    if (typeof other === 'number' && other > 0) migration.destinationWorld = other;
  } else {
    migration.destination = base.device;
    if (typeof world === 'number') migration.destinationWorld ??= world;
  }
  if (event.outcome === 'success') {
    const finished = { base, state: isSource ? ('end' as const) : ('begin' as const) };
    migration.finished = [...migration.finished, finished].slice(-4);
  }
  const bindings = settled(migration, memory);
  const { vm, source, destination } = migration;
  const told: Extra = {
    ...extra,
    ...(vm === undefined ? undefined : { 'ascribe.vm': vm.name, ...(vm.uuid && { 'ascribe.vm.uuid': vm.uuid }) }),
    ...(source === undefined ? undefined : { 'ascribe.vm_host.old': source }),
    ...(destination === undefined ? undefined : { 'ascribe.vm_host': destination }),
  };
  return [{ ...event, extra: told }, ...bindings];
}

function settled(migration: Migration, memory: EsxiMemory): Fact[] {
  const { source, destination, sourceWorld, destinationWorld, finished } = migration;
  const find = (device: string | undefined, world: number | undefined): VmState | undefined =>
    device === undefined || world === undefined ? undefined : memory.peek(device)?.vms.byWorld(world);
  const vm = migration.vm ?? find(source, sourceWorld) ?? find(destination, destinationWorld);
  if (vm === undefined) return [];
  migration.vm = vm;
  migration.finished = [];
  const { world: _world, vmid: _vmid, ...lasting } = vm;
  return finished.map(({ base, state }) => onHost(lasting, state, base));
}
