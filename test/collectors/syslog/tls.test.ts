import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { TlsFilesError } from '../../../collectors/syslog/tls-files';
import { Certificates, fingerprintOf, HAS_OPENSSL, type Party } from './certificates';
import { Receiver } from './receiver';

const withOpenssl = HAS_OPENSSL ? describe : describe.skip;

withOpenssl('syslog over TLS', () => {
  let authority: Certificates;
  let foreign: Certificates;
  let server: Party;
  let client: Party;
  let receiver: Receiver;

  beforeAll(() => {
    authority = new Certificates();
    foreign = new Certificates('Foreign CA');
    server = authority.issue('server', 'collector.example', 'DNS:collector.example, IP:127.0.0.1');
    client = authority.issue('client', 'unused', 'DNS:fw1.example, IP:192.0.2.7');
  });

  afterAll(() => {
    authority.remove();
    foreign.remove();
  });

  afterEach(async () => receiver.close());

  async function started(clients: readonly string[] = [], more: Record<string, unknown> = {}): Promise<void> {
    receiver = new Receiver({ tls: { listen: ['127.0.0.1:0'], ...server, ca: authority.ca, clients, ...more } });
    await receiver.collector.start();
  }

  const sockets: TLSSocket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });

  function sender(party?: Party, more: ConnectionOptions = {}): TLSSocket {
    const own = party === undefined ? {} : { cert: readFileSync(party.cert), key: readFileSync(party.key) };
    const ca = readFileSync(authority.ca);
    const socket = connect({ host: '127.0.0.1', port: receiver.port('tls'), ca, ...own, ...more });
    socket.on('error', () => undefined);
    sockets.push(socket);
    return socket;
  }

  const stream = () => receiver.collector.stats().streams[0]!;

  test("messages arrive with the client's identity", async () => {
    await started();
    sender(client).end('5 <13>a6 <13>bc');
    await receiver.until(() => receiver.records.length === 2);
    expect(receiver.texts).toEqual(['<13>a', '<13>bc']);
    const { port } = receiver.collector.addresses()[0]!;
    const fingerprint = fingerprintOf(client.cert);
    expect(receiver.records[0]?.origin.source).toBe(`tls://127.0.0.1:${port}#name=fw1.example&sha256=${fingerprint}`);
    expect(receiver.records[0]?.origin.peer).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  test.each([
    ['a listed DNS name', ['FW1.example']],
    ['a listed wildcard', ['*.example']],
    ['a listed address', ['192.0.2.7']],
  ])('%s may send', async (_, clients) => {
    await started(clients);
    sender(client).end('5 <13>a');
    await receiver.until(() => receiver.records.length === 1);
  });

  test('a listed common name may send where the certificate has no DNS name', async () => {
    await started(['old-fw']);
    sender(authority.issue('old', 'old-fw')).end('5 <13>a');
    await receiver.until(() => receiver.records.length === 1);
    expect(receiver.records[0]?.origin.source).toContain('#name=old-fw&');
  });

  test('a common name beside a DNS name does not count', async () => {
    await started(['unused']);
    sender(client).write('5 <13>a');
    await receiver.until(() => stream().tlsDenied === 1);
    expect(receiver.events).toContainEqual(
      expect.objectContaining({ kind: 'stream_tls_denied', reason: 'not_listed', name: 'fw1.example' }),
    );
  });

  test('a listed fingerprint may send whoever signed it', async () => {
    const own = foreign.selfSigned('own', 'self');
    await started([`sha256:${fingerprintOf(own.cert)}`]);
    sender(own).end('5 <13>a');
    await receiver.until(() => receiver.records.length === 1);
  });

  test.each([
    ['no certificate', () => undefined, 'no_certificate'],
    ["another CA's certificate with a listed name", () => foreign.issue('f', 'x', 'DNS:fw1.example'), 'not_trusted'],
  ])('%s may not send', async (_, party, reason) => {
    await started(['fw1.example']);
    sender(party()).write('5 <13>a');
    await receiver.until(() => stream().tlsDenied === 1);
    await receiver.until(() => stream().connections.open === 0);
    expect(receiver.records).toEqual([]);
    expect(receiver.events).toContainEqual(expect.objectContaining({ kind: 'stream_tls_denied', reason }));
  });

  test('plain text is named', async () => {
    await started();
    const socket = await receiver.connect('tls');
    socket.write('<13>Nov 24 03:00:00 host app: this is no TLS\n');
    await receiver.until(() => stream().plainOnTls === 1);
    expect(receiver.events).toContainEqual(
      expect.objectContaining({ kind: 'stream_plain_on_tls', address: '127.0.0.1', connections: 1 }),
    );
    expect(receiver.records).toEqual([]);
  });

  test.each([['5 <13>a'], ['GET / HTTP/1.1\r\n\r\n'], ['\0\0\0\0\0\0\0\0']])('%j is no TLS either', async (text) => {
    await started();
    const socket = await receiver.connect('tls');
    socket.write(text);
    await receiver.until(() => stream().plainOnTls === 1);
  });

  test('a handshake that does not come to an end is given up', async () => {
    await started([], { handshake_timeout: 1 });
    const socket = await receiver.connect('tls');
    await new Promise((resolve) => {
      socket.once('close', resolve);
    });
    await receiver.until(() => stream().tlsFailed === 1);
    expect(stream().connections).toMatchObject({ accepted: 1, open: 0 });
    expect(receiver.events).toContainEqual(
      expect.objectContaining({ kind: 'stream_tls_failed', reason: 'ERR_TLS_HANDSHAKE_TIMEOUT' }),
    );
  });

  test('a connection that breaks in the handshake is counted once', async () => {
    await started();
    const socket = await receiver.connect('tls');
    socket.write(Buffer.from('1603010200', 'hex'));
    socket.resetAndDestroy();
    await receiver.until(() => stream().tlsFailed > 0);
    expect(stream()).toMatchObject({ tlsFailed: 1, plainOnTls: 0, tlsDenied: 0 });
  });

  test('TLS 1.1 is refused, 1.2 is not', async () => {
    await started();
    sender(client, { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }).end('5 <13>a');
    await receiver.until(() => receiver.records.length === 1);
    sender(client, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' });
    await receiver.until(() => stream().tlsFailed + stream().plainOnTls === 1);
    expect(stream().tlsFailed).toBe(1);
  });

  test('new certificates hold for new connections and drop none', async () => {
    const files = { cert: join(authority.folder, 'live.pem'), key: join(authority.folder, 'live.key') };
    const install = (party: Party) => {
      copyFileSync(party.cert, files.cert);
      copyFileSync(party.key, files.key);
    };
    install(server);
    await started([], files);
    const before = sender(client);
    before.write('5 <13>a');
    await receiver.until(() => receiver.records.length === 1);
    const next = authority.issue('next', 'collector.example', 'DNS:collector.example, IP:127.0.0.1');
    install(next);
    await receiver.collector.reloadTls();
    before.write('5 <13>b');
    const after = sender(client);
    await new Promise((resolve) => {
      after.once('secureConnect', resolve);
    });
    expect(after.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase()).toBe(fingerprintOf(next.cert));
    after.write('5 <13>c');
    await receiver.until(() => receiver.records.length === 3);
    expect([...receiver.texts].sort()).toEqual(['<13>a', '<13>b', '<13>c']);
    expect(receiver.kinds()).toEqual(['stream_tls_reloaded']);
  });

  test('certificates that cannot be read leave the old ones in force', async () => {
    const files = { cert: join(authority.folder, 'live2.pem'), key: server.key };
    copyFileSync(server.cert, files.cert);
    await started([], files);
    copyFileSync(client.cert, files.cert);
    await expect(receiver.collector.reloadTls()).rejects.toThrow(TlsFilesError);
    sender(client).end('5 <13>a');
    await receiver.until(() => receiver.records.length === 1);
  });

  test('a missing file is an error that names it, and nothing stays open', async () => {
    receiver = new Receiver({
      tcp: ['127.0.0.1:0'],
      tls: { listen: ['127.0.0.1:0'], cert: '/nonexistent/cert.pem', key: server.key },
    });
    await expect(receiver.collector.start()).rejects.toThrow('/nonexistent/cert.pem');
    expect(receiver.collector.addresses()).toEqual([]);
  });

  test('stop reads what has been sent', async () => {
    await started();
    const socket = sender(client);
    await new Promise((resolve) => {
      socket.write('<13>x\n'.repeat(20_000), resolve);
    });
    await receiver.until(() => receiver.records.length > 0);
    await receiver.collector.stop();
    expect(receiver.records).toHaveLength(20_000);
  });
});
