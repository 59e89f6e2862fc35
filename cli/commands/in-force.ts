import type { CommandContext } from '../context';
import type { ConfigInForce } from '../pipeline/offline';

/** The configuration of a command that derives things itself. */
export function inForce(context: CommandContext): ConfigInForce {
  const { config, directory } = context.loaded;
  return { config, directory, warn: (message) => context.note(message) };
}
