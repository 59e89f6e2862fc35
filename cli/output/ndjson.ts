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
const OBEYED = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;

/**
 * One JSON object as one line without its newline. Counters beyond 2^53 are written as the exact integer, as JSON
 * allows; lone surrogates are escaped by `JSON.stringify` itself, and whatever a terminal would obey by its number.
 */
export function jsonLine(value: JsonValue): string {
  return jsonText(value).replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A function that is asked about each member makes it several times slower: only for what cannot be written without. */
function jsonText(value: JsonValue): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, member: unknown) =>
      typeof member === 'bigint' ? JSON.rawJSON(member.toString()) : member,
    );
  }
}

/** Writes one object a line. */
export function writeJson(stream: OutputStream, value: JsonValue): void {
  stream.write(`${jsonLine(value)}\n`);
}
