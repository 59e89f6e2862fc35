/** A stretch in which a source told not everything. Times in epoch ms. */
export interface BlindSpot {
  readonly device: string;
  readonly kind: 'flow' | 'log' | 'poll';
  readonly from: number;
  readonly to: number;
  readonly reason: 'GAP' | 'SILENT' | 'STALE';
  readonly detail: string;
}

/** Stretches of time by source. */
export class BlindSpots {
  readonly #bySource = new Map<string, BlindSpot[]>();

  add(spot: BlindSpot): void {
    const key = `${spot.kind} ${spot.device}`;
    const known = this.#bySource.get(key);
    if (known === undefined) this.#bySource.set(key, [spot]);
    else known.push(spot);
  }

  isBlind(device: string, kind: BlindSpot['kind'], from: number, to: number): boolean {
    const spots = this.#bySource.get(`${kind} ${device}`);
    return spots?.some((spot) => spot.from <= to && from <= spot.to) ?? false;
  }
}
