import type { FieldValue, Fields } from '../contract';
import { wellFormed } from './well-formed';

/** A JSON object in the making. Without a prototype: `__proto__` is a name like any other. */
export interface Tree {
  [name: string]: FieldValue | Tree | readonly Tree[];
}

/** Paths of names, made once: the same hundred names come with every record. Bounded, as parsers may make names. */
const paths = new Map<string, readonly string[]>();
const MOST_PATHS = 4096;

/** An empty object for `plant`. */
export function emptyTree(): Tree {
  return Object.create(null) as Tree;
}

/** `{'source.ip': x}` as `{source: {ip: x}}`. A name that is a value here and an object there keeps both: `name.value`. */
export function nested(fields: Fields): Tree {
  const root = emptyTree();
  for (const name of Object.keys(fields)) plant(root, pathOf(name), fields[name] as FieldValue);
  return root;
}

/** Puts a value at a path. */
export function plant(root: Tree, path: readonly string[], value: FieldValue | Tree | readonly Tree[]): void {
  let at = root;
  const last = path.length - 1;
  for (let i = 0; i < last; i++) {
    const name = path[i] as string;
    const below = at[name];
    if (isTree(below)) {
      at = below;
      continue;
    }
    const made = emptyTree();
    if (below !== undefined) made['value'] = below;
    at[name] = made;
    at = made;
  }
  const name = path[last] as string;
  const there = at[name];
  if (isTree(there)) there['value'] = safe(value);
  else at[name] = safe(value);
}

function safe(value: FieldValue | Tree | readonly Tree[]): FieldValue | Tree | readonly Tree[] {
  if (typeof value === 'string') return wellFormed(value);
  // As JSON allows: the exact integer, whatever a reader makes of it.
  if (typeof value === 'bigint') return exactJson.rawJSON(value.toString()) as Tree;
  if (Array.isArray(value)) {
    return (value as readonly unknown[]).map((member) =>
      typeof member === 'string' ? wellFormed(member) : member,
    ) as string[];
  }
  return value;
}

/** In every Node we run on; not yet in the ES2023 library types. */
const exactJson = JSON as unknown as { rawJSON(text: string): unknown };

function isTree(value: FieldValue | Tree | readonly Tree[] | undefined): value is Tree {
  return typeof value === 'object' && !Array.isArray(value);
}

function pathOf(name: string): readonly string[] {
  let path = paths.get(name);
  if (path === undefined) {
    path = name.split('.');
    if (paths.size >= MOST_PATHS) paths.clear();
    paths.set(name, path);
  }
  return path;
}
