import type { AscribeCommand } from '../contract';
import { baselineCommand } from './baseline';
import { bindingsCommand } from './bindings';
import { checkCommand } from './check';
import { collectCommand } from './collect';
import { completionCommand } from './completion';
import { coverageCommand } from './coverage';
import { dbCommand } from './db';
import { demoCommand } from './demo';
import { eventsCommand } from './events';
import { evidenceCommand } from './evidence';
import { findingsCommand } from './findings';
import { forwardCommand } from './forward';
import { importCommand } from './import';
import { initCommand } from './init';
import { inventoryCommand } from './inventory';
import { investigateCommand } from './investigate';
import { ownerCommand } from './owner';
import { parseCommand } from './parse';
import { rebuildCommand } from './rebuild';
import { runCommand } from './run';
import { sessionCommand } from './session';
import { sessionsCommand } from './sessions';
import { statusCommand } from './status';
import { tapCommand } from './tap';
import { topCommand } from './top';
import { versionCommand } from './version';
import { whoCommand } from './who';

/** Every command, in the order of the help. */
export const commands: readonly AscribeCommand[] = [
  initCommand,
  checkCommand,
  runCommand,
  demoCommand,
  collectCommand,
  importCommand,
  parseCommand,
  sessionsCommand,
  sessionCommand,
  whoCommand,
  ownerCommand,
  findingsCommand,
  coverageCommand,
  investigateCommand,
  baselineCommand,
  bindingsCommand,
  eventsCommand,
  inventoryCommand,
  tapCommand,
  statusCommand,
  topCommand,
  forwardCommand,
  evidenceCommand,
  rebuildCommand,
  dbCommand,
  completionCommand,
  versionCommand,
];
