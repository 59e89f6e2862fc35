/** What became of one fragment. */
export type FragmentOutcome =
  /** The datagram is whole: its payload. */
  { readonly whole: Uint8Array } | 'held' | 'fragment_refused';

interface Pending {
  readonly parts: { readonly offset: number; readonly bytes: Uint8Array }[];
  readonly startedAt: number;
  received: number;
  /** Known once the last fragment came. */
  total: number | undefined;
  refused: boolean;
}

const MOST_PENDING = 64;
const MOST_PARTS = 128;
const MOST_BYTES = 65_535;
/** RFC 8200 section 4.5: reassembly is given up after 60 seconds. */
const GIVE_UP_MS = 60_000;

/**
 * Puts fragmented IP datagrams together again, within bounds: at most 64 at a time, 128 fragments and 64 KiB each.
 * Overlapping fragments condemn the datagram (RFC 5722); an exact repetition is ignored.
 */
export class FragmentAssembler {
  readonly #pending = new Map<string, Pending>();
  readonly #onIncomplete: () => void;

  /** `onIncomplete` is called once for each datagram that is given up. */
  constructor(onIncomplete: () => void) {
    this.#onIncomplete = onIncomplete;
  }

  /** One fragment; `offset` in bytes, `more` as in the header, `now` the capture time in milliseconds. Copies `bytes`. */
  add(key: string, offset: number, more: boolean, bytes: Uint8Array, now: number): FragmentOutcome {
    const pending = this.#of(key, now);
    if (pending.refused) return 'held';
    const known = pending.parts.find((part) => part.offset === offset);
    if (known !== undefined && known.bytes.length === bytes.length) return 'held';
    if (!fits(pending, offset, more, bytes.length)) {
      pending.refused = true;
      pending.parts.length = 0;
      return 'fragment_refused';
    }
    pending.parts.push({ offset, bytes: Uint8Array.from(bytes) });
    pending.received += bytes.length;
    if (!more) pending.total = offset + bytes.length;
    if (pending.received !== pending.total) return 'held';
    this.#pending.delete(key);
    return { whole: joined(pending, pending.total) };
  }

  /** Gives up all that is still incomplete. */
  finish(): void {
    for (const key of this.#pending.keys()) this.#giveUp(key);
  }

  #of(key: string, now: number): Pending {
    const known = this.#pending.get(key);
    if (known !== undefined && now - known.startedAt <= GIVE_UP_MS) return known;
    if (known !== undefined) this.#giveUp(key);
    const [oldest] = this.#pending.keys();
    if (oldest !== undefined && this.#pending.size >= MOST_PENDING) this.#giveUp(oldest);
    const made: Pending = { parts: [], startedAt: now, received: 0, total: undefined, refused: false };
    this.#pending.set(key, made);
    return made;
  }

  #giveUp(key: string): void {
    const pending = this.#pending.get(key);
    this.#pending.delete(key);
    // A refused one was counted when it was refused.
    if (pending?.refused === false) this.#onIncomplete();
  }
}

function fits(pending: Pending, offset: number, more: boolean, length: number): boolean {
  const end = offset + length;
  if (length === 0 || end > MOST_BYTES || pending.parts.length >= MOST_PARTS) return false;
  // All but the last are multiples of eight (RFC 791 section 3.2), and there is one last.
  if (more && length % 8 !== 0) return false;
  if (!more && pending.total !== undefined) return false;
  if (pending.total !== undefined && end > pending.total) return false;
  return pending.parts.every((part) => {
    const partEnd = part.offset + part.bytes.length;
    return (partEnd <= offset || part.offset >= end) && (more || partEnd <= end);
  });
}

function joined(pending: Pending, total: number): Uint8Array {
  const whole = new Uint8Array(total);
  for (const part of pending.parts) whole.set(part.bytes, part.offset);
  return whole;
}
