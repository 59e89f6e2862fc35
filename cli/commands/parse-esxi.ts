import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type * as BundleCommandsModule from '../../collectors/import/esxi/bundle-commands';
import type { RawRecord } from '../../collectors/contract';
import type * as EsxiCommandsModule from '../../collectors/ssh/commands/esxi.data';
import type * as SshRecordModule from '../../collectors/ssh/ssh-record';
import type { SshOutput } from '../../collectors/ssh/ssh-record';
import type { CommandContext } from '../context';
import { CommandError, EXIT } from '../exit-codes';
import { standardInput } from './standard-input';

/** What of a command's output is needed to read it. */
interface SavedCommand {
  readonly command: string;
  readonly line: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * The saved output of one command of an ESXi host as the record that reading the host would have made; undefined where it is not said
 * which command it is of, neither by `command` (a name of the list, or the line that was typed) nor by the file's name
 * (`localcli_network-ip-connection-list.txt`, as vm-support calls it): then it is a log. Throws `CommandError` for a command that
 * is not on the list.
 */
export async function esxiCommandRecord(
  context: CommandContext,
  file: string,
  command: string | undefined,
  receivedAt: number | undefined,
): Promise<RawRecord | undefined> {
  const saved = command === undefined ? savedAs(basename(file)) : listed(command);
  if (saved === undefined) return undefined;
  const { encodeCommandRecord } = require('../../collectors/ssh/ssh-record') as typeof SshRecordModule;
  const body = file === '-' ? await standardInput(context) : await readFile(file);
  const at = receivedAt ?? context.io.now();
  const ended = { exit: 0, signal: '', complete: true, reason: '' as const, stderr: '', startedAt: at, finishedAt: at };
  const header = { platform: 'esxi' as const, ...saved, ...ended, output: outputOf(body) };
  return {
    origin: { collector: 'import', source: file === '-' ? 'stdin' : file, peer: '', format: 'command' },
    receivedAt: at,
    bytes: encodeCommandRecord(header, body),
  };
}

function savedAs(name: string): SavedCommand | undefined {
  const { bundleCommand } = require('../../collectors/import/esxi/bundle-commands') as typeof BundleCommandsModule;
  return bundleCommand(name);
}

function listed(command: string): SavedCommand {
  const { ESXI_COMMANDS } = require('../../collectors/ssh/commands/esxi.data') as typeof EsxiCommandsModule;
  if (Object.hasOwn(ESXI_COMMANDS, command)) return { command, line: '' };
  const [program = '', ...words] = command.trim().split(/\s+/u);
  const saved = savedAs(`${program}_${words.filter((word) => !word.startsWith('--formatter')).join('-')}.txt`);
  if (saved !== undefined) return { ...saved, line: command };
  const known = Object.keys(ESXI_COMMANDS).join(', ');
  throw new CommandError('bad_command', `--command: "${command}" is not one of ${known}`, EXIT.usage);
}

/** In which form esxcli wrote it. */
function outputOf(body: Buffer): SshOutput {
  const start = body.subarray(0, 4096).toString('utf8').trimStart();
  if (start.startsWith('<')) return 'xml';
  if (start.startsWith('[{') || start.startsWith('{') || /^\[\s/u.test(start)) return 'json';
  const [first = ''] = start.split('\n', 1);
  if (/^[\w ]+(?:,[\w ]+)+,?\r?$/u.test(first)) return 'csv';
  return 'table';
}
