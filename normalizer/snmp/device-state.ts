import type { TableName } from './built-in.data';
import { esxiName } from './esxi-interface';

/** What is known of an interface, from all tables that tell of it. */
export interface InterfaceState {
  name?: string;
  descr?: string;
  type?: number;
  mac?: string;
  alias?: string;
  speed?: number;
  admin?: number;
  oper?: number;
  /** Indexes of the interfaces that this one runs over (LAG members, the parent of a VLAN), ascending. */
  below?: number[];
}

/** How LLDP names one of the device's own ports. */
export interface LldpPort {
  readonly subtype?: number;
  readonly id?: string;
  readonly descr?: string;
}

export interface VmState {
  readonly name: string;
  readonly uuid?: string;
}

export interface ProcessState {
  readonly name: string;
  readonly path?: string;
}

/** What a record waits for, and what is then read from it. */
export interface Waiting {
  readonly seq: number;
  readonly need: Need;
  readonly table: TableName;
}

/** Maps that records may wait for; bridge ports are known by MIB and context. */
export type Need = 'interfaces' | 'lldp-ports' | 'vms' | `bridge-ports ${string}`;

/** Answer to a wish to wait: `expired` when the map has not come for an hour, so that nothing waits for it any more. */
export type WaitAnswer = 'waits' | 'expired' | 'full';

/** Entries kept per map of one device. What is beyond is not kept, and so not resolved. */
export const MAX_ENTRIES = 16_384;
/** Records of one device that wait for a map. */
const MAX_WAITING = 1024;
/** Longer than any map is away from being read again. */
const WAIT_MS = 3_600_000;
/** An unchanged thing is stated again after this time, so that every stretch of facts holds it. */
const RESTATE_MS = 3_600_000;

type Stated = readonly [digest: number, at: number];

/** All maps of one device as JSON; keys ascending. */
export interface DeviceJson {
  readonly interfaces: readonly (readonly [number, InterfaceState])[];
  readonly basePorts: readonly (readonly [string, readonly (readonly [number, number])[]])[];
  readonly fdbVlans: readonly (readonly [number, number])[];
  readonly lldpPorts: readonly (readonly [number, LldpPort])[];
  readonly managed: readonly (readonly [string, string])[];
  readonly processes: readonly (readonly [number, ProcessState])[];
  readonly listeners: readonly string[];
  readonly vms: readonly (readonly [number, VmState])[];
  readonly markers: readonly (readonly [string, number])[];
  readonly stated: readonly (readonly [string, Stated])[];
  readonly missing: readonly (readonly [Need, number])[];
  readonly waiting: readonly Waiting[];
  readonly names: 0 | 1 | 2;
  readonly upTime: readonly [ticks: number, at: number] | null;
  /** Absent in snapshots of versions that did not keep it. */
  readonly name?: string;
}

/** What one device has said that later records need. */
export class DeviceState {
  readonly interfaces = new Map<number, InterfaceState>();
  /** Bridge port to ifIndex, by MIB and context. */
  readonly basePorts = new Map<string, Map<number, number>>();
  /** Filtering database to VLAN; 0 where several VLANs share one. */
  readonly fdbVlans = new Map<number, number>();
  /** The device's own ports, by LLDP's number for them. */
  readonly lldpPorts = new Map<number, LldpPort>();
  /** Management address of an LLDP neighbour, by `local port.remote index`. */
  readonly managed = new Map<string, string>();
  readonly processes = new Map<number, ProcessState>();
  /** Local ends that accept connections: `TCP:192.0.2.1:22`, `TCP:*:443`. */
  readonly listeners = new Set<string>();
  readonly vms = new Map<number, VmState>();
  /** Last values of counters whose move is an event. */
  readonly markers = new Map<string, number>();
  /**
   * How far interface names can be trusted not to change: 0 none read, 1 ifDescr only so far, 2 ifName read, or ifDescr
   * read twice without ifName coming.
   */
  names: 0 | 1 | 2 = 0;
  /** Under which it is polled; empty for one that is not. */
  name = '';
  /** sysUpTime in hundredths of a second, and when it was read. */
  upTime: readonly [ticks: number, at: number] | undefined;
  readonly #stated = new Map<string, Stated>();
  /** Since when a map is waited for; 0: in vain. */
  readonly #missing = new Map<Need, number>();
  #waiting: Waiting[] = [];

  /** Name of an interface as bindings carry it: its name, else `#` and the index. */
  portName(ifIndex: number): string {
    const state = this.interfaces.get(ifIndex);
    return (state === undefined ? undefined : interfaceLabel(state)) ?? `#${ifIndex}`;
  }

  /** Whether `text` under `key` is to be stated: new, changed, or last stated an hour ago. */
  states(key: string, text: string, at: number): boolean {
    const digest = digestOf(text);
    const last = this.#stated.get(key);
    if (last !== undefined && last[0] === digest && at - last[1] < RESTATE_MS && at >= last[1]) return false;
    if (last !== undefined || this.#stated.size < MAX_ENTRIES) this.#stated.set(key, [digest, at]);
    return true;
  }

  forgetStated(key: string): void {
    this.#stated.delete(key);
  }

  /** Notes that record `seq` waits for `need` with `table` unread. */
  wait(seq: number, need: Need, table: TableName, at: number): WaitAnswer {
    const since = this.#missing.get(need);
    if (since !== undefined && at - since >= WAIT_MS) {
      // For good: what is released now has older times than this.
      this.#missing.set(need, 0);
      return 'expired';
    }
    if (this.#waiting.length >= MAX_WAITING) return 'full';
    if (since === undefined) this.#missing.set(need, at);
    this.#waiting.push({ seq, need, table });
    return 'waits';
  }

  /** The map `need` has been read. */
  arrived(need: Need): readonly Waiting[] {
    this.#missing.delete(need);
    return this.release(need);
  }

  /** Takes out what waits for `need`. */
  release(need: Need): readonly Waiting[] {
    if (this.#waiting.length === 0) return [];
    const ready = this.#waiting.filter((waiting) => waiting.need === need);
    if (ready.length > 0) this.#waiting = this.#waiting.filter((waiting) => waiting.need !== need);
    return ready;
  }

  /** After a restart indexes may mean other things, and counters begin anew. */
  restarted(): void {
    this.interfaces.clear();
    this.names = 0;
    this.basePorts.clear();
    this.fdbVlans.clear();
    this.lldpPorts.clear();
    this.managed.clear();
    this.processes.clear();
    this.listeners.clear();
    this.vms.clear();
    this.markers.clear();
    this.#stated.clear();
    this.#missing.clear();
    this.#waiting = [];
  }

  toJson(): DeviceJson {
    return {
      interfaces: sorted(this.interfaces).map(([ifIndex, state]) => [ifIndex, canonicalInterface(state)] as const),
      basePorts: sorted(this.basePorts).map(([context, ports]) => [context, sorted(ports)] as const),
      fdbVlans: sorted(this.fdbVlans),
      lldpPorts: sorted(this.lldpPorts),
      managed: sorted(this.managed),
      processes: sorted(this.processes),
      listeners: [...this.listeners].sort(),
      vms: sorted(this.vms),
      markers: sorted(this.markers),
      stated: sorted(this.#stated),
      missing: sorted(this.#missing),
      waiting: this.#waiting,
      names: this.names,
      upTime: this.upTime ?? null,
      name: this.name,
    };
  }

  static fromJson(json: DeviceJson): DeviceState {
    const state = new DeviceState();
    fill(state.interfaces, json.interfaces);
    fill(
      state.basePorts,
      json.basePorts.map(([context, ports]) => [context, new Map(ports)] as const),
    );
    fill(state.fdbVlans, json.fdbVlans);
    fill(state.lldpPorts, json.lldpPorts);
    fill(state.managed, json.managed);
    fill(state.processes, json.processes);
    for (const listener of json.listeners) state.listeners.add(listener);
    fill(state.vms, json.vms);
    fill(state.markers, json.markers);
    fill(state.#stated, json.stated);
    fill(state.#missing, json.missing);
    state.#waiting = [...json.waiting];
    state.names = json.names;
    state.upTime = json.upTime ?? undefined;
    state.name = json.name ?? '';
    return state;
  }
}

/** Sets an entry; false when the map is full. */
export function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): boolean {
  if (map.size >= MAX_ENTRIES && !map.has(key)) return false;
  map.set(key, value);
  return true;
}

/** ifName, else the name within ifDescr. */
export function interfaceLabel({ name, descr }: InterfaceState): string | undefined {
  return name ?? (descr === undefined ? undefined : (esxiName(descr)?.name ?? descr));
}

/** The same fields in one order, whatever order they came in. */
export function canonicalInterface(state: InterfaceState): InterfaceState {
  const entries = Object.entries(state).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

function sorted<Key extends string | number, Value>(map: ReadonlyMap<Key, Value>): (readonly [Key, Value])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function fill<Key, Value>(map: Map<Key, Value>, entries: readonly (readonly [Key, Value])[]): void {
  for (const [key, value] of entries) map.set(key, value);
}

/** FNV-1a, 32 bits: a collision only delays a statement by an hour. */
function digestOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
