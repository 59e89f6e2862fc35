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
import { joinedBytes } from '../framing/joined-bytes';
import { HttpClient, type HttpReply, jsonObject, statusError, words } from './http-client';
import { secret, timeout, tls, type TlsSettings, url } from './settings';
import { tlsOptions } from './tls-options';

interface Settings {
  readonly url: string;
  readonly index: string;
  readonly data_stream: boolean;
  readonly api_key?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly gzip: boolean;
  readonly timeout: number;
  readonly tls?: TlsSettings | undefined;
}

/** Elastic advises 5 to 15 MB a request; answers of a thousand items stay far below this. */
const LIMITS = { records: 2000, bytes: 8 << 20, envelope: 160, waitMs: 500 };
const LARGEST_REPLY = 16 << 20;
/** What tries that may pass later: overload, and an index that is closed or read-only for the moment. */
const RETRIED: ReadonlySet<number> = new Set([408, 429]);

/** Elasticsearch and OpenSearch `_bulk` ("Bulk API", elastic.co; the same in OpenSearch). */
export const elasticsearchType: TransportType<Settings> = {
  type: 'elasticsearch',
  stability: 'beta',
  summary: 'Elasticsearch and OpenSearch by _bulk; each item is answered for, an id that is there already counts.',
  delivery: 'confirmed',
  media: ['json'],
  config: z
    .strictObject({
      url: url('Address of the cluster', 'https://elastic.example.com:9200'),
      index: z
        .string()
        .regex(/^[^A-Z\\/*?"<>| ,#:]+$/u, 'is no name of an index: lower case, none of \\ / * ? " < > | , # :')
        .prefault('ascribe')
        .describe('Index, alias or data stream; `%kind` becomes the kind of record'),
      data_stream: z
        .boolean()
        .prefault(false)
        .describe('It is a data stream: nothing is replaced, each change of a session is a document of its own'),
      api_key: secret('API key, base64 as Elastic gives it').optional(),
      user: z.string().min(1).optional().meta({ description: 'User, instead of an API key', example: 'ascribe' }),
      password: secret('Their password').optional(),
      gzip: z.boolean().prefault(true).describe('Compress requests'),
      timeout,
      tls: tls.optional(),
    })
    .refine(({ user, password }) => (user === undefined) === (password === undefined), 'user and password go together')
    .refine(({ user, api_key: key }) => user === undefined || key === undefined, 'either an API key or a user'),
  limits: () => LIMITS,
  create: (settings, context) => new Elasticsearch(settings, context),
};

class Elasticsearch implements Transport {
  readonly #settings: Settings;
  readonly #context: TransportContext;
  readonly #http: HttpClient;
  readonly #base: URL;
  readonly #indices = new Map<string, string>();

  constructor(settings: Settings, context: TransportContext) {
    this.#settings = settings;
    this.#context = context;
    this.#base = new URL(settings.url.endsWith('/') ? settings.url : `${settings.url}/`);
    this.#http = new HttpClient(() => tlsOptions(settings.tls, context));
  }

  async send(items: readonly OutItem[], signal: AbortSignal): Promise<SendResult> {
    const body = joinedBytes(items.flatMap((item) => [this.#action(item), item.text, '\n']));
    const reply = await this.#ask('POST', '_bulk', signal, body);
    if (reply.status !== 200) throw statusError(reply, this.#base.host);
    const answer = jsonObject(reply.body);
    if (answer?.['errors'] === false) return 'ok';
    const results = answer?.['items'];
    if (!Array.isArray(results)) {
      throw new TransportError('denied', 'bulk_answer', `${this.#base.host} does not answer as _bulk does`);
    }
    return items.map((_item, index) => outcomeOf(results[index]));
  }

  async probe(signal: AbortSignal): Promise<string> {
    const reply = await this.#ask('GET', '', signal);
    this.#http.close();
    if (reply.status !== 200) throw statusError(reply, this.#base.host);
    const version = (jsonObject(reply.body)?.['version'] ?? {}) as Readonly<Record<string, unknown>>;
    const product = version['distribution'] === 'opensearch' ? 'OpenSearch' : 'Elasticsearch';
    return `${this.#base.host} is ${product} ${words(version['number'] ?? 'of unknown version')}`;
  }

  close(): Promise<void> {
    this.#http.close();
    return Promise.resolve();
  }

  /**
   * What may change is indexed under its id with its revision as external version: a later one replaces it, an earlier
   * one is a conflict, and so is there already. In a data stream, which only creates, each revision has an id of its own.
   */
  #action({ record }: OutItem): string {
    const { uid, revision, kind } = record;
    const index = this.#indexOf(kind);
    if (revision === undefined) return `{"create":{"_index":${index},"_id":"${uid}"}}\n`;
    if (this.#settings.data_stream) return `{"create":{"_index":${index},"_id":"${uid}-${revision}"}}\n`;
    return `{"index":{"_index":${index},"_id":"${uid}","version":${revision},"version_type":"external"}}\n`;
  }

  /** As JSON. */
  #indexOf(kind: string): string {
    let index = this.#indices.get(kind);
    if (index === undefined) {
      index = JSON.stringify(this.#settings.index.replaceAll('%kind', kind));
      this.#indices.set(kind, index);
    }
    return index;
  }

  #ask(method: 'GET' | 'POST', path: string, signal: AbortSignal, body?: Buffer): Promise<HttpReply> {
    const { gzip, timeout } = this.#settings;
    const target = new URL(path, this.#base);
    const headers = { 'Content-Type': 'application/x-ndjson', Accept: 'application/json', ...this.#authorization() };
    const request = { method, url: target, headers, timeoutMs: timeout * 1000, largestReply: LARGEST_REPLY };
    return this.#http.ask(body === undefined ? request : { ...request, body, gzip }, signal);
  }

  #authorization(): Record<string, string> {
    const { api_key: key, user, password } = this.#settings;
    const { secret } = this.#context;
    if (key !== undefined) return { Authorization: `ApiKey ${secret(key)}` };
    if (user === undefined || password === undefined) return {};
    return { Authorization: `Basic ${Buffer.from(`${user}:${secret(password)}`).toString('base64')}` };
  }
}

/** One member of `items`: `{create: {status, error?}}`. 409: our id is there already, which is what was wanted. */
function outcomeOf(result: unknown): ItemOutcome {
  const [answer] = typeof result === 'object' && result !== null ? Object.values(result) : [];
  const { status, error } = (answer ?? {}) as { readonly status?: number; readonly error?: unknown };
  if (status === undefined) return { state: 'retry', code: 'bulk_missing', cause: 'the answer leaves the item out' };
  if ((status >= 200 && status < 300) || status === 409) return { state: 'ok' };
  const { type, reason } = (typeof error === 'object' && error !== null ? error : {}) as Readonly<
    Record<string, unknown>
  >;
  const cause = `${status} ${words(type ?? 'error')}: ${words(reason ?? error)}`;
  const mayPass = RETRIED.has(status) || status >= 500 || type === 'cluster_block_exception';
  return { state: mayPass ? 'retry' : 'dead', code: `bulk_${status}`, cause };
}
