/**
 * The first thing that runs, on whatever Node there is: this file and `main.ts` load nothing else before the check and
 * use no syntax younger than Node 14. The SQLite addon needs Node-API 10; on an older Node it does not fail, it
 * crashes the process (WiseLibs/better-sqlite3#1514).
 */

/** Oldest Node that runs ascribe: the first with Node-API 10. */
export const OLDEST_NODE = '22.14';

/** One line saying which Node is needed, or undefined when this one will do. */
export function nodeVersionFault(versions: {
  readonly node: string;
  readonly napi?: string | undefined;
}): string | undefined {
  const parts = versions.node.split('.');
  const major = Number(parts[0]);
  const minor = Number(parts[1]);
  const young = major > 22 || (major === 22 && minor >= 14);
  if (young && Number(versions.napi) >= 10) return undefined;
  return 'ascribe needs Node ' + OLDEST_NODE + ' or newer; this is Node ' + versions.node;
}
