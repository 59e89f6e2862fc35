import { NormalizerStateError } from '../../contract';
import { HostMemory, type HostJson } from './host-memory';
import { Migrations, type MigrationsState } from './migrations';
import { SeenCopies, type CopiesState } from './seen-copies';

const STATE_VERSION = 1;
/** Hosts kept; the one that was heard least recently goes. */
const MAX_HOSTS = 1024;
const MAX_ALIASES = 8192;

interface State {
  readonly version: number;
  readonly hosts: readonly (readonly [string, HostJson])[];
  readonly aliases: readonly (readonly [string, string])[];
  readonly migrations: MigrationsState;
  readonly copies: CopiesState;
}

/**
 * What ESXi hosts have said that later records need, from whatever way it came. Two normalizers share one: the reader of
 * files and commands, in whose snapshot it is kept, and syslog, so that what a host says twice is told once.
 */
export class EsxiMemory {
  readonly copies = new SeenCopies();
  readonly migrations = new Migrations();
  readonly #hosts = new Map<string, HostMemory>();
  /** Device by the names and addresses that its host goes by, lower case. */
  readonly #aliases = new Map<string, string>();

  /** The host's memory, made when there is none; it becomes the most recent one. */
  host(device: string): HostMemory {
    const known = this.#hosts.get(device);
    if (known !== undefined) this.#hosts.delete(device);
    const host = known ?? new HostMemory();
    this.#hosts.set(device, host);
    if (this.#hosts.size > MAX_HOSTS) {
      const [oldest] = this.#hosts.keys();
      if (oldest !== undefined) this.#hosts.delete(oldest);
    }
    return host;
  }

  /** The host's memory if there is one. Nothing changes: anybody can send syslog. */
  peek(device: string): HostMemory | undefined {
    return this.#hosts.get(device);
  }

  /** Notes that a device also goes by a name or address. */
  alias(name: string, device: string): void {
    const key = name.toLowerCase();
    if (key === '' || key.startsWith('localhost')) return;
    this.#aliases.delete(key);
    this.#aliases.set(key, device);
    if (this.#aliases.size <= MAX_ALIASES) return;
    const [oldest] = this.#aliases.keys();
    if (oldest !== undefined) this.#aliases.delete(oldest);
  }

  /** The device of the first name that is known; else the first name. */
  deviceOf(name: string, ...others: readonly string[]): string {
    for (const each of [name, ...others]) {
      if (this.#hosts.has(each)) return each;
      const device = this.#aliases.get(each.toLowerCase());
      if (device !== undefined) return device;
    }
    return name;
  }

  /** Device by host name, by name and by name without its domain. */
  get aliases(): ReadonlyMap<string, string> {
    return this.#aliases;
  }

  snapshot(): Uint8Array {
    const state: State = {
      version: STATE_VERSION,
      hosts: [...this.#hosts].map(([device, host]) => [device, host.toJson()] as const),
      aliases: [...this.#aliases],
      migrations: this.migrations.state(),
      copies: this.copies.state(),
    };
    return Buffer.from(JSON.stringify(state));
  }

  /** Takes up a snapshot. Throws `NormalizerStateError` for one of another version. */
  restore(snapshot: Uint8Array): void {
    let state: Partial<State> | null;
    try {
      state = JSON.parse(Buffer.from(snapshot).toString('utf8')) as typeof state;
    } catch (cause) {
      throw new NormalizerStateError('the ESXi snapshot is not JSON', { cause });
    }
    if (typeof state !== 'object' || state === null || state.version !== STATE_VERSION) {
      throw new NormalizerStateError('the ESXi snapshot has another format version');
    }
    const { hosts, aliases, migrations, copies } = state as State;
    this.#hosts.clear();
    for (const [device, json] of hosts) this.#hosts.set(device, HostMemory.fromJson(json));
    this.#aliases.clear();
    for (const [name, device] of aliases) this.#aliases.set(name, device);
    this.migrations.restore(migrations);
    this.copies.restore(copies);
  }
}
