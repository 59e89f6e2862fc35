import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import type * as CoverageAnswer from './coverage-answer';
import { given } from './options';

interface CoverageOptions {
  readonly asset?: string | undefined;
  readonly analytic?: string | undefined;
  readonly role?: string | undefined;
  readonly at: string;
  readonly navigator?: string | undefined;
  readonly report?: string | undefined;
}

/** `coverage`: what could and could not be seen, per asset and analytic. */
export const coverageCommand: AscribeCommand = {
  name: 'coverage',
  define(program, host) {
    program
      .command('coverage')
      .description('what could and could not be seen of each asset, by ATT&CK analytic, and what would switch it on')
      .option('--asset <name>', 'of this VM, host or device only, analytic by analytic')
      .option('--analytic <id>', 'of this ATT&CK analytic or technique only')
      .option('--role <role>', 'of assets of this role only')
      .option('--at <time>', 'as of this time', 'now')
      .option('--navigator <file>', 'write a layer for ATT&CK Navigator')
      .option('--report <file>', 'write a page for auditors: .html or .md')
      .action(host.action((context, options) => coverage(context, options)));
  },
};

function coverage(context: CommandContext, options: CoverageOptions): CommandResult {
  const { showCoverage } = require('./coverage-answer') as typeof CoverageAnswer;
  const { asset, analytic, role, navigator, report, at } = options;
  return showCoverage(context, {
    ...given({ asset, analytic, role, navigator, report }),
    at: context.time('--at', at),
  });
}
