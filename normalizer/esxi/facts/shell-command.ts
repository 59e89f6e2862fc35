import { maskSecrets } from '../../mask-secrets';
import { commandKinds } from './command-kinds.data';

/**
 * Shell commands as they are logged: before the shell expands them. What hides a command is undone as far as the text
 * alone tells (escapes, `printf`, `echo -e`, `awk` with character codes, base64, variables, quotes inside words, invisible
 * characters); nothing is ever run. The decoded text stands beside the logged one, never in its place.
 */
export interface DecodedCommand {
  /** The command as far as it could be decoded, secrets masked; undefined where nothing was hidden. */
  readonly decoded: string | undefined;
  /** What was undone: `escape`, `printf`, `awk`, `base64`, `variable`, `quotes`, `invisible`; `substitution` in the place of the command. */
  readonly methods: readonly string[];
  /** What it is for: `log_stop`, `firewall_change`, `tunnel`, … */
  readonly kinds: readonly string[];
}

/** Longer commands are decoded up to here. */
const MAX_LENGTH = 16_384;
const MAX_VARIABLES = 64;
/** Substitutions inside of substitutions. */
const MAX_PASSES = 4;
const SPACE = 0x20;

export function decodeCommand(command: string): DecodedCommand {
  const methods = new Set<string>();
  if (substitutesCommand(command)) methods.add('substitution');
  let text = withoutInvisible(command.slice(0, MAX_LENGTH), methods);
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const before = text;
    text = withoutSubstitutions(withVariables(ansiStrings(text, methods), methods), methods);
    if (text === before) break;
  }
  text = withoutQuotesInWords(text, methods);
  const decoded = methods.size === 0 || text === command ? undefined : maskSecrets(text);
  return { decoded, methods: [...methods], kinds: commandKinds(text) };
}

/** `$(…) args`, `` `…` args ``, `$x args`: what runs is not what is written. */
function substitutesCommand(command: string): boolean {
  const start = command.trimStart();
  return start.startsWith('$(') || start.startsWith('`') || (start.startsWith('$') && !start.startsWith("$'"));
}

/** Zero-width and other characters that no terminal shows. */
function withoutInvisible(text: string, methods: Set<string>): string {
  let kept = '';
  let from = 0;
  for (let p = 0; p < text.length; p++) {
    if (!isInvisible(text.charCodeAt(p))) continue;
    kept += text.slice(from, p);
    from = p + 1;
  }
  if (from === 0) return text;
  methods.add('invisible');
  return kept + text.slice(from);
}

function isInvisible(code: number): boolean {
  if (code < 0xad) return false;
  return code === 0xad || (code >= 0x200b && code <= 0x200f) || (code >= 0x2060 && code <= 0x2064) || code === 0xfeff;
}

/** `$'\x65\x73'` → `es`. */
function ansiStrings(text: string, methods: Set<string>): string {
  return replaced(text, "$'", (at) => {
    const end = text.indexOf("'", at + 2);
    if (end < 0) return undefined;
    methods.add('escape');
    return [unescaped(text.slice(at + 2, end)), end + 1];
  });
}

/** `a=esx; b=cli; $a$b …`, `${a}`, `${IFS}`. */
function withVariables(text: string, methods: Set<string>): string {
  if (!text.includes('$')) return text;
  const variables = new Map<string, string>([['IFS', ' ']]);
  for (const statement of text.split(/[;\n&]/u, MAX_VARIABLES)) {
    const equals = statement.indexOf('=');
    const name = statement.slice(0, equals).trim();
    if (equals <= 0 || !isName(name)) continue;
    const value = unquoted(statement.slice(equals + 1).trim());
    if (!value.includes('$') && !value.includes('`') && !value.includes(' ')) variables.set(name, value);
  }
  return replaced(text, '$', (at) => {
    const braced = text.charCodeAt(at + 1) === 0x7b;
    const start = braced ? at + 2 : at + 1;
    const end = wordEnd(text, start);
    const value = variables.get(text.slice(start, end));
    if (value === undefined || (braced && text.charCodeAt(end) !== 0x7d)) return undefined;
    methods.add('variable');
    return [value, braced ? end + 1 : end];
  });
}

/** `$(printf "\x65…")`, `` `echo -e …` ``, `$(awk 'BEGIN{printf "%c%c",101,115}')`, `$(echo … | base64 -d)`: by what they print. */
function withoutSubstitutions(text: string, methods: Set<string>): string {
  const parens = replaced(text, '$(', (at) => {
    const end = closingParen(text, at + 2);
    const printed = end < 0 ? undefined : printedBy(text.slice(at + 2, end).trim(), methods);
    return printed === undefined ? undefined : [printed, end + 1];
  });
  return replaced(parens, '`', (at) => {
    const end = parens.indexOf('`', at + 1);
    const printed = end < 0 ? undefined : printedBy(parens.slice(at + 1, end).trim(), methods);
    return printed === undefined ? undefined : [printed, end + 1];
  });
}

function printedBy(command: string, methods: Set<string>): string | undefined {
  if (command.startsWith('awk ')) return printedByAwk(command, methods);
  const space = command.indexOf(' ');
  const program = command.slice(0, space < 0 ? command.length : space);
  if (program !== 'printf' && program !== 'echo') return undefined;
  const pipe = command.indexOf('|');
  const words = command
    .slice(space + 1, pipe < 0 ? command.length : pipe)
    .trim()
    .split(' ')
    .filter((word) => !OPTIONS.has(word));
  const text = unquoted(words.join(' '));
  if (pipe >= 0) {
    const filter = command.slice(pipe + 1).trim();
    if (!DECODERS.some((name) => filter.startsWith(name))) return undefined;
    methods.add('base64');
    return Buffer.from(text, 'base64').toString('utf8').trim();
  }
  methods.add(program === 'printf' ? 'printf' : 'echo');
  return unescaped(text.startsWith('%s ') ? unquoted(text.slice(3)) : text);
}

const OPTIONS: ReadonlySet<string> = new Set(['-e', '-n', '-ne', '-en', '--', '"%s"', "'%s'", '%b', "'%b'", '"%b"']);
const DECODERS = ['base64 -d', 'base64 --decode', 'openssl base64 -d', 'openssl enc -base64 -d'] as const;

/** `awk 'BEGIN{printf "%c%c",101,115}'`. */
function printedByAwk(command: string, methods: Set<string>): string | undefined {
  const format = command.indexOf('%c');
  const comma = command.indexOf(',', format);
  if (format < 0 || comma < 0) return undefined;
  const codes = command
    .slice(comma + 1)
    .split(',')
    .map((part) => Number.parseInt(part, 10));
  if (codes.length === 0 || codes.some((code) => !(code > 0 && code < 0x11_0000))) return undefined;
  methods.add('awk');
  return String.fromCodePoint(...codes);
}

/** `\x65`, `\145`, `\u0065`, `\n`. */
function unescaped(text: string): string {
  return replaced(text, '\\', (at) => {
    const kind = text[at + 1] ?? '';
    if (kind === 'x') return codeAt(text, at + 2, 2, 16);
    if (kind === 'u') return codeAt(text, at + 2, 4, 16);
    if (kind >= '0' && kind <= '7') return codeAt(text, at + 1, text[at + 1] === '0' ? 4 : 3, 8);
    const plain = PLAIN_ESCAPES[kind];
    return plain === undefined ? undefined : [plain, at + 2];
  });
}

const PLAIN_ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '', '\\': '\\', "'": "'", '"': '"' };

function codeAt(text: string, at: number, most: number, radix: number): [string, number] | undefined {
  let end = at;
  while (end - at < most && !Number.isNaN(Number.parseInt(text[end] ?? '', radix))) end++;
  const code = Number.parseInt(text.slice(at, end), radix);
  return Number.isNaN(code) ? undefined : [String.fromCodePoint(code), end];
}

/** `e''sx"c"li`, `e\sx\cli`: quotes and backslashes inside of a word that do nothing. */
function withoutQuotesInWords(text: string, methods: Set<string>): string {
  let found = false;
  const words = text.split(' ').map((word) => {
    const plain = withoutInnerQuotes(word);
    if (plain !== word) found = true;
    return plain;
  });
  if (!found) return text;
  methods.add('quotes');
  return words.join(' ');
}

function withoutInnerQuotes(word: string): string {
  if (!isPlainBut(word)) return word;
  // Quotes around the whole word are how people write.
  const marks = ["'", '"', '\\'];
  if (marks.every((mark) => !word.slice(1, -1).includes(mark))) return word;
  return word.replaceAll("'", '').replaceAll('"', '').replaceAll('\\', '');
}

/** Letters, digits and `-_./` with quotes or backslashes among them, balanced. */
function isPlainBut(word: string): boolean {
  let single = 0;
  let double = 0;
  let marks = 0;
  for (let p = 0; p < word.length; p++) {
    const code = word.charCodeAt(p);
    if (code === 0x27) single++;
    else if (code === 0x22) double++;
    else if (code === 0x5c) marks++;
    else if (!isNamePart(code) && code !== 0x2d && code !== 0x2e && code !== 0x2f) return false;
  }
  return single + double + marks > 0 && single % 2 === 0 && double % 2 === 0;
}

/** The text with what begins at each `mark` replaced; `replace` gives the new text and the place behind the old. */
function replaced(text: string, mark: string, replace: (at: number) => readonly [string, number] | undefined): string {
  let at = text.indexOf(mark);
  if (at < 0) return text;
  let kept = '';
  let from = 0;
  while (at >= 0) {
    const found = replace(at);
    if (found !== undefined) {
      kept += text.slice(from, at) + found[0];
      [, from] = found;
    }
    at = text.indexOf(mark, Math.max(at + 1, from));
  }
  return kept + text.slice(from);
}

function closingParen(text: string, from: number): number {
  let depth = 1;
  for (let p = from; p < text.length; p++) {
    const code = text.charCodeAt(p);
    if (code === 0x28) depth++;
    if (code === 0x29 && --depth === 0) return p;
  }
  return -1;
}

function unquoted(text: string): string {
  const first = text.charCodeAt(0);
  const isQuoted = (first === 0x22 || first === 0x27) && text.length > 1 && text.charCodeAt(text.length - 1) === first;
  return isQuoted ? text.slice(1, -1) : text;
}

function wordEnd(text: string, from: number): number {
  let end = from;
  while (isNamePart(text.charCodeAt(end))) end++;
  return end;
}

function isName(text: string): boolean {
  return text !== '' && wordEnd(text, 0) === text.length;
}

function isNamePart(code: number): boolean {
  if (code <= SPACE) return false;
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f;
}
