const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const PLAIN = /^[\u0020-\u007e]*$/u;
/** East Asian Wide and Fullwidth (UAX #11) by script and block, and emoji shown as pictures: two cells. */
const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;
const HALF = /^[\uff61-\uffdc\uffe8-\uffee]/u;
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

/** Terminal cells of one grapheme cluster. */
function cells(grapheme: string): number {
  if (ZERO.test(grapheme)) return 0;
  return WIDE.test(grapheme) && !HALF.test(grapheme) ? 2 : 1;
}

/** Terminal cells that escaped text takes. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) width += cells(segment);
  return width;
}

/** `text` cut to at most `width` cells, with `…` as the last of them when something was cut. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 0) return '';
  let out = '';
  let used = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    const next = used + cells(segment);
    if (next > width - 1) break;
    out += segment;
    used = next;
  }
  return `${out}…`;
}

/** `text` filled with spaces to `width` cells. */
export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const fill = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + fill : fill + text;
}
