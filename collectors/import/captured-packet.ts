/** One packet of a capture, before anything looked into it. */
export interface CapturedPacket {
  /** Link type of the interface, from the LINKTYPE_ registry of tcpdump.org. */
  readonly linkType: number;
  /** Capture time, epoch milliseconds, integer; undefined where the file has none or one that no clock can show. */
  readonly timestamp: number | undefined;
  readonly bytes: Uint8Array;
  /** Length on the wire; more than `bytes` where the capture was cut. */
  readonly originalLength: number;
  /** The file is little-endian, which is what its `LINKTYPE_NULL` headers are written in. */
  readonly littleEndian: boolean;
}

/** The largest time a `Date` can show; anything beyond is a broken stamp. */
const LATEST = 8.64e15;

/** A stamp as integer milliseconds if a clock can show it. */
export function plausibleTime(milliseconds: number): number | undefined {
  return milliseconds >= 0 && milliseconds <= LATEST ? Math.floor(milliseconds) : undefined;
}
