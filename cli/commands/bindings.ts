import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import type * as BindingsAnswer from './bindings-answer';
import { DEFAULT_LIMIT, given, limitOption, times } from './options';

interface BindingsOptions {
  readonly relation?: string | undefined;
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly device?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly at?: string | undefined;
  readonly limit: number;
}

/** `bindings`: what belonged to what, and when; the latest begun first. */
export const bindingsCommand: AscribeCommand = {
  name: 'bindings',
  define(program, host) {
    program
      .command('bindings')
      .description('list what belonged to what (address to MAC, lease, user, translated port, …) and when')
      .option('--relation <relation>', 'ip-mac, ip-dhcp, ip-user, nat, mac-switchport, …')
      .option('--key <text>', 'with this left side, as printed')
      .option('--value <text>', 'with this right side, as printed')
      .option('--device <name>', 'told by this device')
      .option('--from <time>', 'that may have held at or after this time (-2h, 2026-11-24 02:10, RFC 3339)')
      .option('--to <time>', 'that may have held before this time')
      .option('--at <time>', 'that may have held at this time')
      .option('--limit <number>', 'at most so many', limitOption, DEFAULT_LIMIT)
      .action(host.action((context, options) => bindings(context, options)));
  },
};

function bindings(context: CommandContext, options: BindingsOptions): CommandResult {
  const { listBindings } = require('./bindings-answer') as typeof BindingsAnswer;
  const { relation, key, value, device, limit } = options;
  const range = times(context, options, ['from', 'to', 'at']);
  return listBindings(context, { ...given({ relation, key, value, device }), ...range, limit });
}
