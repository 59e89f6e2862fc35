import fc from 'fast-check';
import { FlowNormalizer } from '../../../normalizer/flow/flow-normalizer';
import { IANA_ELEMENTS } from '../../../normalizer/flow/elements.data';
import { Collected, datagram, feed, type Row } from './support';

/**
 * Generated templates and records, written by a straightforward encoder and read back by an equally plain reading of RFC
 * 7011 below, against the columnar reader.
 */
interface Field {
  readonly enterprise: number;
  readonly element: number;
  /** `undefined`: variable. */
  readonly length: number | undefined;
}

const bytesOf = (length: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes));

const known: fc.Arbitrary<Field> = fc.oneof(
  fc.record({
    enterprise: fc.constant(0),
    element: fc.constantFrom(1, 2, 23, 24),
    length: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({
    enterprise: fc.constant(0),
    element: fc.constantFrom(10, 14, 16, 17),
    length: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    enterprise: fc.constant(0),
    element: fc.constantFrom(7, 11, 58),
    length: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ enterprise: fc.constant(0), element: fc.constantFrom(4, 5), length: fc.constant(1) }),
  fc.record({ enterprise: fc.constant(0), element: fc.constantFrom(8, 12), length: fc.constant(4) }),
  fc.record({ enterprise: fc.constant(0), element: fc.constantFrom(56, 80), length: fc.constant(6) }),
);
const unknown: fc.Arbitrary<Field> = fc.record({
  enterprise: fc.constantFrom(0, 4242),
  element: fc.integer({ min: 20_000, max: 20_003 }),
  length: fc.integer({ min: 1, max: 20 }),
});
const variable: fc.Arbitrary<Field> = fc.record({
  enterprise: fc.constantFrom(0, 4242),
  element: fc.integer({ min: 20_000, max: 20_003 }),
  length: fc.constant(undefined),
});

const datagrams = (field: fc.Arbitrary<Field>) =>
  fc.array(field, { minLength: 1, maxLength: 12 }).chain((fields) =>
    fc.record({
      fields: fc.constant(fields),
      records: fc.array(
        fc.tuple(
          ...fields.map(({ length }) =>
            length === undefined ? fc.integer({ min: 0, max: 400 }).chain(bytesOf) : bytesOf(length),
          ),
        ),
        { minLength: 1, maxLength: 8 },
      ),
    }),
  );

function encode(fields: readonly Field[], records: readonly (readonly Buffer[])[]): Buffer {
  const spec = fields.map(({ enterprise, element, length }) => {
    const out = Buffer.alloc(enterprise === 0 ? 4 : 8);
    out.writeUInt16BE(enterprise === 0 ? element : element | 0x8000, 0);
    out.writeUInt16BE(length ?? 0xffff, 2);
    if (enterprise !== 0) out.writeUInt32BE(enterprise, 4);
    return out;
  });
  const template = Buffer.concat([u16(256), u16(fields.length), ...spec]);
  const values = records.flatMap((record) =>
    record.flatMap((value, i) => {
      if (fields[i]!.length !== undefined) return [value];
      return value.length < 255 ? [Buffer.of(value.length), value] : [Buffer.of(255), u16(value.length), value];
    }),
  );
  const data = Buffer.concat(values);
  const sets = Buffer.concat([u16(2), u16(template.length + 4), template, u16(256), u16(data.length + 4), data]);
  const head = Buffer.alloc(12);
  head.writeUInt32BE(1_700_000_000, 0);
  return Buffer.concat([u16(10), u16(sets.length + 16), head, sets]);
}

function u16(value: number): Buffer {
  const out = Buffer.alloc(2);
  out.writeUInt16BE(value);
  return out;
}

const COLUMN: Readonly<Record<number, string>> = {
  1: 'bytes',
  2: 'packets',
  4: 'protocol',
  5: 'tos',
  7: 'srcPort',
  8: 'src',
  10: 'inIf',
  11: 'dstPort',
  12: 'dst',
  14: 'outIf',
  16: 'srcAs',
  17: 'dstAs',
  23: 'postBytes',
  24: 'postPackets',
  56: 'srcMac',
  58: 'vlan',
  80: 'dstMac',
};
const WIDE = new Set([1, 2, 23, 24]);

/** What a record means, read value by value. */
function expected(fields: readonly Field[], record: readonly Buffer[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  const extra: Record<string, unknown> = {};
  fields.forEach(({ enterprise, element }, i) => {
    const value = record[i]!;
    const repeated = fields.filter((other) => other.enterprise === enterprise && other.element === element).length > 1;
    const column = enterprise === 0 && !repeated ? COLUMN[element] : undefined;
    if (column !== undefined) {
      row[column] = plain(element, value);
      return;
    }
    const name = IANA_ELEMENTS.find(([id]) => enterprise === 0 && id === element)?.[1] ?? `${enterprise}/${element}`;
    if (value.length === 0) return;
    const text = COLUMN[element] === undefined ? value.toString('hex') : asExtra(element, value);
    if (repeated) extra[name] = [...((extra[name] as unknown[]) ?? []), text];
    else extra[name] = text;
  });
  for (const [post, pre] of [
    ['postBytes', 'bytes'],
    ['postPackets', 'packets'],
  ] as const) {
    if (row[pre] === undefined && row[post] !== undefined) row[pre] = row[post];
  }
  return Object.keys(extra).length > 0 ? { ...row, extra } : row;
}

function integer(value: Buffer): bigint {
  return BigInt(`0x${value.toString('hex')}`);
}

function plain(element: number, value: Buffer): unknown {
  if (element === 8 || element === 12) return [...value].join('.');
  return WIDE.has(element) ? integer(value) : Number(integer(value));
}

function asExtra(element: number, value: Buffer): unknown {
  if (element === 8 || element === 12) return [...value].join('.');
  if (element === 56 || element === 80) return value.toString('hex').match(/../g)!.join(':');
  const number = integer(value);
  return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : number.toString();
}

function content(row: Row): Record<string, unknown> {
  const omit = new Set(['rawSeq', 'ordinal', 'templateId', 'fallback', 'exportedAt', 'start', 'end', 'timeSource']);
  return Object.fromEntries(Object.entries(row).filter(([key]) => !omit.has(key)));
}

describe('templates and records of any shape', () => {
  it.each([
    ['fixed lengths', fc.oneof({ weight: 4, arbitrary: known }, unknown)],
    ['variable lengths', fc.oneof({ weight: 4, arbitrary: known }, unknown, variable)],
  ])('%s are read as they were written', (_name, field) => {
    fc.assert(
      fc.property(datagrams(field), ({ fields, records }) => {
        const total = records.reduce((sum, record) => sum + record.reduce((n, { length }) => n + length + 3, 0), 0);
        fc.pre(total < 60_000);
        const sink = feed(new FlowNormalizer(), [datagram(encode(fields, records))]);
        // What looks like padding behind the last record cannot be told from a record: neither can be with whole records.
        expect(sink.reasons).toEqual([]);
        expect(sink.rows().map(content)).toEqual(records.map((record) => expected(fields, record)));
      }),
      { numRuns: 300 },
    );
  });

  it('reads integers of 1 to 8 bytes exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }).chain(bytesOf), (value) => {
        const sink = feed(new FlowNormalizer(), [
          datagram(encode([{ enterprise: 0, element: 1, length: value.length }], [[value]])),
        ]);
        expect(sink.rows()[0]!['bytes']).toBe(integer(value));
      }),
    );
  });

  it('never throws, whatever bytes come', () => {
    const heads = fc
      .constantFrom('0001', '0005', '0007', '0009', '000a', '00000005')
      .map((hex) => Buffer.from(hex, 'hex'));
    const normalizer = new FlowNormalizer({ limits: { streams: 50, templates: 200, pending: 100 } });
    const sink = new Collected();
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 300 }), (head, tail) => {
        feed(normalizer, [datagram(Buffer.concat([head, tail]))], sink);
        expect(normalizer.pendingSets).toBeLessThanOrEqual(100);
        expect(sink.flows.length).toBeLessThanOrEqual(head.length + tail.length);
        sink.flows.clear();
      }),
      { numRuns: 3000 },
    );
  });
});
