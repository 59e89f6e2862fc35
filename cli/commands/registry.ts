import type { AscribeCommand } from '../contract';
import { checkCommand } from './check';
import { completionCommand } from './completion';
import { dbCommand } from './db';
import { demoCommand } from './demo';
import { importCommand } from './import';
import { initCommand } from './init';
import { parseCommand } from './parse';
import { rebuildCommand } from './rebuild';
import { runCommand } from './run';
import { sessionCommand } from './session';
import { sessionsCommand } from './sessions';
import { statusCommand } from './status';
import { topCommand } from './top';
import { versionCommand } from './version';

/** Every command, in the order of the help. */
export const commands: readonly AscribeCommand[] = [
  initCommand,
  checkCommand,
  runCommand,
  demoCommand,
  importCommand,
  parseCommand,
  sessionsCommand,
  sessionCommand,
  statusCommand,
  topCommand,
  rebuildCommand,
  dbCommand,
  completionCommand,
  versionCommand,
];
