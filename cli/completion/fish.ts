import type { CompletionNode, CompletionOption } from './command-tree';

/** A fish completion script. */
export function fishScript(nodes: readonly CompletionNode[]): string {
  const lines = nodes.flatMap((node) => [
    ...node.words.map(({ name, description }) => rule(node, `-f -a ${quote(name)} -d ${quote(description)}`)),
    ...node.options
      .filter((option) => node.path.length === 0 || !isShared(option, nodes))
      .map((o) => optionRule(node, o)),
    ...argumentRules(node),
  ]);
  return `# fish completion of ascribe; use: ascribe completion fish | source
function __ascribe_at
  set -l words (string match -v -- '-*' (commandline -opc)[2..-1])
  test "$words[1..$(count $argv)]" = "$argv"
end
function __ascribe_exactly
  set -l words (string match -v -- '-*' (commandline -opc)[2..-1])
  test "$words" = "$argv"
end
complete -c ascribe -f
${lines.join('\n')}
`;
}

/** Options that every command takes are told once, without a condition. */
function isShared(option: CompletionOption, nodes: readonly CompletionNode[]): boolean {
  return nodes[0]?.options.some((shared) => shared.flags.at(-1) === option.flags.at(-1)) === true;
}

function rule({ path }: CompletionNode, rest: string): string {
  return `complete -c ascribe -n ${quote(['__ascribe_exactly', ...path].join(' '))} ${rest}`;
}

function optionRule({ path }: CompletionNode, { flags, description, value }: CompletionOption): string {
  const condition = path.length === 0 ? '' : ` -n ${quote(['__ascribe_at', ...path].join(' '))}`;
  const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  return `complete -c ascribe${condition} ${names.join(' ')}${valueRule(value)} -d ${quote(description)}`;
}

function valueRule(value: CompletionOption['value']): string {
  if (value === 'none') return '';
  if (value === 'any') return ' -x';
  if (value === 'file') return ' -r -F';
  return value === 'directory' ? " -x -a '(__fish_complete_directories)'" : ` -x -a ${quote(value.join(' '))}`;
}

function argumentRules(node: CompletionNode): string[] {
  if (node.argument === 'none') return [];
  if (node.argument === 'file') return [`complete -c ascribe -n ${quote(['__ascribe_at', ...node.path].join(' '))} -F`];
  return [rule(node, `-f -a ${quote(node.argument.join(' '))}`)];
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
