/** A word of a command line. */
export interface Word {
  /** White space before it. */
  readonly space: string;
  readonly text: string;
  /** In lower case, without quotes and closing marks. */
  readonly lower: string;
}

/** Words with the white space before each; white space that ends the line belongs to none. */
export function splitWords(line: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    const start = at;
    while (at < line.length && line.charCodeAt(at) <= 0x20) at++;
    const from = at;
    while (at < line.length && line.charCodeAt(at) > 0x20) at++;
    if (at === from) break;
    const text = line.slice(from, at);
    words.push({ space: line.slice(start, from), text, lower: stripped(text).toLowerCase() });
  }
  return words;
}

/** Without the quotes and brackets around it and the marks behind it. */
export function stripped(word: string): string {
  let from = 0;
  let to = word.length;
  while (from < to && '"\'`([{'.includes(word[from] ?? '')) from++;
  while (to > from && '"\'`)]},;:.='.includes(word[to - 1] ?? '')) to--;
  return word.slice(from, to);
}

/** The word at `i` in lower case, stripped; empty beyond the line. */
export function lowerOf(words: readonly Word[], i: number): string {
  return words[i]?.lower ?? '';
}

/** Whether one of the words that name a command is like that: only the first of a line do, however long it is. */
export function someNaming(words: readonly Word[], like: (lower: string) => boolean, end = words.length): boolean {
  for (let at = 0; at < end && at < NAMING; at++) if (like(lowerOf(words, at))) return true;
  return false;
}

const NAMING = 64;

export function isInteger(word: string): boolean {
  if (word === '' || word.length > 10) return false;
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** Dotted quad, or hexadecimal groups with two colons or more; a prefix length may follow. */
export function isAddress(word: string): boolean {
  let dots = 0;
  let colons = 0;
  let slashes = 0;
  for (let i = 0; i < word.length; i++) {
    const code = word.charCodeAt(i) | 0x20;
    if (word[i] === '.') dots++;
    else if (word[i] === ':') colons++;
    else if (word[i] === '/') slashes++;
    else if (!(code >= 0x30 && code <= 0x39) && !(code >= 0x61 && code <= 0x66 && dots === 0)) return false;
  }
  return slashes <= 1 && (colons >= 2 || (dots === 3 && colons === 0));
}
