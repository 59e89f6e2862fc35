import { z } from 'zod';
import {
  type OutItem,
  type SendResult,
  type Transport,
  type TransportContext,
  TransportError,
  type TransportType,
} from '../contract';
import { rfc3339 } from '../formats/well-formed';
import { HttpClient, jsonObject, statusError, words } from './http-client';
import { secret, timeout, tls, type TlsSettings, url } from './settings';
import { tlsOptions } from './tls-options';

interface Settings {
  readonly url: string;
  readonly rule: string;
  readonly stream: string;
  readonly tenant: string;
  readonly client: string;
  readonly client_secret: string;
  readonly authority: string;
  readonly scope: string;
  readonly gzip: boolean;
  readonly timeout: number;
  readonly tls?: TlsSettings | undefined;
}

/** "Logs Ingestion API in Azure Monitor", service limits: 1 MB a call, both compressed and not. */
const LIMITS = { records: 2000, bytes: 1_000_000, envelope: 200, waitMs: 1000 };
const API_VERSION = '2023-01-01';
/** A token is renewed this long before it ends. */
const RENEW_MS = 300_000;
const IDENTIFIER = /^[A-Za-z0-9._-]{1,128}$/u;

/** Azure Monitor Logs Ingestion, and so Microsoft Sentinel. The record is the object's columns, with `TimeGenerated`. */
export const azureLogsType: TransportType<Settings> = {
  type: 'azure_logs',
  stability: 'experimental',
  summary: 'Azure Monitor Logs Ingestion (Microsoft Sentinel) through a data collection rule.',
  delivery: 'confirmed',
  media: ['json'],
  config: z.strictObject({
    url: url('Data collection endpoint', 'https://ascribe-x1y2.westeurope-1.ingest.monitor.azure.com'),
    rule: z.string().regex(IDENTIFIER, 'is no immutable id').meta({
      description: 'Immutable id of the data collection rule',
      example: 'dcr-00000000000000000000000000000000',
    }),
    stream: z.string().regex(IDENTIFIER, 'is no name of a stream').meta({
      description: 'Stream in the rule',
      example: 'Custom-Ascribe_CL',
    }),
    tenant: z
      .string()
      .regex(IDENTIFIER, 'is no tenant')
      .meta({ description: 'Directory (tenant) id', example: 'example.com' }),
    client: z.string().regex(IDENTIFIER, 'is no client id').meta({
      description: 'Application (client) id, with the role Monitoring Metrics Publisher on the rule',
      example: '00000000-0000-0000-0000-000000000000',
    }),
    client_secret: secret('Its secret'),
    authority: url('Where tokens come from', 'https://login.microsoftonline.com').prefault(
      'https://login.microsoftonline.com',
    ),
    scope: z
      .string()
      .min(1)
      .prefault('https://monitor.azure.com//.default')
      .describe('Scope of the token; differs in sovereign clouds'),
    gzip: z.boolean().prefault(true).describe('Compress requests'),
    timeout,
    tls: tls.optional(),
  }),
  limits: () => LIMITS,
  create: (settings, context) => new AzureLogs(settings, context),
};

class AzureLogs implements Transport {
  readonly #settings: Settings;
  readonly #context: TransportContext;
  readonly #http: HttpClient;
  readonly #tokens: HttpClient;
  readonly #url: URL;
  #token: { readonly value: string; readonly renewAt: number } | undefined;

  constructor(settings: Settings, context: TransportContext) {
    this.#settings = settings;
    this.#context = context;
    const { rule, stream } = settings;
    const path = `/dataCollectionRules/${rule}/streams/${stream}?api-version=${API_VERSION}`;
    this.#url = new URL(path, settings.url);
    this.#http = new HttpClient(() => tlsOptions(settings.tls, context));
    this.#tokens = new HttpClient(() => tlsOptions(settings.tls, context));
  }

  async send(items: readonly OutItem[], signal: AbortSignal): Promise<SendResult> {
    const { gzip, timeout } = this.#settings;
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${await this.#bearer(signal)}` };
    const body = `[${items.map(row).join(',')}]`;
    const request = { method: 'POST', url: this.#url, headers, body, gzip, timeoutMs: timeout * 1000 } as const;
    const reply = await this.#http.ask(request, signal);
    if (reply.status === 204 || reply.status === 200) return 'ok';
    if (reply.status === 401) this.#token = undefined;
    throw statusError(reply, this.#url.host);
  }

  async probe(signal: AbortSignal): Promise<string> {
    await this.#bearer(signal);
    await this.close();
    return `${new URL(this.#settings.authority).host} gives a token; the rule is tried with the first record`;
  }

  close(): Promise<void> {
    this.#http.close();
    this.#tokens.close();
    return Promise.resolve();
  }

  /** OAuth 2.0 client credentials ("Microsoft identity platform and the OAuth 2.0 client credentials flow"). */
  async #bearer(signal: AbortSignal): Promise<string> {
    if (this.#token !== undefined && performance.now() < this.#token.renewAt) return this.#token.value;
    const { authority, tenant, client, client_secret: reference, scope, timeout } = this.#settings;
    const target = new URL(`/${tenant}/oauth2/v2.0/token`, authority);
    const form = {
      grant_type: 'client_credentials',
      client_id: client,
      client_secret: this.#context.secret(reference),
      scope,
    };
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams(form).toString();
    const reply = await this.#tokens.ask(
      { method: 'POST', url: target, headers, body, timeoutMs: timeout * 1000 },
      signal,
    );
    const answer = jsonObject(reply.body);
    const value = answer?.['access_token'];
    if (reply.status !== 200 || typeof value !== 'string') {
      const kind = reply.status >= 500 || reply.status === 429 ? 'retry' : 'denied';
      // The answer may repeat what was sent: only its code is told.
      throw new TransportError(
        kind,
        `token_${reply.status}`,
        `${target.host} gives no token: ${words(answer?.['error'] ?? reply.status)}`,
      );
    }
    const lifeMs = Number(answer?.['expires_in'] ?? 0) * 1000;
    this.#token = { value, renewAt: performance.now() + Math.max(lifeMs / 2, lifeMs - RENEW_MS) };
    return value;
  }
}

/** `TimeGenerated` is the one column that every table must have. */
function row({ record, text }: OutItem): string {
  const { uid, revision, kind, time } = record;
  const head = JSON.stringify({
    TimeGenerated: rfc3339(time),
    EventUid: uid,
    Kind: kind,
    ...(revision !== undefined && { Revision: revision }),
  });
  return `${head.slice(0, -1)},${text.slice(1)}`;
}
