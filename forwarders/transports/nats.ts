import type * as JetStreamLibrary from '@nats-io/jetstream';
import type * as NatsLibrary from '@nats-io/transport-node';
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
import { endpoint, secret, timeout, tls, type Endpoint, type TlsSettings } from './settings';
import { isDenial } from './connection';
import { type TlsOptions, tlsOptions } from './tls-options';

interface Settings {
  readonly to: Endpoint;
  readonly subject: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  readonly timeout: number;
  readonly tls?: TlsSettings | undefined;
}

/** Publications on their way at once; the server's default for one message is 1 MiB. */
const LIMITS = { records: 1000, bytes: 1 << 20, envelope: 160, waitMs: 0 };
const LARGEST = 1 << 20;
/** What the id and its header line add to a message, generously. */
const HEADERS = 256;

/** NATS JetStream. The library is only loaded where this is configured. */
export const natsType: TransportType<Settings> = {
  type: 'nats',
  stability: 'experimental',
  summary:
    'NATS JetStream; the server drops duplicates by id within its window. Use sync_interval: always on single nodes.',
  delivery: 'confirmed',
  media: ['json', 'text'],
  config: z
    .strictObject({
      to: endpoint('Server', 'nats.example.com:4222'),
      subject: z
        .string()
        .regex(/^[A-Za-z0-9_%-]+(?:\.[A-Za-z0-9_%-]+)*$/u, 'is no subject without wildcards')
        .prefault('ascribe.%kind')
        .describe('Subject, which a stream must hold; `%kind` becomes the kind of record'),
      user: z.string().min(1).optional().meta({ description: 'User', example: 'ascribe' }),
      password: secret('Their password').optional(),
      token: secret('Token, instead of a user').optional(),
      timeout,
      tls: tls.optional(),
    })
    .refine(({ user, password }) => (user === undefined) === (password === undefined), 'user and password go together'),
  limits: () => LIMITS,
  create: (settings, context) => new NatsTransport(settings, context),
};

interface Connected {
  readonly connection: NatsLibrary.NatsConnection;
  readonly stream: JetStreamLibrary.JetStreamClient;
}

class NatsTransport implements Transport {
  readonly #settings: Settings;
  readonly #context: TransportContext;
  #connected: Connected | undefined;

  constructor(settings: Settings, context: TransportContext) {
    this.#settings = settings;
    this.#context = context;
  }

  async send(items: readonly OutItem[]): Promise<SendResult> {
    const connected = await this.#connect();
    const outcomes = await Promise.all(items.map((item) => this.#publish(connected, item)));
    const lost = outcomes.find((outcome) => outcome.state === 'retry');
    // A connection that answers nothing any more is made anew.
    if (lost !== undefined && outcomes.every((outcome) => outcome.state === 'retry')) {
      await this.close(1000);
      throw new TransportError('retry', lost.code, lost.cause);
    }
    return outcomes;
  }

  async probe(): Promise<string> {
    const { connection } = await this.#connect();
    const version = connection.info?.version ?? 'of unknown version';
    const hasStreams = connection.info?.jetstream === true;
    await this.close(1000);
    if (!hasStreams) throw new TransportError('denied', 'nats_jetstream', `nats-server ${version} has no JetStream`);
    return `nats-server ${version} with JetStream; the subject is tried with the first record`;
  }

  async close(deadlineMs: number): Promise<void> {
    const connected = this.#connected;
    this.#connected = undefined;
    if (connected === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, deadlineMs)));
    await Promise.race([connected.connection.close().catch(() => undefined), late]);
    clearTimeout(timer);
  }

  async #connect(): Promise<Connected> {
    if (this.#connected !== undefined && !this.#connected.connection.isClosed()) return this.#connected;
    const { connect } = require('@nats-io/transport-node') as typeof NatsLibrary;
    const { jetstream } = require('@nats-io/jetstream') as typeof JetStreamLibrary;
    const { to, user, password, token, timeout, tls } = this.#settings;
    const { secret } = this.#context;
    const host = to.host.includes(':') ? `[${to.host}]` : to.host;
    try {
      const connection = await connect({
        servers: `${host}:${to.port}`,
        name: 'ascribe',
        timeout: timeout * 1000,
        // Trying again is the destination's, which knows no end.
        reconnect: false,
        ...(user !== undefined && password !== undefined && { user, pass: secret(password) }),
        ...(token !== undefined && { token: secret(token) }),
        ...(tls !== undefined && { tls: libraryTls(tlsOptions(tls, this.#context), to.host) }),
      });
      this.#connected = { connection, stream: jetstream(connection, { timeout: timeout * 1000 }) };
      return this.#connected;
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new TransportError(isDenied(cause) ? 'denied' : 'retry', 'nats_connect', message, { cause });
    }
  }

  async #publish({ connection, stream }: Connected, { record, text }: OutItem): Promise<ItemOutcome> {
    const { uid, revision, kind } = record;
    const size = Buffer.byteLength(text) + HEADERS;
    if (size > (connection.info?.max_payload ?? LARGEST))
      return { state: 'dead', code: 'too_large', cause: `${size} bytes are more than a message holds` };
    const subject = this.#settings.subject.replaceAll('%kind', kind);
    try {
      await stream.publish(subject, text, { msgID: revision === undefined ? uid : `${uid}-${revision}` });
      return { state: 'ok' };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { state: 'retry', code: 'nats_publish', cause: `${subject}: ${message || 'no stream answers for it'}` };
    }
  }
}

/**
 * What the library hands to `tls.connect`; it wants text. Without `host` it would hold the certificate of a server that is named by its
 * address to the name `localhost`.
 */
function libraryTls({ ca, cert, ...options }: TlsOptions, host: string): object {
  return {
    ...options,
    host,
    ...(ca !== undefined && { ca: ca.toString() }),
    ...(cert !== undefined && { cert: cert.toString() }),
  };
}

/** The server does not accept us, or is not whom we know: a word of the library's or of TLS, somewhere down the causes. */
function isDenied(error: unknown): boolean {
  let at = error as { readonly message?: unknown; readonly code?: unknown; readonly cause?: unknown } | undefined;
  for (let depth = 0; depth < 5 && typeof at === 'object' && at !== null; depth++, at = at.cause as typeof at) {
    if (/authorization|authentication/iu.test(String(at.message)) || isDenial(String(at.code))) return true;
  }
  return false;
}
