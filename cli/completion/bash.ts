import type { CompletionNode } from './command-tree';

/**
 * A bash completion script. It walks the words typed so far down the command tree, then offers what may follow. Uses
 * nothing but `compgen`, so that it works without the bash-completion package.
 */
export function bashScript(nodes: readonly CompletionNode[]): string {
  return `# bash completion of ascribe; use: source <(ascribe completion bash)
_ascribe() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path='' word i skip=0
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if ((skip)); then skip=0; continue; fi
    case "$path $word" in
${nodes.flatMap(valueCases).join('\n')}
    esac
    case "$path/$word" in
${nodes
  .filter(({ path }) => path.length > 0)
  .map(stepCase)
  .join('\n')}
    esac
  done
  if ((skip)); then
    case "$path $prev" in
${nodes.flatMap(replyCases).join('\n')}
    esac
    return
  fi
  case "$path" in
${nodes.map(wordCase).join('\n')}
  esac
}
complete -F _ascribe ascribe
`;
}

function joined(path: readonly string[]): string {
  return path.map((word) => `/${word}`).join('');
}

/** Options that take the next word. */
function valueCases({ path, options }: CompletionNode): string[] {
  const flags = options.filter(({ value }) => value !== 'none').flatMap(({ flags }) => flags);
  return flags.length === 0 ? [] : [`      ${flags.map((flag) => `'${joined(path)} ${flag}'`).join('|')}) skip=1 ;;`];
}

function stepCase({ path }: CompletionNode): string {
  return `      '${joined(path)}') path='${joined(path)}' ;;`;
}

/** What may follow an option that takes a value. */
function replyCases({ path, options }: CompletionNode): string[] {
  return options.flatMap(({ flags, value }) => {
    if (value === 'none' || value === 'any') return [];
    const pattern = flags.map((flag) => `'${joined(path)} ${flag}'`).join('|');
    return [`      ${pattern}) ${reply(value)} ;;`];
  });
}

function wordCase({ path, words, options, argument }: CompletionNode): string {
  const flags = options.flatMap(({ flags }) => flags);
  const plain = [...words.map(({ name }) => name), ...(typeof argument === 'string' ? [] : argument)];
  const rest = argument === 'file' ? reply('file') : reply(plain);
  return `    '${joined(path)}') if [[ $cur == -* ]]; then ${reply(flags)}; else ${rest}; fi ;;`;
}

function reply(value: 'file' | 'directory' | readonly string[]): string {
  const kind = value === 'file' ? '-f' : value === 'directory' ? '-d' : `-W '${value.join(' ')}'`;
  return `mapfile -t COMPREPLY < <(compgen ${kind} -- "$cur")`;
}
