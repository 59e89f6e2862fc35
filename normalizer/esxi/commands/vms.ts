import { settledMigrations, vmExtra } from '../facts/vm-facts';
import { rolesInNotes } from './annotation';
import { numberIn, said } from '../rows/row';
import { uuidOf, type VmState } from '../state/vm-directory';
import { addressIn, isLocalOnly, type CommandReading } from './command-reading';
import { stateVnic } from './vnics';

/** `vm process list`: the VMs that run here now. */
export function readVmProcesses(reading: CommandReading): void {
  const running = new Set<number>();
  for (const row of reading.rows()) {
    const name = said(row, 'displayname') ?? said(row, 'title');
    if (name === undefined) {
      reading.refuse('esxi_bad_row', [...row.values()].join(' ').slice(0, 80));
      continue;
    }
    const vm = learnVm(reading, {
      name,
      ...optional('uuid', uuidOf(said(row, 'uuid') ?? '')),
      ...optional('path', said(row, 'configfile')),
      ...optional('world', numberIn(row, 'worldid')),
    });
    if (vm.world !== undefined) running.add(vm.world);
    const extra = {
      ...vmExtra(vm),
      'ascribe.vm.cartel': numberIn(row, 'vmxcartelid'),
      'ascribe.vm.state': 'poweredOn',
    };
    reading.binding('vm-host', name, reading.device, extra);
    reading.inventory('vm', vm.uuid ?? vm.path ?? name, name, extra);
  }
  if (reading.isComplete) {
    reading.host.vms.keepWorlds(running);
    reading.host.mark('running', String(running.size));
    reportGhosts(reading);
  }
  for (const fact of settledMigrations(reading.device, reading.memory)) reading.emit(fact);
}

/** A VM that runs but is not registered is hidden from those who manage the host. */
function reportGhosts(reading: CommandReading): void {
  const { host } = reading;
  if (host.marks.get('registered') !== 'known') return;
  for (const vm of host.vms.all) {
    if (vm.world === undefined || vm.vmid !== undefined) continue;
    if (host.mark(`ghost ${vm.uuid ?? vm.path ?? vm.name}`, 'told') !== undefined) continue;
    reading.event({ category: 'host', action: 'vm_unregistered_running' }, { 'ascribe.vm': vm.name, ...vmExtra(vm) });
  }
}

/** `network vm list` is cut on some versions: it must name every VM that runs and has a port. */
export function readNetworkVms(reading: CommandReading): void {
  const named = new Set<number>();
  for (const row of reading.rows()) {
    const world = numberIn(row, 'worldid');
    if (world === undefined) reading.refuse('esxi_bad_row', [...row.values()].join(' ').slice(0, 80));
    else named.add(world);
  }
  const running = reading.host.vms.all.filter(({ world }) => world !== undefined);
  const missing = running.filter(({ world }) => world !== undefined && !named.has(world));
  // A VM without an adapter is not in it: then some others are.
  if (running.length > 0 && missing.length > running.length / 2) {
    reading.incomplete(`names ${named.size} of ${running.length} running VMs`);
  }
}

/** `vim-cmd vmsvc/getallvms`: the VMs registered here. Annotations go over several lines. */
export function readAllVms(reading: CommandReading): void {
  const { host } = reading;
  const lines = reading.text().split('\n');
  const header = lines.findIndex((line) => line.startsWith('Vmid'));
  if (header < 0) {
    if (lines.some((line) => line.trim() !== '')) reading.incomplete('esxi_no_header');
    return;
  }
  const registered = new Set<number>();
  const noted = new Map<string, string[]>();
  let notes: string[] = [];
  for (const line of lines.slice(header + 1)) {
    const vm = registration(line);
    if (vm === undefined) {
      notes.push(line);
      continue;
    }
    notes = [vm.notes];
    noted.set(vm.name, notes);
    reading.rowCount++;
    registered.add(vm.vmid);
    const { notes: _notes, ...state } = vm;
    const learnt = learnVm(reading, state);
    const extra = {
      ...vmExtra(learnt),
      'ascribe.vm.guest_os': vm.guest,
      'ascribe.vm.state': learnt.world === undefined ? undefined : 'poweredOn',
    };
    reading.inventory('vm', learnt.uuid ?? learnt.path ?? learnt.name, learnt.name, extra);
  }
  for (const [name, text] of noted) {
    for (const role of rolesInNotes(text.join('\n'))) reading.binding('vm-role', name, role, {});
  }
  if (!reading.isComplete) return;
  host.mark('registered', 'known');
  for (const vm of host.vms.all) {
    if (vm.vmid === undefined || registered.has(vm.vmid)) continue;
    host.vms.remove(vm);
    const { vmid: _gone, ...rest } = vm;
    if (rest.world !== undefined) host.vms.merge(rest);
  }
}

/** `12  web 1   [datastore1] web/web.vmx   debian10_64Guest   vmx-13   annotation`; undefined for a line that goes on an annotation. */
function registration(
  line: string,
): (VmState & { vmid: number; guest: string | undefined; notes: string }) | undefined {
  const vmid = leadingNumber(line);
  const end = line.indexOf('.vmx');
  const open = end < 0 ? -1 : datastoreAt(line, end);
  if (vmid === undefined || open < 0) return undefined;
  const name = line.slice(line.indexOf(' '), open).trim();
  const path = line.slice(open, end + 4);
  if (name === '') return undefined;
  const [, guest = '', notes = ''] = /^\s*(\S*)\s*(?:vmx-\d+\s*)?(.*)$/u.exec(line.slice(end + 4)) ?? [];
  return { vmid, name, path, guest: guest || undefined, notes };
}

/** Place of the `[` of the datastore, behind two blanks: names and folders may hold brackets too. */
function datastoreAt(line: string, end: number): number {
  let found = -1;
  for (let at = line.lastIndexOf('[', end); at > 0; at = line.lastIndexOf('[', at - 1)) {
    const close = line.indexOf('] ', at);
    if (close < 0 || close > end || line[at - 1] !== ' ') continue;
    if (line[at - 2] === ' ') return at;
    if (found < 0) found = at;
  }
  return found;
}

function leadingNumber(line: string): number | undefined {
  let end = 0;
  while (line.charCodeAt(end) >= 48 && line.charCodeAt(end) <= 57) end++;
  return end === 0 || end > 9 || line.charCodeAt(end) !== 0x20 ? undefined : Number(line.slice(0, end));
}

const SECTION = '===VM===';

/** `vim-cmd vmsvc/get.guest`, one answer for each VM: what VMware Tools in the guest say of its addresses. */
export function readGuests(reading: CommandReading): void {
  const text = reading.text();
  const single = reading.read.parameters['vmid'] ?? reading.read.parameters['vmids'];
  if (!text.includes(SECTION)) {
    const vmid = single !== undefined && !single.includes(' ') ? Number(single) : Number.NaN;
    readGuest(reading, vmid, text);
    return;
  }
  for (const part of text.split(SECTION).slice(1))
    readGuest(reading, leadingNumber(`${part.split('\n', 1)[0]} `) ?? Number.NaN, part);
}

function readGuest(reading: CommandReading, vmid: number, text: string): void {
  reading.rowCount++;
  const vm = reading.host.vms.byVmid(vmid);
  // A VM that was unregistered meanwhile.
  if (text.includes('(vim.fault.')) return;
  if (!text.includes('(vim.vm.GuestInfo) {')) {
    if (text.trim() !== '') reading.refuse('esxi_no_guest_info', `vm ${vmid}`);
    return;
  }
  if (vm === undefined) {
    reading.refuse('esxi_vm_unknown', `vm ${vmid}`);
    return;
  }
  const guest = guestOf(text);
  reading.inventory('vm', `${vm.uuid ?? vm.path ?? vm.name}/guest`, vm.name, {
    ...vmExtra(vm),
    'ascribe.vm.guest_name': guest.hostName,
    'ascribe.vm.tools': guest.tools,
    'ascribe.vm.guest_os': guest.os,
  });
  for (const { mac, ips, network, adapter } of guest.adapters) {
    const about = { ...vmExtra(vm), 'ascribe.source': 'guest_tools', 'ascribe.vnic.portgroup': network };
    if (mac !== undefined) stateVnic(reading, { mac, vm, adapter, portGroup: network });
    for (const ip of ips) {
      if (isLocalOnly(ip)) continue;
      reading.binding('ip-vm', ip, vm.name, { ...about, 'ascribe.vnic.mac': mac });
      if (mac !== undefined) reading.binding('ip-mac', ip, mac, about);
    }
  }
}

interface GuestAdapter {
  mac: string | undefined;
  readonly ips: string[];
  network: string | undefined;
  /** Device key: 4000 for the first adapter. */
  adapter: number | undefined;
}

interface Guest {
  hostName: string | undefined;
  tools: string | undefined;
  os: string | undefined;
  readonly adapters: GuestAdapter[];
}

/** Reads the managed object's text: one field a line, objects and lists by their brackets. */
function guestOf(text: string): Guest {
  const guest: Guest = { hostName: undefined, tools: undefined, os: undefined, adapters: [] };
  let adapter: GuestAdapter | undefined;
  let depth = 0;
  let adapterDepth = 0;
  let inAddresses = false;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line.startsWith('(vim.vm.GuestInfo.NicInfo) {')) {
      adapter = { mac: undefined, ips: [], network: undefined, adapter: undefined };
      guest.adapters.push(adapter);
      adapterDepth = depth;
    }
    if (adapter !== undefined && depth === adapterDepth + 1) {
      inAddresses = line.startsWith('ipAddress = (string) [') && !line.includes(']');
      readAdapterField(adapter, line);
    } else if (adapter !== undefined && inAddresses && depth === adapterDepth + 2) {
      const ip = addressIn(quotedIn(line));
      if (ip !== undefined && adapter.ips.length < 64) adapter.ips.push(ip);
    } else if (depth === 1) readGuestField(guest, line);
    depth += balance(line);
    if (adapter !== undefined && depth <= adapterDepth) adapter = undefined;
  }
  return guest;
}

function readAdapterField(adapter: GuestAdapter, line: string): void {
  if (line.startsWith('macAddress = ')) adapter.mac = quotedIn(line)?.toLowerCase();
  else if (line.startsWith('network = ')) adapter.network = quotedIn(line);
  else if (line.startsWith('deviceConfigId = ')) {
    const key = Number.parseInt(line.slice(17), 10);
    if (key >= 4000 && key < 5000) adapter.adapter = key;
  }
}

function readGuestField(guest: Guest, line: string): void {
  if (line.startsWith('hostName = ')) guest.hostName = quotedIn(line);
  else if (line.startsWith('toolsRunningStatus = ')) guest.tools = quotedIn(line);
  else if (line.startsWith('guestFullName = ')) guest.os = quotedIn(line);
}

function quotedIn(line: string): string | undefined {
  const from = line.indexOf('"');
  const to = line.lastIndexOf('"');
  return to > from ? line.slice(from + 1, to) : undefined;
}

/** Brackets opened less brackets closed, outside of quotes. */
function balance(line: string): number {
  let sum = 0;
  let quoted = false;
  for (let p = 0; p < line.length; p++) {
    const character = line[p];
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '{' || character === '[') sum++;
    else if (character === '}' || character === ']') sum--;
  }
  return sum;
}

/** Takes over what was said of a VM, and tells when its name has changed. */
export function learnVm(reading: CommandReading, said: VmState): VmState {
  const { vmid, name, uuid, path, world } = said;
  const plain: VmState = {
    name,
    ...optional('uuid', uuid),
    ...optional('path', path),
    ...optional('world', world),
    ...optional('vmid', vmid),
  };
  const { vm, before } = reading.host.vms.merge(plain);
  if (before !== undefined && before.name !== name) {
    reading.event(
      { category: 'host', action: 'vm_rename', outcome: 'success' },
      { 'ascribe.vm': name, 'ascribe.vm.old_name': before.name, ...vmExtra(vm) },
    );
  }
  return vm;
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: Value });
}
