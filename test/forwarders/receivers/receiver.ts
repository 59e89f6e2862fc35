import { type FakeAnswer, type FakeRequest, HttpFake } from './http-fake';

/**
 * What a receiver does with a request that carries records. `cut_unread`: breaks off and has stored nothing; `cut_stored`: has
 * stored and breaks off before it answers; `silent`: has stored and never answers; `partial`: refuses every third item for now.
 */
export type Behaviour = 'ok' | 'busy' | 'too_many' | 'cut_unread' | 'cut_stored' | 'silent' | 'disk_full' | 'partial';

export interface Taken {
  readonly answer: FakeAnswer;
  /** Records of this request that are stored now. */
  readonly stored: number;
}

/**
 * A receiver of one HTTP protocol with a store: strict about what it is sent, and as ill as a test says. What a sender does
 * against the protocol is listed in `violations`; the tests hold strangers' senders and ours to the same receiver.
 */
export abstract class Receiver {
  readonly violations: string[] = [];
  /** How often each id was stored. */
  readonly stored = new Map<string, number>();
  /** What the next requests with records meet; then `ok`. */
  behaviours: Behaviour[] = [];
  /** Called when records are stored and not answered for yet. */
  onStored: () => void = () => undefined;
  readonly #fake = new HttpFake((request) => this.#answer(request));

  get url(): string {
    return this.#fake.url;
  }

  get requests(): readonly FakeRequest[] {
    return this.#fake.requests;
  }

  get ids(): ReadonlySet<string> {
    return new Set(this.stored.keys());
  }

  async start(): Promise<this> {
    await this.#fake.start();
    return this;
  }

  stop(): Promise<void> {
    return this.#fake.stop();
  }

  /** Breaks off every connection; new ones are taken. */
  hangUp(): void {
    this.#fake.hangUp();
  }

  /** Records of a request; undefined where it carries none, or is no request of the protocol at all. */
  protected abstract carries(request: FakeRequest): boolean;
  /** Stores what the protocol lets in. `isRefused`: by index, what is refused for now. */
  protected abstract take(request: FakeRequest, isRefused: (index: number) => boolean): Taken;
  /** The protocol's words for "not now". */
  protected abstract refusal(behaviour: 'busy' | 'too_many' | 'disk_full'): FakeAnswer;
  /** Everything else that is asked. */
  protected abstract other(request: FakeRequest): FakeAnswer;

  protected keep(id: string): void {
    this.stored.set(id, (this.stored.get(id) ?? 0) + 1);
  }

  protected violation(what: string): void {
    if (this.violations.length < 20) this.violations.push(what);
  }

  #answer(request: FakeRequest): FakeAnswer {
    if (!this.carries(request)) return this.other(request);
    const behaviour = this.behaviours.shift() ?? 'ok';
    switch (behaviour) {
      case 'busy':
      case 'too_many':
      case 'disk_full':
        return this.refusal(behaviour);
      case 'cut_unread':
        return 'cut';
      case 'ok':
      case 'partial':
      case 'cut_stored':
      case 'silent': {
        const { answer, stored } = this.take(request, (index) => behaviour === 'partial' && index % 3 === 1);
        if (stored > 0) this.onStored();
        if (behaviour === 'silent') return 'never';
        return behaviour === 'cut_stored' ? 'cut' : answer;
      }
    }
  }
}

/** A JSON object, or undefined. */
export function objectOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
