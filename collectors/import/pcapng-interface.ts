import { plausibleTime } from './captured-packet';

/*
 * Interface description: link type 2 | reserved 2 | snaplen 4 | options, each: code 2 | length 2 | value, padded to 4
 * if_tsresol (9, 1 byte): upper bit clear: 10^-n seconds, set: 2^-n. if_tsoffset (14, 8 bytes): seconds to add, signed.
 */
const IF_TSRESOL = 9;
const IF_TSOFFSET = 14;

/** One interface of a pcapng section. */
export interface CaptureInterface {
  readonly linkType: number;
  /** 0 means no limit. */
  readonly snapLength: number;
  /** A packet's time in epoch milliseconds, from the two halves of its 64-bit stamp. */
  time(high: number, low: number): number | undefined;
}

/** Reads the body of an interface description; undefined when it is too short. Options that cannot be read are left out. */
export function readInterface(body: DataView, littleEndian: boolean): CaptureInterface | undefined {
  if (body.byteLength < 8) return undefined;
  let unitsPerSecond = 1_000_000n;
  let offsetSeconds = 0n;
  for (let at = 8; at + 4 <= body.byteLength;) {
    const code = body.getUint16(at, littleEndian);
    const length = body.getUint16(at + 2, littleEndian);
    if (code === 0 || at + 4 + length > body.byteLength) break;
    if (code === IF_TSRESOL && length === 1) unitsPerSecond = resolution(body.getUint8(at + 4));
    if (code === IF_TSOFFSET && length === 8) offsetSeconds = body.getBigInt64(at + 4, littleEndian);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return {
    linkType: body.getUint16(0, littleEndian),
    snapLength: body.getUint32(4, littleEndian),
    time: (high, low) => {
      const stamp = (BigInt(high) << 32n) | BigInt(low);
      return plausibleTime(Number((stamp * 1000n) / unitsPerSecond + offsetSeconds * 1000n));
    },
  };
}

/** Units in a second. The exponent has 7 bits, so the result has at most 422: cheap enough to compute exactly. */
function resolution(value: number): bigint {
  const exponent = BigInt(value & 0x7f);
  return (value & 0x80) === 0 ? 10n ** exponent : 1n << exponent;
}
