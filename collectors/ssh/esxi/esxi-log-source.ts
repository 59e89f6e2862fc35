import type { PreparedCommand } from '../commands/command-table';
import type { CommandResult } from '../adapter/command-run';
import type { FileStat } from '../logs/file-stat';
import { parseStats, statLine } from '../logs/file-stat';
import type { LogSource } from '../logs/log-source';
import type { WorkSession } from '../poller/device-work';
import { ESXI_TABLE } from './esxi-commands';

const STAT_BYTES = 2 ** 20;
/** A little more than what was asked for: the beginning that is read again, and no more. */
const SLACK_BYTES = 8192;

/**
 * Log files of one connection, read with `stat` and `dd` alone: nothing is written on the host, nothing stays running,
 * and rotated files are decompressed here.
 */
export class EsxiLogSource implements LogSource {
  readonly #session: Pick<WorkSession, 'connection' | 'signal'>;
  readonly #denied: (path: string) => void;

  /** `denied` is told of files that we may not read. */
  constructor(session: Pick<WorkSession, 'connection' | 'signal'>, denied: (path: string) => void) {
    this.#session = session;
    this.#denied = denied;
  }

  /** All files at one moment, and what the host's clock showed just before; undefined: could not be asked. */
  async look(paths: readonly string[]): Promise<
    | {
        readonly stats: ReadonlyMap<string, FileStat>;
        readonly clock: number;
        readonly startedAt: number;
        readonly finishedAt: number;
      }
    | undefined
  > {
    const result = await this.#run(ESXI_TABLE.prepare('log_stat', { paths }, { byteCap: STAT_BYTES }));
    if (!result.complete) return undefined;
    const clock = Number(result.stdout.subarray(0, Math.max(0, result.stdout.indexOf(0x0a))).toString('latin1'));
    const { startedAt, finishedAt } = result;
    return { stats: parseStats(result.stdout), clock, startedAt, finishedAt };
  }

  async list(stem: string): Promise<ReadonlyMap<string, FileStat> | undefined> {
    const result = await this.#run(ESXI_TABLE.prepare('log_generations', { stem }, { byteCap: STAT_BYTES }));
    return result.complete ? parseStats(result.stdout) : undefined;
  }

  async blocks(file: FileStat, block: number, count: number): Promise<Buffer | undefined> {
    const { path } = file;
    const limits = { byteCap: block * count + SLACK_BYTES };
    const result = await this.#run(ESXI_TABLE.prepare('log_blocks', { path, block, skip: 0, count }, limits));
    if (!result.complete || this.#isDenied(path, result)) return undefined;
    const { stdout } = result;
    // The end says which file it was: bytes of a log need not end with a line of their own.
    const end = Buffer.from(statLine(file), 'utf8');
    const at = stdout.length - end.length;
    return at >= 0 && stdout.subarray(at).equals(end) ? stdout.subarray(0, at) : Buffer.alloc(0);
  }

  async proved(
    path: string,
    block: number,
    skip: number,
    count: number,
    head: number,
  ): Promise<{ readonly bytes: Buffer; readonly beginning: Buffer } | undefined> {
    const limits = { byteCap: block * count + head + SLACK_BYTES };
    const result = await this.#run(ESXI_TABLE.prepare('log_read', { path, block, skip, count, head }, limits));
    if (!result.complete || this.#isDenied(path, result)) return undefined;
    const { stdout } = result;
    // When the file is a shorter one by now the parts cannot be told apart; then the beginning does not match either.
    const at = Math.max(0, stdout.length - head);
    return { bytes: stdout.subarray(0, at), beginning: stdout.subarray(at) };
  }

  #isDenied(path: string, { stderr }: CommandResult): boolean {
    const denied = stderr.includes('ermission denied');
    if (denied) this.#denied(path);
    return denied;
  }

  #run(command: PreparedCommand): Promise<CommandResult> {
    const { connection, signal } = this.#session;
    return connection.exec(command, signal);
  }
}
