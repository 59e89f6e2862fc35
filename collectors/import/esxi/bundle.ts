import type { ArchiveFile, ArchiveFiles } from '../archive/archive-files';
import type { ByteChunks } from '../byte-chunks';
import { UnpackedChunks } from '../gunzip-chunks';
import type { DamagedMember, ImportTruncated, SkipReason } from '../import-model';
import { IMPORT_LIMITS } from '../import-model';
import { encodeCommandRecord, type SshCommandHeader } from '../../ssh/ssh-record';
import { bundleCommand, type BundleCommand } from './bundle-commands';
import { logPath } from './log-names';
import { logRecords } from './log-records';

/** One raw record of a bundle. */
export interface BundleRecord {
  readonly format: 'command' | 'logfile';
  readonly bytes: Uint8Array;
  /** When the host wrote what it holds, by the host's clock, epoch milliseconds. */
  readonly modifiedAt: number;
}

/** What is told while a bundle is read. */
export interface BundleListener {
  skip(reason: SkipReason): void;
  damaged(member: DamagedMember): void;
}

/** `esx-HOST-2026-11-24--01.02-2099999/…`: the folder that vm-support puts everything in. */
const TOP = /^esx-(.{1,255}?)-\d{4}-\d\d-\d\d--\d\d\.\d\d(?:-\d{1,10})?$/u;
/** Folders that hold a host's files, whatever is above them. */
const ROOTS = /^(?:[^/]{1,300}\/)?(?=(?:var|scratch|vmfs|etc|commands|tmp)\/)/u;

/**
 * Reads a support bundle of an ESXi host (vm-support), or any tar of such files, in one pass: logs, rotated and packed ones,
 * those of the VMs, VM configuration files, and outputs of commands that are on the allow-list. `device`
 * names the host where the bundle does not.
 */
export class EsxiBundle {
  readonly #files: ArchiveFiles;
  readonly #device: string;
  readonly #listener: BundleListener;

  constructor(files: ArchiveFiles, device: string, listener: BundleListener) {
    this.#files = files;
    this.#device = device;
    this.#listener = listener;
  }

  /** The records in the order of the archive; at its end why it ended early, if it did. */
  async *records(): AsyncGenerator<BundleRecord, ImportTruncated | undefined> {
    for (let file = await this.#files.next(); file !== undefined; file = await this.#files.next()) {
      const device = this.#device === '' ? hostOf(file.path) : this.#device;
      const path = file.path.replace(ROOTS, '');
      const log = logPath(path);
      const command = commandOf(path);
      if (command !== undefined) yield* this.#command(file, command, device);
      else if (log !== undefined) yield* this.#log(file, log, device);
      else this.#listener.skip('other_file');
    }
    return this.#files.truncated;
  }

  async *#log(file: ArchiveFile, log: string, device: string): AsyncGenerator<BundleRecord> {
    const content = new UnpackedChunks(file.content);
    const records = logRecords(content, { file: log, device, timezone: '' });
    for (;;) {
      const { done, value } = await records.next();
      if (done !== true) {
        yield { format: 'logfile', bytes: value, modifiedAt: file.modifiedAt };
        continue;
      }
      this.#note(file, value.bytes, value.damage);
      return;
    }
  }

  async *#command(file: ArchiveFile, command: BundleCommand, device: string): AsyncGenerator<BundleRecord> {
    const body = await wholeContent(new UnpackedChunks(file.content), IMPORT_LIMITS.commandBytes);
    if (body === undefined) {
      this.#listener.skip('entry_too_large');
      return;
    }
    this.#note(file, body.bytes.length, body.damage);
    // A configuration file is whole when the archive is; of a command nobody kept whether it came to its end.
    const isFile = command.command === 'vmx_file';
    const complete = isFile && body.damage === undefined;
    const header: SshCommandHeader = {
      platform: 'esxi',
      ...command,
      exit: null,
      signal: '',
      complete,
      reason: complete ? '' : 'no_exit',
      stderr: '',
      startedAt: file.modifiedAt,
      finishedAt: file.modifiedAt,
      ...(device !== '' && { device }),
    };
    yield { format: 'command', bytes: encodeCommandRecord(header, body.bytes), modifiedAt: file.modifiedAt };
  }

  #note({ path }: ArchiveFile, offset: number, damage: ByteChunks['damage']): void {
    // The archive's own end is told once, for all of it.
    if (damage === undefined || damage.reason === 'cut_short') return;
    this.#listener.damaged({ path, offset, detail: damage.detail });
  }
}

function hostOf(path: string): string {
  return TOP.exec(path.slice(0, path.indexOf('/')))?.[1] ?? '';
}

function commandOf(path: string): BundleCommand | undefined {
  if (path.startsWith('commands/')) return bundleCommand(path.slice('commands/'.length));
  if (!path.startsWith('vmfs/volumes/') || !path.endsWith('.vmx')) return undefined;
  return { command: 'vmx_file', line: `/${path}`, output: 'text', parameters: { path: `/${path}` } };
}

async function wholeContent(
  chunks: ByteChunks,
  limit: number,
): Promise<{ readonly bytes: Buffer; readonly damage: ByteChunks['damage'] } | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (let piece = await chunks.next(); piece !== undefined; piece = await chunks.next()) {
    pieces.push(piece);
    length += piece.length;
    if (length > limit) return undefined;
  }
  return { bytes: Buffer.concat(pieces, length), damage: chunks.damage };
}
