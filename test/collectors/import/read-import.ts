import type { RawRecord } from '../../../collectors/contract';
import { MemoryChunks } from '../../../collectors/import/byte-chunks';
import { ImportReader, type ImportSettings } from '../../../collectors/import/import-reader';
import type { ImportSummary } from '../../../collectors/import/import-model';

export const RECEIVED_AT = 1_700_000_500_000;

export interface Read {
  readonly records: readonly RawRecord[];
  readonly payloads: readonly string[];
  readonly summary: ImportSummary;
}

/** Imports bytes, given in pieces of `piece` bytes. */
export async function readImport(
  file: Uint8Array,
  settings: Partial<ImportSettings> = {},
  piece = 1 << 20,
): Promise<Read> {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < file.length; at += piece) pieces.push(Uint8Array.from(file.subarray(at, at + piece)));
  const reader = new ImportReader(new MemoryChunks(pieces), { source: 'file', receivedAt: RECEIVED_AT, ...settings });
  return drain(reader);
}

export async function drain(reader: ImportReader): Promise<Read> {
  const records: RawRecord[] = [];
  for await (const record of reader.records()) records.push(record);
  // Only now: bytes handed out earlier must still be the same.
  const payloads = records.map((record) => Buffer.from(record.bytes).toString('latin1'));
  return { records, payloads, summary: reader.summary };
}

export function skips(read: Read): Record<string, number> {
  return Object.fromEntries(read.summary.skipped);
}
