import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { AzureReceiver, azureDestination } from './azure-receiver';
import { BulkReceiver } from './bulk-receiver';
import { HecReceiver } from './hec-receiver';
import { OtlpReceiver } from './otlp-receiver';
import { HAS_IMRELP, kafkaMock, KCAT, NATS, natsServer, rsyslogReceiver } from './programs';
import type { Receiver } from './receiver';

/** A confirmed way to a receiver, with what is needed to disturb it at the worst moment. */
export interface Party {
  readonly name: string;
  /** Transport section of the configuration. */
  readonly destination: object;
  /** Calls back once, when the receiver has stored something more: mostly before it has answered. */
  whenStored(callback: () => void): void;
  /** Breaks connections off, or kills the receiver and starts it again. */
  disturb(): Promise<void>;
  ids(): Promise<ReadonlySet<string>>;
  stop(): Promise<void>;
}

const LOOK_MS = 5;

/** Watches something that grows. */
function watching(amount: () => number): (callback: () => void) => void {
  return (callback) => {
    const before = amount();
    const timer = setInterval(() => {
      if (amount() <= before) return;
      clearInterval(timer);
      callback();
    }, LOOK_MS);
  };
}

async function overHttp(name: string, receiver: Receiver, way: (url: string) => object): Promise<Party> {
  await receiver.start();
  return {
    name,
    destination: way(receiver.url),
    whenStored: (callback) => {
      receiver.onStored = () => {
        receiver.onStored = () => undefined;
        callback();
      };
    },
    disturb: () => {
      receiver.hangUp();
      return Promise.resolve();
    },
    ids: () => Promise.resolve(receiver.ids),
    stop: () => receiver.stop(),
  };
}

function intoFiles(folder: string): Party {
  const directory = join(folder, 'files');
  const names = (): string[] => (existsSync(directory) ? readdirSync(directory) : []);
  return {
    name: 'file',
    destination: { file: { directory, roll_after: 1, roll_bytes: 65_536 } },
    whenStored: watching(() => names().length),
    disturb: () => Promise.resolve(),
    ids: () => {
      const whole = names().filter((name) => name.endsWith('.ndjson'));
      const lines = whole.flatMap((name) => readFileSync(join(directory, name), 'utf8').trim().split('\n'));
      return Promise.resolve(new Set(lines.map((line) => (JSON.parse(line) as { event: { id: string } }).event.id)));
    },
    stop: () => Promise.resolve(),
  };
}

async function overRelp(folder: string): Promise<Party> {
  const { stranger, port, lines, output } = await rsyslogReceiver(join(folder, 'relp'), 'relp');
  return {
    name: 'relp',
    destination: { relp: { to: `127.0.0.1:${port}`, timeout: 5 } },
    whenStored: watching(() => (existsSync(output) ? statSync(output).size : 0)),
    disturb: async () => {
      await stranger.kill('SIGKILL');
      stranger.restart();
    },
    // A line that the kill cut off was answered for never: it comes again.
    ids: () => Promise.resolve(new Set(lines().flatMap((line) => /uid="([0-9a-f]{32})".*\}$/u.exec(line)?.[1] ?? []))),
    stop: () => stranger.kill(),
  };
}

async function overNats(folder: string): Promise<Party> {
  const { stranger, port } = await natsServer(join(folder, 'nats'));
  const servers = `127.0.0.1:${port}`;
  const connection = await connect({ servers, reconnect: true, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'ASCRIBE', subjects: ['ascribe.>'] });
  let seen = 0;
  connection.subscribe('ascribe.>', { callback: () => void seen++ });
  return {
    name: 'nats',
    destination: { nats: { to: servers, timeout: 5 } },
    whenStored: watching(() => seen),
    disturb: async () => {
      await stranger.kill('SIGKILL');
      stranger.restart();
    },
    ids: () => natsIds(servers),
    stop: async () => {
      await connection.close();
      await stranger.kill();
    },
  };
}

async function natsIds(servers: string): Promise<ReadonlySet<string>> {
  const reader = await connect({ servers, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  try {
    const { state } = await (await jetstreamManager(reader)).streams.info('ASCRIBE');
    const consumer = await jetstream(reader).consumers.get('ASCRIBE');
    const ids = new Set<string>();
    if (state.messages === 0) return ids;
    for await (const message of await consumer.fetch({ max_messages: state.messages, expires: 30_000 })) {
      ids.add(message.headers?.get('Nats-Msg-Id') ?? '');
      if (message.info.pending === 0) break;
    }
    return ids;
  } finally {
    await reader.close();
  }
}

async function overKafka(folder: string): Promise<Party> {
  const { stranger, broker, consumed } = await kafkaMock(join(folder, 'kafka'), 'ascribe');
  const output = join(folder, 'kafka', 'consumed.log');
  return {
    name: 'kafka',
    destination: { kafka: { brokers: [broker], timeout: 5 } },
    whenStored: watching(() => statSync(output).size),
    // The mock keeps its messages in memory: it can be frozen, not killed.
    disturb: () => {
      stranger.freeze();
      stranger.thaw();
      return Promise.resolve();
    },
    ids: () => Promise.resolve(new Set(consumed().map((row) => row.slice(0, 32)))),
    stop: () => stranger.kill(),
  };
}

/** Every confirmed transport for which there is a receiver here. */
export async function confirmedParties(folder: string): Promise<Party[]> {
  const token = 'secret of cred:hec';
  const hec = (url: string): object => ({ splunk_hec: { url, token: 'cred:hec', timeout: 5 } });
  return [
    await overHttp('elasticsearch', new BulkReceiver(), (url) => ({ elasticsearch: { url, timeout: 5 } })),
    await overHttp('splunk_hec', new HecReceiver(token), hec),
    await overHttp('splunk_hec acknowledged', new HecReceiver(token, true), (url) => ({
      splunk_hec: { url, token: 'cred:hec', acknowledge: true, timeout: 5 },
    })),
    await overHttp('otlp_http', new OtlpReceiver(), (url) => ({ otlp_http: { url, timeout: 5 } })),
    await overHttp('azure_logs', new AzureReceiver(), azureDestination),
    intoFiles(folder),
    ...(HAS_IMRELP ? [await overRelp(folder)] : []),
    ...(NATS === undefined ? [] : [await overNats(folder)]),
    ...(KCAT === undefined ? [] : [await overKafka(folder)]),
  ];
}
