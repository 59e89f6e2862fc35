import type { ParameterKind } from '../../../collectors/ssh/commands/command-parameter';
import type { CommandSpec, CommandSpecs } from '../../../collectors/ssh/commands/command-table';

/** What a line is in a table of allowed commands. */
export interface AllowedLine {
  readonly command: string;
  /** As written into the line, quotes removed; several paths stand with line feeds between. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** One quoted path, as a POSIX shell reads it. */
const PATH = "'(?:[^'\\n]|'\\\\'')+'";

const PATTERNS: Readonly<Record<ParameterKind, string>> = {
  name: '[A-Za-z0-9_][A-Za-z0-9_.:-]{0,63}',
  number: '\\d{1,16}',
  numbers: '\\d{1,16}(?: \\d{1,16})*',
  formatter: '(?:--formatter=(?:csv|json|xml|keyvalue) )?',
  path: PATH,
  paths: `${PATH}(?: ${PATH})*`,
  stem: `${PATH}\\[\\.-\\]\\*`,
};

/**
 * Says which entry of a table a line is, independently of the code that wrote it: this is what the suite holds every line
 * against that a device was sent.
 */
export class AllowedLines {
  readonly #patterns: readonly { readonly command: string; readonly names: readonly string[]; readonly line: RegExp }[];

  constructor(specs: CommandSpecs) {
    this.#patterns = Object.entries(specs).map(([command, spec]) => ({ command, ...patternOf(spec) }));
  }

  /** Undefined: no entry allows this line. */
  match(line: string): AllowedLine | undefined {
    for (const { command, names, line: pattern } of this.#patterns) {
      const found = pattern.exec(line);
      if (found === null) continue;
      return { command, parameters: Object.fromEntries(names.map((name, i) => [name, unquoted(found[i + 1] ?? '')])) };
    }
    return undefined;
  }
}

function patternOf({ line, parameters = {} }: CommandSpec): { names: string[]; line: RegExp } {
  const names: string[] = [];
  const parts = line.split(/\{([a-z][A-Za-z0-9]*)\}/u).map((part, i) => {
    if (i % 2 === 0) return part.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&');
    const kind = parameters[part];
    // Braces that are no parameter would be sent as they are.
    if (kind === undefined) throw new Error(`${line}: ${part} has no kind`);
    names.push(part);
    return `(${PATTERNS[kind]})`;
  });
  return { names, line: new RegExp(`^${parts.join('')}$`, 'su') };
}

function unquoted(text: string): string {
  if (!text.startsWith("'")) return text;
  const paths = text.match(new RegExp(PATH, 'gsu')) ?? [];
  return paths.map((path) => path.slice(1, -1).replaceAll(`'\\''`, "'")).join('\n');
}
