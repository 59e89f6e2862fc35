import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import {
  type ItemOutcome,
  type OutItem,
  type SendResult,
  type Transport,
  type TransportContext,
  TransportError,
  type TransportType,
} from '../contract';
import { HttpClient, type HttpReply, jsonObject, statusError, words } from './http-client';
import { secret, timeout, tls, type TlsSettings, url } from './settings';
import { tlsOptions } from './tls-options';

interface Settings {
  readonly url: string;
  readonly token: string;
  readonly index?: string | undefined;
  readonly sourcetype: string;
  readonly acknowledge: boolean;
  readonly acknowledge_within: number;
  readonly gzip: boolean;
  readonly timeout: number;
  readonly tls?: TlsSettings | undefined;
}

/** Splunk's own default for the largest request is 800 MB, but its load balancers and other receivers stop near 1 MB. */
const LIMITS = { records: 1000, bytes: 900_000, envelope: 320, waitMs: 500 };
const POLL_MS = 1000;

/**
 * Splunk HTTP Event Collector ("Format events for HTTP Event Collector", "About HTTP Event Collector Indexer
 * Acknowledgment", "Possible error codes", Splunk documentation).
 */
export const splunkHecType: TransportType<Settings> = {
  type: 'splunk_hec',
  stability: 'beta',
  summary: 'Splunk HTTP Event Collector, with indexer acknowledgement where the token has it.',
  delivery: 'confirmed',
  media: ['json', 'text'],
  config: z.strictObject({
    url: url('Address of the collector, without a path', 'https://splunk.example.com:8088'),
    token: secret('The token'),
    index: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "Index; the token's default if left out", example: 'ascribe' }),
    sourcetype: z.string().min(1).prefault('ascribe').describe('sourcetype; `:` and the kind of record are added'),
    acknowledge: z
      .boolean()
      .prefault(false)
      .describe(
        'Wait until the indexers have it (the token must have acknowledgement on); else an accepted request counts',
      ),
    acknowledge_within: z
      .int()
      .min(5)
      .max(3600)
      .prefault(300)
      .describe('Seconds after which what is not acknowledged is sent again'),
    gzip: z.boolean().prefault(true).describe('Compress requests'),
    timeout,
    tls: tls.optional(),
  }),
  limits: () => LIMITS,
  create: (settings, context) => new SplunkHec(settings, context),
};

class SplunkHec implements Transport {
  readonly #settings: Settings;
  readonly #context: TransportContext;
  readonly #http: HttpClient;
  readonly #base: URL;
  /** Acknowledgements belong to a channel; one of our own for each start. */
  readonly #channel = randomUUID();

  constructor(settings: Settings, context: TransportContext) {
    this.#settings = settings;
    this.#context = context;
    this.#base = new URL(settings.url);
    this.#http = new HttpClient(() => tlsOptions(settings.tls, context));
  }

  async send(items: readonly OutItem[], signal: AbortSignal): Promise<SendResult> {
    const body = items.map((item) => this.#event(item)).join('\n');
    const reply = await this.#post('/services/collector/event', body, signal);
    if (reply.status !== 200) return this.#refusal(items, reply);
    if (!this.#settings.acknowledge) return 'ok';
    const id = jsonObject(reply.body)?.['ackId'];
    if (typeof id !== 'number') {
      throw new TransportError(
        'denied',
        'hec_no_ack',
        `${this.#base.host} gives no ackId: acknowledgement is off for this token`,
      );
    }
    await this.#acknowledged(id, signal);
    return 'ok';
  }

  async probe(signal: AbortSignal): Promise<string> {
    const { timeout } = this.#settings;
    const target = new URL('/services/collector/health', this.#base);
    const reply = await this.#http.ask(
      { method: 'GET', url: target, headers: this.#headers(), timeoutMs: timeout * 1000 },
      signal,
    );
    this.#http.close();
    if (reply.status !== 200) throw statusError(reply, this.#base.host);
    return `${this.#base.host} is healthy; the token is tried with the first event`;
  }

  close(): Promise<void> {
    this.#http.close();
    return Promise.resolve();
  }

  /** The envelope around the record's own JSON, or around its line as a string. */
  #event({ record, text, format }: OutItem): string {
    const { uid, revision, kind, time, fields } = record;
    const { index, sourcetype } = this.#settings;
    const head = JSON.stringify({
      time: time / 1000,
      host: String(fields['observer.name'] ?? this.#context.hostname).toWellFormed(),
      source: 'ascribe',
      sourcetype: `${sourcetype}:${kind}`,
      ...(index !== undefined && { index }),
      fields: { event_uid: uid, ...(revision !== undefined && { event_revision: String(revision) }) },
    });
    return `${head.slice(0, -1)},"event":${format.medium === 'json' ? text : JSON.stringify(text)}}`;
  }

  #headers(): Record<string, string> {
    return {
      Authorization: `Splunk ${this.#context.secret(this.#settings.token)}`,
      'Content-Type': 'application/json',
      ...(this.#settings.acknowledge && { 'X-Splunk-Request-Channel': this.#channel }),
    };
  }

  #post(path: string, body: string, signal: AbortSignal): Promise<HttpReply> {
    const { gzip, timeout } = this.#settings;
    const request = { method: 'POST', url: new URL(path, this.#base), headers: this.#headers(), body, gzip } as const;
    return this.#http.ask({ ...request, timeoutMs: timeout * 1000 }, signal);
  }

  /** Code 6 names the first invalid event: it is dead; the others are sent again, as none of them may be in. */
  #refusal(items: readonly OutItem[], reply: HttpReply): readonly ItemOutcome[] {
    const answer = jsonObject(reply.body);
    const code = answer?.['code'];
    const invalid = answer?.['invalid-event-number'];
    const cause = `${this.#base.host}: ${words(answer?.['text'] ?? reply.body.slice(0, 300))}`;
    if (reply.status === 400 && typeof invalid === 'number' && invalid < items.length && items.length > 1) {
      return items.map((_item, index) =>
        index === invalid
          ? { state: 'dead', code: `hec_${words(code)}`, cause }
          : { state: 'retry', code: 'hec_batch', cause: 'another event of the request was refused' },
      );
    }
    // 7 incorrect index; 10, 11 data channel; 14 acknowledgement is off: nothing that the record could mend.
    if (reply.status === 400 && [7, 10, 11, 14].includes(Number(code))) {
      throw new TransportError('denied', `hec_${words(code)}`, cause);
    }
    throw statusError(reply, this.#base.host);
  }

  /** `false` may mean not yet, failed, or forgotten: after the deadline the batch is sent again. */
  async #acknowledged(id: number, signal: AbortSignal): Promise<void> {
    const path = `/services/collector/ack?channel=${this.#channel}`;
    const deadline = performance.now() + this.#settings.acknowledge_within * 1000;
    for (let pause = 50; performance.now() < deadline; pause = Math.min(POLL_MS, pause * 2)) {
      await delay(pause, undefined, { signal });
      const reply = await this.#post(path, JSON.stringify({ acks: [id] }), signal);
      if (reply.status !== 200) throw statusError(reply, this.#base.host);
      const acks = jsonObject(reply.body)?.['acks'] as Readonly<Record<string, unknown>> | undefined;
      if (acks?.[String(id)] === true) return;
    }
    throw new TransportError('retry', 'hec_unacknowledged', `${this.#base.host} has not acknowledged in time`);
  }
}
