import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import type * as EventsAnswer from './events-answer';
import { DEFAULT_LIMIT, given, limitOption, times } from './options';

interface EventsOptions {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly device?: string | undefined;
  readonly action?: string | undefined;
  readonly user?: string | undefined;
  readonly category?: string | undefined;
  readonly limit: number;
}

/** `events`: logins, commands, changes and other happenings on devices, the latest first. */
export const eventsCommand: AscribeCommand = {
  name: 'events',
  define(program, host) {
    program
      .command('events')
      .description('list what happened on devices (logins, commands, changes, …), the latest first')
      .option('--from <time>', 'at or after this time (-2h, 2026-11-24 02:10, RFC 3339)')
      .option('--to <time>', 'before this time')
      .option('--device <name>', 'told by this device')
      .option('--action <action>', 'login, logout, command, config_change, …')
      .option('--user <name>', 'done by this user')
      .option('--category <category>', 'authentication, configuration, process, host, network, iam, session')
      .option('--limit <number>', 'at most so many', limitOption, DEFAULT_LIMIT)
      .action(host.action((context, options) => events(context, options)));
  },
};

function events(context: CommandContext, options: EventsOptions): CommandResult {
  const { listEvents } = require('./events-answer') as typeof EventsAnswer;
  const { device, action, user, category, limit } = options;
  const range = times(context, options, ['from', 'to']);
  return listEvents(context, { ...given({ device, action, user, category }), ...range, limit });
}
