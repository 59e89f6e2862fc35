import type { Binding } from '../../../../normalizer/model/facts';
import { AskedNames } from '../../../../normalizer/syslog/asked-names';
import type { VendorParser } from '../../../../normalizer/syslog/contract';
import { BIND } from '../../../../normalizer/syslog/vendors/dns-bind';
import { DNSMASQ } from '../../../../normalizer/syslog/vendors/dns-dnsmasq';
import { UNBOUND } from '../../../../normalizer/syslog/vendors/dns-unbound';
import { WINDOWS_DNS } from '../../../../normalizer/syslog/vendors/dns-windows';
import { ZEEK_DNS } from '../../../../normalizer/syslog/vendors/dns-zeek';
import { SyslogNormalizer } from '../../../../normalizer/syslog/syslog-normalizer';
import { factsOfLine } from './read-line';
import { describeSoundness } from './vendor-rows';

const ASKED = '2026-11-24T02:10:05.000Z';

/** What a line says, a short text each: `ip-query 10.0.0.5 -> www.example.com`. */
function told(line: string): string[] {
  return factsOfLine(line).map((fact) => (fact.fact === 'binding' ? pair(fact) : fact.fact));
}

function pair({ relation, key, value }: Binding): string {
  return `${relation} ${key} -> ${value}`;
}

/** Lines by parser: the first two as the programs themselves wrote them (BIND 9.18, dnsmasq 2.90, Unbound 1.17), the others after their documents. */
const ROWS: readonly (readonly [
  parser: VendorParser,
  name: string,
  line: string,
  told: readonly string[],
  at: string,
])[] = [
  [
    BIND,
    'a question in its file',
    '24-Nov-2026 02:10:05.000 client @0x7fcb9741bc98 10.0.0.5#50673 (WWW.example.com): query: WWW.example.com IN A + (127.0.0.1)',
    ['ip-query 10.0.0.5 -> www.example.com'],
    ASKED,
  ],
  [
    BIND,
    'a question with category, key and view',
    '24-Nov-2026 02:10:05.000 queries: info: client @0x7f0a 2001:db8::5#53/key roam (x.example.com): view inside: query: x.example.com IN TYPE65 -E(0)DCV (10.0.0.1)',
    ['ip-query 2001:db8::5 -> x.example.com'],
    ASKED,
  ],
  [
    BIND,
    'a question of a name of an address',
    '24-Nov-2026 02:10:05.000 client @0x7f 10.0.0.5#1 (9.113.0.203.in-addr.arpa): query: 9.113.0.203.in-addr.arpa IN PTR + (10.0.0.1)',
    [],
    ASKED,
  ],
  [
    DNSMASQ,
    'a question in its file',
    'Nov 24 02:10:05 dnsmasq[28777]: 5 10.0.0.5/58303 query[type=65] X.bad.test from 10.0.0.5',
    ['ip-query 10.0.0.5 -> x.bad.test'],
    ASKED,
  ],
  [
    UNBOUND,
    'a question in its file',
    '[1795486205] unbound[28779:0] info: 10.0.0.5 WWW.example.test. AAAA IN',
    ['ip-query 10.0.0.5 -> www.example.test'],
    ASKED,
  ],
  [
    UNBOUND,
    'a local answer in its file',
    '[1795486205] unbound[28779:0] info: bad.test. always_nxdomain 10.0.0.5@55775 x.bad.test. A IN',
    ['ip-query 10.0.0.5 -> x.bad.test'],
    ASKED,
  ],
  [
    UNBOUND,
    'a reply by syslog, tagged',
    '<30>1 2026-11-24T02:10:05Z gw unbound 640 - - [640:0] reply: 10.0.0.5 x.bad.test. A IN NXDOMAIN 0.000000 1 28',
    ['ip-query 10.0.0.5 -> x.bad.test'],
    ASKED,
  ],
  [
    WINDOWS_DNS,
    'a question, American',
    '11/24/2026 2:10:05 AM 0E4C PACKET  000001D0C0A7E6D0 UDP Rcv 10.0.0.5        a3f1   Q [0001   D   NOERROR] A      (3)www(7)example(3)com(0)',
    ['ip-query 10.0.0.5 -> www.example.com'],
    ASKED,
  ],
  [
    WINDOWS_DNS,
    "the server's own question, European",
    '24/11/2026 02:10:05 0E4C PACKET  000001D0C0A7E6D0 UDP Snd 192.0.2.53      a3f1   Q [0001   D   NOERROR] A      (3)www(7)example(3)com(0)',
    [],
    ASKED,
  ],
  [
    WINDOWS_DNS,
    'an answer with details, German',
    [
      '24.11.2026 02:10:05 0E4C PACKET  000001D0C0A7E6D0 UDP Snd 10.0.0.5        a3f1 R Q [8081   DR  NOERROR] A      (3)www(7)example(3)com(0)',
      'UDP response info at 000001D0C0A7E6D0',
      '  QUESTION SECTION:',
      '    Name      "(3)www(7)example(3)com(0)"',
      '  ANSWER SECTION:',
      '    Name      "[C00C](3)www(7)example(3)com(0)"',
      '      TYPE   CNAME  (5)',
      '      TTL    300',
      '      DATA   (4)edge(7)example(3)net(0)',
      '    Name      "(4)edge(7)example(3)net(0)"',
      '      TYPE   A  (1)',
      '      TTL    60',
      '      DATA   203.0.113.9',
      '  AUTHORITY SECTION:',
      '      TYPE   A  (1)',
      '      DATA   203.0.113.99',
    ].join('\n'),
    ['ip-query 10.0.0.5 -> www.example.com', 'ip-name 203.0.113.9 -> www.example.com'],
    ASKED,
  ],
  [
    ZEEK_DNS,
    'an exchange, TSV',
    '1795486205.000000\tCHhAvVGS1DHFjwGM9\t10.0.0.5\t53211\t10.0.0.1\t53\tudp\t4711\t0.012\twww.example.com\t1\tC_INTERNET\t1\tA\t0\tNOERROR\tF\tF\tT\tT\t0\tedge.example.net,203.0.113.9,203.0.113.10\t300.0,60.0,60.0\tF',
    [
      'ip-query 10.0.0.5 -> www.example.com',
      'ip-name 203.0.113.9 -> www.example.com',
      'ip-name 203.0.113.10 -> www.example.com',
    ],
    ASKED,
  ],
  [
    ZEEK_DNS,
    'an exchange of before 2.5, without answers',
    '1795486205.000000\tCHhAvVGS1DHFjwGM9\t10.0.0.5\t53211\t10.0.0.1\t53\tudp\t4711\tnope.example.com\t1\tC_INTERNET\t1\tA\t3\tNXDOMAIN\tF\tF\tT\tT\t0\t-\t-\tF',
    ['ip-query 10.0.0.5 -> nope.example.com'],
    ASKED,
  ],
  [
    ZEEK_DNS,
    'an exchange, JSON with ISO times',
    '{"_path":"dns","ts":"2026-11-24T02:10:05.000Z","id.orig_h":"2001:db8::5","query":"www.example.com","qtype_name":"AAAA","rcode_name":"NOERROR","answers":["2001:db8:9::9"],"TTLs":[60.0]}',
    ['ip-query 2001:db8::5 -> www.example.com', 'ip-name 2001:db8:9::9 -> www.example.com'],
    ASKED,
  ],
  [ZEEK_DNS, 'its header', '#fields\tts\tuid\tid.orig_h', [], ''],
];

describe.each([BIND, DNSMASQ, UNBOUND, WINDOWS_DNS, ZEEK_DNS].map((parser) => [parser.name, parser] as const))(
  '%s',
  (_, parser) => {
    const rows = ROWS.filter(([of]) => of === parser);

    it('reads its own example', () => {
      expect(factsOfLine(parser.example)[0]?.parser).toBe(parser.name);
    });

    it.each(rows.map(([, name, line, expected, at]) => ({ name, line, expected, at })))(
      'reads $name',
      ({ line, expected, at }) => {
        const facts = factsOfLine(line);
        expect(told(line)).toEqual(expected);
        for (const { parser: by, observedAt } of facts) {
          expect(by).toBe(parser.name);
          expect(new Date(observedAt).toISOString()).toBe(at);
        }
      },
    );

    describeSoundness(parser, [
      [parser.name, parser.example, []],
      ...rows.map(([, name, line]) => [name, line, []] as const),
    ]);
  },
);

describe('dnsmasq', () => {
  const before = 'Nov 24 02:10:05 gw dnsmasq[28777]: ';

  /** What the lines together tell; each is read by the same normalizer. */
  function toldTogether(lines: readonly string[], restart = false): string[] {
    let normalizer = new SyslogNormalizer(() => ({}));
    const found: string[] = [];
    lines.forEach((line, i) => {
      if (restart) {
        const next = new SyslogNormalizer(() => ({}));
        next.restore(normalizer.snapshot());
        normalizer = next;
      }
      const origin = { collector: 'syslog', source: 'udp', peer: '192.0.2.1:514', format: 'syslog' } as const;
      const record = { seq: i + 1, origin, receivedAt: Date.parse(ASKED), bytes: Buffer.from(before + line) };
      const flows = undefined as never;
      normalizer.normalize(record, {
        flows,
        fact: (fact) => found.push(fact.fact === 'binding' ? pair(fact) : fact.fact),
      });
    });
    return found;
  }

  const EXTRA = [
    '1 10.0.0.5/35965 query[A] www.example.test from 10.0.0.5',
    '2 10.0.0.6/1234 query[A] other.example.test from 10.0.0.6',
    '1 10.0.0.5/35965 forwarded www.example.test to 127.0.0.1#5301',
    '1 10.0.0.5/35965 reply www.example.test is <CNAME>',
    '1 10.0.0.5/35965 reply edge.example.test is 203.0.113.10',
    '2 10.0.0.6/1234 reply other.example.test is NXDOMAIN',
    '1 10.0.0.5/35965 reply edge.example.test is 203.0.113.9',
  ];

  it.each([false, true])('gives an address the name that was asked for, by the serial (restarts: %s)', (restart) => {
    expect(toldTogether(EXTRA, restart)).toEqual([
      'ip-query 10.0.0.5 -> www.example.test',
      'ip-query 10.0.0.6 -> other.example.test',
      'ip-name 203.0.113.10 -> www.example.test',
      'ip-name 203.0.113.10 -> edge.example.test',
      'ip-name 203.0.113.9 -> www.example.test',
      'ip-name 203.0.113.9 -> edge.example.test',
    ]);
  });

  it('knows the last name alone without a serial', () => {
    const lines = EXTRA.map((line) => line.replace(/^\d+ \S+ /u, ''));
    expect(toldTogether(lines)).toContain('ip-name 203.0.113.9 -> edge.example.test');
    expect(toldTogether(lines)).not.toContain('ip-name 203.0.113.9 -> www.example.test');
  });

  it('takes no name from an answer that goes the other way, and none for a blocked one', () => {
    expect(toldTogether(['cached 203.0.113.9 is edge.example.test', 'config ads.example.test is 0.0.0.0'])).toEqual([]);
  });
});

test('names that were asked for are forgotten, the oldest first', () => {
  const names = new AskedNames();
  for (let i = 0; i < 5000; i++) names.remember(String(i), `n${i}`);
  expect(names.state()).toHaveLength(4096);
  expect(names.of('0')).toBeUndefined();
  expect(names.of('4999')).toBe('n4999');
});
