import type { FakeAnswer, FakeRequest } from './http-fake';
import { objectOf, Receiver, type Taken } from './receiver';

const ENVELOPE: ReadonlySet<string> = new Set(['time', 'host', 'source', 'sourcetype', 'index', 'fields', 'event']);

/**
 * Splunk's HTTP Event Collector ("Format events for HTTP Event Collector", "Possible error codes", "About HTTP Event
 * Collector Indexer Acknowledgment"): JSON objects one after another, codes for what is wrong, acknowledgements by channel.
 */
export class HecReceiver extends Receiver {
  readonly events: Readonly<Record<string, unknown>>[] = [];
  /** Where an event's id stands; by default the indexed field that we send. */
  idOf = (event: Readonly<Record<string, unknown>>): string =>
    (event['fields'] as { readonly event_uid?: string } | undefined)?.event_uid ?? '';
  readonly #token: string;
  readonly #withAcknowledgement: boolean;
  readonly #acknowledged = new Map<number, number>();
  #next = 0;

  /** `withAcknowledgement`: the indexers answer at the second poll. */
  constructor(token: string, withAcknowledgement = false) {
    super();
    this.#token = token;
    this.#withAcknowledgement = withAcknowledgement;
  }

  protected carries({ path, method }: FakeRequest): boolean {
    return method === 'POST' && /^\/services\/collector(?:\/event(?:\/1\.0)?)?(?:\?|$)/u.test(path);
  }

  protected take(request: FakeRequest, isRefused: (index: number) => boolean): Taken {
    const denial = this.#denial(request);
    if (denial !== undefined) return { answer: denial, stored: 0 };
    const texts = concatenated(request.body);
    if (texts.length === 0) return { answer: fault(400, 5, 'No data'), stored: 0 };
    const events: Readonly<Record<string, unknown>>[] = [];
    for (const [index, text] of texts.entries()) {
      const event = objectOf(text);
      const code = event === undefined ? 6 : this.#fault(event);
      // Splunk takes what stands before the faulty one, and nothing after it.
      if (event === undefined || code !== 0) {
        this.violation(`event ${index} (code ${code}): ${text.slice(0, 200)}`);
        return { answer: fault(400, code, 'Invalid data format', index), stored: this.#store(events) };
      }
      // There is no item of its own to refuse for now: the queue is full from here on.
      if (isRefused(index)) return { answer: fault(503, 9, 'Server is busy'), stored: this.#store(events) };
      events.push(event);
    }
    const stored = this.#store(events);
    if (!this.#withAcknowledgement) return { answer: { status: 200, body: { text: 'Success', code: 0 } }, stored };
    const ackId = this.#next++;
    this.#acknowledged.set(ackId, 0);
    return { answer: { status: 200, body: { text: 'Success', code: 0, ackId } }, stored };
  }

  protected refusal(behaviour: 'busy' | 'too_many' | 'disk_full'): FakeAnswer {
    switch (behaviour) {
      case 'busy':
        return { ...fault(503, 9, 'Server is busy'), headers: { 'Retry-After': '1' } };
      case 'too_many':
        return fault(429, 9, 'Server is busy');
      case 'disk_full':
        return fault(500, 8, 'Internal server error');
    }
  }

  protected other(request: FakeRequest): FakeAnswer {
    const { path, body } = request;
    if (path === '/services/collector/health') return { status: 200, body: { text: 'HEC is healthy', code: 17 } };
    if (!path.startsWith('/services/collector/ack')) {
      this.violation(`${request.method} ${path}`);
      return { status: 404 };
    }
    const denial = this.#denial(request);
    if (denial !== undefined) return denial;
    const ids = (objectOf(body)?.['acks'] ?? []) as number[];
    return { status: 200, body: { acks: Object.fromEntries(ids.map((id) => [String(id), this.#poll(id)])) } };
  }

  /** True at the second poll, and false ever after: what was told is forgotten. */
  #poll(id: number): boolean {
    const polls = this.#acknowledged.get(id);
    if (polls === undefined) return false;
    if (polls === 0) this.#acknowledged.set(id, 1);
    else this.#acknowledged.delete(id);
    return polls > 0;
  }

  #denial({ headers, path }: FakeRequest): FakeAnswer | undefined {
    if (headers.authorization === undefined) return fault(401, 2, 'Token is required');
    if (headers.authorization !== `Splunk ${this.#token}`) return fault(403, 4, 'Invalid token');
    if (!this.#withAcknowledgement) return undefined;
    const channel = headers['x-splunk-request-channel'] ?? new URL(path, 'http://h').searchParams.get('channel');
    if (channel === null) return fault(400, 10, 'Data channel is missing');
    return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(String(channel))
      ? undefined
      : fault(400, 11, 'Invalid data channel');
  }

  /** Error code of an event, 0 for a good one. */
  #fault(event: Readonly<Record<string, unknown>>): number {
    if (Object.keys(event).some((name) => !ENVELOPE.has(name))) return 6;
    if (event['event'] === undefined || event['event'] === null) return 12;
    if (event['event'] === '') return 13;
    const time = event['time'];
    if (time !== undefined && !(Number(time) > 0 && /^\d+(?:\.\d+)?$/u.test(JSON.stringify(time).replaceAll('"', ''))))
      return 6;
    for (const name of ['host', 'source', 'sourcetype', 'index']) {
      if (event[name] !== undefined && typeof event[name] !== 'string') return 6;
    }
    const fields = event['fields'];
    if (fields === undefined) return 0;
    const flat = (value: unknown): boolean =>
      ['string', 'number', 'boolean'].includes(typeof value) || (Array.isArray(value) && value.every(flat));
    return typeof fields === 'object' && fields !== null && Object.values(fields).every(flat) ? 0 : 15;
  }

  #store(events: readonly Readonly<Record<string, unknown>>[]): number {
    for (const event of events) {
      this.events.push(event);
      this.keep(this.idOf(event));
    }
    return events.length;
  }
}

function fault(status: number, code: number, text: string, invalid?: number): FakeAnswer & object {
  return { status, body: { text, code, ...(invalid !== undefined && { 'invalid-event-number': invalid }) } };
}

/** JSON objects that follow each other, with or without white space between them. */
function concatenated(body: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let begin = 0;
  let isText = false;
  for (let at = 0; at < body.length; at++) {
    const character = body[at];
    if (isText) {
      if (character === '\\') at++;
      else if (character === '"') isText = false;
    } else if (character === '"') isText = true;
    else if (character === '{') {
      if (depth++ === 0) begin = at;
    } else if (character === '}' && --depth === 0) found.push(body.slice(begin, at + 1));
  }
  return found;
}
