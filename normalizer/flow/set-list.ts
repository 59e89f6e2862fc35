/** Why reading stopped, and where. Codes are stable: they are what is counted. */
export interface Problem {
  readonly reason: string;
  readonly offset: number;
}

const MOST_SETS = 4096;

/**
 * The sets of one NetFlow v9 or IPFIX datagram: id (2 bytes), length with these four bytes (2), content. Found once,
 * then gone over twice, templates first. Reused between datagrams.
 */
export class SetList {
  readonly ids = new Uint16Array(MOST_SETS);
  readonly from = new Uint32Array(MOST_SETS);
  readonly to = new Uint32Array(MOST_SETS);
  count = 0;

  /** Finds the sets between `at` and `end`. A set that claims more than is there is kept as far as it goes. */
  find(view: DataView, at: number, end: number): Problem | undefined {
    this.count = 0;
    let p = at;
    while (p + 4 <= end) {
      const id = view.getUint16(p);
      const length = view.getUint16(p + 2);
      if (length < 4) {
        // Zeros behind the last set are padding that some exporters send.
        if (id === 0 && length === 0 && p > at && allZero(view, p, end)) return undefined;
        return { reason: length === 0 ? 'flow_zero_length_set' : 'flow_short_set', offset: p };
      }
      if (this.count === MOST_SETS) return { reason: 'flow_too_many_sets', offset: p };
      this.ids[this.count] = id;
      this.from[this.count] = p + 4;
      this.to[this.count] = Math.min(p + length, end);
      this.count++;
      if (p + length > end) return { reason: 'flow_truncated_set', offset: p };
      p += length;
    }
    return undefined;
  }
}

function allZero(view: DataView, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (view.getUint8(i) !== 0) return false;
  return true;
}
