import fc from 'fast-check';
import { readMessageHead } from '../../../collectors/snmp/adapter/message-head';
import { BerError, BerReader } from '../../../collectors/snmp/ber/ber-reader';
import { berInteger, berOctets, berOid, berSequence, berValue } from '../../../collectors/snmp/ber/ber-writer';
import { VarbindReader } from '../../../collectors/snmp/ber/varbind-reader';
import { compareOids, isBelow } from '../../../collectors/snmp/oid';
import { LocalizedKeys, localizedKey, stretchedKey } from '../../../collectors/snmp/usm/localized-keys';

const oid = fc
  .tuple(fc.constantFrom(0, 1), fc.nat(39), fc.array(fc.nat(0xffff_ffff), { maxLength: 12 }))
  .map(([first, second, rest]) => [first, second, ...rest].join('.'));

describe('BerReader', () => {
  it('reads what was written', () => {
    fc.assert(
      fc.property(oid, fc.integer(), fc.uint8Array({ maxLength: 400 }), (text, number, octets) => {
        const reader = new BerReader(berSequence(berOid(text), berInteger(number), berOctets(octets))).enter(0x30);
        expect(reader.oid()).toBe(text);
        expect(reader.integer()).toBe(number);
        expect(reader.octets()).toEqual(Buffer.from(octets));
        expect(reader.done).toBe(true);
      }),
    );
  });

  it.each([
    ['nothing', '', (r: BerReader) => r.integer()],
    ['a tag alone', '02', (r: BerReader) => r.integer()],
    ['a length beyond the end', '020501', (r: BerReader) => r.integer()],
    ['an indefinite length', '0280', (r: BerReader) => r.integer()],
    ['a length of five octets', '02850000000001', (r: BerReader) => r.integer()],
    ['a length cut short', '0282ff', (r: BerReader) => r.integer()],
    ['an integer of no octets', '0200', (r: BerReader) => r.integer()],
    ['an integer of seven octets', '020701020304050607', (r: BerReader) => r.integer()],
    ['another tag', '0401ff', (r: BerReader) => r.integer()],
    ['an empty OID', '0600', (r: BerReader) => r.oid()],
    ['an OID that stops in an arc', '06022b86', (r: BerReader) => r.oid()],
    ['an arc of 33 bits', '06062b9080808000', (r: BerReader) => r.oid()],
    ['a child that reaches beyond its parent', '3003020501', (r: BerReader) => r.enter(0x30).integer()],
  ] as const)('refuses %s', (_name, hex, read) => {
    expect(() => read(new BerReader(Buffer.from(hex, 'hex')))).toThrow(BerError);
  });

  it('takes 2.100 for what it is', () => {
    expect(new BerReader(Buffer.from('06028134', 'hex')).oid()).toBe('2.100');
  });
});

describe('VarbindReader', () => {
  const list = (...varbinds: readonly (readonly [string, Buffer])[]): Buffer =>
    Buffer.concat(varbinds.map(([text, value]) => berSequence(berOid(text), value)));

  const read = (bytes: Buffer, columns: number) => new VarbindReader(bytes).read(0, bytes.length, columns);

  it('reads rows of several columns, whatever an OID shares with the one above it', () => {
    const arcs = fc.array(fc.oneof(fc.nat(3), fc.constantFrom(127, 128, 16_383, 16_384, 0xffff_ffff)), {
      maxLength: 3,
    });
    const row = fc.array(arcs, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(row, fc.integer({ min: 1, max: 4 }), (indexes, columns) => {
        const oids = indexes.map((index, at) => ['1.3.6.1', (at % columns) + 1, ...index].join('.'));
        const bytes = list(...oids.map((text, at): [string, Buffer] => [text, berInteger(at)]));
        expect(read(bytes, columns)).toEqual(oids.map((text, at) => [text, 0x02, at]));
      }),
    );
  });

  it('reads any Counter64', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.boolean(), (value, signed) => {
        const digits = value.toString(16);
        const octets = Buffer.from(digits.padStart(digits.length + (digits.length % 2), '0'), 'hex');
        const content = signed ? Buffer.concat([Buffer.alloc(1), octets]) : octets;
        expect(read(list(['1.3.6.1', berValue(0x46, content)]), 1)).toEqual([['1.3.6.1', 0x46, value.toString()]]);
      }),
    );
  });

  it('fails in one way only, on whatever octets', () => {
    const octets = fc.uint8Array({ maxLength: 60 });
    const nearly = fc.tuple(octets, fc.nat(), fc.nat(255)).map(([value, at, octet]) => {
      const bytes = list(['1.3.6.1.2', berOctets(value)], ['1.3.6.1.3', berInteger(7)]);
      bytes[at % bytes.length] = octet;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(octets, nearly), (bytes) => {
        try {
          read(Buffer.from(bytes), 2);
        } catch (error) {
          expect(error).toBeInstanceOf(BerError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('readMessageHead', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        readMessageHead(berSequence(berInteger(bytes.length % 4), bytes));
        readMessageHead(Buffer.from(bytes));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('compareOids', () => {
  it('orders as lists of numbers are ordered', () => {
    const slow = (left: string, right: string): number => {
      const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
      for (let at = 0; at < Math.min(a.length, b.length); at += 1) if (a[at] !== b[at]) return a[at]! - b[at]!;
      return a.length - b.length;
    };
    const near = fc.tuple(oid, oid).map(([a, b]) => [`${a}.${b}`, a] as const);
    fc.assert(
      fc.property(fc.oneof(fc.tuple(oid, oid), near), ([a, b]) => {
        expect(Math.sign(compareOids(a, b))).toBe(Math.sign(slow(a, b)));
        expect(Math.sign(compareOids(b, a))).toBe(-Math.sign(slow(a, b)) + 0);
        expect(compareOids(a, a)).toBe(0);
      }),
    );
  });

  it.each([
    ['1.3.6.1.2', '1.3.6.1.10', -1],
    ['1.3.6.1', '1.3.6.1.0', -1],
    ['1.3.6.1.9.1', '1.3.6.1.10', -1],
    ['1.3.61', '1.3.6.1', 1],
  ])('%s and %s', (a, b, sign) => {
    expect(Math.sign(compareOids(a, b))).toBe(sign);
  });
});

describe('isBelow', () => {
  it.each([
    ['1.3.6', '1.3.6.1', true],
    ['1.3.6', '1.3.6', false],
    ['1.3.6', '1.3.61', false],
    ['1.3.6', '1.3', false],
  ])('%s holds %s: %s', (root, text, expected) => {
    expect(isBelow(root, text)).toBe(expected);
  });
});

describe('localized keys', () => {
  const engine = Buffer.from('000000000000000000000002', 'hex');

  it.each([
    // RFC 3414 sections A.3.1 and A.3.2.
    ['md5', '526f5eed9fcce26f8964c2930787d82b'],
    ['sha', '6695febc9288e36282235fc7151f128497b38f3f'],
  ] as const)('%s is as in RFC 3414', (auth, expected) => {
    expect(localizedKey(auth, stretchedKey(auth, 'maplesyrup'), engine).toString('hex')).toBe(expected);
    const keys = new LocalizedKeys();
    const handle = keys.handle('maplesyrup');
    expect(keys.localize(auth, handle, engine).toString('hex')).toBe(expected);
    expect(keys.handle('maplesyrup')).toBe(handle);
    expect(handle).not.toContain('maplesyrup');
  });

  it('knows its own handles only', () => {
    const keys = new LocalizedKeys();
    expect(keys.knows('maplesyrup')).toBe(false);
    expect(() => keys.localize('md5', 'maplesyrup', engine)).toThrow(RangeError);
  });
});
