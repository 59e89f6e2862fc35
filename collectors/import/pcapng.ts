import type { ByteWindow } from './byte-window';
import type { CapturedPacket } from './captured-packet';
import { IMPORT_LIMITS, type ImportTruncated } from './import-model';
import { readInterface, type CaptureInterface } from './pcapng-interface';

/*
 * pcapng (draft-ietf-opsawg-pcapng). Every block:
 *   type 4 | total length 4 | body, padded to 4 | total length 4
 * Section header:  ... | byte-order magic 4 | major 2 | minor 2 | section length 8 | options
 * Enhanced packet: interface 4 | time high 4 | time low 4 | captured length 4 | original length 4 | bytes
 * Packet (old):    interface 2 | drops 2 | time high 4 | time low 4 | captured length 4 | original length 4 | bytes
 * Simple packet:   original length 4 | bytes (no time; interface 0)
 */
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Byte order and interfaces of the section being read. */
interface Section {
  littleEndian: boolean;
  interfaces: CaptureInterface[];
}

/** Yields the packets of a pcapng file; returns why it ended early, if it did. Never throws for what the file holds. */
export async function* readPcapng(window: ByteWindow): AsyncGenerator<CapturedPacket, ImportTruncated | undefined> {
  const section: Section = { littleEndian: true, interfaces: [] };
  for (;;) {
    if (window.available < 12 && !(await window.fill(12))) {
      return window.available === 0 ? window.ending() : window.cutShort('a block header');
    }
    const fault = enterSection(window, section);
    if (fault !== undefined) return fault;
    const length = window.view.getUint32(window.start + 4, section.littleEndian);
    if (length > IMPORT_LIMITS.blockBytes) return fail(window, 'too_large', `a block of ${length} bytes`);
    if (length < 12 || length % 4 !== 0) return fail(window, 'corrupt', `a block length of ${length}`);
    if (window.available < length && !(await window.fill(length))) return window.cutShort('a block');
    const trailing = window.view.getUint32(window.start + length - 4, section.littleEndian);
    if (trailing !== length) return fail(window, 'corrupt', `block lengths ${length} and ${trailing} disagree`);
    const block = readBlock(window, section, length);
    if (typeof block === 'string') return fail(window, 'corrupt', block);
    if (block !== undefined) yield block;
    window.skip(length);
  }
}

/** At a section header, learns the byte order and forgets the interfaces. */
function enterSection(window: ByteWindow, section: Section): ImportTruncated | undefined {
  const { view, start } = window;
  // The type of this block reads the same in both orders.
  if (view.getUint32(start) !== SECTION_HEADER) return undefined;
  const big = view.getUint32(start + 8) === BYTE_ORDER_MAGIC;
  const little = view.getUint32(start + 8, true) === BYTE_ORDER_MAGIC;
  if (!big && !little) return fail(window, 'corrupt', 'no byte-order magic');
  section.littleEndian = little;
  section.interfaces = [];
  return undefined;
}

/** A packet, nothing for other blocks, or the fault in words. */
function readBlock(window: ByteWindow, section: Section, length: number): CapturedPacket | string | undefined {
  const { littleEndian } = section;
  const body = new DataView(window.bytes.buffer, window.bytes.byteOffset + window.start + 8, length - 12);
  switch (window.view.getUint32(window.start, littleEndian)) {
    case INTERFACE: {
      if (section.interfaces.length >= IMPORT_LIMITS.interfaces) return 'too many interfaces';
      const made = readInterface(body, littleEndian);
      if (made === undefined) return 'an interface description that is too short';
      section.interfaces.push(made);
      return undefined;
    }
    case ENHANCED_PACKET:
      return body.byteLength < 20 ? SHORT : timedPacket(body, body.getUint32(0, littleEndian), section);
    case PACKET:
      return body.byteLength < 20 ? SHORT : timedPacket(body, body.getUint16(0, littleEndian), section);
    case SIMPLE_PACKET:
      return simplePacket(body, section);
    default:
      return undefined;
  }
}

const SHORT = 'a packet block that is too short';

function timedPacket(body: DataView, interfaceId: number, section: Section): CapturedPacket | string {
  const { littleEndian, interfaces } = section;
  const source = interfaces[interfaceId];
  if (source === undefined) return `a packet of the undescribed interface ${interfaceId}`;
  const captured = body.getUint32(12, littleEndian);
  if (captured > body.byteLength - 20) return 'a packet longer than its block';
  if (captured > IMPORT_LIMITS.packetBytes) return `a packet of ${captured} bytes`;
  return {
    linkType: source.linkType,
    timestamp: source.time(body.getUint32(4, littleEndian), body.getUint32(8, littleEndian)),
    bytes: new Uint8Array(body.buffer, body.byteOffset + 20, captured),
    originalLength: body.getUint32(16, littleEndian),
    littleEndian,
  };
}

function simplePacket(body: DataView, section: Section): CapturedPacket | string {
  const [source] = section.interfaces;
  if (source === undefined) return 'a packet before any interface';
  if (body.byteLength < 4) return SHORT;
  const originalLength = body.getUint32(0, section.littleEndian);
  const limit = source.snapLength === 0 ? originalLength : Math.min(originalLength, source.snapLength);
  const captured = Math.min(limit, body.byteLength - 4);
  if (captured > IMPORT_LIMITS.packetBytes) return `a packet of ${captured} bytes`;
  return {
    linkType: source.linkType,
    timestamp: undefined,
    bytes: new Uint8Array(body.buffer, body.byteOffset + 4, captured),
    originalLength,
    littleEndian: section.littleEndian,
  };
}

function fail(window: ByteWindow, reason: 'corrupt' | 'too_large', detail: string): ImportTruncated {
  return { offset: window.offset, reason, detail };
}
