import type { Command } from '@commander-js/extra-typings';

/** What a completion script needs of one option. */
export interface CompletionOption {
  /** `-c`, `--config`: as typed. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Whether a value follows, and of what kind. */
  readonly value: 'none' | 'file' | 'directory' | 'any' | readonly string[];
}

/** What a completion script needs of one command. */
export interface CompletionNode {
  /** Words after `ascribe` that lead here: `['db', 'verify']`. */
  readonly path: readonly string[];
  readonly description: string;
  /** Names and aliases of the commands below, with their descriptions. */
  readonly words: readonly { readonly name: string; readonly description: string }[];
  /** Its own options and those every command takes. */
  readonly options: readonly CompletionOption[];
  /** What its arguments are: choices, or file names. */
  readonly argument: 'none' | 'file' | readonly string[];
}

/** All commands of a program, the program first; hidden ones are left out. */
export function commandTree(program: Command): readonly CompletionNode[] {
  const shared = program.options.filter(({ hidden }) => !hidden).map(optionOf);
  return nodesOf(program, [], shared);
}

/** A command whatever its arguments and options are. */
type AnyCommand = Command<unknown[], Record<string, unknown>>;

function nodesOf(command: AnyCommand, path: readonly string[], shared: readonly CompletionOption[]): CompletionNode[] {
  const children = command.commands.filter((child) => !isHidden(child)) as AnyCommand[];
  const own = path.length === 0 ? [] : command.options.filter(({ hidden }) => !hidden).map(optionOf);
  const node: CompletionNode = {
    path,
    description: command.description(),
    words: children.flatMap((child) =>
      [child.name(), ...child.aliases()].map((name) => ({ name, description: child.description() })),
    ),
    options: [...own, ...shared, { flags: ['-h', '--help'], description: 'show help', value: 'none' }],
    argument: argumentOf(command),
  };
  const below = children.flatMap((child) =>
    [child.name(), ...child.aliases()].flatMap((name) => nodesOf(child, [...path, name], shared)),
  );
  return [node, ...below];
}

/** commander keeps this to itself; its help reads the same field. */
function isHidden(command: object): boolean {
  return '_hidden' in command && command._hidden === true;
}

function optionOf(option: AnyCommand['options'][number]): CompletionOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  return { flags, description: option.description, value: valueOf(option) };
}

function valueOf(option: AnyCommand['options'][number]): CompletionOption['value'] {
  if (!option.required && !option.optional) return 'none';
  if (option.argChoices !== undefined) return option.argChoices;
  if (/<(?:file|path)>/u.test(option.flags)) return 'file';
  return /<dir>/u.test(option.flags) ? 'directory' : 'any';
}

function argumentOf(command: AnyCommand): CompletionNode['argument'] {
  for (const argument of command.registeredArguments) {
    if (argument.argChoices !== undefined) return argument.argChoices;
    if (/file/iu.test(argument.name())) return 'file';
  }
  return 'none';
}
