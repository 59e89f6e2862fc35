import type { CommandContext } from '../context';
import { CommandError, EXIT } from '../exit-codes';
import { type ReadStatus, readStatus } from '../telemetry/status-file';
import { requireDataDirectory } from './data-directory';

/** The last status of the daemon of this data directory. Throws `CommandError` when there never was one. */
export function openStatus(context: CommandContext): ReadStatus {
  const dataDirectory = requireDataDirectory(context);
  const found = readStatus(dataDirectory, context.io.now());
  if (found !== undefined) return found;
  throw new CommandError('never_ran', `no daemon has run on ${dataDirectory} yet (ascribe run)`, EXIT.failed);
}
