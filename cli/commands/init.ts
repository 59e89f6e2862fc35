import type { AscribeCommand } from '../contract';
import type * as InitAnswer from './init-answer';

/** `init`: a configuration to start from. */
export const initCommand: AscribeCommand = {
  name: 'init',
  define(program, host) {
    program
      .command('init')
      .description(
        'write a commented configuration with the home networks of this host (to --config, or ./ascribe.yaml)',
      )
      .option('--stdout', 'print it instead')
      .action(
        host.action((context, { stdout }) => {
          const { init } = require('./init-answer') as typeof InitAnswer;
          init(context, stdout === true);
        }),
      );
  },
};
