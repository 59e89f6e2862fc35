import type { ByteWindow } from './byte-window';
import { plausibleTime, type CapturedPacket } from './captured-packet';
import { IMPORT_LIMITS, type ImportTruncated } from './import-model';

/*
 * Classic pcap (draft-ietf-opsawg-pcap):
 *   file:   magic 4 | major 2 | minor 2 | reserved 4 | reserved 4 | snaplen 4 | link type 4 (upper bits: FCS)
 *   packet: seconds 4 | micro- or nanoseconds 4 | captured length 4 | original length 4 | bytes
 * The byte order of everything is that of the magic number.
 */
const FILE_HEADER = 24;
const PACKET_HEADER = 16;

/** Yields the packets of a classic pcap file; returns why it ended early, if it did. Never throws for what the file holds. */
export async function* readPcap(window: ByteWindow): AsyncGenerator<CapturedPacket, ImportTruncated | undefined> {
  if (!(await window.fill(FILE_HEADER))) return window.cutShort('the file header');
  const magic = window.view.getUint32(window.start);
  const littleEndian = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1;
  const perMillisecond = magic === 0x4d3cb2a1 || magic === 0xa1b23c4d ? 1_000_000 : 1000;
  // The upper half of the field tells of frame check sequences.
  const linkType = window.view.getUint32(window.start + 20, littleEndian) & 0xffff;
  window.skip(FILE_HEADER);
  for (;;) {
    if (window.available < PACKET_HEADER && !(await window.fill(PACKET_HEADER))) {
      return window.available === 0 ? window.ending() : window.cutShort('a packet header');
    }
    const length = window.view.getUint32(window.start + 8, littleEndian);
    if (length > IMPORT_LIMITS.packetBytes) return corrupt(window.offset, length);
    const whole = PACKET_HEADER + length;
    if (window.available < whole && !(await window.fill(whole))) return window.cutShort('a packet');
    const { view, start, bytes } = window;
    // Floored on its own: in the sum a double would round .999999 up to the next millisecond.
    const fraction = Math.floor(view.getUint32(start + 4, littleEndian) / perMillisecond);
    yield {
      linkType,
      timestamp: plausibleTime(view.getUint32(start, littleEndian) * 1000 + fraction),
      bytes: bytes.subarray(start + PACKET_HEADER, start + whole),
      originalLength: view.getUint32(start + 12, littleEndian),
      littleEndian,
    };
    window.skip(whole);
  }
}

function corrupt(offset: number, length: number): ImportTruncated {
  return { offset, reason: 'corrupt', detail: `a packet of ${length} bytes` };
}
