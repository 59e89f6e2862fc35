import Database from 'better-sqlite3';
import { DIGEST_BYTES } from './leaf';
import { auditPath, rootFromPath } from './merkle-tree';
import { listSegments, segmentPath } from './segment-file';
import { parseSeal } from './statement';
import { readSealLine } from './segment-schema';

/** Proof that a record is in a sealed segment. Hashes in hex, the path from the leaf upwards (RFC 6962 section 2.1.1). */
export interface InclusionProof {
  readonly seq: number;
  readonly leaf: string;
  /** Place of the leaf in the tree, from 0, and the number of leaves. */
  readonly index: number;
  readonly count: number;
  readonly path: readonly string[];
  /** The signed seal line whose `root` the path leads to. */
  readonly seal: string;
}

/** Makes the proof for one record; undefined when it is in no sealed segment. Reads the hashes of the whole segment. */
export function inclusionProof(directory: string, seq: number): InclusionProof | undefined {
  for (const name of listSegments(directory).reverse()) {
    const db = new Database(segmentPath(directory, name), { readonly: true, fileMustExist: true });
    try {
      const line = readSealLine(db);
      const statement = line === undefined ? undefined : parseSeal(line)?.statement;
      if (line === undefined || statement === undefined) continue;
      if (seq > statement.last_seq) return undefined;
      if (seq < statement.first_seq) continue;
      const stored = db.prepare<[], Buffer>('SELECT hash FROM record ORDER BY seq').pluck().all();
      const hashes = Buffer.concat(stored, stored.length * DIGEST_BYTES);
      const index = seq - statement.first_seq;
      return {
        seq,
        leaf: hashes.toString('hex', index * DIGEST_BYTES, (index + 1) * DIGEST_BYTES),
        index,
        count: stored.length,
        path: auditPath(hashes, index).map((node) => node.toString('hex')),
        seal: line,
      };
    } finally {
      db.close();
    }
  }
  return undefined;
}

/** Whether the proof leads from its leaf to the root in its seal. The seal's signature is checked apart (`isSignedBy`). */
export function provesInclusion(proof: InclusionProof): boolean {
  const path = proof.path.map((node) => Buffer.from(node, 'hex'));
  const root = rootFromPath(Buffer.from(proof.leaf, 'hex'), proof.index, proof.count, path);
  const statement = parseSeal(proof.seal)?.statement;
  return (
    statement !== undefined &&
    statement.count === proof.count &&
    statement.first_seq + proof.index === proof.seq &&
    root?.toString('hex') === statement.root
  );
}
