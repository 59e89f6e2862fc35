import * as fc from 'fast-check';
import { SQUID } from '../../../../normalizer/syslog/vendors/squid';
import { askedHost } from '../../../../normalizer/syslog/vendors/proxy-request';
import { factsOfLine } from './read-line';
import { SQUID_ROWS } from './squid.data';
import { describeRows, describeSoundness } from './vendor-rows';

describe("Squid's access log", () => {
  describeRows(SQUID, SQUID_ROWS);
  describeSoundness(SQUID, SQUID_ROWS);

  it('keeps nothing of a URL but host and port', () => {
    const line = `1795486200.123 3 10.0.0.5 TCP_MISS/200 841 GET https://me:hunter2@h.example/p?key=hunter2#hunter2 - HIER_DIRECT/203.0.113.9 -`;
    const facts = JSON.stringify(factsOfLine(line), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(facts).toContain('h.example');
    expect(facts).not.toContain('hunter2');
  });

  it('does not take a relay for the proxy', () => {
    const [fact] = factsOfLine(SQUID.example, { settings: { relay: true } });
    expect(fact).toMatchObject({ device: 'proxy-1' });
    expect(fact).not.toHaveProperty(['extra', 'observer.ip']);
  });

  it.each([
    [
      'a month that is none',
      '10.0.0.5 - - [24/Nof/2026:02:10:00 +0000] "GET http://a/ HTTP/1.1" 200 1 TCP_MISS:HIER_DIRECT',
    ],
    [
      'an hour that is none',
      '10.0.0.5 - - [24/Nov/2026:29:10:00 +0000] "GET http://a/ HTTP/1.1" 200 1 TCP_MISS:HIER_DIRECT',
    ],
    ["another server's combined line", '10.0.0.5 - - [24/Nov/2026:02:10:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"'],
  ])('leaves %s alone', (_, line) => {
    expect(factsOfLine(line).filter(({ fact }) => fact === 'session_log')).toEqual([]);
  });
});

describe('askedHost', () => {
  it.each([
    ['CONNECT', 'www.example.com:443', { host: 'www.example.com', port: 443 }],
    ['CONNECT', '[2001:db8::9]:8443', { host: '2001:db8::9', port: 8443 }],
    ['CONNECT', 'www.example.com', { host: 'www.example.com', port: undefined }],
    ['CONNECT', ':443', undefined],
    ['GET', 'http://www.example.com', { host: 'www.example.com', port: 80 }],
    ['GET', 'https://[2001:db8::9]/x', { host: '2001:db8::9', port: 443 }],
    ['GET', 'http://a@b@host:81?x=/@y', { host: 'host', port: 81 }],
    ['GET', 'gopher://host/', { host: 'host', port: undefined }],
    ['GET', 'constructor://host/', undefined],
    ['GET', 'error:invalid-request', undefined],
    ['GET', 'http:///x', undefined],
  ])('of %s %s is %j', (method, url, found) => expect(askedHost(method, url)).toEqual(found));

  it('reads or refuses every text, and gives a host without a user or a path', () => {
    fc.assert(
      fc.property(fc.constantFrom('CONNECT', 'GET'), fc.string({ maxLength: 80 }), (method, text) => {
        const found = askedHost(method, method === 'GET' ? `http://${text}` : text);
        if (found === undefined) return;
        expect(found.host).not.toBe('');
        expect(method === 'GET' && /[/?#]/u.test(found.host)).toBe(false);
        expect(found.port === undefined || (found.port >= 0 && found.port <= 65_535)).toBe(true);
      }),
    );
  });
});
