import { statSync } from 'node:fs';
import type { CommandContext } from '../context';
import { CommandError, EXIT } from '../exit-codes';

/** The data directory, for commands that only read it. Throws `CommandError` when there is none: they never make one. */
export function requireDataDirectory(context: CommandContext): string {
  const path = context.dataDirectory;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path;
  throw new CommandError(
    'data_directory_missing',
    `there is no data directory ${path} (name one with --data, or start with \`ascribe run\` or \`ascribe import\`)`,
    EXIT.noDataDirectory,
  );
}
