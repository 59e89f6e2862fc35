import type { ByteChunks } from '../byte-chunks';
import { generationName, HEAD_BYTES } from '../../ssh/logs/generation';
import { encodeLogRecord, type SshLogHeader } from '../../ssh/ssh-record';

/** Bytes of one record at most; a line that is longer is cut. */
const RECORD_BYTES = 262_144;
const LINE_FEED = 0x0a;

/** Which file of which host is read. */
export interface LogSource {
  /** Absolute path of the log on the host, also for a rotated file of it. */
  readonly file: string;
  /** Name of the host; empty when the file does not say. */
  readonly device: string;
  /** Zone of times that name none, IANA; empty where it is not known. */
  readonly timezone: string;
}

/** What came of one file. */
export interface LogOutcome {
  /** Uncompressed bytes read. */
  readonly bytes: number;
  /** Why it ended early; undefined when it did not. */
  readonly damage: ByteChunks['damage'];
}

/**
 * Cuts the content of one generation of a log into raw records of whole lines. What is whole before damage is given, and
 * a record in place of the rest says that lines are missing.
 */
export async function* logRecords(chunks: ByteChunks, source: LogSource): AsyncGenerator<Uint8Array, LogOutcome> {
  const head = await firstBytes(chunks);
  const { file, device, timezone } = source;
  const named = head.subarray(0, HEAD_BYTES);
  const header: Omit<SshLogHeader, 'offset'> = {
    platform: 'esxi',
    file,
    generation: generationName(named),
    head: named.length,
    ...(device !== '' && { device }),
    ...(timezone !== '' && { timezone }),
  };
  let held: Buffer = head;
  let offset = 0;
  for (;;) {
    while (held.length >= RECORD_BYTES) {
      const feed = held.subarray(0, RECORD_BYTES).lastIndexOf(LINE_FEED);
      const length = feed === -1 ? RECORD_BYTES : feed + 1;
      yield encodeLogRecord({ ...header, offset, ...(feed === -1 && { cut: true }) }, held.subarray(0, length));
      offset += length;
      held = held.subarray(length);
    }
    const piece = await chunks.next();
    if (piece === undefined) break;
    held = Buffer.concat([held, piece]);
  }
  const { damage } = chunks;
  // Behind damage the last line may be half of one.
  const whole = damage === undefined ? held.length : held.lastIndexOf(LINE_FEED) + 1;
  if (whole > 0) {
    const cut = held[whole - 1] !== LINE_FEED;
    yield encodeLogRecord({ ...header, offset, ...(cut && { cut: true }) }, held.subarray(0, whole));
  }
  offset += whole;
  if (damage !== undefined) {
    const reason = damage.reason === 'compression_bomb' ? 'too_large' : 'damaged';
    yield encodeLogRecord({ ...header, offset, reason }, new Uint8Array(0));
  }
  return { bytes: offset, damage };
}

async function firstBytes(chunks: ByteChunks): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD_BYTES) {
    const piece = await chunks.next();
    if (piece === undefined) break;
    pieces.push(piece);
    length += piece.length;
  }
  return Buffer.concat(pieces, length);
}
