import type { AscribeCommand } from '../contract';
import type * as CheckAnswer from './check-answer';

/** `check`: is the configuration right, and can this host do what it says? */
export const checkCommand: AscribeCommand = {
  name: 'check',
  define(program, host) {
    program
      .command('check')
      .description('validate the configuration; faults are file:line:column: path: message')
      .option('--online', 'also try it on this host: ports, receive buffers, secrets, data directory')
      .option('--schema', 'print the JSON Schema of the configuration instead')
      .action(
        host.action((context, { online, schema }) => {
          const { check, printJsonSchema } = require('./check-answer') as typeof CheckAnswer;
          return schema === true ? printJsonSchema(context) : check(context, online === true);
        }),
      );
  },
};
