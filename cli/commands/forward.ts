import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import type * as ForwardAnswer from './forward-answer';
import { DEFAULT_LIMIT, limitOption, times } from './options';

/** `forward`: what destinations have, what they refused, and sending that again. */
export const forwardCommand: AscribeCommand = {
  name: 'forward',
  define(program, host) {
    const forward = program
      .command('forward')
      .description('destinations: where they stand, what they refused or missed');
    forward
      .command('status')
      .description('each destination with its cursors, lag, dead letters and gaps (exit 3: letters or gaps are there)')
      .option('--destination <name>', 'this one alone')
      .option('--limit <number>', 'at most so many dead letters', limitOption, DEFAULT_LIMIT)
      .action(host.action((context, { destination, limit }) => answer().status(context, { destination, limit })));
    forward
      .command('audit')
      .description('records sent, confirmed, refused, filtered and missed, by hour')
      .option('--destination <name>', 'this one alone')
      .option('--from <time>', 'hours from this time on (-2d, 2026-11-24, RFC 3339)')
      .option('--to <time>', 'hours before this time')
      .action(host.action((context, options) => audit(context, options)));
    forward
      .command('redrive')
      .description('send dead letters again, as their records stand now; the running daemon does it, or the next one')
      .option('--destination <name>', 'those of this one alone')
      .option('--uid <uid>', 'this record alone')
      .action(host.audited((context, { destination, uid }) => answer().redrive(context, { destination, uid })));
  },
};

function answer(): typeof ForwardAnswer {
  return require('./forward-answer') as typeof ForwardAnswer;
}

interface AuditOptions {
  readonly destination?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function audit(context: CommandContext, options: AuditOptions): CommandResult {
  const range = times(context, options, ['from', 'to']);
  return answer().audit(context, { destination: options.destination, ...range });
}
