import type { CommandContext } from '../context';
import type { AscribeCommand, CommandResult } from '../contract';
import type * as BaselineAnswer from './baseline-answer';
import { given } from './options';

/** `baseline`: what a site's analytics take for normal: proposed from observation, approved by a person, kept by version. */
export const baselineCommand: AscribeCommand = {
  name: 'baseline',
  define(program, host) {
    const baseline = program
      .command('baseline')
      .description(
        'what analytics take for normal: proposed from what was seen, approved by a person, kept by version',
      );
    baseline
      .command('propose')
      .description('values that what was seen so far suggests; nothing is approved by it')
      .option('--since <time>', 'seen from here on', '-30d')
      .option('--by-role', 'what several machines of a role have in common, for `approve --role`')
      .action(
        host.action((context, { since, byRole }) => {
          const from = context.time('--since', since);
          return byRole === true ? answer().proposeByRole(context, from) : answer().propose(context, from);
        }),
      );
    baseline
      .command('approve')
      .description('let values hold from the next reload (SIGHUP) on; history is looked at again then')
      .argument(
        '<element>',
        'AllowedMgmtHosts, ESXiAllowedPorts, PortProfiles, BenignDestinations, AllowedUsers, AuthorizedAdmins',
      )
      .argument('<values...>', 'addresses, networks, ports or names')
      .option('--role <role>', 'for machines of this role only: PortProfiles, BenignDestinations')
      .option('--by <name>', 'who approves; the login name when left out')
      .option('--note <text>', 'why', '')
      .action(host.audited((context, element, values, options) => approve(context, element, values, options)));
    baseline
      .command('retire')
      .description('take values back')
      .argument('<element>', 'as in approve')
      .argument('<values...>', 'as in approve')
      .option('--role <role>', 'from machines of this role, as in approve')
      .option('--by <name>', 'who takes them back; the login name when left out')
      .action(
        host.audited((context, element, values, { role = '', by }) =>
          answer().retire(context, { role, element, values }, by),
        ),
      );
    baseline
      .command('list')
      .description('what holds, since when and by whom')
      .option('--all', 'also what was taken back')
      .action(host.action((context, { all }) => answer().list(context, all ?? false)));
  },
};

function approve(
  context: CommandContext,
  element: string,
  values: string[],
  {
    role = '',
    by,
    note,
  }: { readonly role?: string | undefined; readonly by?: string | undefined; readonly note: string },
): CommandResult {
  return answer().approve(context, { role, element, values }, { note, ...given({ by }) });
}

function answer(): typeof BaselineAnswer {
  return require('./baseline-answer') as typeof BaselineAnswer;
}
