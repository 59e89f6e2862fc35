import { statSync } from 'node:fs';
import { JournalReader } from './journal/journal-reader';
import { listSegments, segmentPath } from './journal/segment-file';
import { compareSegmentNames } from './journal/segment-name';

/** What may be kept; undefined: without limit. */
export interface RetentionLimits {
  readonly maxAgeMs: number | undefined;
  readonly maxBytes: number | undefined;
}

export interface Retiring {
  readonly name: string;
  /** `age` or `size`, as it stands in the ledger. */
  readonly reason: string;
}

/**
 * The journal segments that are to go, oldest first: sealed, past a limit, and read to their end by the facts
 * (`derivedTo` is the journal position up to which facts are durable). Touches nothing.
 */
export function segmentsToRetire(
  directory: string,
  limits: RetentionLimits,
  now: number,
  derivedTo: number,
): Retiring[] {
  if (limits.maxAgeMs === undefined && limits.maxBytes === undefined) return [];
  const names = listSegments(directory);
  const sizes = names.map((name) => statSync(segmentPath(directory, name)).size);
  let total = sizes.reduce((sum, size) => sum + size, 0);
  const retiring: Retiring[] = [];
  const reader = new JournalReader(directory);
  try {
    for (const [index, name] of names.entries()) {
      const reason = overLimit(limits, total, now - newestPossible(names[index + 1], now));
      if (reason === undefined) break;
      const { isSealed, lastSeq } = reader.segment(name);
      if (!isSealed || lastSeq > derivedTo) break;
      retiring.push({ name, reason });
      total -= sizes[index] ?? 0;
    }
  } finally {
    reader.close();
  }
  return retiring;
}

/**
 * The facts segments that are to go, oldest first: sealed (read-only files), past a limit, and before `keepFrom`, the
 * segment that the analysis still reads. Touches nothing.
 */
export function factsToRemove(directory: string, limits: RetentionLimits, now: number, keepFrom: string): string[] {
  if (limits.maxAgeMs === undefined && limits.maxBytes === undefined) return [];
  const names = listSegments(directory);
  const files = names.map((name) => statSync(segmentPath(directory, name)));
  let total = files.reduce((sum, { size }) => sum + size, 0);
  const removable: string[] = [];
  for (const [index, name] of names.entries()) {
    const isSealed = ((files[index]?.mode ?? 0) & 0o222) === 0;
    const due = overLimit(limits, total, now - newestPossible(names[index + 1], now)) !== undefined;
    if (!due || !isSealed || compareSegmentNames(name, keepFrom) >= 0) break;
    removable.push(name);
    total -= files[index]?.size ?? 0;
  }
  return removable;
}

function overLimit({ maxAgeMs, maxBytes }: RetentionLimits, total: number, age: number): string | undefined {
  if (maxAgeMs !== undefined && age > maxAgeMs) return 'age';
  if (maxBytes !== undefined && total > maxBytes) return 'size';
  return undefined;
}

/** A segment ends no later than the one after it begins: the hour in that one's name. */
function newestPossible(next: string | undefined, now: number): number {
  return next === undefined ? now : Date.parse(`${next.slice(0, 13)}:00:00Z`) + 3_600_000;
}
