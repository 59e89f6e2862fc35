import type { Inventory } from './inventory';
import type { SeededRandom } from './random';
import { TALKS, type Talk, type Talker } from './traffic.data';
import { at, type Owner, type Role, type TrueSession, type TrueVm } from './truth';

/** A session before ports and translation are known. */
export interface Plan extends Omit<TrueSession, 'id' | 'clientPort' | 'end' | 'nat' | 'rule' | 'relayOf'> {
  readonly length: number;
  /** A port of the client's choice. */
  readonly clientPort?: number;
  /** Goes through the firewall's translation. */
  readonly translated: boolean;
  readonly relayOf?: Plan;
}

export interface TrafficOptions {
  readonly duration: number;
  readonly pace: number;
  readonly without: readonly string[];
}

/** Path of an outbound session, and of one between two networks. */
export const OUTWARD = ['rt-core', 'fw-1', 'rt-edge'];
export const ACROSS = ['rt-core'];

/** The ordinary sessions of a site. */
export function makePlans(random: SeededRandom, inventory: Inventory, options: TrafficOptions): Plan[] {
  const plans: Plan[] = [];
  for (const talk of TALKS) {
    if (options.without.includes(talk.label)) continue;
    for (const by of talk.by) {
      for (const talker of talkersOf(inventory, by)) plans.push(...talkOf(random, inventory, talk, talker, options));
    }
  }
  return plans;
}

interface TalkerAt {
  readonly ownerAt: (time: number) => Owner | undefined;
  readonly addressAt: (time: number, v6: boolean) => string | undefined;
  readonly network: string;
  readonly vrf: string;
  readonly isEdge: boolean;
}

function talkersOf(inventory: Inventory, by: Talker): TalkerAt[] {
  if (by === 'esxi') {
    return inventory.hosts.map(({ name, ip, worlds }) => ({
      ownerAt: () => ({ kind: 'service', host: name, process: worlds[0]?.name ?? '', worldId: worlds[0]?.id ?? 0 }),
      addressAt: (_time, v6) => (v6 ? undefined : ip),
      network: 'Management',
      vrf: '',
      isEdge: false,
    }));
  }
  if (by === 'rt-core' || by === 'fw-1') {
    const ip = by === 'rt-core' ? '10.20.0.1' : '198.51.100.2';
    return [
      {
        ownerAt: () => ({ kind: 'device_config', device: by, line: '' }),
        addressAt: (_time, v6) => (v6 ? undefined : ip),
        network: 'Management',
        vrf: '',
        isEdge: by === 'fw-1',
      },
    ];
  }
  return inventory.vms.filter(({ role }) => by === 'every' || role === by).map(vmTalker);
}

function vmTalker(vm: TrueVm): TalkerAt {
  return {
    ownerAt: (time) => vmOwner(vm, time),
    addressAt: (time, v6) => addressOf(vm, time, v6),
    network: vm.adapter.network,
    vrf: vm.vrf,
    isEdge: false,
  };
}

export function vmOwner(vm: TrueVm, time: number): Owner {
  return { kind: 'vm', name: at(vm.names, time)?.name ?? '', uuid: vm.uuid };
}

/** The address of this family that the VM has then; the latest of several. */
export function addressOf(vm: TrueVm, time: number, v6 = false): string | undefined {
  return vm.adapter.addresses.findLast((span) => span.ip.includes(':') === v6 && span.from <= time && time < span.to)
    ?.ip;
}

function talkOf(
  random: SeededRandom,
  inventory: Inventory,
  talk: Talk,
  talker: TalkerAt,
  { duration, pace }: TrafficOptions,
): Plan[] {
  const plans: Plan[] = [];
  // Programs with a period keep it, however quiet the site is.
  const every = talk.jitter === undefined ? talk.every * pace : talk.every;
  for (let start = random.next() * every; start < duration; start += pauseOf(random, every, talk.jitter)) {
    const plan = onePlan(random, inventory, talk, talker, Math.round(start));
    if (plan !== undefined) plans.push(plan);
  }
  return plans;
}

function pauseOf(random: SeededRandom, every: number, jitter: number | undefined): number {
  return jitter === undefined ? random.exponential(every) : every * (1 + (random.next() * 2 - 1) * jitter);
}

function onePlan(
  random: SeededRandom,
  inventory: Inventory,
  talk: Talk,
  talker: TalkerAt,
  start: number,
): Plan | undefined {
  const outbound = typeof talk.to !== 'string';
  const server =
    typeof talk.to === 'string' ? serverOf(random, inventory, talk.to, talker.network, start) : random.pick(talk.to);
  if (server === undefined) return undefined;
  const client = talker.addressAt(start, server.includes(':'));
  const owner = talker.ownerAt(start);
  if (client === undefined || owner === undefined) return undefined;
  return {
    client,
    server,
    serverPort: talk.port,
    protocol: talk.protocol,
    vrf: talker.vrf,
    start,
    ...volumeOf(random, talk),
    outbound,
    encrypted: talk.encrypted,
    owner: ownerOf(inventory, owner, talk),
    path: talker.isEdge ? ['rt-edge'] : outbound ? OUTWARD : ACROSS,
    translated: outbound && !talker.isEdge && !client.includes(':'),
    label: talk.label,
  };
}

/** The process or configuration line that a habit names. */
function ownerOf(inventory: Inventory, owner: Owner, { process, line }: Talk): Owner {
  if (owner.kind === 'device_config' && line !== undefined) return { ...owner, line: line.trim() };
  if (owner.kind !== 'service' || process === undefined) return owner;
  const world = inventory.hosts.find(({ name }) => name === owner.host)?.worlds.find(({ name }) => name === process);
  return { ...owner, process, worldId: world?.id ?? 0 };
}

function serverOf(
  random: SeededRandom,
  inventory: Inventory,
  role: Role,
  network: string,
  time: number,
): string | undefined {
  const servers = inventory.vms.filter((vm) => vm.role === role && vm.adapter.network !== network);
  return servers.length === 0 ? undefined : addressOf(random.pick(servers), time);
}

/** Bytes and packets of both directions and the length: means of the habit, spread as real ones are. */
export function volumeOf(
  random: SeededRandom,
  talk: Pick<Talk, 'length' | 'up' | 'down' | 'protocol'>,
): Pick<Plan, 'length' | 'bytesUp' | 'bytesDown' | 'packetsUp' | 'packetsDown'> {
  const spread = (): number => 0.4 + random.exponential(0.6);
  const isShort = talk.length < 100;
  const length = Math.max(10, Math.round(talk.length * (isShort ? 1 : spread())));
  const size = (mean: number): number => Math.round(isShort ? mean : mean * spread());
  // A handshake needs room: what TLS sessions have at least in practice (585 and 1,272 bytes at the first percentile).
  const [bytesUp, bytesDown] =
    talk.protocol === 6
      ? [Math.max(900, size(talk.up)), Math.max(1_800, size(talk.down))]
      : [size(talk.up), size(talk.down)];
  const packets = (bytes: number, full: number): number =>
    talk.protocol === 6 ? Math.max(6, Math.ceil(bytes / full)) : Math.max(1, Math.ceil(bytes / full));
  return { length, bytesUp, bytesDown, packetsUp: packets(bytesUp, 500), packetsDown: packets(bytesDown, 1_200) };
}
