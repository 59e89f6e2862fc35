import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { TransportError } from '../contract';
import { isDenial } from './connection';
import type { TlsOptions } from './tls-options';

export interface HttpReply {
  readonly status: number;
  readonly body: string;
  /** Of `Retry-After`, in seconds or as a date; undefined where the receiver does not say. */
  readonly retryAfterMs: number | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly gzip?: boolean;
  readonly timeoutMs: number;
  /** Larger answers are cut off as an error. */
  readonly largestReply?: number;
}

const LARGEST_REPLY = 1 << 20;
const compress = promisify(gzip);

/** HTTP/1.1 to one receiver over one kept connection. Follows no redirects: records go where they were meant to. */
export class HttpClient {
  readonly #tls: () => TlsOptions;
  #agent: HttpAgent | HttpsAgent | undefined;

  constructor(tls: () => TlsOptions) {
    this.#tls = tls;
  }

  /** Rejects with `TransportError` when no whole answer comes; any status is an answer. */
  async ask(request: HttpRequest, signal: AbortSignal): Promise<HttpReply> {
    const plain = typeof request.body === 'string' ? Buffer.from(request.body) : request.body;
    const body = plain !== undefined && request.gzip === true ? await compress(plain) : plain;
    const headers = {
      ...request.headers,
      ...(body !== undefined && { 'Content-Length': String(body.length) }),
      ...(body !== plain && { 'Content-Encoding': 'gzip' }),
    };
    return new Promise((resolve, reject) => {
      const fail = (code: string, why: string, isDenied = false): void =>
        reject(new TransportError(isDenied ? 'denied' : 'retry', code, `${request.url.host}: ${why}`));
      const send = request.url.protocol === 'https:' ? httpsRequest : httpRequest;
      const call = send(request.url, { method: request.method, headers, agent: this.#agentFor(request.url), signal });
      const timer = setTimeout(() => {
        fail('timeout', `no answer within ${request.timeoutMs / 1000} s`);
        call.destroy();
      }, request.timeoutMs);
      let isAnswered = false;
      call.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        fail('connect', error.message || String(error.code), isDenial(error.code ?? ''));
      });
      call.on('close', () => {
        if (!isAnswered) fail('connection_lost', 'the connection broke before an answer came');
      });
      call.on('response', (response) => {
        isAnswered = true;
        readReply(response, request.largestReply ?? LARGEST_REPLY, credentialOf(request))
          .then(resolve, (error: unknown) => {
            fail('answer', error instanceof Error ? error.message : String(error));
            call.destroy();
          })
          .finally(() => clearTimeout(timer));
      });
      call.end(body);
    });
  }

  close(): void {
    this.#agent?.destroy();
    this.#agent = undefined;
  }

  #agentFor(url: URL): HttpAgent | HttpsAgent {
    const options = { keepAlive: true, maxSockets: 1 };
    // Certificates are read when the connection is made anew, after `close` or a failure.
    this.#agent ??= url.protocol === 'https:' ? new HttpsAgent({ ...options, ...this.#tls() }) : new HttpAgent(options);
    return this.#agent;
  }
}

/** What a receiver may repeat of a request and nobody may read. */
function credentialOf({ headers }: HttpRequest): string | undefined {
  return headers['Authorization']?.split(' ').at(-1);
}

async function readReply(
  response: IncomingMessage,
  largest: number,
  credential: string | undefined,
): Promise<HttpReply> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > largest) throw new Error(`the answer is longer than ${largest} bytes`);
    parts.push(part);
  }
  const { statusCode, headers } = response;
  const text = Buffer.concat(parts).toString();
  const body = credential === undefined || credential === '' ? text : text.replaceAll(credential, '***');
  return { status: statusCode ?? 0, body, retryAfterMs: retryAfter(headers['retry-after']) };
}

function retryAfter(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,6}$/u.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isFinite(date) ? Math.max(0, date - Date.now()) : undefined;
}

/** The failure that an HTTP status is, by the common rules: 401/403 need a person, 413 and other 4xx are the content's. */
export function statusError({ status, body, retryAfterMs }: HttpReply, host: string): TransportError {
  const message = `${host} answers ${status}: ${body.slice(0, 300)}`;
  const code = `http_${status}`;
  if (status === 401 || status === 403 || status === 404 || status === 405 || (status >= 300 && status < 400)) {
    return new TransportError('denied', code, message, { retryAfterMs });
  }
  if (status === 408 || status === 429 || status >= 500 || status < 400) {
    return new TransportError('retry', code, message, { retryAfterMs });
  }
  return new TransportError('refused', code, message);
}

/** The object that a JSON answer is; undefined for anything else. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** What a member of an answer says, as text. */
export function words(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
