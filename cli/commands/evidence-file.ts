import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { CustodyEntry } from '../../store/evidence/custody';
import type { CommandContext } from '../context';
import { CommandError, EXIT } from '../exit-codes';
import { operatorName, operatorOf } from '../operator';

/** What is said of a pack in its custody log, now and here. */
export function custodyEntry(
  context: CommandContext,
  action: CustodyEntry['action'],
  pack: string,
  text: string,
  by: string = operatorName(operatorOf(context.io.env)),
): CustodyEntry {
  return { action, at: context.io.now(), by, host: hostname(), pack, text };
}

/** The path of a pack that must be there. Throws `CommandError`. */
export function requirePack(context: CommandContext, given: string): string {
  const file = resolve(context.io.cwd, given);
  if (existsSync(file)) return file;
  throw new CommandError('no_pack', `there is no file ${file}`, EXIT.usage);
}
