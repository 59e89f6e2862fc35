import type { Offer, RawFormat, RawOrigin } from '../contract';

/** What was lost between the network and the journal since the listener opened, datagrams. */
export interface LossCounts {
  /** In the kernel: the receive buffer was full. Undefined where that cannot be known. */
  readonly kernel: number | undefined;
  /** Not taken by `offer`: the queue was full. */
  readonly queue: number;
}

/**
 * Puts what one listener lost into the journal, so that it is known of the time for ever. A record is UTF-8 JSON
 * `{v:1, format, kernel, queue, since}`: datagrams lost in the kernel and in our queue since the report before, and when that was
 * looked at, epoch ms. Format `loss`, without a peer: whose they were nobody knows.
 */
export class LossReport {
  readonly #origin: RawOrigin;
  readonly #format: RawFormat;
  readonly #offer: Offer;
  #told: { kernel: number; queue: number };
  /** Up to when everything is told. */
  #since: number;

  /** `source`: the listener; `format`: of what it receives. */
  constructor(
    { collector, source, format }: Pick<RawOrigin, 'collector' | 'source' | 'format'>,
    offer: Offer,
    now: number,
  ) {
    this.#origin = Object.freeze({ collector, source, peer: '', format: 'loss' });
    this.#format = format;
    this.#offer = offer;
    this.#told = { kernel: 0, queue: 0 };
    this.#since = now;
  }

  /** Tells what is new; where the queue is full it is told the next time, with what is lost till then. */
  report({ kernel = this.#told.kernel, queue }: LossCounts, now: number): void {
    const lost = { kernel: kernel - this.#told.kernel, queue: queue - this.#told.queue };
    if (lost.kernel > 0 || lost.queue > 0) {
      const text = JSON.stringify({ v: 1, format: this.#format, ...lost, since: this.#since });
      const taken = this.#offer([{ origin: this.#origin, receivedAt: now, bytes: Buffer.from(text, 'utf8') }]);
      if (taken === 0) return;
      this.#told = { kernel, queue };
    }
    this.#since = now;
  }
}
