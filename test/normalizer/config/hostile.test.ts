import fc from 'fast-check';
import { performance } from 'node:perf_hooks';
import { ecsLine, ecsOfFact } from '../../../normalizer/model/ecs';
import { CONFIG_PLATFORMS } from '../../../normalizer/config/platforms';
import { TABLE_COMMANDS } from '../../../normalizer/config/tables/read-table';
import { Reader, tableFacts } from './read-command';
import { sample } from './read-sample';
import { EXPECTED } from './samples-expected.data';

const platforms = fc.constantFrom(...CONFIG_PLATFORMS);

test('any bytes are read without a fault, the same each time', () => {
  fc.assert(
    fc.property(platforms, fc.uint8Array({ maxLength: 400 }), (platform, bytes) => {
      const facts = sample(platform, bytes).facts;
      for (const fact of facts) ecsLine(ecsOfFact(fact));
      expect(sample(platform, bytes).facts).toEqual(facts);
    }),
    { numRuns: 150 },
  );
});

test.each(EXPECTED)('$platform cut anywhere and shuffled: no fault', ({ platform, text }) => {
  const lines = text.split('\n');
  fc.assert(
    fc.property(fc.nat(text.length), fc.array(fc.nat(lines.length - 1), { maxLength: 60 }), (cut, picked) => {
      const reader = new Reader();
      for (const body of [text.slice(0, cut), picked.map((i) => lines[i]).join('\n')]) {
        const faults = reader.read(platform, 'running_config', body).filter((fact) => fact.fact === 'rejected');
        expect(faults).toEqual([]);
      }
    }),
    { numRuns: 20 },
  );
});

test('state tables of anything', () => {
  const word = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.stringMatching(/^[ -~]{1,12}$/),
    fc.constantFrom(
      'tcp',
      '->',
      '<-',
      '02:00:5e:00:53:01',
      '10.0.0.1:443',
      '10.0.0.1/443',
      '10.0.0.1[443]/z/6',
      'protocol=tcp',
      'src-address=10.0.0.1:1',
      'In:',
      'Out:',
      '-->',
      'Session ID: 1,',
      'hook=post dir=org act=snat',
    ),
  );
  fc.assert(
    fc.property(
      platforms,
      fc.constantFrom(...TABLE_COMMANDS),
      fc.array(fc.array(word, { maxLength: 8 }), { maxLength: 8 }),
      (platform, command, rows) => {
        const facts = tableFacts(platform, command, rows.map((row) => row.join(' ')).join('\n'));
        expect(facts.filter((fact) => fact.fact === 'rejected' && fact.reason === 'config_fault')).toEqual([]);
        for (const fact of facts) ecsLine(ecsOfFact(fact));
      },
    ),
    { numRuns: 500 },
  );
});

/** Text made to be slow: deep nesting, one long line, an open quote, many equal names. Milliseconds of CPU each, not minutes. */
const SLOW: readonly (readonly [name: string, platform: (typeof CONFIG_PLATFORMS)[number], text: string])[] = [
  ['braces without end', 'juniper_junos', 'a {\n'.repeat(50_000)],
  ['one line of braces', 'juniper_junos', 'a { '.repeat(50_000)],
  ['an open quote', 'juniper_junos', `x "${'a\n'.repeat(50_000)}`],
  ['many open quotes', 'fortigate', 'set a "b\n'.repeat(20_000)],
  ['config without end', 'fortigate', 'config a\nedit b\n'.repeat(10_000)],
  ['one block of many sets', 'fortigate', `config x\n${'set a b\n'.repeat(50_000)}end\n`],
  ['XML without end', 'pfsense', '<a>'.repeat(60_000)],
  ['XML end tags alone', 'pfsense', '</a>'.repeat(60_000)],
  ['one open angle bracket', 'pfsense', `<${'a'.repeat(400_000)}`],
  ['entities', 'pfsense', `<pfsense><x>${'&amp;'.repeat(50_000)}</x></pfsense>`],
  ['indentation that grows', 'cisco_ios', Array.from({ length: 3000 }, (_, i) => `${' '.repeat(i)}x`).join('\n')],
  ['a banner without end', 'cisco_ios', `banner motd ^C\n${'text\n'.repeat(50_000)}`],
  ['many banners without end', 'cisco_ios', 'banner motd #x\n'.repeat(20_000)],
  [
    'groups of groups',
    'juniper_junos',
    Array.from(
      { length: 300 },
      (_, i) => `set groups g${i} groups g${i} apply-groups g${i}\nset apply-groups g${i}`,
    ).join('\n'),
  ],
  [
    'wildcards',
    'juniper_junos',
    `set groups g interfaces <*a*a*a*a*a*b> unit 0\nset apply-groups g\n${Array.from({ length: 2000 }, (_, i) => `set interfaces ${'a'.repeat(40)}${i} mtu 1`).join('\n')}`,
  ],
  ['continuation without end', 'mikrotik', '/ip address\nadd a=\\\n'.repeat(10_000)],
  ['a long access list', 'cisco_ios', `ip access-list extended A\n${' permit ip any any\n'.repeat(8_000)}`],
];

test.each(SLOW)('%s', (_name, platform, text) => {
  const before = performance.now();
  expect(() => sample(platform, text)).not.toThrow();
  expect(performance.now() - before).toBeLessThan(10_000);
});
