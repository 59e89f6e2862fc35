import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Checkpoint } from './checkpoint-log';
import { DIGEST_BYTES } from './leaf';
import { LEDGER_FILE, readLedger } from './ledger';
import { MerkleTree } from './merkle-tree';
import { segmentPath } from './segment-file';
import { isSegmentName } from './segment-name';
import { readMeta } from './segment-schema';
import { isSeal, isSignedBy, type SealStatement } from './statement';

/** What holding a checkpoint against the journal came to. `text` says it in one sentence. */
export interface CheckpointResult {
  /** `same`: the journal of then is the beginning of the journal of now. `retired`: its records are gone, its place in the chain is the same. */
  readonly outcome: 'same' | 'retired' | 'differs';
  readonly text: string;
}

/**
 * Holds a checkpoint that was kept elsewhere against the journal: the first records of its segment have to lead to its root, by
 * the hashes that `verifyJournal` holds against the records, and the segment has to follow on the same seal.
 */
export function verifyCheckpoint(directory: string, publicKey: KeyObject, checkpoint: Checkpoint): CheckpointResult {
  const { statement, hash } = checkpoint;
  const { name, last_seq } = statement;
  const differs = (text: string): CheckpointResult => ({ outcome: 'differs', text: `checkpoint ${hash}: ${text}` });
  if (!isSignedBy(checkpoint, publicKey)) return differs('does not bear a valid signature of this key');
  const place = isSegmentName(name) ? segmentPath(directory, name) : undefined;
  if (place !== undefined && existsSync(place)) {
    const what = differenceOf(place, checkpoint);
    if (what !== undefined) return differs(what);
    return { outcome: 'same', text: `checkpoint ${hash}: the first ${last_seq} records are those of then` };
  }
  const seal = retiredSeal(directory, publicKey, name);
  if (seal === undefined) return differs(`segment ${name} is not there, and no retirement says so`);
  const isSamePlace = seal.previous === statement.previous && seal.first_seq === statement.first_seq;
  const fits = isSamePlace && seal.segment === statement.segment && seal.count >= statement.count;
  const isWhole = seal.count === statement.count;
  if (!fits || (isWhole && seal.root !== statement.root)) return differs(`segment ${name} was sealed as another`);
  const text = `checkpoint ${hash}: segment ${name} is retired; its seal is in the same place of the chain`;
  return { outcome: 'retired', text };
}

/** Undefined when the segment begins as the checkpoint says. */
function differenceOf(path: string, { statement }: Checkpoint): string | undefined {
  const { segment, name, first_seq, count, root, previous } = statement;
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const meta = readMeta(db);
    if (meta?.segment !== segment || meta.first_seq !== first_seq) return `segment ${name} is another than then`;
    if (meta.previous_seal !== previous) return `segment ${name} follows on another seal than then`;
    const tree = new MerkleTree();
    const hashes = db.prepare<[number], Buffer>('SELECT hash FROM record ORDER BY seq LIMIT ?').pluck();
    for (const stored of hashes.iterate(count)) {
      if (stored.length !== DIGEST_BYTES) return `segment ${name} holds a hash that is none`;
      tree.add(stored);
    }
    if (tree.count < count) return `segment ${name} held ${count} records then and holds ${tree.count} now`;
    if (tree.root().toString('hex') !== root)
      return `the first ${count} records of segment ${name} are not those of then`;
    return undefined;
  } catch (error) {
    return `segment ${name} cannot be read: ${String(error)}`;
  } finally {
    db.close();
  }
}

/** The seal of a segment that was removed on purpose. */
function retiredSeal(directory: string, publicKey: KeyObject, name: string): SealStatement | undefined {
  let seal: SealStatement | undefined;
  let isRetired = false;
  for (const { signed } of readLedger(join(directory, LEDGER_FILE)).lines) {
    if (signed?.statement.name !== name || !isSignedBy(signed, publicKey)) continue;
    if (isSeal(signed)) seal = signed.statement;
    else isRetired = true;
  }
  return isRetired ? seal : undefined;
}
