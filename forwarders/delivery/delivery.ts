import { setTimeout as delay } from 'node:timers/promises';
import { type ItemOutcome, type OutItem, type Transport, TransportError } from '../contract';
import { Backoff } from './backoff';
import type { DeadLetter } from './forward-rows';

/** What is told while a batch is on its way. */
export interface DeliveryWatch {
  /** A try failed; nothing is lost. `denied`: a person must act. */
  failed(failure: {
    readonly code: string;
    readonly cause: string;
    readonly denied: boolean;
    readonly retryMs: number;
  }): void;
  /** The first answer after failures. */
  works(failures: number): void;
}

/** The clock and the dice; tests bring their own. */
export interface DeliveryClock {
  readonly random: () => number;
  /** Resolves after `ms`; rejects when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

const CLOCK: DeliveryClock = {
  random: Math.random,
  pause: (ms, signal) => delay(ms, undefined, { signal }),
};

export interface Delivered {
  readonly delivered: number;
  readonly dead: readonly DeadLetter[];
}

/**
 * So many records refused one after another, with nothing taken between them, are no longer the records' fault but the
 * destination's (a wrong index, a dropped table): then the batch waits instead of becoming dead letters.
 */
const DEAD_RUN = 100;
const EXCERPT_CHARACTERS = 512;
const CAUSE_CHARACTERS = 1024;

/**
 * Brings batches to their end: each item is confirmed or a dead letter, however long that takes. A batch that is refused
 * as a whole is halved until the item is found.
 */
export class Delivery {
  readonly #transport: Transport;
  readonly #watch: DeliveryWatch;
  readonly #backoff: Backoff;
  readonly #clock: DeliveryClock;
  #refusedInARow = 0;

  constructor(transport: Transport, watch: DeliveryWatch, clock: DeliveryClock = CLOCK) {
    this.#transport = transport;
    this.#watch = watch;
    this.#clock = clock;
    this.#backoff = new Backoff(clock.random);
  }

  /** Rejects only when `signal` is aborted; what was confirmed by then may be sent again later. */
  async deliver(items: readonly OutItem[], signal: AbortSignal): Promise<Delivered> {
    const dead: DeadLetter[] = [];
    let delivered = 0;
    const batches: (readonly OutItem[])[] = [items];
    for (let batch = batches.pop(); batch !== undefined; batch = batches.pop()) {
      if (batch.length === 0) continue;
      signal.throwIfAborted();
      const outcome = await this.#try(batch, signal);
      if (outcome.kind === 'halve') {
        const middle = batch.length >> 1;
        batches.push(batch.slice(middle), batch.slice(0, middle));
        continue;
      }
      delivered += outcome.delivered;
      dead.push(...outcome.dead);
      if (outcome.again.length > 0) batches.push(outcome.again);
    }
    return { delivered, dead };
  }

  async #try(batch: readonly OutItem[], signal: AbortSignal): Promise<Tried | { readonly kind: 'halve' }> {
    try {
      const result = await this.#transport.send(batch, signal);
      if (result === 'ok') {
        this.#refusedInARow = 0;
        this.#worked();
        return { kind: 'tried', delivered: batch.length, dead: [], again: [] };
      }
      return await this.#sorted(batch, result, signal);
    } catch (error) {
      signal.throwIfAborted();
      const failure = error instanceof TransportError ? error : unexpected(error);
      if (failure.kind === 'refused') {
        if (batch.length > 1) return { kind: 'halve' };
        const outcome: ItemOutcome = { state: 'dead', code: failure.code, cause: failure.message };
        return this.#sorted(batch, [outcome], signal);
      }
      await this.#pause(failure, signal);
      return { kind: 'tried', delivered: 0, dead: [], again: batch };
    }
  }

  async #sorted(batch: readonly OutItem[], outcomes: readonly ItemOutcome[], signal: AbortSignal): Promise<Tried> {
    const dead: DeadLetter[] = [];
    const again: OutItem[] = [];
    let delivered = 0;
    let waits: ItemOutcome | undefined;
    for (const [index, item] of batch.entries()) {
      const outcome = outcomes[index] ?? { state: 'retry', code: 'no_answer', cause: 'the receiver named fewer items' };
      if (outcome.state === 'ok') delivered++;
      else if (outcome.state === 'dead') dead.push(letterOf(item, outcome));
      else {
        again.push(item);
        waits = outcome;
      }
    }
    if (delivered > 0) this.#refusedInARow = 0;
    if (dead.length > 0 && delivered === 0 && this.#refusedInARow + dead.length > DEAD_RUN) {
      const [first] = dead;
      const cause = `every record is refused: ${first?.cause ?? ''}`;
      await this.#pause(new TransportError('denied', first?.code ?? 'refused', cause), signal);
      return { kind: 'tried', delivered: 0, dead: [], again: batch };
    }
    this.#refusedInARow += dead.length;
    if (waits !== undefined && waits.state === 'retry') {
      await this.#pause(new TransportError('retry', waits.code, waits.cause), signal);
    } else this.#worked();
    return { kind: 'tried', delivered, dead, again };
  }

  #worked(): void {
    if (this.#backoff.tries > 0) this.#watch.works(this.#backoff.tries);
    this.#backoff.reset();
  }

  async #pause(failure: TransportError, signal: AbortSignal): Promise<void> {
    const retryMs = this.#backoff.next(failure.options.retryAfterMs);
    const { code, message: cause, kind } = failure;
    this.#watch.failed({ code, cause: cause.slice(0, CAUSE_CHARACTERS), denied: kind === 'denied', retryMs });
    await this.#clock.pause(retryMs, signal);
  }
}

interface Tried {
  readonly kind: 'tried';
  readonly delivered: number;
  readonly dead: readonly DeadLetter[];
  readonly again: readonly OutItem[];
}

function letterOf({ record, text }: OutItem, outcome: { readonly code: string; readonly cause: string }): DeadLetter {
  const { kind, uid, ref } = record;
  const cause = outcome.cause.slice(0, CAUSE_CHARACTERS);
  return { kind, uid, ref, code: outcome.code, cause, excerpt: text.slice(0, EXCERPT_CHARACTERS) };
}

/** A fault of ours must not stop a destination for ever, nor lose anything: it is tried again, and told. */
function unexpected(error: unknown): TransportError {
  const message = error instanceof Error ? error.message : String(error);
  return new TransportError('retry', 'unexpected', message, { cause: error });
}
