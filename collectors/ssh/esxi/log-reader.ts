import type { WorkGround, WorkSession } from '../poller/device-work';
import type { SshLogHeader } from '../ssh-record';
import { LogFile, type LogLook } from '../logs/log-file';
import type { SshLogPosition } from '../logs/log-position';
import type { LogSink } from '../logs/log-source';
import { RotatedHeads } from '../logs/rotated-heads';
import { stemOf } from '../logs/rotated-names';
import type { EsxiCommandName } from '../commands/esxi.data';
import { EsxiLogSource } from './esxi-log-source';
import { ESXI_LOGS, LOG_DIRECTORY, TRIGGERS } from './esxi-plan.data';
import type { HostFacts } from './host-facts';
import type { HostInventory } from './host-inventory';

/** Files of one `stat`: more would make its line too long. */
const FILES_AT_ONCE = 256;
/** More than this not yet read is told, and told again when it is down to nothing. */
const BEHIND_BYTES = 16 * 2 ** 20;

/** All log files of one host. */
export class LogReader {
  readonly #ground: WorkGround;
  readonly #inventory: HostInventory;
  readonly #facts: HostFacts;
  readonly #heads = new RotatedHeads();
  readonly #files = new Map<string, LogFile>();
  readonly #denied = new Set<string>();
  #positions: ReadonlyMap<string, SshLogPosition> | undefined;
  #directory = LOG_DIRECTORY;
  #isBehind = false;

  constructor(ground: WorkGround, inventory: HostInventory, facts: HostFacts) {
    this.#ground = ground;
    this.#inventory = inventory;
    this.#facts = facts;
  }

  get counts(): { readonly lines: number; readonly bytes: number; readonly gaps: number; readonly lag: number } {
    const sum = { lines: 0, bytes: 0, gaps: 0, lag: 0 };
    for (const { counts, lag } of this.#files.values()) {
      sum.lines += counts.lines;
      sum.bytes += counts.bytes;
      sum.gaps += counts.gaps;
      sum.lag += lag;
    }
    return sum;
  }

  /** Files that we may not read. */
  get denied(): readonly string[] {
    return [...this.#denied];
  }

  /** Reads what is new in all files. Calls `changed` with the commands that a line makes due. */
  async look(session: WorkSession, changed: (commands: readonly EsxiCommandName[]) => void): Promise<void> {
    const source = new EsxiLogSource(session, (path) => this.#deny(path));
    const paths = this.#paths();
    const budget = { bytes: this.#ground.limits.logBytesPerPoll };
    for (let at = 0; at < paths.length; at += FILES_AT_ONCE) {
      const some = paths.slice(at, at + FILES_AT_ONCE);
      const seen = await source.look(some);
      if (seen === undefined) return;
      this.#positions ??= await this.#resumed([...seen.stats.keys()]);
      this.#facts.noteClock(seen.clock, seen.startedAt, seen.finishedAt);
      for (const path of some) {
        if (!session.connection.isOpen || session.signal.aborted) return;
        const stat = seen.stats.get(path);
        const file = this.#fileOf(path, stat !== undefined);
        if (file === undefined) continue;
        const look: LogLook = {
          source,
          sink: this.#sink(session, changed),
          heads: this.#heads,
          otherStems: this.#otherStems(path),
          now: seen.startedAt,
          clockOffset: this.#facts.clockOffset ?? 0,
          budget,
          since: this.#since(),
        };
        await file.look(stat, look);
      }
    }
    this.#tellLag();
  }

  async #resumed(files: readonly string[]): Promise<ReadonlyMap<string, SshLogPosition>> {
    return new Map((await this.#ground.resume(files)).map((position) => [position.file, position]));
  }

  /** From when on a file that was never read is read in its rotated ones too; by the host's clock. */
  #since(): number | undefined {
    const { once, now, limits } = this.#ground;
    const catchUp = limits.logCatchUpMs === 0 ? undefined : now() - limits.logCatchUpMs;
    const since = once === undefined ? catchUp : once.since;
    return since === undefined ? undefined : since + (this.#facts.clockOffset ?? 0);
  }

  #paths(): readonly string[] {
    const { logDirectory, vmLogs } = this.#inventory;
    // `/scratch/log` is where `/var/run/log` leads by default.
    const isDefault = logDirectory === undefined || logDirectory === '/scratch/log';
    this.#directory = isDefault ? LOG_DIRECTORY : logDirectory;
    const logs = ESXI_LOGS.map((name) => `${this.#directory}/${name}`);
    // VMs that have gone are read to their end once more.
    const gone = [...this.#files.keys()].filter((path) => path.endsWith('/vmware.log'));
    return [...new Set([...logs, ...vmLogs, ...gone])];
  }

  /** The state of a file; begun when it is there for the first time, or was read before under another path. */
  #fileOf(path: string, isThere: boolean): LogFile | undefined {
    const known = this.#files.get(path);
    if (known !== undefined || !isThere) return known;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const elsewhere =
      name === 'vmware.log'
        ? undefined
        : [...this.#files.keys()].find((other) => other !== path && other.endsWith(`/${name}`));
    const file =
      elsewhere === undefined ? new LogFile(path, this.#position(path)) : this.#files.get(elsewhere)!.moved(path);
    if (elsewhere !== undefined) this.#files.delete(elsewhere);
    this.#files.set(path, file);
    return file;
  }

  #position(path: string): SshLogPosition | undefined {
    return this.#positions?.get(path);
  }

  /** Where a log directory is a folder of links, the rotated files stand where the links lead. */
  #otherStems(path: string): readonly string[] {
    if (!path.startsWith(`${this.#directory}/`) || this.#directory !== LOG_DIRECTORY) return [];
    return this.#inventory.logDirectory === undefined
      ? []
      : [stemOf(`/scratch/log/${path.slice(path.lastIndexOf('/') + 1)}`)];
  }

  #sink(session: WorkSession, changed: (commands: readonly EsxiCommandName[]) => void): LogSink {
    const { emit, device } = this.#ground;
    const shared = (): Pick<SshLogHeader, 'platform' | 'clockOffset'> => {
      const { clockOffset } = this.#facts;
      return { platform: 'esxi', ...(clockOffset !== undefined && { clockOffset }) };
    };
    return {
      lines: async ({ bytes, cut, ...place }) => {
        const taken = await session.deliverLog({ ...shared(), ...place, ...(cut && { cut }) }, bytes);
        if (taken) for (const { words, commands } of TRIGGERS) if (bytes.includes(words)) changed(commands);
        return taken;
      },
      gap: async ({ from, ...gap }) => {
        const header = { ...shared(), ...gap, ...(from !== undefined && { from }) };
        const taken = await session.deliverLog(header, Buffer.alloc(0));
        if (taken) emit({ kind: 'ssh_log_gap', device: device.name, file: gap.file, reason: gap.reason });
        return taken;
      },
    };
  }

  #deny(path: string): void {
    if (this.#denied.has(path)) return;
    this.#denied.add(path);
    const { emit, device } = this.#ground;
    emit({ kind: 'ssh_limitation', device: device.name, text: `${path} may not be read by this account` });
  }

  #tellLag(): void {
    const { lag } = this.counts;
    const { emit, device } = this.#ground;
    if (!this.#isBehind && lag > BEHIND_BYTES) {
      this.#isBehind = true;
      emit({ kind: 'ssh_log_behind', device: device.name, bytes: lag });
    } else if (this.#isBehind && lag === 0) {
      this.#isBehind = false;
      emit({ kind: 'ssh_log_caught_up', device: device.name });
    }
  }
}
