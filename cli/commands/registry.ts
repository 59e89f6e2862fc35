import type { AscribeCommand } from '../contract';
import { checkCommand } from './check';
import { initCommand } from './init';
import { versionCommand } from './version';

/** Every command, in the order of the help. */
export const commands: readonly AscribeCommand[] = [initCommand, checkCommand, versionCommand];
