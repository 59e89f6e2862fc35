import type { CommandContext } from '../context';
import type { AscribeCommand } from '../contract';
import { CommandError, EXIT } from '../exit-codes';
import type * as CustodyAnswer from './evidence-custody-answer';
import type * as PackAnswer from './evidence-pack-answer';
import type * as TimestampAnswer from './evidence-timestamp-answer';
import type * as VerifyAnswer from './evidence-verify-answer';
import type { Selection } from '../../store/evidence/contract';
import { given, times } from './options';

/** `evidence`: sealed, signed packs that stock tools can verify. */
export const evidenceCommand: AscribeCommand = {
  name: 'evidence',
  define(program, host) {
    const evidence = program
      .command('evidence')
      .description('sealed, signed packs of raw records and what was read in them, which stock tools can verify');
    evidence
      .command('pack')
      .description('write a pack: raw records with proofs, facts, sessions, verdicts, findings, and what is missing')
      .option('--session <id>', 'one session, with its legs behind translations')
      .option('--finding <id>', 'one finding with the sessions and events it rests on')
      .option('--owner <name>', 'the sessions and findings of an owner; --from and --to narrow it')
      .option('--from <time>', 'sessions that began, and without --owner records received, from this time on')
      .option('--to <time>', 'the same, before this time')
      .option('--out <file>', 'the archive to write; default: ascribe-evidence-….tar here')
      .option(
        '--encrypt-to <key...>',
        'encrypt it with age to these public keys (age1…, or SSH): only FILE.tar.age is written',
      )
      .option('--recipients-file <file>', 'the same to each public key in a file')
      .action(host.audited((context, options) => packAnswer().pack(context, selectionOf(context, options), options)));
    evidence
      .command('verify')
      .description('prove a pack: every byte, signatures, seals, proofs, facts read again (exit 1: a fault, and where)')
      .argument('<file>', 'the pack')
      .option('--key <fingerprint>', 'SHA256:… of the key that must have signed it')
      .option('--tsa-ca <file>', 'PEM certificates of the authorities that must vouch for its time stamp')
      .option('--integrity', 'only bytes, signatures, seals and proofs: read and derive nothing again')
      .action(host.action((context, file, options) => verifyAnswer().verify(context, file, options)));
    evidence
      .command('timestamp')
      .description('have an authority stamp a pack (RFC 3161): the answer is kept beside it as FILE.tsr')
      .argument('<file>', 'the pack')
      .option('--tsa <url>', 'ask this authority, over http or https')
      .option('--request-out <file>', 'write the request, to be carried to an authority')
      .option('--attach <file>', 'take the answer that was carried back')
      .option('--tsa-ca <file>', 'PEM certificates of the authorities that must vouch for it')
      .action(host.audited((context, file, options) => timestampAnswer().timestamp(context, file, options)));
    evidence
      .command('custody')
      .description('show the custody log beside a pack, or add to it')
      .argument('<file>', 'the pack')
      .option('--note <text>', 'add an entry: handed over, received, stored, …')
      .option('--by <name>', 'who did that; default: the user')
      .action(
        host.audited(
          (context, file, options) => custodyAnswer().custody(context, file, options),
          (_file, { note }) => note !== undefined,
        ),
      );
  },
};

function packAnswer(): typeof PackAnswer {
  return require('./evidence-pack-answer') as typeof PackAnswer;
}

function verifyAnswer(): typeof VerifyAnswer {
  return require('./evidence-verify-answer') as typeof VerifyAnswer;
}

function timestampAnswer(): typeof TimestampAnswer {
  return require('./evidence-timestamp-answer') as typeof TimestampAnswer;
}

function custodyAnswer(): typeof CustodyAnswer {
  return require('./evidence-custody-answer') as typeof CustodyAnswer;
}

interface PackChoice {
  readonly session?: string | undefined;
  readonly finding?: string | undefined;
  readonly owner?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

function selectionOf(context: CommandContext, options: PackChoice): Selection {
  const { session, finding, owner } = options;
  const { from, to } = times(context, options, ['from', 'to']);
  const isTimed = from !== undefined || to !== undefined;
  const chosen = [session, finding, owner].filter((value) => value !== undefined).length;
  if (
    chosen > 1 ||
    (chosen === 0 && (from === undefined || to === undefined)) ||
    (isTimed && chosen > 0 && owner === undefined)
  ) {
    throw new CommandError(
      'bad_selection',
      'say one of --session ID, --finding ID, --owner NAME (with --from, --to if you like), or --from T and --to T',
      EXIT.usage,
    );
  }
  if (session !== undefined) return { kind: 'session', id: session };
  if (finding !== undefined) return { kind: 'finding', id: finding };
  if (owner !== undefined) return { kind: 'owner', name: owner, ...given({ from, to }) };
  return { kind: 'time', from: from ?? 0, to: to ?? 0 };
}
