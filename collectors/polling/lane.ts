/** Runs tasks, at most so many at once; the rest wait in order. */
export class Lane {
  readonly #width: number;
  readonly #waiting: (() => Promise<void>)[] = [];
  #running = 0;
  #idle: (() => void)[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** The task must not reject. */
  add(task: () => Promise<void>): void {
    this.#waiting.push(task);
    this.#fill();
  }

  /** Forgets what waits and resolves when nothing runs. */
  async drain(): Promise<void> {
    this.#waiting.length = 0;
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #fill(): void {
    while (this.#running < this.#width) {
      const task = this.#waiting.shift();
      if (task === undefined) break;
      this.#running += 1;
      void task().finally(() => {
        this.#running -= 1;
        this.#fill();
      });
    }
    if (this.#running > 0) return;
    for (const done of this.#idle.splice(0)) done();
  }
}
