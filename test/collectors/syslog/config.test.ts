import { parse } from 'yaml';
import { syslogConfig } from '../../../collectors/syslog/syslog-config';
import { syslogType } from '../../../collectors/syslog/syslog-type';
import { TlsClients } from '../../../collectors/syslog/tls-identity';

describe('the configuration of the syslog receiver', () => {
  test('without a word: UDP and TCP on 5514, everyone may send', () => {
    const settings = syslogConfig.parse({});
    const all = [
      { address: '0.0.0.0', port: 5514, optional: false },
      { address: '::', port: 5514, optional: true },
    ];
    expect(settings).toMatchObject({ udp: all, tcp: all, tls: undefined, idleMs: 0 });
    expect(settings.framing).toEqual({ maxMessageBytes: 65_536, joinLines: false });
    expect(settings.allow.allows('203.0.113.1')).toBe(true);
  });

  test('the example is accepted', () => {
    const settings = syslogConfig.parse(parse(syslogType.example));
    expect(settings.tls).toMatchObject({ files: { cert: '/etc/ascribe/tls/cert.pem' }, handshakeMs: 10_000 });
    expect(settings.allow.allows('203.0.113.1')).toBe(false);
  });

  test.each([
    ['an unknown key', { ucp: [] }, 'ucp'],
    ['a name to listen on', { tcp: ['localhost:514'] }, 'localhost:514'],
    ['a network that is none', { allow: ['192.0.2.0/33'] }, '192.0.2.0/33'],
    ['a size without a unit that exists', { max_message: '64kB' }, '64kB'],
    ['a message length that RFC 5425 forbids', { max_message: 512 }, '2048'],
    ['a TLS listener without a key', { tls: { cert: 'a' } }, 'key'],
    ['a client that is no name', { tls: { cert: 'a', key: 'b', clients: ['sha256:12'] } }, 'sha256:12'],
  ])('%s is an error', (_, config, part) => {
    const result = syslogConfig.safeParse(config);
    expect(JSON.stringify(result.error?.issues)).toContain(part);
  });

  test('a protocol before an endpoint is allowed: the key says it anyway', () => {
    expect(syslogConfig.parse({ tcp: ['tcp://192.0.2.1:601'] }).tcp).toEqual([
      { address: '192.0.2.1', port: 601, optional: false },
    ]);
  });

  test('a probe opens, says so, and closes', async () => {
    const settings = syslogConfig.parse({ udp: ['127.0.0.1:0'], tcp: ['127.0.0.1:0'], receive_buffer: 65_536 });
    const findings = await syslogType.probe(settings, new AbortController().signal);
    expect(findings).toEqual([
      { severity: 'ok', text: expect.stringMatching(/^udp:\/\/127\.0\.0\.1:\d+ can be opened$/) },
      { severity: 'ok', text: expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+ can be opened$/) },
    ]);
  });

  test('a probe tells a certificate that is not there', async () => {
    const tls = { listen: ['127.0.0.1:0'], cert: '/nonexistent/cert.pem', key: '/nonexistent/key.pem' };
    const settings = syslogConfig.parse({ udp: [], tcp: [], tls });
    const findings = await syslogType.probe(settings, new AbortController().signal);
    expect(findings).toEqual([{ severity: 'error', text: expect.stringContaining('/nonexistent/') }]);
  });
});

describe('TlsClients', () => {
  const fingerprint = 'AB:'.repeat(31) + 'AB';
  const certificate = (subjectaltname: string, CN = 'cn.example') =>
    ({ subject: { CN }, subjectaltname, fingerprint256: fingerprint }) as never;

  test.each([
    ['an entry that Node had to quote matches nothing', ['evil.example'], 'DNS:"a, DNS:evil.example"', false],
    ['a wildcard stands for one label', ['*.example'], 'DNS:a.b.example', false],
    ['and not for none', ['*.example'], 'DNS:example', false],
    ['IPv6 addresses count', ['2001:db8::1'], 'IP Address:2001:db8::1', true],
    ['a fingerprint in any spelling', [`SHA256:${fingerprint.replaceAll(':', '')}`], '', true],
  ])('%s', (_, entries, names, allowed) => {
    expect(new TlsClients(entries).decide(certificate(names), true).allowed).toBe(allowed);
  });

  test('the name that let it in is the identity', () => {
    const decision = new TlsClients(['b.example']).decide(certificate('DNS:a.example, DNS:b.example'), true);
    expect(decision.identity).toEqual({ name: 'b.example', fingerprint: 'ab'.repeat(32) });
  });
});
