/**
 * Events too long for one record are split: `Event [1201186] [1-3] …`, `Event [1201186] [2-3] …`. They are joined by
 * their number and place, in whatever order the parts come.
 */
export interface SplitPart {
  readonly number: string;
  readonly part: number;
  readonly of: number;
  readonly text: string;
}

/** `[number, parts]`: texts by place, null for one that has not come. */
export type SplitState = readonly (readonly [string, readonly (string | null)[]])[];

const MAX_EVENTS = 32;
const MAX_PARTS = 64;
const MAX_LENGTH = 65_536;

/** Reads the head of a part at `at`; undefined for what is none, or is an event in one piece. */
export function splitPart(message: string, at: number): SplitPart | undefined {
  if (!message.startsWith('Event [', at)) return undefined;
  const close = message.indexOf(']', at);
  const open = close + 2;
  const end = message.indexOf(']', open);
  if (close < 0 || end < 0 || end - at > 64 || !message.startsWith(' [', close + 1)) return undefined;
  const number = message.slice(at + 7, close);
  const [part, of, more] = message
    .slice(open + 1, end)
    .split('-')
    .map(Number);
  if (part === undefined || of === undefined || more !== undefined) return undefined;
  if (!(Number.isInteger(part) && Number.isInteger(of) && part >= 1 && part <= of && of <= MAX_PARTS)) return undefined;
  return of === 1 ? undefined : { number, part, of, text: message.slice(end + 1) };
}

/** Parts that wait for the others, oldest event first. */
export class SplitEvents {
  readonly #events = new Map<string, (string | null)[]>();

  /** Takes a part; the whole event when it was the last one. */
  take({ number, part, of, text }: SplitPart): string | undefined {
    let parts = this.#events.get(number);
    if (parts?.length !== of) {
      parts = Array.from({ length: of }, () => null);
      this.#events.delete(number);
      this.#events.set(number, parts);
      if (this.#events.size > MAX_EVENTS) {
        const [oldest] = this.#events.keys();
        if (oldest !== undefined) this.#events.delete(oldest);
      }
    }
    parts[part - 1] = text.slice(0, MAX_LENGTH / of);
    if (parts.includes(null)) return undefined;
    this.#events.delete(number);
    // The break stands between words or inside of one: the parts bear their own blanks but for one behind the head.
    return `Event [${number}] [1-1] ${parts.map((piece) => (piece ?? '').replace(/^ /u, '')).join('')}`;
  }

  state(): SplitState {
    return [...this.#events];
  }

  restore(state: SplitState): void {
    this.#events.clear();
    for (const [number, parts] of state) this.#events.set(number, [...parts]);
  }
}
