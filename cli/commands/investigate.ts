import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import { CommandError, EXIT } from '../exit-codes';
import type * as InvestigateAnswer from './investigate-answer';
import { given } from './options';

interface InvestigateOptions {
  readonly step?: number | undefined;
  readonly decide?: string | undefined;
  readonly by?: string | undefined;
  readonly export?: string | undefined;
}

/** `investigate`: the playbook of a finding with its steps filled in, and what was decided. */
export const investigateCommand: AscribeCommand = {
  name: 'investigate',
  define(program, host) {
    program
      .command('investigate')
      .description('the ten steps of the playbook, filled in for one finding; records decisions, executes nothing')
      .argument('<finding>', 'id of a finding; its beginning is enough')
      .option('--step <number>', 'this step only', stepOption)
      .option('--decide <text>', 'record what was decided in the step that --step names')
      .option('--by <name>', 'who decided; the login name when left out')
      .option('--export <file>', 'write all of it to a file: .md or .json')
      .action(
        host.audited(
          (context, id, options) => investigate(context, id, options),
          (_id, options) => options.decide !== undefined || options.export !== undefined,
        ),
      );
  },
};

function stepOption(text: string): number {
  if (!/^(?:[1-9]|10)$/u.test(text)) throw new InvalidArgumentError('Not a step from 1 to 10.');
  return Number(text);
}

function investigate(context: CommandContext, id: string, options: InvestigateOptions): CommandResult {
  const { step, decide, by, export: file } = options;
  if (decide !== undefined && step === undefined) {
    throw new CommandError('usage', '--decide needs --step: which step was decided?', EXIT.usage);
  }
  const { showInvestigation } = require('./investigate-answer') as typeof InvestigateAnswer;
  return showInvestigation(context, { id, ...given({ step, decide, by, file }) });
}
