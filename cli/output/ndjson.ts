import type { OutputStream } from '../io';

declare global {
  interface JSON {
    /** In every Node we run on; not yet in the ES2023 library types. */
    rawJSON(text: string): unknown;
  }
}

/** Values of one output object. `undefined` members are left out. */
export type JsonValue =
  string | number | bigint | boolean | null | undefined | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/**
 * What JSON allows in a text and a terminal or a reader of lines may obey: DEL and C1, line separators, marks of direction and
 * characters that are not seen.
 */
const OBEYED = /[\u007f-\u009f\p{Default_Ignorable_Code_Point}\u2028-\u202e\ufff9-\ufffb]/gu;

/**
 * One JSON object as one line without its newline. Counters beyond 2^53 are written as the exact integer, as JSON
 * allows; lone surrogates are escaped by `JSON.stringify` itself, and whatever a terminal would obey by its number.
 */
export function jsonLine(value: JsonValue): string {
  return visible(jsonText(value));
}

/** The same over several lines, for a file that people read. */
export function jsonPage(value: JsonValue): string {
  return visible(jsonText(value, 2));
}

function visible(json: string): string {
  return json.replace(OBEYED, (character) => {
    const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/** A function that is asked about each member makes it several times slower: only for what cannot be written without. */
function jsonText(value: JsonValue, indent = 0): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const exact = (_key: string, member: unknown): unknown =>
      typeof member === 'bigint' ? JSON.rawJSON(member.toString()) : member;
    return JSON.stringify(value, exact, indent);
  }
}

/** Writes one object a line. */
export function writeJson(stream: OutputStream, value: JsonValue): void {
  stream.write(`${jsonLine(value)}\n`);
}
