import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { CommandError, EXIT } from '../exit-codes';
import type * as LoadModule from '../config/load';
import type * as DaemonModule from '../daemon/daemon';
import type * as LogModule from '../telemetry/log';
import type * as OperatorAuditModule from '../operator-audit';
import type * as TelemetryModule from '../telemetry/telemetry';
import { messageOf } from '../thrown';

/** `run`: the daemon. */
export const runCommand: AscribeCommand = {
  name: 'run',
  define(program, host) {
    program
      .command('run')
      .description('the daemon: receive, normalize, ascribe; SIGHUP reloads, SIGTERM drains and ends')
      .action(host.action((context) => run(context)));
  },
};

async function run(context: CommandContext): Promise<CommandResult> {
  const { Daemon } = require('../daemon/daemon') as typeof DaemonModule;
  const { createLog } = require('../telemetry/log') as typeof LogModule;
  const { Telemetry } = require('../telemetry/telemetry') as typeof TelemetryModule;
  const { loaded, io } = context;
  // What is received and derived is nobody's but the user's and, at most, the group's, however the daemon was started.
  process.umask(process.umask() | 0o027);
  const { level, format } = loaded.config.log;
  const log = createLog({ level: context.options.verbose === true ? 'debug' : level, format, stream: io.stderr });
  const telemetry = new Telemetry({ log });
  const daemon = new Daemon({ loaded, telemetry, env: io.env });
  io.interruption.drains();
  // One after another: a SIGHUP must meet neither half of a start nor half of another reload, and never end the process.
  const starting = daemon.start();
  let turn: Promise<void> = starting;
  const reload = (): void => {
    turn = turn.then(
      () => reloadFrom(context, daemon, telemetry),
      () => undefined,
    );
  };
  process.on('SIGHUP', reload);
  try {
    await starting;
    return await serve(context, daemon, telemetry);
  } finally {
    process.off('SIGHUP', reload);
    telemetry.flush();
  }
}

/** Until a signal asks for the end or a part fails. */
async function serve(
  { io }: CommandContext,
  daemon: DaemonModule.Daemon,
  telemetry: TelemetryModule.Telemetry,
): Promise<CommandResult> {
  try {
    await Promise.race([stopAsked(io.interruption.signal), daemon.failure]);
    telemetry.emit({ kind: 'daemon_stopping', reason: io.interruption.received ?? 'asked to' });
    await daemon.stop();
    telemetry.emit({ kind: 'daemon_stopped', records: daemon.records() });
    return EXIT.done;
  } catch (error) {
    await daemon.stop();
    throw new CommandError('part_failed', messageOf(error), EXIT.failed, { cause: error });
  }
}

async function reloadFrom(
  context: CommandContext,
  daemon: DaemonModule.Daemon,
  telemetry: TelemetryModule.Telemetry,
): Promise<void> {
  const { loadConfig } = require('../config/load') as typeof LoadModule;
  const { noteDone } = require('../operator-audit') as typeof OperatorAuditModule;
  const { loaded, options, io } = context;
  const file = loaded.file ?? options.config;
  try {
    await daemon.reload(loadConfig({ file, dataDirectory: options.data, cwd: io.cwd }));
    noteDone(context, 'config reload', EXIT.done);
  } catch (error) {
    // A fault in the file, a port that is taken, a certificate that cannot be read: the daemon goes on as it was.
    telemetry.emit({ kind: 'config_refused', faults: messageOf(error) });
    noteDone(context, 'config reload', EXIT.failed);
  }
}

function stopAsked(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
