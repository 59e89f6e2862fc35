import { z } from 'zod';
import {
  type FieldValue,
  type OutItem,
  type SendResult,
  type Severity,
  type Transport,
  type TransportContext,
  TransportError,
  type TransportType,
} from '../contract';
import { HttpClient, jsonObject, statusError, words } from './http-client';
import { secret, timeout, tls, type TlsSettings, url } from './settings';
import { tlsOptions } from './tls-options';

interface Settings {
  readonly url: string;
  readonly header?: string | undefined;
  readonly header_value?: string | undefined;
  readonly gzip: boolean;
  readonly timeout: number;
  readonly tls?: TlsSettings | undefined;
}

/** Collectors refuse messages beyond 4 MiB as they come; attributes take three times the room of plain JSON. */
const LIMITS = { records: 1000, bytes: 1 << 20, envelope: 600, waitMs: 500 };

/** `severity_number` of the logs data model. */
const SEVERITY_NUMBERS: Readonly<Record<Severity, number>> = { info: 9, low: 11, medium: 13, high: 17, critical: 21 };

/** The four statuses that the specification allows to try again ("OTLP/HTTP Response", Retryable Response Codes). */
const RETRIED: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** OpenTelemetry logs over HTTP with JSON encoding (OTLP specification 1.x; opentelemetry-proto logs/v1). */
export const otlpHttpType: TransportType<Settings> = {
  type: 'otlp_http',
  stability: 'beta',
  summary: 'OpenTelemetry logs over OTLP/HTTP; with ECS the fields are attributes, else the record is the body.',
  delivery: 'confirmed',
  media: ['json', 'text'],
  config: z
    .strictObject({
      url: url('Address of the collector; without a path `/v1/logs` is added', 'https://otel.example.com:4318'),
      header: z
        .string()
        .regex(/^[A-Za-z0-9-]{1,64}$/u, 'is no name of a header')
        .optional()
        .meta({ description: 'Header that authenticates us', example: 'Authorization' }),
      header_value: secret('Its value').optional(),
      gzip: z.boolean().prefault(true).describe('Compress requests'),
      timeout,
      tls: tls.optional(),
    })
    .refine(
      ({ header, header_value: value }) => (header === undefined) === (value === undefined),
      'header and header_value go together',
    ),
  limits: () => LIMITS,
  create: (settings, context) => new OtlpHttp(settings, context),
};

class OtlpHttp implements Transport {
  readonly #settings: Settings;
  readonly #context: TransportContext;
  readonly #http: HttpClient;
  readonly #url: URL;

  constructor(settings: Settings, context: TransportContext) {
    this.#settings = settings;
    this.#context = context;
    const given = new URL(settings.url);
    this.#url = given.pathname === '/' ? new URL('/v1/logs', given) : given;
    this.#http = new HttpClient(() => tlsOptions(settings.tls, context));
  }

  async send(items: readonly OutItem[], signal: AbortSignal): Promise<SendResult> {
    const { gzip, timeout } = this.#settings;
    const body = this.#body(items.map(logRecord).join(','));
    const request = { method: 'POST', url: this.#url, headers: this.#headers(), body, gzip } as const;
    const reply = await this.#http.ask({ ...request, timeoutMs: timeout * 1000 }, signal);
    if (reply.status !== 200) {
      const error = statusError(reply, this.#url.host);
      // 500 and others of 5xx are final by the specification: trying again as a whole would not help, halves may.
      if (reply.status >= 500 && !RETRIED.has(reply.status))
        throw new TransportError('refused', error.code, error.message);
      throw error;
    }
    return this.#partial(items, reply.body);
  }

  async probe(signal: AbortSignal): Promise<string> {
    const { timeout } = this.#settings;
    const request = { method: 'POST', url: this.#url, headers: this.#headers(), body: this.#body('') } as const;
    const reply = await this.#http.ask({ ...request, timeoutMs: timeout * 1000 }, signal);
    this.#http.close();
    if (reply.status !== 200) throw statusError(reply, this.#url.host);
    return `${this.#url.host} takes OTLP logs`;
  }

  close(): Promise<void> {
    this.#http.close();
    return Promise.resolve();
  }

  /** `partialSuccess` counts what was refused and does not say which: the batch is halved until that is known. */
  #partial(items: readonly OutItem[], body: string): SendResult {
    const partial = (jsonObject(body)?.['partialSuccess'] ?? {}) as Readonly<Record<string, unknown>>;
    const rejected = Number(partial['rejectedLogRecords'] ?? 0);
    if (!(rejected > 0)) return 'ok';
    const cause = `${this.#url.host} refuses ${rejected} of ${items.length}: ${words(partial['errorMessage'])}`;
    if (items.length === 1) return [{ state: 'dead', code: 'otlp_rejected', cause }];
    throw new TransportError('refused', 'otlp_rejected', cause);
  }

  #headers(): Record<string, string> {
    const { header, header_value: value } = this.#settings;
    const own = header === undefined || value === undefined ? {} : { [header]: this.#context.secret(value) };
    return { 'Content-Type': 'application/json', ...own };
  }

  #body(records: string): string {
    const { hostname, version } = this.#context;
    const resource = { 'service.name': 'ascribe', 'service.version': version, 'host.name': hostname };
    const attributes = JSON.stringify(Object.entries(resource).map(([key, value]) => attribute(key, value)));
    const scope = JSON.stringify({ name: 'ascribe', version });
    return `{"resourceLogs":[{"resource":{"attributes":${attributes}},"scopeLogs":[{"scope":${scope},"logRecords":[${records}]}]}]}`;
  }
}

const OWN_NAMES: ReadonlySet<string> = new Set(['event.id', 'event.dataset', 'event.sequence']);

/** One LogRecord. 64-bit integers are decimal text in protobuf's JSON. */
function logRecord({ record, text, format }: OutItem): string {
  const { uid, revision, kind, time, severity, fields } = record;
  const isEcs = format.name === 'ecs';
  const body = isEcs ? String(fields['message'] ?? fields['event.action'] ?? kind) : text;
  // A device's own field of one of our names would make a key stand twice, which OTLP forbids.
  const shown = isEcs ? Object.entries(fields).filter(([name]) => !OWN_NAMES.has(name)) : [];
  const nanoseconds = `${BigInt(Number.isFinite(time) ? Math.floor(time) : 0) * 1_000_000n}`;
  return JSON.stringify({
    timeUnixNano: nanoseconds,
    observedTimeUnixNano: `${BigInt(Date.now()) * 1_000_000n}`,
    severityNumber: SEVERITY_NUMBERS[severity],
    severityText: severity,
    eventName: `ascribe.${kind}`,
    body: { stringValue: body.toWellFormed() },
    attributes: [
      attribute('event.id', uid),
      attribute('event.dataset', `ascribe.${kind}`),
      ...(revision === undefined ? [] : [attribute('event.sequence', revision)]),
      ...shown.map(([key, value]) => attribute(key, value)),
    ],
  });
}

function attribute(key: string, value: FieldValue): { key: string; value: object } {
  return { key: key.toWellFormed(), value: anyValue(value) };
}

function anyValue(value: FieldValue): object {
  switch (typeof value) {
    case 'string':
      return { stringValue: value.toWellFormed() };
    case 'boolean':
      return { boolValue: value };
    case 'bigint':
      // Beyond 2^63 no integer of the model holds it.
      return value >= -(2n ** 63n) && value < 2n ** 63n
        ? { intValue: value.toString() }
        : { stringValue: value.toString() };
    case 'number':
      return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    case 'object':
      return { arrayValue: { values: value.map((member) => ({ stringValue: member.toWellFormed() })) } };
    case 'undefined':
    case 'function':
    case 'symbol':
      return {};
  }
}
