import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { SessionFilter } from '../../store/queries/sessions';
import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import type * as SessionsAnswer from './sessions-answer';

const STATES = ['open', 'ended', 'denied', 'attempt'] as const;
const ENCRYPTED = ['yes', 'no', 'unknown'] as const;
const DIRECTIONS = ['outbound', 'inbound', 'internal', 'transit', 'unknown'] as const;
const STATUSES = ['attributed', 'ambiguous', 'blind'] as const;
const DEFAULT_LIMIT = 100;

interface SessionsOptions {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly src?: string | undefined;
  readonly dst?: string | undefined;
  readonly port?: number | undefined;
  readonly state?: (typeof STATES)[number] | undefined;
  readonly encrypted?: (typeof ENCRYPTED)[number] | true | undefined;
  readonly direction?: (typeof DIRECTIONS)[number] | undefined;
  readonly outbound?: true | undefined;
  readonly owner?: string | undefined;
  readonly status?: (typeof STATUSES)[number] | undefined;
  readonly legs?: true | undefined;
  readonly limit: number;
}

/** `sessions`: the communications that were seen, the latest first. */
export const sessionsCommand: AscribeCommand = {
  name: 'sessions',
  define(program, host) {
    program
      .command('sessions')
      .description('list sessions, the latest first (exit 4: none matched)')
      .option('--from <time>', 'that lasted at or after this time (-2h, 2026-11-24 02:10, RFC 3339)')
      .option('--to <time>', 'that began before this time')
      .option('--src <address>', 'begun by this address or network')
      .option('--dst <address>', 'to this address or network')
      .option('--port <number>', 'to this port', wholeNumber)
      .addOption(new Option('--state <state>', 'in this state').choices(STATES))
      .addOption(
        new Option('--encrypted [answer]', 'encrypted: yes (when nothing follows), no or unknown').choices(ENCRYPTED),
      )
      .addOption(new Option('--direction <direction>', 'seen from the home networks').choices(DIRECTIONS))
      .option('--outbound', 'short for --direction outbound')
      .option('--owner <name>', 'begun by this VM, service, device or user, or by anything on this host')
      .addOption(new Option('--status <status>', 'with a verdict of this status').choices(STATUSES))
      .option('--legs', 'also the same communications behind a translation')
      .option('--limit <number>', 'at most so many', wholeNumber, DEFAULT_LIMIT)
      .action(host.action((context, options) => sessions(context, options)));
  },
};

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/u.test(text)) throw new InvalidArgumentError('Not a whole number.');
  return Number(text);
}

function sessions(context: CommandContext, options: SessionsOptions): CommandResult {
  const { listSessions } = require('./sessions-answer') as typeof SessionsAnswer;
  return listSessions(context, filterOf(context, options));
}

function filterOf(context: CommandContext, options: SessionsOptions): SessionFilter {
  const { from, to, src, dst, port, state, owner, status, limit } = options;
  const encrypted = options.encrypted === true ? 'yes' : options.encrypted;
  const networkDirection = options.outbound === true ? 'outbound' : options.direction;
  return {
    limit,
    ...(from !== undefined && { from: context.time('--from', from) }),
    ...(to !== undefined && { to: context.time('--to', to) }),
    ...(src !== undefined && { src }),
    ...(dst !== undefined && { dst }),
    ...(port !== undefined && { port }),
    ...(state !== undefined && { state }),
    ...(owner !== undefined && { owner }),
    ...(status !== undefined && { status }),
    ...(options.legs !== true && { withoutLegs: true }),
    ...(encrypted !== undefined && { encrypted }),
    ...(networkDirection !== undefined && { networkDirection }),
  };
}
