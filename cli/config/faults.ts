import type { z } from 'zod';
import { configJsonSchema, type JsonSchema, present } from './schema';
import { nearest } from './suggest';

/** A place in the configuration: keys and list indexes from the top. */
export type ConfigPath = readonly (string | number)[];

/** What is wrong at one place. `at` says whether the key or its value is to be pointed at. */
export interface Finding {
  readonly path: ConfigPath;
  readonly at: 'key' | 'value';
  readonly message: string;
}

/** `collectors.netflow[0].listen`; the top level is `(top)`. */
export function pathText(path: ConfigPath): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return text === '' ? '(top)' : text.replace(/^\./u, '');
}

/** The schema's issues in a person's words, one finding each; unknown keys get a suggestion. */
export function findings(issues: readonly z.core.$ZodIssue[], input: unknown): Finding[] {
  return issues.flatMap((issue): Finding[] => {
    const path = issue.path.filter((part) => typeof part !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ path: [...path, key], at: 'key', message: unknownKey(key, path) }));
    }
    return [{ path, at: 'value', message: describe(issue, valueAt(input, path)) }];
  });
}

function unknownKey(key: string, parent: ConfigPath): string {
  const known = Object.keys(schemaAt(parent)?.properties ?? {});
  const near = nearest(key, known);
  return near === undefined ? `unknown key; allowed here: ${known.join(', ')}` : `unknown key; did you mean "${near}"?`;
}

function describe(issue: z.core.$ZodIssue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      if (found === undefined) return 'is required';
      if (issue.message.startsWith('expected')) return `${issue.message}, found ${shown(found)}`;
      return `expected ${kindName(issue.expected)}, found ${shown(found)}`;
    case 'invalid_union':
      return refusal(issue) ?? `${issue.message}, found ${shown(found)}`;
    case 'invalid_value': {
      const values = issue.values.map(String);
      const near = typeof found === 'string' ? nearest(found, values) : undefined;
      const hint = near === undefined ? '' : `; did you mean "${near}"?`;
      return `expected ${values.join(' or ')}, found ${shown(found)}${hint}`;
    }
    case 'too_small':
      if (issue.origin === 'array' || issue.origin === 'string') return 'must not be empty';
      return `must be at least ${issue.minimum}, found ${shown(found)}`;
    case 'too_big':
      return `must be at most ${issue.maximum}, found ${shown(found)}`;
    case 'invalid_format':
    case 'custom':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
    case 'unrecognized_keys':
      return issue.message;
  }
}

/** Why the branch of a union refused a value that had its type; undefined when no branch takes that type. */
function refusal(issue: z.core.$ZodIssueInvalidUnion): string | undefined {
  return issue.errors.flat().find((inner) => inner.code === 'custom')?.message;
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys',
};

function kindName(expected: string): string {
  return KIND_NAMES[expected] ?? expected;
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map of keys';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}

/** The value at a path, or undefined. */
export function valueAt(input: unknown, path: ConfigPath): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

function schemaAt(path: ConfigPath): JsonSchema | undefined {
  let schema: JsonSchema | undefined = configJsonSchema();
  for (const part of path) {
    const inner: JsonSchema | undefined = schema === undefined ? undefined : present(schema);
    schema = typeof part === 'number' ? inner?.items : inner?.properties?.[part];
  }
  return schema === undefined ? undefined : present(schema);
}
