import type { BlindKind, BlindSpot } from '../../store/analysis/blind-record';

interface Stretches {
  /** By their begin. */
  readonly spots: BlindSpot[];
  /** For each, the latest end of it and all before. */
  readonly reach: number[];
}

const NONE: readonly BlindSpot[] = [];

/** Stretches of time in which a source told not everything, by source. */
export class BlindSpots {
  readonly #bySource = new Map<BlindKind, Map<string, Stretches>>();

  /** A spot that is new, or that changed: it takes the place of the one with the same begin and reason. */
  set(spot: BlindSpot): void {
    const { spots, reach } = this.#stretches(spot.kind, sourceOf(spot));
    const last = spots.at(-1);
    if (last === undefined || last.from < spot.from) {
      spots.push(spot);
      reach.push(Math.max(reach.at(-1) ?? Number.NEGATIVE_INFINITY, endOf(spot)));
      return;
    }
    const at = spots.findIndex(({ from, reason }) => from === spot.from && reason === spot.reason);
    if (at >= 0) spots[at] = spot;
    else spots.push(spot);
    spots.sort((a, b) => a.from - b.from || (a.reason < b.reason ? -1 : 1));
    measure(spots, reach);
  }

  clear(): void {
    this.#bySource.clear();
  }

  delete(deleted: BlindSpot): void {
    const { kind, from, reason } = deleted;
    const { spots, reach } = this.#stretches(kind, sourceOf(deleted));
    const at = spots.findIndex((spot) => spot.from === from && spot.reason === reason);
    if (at >= 0) spots.splice(at, 1);
    measure(spots, reach);
  }

  /** Those of a source that overlap a stretch of time, in order; then what our own receivers lost, which may have been its. */
  of(device: string, kind: BlindKind, from: number, to: number): readonly BlindSpot[] {
    const ofKind = this.#bySource.get(kind);
    if (ofKind === undefined) return NONE;
    const [known, ours] = [ofKind.get(device), ofKind.get(OURS)];
    const own = known === undefined ? NONE : overlapping(known, from, to);
    return ours === undefined ? own : [...own, ...overlapping(ours, from, to)];
  }

  /** Whether any source of a kind told not everything then. */
  anyOf(kind: BlindKind, from: number, to: number): boolean {
    for (const known of this.#bySource.get(kind)?.values() ?? []) {
      if (overlapping(known, from, to).length > 0) return true;
    }
    return false;
  }

  #stretches(kind: BlindKind, device: string): Stretches {
    let ofKind = this.#bySource.get(kind);
    if (ofKind === undefined) this.#bySource.set(kind, (ofKind = new Map()));
    let known = ofKind.get(device);
    if (known === undefined) ofKind.set(device, (known = { spots: [], reach: [] }));
    return known;
  }
}

/** No device has this name. */
const OURS = '';

function sourceOf({ reason, device }: BlindSpot): string {
  return reason === 'DROPPED' ? OURS : device;
}

function measure(spots: readonly BlindSpot[], reach: number[]): void {
  reach.length = 0;
  let most = Number.NEGATIVE_INFINITY;
  for (const spot of spots) reach.push((most = Math.max(most, endOf(spot))));
}

function endOf({ to }: BlindSpot): number {
  return to ?? Number.POSITIVE_INFINITY;
}

function overlapping({ spots, reach }: Stretches, from: number, to: number): readonly BlindSpot[] {
  if (spots.length === 0 || reach.at(-1)! < from || spots[0]!.from > to) return NONE;
  const found: BlindSpot[] = [];
  for (let i = lastBegun(spots, to); i >= 0 && reach[i]! >= from; i--) {
    const spot = spots[i]!;
    if (endOf(spot) >= from) found.push(spot);
  }
  return found.reverse();
}

/** Place of the last one that began up to a time; -1 when none did. */
function lastBegun(spots: readonly BlindSpot[], at: number): number {
  let [low, high] = [0, spots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spots[middle]!.from <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
