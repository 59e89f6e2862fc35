import type { AscribeCommand } from '../contract';
import { checkCommand } from './check';
import { completionCommand } from './completion';
import { initCommand } from './init';
import { statusCommand } from './status';
import { topCommand } from './top';
import { versionCommand } from './version';

/** Every command, in the order of the help. */
export const commands: readonly AscribeCommand[] = [
  initCommand,
  checkCommand,
  statusCommand,
  topCommand,
  completionCommand,
  versionCommand,
];
