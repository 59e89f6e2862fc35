import { z } from 'zod';
import { parseDuration, parseSize } from '../output/units';
import { type Network, parseNetwork } from './network';

/**
 * The kinds of value a configuration has. Each is read from what a person writes; what comes out is ready to use.
 * Defaults are given in the written form (`prefault`), so that the sample file, the JSON Schema and the program agree.
 */

/** What an error of a wrong type says was expected; the finding adds what was found. */
const expected = (kind: string) => ({ error: `expected ${kind}` });

/** Turns a parser that answers with a reason into a schema. `kind` is what such a value is called. */
function written<Out>(kind: string, parse: (text: string) => Out | string) {
  return z.string(expected(kind)).transform((text, context): Out => {
    const value = parse(text);
    if (typeof value !== 'string') return value;
    context.issues.push({ code: 'custom', message: value, input: text });
    return z.NEVER;
  });
}

/** Milliseconds, from `90s`, `1h30m`, `30d`. */
export function duration(least: string, most: string) {
  const low = parseDuration(least) ?? 0;
  const high = parseDuration(most) ?? Number.MAX_SAFE_INTEGER;
  return written('a duration (90s, 1h30m, 30d)', (text): number | string => {
    const ms = parseDuration(text);
    if (ms === undefined) return `"${text}" is not a duration (write 90s, 1h30m, 30d)`;
    return ms < low || ms > high ? `"${text}" is out of range (${least} to ${most})` : ms;
  });
}

/** Bytes, from `256MiB`, `1GB` or a bare number. */
export function size(least: string, most: string) {
  const low = parseSize(least) ?? 0;
  const high = parseSize(most) ?? Number.MAX_SAFE_INTEGER;
  return z.union([z.string(), z.int()], expected('a size (256MiB, 1GB)')).transform((input, context): number => {
    const bytes = parseSize(String(input));
    if (bytes !== undefined && bytes >= low && bytes <= high) return bytes;
    const message =
      bytes === undefined
        ? `"${input}" is not a size (write 256MiB, 1GB)`
        : `"${input}" is out of range (${least} to ${most})`;
    context.issues.push({ code: 'custom', message, input });
    return z.NEVER;
  });
}

/** `unlimited` (out: undefined), or what `limit` reads. */
export function limited<Out>(limit: z.ZodType<Out>, kind: string) {
  return z.union([z.literal('unlimited').transform((): undefined => undefined), limit], expected(kind));
}

/** A network in CIDR form, or one address. */
export const network = written('a network', (text): Network | string => parseNetwork(text));

/** An IANA time zone that this Node knows. */
export const timezone = written('a time zone', (text): { readonly zone: string } | string => {
  const unknown = `"${text}" is not an IANA time zone (write Europe/Berlin, UTC)`;
  if (!/^[A-Za-z]/u.test(text)) return unknown;
  try {
    return { zone: new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone && text };
  } catch {
    return unknown;
  }
}).transform(({ zone }) => zone);

/** A name that is one word in every message and query: letters, digits, dot, underscore, hyphen, colon. */
export const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,252}$/u,
    'a name has letters, digits and . _ : - and begins with one of the first two',
  );

/** A map with keys of its own. Left out or empty, it has its defaults: a section whose lines are all commented out is no error. */
export function section<Shape extends z.ZodRawShape>(shape: Shape, about: string) {
  const object = z.strictObject(shape);
  const defaults = object.parse({});
  return object
    .nullish()
    .transform((value) => value ?? defaults)
    .describe(about);
}

/** A list that may be left out or empty. */
export function list<Item extends z.ZodType>(item: Item, fallback: readonly z.input<Item>[], about: string) {
  const items = z.array(item);
  return items
    .nullish()
    .transform((value) => value ?? items.parse(fallback))
    .prefault([...fallback])
    .describe(about);
}
