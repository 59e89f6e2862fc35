/** What stands in records beside what they say. */

const CONTEXT = '[context]';
const CONTEXT_END = '[/context]';

/** Without `[context]BASE64[/context]`, which recent versions put behind errors, and without blanks behind it. */
export function withoutContext(text: string): string {
  let at = text.indexOf(CONTEXT);
  if (at < 0) return text;
  let kept = '';
  let from = 0;
  while (at >= 0) {
    const end = text.indexOf(CONTEXT_END, at);
    kept += text.slice(from, at);
    // Cut short, it goes on to the end.
    from = end < 0 ? text.length : end + CONTEXT_END.length;
    at = end < 0 ? -1 : text.indexOf(CONTEXT, from);
  }
  return (kept + text.slice(from)).trimEnd();
}

/** A continuation line without its mark `--> `. */
export function continuationText(text: string, at: number): string {
  if (!text.startsWith('-->', at)) return text.slice(at);
  return text.slice(text.charCodeAt(at + 3) === 0x20 ? at + 4 : at + 3);
}

/** Place behind vmkernel's `cpu4:2758489 opID=d5991c6f)` and `WARNING: `; `from` when there is none. */
export function behindVmkernelPrefix(text: string, from: number): number {
  if (!text.startsWith('cpu', from)) return from;
  const close = text.indexOf(')', from);
  if (close < 0 || close - from > 96) return from;
  for (let p = from + 3; p < close; p++) {
    const code = text.charCodeAt(p);
    if (code === 0x28 || code === 0x5b) return from;
  }
  for (const word of LEVELS) if (text.startsWith(word, close + 1)) return close + 1 + word.length;
  return close + 1;
}

const LEVELS = ['WARNING: ', 'ALERT: '] as const;
