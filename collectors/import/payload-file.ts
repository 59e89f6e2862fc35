import type { ByteWindow } from './byte-window';
import { messageLength } from './flow-framing';
import { IMPORT_LIMITS, type ImportTruncated } from './import-model';

/**
 * Yields the UDP payloads of a file that holds nothing else: one payload, or messages of NetFlow, IPFIX or sFlow one
 * after the other. A file that fits in one datagram and does not split into messages is one payload, faults and all:
 * the normalizer says what is wrong with it. Returns why reading ended early, if it did; never throws for the content.
 */
export async function* readPayloads(window: ByteWindow): AsyncGenerator<Uint8Array, ImportTruncated | undefined> {
  const isLarge = await window.fill(IMPORT_LIMITS.payloadBytes + 1);
  if (!isLarge && isOnePayload(window.peek(window.available))) {
    yield window.peek(window.available);
    window.skip(window.available);
  }
  while (window.available > 0) {
    const { bytes, start } = window;
    const end = Math.min(bytes.length, start + IMPORT_LIMITS.payloadBytes);
    const length = messageLength(bytes, start, end);
    if (length === undefined) return unsplittable(window);
    yield bytes.subarray(start, start + length);
    window.skip(length);
    await window.fill(IMPORT_LIMITS.payloadBytes + 1);
  }
  return window.ending();
}

/** Whether the whole of a small file is to be taken as it is: no message in it ends where another begins. */
function isOnePayload(bytes: Uint8Array): boolean {
  const first = messageLength(bytes, 0, bytes.length);
  if (first === undefined || first === bytes.length) return bytes.length > 0;
  // What follows a first message is a second one, whole or cut, only if it begins like one.
  return first + 2 > bytes.length || !VERSIONS.has((bytes[first]! << 8) | bytes[first + 1]!);
}

/** 0 is the upper half of sFlow's version. */
const VERSIONS: ReadonlySet<number> = new Set([0, 1, 5, 7, 8, 9, 10]);

function unsplittable(window: ByteWindow): ImportTruncated {
  if (window.available <= IMPORT_LIMITS.payloadBytes) return window.cutShort('a message');
  return { offset: window.offset, reason: 'corrupt', detail: 'no message of flow export begins here' };
}
