import { addressBytes } from '../../normalizer/model/address';

/** The largest counter that a column of SQLite holds. */
export const MAX_COUNTER = 2n ** 63n - 1n;

/**
 * What has no room in its column, by column name: counters above 2^63-1 as decimal text, addresses that are none.
 * Stored under `overflow` in the row's `extra`; the column itself is NULL, which no sum mistakes for a value.
 */
export type Overflow = Record<string, string>;

/** Integer milliseconds of a time whose fraction carries microseconds; null for what is no time. */
export function wholeMs(time: number | undefined): number | null {
  if (time === undefined) return null;
  const ms = Math.floor(time);
  return Number.isSafeInteger(ms) ? ms : null;
}

/** An integer as it is; null for everything that is none. */
export function wholeNumber(value: number | undefined): number | null {
  return value !== undefined && Number.isSafeInteger(value) ? value : null;
}

/** A counter for its column, or null with the exact value put into `overflow`. */
export function counter(value: bigint | undefined, column: string, overflow: Overflow): number | bigint | null {
  if (value === undefined) return null;
  if (value > MAX_COUNTER || value < 0n) {
    overflow[column] = value.toString();
    return null;
  }
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Address bytes for a column, or null with the text put into `overflow` when it is no address. */
export function addressBlob(text: string | undefined, column: string, overflow: Overflow): Uint8Array | null {
  if (text === undefined) return null;
  const bytes = addressBytes(text);
  if (bytes === undefined) overflow[column] = text;
  return bytes ?? null;
}

/** JSON text of `extra` with the overflow in it; null when there is nothing to say. */
export function extraText(extra: object | undefined, overflow: Overflow): string | null {
  const spilled = Object.keys(overflow).length > 0;
  if (!spilled) return extra === undefined ? null : JSON.stringify(extra);
  return JSON.stringify({ ...extra, overflow });
}
