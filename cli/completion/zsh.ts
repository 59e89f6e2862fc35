import type { CompletionNode, CompletionOption } from './command-tree';

/** A zsh completion script: one function for each command, each with `_arguments` of its own. */
export function zshScript(nodes: readonly CompletionNode[]): string {
  return `#compdef ascribe
# zsh completion of ascribe; use: source <(ascribe completion zsh), or a file _ascribe in $fpath

${nodes.map(functionOf).join('\n\n')}

if [[ $funcstack[1] == _ascribe ]]; then _ascribe "$@"; else compdef _ascribe ascribe; fi
`;
}

function functionOf(node: CompletionNode): string {
  const options = node.options.map(optionSpec);
  if (node.words.length === 0) {
    return `${nameOf(node.path)}() {\n  _arguments -s \\\n    ${[...options, ...argumentSpec(node)].join(' \\\n    ')}\n}`;
  }
  const words = node.words.map(({ name, description }) => quote(`${name}:${description.replaceAll(':', ' -')}`));
  const cases = node.words.map(({ name }) => `      ${name}) ${nameOf([...node.path, name])} ;;`);
  return `${nameOf(node.path)}() {
  local line state
  local -a commands=(
    ${words.join('\n    ')}
  )
  _arguments -s -C \\
    ${[...options, "'1: :->command'", "'*:: :->rest'"].join(' \\\n    ')}
  case $state in
    command) _describe command commands ;;
    rest) case $line[1] in
${cases.join('\n')}
    esac ;;
  esac
}`;
}

function nameOf(path: readonly string[]): string {
  return ['_ascribe', ...path].join('_').replaceAll('-', '_');
}

function optionSpec({ flags, description, value }: CompletionOption): string {
  const about = `[${description.replaceAll(/[[\]:]/gu, ' ')}]${valueSpec(value)}`;
  if (flags.length === 1) return quote(`${flags[0]}${about}`);
  return `'(${flags.join(' ')})'{${flags.join(',')}}${quote(about)}`;
}

function valueSpec(value: CompletionOption['value']): string {
  if (value === 'none') return '';
  if (value === 'any') return ':value: ';
  if (value === 'file') return ':file:_files';
  return value === 'directory' ? ':directory:_files -/' : `:value:(${value.join(' ')})`;
}

function argumentSpec({ argument }: CompletionNode): string[] {
  if (argument === 'none') return [];
  return [argument === 'file' ? "'*:file:_files'" : quote(`1:argument:(${argument.join(' ')})`)];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
