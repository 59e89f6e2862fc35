import type { ChangeRecord } from '../../../store/analysis/finding-record';
import { CommandWords } from '../command-words';
import type { SessionAnalytic, SessionContext, SessionEvidence } from '../contract';
import { destinationOf, hasExchange, isHostService, isOutbound, ownerText } from '../conditions';
import { textOfHex } from '../../../store/facts/address-hex';

/** Worlds that no ESXi service is. */
const INTERPRETERS: ReadonlySet<string> = new Set([
  'sh',
  'ash',
  'bash',
  'busybox',
  'python',
  'python3',
  'perl',
  'nc',
  'wget',
  'curl',
  'openssl',
  'socat',
  'ssh',
]);
const FETCHES = ['wget', 'curl', 'nc', 'socat', 'openssl s_client', 'python', 'python3', 'ssh'];

/** Sessions that a shell or a script of the hypervisor began. */
export const AN0078: SessionAnalytic = {
  looksAt: 'session',
  id: 'AN0078',
  strategy: 'DET0027',
  techniques: ['T1071.001', 'T1059.012'],
  platform: 'ESXi',
  title: 'Session that a shell or script of an ESXi host began',
  text: 'The socket belongs to a shell, an interpreter or a network tool, or a command that names the destination, or a tool that fetches, was typed on the host within TimeWindow before the session.',
  needs: ['flows', 'sockets', 'commands'],
  severity: 'high',
  falsePositives: 'An administrator who fetches a patch by hand.',
  mutable: { TimeWindow: 'How long after a command a session may be its work' },
  match(session, context) {
    if (!isHostService(session) || !isOutbound(session) || !hasExchange(session)) return undefined;
    const process = session.owner.toLowerCase().split('/').at(-1) ?? '';
    const command = commandBefore(session, context);
    if (!INTERPRETERS.has(process) && command === undefined) return undefined;
    const destination = destinationOf(session);
    const typed = command === undefined ? '' : `; typed before: ${command.command ?? ''}`;
    return {
      key: destination,
      severity: INTERPRETERS.has(process) && command !== undefined ? 'critical' : 'high',
      text: `${ownerText(session)} holds a session with ${destination}${typed}`,
      terms: {
        destination,
        process,
        ...(command !== undefined && { command: command.command ?? '', user: command.user ?? '' }),
      },
      ...(command !== undefined && { changes: [command] }),
    };
  },
};

function commandBefore(session: SessionEvidence, { values, changes }: SessionContext): ChangeRecord | undefined {
  const address = textOfHex(session.dst);
  const before = changes(session.ownerHost, session.start - values.TimeWindow, session.start);
  return before.findLast(({ command, own }) => {
    if (command === null || own) return false;
    const words = new CommandWords(command);
    return words.includes(address) || words.findFirst(FETCHES) !== undefined;
  });
}
