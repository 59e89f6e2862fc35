/**
 * Messages lost on the way, from the numbers that senders give theirs. UDP reorders, so a hole is only told once newer
 * numbers have gone past it; devices restart, so a number far behind begins a new count.
 */
export interface SequenceLoss {
  /** `sequence`: these numbers never came. `restart`: the count began again, what was lost in between cannot be known. */
  readonly kind: 'sequence' | 'restart';
  readonly missing?: number;
  /** When the number before came, by our clock. */
  readonly since: number;
  readonly detail: string;
}

interface Stream {
  highest: number;
  /** When the latest number came, by our clock. */
  at: number;
  /** Who used the number space last; see `mixed`. */
  name: string;
  /** Several senders share this stream with numbers of their own: nothing can be told. */
  mixed: boolean;
  /** Numbers that have not come yet, inclusive, oldest first. */
  holes: Hole[];
}

interface Hole {
  readonly from: number;
  readonly to: number;
  readonly since: number;
}

/** A number may come this much later than its successors. */
const REORDER = 64;
/** A jump beyond this is a new count, not a loss. */
const MAX_JUMP = 1_000_000;
const MAX_HOLES = 16;
const MAX_STREAMS = 10_000;

export type SequenceState = readonly (readonly [string, Stream])[];

export class SequenceGaps {
  readonly #streams = new Map<string, Stream>();

  /**
   * Takes one number of the stream `key`, which came at `now`, and returns what is known to be lost now. `name` is the device:
   * where numbers of one stream do not go on from one device to another, each has its own and the stream is given up.
   */
  take(key: string, name: string, value: number, now: number): readonly SequenceLoss[] {
    const stream = this.#streams.get(key);
    if (stream === undefined) {
      this.#add(key, { highest: value, at: now, name, mixed: false, holes: [] });
      return NONE;
    }
    if (stream.mixed) return NONE;
    const other = stream.name !== name;
    const since = stream.at;
    stream.name = name;
    stream.at = now;
    if (value === stream.highest + 1) {
      stream.highest = value;
      return stream.holes.length === 0 ? NONE : expire(stream);
    }
    if (other) {
      stream.mixed = true;
      stream.holes = [];
      return NONE;
    }
    return value > stream.highest ? jump(stream, value, since) : behind(stream, value, since);
  }

  /** Oldest stream first: equal state gives equal rows. */
  state(): SequenceState {
    return [...this.#streams];
  }

  /** Takes over the rows of a snapshot. */
  restore(state: SequenceState): void {
    this.#streams.clear();
    for (const [key, stream] of state) this.#streams.set(key, stream);
  }

  #add(key: string, stream: Stream): void {
    this.#streams.set(key, stream);
    if (this.#streams.size <= MAX_STREAMS) return;
    const [oldest] = this.#streams.keys();
    if (oldest !== undefined) this.#streams.delete(oldest);
  }
}

const NONE: readonly SequenceLoss[] = [];

function jump(stream: Stream, value: number, since: number): readonly SequenceLoss[] {
  if (value - stream.highest > MAX_JUMP) return restart(stream, value, since);
  stream.holes.push({ from: stream.highest + 1, to: value - 1, since });
  stream.highest = value;
  return expire(stream);
}

function behind(stream: Stream, value: number, since: number): readonly SequenceLoss[] {
  const hole = stream.holes.find(({ from, to }) => value >= from && value <= to);
  if (hole !== undefined) {
    fill(stream, hole, value);
    return NONE;
  }
  // Came twice, or later than `REORDER` numbers: told as lost already.
  if (value > stream.highest - REORDER * 2) return NONE;
  return restart(stream, value, since);
}

function fill(stream: Stream, hole: Hole, value: number): void {
  const at = stream.holes.indexOf(hole);
  const rest: Hole[] = [];
  if (hole.from < value) rest.push({ ...hole, to: value - 1 });
  if (value < hole.to) rest.push({ ...hole, from: value + 1 });
  stream.holes.splice(at, 1, ...rest);
}

/** Holes that newer numbers have left behind. */
function expire(stream: Stream): readonly SequenceLoss[] {
  const losses: SequenceLoss[] = [];
  for (let hole = stream.holes[0]; hole !== undefined; hole = stream.holes[0]) {
    if (stream.highest - hole.to <= REORDER && stream.holes.length <= MAX_HOLES) break;
    stream.holes.shift();
    losses.push(lost(hole));
  }
  return losses;
}

function lost({ from, to, since }: Hole): SequenceLoss {
  return { kind: 'sequence', missing: to - from + 1, since, detail: from === to ? `${from}` : `${from}-${to}` };
}

function restart(stream: Stream, value: number, since: number): readonly SequenceLoss[] {
  const losses = stream.holes.map(lost);
  losses.push({ kind: 'restart', since, detail: `${stream.highest} to ${value}` });
  stream.highest = value;
  stream.holes = [];
  return losses;
}
