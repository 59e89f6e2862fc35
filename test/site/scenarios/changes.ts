import { networkNamed, type Inventory } from '../inventory';
import type { SeededRandom } from '../random';
import { OUTWARD, addressOf, vmOwner, volumeOf, type Plan } from '../traffic';
import { ALWAYS, at, type AddressSpan, type Owner, type Role, type TrueVm } from '../truth';

/** The n-th VM of a role; a scenario that needs one has one. */
export function vmOf({ vms }: Inventory, role: Role, n = 0): TrueVm {
  const found = vms.filter((vm) => vm.role === role)[n];
  if (found === undefined) throw new RangeError(`no VM ${n} of the role ${role}`);
  return found;
}

/** The inventory with one VM replaced. */
export function withVm(inventory: Inventory, vm: TrueVm, changed: Partial<TrueVm>): Inventory {
  return {
    ...inventory,
    vms: inventory.vms.map((other) => (other.uuid === vm.uuid ? { ...other, ...changed } : other)),
  };
}

/** The addresses of a VM from a list of (from, address); each holds until the next. */
export function leases(
  times: readonly (readonly [from: number, ip: string | undefined])[],
  how: AddressSpan['how'] = 'dhcp',
): AddressSpan[] {
  return times.flatMap(([from, ip], i) => {
    const to = times[i + 1]?.[0] ?? ALWAYS.to;
    return ip === undefined ? [] : [{ from: i === 0 ? ALWAYS.from : from, to, ip, how }];
  });
}

/** A malicious program's habit. Bytes and length as means. */
export interface ImplantPlan {
  readonly name: string;
  readonly server: string;
  readonly port: number;
  readonly protocol?: 6 | 17;
  readonly every: number;
  readonly jitter: number;
  readonly length?: number;
  readonly up?: number;
  readonly down?: number;
  /** Exact bytes, without spread: a protocol of its own. */
  readonly exact?: boolean;
  readonly from?: number;
  readonly to?: number;
}

/** From where an implant talks. */
export interface ImplantPlace {
  readonly addressAt: (time: number) => string | undefined;
  readonly ownerAt: (time: number) => Owner;
  readonly vrf?: string;
  readonly path?: readonly string[];
  readonly translated?: boolean;
}

export function inVm(vm: TrueVm, v6 = false): ImplantPlace {
  return {
    addressAt: (time) => addressOf(vm, time, v6),
    ownerAt: (time) => vmOwner(vm, time),
    vrf: vm.vrf,
    translated: !v6,
  };
}

/** A process of a hypervisor, over its management address. */
export function inHost({ hosts }: Inventory, n: number, process: string, worldId: number): ImplantPlace {
  const host = hosts[n];
  if (host === undefined) throw new RangeError(`no host ${n}`);
  return { addressAt: () => host.ip, ownerAt: () => ({ kind: 'service', host: host.name, process, worldId }) };
}

/** The sessions of an implant over the site's day. */
export function implant(random: SeededRandom, duration: number, place: ImplantPlace, plan: ImplantPlan): Plan[] {
  const plans: Plan[] = [];
  const { name, server, port, protocol = 6, every, jitter, length = 1_200, up = 1_300, down = 3_100 } = plan;
  for (
    let start = (plan.from ?? 0) + random.next() * Math.min(every, 60_000);
    start < Math.min(duration, plan.to ?? duration);
    start += every * (1 + (random.next() * 2 - 1) * jitter)
  ) {
    const time = Math.round(start);
    const client = place.addressAt(time);
    if (client === undefined) continue;
    const spread = volumeOf(random, { length, up, down, protocol });
    const volume =
      plan.exact === true ? { ...spread, bytesUp: up, bytesDown: down, packetsUp: 4, packetsDown: 3 } : spread;
    plans.push({
      client,
      server,
      serverPort: port,
      protocol,
      vrf: place.vrf ?? '',
      start: time,
      ...volume,
      outbound: true,
      encrypted: true,
      owner: place.ownerAt(time),
      path: place.path ?? OUTWARD,
      translated: place.translated ?? true,
      label: 'implant',
      implant: name,
    });
  }
  return plans;
}

/** One session from a VM, outward unless it says otherwise. */
export function oneSession(
  vm: TrueVm,
  start: number,
  length: number,
  server: string,
  port: number,
  more: Partial<Plan> = {},
): Plan {
  return {
    client: addressOf(vm, start, server.includes(':')) ?? '',
    server,
    serverPort: port,
    protocol: 6,
    vrf: vm.vrf,
    start,
    length,
    bytesUp: 6_000,
    bytesDown: 24_000,
    packetsUp: 20,
    packetsDown: 30,
    outbound: true,
    encrypted: true,
    owner: vmOwner(vm, start),
    path: OUTWARD,
    translated: !server.includes(':'),
    label: 'planned',
    ...more,
  };
}

/** Many short sessions of many VMs to few servers, so that translated ports come round again soon. */
export function crowd(random: SeededRandom, inventory: Inventory, from: number, to: number, perSecond: number): Plan[] {
  const vms = inventory.vms.filter(({ vrf, adapter }) => vrf === '' && networkNamed(adapter.network).vrf === '');
  const hot = Array.from({ length: 20 }, (_, i) => `192.0.2.${100 + i}`);
  const plans: Plan[] = [];
  for (let start = from; start < to; start += random.exponential(1_000 / perSecond)) {
    const vm = random.pick(vms);
    const time = Math.round(start);
    if (addressOf(vm, time) === undefined || at(vm.names, time) === undefined) continue;
    const length = 200 + Math.round(random.exponential(1_500));
    const server = random.next() < 0.6 ? random.pick(hot) : `192.0.2.${random.int(130, 190)}`;
    plans.push(
      oneSession(vm, time, length, server, 443, {
        label: 'crowd',
        bytesUp: random.int(900, 5_000),
        bytesDown: random.int(1_800, 30_000),
      }),
    );
  }
  return plans;
}
