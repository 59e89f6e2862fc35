import type { RawRecord } from '../../../collectors/contract';
import { parseHeader } from '../../../normalizer/syslog/header/parse-header';
import { Certificates, fingerprintOf, HAS_OPENSSL, type Party } from './certificates';
import { Receiver } from './receiver';
import { STRANGERS, type Route, type Sending } from './strangers';

const COUNT = 3000;
const lines = Array.from({ length: COUNT }, (_, i) => `line ${i} of ${COUNT}, ${'padding '.repeat(20)}end`);

function numberOf({ bytes, receivedAt }: RawRecord): number {
  const { content, hostname } = parseHeader(bytes, { receivedAt });
  const found = /line (\d+) of \d+, .* end$/.exec(content);
  return hostname === undefined ? Number.NaN : Number(found?.[1] ?? Number.NaN);
}

describe.each(['rsyslog', 'syslog-ng'])('%s sends', (name) => {
  const stranger = STRANGERS.find((each) => each.name === name);
  const here = stranger === undefined ? test.skip : test;
  const secure = stranger === undefined || !HAS_OPENSSL ? test.skip : test;
  let receiver: Receiver;
  let sending: Sending | undefined;

  afterEach(async () => {
    await sending?.stop();
    sending = undefined;
    await receiver.close();
  });

  /** Starts the receiver and the stranger, and waits until all lines have come or are counted as lost. */
  async function received(config: Record<string, unknown>, route: Omit<Route, 'port'>): Promise<void> {
    receiver = new Receiver(config);
    await receiver.collector.start();
    const protocol = route.transport.startsWith('tcp') ? 'tcp' : (route.transport as 'udp' | 'tls');
    sending = stranger?.send(lines, { ...route, port: receiver.port(protocol) });
    await receiver.until(() => {
      sending?.check();
      return receiver.records.length + lost() >= COUNT;
    });
  }

  const lost = () => receiver.collector.stats().udp.reduce((sum, { kernelDrops }) => sum + (kernelDrops ?? 0), 0);

  /** The numbers of the lines that came, in order of arrival. */
  function numbers(): number[] {
    return receiver.records.map((record) => numberOf(record));
  }

  const all = Array.from({ length: COUNT }, (_, i) => i);

  here(
    'over UDP: sent = received + what the kernel counts as dropped',
    async () => {
      await received({ udp: ['127.0.0.1:0'] }, { transport: 'udp' });
      expect(receiver.records.length + lost()).toBe(COUNT);
      if (lost() === 0) expect(numbers()).toEqual(all);
    },
    60_000,
  );

  here.each(['tcp-lines', 'tcp-counted'] as const)(
    'over %s: every message, whole and in order',
    async (transport) => {
      await received({ tcp: ['127.0.0.1:0'] }, { transport });
      expect(numbers()).toEqual(all);
      const [stream] = receiver.collector.stats().streams;
      expect(stream).toMatchObject({ messages: COUNT, counted: transport === 'tcp-counted' ? COUNT : 0, truncated: 0 });
    },
    60_000,
  );

  here(
    'and is killed: what came is a beginning without holes, and the next sender is heard',
    async () => {
      receiver = new Receiver({ tcp: ['127.0.0.1:0'] });
      await receiver.collector.start();
      const many = Array.from({ length: 200_000 }, (_, i) => `line ${i} of 200000, padding end`);
      sending = stranger?.send(many, { transport: 'tcp-counted', port: receiver.port('tcp') });
      await receiver.until(() => receiver.records.length > 1000);
      await sending?.stop('SIGKILL');
      await receiver.until(() => receiver.collector.stats().streams[0]?.connections.open === 0);
      const { incomplete = 0 } = receiver.collector.stats().streams[0] ?? {};
      const whole = receiver.records.length - incomplete;
      expect(numbers().slice(0, whole)).toEqual(Array.from({ length: whole }, (_, i) => i));
      const before = receiver.records.length;
      sending = stranger?.send(lines, { transport: 'tcp-counted', port: receiver.port('tcp') });
      await receiver.until(() => receiver.records.length === before + COUNT);
    },
    60_000,
  );

  here.each(['tcp-lines', 'tcp-counted'] as const)(
    'over %s while the receiver is stopped and started: every message at least once',
    async (transport) => {
      receiver = new Receiver({ tcp: ['127.0.0.1:0'] });
      await receiver.collector.start();
      const total = 100_000;
      const many = Array.from({ length: total }, (_, i) => `line ${i} of ${total}, padding end`);
      const port = receiver.port('tcp');
      sending = stranger?.send(many, { transport, port });
      for (const part of [10_000, 40_000]) {
        await receiver.until(() => receiver.records.length > part);
        await receiver.replace({ tcp: [`127.0.0.1:${port}`] });
      }
      const found = new Set<number>();
      let read = 0;
      await receiver.until(() => {
        sending?.check();
        for (; read < receiver.records.length; read++) found.add(numberOf(receiver.records[read]!));
        return found.size >= total;
      });
      expect(found.size).toBe(total);
    },
    60_000,
  );

  secure(
    "over TLS with a client certificate: every message, with the client's identity",
    async () => {
      const authority = new Certificates();
      const server: Party = authority.issue('server', 'collector', 'DNS:localhost, IP:127.0.0.1');
      const client = authority.issue('client', 'sender', 'DNS:sender.example');
      const listen = ['127.0.0.1:0'];
      await received(
        { tls: { listen, ...server, ca: authority.ca, clients: ['sender.example'] } },
        { transport: 'tls', tls: { ...client, ca: authority.ca } },
      );
      expect(numbers()).toEqual(all);
      const identity = `#name=sender.example&sha256=${fingerprintOf(client.cert)}`;
      expect(receiver.records.every(({ origin }) => origin.source.endsWith(identity))).toBe(true);
      authority.remove();
    },
    60_000,
  );
});
