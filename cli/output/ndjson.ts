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
 * One JSON object as one line without its newline. Counters beyond 2^53 are written as the exact integer, as JSON
 * allows; lone surrogates are escaped by `JSON.stringify` itself.
 */
export function jsonLine(value: JsonValue): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'bigint' ? JSON.rawJSON(member.toString()) : member,
  );
}

/** Writes one object a line. */
export function writeJson(stream: OutputStream, value: JsonValue): void {
  stream.write(`${jsonLine(value)}\n`);
}
