import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { EXIT } from '../exit-codes';
import { openStatus } from './status-source';
import { printStatus, printStatusJson } from './status-view';

/** `status`: is the daemon well, does it hear its sources, does it lose anything? */
export const statusCommand: AscribeCommand = {
  name: 'status',
  define(program, host) {
    program
      .command('status')
      .description(
        'sources, rates, lag of each stage, the loss figures and disk of the running daemon (exit 1: not running)',
      )
      .action(host.action(status));
  },
};

function status(context: CommandContext): CommandResult {
  const { status, state } = openStatus(context);
  if (context.json) printStatusJson(context, status, state);
  else printStatus(context, status, state);
  return state === 'running' ? EXIT.done : EXIT.failed;
}
