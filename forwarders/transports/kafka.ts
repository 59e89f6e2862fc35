import type * as KafkaLibrary from 'kafkajs';
import { z } from 'zod';
import {
  type OutItem,
  type SendResult,
  type Transport,
  type TransportContext,
  TransportError,
  type TransportType,
} from '../contract';
import { parseEndpoint, secret, timeout, tls, type TlsSettings } from './settings';
import { tlsOptions } from './tls-options';

interface Settings {
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly compression: 'gzip' | 'none';
  readonly sasl: 'plain' | 'scram-sha-256' | 'scram-sha-512' | 'none';
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly timeout: number;
  readonly encrypt: boolean;
  readonly tls?: TlsSettings | undefined;
}

/** A message of more than 1 MB is refused by brokers as they come; a request holds one batch for each partition. */
const LIMITS = { records: 1000, bytes: 800_000, envelope: 160, waitMs: 100 };

/** Errors of the library that no waiting mends: who we are, and what we ask for. */
const DENIED: ReadonlySet<string> = new Set([
  'SASL_AUTHENTICATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
  'UNSUPPORTED_SASL_MECHANISM',
]);
const REFUSED: ReadonlySet<string> = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

/** Kafka, confirmed by all replicas in sync (`acks=-1`). The library is only loaded where this is configured. */
export const kafkaType: TransportType<Settings> = {
  type: 'kafka',
  stability: 'experimental',
  summary: 'Kafka; each record is keyed by its id, so that a compacted topic keeps the latest state of each.',
  delivery: 'confirmed',
  media: ['json', 'text'],
  config: z
    .strictObject({
      brokers: z
        .array(z.string().refine((text) => parseEndpoint(text) !== undefined, 'is not HOST:PORT'))
        .min(1)
        .meta({ description: 'Brokers to begin with', example: ['kafka-1.example.com:9092'] }),
      topic: z
        .string()
        .regex(/^[A-Za-z0-9._%-]{1,249}$/u, 'is no name of a topic')
        .prefault('ascribe')
        .describe('Topic; `%kind` becomes the kind of record'),
      compression: z.enum(['gzip', 'none']).prefault('gzip').describe('Compression of batches'),
      sasl: z.enum(['none', 'plain', 'scram-sha-256', 'scram-sha-512']).prefault('none').describe('How we log in'),
      user: z.string().min(1).optional().meta({ description: 'User for SASL', example: 'ascribe' }),
      password: secret('Their password').optional(),
      timeout,
      encrypt: z.boolean().prefault(false).describe('Speak TLS'),
      tls: tls.optional(),
    })
    .refine(
      ({ sasl, user, password }) => (sasl === 'none') === (user === undefined && password === undefined),
      'sasl needs user and password, and they need sasl',
    ),
  limits: () => LIMITS,
  create: (settings, context) => new KafkaTransport(settings, context),
};

class KafkaTransport implements Transport {
  readonly #settings: Settings;
  readonly #context: TransportContext;
  #producer: KafkaLibrary.Producer | undefined;

  constructor(settings: Settings, context: TransportContext) {
    this.#settings = settings;
    this.#context = context;
  }

  async send(items: readonly OutItem[]): Promise<SendResult> {
    const { compression, timeout } = this.#settings;
    try {
      const producer = await this.#connected();
      await producer.sendBatch({
        acks: -1,
        timeout: timeout * 1000,
        compression: compression === 'gzip' ? 1 : 0,
        topicMessages: this.#byTopic(items),
      });
      return 'ok';
    } catch (error) {
      await this.close();
      throw failureOf(error);
    }
  }

  async probe(): Promise<string> {
    const client = this.#client();
    const admin = client.admin();
    try {
      await admin.connect();
      const { brokers } = await admin.describeCluster();
      return `${brokers.length} brokers answer`;
    } catch (error) {
      throw failureOf(error);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.disconnect().catch(() => undefined);
  }

  async #connected(): Promise<KafkaLibrary.Producer> {
    if (this.#producer !== undefined) return this.#producer;
    // Not idempotent: the id in the key is what duplicates are dropped by, and not every broker gives producer ids.
    const producer = this.#client().producer({ allowAutoTopicCreation: false, retry: { retries: 2 } });
    await producer.connect();
    this.#producer = producer;
    return producer;
  }

  #client(): KafkaLibrary.Kafka {
    const { Kafka, logLevel } = require('kafkajs') as typeof KafkaLibrary;
    const { brokers, timeout, encrypt, tls } = this.#settings;
    return new Kafka({
      clientId: 'ascribe',
      brokers: [...brokers],
      logLevel: logLevel.NOTHING,
      connectionTimeout: timeout * 1000,
      requestTimeout: timeout * 1000,
      // Trying again is the destination's, which knows no end.
      retry: { retries: 1 },
      ...((encrypt || tls !== undefined) && { ssl: tlsOptions(tls, this.#context) }),
      ...this.#sasl(),
    });
  }

  #sasl(): { sasl?: KafkaLibrary.SASLOptions } {
    const { sasl: mechanism, user, password } = this.#settings;
    if (mechanism === 'none' || user === undefined || password === undefined) return {};
    return {
      sasl: { mechanism, username: user, password: this.#context.secret(password) },
    };
  }

  #byTopic(items: readonly OutItem[]): KafkaLibrary.TopicMessages[] {
    const topics = new Map<string, KafkaLibrary.Message[]>();
    for (const { record, text } of items) {
      const topic = this.#settings.topic.replaceAll('%kind', record.kind);
      const headers = {
        event_uid: record.uid,
        kind: record.kind,
        ...(record.revision !== undefined && { revision: String(record.revision) }),
      };
      const message = {
        key: record.uid,
        value: text,
        headers,
        timestamp: String(Math.max(0, Math.floor(record.time))),
      };
      const known = topics.get(topic);
      if (known === undefined) topics.set(topic, [message]);
      else known.push(message);
    }
    return Array.from(topics, ([topic, messages]) => ({ topic, messages }));
  }
}

/** What the library throws, in our words; it wraps the broker's error in those of its retries. */
function failureOf(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const { type, message, cause } = error as {
    readonly type?: string;
    readonly message?: string;
    readonly cause?: unknown;
  };
  if (type === undefined && cause instanceof Error) return failureOf(cause);
  const kind =
    type !== undefined && DENIED.has(type) ? 'denied' : type !== undefined && REFUSED.has(type) ? 'refused' : 'retry';
  return new TransportError(kind, `kafka_${(type ?? 'error').toLowerCase()}`, message ?? String(error), {
    cause: error,
  });
}
