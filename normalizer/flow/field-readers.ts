import type { TextMemo } from './text-memo';

/**
 * The inner loops: each reads one field of `end - row` records that stand `stride` bytes apart into one column. They
 * allocate nothing and take every length they are given; the plan (`column-plan.ts`) has checked the bounds.
 */

/** One column as the readers see it; only the member of its kind is filled, `u32` also shows 64-bit counters and addresses. */
export interface Slot {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly f64: Float64Array;
  /** Addresses: 16 bytes a row and their used length. */
  readonly bytes: Uint8Array;
  readonly length: Uint8Array;
  readonly text: (string | undefined)[];
  readonly memo: TextMemo | undefined;
}

/** What relative times are relative to. */
export interface Clock {
  /** Export time of the header, epoch ms. */
  exportedAt: number;
  /** Milliseconds the exporter was up at `exportedAt`; NaN when it has not told. */
  uptime: number;
}

export type Reader = (
  view: DataView,
  at: number,
  length: number,
  stride: number,
  slot: Slot,
  row: number,
  end: number,
  clock: Clock,
) => void;

const TWO_32 = 0x1_0000_0000;
/** Byte order of this machine, and the index of the halves of a 64-bit element in its 32-bit view. */
const LITTLE = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
const LOW_WORD = LITTLE ? 0 : 1;
const HIGH_WORD = 1 - LOW_WORD;
// Exported apart, they are constants within this module and not looked up for each row.
export { HIGH_WORD, LOW_WORD };
/** Seconds from the NTP epoch (1900) to the Unix epoch. */
const NTP_EPOCH = 2_208_988_800;
/** A stamp this little ahead of the header is jitter; further ahead it is from before the uptime counter wrapped. */
const AHEAD_MS = TWO_32 - 3_600_000;

/** An unsigned big-endian integer of any length; above 2^53 rounded. Only the last 8 bytes count. */
export function unsigned(view: DataView, at: number, length: number): number {
  let value = 0;
  for (let i = length > 8 ? length - 8 : 0; i < length; i++) value = value * 256 + view.getUint8(at + i);
  return value;
}

const u8w1: Reader = (view, at, _length, stride, { u8 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) u8[r] = view.getUint8(p);
};
const u8any: Reader = (view, at, length, stride, { u8 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) u8[r] = Math.min(unsigned(view, p, length), 0xff);
};
const u16w1: Reader = (view, at, _length, stride, { u16 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) u16[r] = view.getUint8(p);
};
const u16w2: Reader = (view, at, _length, stride, { u16 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) u16[r] = view.getUint16(p);
};
const u16any: Reader = (view, at, length, stride, { u16 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) u16[r] = Math.min(unsigned(view, p, length), 0xffff);
};
const u32w2: Reader = (view, at, _length, stride, { u32 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) u32[r] = view.getUint16(p);
};
const u32w4: Reader = (view, at, _length, stride, { u32 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) u32[r] = view.getUint32(p);
};
const u32any: Reader = (view, at, length, stride, { u32 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) u32[r] = Math.min(unsigned(view, p, length), 0xffff_ffff);
};
const u64w4: Reader = (view, at, _length, stride, { u32 }, row, end) => {
  for (let r = row * 2, p = at; r < end * 2; r += 2, p += stride) {
    u32[r + LOW_WORD] = view.getUint32(p);
    u32[r + HIGH_WORD] = 0;
  }
};
const u64w8: Reader = (view, at, _length, stride, { u32 }, row, end) => {
  for (let r = row * 2, p = at; r < end * 2; r += 2, p += stride) {
    u32[r + HIGH_WORD] = view.getUint32(p);
    u32[r + LOW_WORD] = view.getUint32(p + 4);
  }
};
const u64any: Reader = (view, at, length, stride, { u32 }, row, end) => {
  const low = Math.min(length, 4);
  for (let r = row * 2, p = at; r < end * 2; r += 2, p += stride) {
    u32[r + LOW_WORD] = unsigned(view, p + length - low, low);
    u32[r + HIGH_WORD] = unsigned(view, p + Math.max(0, length - 8), Math.min(length, 8) - low);
  }
};

/** The reader of an unsigned integer of `length` bytes (`undefined`: told by each record) into a column of `kind`. */
export function unsignedReader(kind: 'u8' | 'u16' | 'u32' | 'u64', length: number | undefined): Reader {
  switch (kind) {
    case 'u8':
      return length === 1 ? u8w1 : u8any;
    case 'u16':
      return length === 2 ? u16w2 : length === 1 ? u16w1 : u16any;
    case 'u32':
      return length === 4 ? u32w4 : length === 2 ? u32w2 : u32any;
    case 'u64':
      return length === 4 ? u64w4 : length === 8 ? u64w8 : u64any;
  }
}

/** An IPv4 address. */
export const ipv4: Reader = (view, at, length, stride, { u32, length: used }, row, end) => {
  if (length !== 4) {
    used.fill(0, row, end);
    return;
  }
  for (let r = row, p = at; r < end; r++, p += stride) {
    // Read in the order of this machine and written in the same: the bytes stay as they were.
    u32[r * 4] = view.getUint32(p, LITTLE);
    used[r] = 4;
  }
};

/** An IPv4 address where 0.0.0.0 means that there is none. */
export const ipv4OrNone: Reader = (view, at, length, stride, { u32, length: used }, row, end) => {
  if (length !== 4) {
    used.fill(0, row, end);
    return;
  }
  for (let r = row, p = at; r < end; r++, p += stride) {
    const address = view.getUint32(p, LITTLE);
    u32[r * 4] = address;
    used[r] = address === 0 ? 0 : 4;
  }
};

/** An IPv6 address; an IPv4-mapped one is its IPv4 address. */
export const ipv6: Reader = (view, at, length, stride, { bytes, length: used }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) {
    used[r] = length === 16 ? copyIPv6(view, p, bytes, r * 16) : 0;
  }
};

/** An IPv6 address beside an IPv4 one: some exporters send both and leave one zero. */
export const ipv6BesideIPv4: Reader = (view, at, length, stride, { bytes, length: used }, row, end) => {
  if (length !== 16) return;
  for (let r = row, p = at; r < end; r++, p += stride) {
    const zero = view.getUint32(p) === 0 && view.getUint32(p + 4) === 0 && view.getUint32(p + 8) === 0;
    if (zero && view.getUint32(p + 12) === 0) continue;
    used[r] = copyIPv6(view, p, bytes, r * 16);
  }
};

/** Whichever of the two an address field of undeclared family holds. */
export const anyAddress: Reader = (view, at, length, stride, slot, row, end, clock) => {
  (length === 16 ? ipv6 : ipv4)(view, at, length, stride, slot, row, end, clock);
};

function copyIPv6(view: DataView, at: number, bytes: Uint8Array, to: number): number {
  const mapped = view.getUint32(at) === 0 && view.getUint32(at + 4) === 0 && view.getUint32(at + 8) === 0xffff;
  const length = mapped ? 4 : 16;
  const from = mapped ? at + 12 : at;
  for (let i = 0; i < length; i++) bytes[to + i] = view.getUint8(from + i);
  return length;
}

/** Six octets as one integer; anything else is no MAC address and reads as zero. */
export const mac: Reader = (view, at, length, stride, { f64 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) {
    f64[r] = length === 6 ? view.getUint16(p) * TWO_32 + view.getUint32(p + 2) : 0;
  }
};

/** A port told under another number for each transport (180-183): the one that is not zero. */
export const u16Merged: Reader = (view, at, length, stride, { u16 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) {
    const value = unsigned(view, p, length);
    if (value !== 0) u16[r] = Math.min(value, 0xffff);
  }
};

/**
 * An application id (RFC 6759 section 4) that is not of the usual four bytes: engine * 2^24 + selector. Engine 20 puts the
 * vendor's enterprise number before the selector.
 */
export const application: Reader = (view, at, length, stride, { u32 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) u32[r] = applicationId(view, p, length);
};

/** The application id in `length` bytes as one number; 0 when there are none. */
export function applicationId(view: DataView, at: number, length: number): number {
  if (length === 0) return 0;
  const engine = view.getUint8(at);
  const skip = engine === 20 && length > 5 ? 5 : 1;
  return engine * 0x100_0000 + (unsigned(view, at + skip, length - skip) % 0x100_0000);
}

/** ICMP type and code told apart (176-179), the column having been cleared before. */
export const icmpType: Reader = (view, at, length, stride, { u16 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) u16[r]! |= (unsigned(view, p, length) & 0xff) << 8;
};
export const icmpCode: Reader = (view, at, length, stride, { u16 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) u16[r]! |= unsigned(view, p, length) & 0xff;
};

/** dateTimeSeconds. */
export const seconds: Reader = (view, at, length, stride, { f64 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) f64[r] = unsigned(view, p, length) * 1000;
};

/** dateTimeMilliseconds, and durations in milliseconds. */
export const milliseconds: Reader = (view, at, length, stride, { f64 }, row, end) => {
  if (length !== 8) {
    for (let r = row, p = at; r < end; r++, p += stride) f64[r] = unsigned(view, p, length);
    return;
  }
  for (let r = row, p = at; r < end; r++, p += stride) f64[r] = view.getUint32(p) * TWO_32 + view.getUint32(p + 4);
};

/** Durations in microseconds. */
export const microseconds: Reader = (view, at, length, stride, { f64 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) f64[r] = unsigned(view, p, length) / 1000;
};

/** dateTimeMicroseconds and -Nanoseconds: NTP timestamps (RFC 7011 section 6.1.9, 6.1.10), kept to the microsecond. */
export const ntp: Reader = (view, at, length, stride, { f64 }, row, end) => {
  for (let r = row, p = at; r < end; r++, p += stride) f64[r] = length === 8 ? ntpMilliseconds(view, p) : 0;
};

/** Epoch ms of an NTP timestamp. One before 1970 belongs to the next NTP era (from 2036). */
export function ntpMilliseconds(view: DataView, at: number): number {
  const whole = view.getUint32(at);
  const era = whole < NTP_EPOCH ? TWO_32 : 0;
  const micros = Math.round((view.getUint32(at + 4) / TWO_32) * 1e6);
  return ((whole + era - NTP_EPOCH) * 1e6 + micros) / 1000;
}

/**
 * sysUpTime stamps (21, 22): export time minus (uptime - stamp) in uint32 arithmetic, so that a counter which wrapped
 * between the flow and its export does no harm. Without a known uptime the stamp itself is left for the plan to place.
 */
export const uptime: Reader = (view, at, length, stride, { f64 }, row, end, clock) => {
  const { uptime: up, exportedAt } = clock;
  for (let r = row, p = at; r < end; r++, p += stride) {
    const stamp = length === 4 ? view.getUint32(p) : unsigned(view, p, length);
    if (Number.isNaN(up)) {
      f64[r] = stamp;
      continue;
    }
    const age = (up - stamp) >>> 0;
    f64[r] = exportedAt - (age >= AHEAD_MS ? age - TWO_32 : age);
  }
};

/** Microseconds before the export time (158, 159). */
export const deltaMicroseconds: Reader = (view, at, length, stride, { f64 }, row, end, clock) => {
  for (let r = row, p = at; r < end; r++, p += stride) f64[r] = clock.exportedAt - unsigned(view, p, length) / 1000;
};

/** A short string, ended by NUL; empty is absent. */
export const text: Reader = (view, at, length, stride, slot, row, end) => {
  const { text: column, memo } = slot;
  for (let r = row, p = at; r < end; r++, p += stride) {
    column[r] = length === 0 || view.getUint8(p) === 0 ? undefined : memo!.get(view, p, length);
  }
};
