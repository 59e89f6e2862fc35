import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { limitOption } from './options';
import type * as WhoAnswer from './who-answer';

interface WhoOptions {
  readonly at: string;
  readonly scope?: string | undefined;
  readonly asKnownAt?: string | undefined;
  readonly limit: number;
}

/** `who ADDR`: who held an address or a translated port at a time, and what says so. */
export const whoCommand: AscribeCommand = {
  name: 'who',
  define(program, host) {
    program
      .command('who')
      .description('who held an address, a translated port or a MAC then, and what says so (exit 4: nobody known)')
      .argument('<address>', '10.0.0.5, 192.0.2.1:5000/tcp, [2001:db8::1]:5000 or a MAC address')
      .option('--at <time>', 'at this time (-2h, 2026-11-24 02:10, RFC 3339)', 'now')
      .option('--scope <name>', 'in this scope (site, VRF) only')
      .option('--as-known-at <time>', 'by what had been received then, not by what is known now')
      .option('--limit <number>', 'at most so many candidates', limitOption, 30)
      .action(host.action((context, address, options) => who(context, address, options)));
  },
};

function who(context: CommandContext, address: string, options: WhoOptions): CommandResult {
  const { answerWho } = require('./who-answer') as typeof WhoAnswer;
  const { at, scope, asKnownAt, limit } = options;
  return answerWho(context, address, {
    at: context.time('--at', at),
    scope,
    knownAt: asKnownAt === undefined ? undefined : context.time('--as-known-at', asKnownAt),
    limit,
  });
}
