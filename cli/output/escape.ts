/**
 * Everything that came from the network passes here before it reaches a terminal. A host name may
 * carry escape sequences that move the cursor, retitle the window or answer into the shell, and characters that make
 * one name look like another.
 */

/**
 * What is never shown as it is: control characters (C0, DEL, C1), everything Unicode calls ignorable (bidirectional marks
 * and overrides, zero-width characters, fillers, variation selectors, tags), line separators, interlinear marks, lone
 * surrogates; and a backslash that would make text look like an escape of ours.
 */
const UNSAFE = /[\p{Cc}\p{Default_Ignorable_Code_Point}\u2028-\u202e\ufff9-\ufffb\p{Surrogate}]|\\(?=u\{)/gu;

/** `text` with every unsafe character written as `\u{hex}`. The result is one line and moves nothing but the cursor. */
export function escapeTerminal(text: string): string {
  return text.replace(UNSAFE, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
