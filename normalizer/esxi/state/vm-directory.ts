/** A VM of one host, by every name it has. Absent: not known. */
export interface VmState {
  readonly name: string;
  /** `uuid.bios`, canonical. */
  readonly uuid?: string;
  /** `/vmfs/volumes/…/x.vmx` or `[datastore] …/x.vmx`. */
  readonly path?: string;
  /** World of its running process: holds until it is powered off or the host reboots. */
  readonly world?: number;
  /** Number of its registration. */
  readonly vmid?: number;
}

const MAX_VMS = 4096;

/**
 * The VMs of one host. UUID and path stay with a VM; names may be given twice and change, worlds and registration numbers
 * are of this host and this time.
 */
export class VmDirectory {
  #vms: VmState[] = [];

  get all(): readonly VmState[] {
    return this.#vms;
  }

  /** Takes over what was said of a VM; returns it, and as it was before. */
  merge(said: VmState): { readonly vm: VmState; readonly before: VmState | undefined } {
    const before = this.#same(said);
    const vm = { ...before, ...said };
    if (before === undefined) {
      if (this.#vms.length < MAX_VMS) this.#vms.push(vm);
    } else this.#vms[this.#vms.indexOf(before)] = vm;
    return { vm, before };
  }

  remove(vm: VmState): void {
    this.#vms = this.#vms.filter((other) => other !== vm);
  }

  byWorld(world: number): VmState | undefined {
    return this.#vms.find((vm) => vm.world === world);
  }

  byVmid(vmid: number): VmState | undefined {
    return this.#vms.find((vm) => vm.vmid === vmid);
  }

  byPath(path: string): VmState | undefined {
    const found = this.#vms.filter((vm) => vm.path !== undefined && samePath(vm.path, path));
    return found.length === 1 ? found[0] : undefined;
  }

  /** The VM of that name when only one bears it. */
  byName(name: string): VmState | undefined {
    const found = this.#vms.filter((vm) => vm.name === name);
    return found.length === 1 ? found[0] : undefined;
  }

  byUuid(uuid: string): VmState | undefined {
    return this.#vms.find((vm) => vm.uuid === uuid);
  }

  /** Worlds that are not in a complete list of running VMs are over. */
  keepWorlds(running: ReadonlySet<number>): void {
    this.#vms = this.#vms.map((vm) =>
      vm.world === undefined || running.has(vm.world) ? vm : (({ world: _over, ...rest }) => rest)(vm),
    );
  }

  toJson(): readonly VmState[] {
    return this.#vms;
  }

  static fromJson(json: readonly VmState[]): VmDirectory {
    const directory = new VmDirectory();
    directory.#vms = [...json];
    return directory;
  }

  #same(said: VmState): VmState | undefined {
    const { uuid, path, name, vmid } = said;
    const byUuid = uuid === undefined ? undefined : this.byUuid(uuid);
    if (byUuid !== undefined) return byUuid;
    const fits = (vm: VmState): boolean => uuid === undefined || vm.uuid === undefined;
    const byPath = path === undefined ? undefined : this.#vms.find((vm) => fits(vm) && isPathOf(vm, path, name));
    if (byPath !== undefined) return byPath;
    if (vmid !== undefined) {
      const byVmid = this.byVmid(vmid);
      if (byVmid !== undefined && fits(byVmid) && path === undefined) return byVmid;
    }
    const named = this.byName(name);
    const other = path !== undefined && named?.path !== undefined && !samePath(named.path, path);
    return named !== undefined && fits(named) && !other ? named : undefined;
  }
}

/** Paths of one spelling are compared whole; of two spellings what follows the datastore, and then the name must agree. */
function isPathOf(vm: VmState, path: string, name: string): boolean {
  if (vm.path === undefined || !samePath(vm.path, path)) return false;
  return isVolumePath(vm.path) === isVolumePath(path) || vm.name === name;
}

function samePath(a: string, b: string): boolean {
  if (a === b) return true;
  return isVolumePath(a) !== isVolumePath(b) && behindDatastore(a) === behindDatastore(b);
}

function isVolumePath(path: string): boolean {
  return path.startsWith('/');
}

/** `web/web.vmx` of `[datastore1] web/web.vmx` and of `/vmfs/volumes/UUID/web/web.vmx`. */
function behindDatastore(path: string): string {
  if (path.startsWith('[')) return path.slice(path.indexOf(']') + 1).trim();
  if (!path.startsWith('/vmfs/volumes/')) return path;
  const slash = path.indexOf('/', 14);
  return slash < 0 ? path : path.slice(slash + 1);
}

/** `56 4d 1f …` in any grouping, as the canonical UUID; undefined for other texts. */
export function uuidOf(text: string): string | undefined {
  const hex = text.replaceAll(' ', '').replaceAll('-', '').toLowerCase();
  if (hex.length !== 32) return undefined;
  for (let i = 0; i < 32; i++) if (!'0123456789abcdef'.includes(hex[i] ?? '')) return undefined;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
