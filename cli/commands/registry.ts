import type { AscribeCommand } from '../contract';
import { versionCommand } from './version';

/** Every command, in the order of the help. */
export const commands: readonly AscribeCommand[] = [versionCommand];
