import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import {
  HAS_IMRELP,
  kafkaMock,
  KCAT,
  NATS,
  natsServer,
  rsyslogReceiver,
} from '../../test/forwarders/receivers/programs';

export interface ConfirmedReceiver {
  readonly name: string;
  /** Transport section of the configuration. */
  readonly way: object;
  stop(): Promise<void>;
}

/** rsyslog with RELP, nats-server and librdkafka's mock cluster, where they are here; all at work when it resolves. */
export async function confirmedReceivers(folder: string): Promise<ConfirmedReceiver[]> {
  const found: ConfirmedReceiver[] = [];
  if (HAS_IMRELP) {
    const { stranger, port } = await rsyslogReceiver(join(folder, 'relp'), 'relp');
    found.push({ name: 'relp', way: { relp: { to: `127.0.0.1:${port}` } }, stop: () => stranger.kill() });
  }
  if (NATS !== undefined) {
    const { stranger, port } = await natsServer(join(folder, 'nats'));
    const connection = await connect({ servers: `127.0.0.1:${port}` });
    await (await jetstreamManager(connection)).streams.add({ name: 'ASCRIBE', subjects: ['ascribe.>'] });
    await connection.close();
    found.push({ name: 'nats', way: { nats: { to: `127.0.0.1:${port}` } }, stop: () => stranger.kill() });
  }
  if (KCAT !== undefined) {
    const { stranger, broker } = await kafkaMock(join(folder, 'kafka'), 'ascribe');
    found.push({ name: 'kafka', way: { kafka: { brokers: [broker] } }, stop: () => stranger.kill() });
  }
  return found;
}
