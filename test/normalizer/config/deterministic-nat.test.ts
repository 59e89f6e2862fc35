import fc from 'fast-check';
import {
  addressRange,
  junosBlocks,
  type PortBlocks,
  rangeBetween,
  vyosBlocks,
} from '../../../normalizer/config/port-blocks';
import { sample } from './read-sample';

/** Whose a translated port is by the blocks, as `ADDRESS:FIRST-LAST` of its own block. */
function holder(blocks: readonly PortBlocks[], outside: string, port: number): string | undefined {
  const found = blocks.find((each) => each.outside === outside && port >= each.first && port <= each.last);
  if (found === undefined) return undefined;
  const at = Math.floor((port - found.first) / found.size);
  const inside = found.inside.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) + at;
  const first = found.first + at * found.size;
  const text = [24, 16, 8, 0].map((shift) => Math.floor(inside / 2 ** shift) % 256).join('.');
  return `${text}:${first}-${first + found.size - 1}`;
}

const JUNOS = `
set system host-name mx1
set services nat pool CGN address-range low 203.0.113.1 high 203.0.113.254
set services nat pool CGN port automatic random-allocation
set services nat pool CGN port deterministic-port-block-allocation block-size 249
set services nat rule DET match-direction input
set services nat rule DET term T1 from source-address 10.1.0.0/16
set services nat rule DET term T1 then translated source-pool CGN
set services nat rule DET term T1 then translated translation-type deterministic-napt44
`;

const VYOS = `
set nat cgnat pool external ext-01 per-user-limit port '16000'
set nat cgnat pool external ext-01 range 203.0.113.1-203.0.113.2
set nat cgnat pool internal int-01 range '100.64.0.0/29'
set nat cgnat rule 10 source pool 'int-01'
set nat cgnat rule 10 translation pool 'ext-01'
`;

describe('Junos, deterministic blocks', () => {
  // The example of "Deterministic NAPT Overview": 10.1.1.250 has 249 ports from 62278 on, of the second address.
  test('are computed as its document does', () => {
    const blocks = junosBlocks({ first: 0x0a010001, count: 65_534 }, rangeBetween('32.32.32.1', '32.32.32.254')!, 249);
    expect(holder(blocks, '32.32.32.2', 62_278)).toBe('10.1.1.250:62278-62526');
    expect(holder(blocks, '32.32.32.1', 1023)).toBeUndefined();
    expect(holder(blocks, '32.32.32.1', 1024)).toBe('10.1.0.1:1024-1272');
  });

  test('are read from pool and rule, with the line', () => {
    const blocks = sample('juniper_junos', JUNOS).bindings('nat-block');
    expect(blocks).toHaveLength(254);
    expect(blocks[1]).toMatchObject({
      key: '203.0.113.2:1024-65514',
      value: '10.1.1.4',
      state: 'seen',
      extra: { 'ascribe.nat.block_size': 249, 'ascribe.config.line': 3 },
    });
    expect(blocks[1]?.extra?.['ascribe.config.text']).toContain('deterministic-port-block-allocation block-size 249');
  });

  test.each([
    ['a range of ports', 'set services nat pool CGN port range low 2000 high 60000\n'],
    ['a second range of addresses', 'set services nat pool CGN address-range low 203.0.114.1 high 203.0.114.9\n'],
    ['a second rule', 'set services nat rule TWO term T1 then translated source-pool CGN\n'],
    ['a second prefix', 'set services nat rule DET term T1 from source-address 10.2.0.0/16\n'],
    ['a pool that is not in force', 'deactivate services nat pool CGN\n'],
  ])('are not computed with %s', (_, more) => {
    expect(sample('juniper_junos', JUNOS + more).bindings('nat-block')).toEqual([]);
  });

  test('are not computed without a block size, or where blocks do not fit', () => {
    expect(sample('juniper_junos', JUNOS.replace(' block-size 249', '')).bindings('nat-block')).toEqual([]);
    expect(sample('juniper_junos', JUNOS.replace('249', '25000')).bindings('nat-block')).toEqual([]);
  });

  test('end when the configuration says otherwise', () => {
    const read = sample('juniper_junos', JUNOS).read(JUNOS.replace('249', '200'));
    expect(read.bindings('nat-block').filter(({ state }) => state === 'end')).toHaveLength(254);
  });
});

describe('VyOS, carrier-grade NAT', () => {
  // The table of "Show CGNAT allocations".
  test.each([
    ['203.0.113.1', 1024, '100.64.0.0:1024-17023'],
    ['203.0.113.1', 65_023, '100.64.0.3:49024-65023'],
    ['203.0.113.1', 65_024, undefined],
    ['203.0.113.2', 17_024, '100.64.0.5:17024-33023'],
  ])('gives port %s:%s to %s', (outside, port, whose) => {
    const blocks = vyosBlocks(addressRange('100.64.0.0/29')!, rangeBetween('203.0.113.1', '203.0.113.2')!, {
      first: 1024,
      last: 65_535,
      size: 16_000,
    });
    expect(holder(blocks, outside, port)).toBe(whose);
  });

  test('is read from pools and rule, with the default limit and range', () => {
    const blocks = sample('vyos', VYOS).bindings('nat-block');
    expect(blocks.map(({ key, value }) => [key, value])).toEqual([
      ['203.0.113.1:1024-65023', '100.64.0.0'],
      ['203.0.113.2:1024-65023', '100.64.0.4'],
    ]);
    const [only] = sample('vyos', VYOS.replace(/.*per-user-limit.*\n/u, '')).bindings('nat-block');
    expect(only).toMatchObject({ key: '203.0.113.1:1024-17023', extra: { 'ascribe.nat.block_size': 2000 } });
  });

  test.each([
    ['a second range, whose order is not told', "set nat cgnat pool external ext-01 range '203.0.114.1'\n"],
    ['a second rule', "set nat cgnat rule 20 source pool 'int-01'\n"],
    ['too few ports', "set nat cgnat pool internal int-01 range '100.64.0.0/24'\n"],
  ])('is not computed with %s', (_, more) => {
    expect(sample('vyos', VYOS + more).bindings('nat-block')).toEqual([]);
  });
});

test('no port is given to two, and every inside address has its block', () => {
  const range = fc.record({ first: fc.integer({ min: 0, max: 0xf0000000 }), count: fc.integer({ min: 1, max: 3000 }) });
  fc.assert(
    fc.property(range, range, fc.integer({ min: 0, max: 70_000 }), fc.boolean(), (inside, outside, size, isJunos) => {
      const blocks = isJunos
        ? junosBlocks(inside, outside, size)
        : vyosBlocks(inside, outside, { first: 1024, last: 65_535, size });
      const given = blocks.reduce((sum, each) => sum + (each.last - each.first + 1) / each.size, 0);
      for (const each of blocks) {
        expect(each.last).toBeLessThanOrEqual(65_535);
        expect((each.last - each.first + 1) % each.size).toBe(0);
      }
      expect(new Set(blocks.map((each) => each.outside)).size).toBe(blocks.length);
      if (blocks.length > 0 && outside.count <= 1024) expect(given).toBe(inside.count);
    }),
  );
});

test('ranges are read or refused', () => {
  expect(addressRange('192.0.2.9/28')).toEqual({ first: 0xc0000200, count: 16 });
  expect(addressRange('192.0.2.9')).toEqual({ first: 0xc0000209, count: 1 });
  expect(addressRange('192.0.2.9-192.0.2.11')).toEqual({ first: 0xc0000209, count: 3 });
  for (const text of [
    '192.0.2.9-192.0.2.1',
    '192.0.2.9/33',
    '10.0.0.0/2',
    '2001:db8::/64',
    '',
    'x-y',
    '-',
    '1.2.3.4/',
  ]) {
    expect(addressRange(text)).toBeUndefined();
  }
});
