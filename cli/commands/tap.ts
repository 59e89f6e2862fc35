import { Option } from '@commander-js/extra-typings';
import type { AscribeCommand } from '../contract';
import type * as TapAnswer from './tap-answer';

const KINDS = ['flow', 'session_log', 'binding', 'event', 'inventory', 'config_line', 'gap', 'rejected'] as const;

/** `tap`: the facts as they are made, one line each, until it is interrupted. */
export const tapCommand: AscribeCommand = {
  name: 'tap',
  define(program, host) {
    program
      .command('tap')
      .description('watch the facts as they are made, one line each; ends with Ctrl-C')
      .addOption(new Option('--kind <kind>', 'of this kind only').choices(KINDS))
      .option('--device <name>', 'of this device only (a flow’s device is its exporter’s address)')
      .action(
        host.action(async (context, { kind, device }) => {
          const { tap } = require('./tap-answer') as typeof TapAnswer;
          return tap(context, kind === undefined ? KINDS : [kind], device);
        }),
      );
  },
};
