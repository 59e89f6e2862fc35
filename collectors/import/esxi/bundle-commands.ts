import { ESXI_COMMANDS } from '../../ssh/commands/esxi.data';
import type { CommandSpec } from '../../ssh/commands/command-table';
import type { SshCommandHeader } from '../../ssh/ssh-record';

/**
 * Which command of the allow-list a file of a bundle's `commands` folder holds the output of. vm-support names them
 * after what it ran: the program, `_`, then the arguments with `-` for blanks and without slashes, `.txt`
 * (`localcli_network-ip-connection-list.txt`, `net-stats_-l.txt`).
 */

/** What a record says of a command that somebody else ran. */
export type BundleCommand = Pick<SshCommandHeader, 'command' | 'line' | 'output' | 'parameters'>;

const FILE = /^([A-Za-z][\w.-]{0,60}?)(?:_(.{1,200}))?\.txt$/u;
/** The stack that is asked when none is named. */
const DEFAULT_NETSTACK = 'defaultTcpipStack';

const BY_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries(ESXI_COMMANDS as Readonly<Record<string, CommandSpec>>)
    .filter(([, { line }]) => !/[;'|]/u.test(line) && !line.startsWith('dd '))
    .map(([name, { line }]): [string, string] => [wordsOf(line), name])
    // Of two commands with the same words the first asks for all.
    .reverse(),
);

/** The command of `commands/NAME`; undefined for one that is not on the list. */
export function bundleCommand(fileName: string): BundleCommand | undefined {
  const match = FILE.exec(fileName);
  if (match === null) return undefined;
  const [, program = '', rest = ''] = match;
  const isEsxcli = program === 'localcli' || program === 'esxcli';
  // Options follow a blank, so that two hyphens stand before each of them.
  const [plain = '', ...options] = isEsxcli ? rest.split('--') : [rest];
  const words = (isEsxcli ? `esxcli ${plain}` : `${program}${rest}`).toLowerCase();
  const command = BY_WORDS.get(lettersOf(words));
  if (command === undefined) return undefined;
  const spec: CommandSpec = ESXI_COMMANDS[command as keyof typeof ESXI_COMMANDS];
  const stack = options.find((option) => /^N-./u.test(option))?.slice(2);
  const takesStack = spec.parameters?.['netstack'] !== undefined;
  return {
    command,
    line: `${program} ${isEsxcli ? plain.replaceAll('-', ' ') : rest}`.trim(),
    output: isEsxcli ? 'table' : 'text',
    ...(takesStack && { parameters: { netstack: stack ?? DEFAULT_NETSTACK } }),
  };
}

/** The letters of a line of the list, without what varies: parameters, and for esxcli its options. */
function wordsOf(line: string): string {
  const bare = line.replaceAll(/(?: -\w)? ?\{\w+\}/gu, ' ');
  return lettersOf((bare.startsWith('esxcli') ? bare.split(' -')[0]! : bare).toLowerCase());
}

function lettersOf(text: string): string {
  return text.replaceAll(/[^a-z0-9]/gu, '');
}
