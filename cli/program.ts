import { Command, CommanderError } from '@commander-js/extra-typings';
import { commands } from './commands/registry';
import { CommandContext, escapeLines, type GlobalOptions } from './context';
import type { CommandHost } from './contract';
import type * as OperatorAudit from './operator-audit';
import { EXIT, exitCodeOf, type ExitCode } from './exit-codes';
import type { Io } from './io';
import { version } from './version';
import { codeOf, messageOf } from './thrown';

/** What a run of the program leaves behind. */
interface Outcome {
  code: ExitCode;
}

/** The whole command line, built anew for each run: commander keeps parsed values in its commands. */
export function buildProgram(io: Io, argv: readonly string[] = [], outcome: Outcome = { code: EXIT.done }): Command {
  const program = new Command('ascribe');
  program
    .description('Ascribes every outbound encrypted session to what made it: a VM, a service, a line of configuration.')
    .version(version, '-V, --version', 'print the version')
    .option('-c, --config <file>', 'configuration file (default: ./ascribe.yaml, then /etc/ascribe/ascribe.yaml)')
    .option('-d, --data <dir>', 'data directory; wins over the configured one')
    .option('--json', 'answer with one JSON object a line')
    .option('--local', 'local times instead of UTC')
    .option('--no-color', 'no colours')
    .option('-q, --quiet', 'nothing on stderr but errors')
    .option('-v, --verbose', 'say more on stderr')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(ascribe --help shows what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  const untyped: Command = program;
  const host = commandHost(io, argv, outcome);
  for (const command of commands) command.define(untyped, host);
  inheritSettings(untyped, untyped);
  return untyped;
}

/** Every level of the tree behaves like the program: commander copies settings only to commands made by `command()`. */
function inheritSettings(program: Command, parent: Command): void {
  for (const child of parent.commands) {
    child.copyInheritedSettings(program);
    child.showHelpAfterError(`(ascribe ${pathOf(child)} --help shows what it takes)`);
    inheritSettings(program, child as Command);
  }
}

function pathOf(command: { name(): string; parent: unknown }): string {
  const parent = command.parent as { name(): string; parent: unknown } | null;
  return parent === null || parent.parent === null ? command.name() : `${pathOf(parent)} ${command.name()}`;
}

function commandHost(io: Io, argv: readonly string[], outcome: Outcome): CommandHost {
  /** commander's last argument is the command itself, the one before it the command's own options. */
  const commandOf = (args: readonly unknown[]): Command => args.at(-1) as Command;
  const contextOf = (args: readonly unknown[]): CommandContext =>
    new CommandContext(io, commandOf(args).optsWithGlobals() as GlobalOptions);
  return {
    action:
      (handler) =>
      async (...args) => {
        outcome.code = (await handler(contextOf(args), ...args)) ?? EXIT.done;
      },
    audited:
      (handler, when = () => true) =>
      async (...args) => {
        const context = contextOf(args);
        const run = async (): Promise<ExitCode> => (await handler(context, ...args)) ?? EXIT.done;
        const { audited } = require('./operator-audit') as typeof OperatorAudit;
        outcome.code = when(...args) ? await audited(context, pathOf(commandOf(args)), argv, run) : await run();
      },
  };
}

/**
 * Runs one command line and resolves with its exit code; never rejects. Nothing here ends the process.
 *
 * @param argv The arguments behind the program's name.
 */
export async function runProgram(argv: readonly string[], io: Io): Promise<ExitCode> {
  const outcome: Outcome = { code: EXIT.done };
  try {
    await buildProgram(io, argv, outcome).parseAsync(argv, { from: 'user' });
    return interruptedCode(io) ?? outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const interrupted = interruptedCode(io);
    if (interrupted !== undefined && isAbort(error)) return interrupted;
    report(error, io, argv.includes('-v') || argv.includes('--verbose'));
    return exitCodeOf(error);
  }
}

/** The code of a command that a signal ended, unless it drains and answers for itself. */
function interruptedCode(io: Io): ExitCode | undefined {
  if (io.interruption.draining) return undefined;
  switch (io.interruption.received) {
    case undefined:
      return undefined;
    case 'SIGINT':
      return EXIT.interrupted;
    case 'SIGTERM':
      return EXIT.terminated;
  }
}

function isAbort(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError';
}

function report(error: unknown, io: Io, verbose: boolean): void {
  const message = messageOf(error);
  // Faults of a configuration begin with their place, so that editors can jump to it.
  const prefix = codeOf(error) === 'config_invalid' ? '' : 'ascribe: ';
  io.stderr.write(`${prefix}${escapeLines(message)}\n`);
  if (verbose && error instanceof Error && error.stack !== undefined) io.stderr.write(`${escapeLines(error.stack)}\n`);
}
