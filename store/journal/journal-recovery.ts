import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Emit } from '../../collectors/contract';
import { codeOf } from './error-code';
import type { JournalEvent } from './events';
import type { Ledger } from './ledger';
import { isFinished, listSegments, removeDatabase, segmentPath } from './segment-file';
import { SegmentWriter } from './segment-writer';
import type { SigningKeys } from './signing-keys';
import { isSignedBy } from './statement';

/** Where the journal goes on. */
export interface RecoveredJournal {
  /** The open segment, if there is one to go on with. */
  readonly live: SegmentWriter | undefined;
  /** Name of the newest segment there ever was, as far as files and ledger tell. */
  readonly newest: string | undefined;
  readonly nextSeq: number;
  /** Sealed segments that are not plain files yet. */
  readonly unfinished: readonly string[];
}

/**
 * Finishes what a crash left half done. Each step of sealing and retiring leaves enough for the next one:
 *
 *   a segment under a temporary name    never held a record: removed
 *   a retirement line, the file there   the file is removed
 *   a seal in the segment, no line      the line is appended from the seal (if the signature is ours)
 *   sealed, but with a WAL              listed as unfinished
 *   an open segment                     gone on with
 *
 * May be called again after it threw.
 */
export function recoverJournal(
  directory: string,
  ledger: Ledger,
  keys: SigningKeys,
  now: () => number,
  emit: Emit<JournalEvent>,
): RecoveredJournal {
  removeLeftovers(directory);
  const names = listSegments(directory);
  const unfinished: string[] = [];
  let live: SegmentWriter | undefined;
  let lastSeq = ledger.last?.statement.last_seq ?? 0;
  for (const name of names) {
    const path = segmentPath(directory, name);
    if (ledger.isRetired(name)) {
      removeDatabase(path);
      emit({ kind: 'journal_recovered', segment: name, what: 'removed a file that was retired' });
    } else if (ledger.sealOf(name) !== undefined) {
      if (!isFinished(path)) unfinished.push(name);
    } else {
      const isNewest = name === names.at(-1);
      const segment = openSegment(path, name, isNewest, emit);
      if (segment === undefined) continue;
      lastSeq = Math.max(lastSeq, segment.lastSeq);
      live = takeUp(segment, isNewest, { ledger, keys, now, emit });
      if (live === undefined && segment.seal !== undefined) unfinished.push(name);
    }
  }
  return { live, newest: names.at(-1) ?? ledger.last?.statement.name, nextSeq: lastSeq + 1, unfinished };
}

/** An older segment that cannot be read is no reason not to receive; without the newest nobody knows the next position. */
function openSegment(path: string, name: string, isNewest: boolean, emit: Emit<JournalEvent>) {
  try {
    return SegmentWriter.open(path);
  } catch (error) {
    if (isNewest || codeOf(error) !== 'journal_damaged') throw error;
    emit({ kind: 'segment_damaged', segment: name, what: String(error) });
    return undefined;
  }
}

interface Surroundings {
  readonly ledger: Ledger;
  readonly keys: SigningKeys;
  readonly now: () => number;
  readonly emit: Emit<JournalEvent>;
}

/** Decides what becomes of a segment that the ledger does not know. Returns it when it is the one to go on with. */
function takeUp(segment: SegmentWriter, isNewest: boolean, { ledger, keys, now, emit }: Surroundings) {
  const { name } = segment.meta;
  let close = true;
  try {
    if (segment.seal === undefined && segment.restoreTree()) {
      close = !isNewest;
      if (isNewest) return segment;
      emit({ kind: 'segment_damaged', segment: name, what: 'is open but not the newest' });
      return undefined;
    }
    if (segment.seal === undefined) {
      emit({ kind: 'segment_damaged', segment: name, what: 'its records are not what its head says' });
    } else {
      emit({ kind: 'journal_recovered', segment: name, what: 'entered the seal in the ledger' });
    }
    const seal = segment.writeSeal(now(), keys);
    if (isSignedBy(seal, keys.publicKey)) ledger.append(seal);
    else emit({ kind: 'segment_damaged', segment: name, what: "its seal is not signed by this journal's key" });
    return undefined;
  } finally {
    if (close) segment.close();
  }
}

function removeLeftovers(directory: string): void {
  for (const file of readdirSync(directory)) {
    if (/\.db\.tmp(?:-wal|-shm|-journal)?$/u.test(file)) rmSync(join(directory, file), { force: true });
  }
}
