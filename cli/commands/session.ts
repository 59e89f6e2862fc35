import type { AscribeCommand } from '../contract';
import type * as SessionAnswer from './session-answer';

/** `session ID`: everything that is known of one session, and what says so. */
export const sessionCommand: AscribeCommand = {
  name: 'session',
  define(program, host) {
    program
      .command('session')
      .alias('explain')
      .description('show one session whole: who began it and what says so, its observers, its slices, its records')
      .argument('<id>', 'id as `sessions` prints it')
      .option('--as-known-at <time>', 'who began it by what had been received then, not by what is known now')
      .action(
        host.action((context, id, { asKnownAt }) => {
          const { showSession } = require('./session-answer') as typeof SessionAnswer;
          return showSession(
            context,
            id,
            asKnownAt === undefined ? undefined : context.time('--as-known-at', asKnownAt),
          );
        }),
      );
  },
};
