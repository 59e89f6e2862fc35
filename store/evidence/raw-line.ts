import type { RawFormat, StoredRecord } from '../../collectors/contract';

/** A record as a line of `data/raw/records.ndjson`. */
export function rawLine({ seq, receivedAt, origin, bytes }: StoredRecord): string {
  const { collector, source, peer, format } = origin;
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return JSON.stringify({ seq, received_at: receivedAt, collector, source, peer, format, bytes: base64 });
}

/** Reads such a line; undefined when it is none. */
export function parseRawLine(line: string): StoredRecord | undefined {
  const value = objectOf(line);
  if (value === undefined) return undefined;
  const { seq, received_at: receivedAt, collector, source, peer, format, bytes } = value;
  if (!Number.isSafeInteger(seq) || !Number.isSafeInteger(receivedAt)) return undefined;
  const texts = [collector, source, peer, format, bytes];
  if (texts.some((text) => typeof text !== 'string')) return undefined;
  return {
    seq: seq as number,
    receivedAt: receivedAt as number,
    origin: {
      collector: collector as string,
      source: source as string,
      peer: peer as string,
      format: format as RawFormat,
    },
    bytes: Buffer.from(bytes as string, 'base64'),
  };
}

/** The members of a line that is a JSON object. */
export function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
