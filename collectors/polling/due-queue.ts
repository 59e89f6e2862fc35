/** A binary heap of things by the time they are due. */
export class DueQueue<Item> {
  readonly #heap: { readonly due: number; readonly item: Item }[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** When the earliest is due; Infinity when empty. */
  get next(): number {
    return this.#heap[0]?.due ?? Infinity;
  }

  push(due: number, item: Item): void {
    this.#heap.push({ due, item });
    this.#rise(this.#heap.length - 1);
  }

  /** Makes a thing that waits due earlier than it is. False when it does not wait here. */
  bring(due: number, item: Item): boolean {
    const at = this.#heap.findIndex((entry) => entry.item === item);
    if (at < 0) return false;
    if (due < this.#heap[at]!.due) {
      this.#heap[at] = { due, item };
      this.#rise(at);
    }
    return true;
  }

  /** The earliest when it is due by `now`. */
  take(now: number): Item | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.due > now) return undefined;
    const last = this.#heap.pop()!;
    if (last !== first) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first.item;
  }

  #rise(from: number): void {
    const heap = this.#heap;
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.due <= heap[at]!.due) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    for (let at = 0; ;) {
      const left = at * 2 + 1;
      if (left >= heap.length) return;
      const right = left + 1;
      const child = right < heap.length && heap[right]!.due < heap[left]!.due ? right : left;
      if (heap[at]!.due <= heap[child]!.due) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(left: number, right: number): void {
    const heap = this.#heap;
    const kept = heap[left]!;
    heap[left] = heap[right]!;
    heap[right] = kept;
  }
}
