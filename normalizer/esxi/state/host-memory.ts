import type { Event } from '../../model/facts';
import type { OpenRecord } from '../log/log-stretch';
import type { SplitState } from '../log/split-events';
import { OwnFootprint, type FootprintJson } from './own-footprint';
import { VmDirectory, type VmState } from './vm-directory';

/** A process of the hypervisor ("world"). */
export interface WorldState {
  readonly name: string;
  readonly path?: string;
}

/** Where the reading of one log file stands. */
export interface FileState {
  readonly generation: string;
  /** A record has begun in it: lines without a time may go on it. */
  readonly begun: boolean;
  readonly open?: OpenRecord;
  /** Receive time of the stretch that left it open. */
  readonly openSince?: number;
  readonly splits?: SplitState;
  /** The latest record told when it was a command: what goes on it in the next stretch belongs to the command. */
  readonly command?: Event;
}

type Stated = readonly [digest: number, at: number];

/** What is kept of a host as JSON; keys ascending. */
export interface HostJson {
  readonly vms: readonly VmState[];
  readonly worlds: readonly (readonly [number, WorldState])[];
  readonly listeners: readonly string[];
  readonly adapters: readonly (readonly [string, number])[];
  readonly vlans: readonly (readonly [string, number])[];
  readonly marks: readonly (readonly [string, string])[];
  readonly stated: readonly (readonly [string, Stated])[];
  readonly files: readonly (readonly [string, FileState])[];
  readonly own: FootprintJson;
  readonly clockOffset: number | null;
  readonly bootAt: number | null;
}

/** Entries kept of each kind. What is beyond is not kept, and so not resolved. */
export const MAX_ENTRIES = 16_384;
const MAX_FILES = 1024;
/** An unchanged thing is stated again after this time, so that every stretch of facts holds it. */
const RESTATE_MS = 3_600_000;

/** What one host has said that later records need. */
export class HostMemory {
  vms = new VmDirectory();
  readonly worlds = new Map<number, WorldState>();
  /** Local ends that accept connections, by TCP/IP stack: `defaultTcpipStack TCP:*:443`. */
  readonly listeners = new Set<string>();
  /** Number of a virtual adapter by its MAC address. */
  readonly adapters = new Map<string, number>();
  /** VLAN by port group. */
  readonly vlans = new Map<string, number>();
  /** Last values whose change is an event. */
  readonly marks = new Map<string, string>();
  /** Least recently read first. */
  readonly files = new Map<string, FileState>();
  own = new OwnFootprint();
  /** Device clock minus ours, ms. */
  clockOffset: number | undefined;
  /** Our clock at its last start. */
  bootAt: number | undefined;
  readonly #stated = new Map<string, Stated>();

  /** Whether `text` under `key` is to be stated: new, changed, or last stated `restateMs` (an hour) ago. */
  states(key: string, text: string, at: number, restateMs: number = RESTATE_MS): boolean {
    const digest = digestOf(text);
    const last = this.#stated.get(key);
    if (last !== undefined && last[0] === digest && at - last[1] < restateMs && at >= last[1]) return false;
    if (last !== undefined || this.#stated.size < MAX_ENTRIES) this.#stated.set(key, [digest, at]);
    return true;
  }

  forgetStated(key: string): void {
    this.#stated.delete(key);
  }

  /** The value under a mark before; sets it. */
  mark(key: string, value: string): string | undefined {
    const before = this.marks.get(key);
    if (before !== undefined || this.marks.size < MAX_ENTRIES) this.marks.set(key, value);
    return before;
  }

  setFile(file: string, state: FileState): void {
    this.files.delete(file);
    this.files.set(file, state);
    if (this.files.size <= MAX_FILES) return;
    const [oldest] = this.files.keys();
    if (oldest !== undefined) this.files.delete(oldest);
  }

  /** World ids begin again. */
  restarted(): void {
    this.worlds.clear();
    this.listeners.clear();
    this.vms.keepWorlds(new Set());
  }

  toJson(): HostJson {
    return {
      vms: this.vms.toJson(),
      worlds: sorted(this.worlds),
      listeners: [...this.listeners].sort(),
      adapters: sorted(this.adapters),
      vlans: sorted(this.vlans),
      marks: sorted(this.marks),
      stated: sorted(this.#stated),
      files: [...this.files],
      own: this.own.toJson(),
      clockOffset: this.clockOffset ?? null,
      bootAt: this.bootAt ?? null,
    };
  }

  static fromJson(json: HostJson): HostMemory {
    const host = new HostMemory();
    host.vms = VmDirectory.fromJson(json.vms);
    fill(host.worlds, json.worlds);
    for (const listener of json.listeners) host.listeners.add(listener);
    fill(host.adapters, json.adapters);
    fill(host.vlans, json.vlans);
    fill(host.marks, json.marks);
    fill(host.#stated, json.stated);
    fill(host.files, json.files);
    host.own = OwnFootprint.fromJson(json.own);
    host.clockOffset = json.clockOffset ?? undefined;
    host.bootAt = json.bootAt ?? undefined;
    return host;
  }
}

/** Sets an entry unless the map is full. */
export function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  if (map.size < MAX_ENTRIES || map.has(key)) map.set(key, value);
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
