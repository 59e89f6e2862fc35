/**
 * A fraction from 0 to 1 (exclusive) that looks random and depends on the text alone: 32-bit FNV-1a, mixed once more.
 * Schedules made of it do not change over a restart, so that a fleet keeps its spread.
 */
export function spread(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
