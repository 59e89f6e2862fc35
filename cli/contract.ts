import type { Command } from '@commander-js/extra-typings';
import type { CommandContext } from './context';
import type { ExitCode } from './exit-codes';

/**
 * A command is one file that exports one of these, and one line in `commands/registry.ts`. Files load nothing heavy at
 * the top: a handler imports what it needs (the SQLite addon, the daemon), so that `--help` is quick.
 */
export interface AscribeCommand {
  /** As typed. */
  readonly name: string;
  /** Adds the command to the program: arguments, options, description, and a handler wrapped by `host.action`. */
  define(program: Command, host: CommandHost): void;
}

/** What a command's handler answers: an exit code, or nothing for 0. */
export type CommandResult = ExitCode | void;

export interface CommandHost {
  /**
   * Makes a handler fit for commander's `action`: it is called with the context, then the command's arguments, then
   * its own options. What it throws becomes one line on stderr and an exit code.
   */
  action<Args extends unknown[]>(
    handler: (context: CommandContext, ...args: Args) => CommandResult | Promise<CommandResult>,
  ): (...args: Args) => Promise<void>;

  /**
   * The same for a command that changes something or hands data out: who does what is written down before and after, into
   * the journal in the end. `when` tells which calls do, where not all do.
   */
  audited<Args extends unknown[]>(
    handler: (context: CommandContext, ...args: Args) => CommandResult | Promise<CommandResult>,
    when?: (...args: Args) => boolean,
  ): (...args: Args) => Promise<void>;
}
