import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { CommandError, EXIT } from '../exit-codes';
import type * as LoadModule from '../config/load';
import type * as DaemonModule from '../daemon/daemon';
import type * as LogModule from '../telemetry/log';
import type * as TelemetryModule from '../telemetry/telemetry';

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
  const { level, format } = loaded.config.log;
  const log = createLog({ level: context.options.verbose === true ? 'debug' : level, format, stream: io.stderr });
  const telemetry = new Telemetry({ log });
  const daemon = new Daemon({ loaded, telemetry });
  io.interruption.drains();
  await daemon.start();
  const reload = (): void => void reloadFrom(context, daemon, telemetry);
  process.on('SIGHUP', reload);
  try {
    await Promise.race([stopAsked(io.interruption.signal), daemon.failure]);
    telemetry.emit({ kind: 'daemon_stopping', reason: io.interruption.received ?? 'asked to' });
    await daemon.stop();
    telemetry.emit({ kind: 'daemon_stopped', records: daemon.records() });
    return EXIT.done;
  } catch (error) {
    await daemon.stop();
    throw new CommandError('part_failed', error instanceof Error ? error.message : String(error), EXIT.failed, {
      cause: error,
    });
  } finally {
    process.off('SIGHUP', reload);
    telemetry.flush();
  }
}

async function reloadFrom(
  { loaded, options, io }: CommandContext,
  daemon: DaemonModule.Daemon,
  telemetry: TelemetryModule.Telemetry,
): Promise<void> {
  const { ConfigError, loadConfig } = require('../config/load') as typeof LoadModule;
  try {
    await daemon.reload(loadConfig({ file: loaded.file ?? options.config, dataDirectory: options.data, cwd: io.cwd }));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    telemetry.emit({ kind: 'config_refused', faults: error.message });
  }
}

function stopAsked(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
