import type { AscribeCommand } from '../contract';
import type * as SessionAnswer from './session-answer';

/** `session ID`: everything that is known of one session, and what says so. */
export const sessionCommand: AscribeCommand = {
  name: 'session',
  define(program, host) {
    program
      .command('session')
      .alias('explain')
      .description('show one session whole: its observers, its slices, the journal records that prove it')
      .argument('<id>', 'id as `sessions` prints it')
      .action(
        host.action((context, id) => {
          const { showSession } = require('./session-answer') as typeof SessionAnswer;
          return showSession(context, id);
        }),
      );
  },
};
