import type { AscribeCommand } from '../contract';
import { DEFAULT_LIMIT, limitOption } from './options';
import type * as OwnerAnswer from './owner-answer';

/** `owner NAME`: everything that one VM, host service, device or user did. */
export const ownerCommand: AscribeCommand = {
  name: 'owner',
  define(program, host) {
    program
      .command('owner')
      .description('what an owner (VM, host service, device, user) did: sessions, addresses, events (exit 4: unknown)')
      .argument('<name>', 'name, id or host as `sessions` prints it; the beginning of a name is enough')
      .option('--from <time>', 'sessions and events at or after this time')
      .option('--to <time>', 'sessions and events before this time')
      .option('--limit <number>', 'at most so many sessions, and as many events', limitOption, DEFAULT_LIMIT)
      .action(
        host.action((context, name, { from, to, limit }) => {
          const { showOwner } = require('./owner-answer') as typeof OwnerAnswer;
          return showOwner(context, name, {
            limit,
            ...(from !== undefined && { from: context.time('--from', from) }),
            ...(to !== undefined && { to: context.time('--to', to) }),
          });
        }),
      );
  },
};
