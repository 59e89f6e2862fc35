import type { CommandResult } from '../adapter/command-run';
import type { PreparedCommand } from '../commands/command-table';
import { isFile } from '../commands/command-parameter';
import { columnValues, vmIds } from './output-values';

const MOST_VMS = 2048;
const NETSTACK = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}$/u;

/** What of one host has to be known to ask on: netstacks, running VMs, registered VMs, where the logs are. */
export class HostInventory {
  #netstacks: readonly string[] = ['defaultTcpipStack'];
  #worlds: readonly number[] = [];
  #vmids: readonly number[] = [];
  #vmxFiles: readonly string[] = [];
  #logDirectory: string | undefined;

  get netstacks(): readonly string[] {
    return this.#netstacks;
  }

  /** World ids of running VMs. */
  get worlds(): readonly number[] {
    return this.#worlds;
  }

  /** Ids of registered VMs. */
  get vmids(): readonly number[] {
    return this.#vmids;
  }

  /** Configuration files of running VMs. */
  get vmxFiles(): readonly string[] {
    return this.#vmxFiles;
  }

  /** Log files of running VMs: they stand beside their configuration. */
  get vmLogs(): readonly string[] {
    return this.#vmxFiles.map((path) => `${path.slice(0, path.lastIndexOf('/'))}/vmware.log`).filter(isFile);
  }

  /** Where the host writes its logs, when it said so. */
  get logDirectory(): string | undefined {
    return this.#logDirectory;
  }

  /** Takes over what a whole output says. True when VMs have come or gone. */
  note({ command, output }: PreparedCommand, { stdout, complete, exit }: CommandResult): boolean {
    if (!complete || exit !== 0) return false;
    switch (command) {
      case 'netstack_list': {
        const keys = columnValues(output, stdout, 'Key').filter((key) => NETSTACK.test(key));
        if (keys.length > 0) this.#netstacks = [...new Set(keys)];
        return false;
      }
      case 'vm_process_list':
        return this.#noteVms(
          columnValues(output, stdout, 'WorldID'),
          columnValues(output, stdout, 'ConfigFile').filter(isFile),
        );
      case 'all_vms':
        this.#vmids = vmIds(stdout).slice(0, MOST_VMS);
        return false;
      case 'syslog_config': {
        const [directory] = columnValues(output, stdout, 'LocalLogOutput');
        if (directory?.startsWith('/') === true) this.#logDirectory = directory.replace(/\/+$/u, '');
        return false;
      }
      default:
        return false;
    }
  }

  #noteVms(worlds: readonly string[], vmxFiles: readonly string[]): boolean {
    const numbers = worlds.filter((id) => /^\d{1,12}$/u.test(id)).map(Number);
    const known = new Set(this.#worlds);
    const changed = numbers.length !== known.size || numbers.some((id) => !known.has(id));
    this.#worlds = numbers.slice(0, MOST_VMS);
    this.#vmxFiles = [...new Set(vmxFiles)].slice(0, MOST_VMS);
    return changed;
  }
}
