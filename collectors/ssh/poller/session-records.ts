import type { RawOrigin } from '../../contract';
import type { CommandResult } from '../adapter/command-run';
import type { PreparedCommand } from '../commands/command-table';
import { encodeCommandRecord, type SshSessionHeader } from '../ssh-record';
import type { CommandFacts } from './device-work';

/** Where the records of one device come from. One object for each format: the journal interns by identity. */
export interface SshOrigins {
  readonly command: RawOrigin;
  readonly logfile: RawOrigin;
}

/** `peer`: the device's address and port. */
export function originsOf(source: string, peer: string): SshOrigins {
  return {
    command: { collector: 'ssh', source, peer, format: 'command' },
    logfile: { collector: 'ssh', source, peer, format: 'logfile' },
  };
}

/** The raw record of a command that was run. */
export function commandRecord(
  { platform, command, line, parameters, output }: PreparedCommand,
  { exit, signal, complete, reason, stderr, startedAt, finishedAt, stdout }: CommandResult,
  { clockOffset, version }: CommandFacts,
  session: SshSessionHeader,
): Uint8Array {
  const known = {
    ...(Object.keys(parameters).length > 0 && { parameters }),
    ...(clockOffset !== undefined && { clockOffset }),
    ...(version !== undefined && { version }),
  };
  const what = { platform, command, line, output, ...known };
  const how = { exit, signal, complete, reason, stderr, startedAt, finishedAt };
  return encodeCommandRecord({ ...what, ...how, session }, stdout);
}
