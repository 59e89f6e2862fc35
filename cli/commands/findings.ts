import { Option } from '@commander-js/extra-typings';
import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import type * as FindingsAnswer from './findings-answer';
import { DEFAULT_LIMIT, given, limitOption, times } from './options';

const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;

interface FindingsOptions {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly owner?: string | undefined;
  readonly analytic?: string | undefined;
  readonly severity?: (typeof SEVERITIES)[number] | undefined;
  readonly all?: true | undefined;
  readonly limit: number;
}

/** `findings`: what the analytics found, or one finding with what it rests on. */
export const findingsCommand: AscribeCommand = {
  name: 'findings',
  define(program, host) {
    program
      .command('findings')
      .description('list what the analytics found, the most severe first, or show one whole')
      .argument('[id]', 'one finding; the beginning of its id is enough')
      .option('--from <time>', 'still seen at or after this time (-2h, 2026-11-24 02:10, RFC 3339)')
      .option('--to <time>', 'first seen before this time')
      .option('--owner <name>', 'about this owner, or what runs on this host')
      .option('--analytic <id>', 'of this ATT&CK analytic, strategy or technique (AN0403, DET0143, T1573.001)')
      .addOption(new Option('--severity <least>', 'at least this severe').choices(SEVERITIES))
      .option('--all', 'also what approved changes cover, and what later evidence took back')
      .option('--limit <number>', 'at most so many', limitOption, DEFAULT_LIMIT)
      .action(host.action((context, id, options) => findings(context, id, options)));
  },
};

function findings(context: CommandContext, id: string | undefined, options: FindingsOptions): CommandResult {
  const { listFindings, showFinding } = require('./findings-answer') as typeof FindingsAnswer;
  if (id !== undefined) return showFinding(context, id);
  const { owner, analytic, severity, all, limit } = options;
  const range = times(context, options, ['from', 'to']);
  return listFindings(context, { ...given({ owner, analytic, severity, all }), ...range, limit });
}
