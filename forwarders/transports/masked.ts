import {
  type ItemOutcome,
  type OutItem,
  type SendResult,
  type Transport,
  type TransportContext,
  TransportError,
} from '../contract';

/** Secrets shorter than this would take ordinary words out of a message. */
const SHORTEST = 4;

/**
 * A transport whose causes and answers hold no secret that it used: a receiver, or something on the way to it, may repeat
 * what it was sent. Each secret is found as it is, as in a URL or a form, and inside base64 (HTTP Basic, SASL PLAIN).
 */
export function masked(create: (context: TransportContext) => Transport, context: TransportContext): Transport {
  const forms = new Set<string>();
  const secret = (reference: string): string => {
    const value = context.secret(reference);
    for (const form of formsOf(value)) forms.add(form);
    return value;
  };
  return new MaskedTransport(create({ ...context, secret }), (text) => {
    let shown = text;
    for (const form of forms) shown = shown.replaceAll(form, '***');
    return shown;
  });
}

class MaskedTransport implements Transport {
  readonly #transport: Transport;
  readonly #mask: (text: string) => string;

  constructor(transport: Transport, mask: (text: string) => string) {
    this.#transport = transport;
    this.#mask = mask;
  }

  async send(items: readonly OutItem[], signal: AbortSignal): Promise<SendResult> {
    const result = await this.#told(() => this.#transport.send(items, signal));
    return result === 'ok' ? result : result.map((outcome) => this.#outcome(outcome));
  }

  async probe(signal: AbortSignal): Promise<string> {
    return this.#mask(await this.#told(() => this.#transport.probe(signal)));
  }

  close(deadlineMs: number): Promise<void> {
    return this.#transport.close(deadlineMs);
  }

  async #told<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof TransportError) {
        // Without its cause, whose text is the receiver's too.
        const { retryAfterMs } = error.options;
        throw new TransportError(error.kind, this.#mask(error.code), this.#mask(error.message), { retryAfterMs });
      }
      const message = error instanceof Error ? error.message : String(error);
      throw new TransportError('retry', 'unexpected', this.#mask(message));
    }
  }

  #outcome(outcome: ItemOutcome): ItemOutcome {
    if (outcome.state === 'ok') return outcome;
    return { ...outcome, code: this.#mask(outcome.code), cause: this.#mask(outcome.cause) };
  }
}

/** How a secret may look in what a receiver says. */
function formsOf(secret: string): string[] {
  // A key or certificate is told from others by its lines.
  const parts = secret.split(/\r?\n/u);
  return parts.flatMap((part) => {
    if (part.length < SHORTEST) return [];
    const forms = [part, encodeURIComponent(part.toWellFormed()), JSON.stringify(part).slice(1, -1)];
    return [...forms, ...base64FormsOf(part).filter((form) => form.length >= SHORTEST)];
  });
}

/** The characters that any base64 has which holds these bytes, by the place modulo 3 at which they begin. */
function base64FormsOf(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    return bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
  });
}
