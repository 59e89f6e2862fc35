import { ListFormatError } from '../../../attribution/destinations/destination-list';
import { parseList } from '../../../attribution/destinations/list-formats';

const networks = (text: string, format: Parameters<typeof parseList>[1], columns?: Parameters<typeof parseList>[2]) =>
  parseList(text, format, columns).entries.map((entry) =>
    'name' in entry
      ? `${entry.isDomain ? '.' : ''}${entry.name}@${entry.line}`
      : `${entry.network}/${entry.prefix}@${entry.line}`,
  );

test('one a line: comments, blanks, networks, IPv6, what follows the address', () => {
  const text = [
    '# feed',
    '',
    '203.0.113.9',
    '203.0.113.0/24 ; note',
    '2001:db8::/32',
    'evil.example',
    '999.1.1.1',
  ].join('\r\n');
  expect(networks(text, 'plain')).toEqual([
    'CB007109/32@3',
    'CB007100/24@4',
    '20010DB8000000000000000000000000/32@5',
    '.evil.example@6',
  ]);
  expect(parseList(text, 'plain').skipped).toBe(1);
});

test.each([
  ['a name stands for those under it', 'evil.example', ['.evil.example@1']],
  ['a wildcard', '*.evil.example', ['.evil.example@1']],
  ['a filter rule', '||evil.example^', ['.evil.example@1']],
  ['a line of a hosts file', '0.0.0.0 evil.example', ['.evil.example@1']],
  ['a URL names one host', 'http://evil.example/a.sh', ['evil.example@1']],
  ['a URL of an address', 'http://203.0.113.9:8080/a.sh', ['CB007109/32@1']],
  ['a name without a dot, a number, a hash', 'localhost\n12.5\nd41d8cd98f00b204e9800998ecf8427e', []],
])('%s', (_, text, expected) => expect(networks(text, 'plain')).toEqual(expected));

test('a warninglist of expressions holds no names', () => {
  const json = JSON.stringify({ type: 'regex', list: ['/evil.example/'] });
  expect(networks(json, 'misp_warninglist')).toEqual([]);
  expect(networks(JSON.stringify({ type: 'hostname', list: ['.a.example', 'b.example'] }), 'misp_warninglist')).toEqual(
    ['.a.example@1', 'b.example@2'],
  );
});

test('CSV by columns, quoted', () => {
  const text = '"first_seen","dst_ip","malware"\n"2026-11-24","203.0.113.9","Cobalt ""Strike"", x"\n';
  const { entries, skipped } = parseList(text, 'csv', { address: 2, label: 3 });
  expect(entries).toMatchObject([{ network: 'CB007109', line: 2, label: 'Cobalt "Strike", x' }]);
  expect(skipped).toBe(1);
});

test('a MISP warninglist', () => {
  const json = JSON.stringify({
    name: 'A cloud',
    type: 'cidr',
    version: 20261124,
    list: ['203.0.113.0/24', 'a.example'],
  });
  expect(parseList(json, 'misp_warninglist')).toMatchObject({
    entries: [
      { network: 'CB007100', prefix: 24, label: 'A cloud' },
      { name: 'a.example', isDomain: false },
    ],
    skipped: 0,
    date: Date.UTC(2026, 10, 24),
  });
});

test('a MISP event: attributes of the event and of its objects, with and without port', () => {
  const json = JSON.stringify({
    Event: {
      info: 'campaign',
      date: '2026-11-20',
      Attribute: [
        { type: 'ip-dst', value: '203.0.113.9' },
        { type: 'domain', value: 'a.example' },
      ],
      Object: [{ Attribute: [{ type: 'ip-dst|port', value: '198.51.100.7|443', comment: 'c2' }] }],
    },
  });
  expect(parseList(json, 'misp_event').entries).toMatchObject([
    { network: 'CB007109', label: 'campaign' },
    { name: 'a.example', isDomain: true, label: 'campaign' },
    { network: 'C6336407', label: 'c2' },
  ]);
});

describe('STIX 2.1', () => {
  const indicator = (pattern: string, more: object = {}): object => ({
    type: 'indicator',
    pattern,
    pattern_type: 'stix',
    ...more,
  });
  const bundle = (...objects: object[]): string => JSON.stringify({ type: 'bundle', objects });

  test.each([
    ['one address', `[ipv4-addr:value = '203.0.113.9']`, ['CB007109/32@1']],
    [
      'several by OR',
      `[ipv4-addr:value = '203.0.113.9' OR ipv4-addr:value = '198.51.100.7']`,
      ['CB007109/32@1', 'C6336407/32@1'],
    ],
    [
      'observations by OR',
      `[ipv4-addr:value = '203.0.113.9'] OR [ipv6-addr:value = '2001:db8::1']`,
      ['CB007109/32@1', '20010DB8000000000000000000000001/128@1'],
    ],
    ['a network', `[ipv4-addr:value ISSUBSET '203.0.113.0/24']`, ['CB007100/24@1']],
    ['a set', `[ipv4-addr:value IN ('203.0.113.9', '203.0.113.10')]`, ['CB007109/32@1', 'CB00710A/32@1']],
    ['half a pattern is no match', `[ipv4-addr:value = '203.0.113.9' AND file:name = 'x']`, []],
    ['a sequence', `[ipv4-addr:value = '203.0.113.9'] FOLLOWEDBY [ipv4-addr:value = '1.2.3.4']`, []],
    ['a domain', `[domain-name:value = 'Evil.example']`, ['evil.example@1']],
    ['a URL', `[url:value = 'https://evil.example:8443/x?y=1']`, ['evil.example@1']],
    ['a file', `[file:name = 'evil.example']`, []],
  ])('%s', (_, pattern, expected) => expect(networks(bundle(indicator(pattern)), 'stix')).toEqual(expected));

  test('validity, name and marking', () => {
    const amber = 'marking-definition--f88d31f6-486f-44da-b317-01333bde0b82';
    const found = parseList(
      bundle(
        indicator(`[ipv4-addr:value = '203.0.113.9']`, {
          name: 'c2',
          valid_from: '2026-11-01T00:00:00Z',
          valid_until: '2026-12-01T00:00:00Z',
          object_marking_refs: [amber],
        }),
        indicator(`[ipv4-addr:value = '198.51.100.7']`, { revoked: true }),
        { type: 'malware', name: 'x' },
      ),
      'stix',
    );
    expect(found).toMatchObject({
      tlp: 'amber',
      skipped: 0,
      entries: [{ label: 'c2', validFrom: Date.UTC(2026, 10, 1), validTo: Date.UTC(2026, 11, 1) }],
    });
  });

  test('a pattern made to be slow is read in no time', () => {
    const before = process.cpuUsage();
    networks(bundle(indicator(`[ipv4-addr:value = '${'('.repeat(60_000)}`)), 'stix');
    networks(bundle(indicator(`[${"ipv4-addr:value IN ('".repeat(3000)}]`)), 'stix');
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(2000);
  });
});

test.each([
  ['misp_warninglist', '{}'],
  ['misp_event', '{}'],
  ['stix', '{}'],
  ['stix', 'no json'],
] as const)('%s of %s is refused as a whole', (format, text) => {
  expect(() => parseList(text, format)).toThrow(ListFormatError);
});
