import type { FieldValue } from '../contract';
import { wellFormed } from './well-formed';

/** A JSON object in the making. */
export interface Tree {
  [name: string]: FieldValue | Tree | readonly Tree[];
}

/** An empty object for `plant`. A plain one: `JSON.stringify` takes twice as long over objects without a prototype. */
export function emptyTree(): Tree {
  return {};
}

/**
 * Puts a value at a path. A name that is a value here and an object there keeps both: `name.value`. Names come from devices
 * too: only what was put is looked at, and `__proto__` is a name like any other.
 */
export function plant(root: Tree, path: readonly string[], value: FieldValue | Tree | readonly Tree[]): void {
  let at = root;
  const last = path.length - 1;
  for (let i = 0; i < last; i++) {
    const name = path[i] as string;
    const below = Object.hasOwn(at, name) ? at[name] : undefined;
    if (isTree(below)) {
      at = below;
      continue;
    }
    const made = emptyTree();
    if (below !== undefined) made['value'] = below;
    put(at, name, made);
    at = made;
  }
  const name = path[last] as string;
  const there = Object.hasOwn(at, name) ? at[name] : undefined;
  if (isTree(there)) there['value'] = safe(value);
  else put(at, name, safe(value));
}

function put(into: Tree, name: string, value: FieldValue | Tree | readonly Tree[]): void {
  if (name !== '__proto__') into[name] = value;
  else Object.defineProperty(into, name, { value, enumerable: true, writable: true, configurable: true });
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
const exactJson = JSON as unknown as {
  rawJSON(text: string): unknown;
  isRawJSON(value: unknown): boolean;
};

function isTree(value: FieldValue | Tree | readonly Tree[] | undefined): value is Tree {
  return typeof value === 'object' && !Array.isArray(value) && !exactJson.isRawJSON(value);
}
