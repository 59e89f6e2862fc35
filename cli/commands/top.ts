import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { CommandError, EXIT } from '../exit-codes';
import type { SourceStatus } from '../telemetry/daemon-status';
import type { ReadStatus } from '../telemetry/status-file';
import { openStatus } from './status-source';
import { printStatus, type RateBase } from './status-view';

const PERIOD_MS = 1000;
const ENTER_SCREEN = '\u001b[?1049h\u001b[?25l';
const LEAVE_SCREEN = '\u001b[?25h\u001b[?1049l';
const HOME_AND_CLEAR = '\u001b[H\u001b[J';

/** `top`: `status`, redrawn each second with the rates of the last second. */
export const topCommand: AscribeCommand = {
  name: 'top',
  define(program, host) {
    program.command('top').description('the status, live; ends with Ctrl-C').action(host.action(top));
  },
};

async function top(context: CommandContext): Promise<CommandResult> {
  if (context.io.stdout.isTTY !== true || context.json) {
    throw new CommandError('no_terminal', 'top needs a terminal; scripts use `ascribe status --json`', EXIT.usage);
  }
  const { signal } = context.io.interruption;
  context.io.interruption.drains();
  let last = openStatus(context);
  context.io.stdout.write(ENTER_SCREEN);
  try {
    while (!signal.aborted) {
      const now = openStatus(context);
      context.io.stdout.write(HOME_AND_CLEAR);
      printStatus(context, now.status, now.state, rateBase(last, now));
      if (now.status.updatedAt !== last.status.updatedAt) last = now;
      await sleep(PERIOD_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    context.io.stdout.write(LEAVE_SCREEN);
  }
  return EXIT.done;
}

/** Rates of the time between two statuses; of the whole run when the daemon was started anew between them. */
function rateBase(last: ReadStatus, now: ReadStatus): RateBase | undefined {
  if (last.status.startedAt !== now.status.startedAt || last.status.updatedAt === now.status.updatedAt)
    return undefined;
  const before = new Map(last.status.sources.map((source) => [keyOf(source), source.datagrams]));
  return { since: last.status.updatedAt, datagrams: (source) => before.get(keyOf(source)) ?? 0 };
}

function keyOf({ peer, format }: SourceStatus): string {
  return `${peer} ${format}`;
}
