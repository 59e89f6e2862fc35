/** A word of a line and whether it was quoted. */
export interface Token {
  readonly text: string;
  readonly quoted: boolean;
}

/** Words of a line; quotes (`"` and, where `single`, `'`) hold words together and are taken off, `\` before a quote escapes it. */
export function quotedWords(line: string, single = false): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    while (at < line.length && isSpace(line, at)) at++;
    if (at >= line.length) break;
    const quote = line[at];
    if (quote === '"' || (single && quote === "'")) {
      const end = closing(line, at + 1, quote);
      tokens.push({ text: unescaped(line.slice(at + 1, end)), quoted: true });
      at = end + 1;
      continue;
    }
    const from = at;
    while (at < line.length && !isSpace(line, at)) at++;
    tokens.push({ text: line.slice(from, at), quoted: false });
  }
  return tokens;
}

/** Words of a line, split at white space alone. */
export function plainWords(line: string): string[] {
  return line.split(/[ \t]+/).filter((word) => word !== '');
}

/** Position of the quote that closes, or the end of the line. */
export function closing(line: string, from: number, quote: string): number {
  let at = from;
  while (at < line.length && line[at] !== quote) at += line[at] === '\\' ? 2 : 1;
  return Math.min(at, line.length);
}

/** Whether a `"` stays open at the line's end; `open`: one was before it. */
export function hasOpenQuote(line: string, open: boolean): boolean {
  let inside = open;
  for (let at = 0; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '"') inside = !inside;
  }
  return inside;
}

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["'\\])/g, '$1') : text;
}

function isSpace(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  return code === 0x20 || code === 0x09;
}
