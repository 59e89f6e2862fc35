import { chmodSync, existsSync, mkdtempSync, openSync, closeSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { addressBytes, addressText } from '../../../normalizer/model/address';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { AddressFilter, parseRange, rangeBounds } from '../../../store/facts/address-filter';
import { digestFacts } from '../../../store/facts/digest';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import { FactsReader } from '../../../store/facts/facts-reader';
import { sealFactsSegment } from '../../../store/facts/facts-seal';
import { FactsSegment } from '../../../store/facts/facts-segment';
import { appendRun, type FlowValues } from './flow-rows';

const T = 1_764_000_000_000;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-seal-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const pathOf = (name: string): string => join(directory, `${name}.db`);
const NAME = '2025-11-24T16-000';

function segmentOf(name: string, rows: readonly FlowValues[], snapshot: Uint8Array = Uint8Array.of(1)): FactsSegment {
  const segment = FactsSegment.create(pathOf(name), { name, snapshot, appliedSeq: 0 });
  const batch = new FlowBatch(Math.max(1, rows.length));
  rows.forEach((row, i) => appendRun(batch, { rawSeq: 1, receivedAt: T, firstOrdinal: i }, [row]));
  segment.begin();
  segment.applyFlows(batch);
  segment.fact({
    fact: 'session_log',
    rawSeq: 2,
    observedAt: T,
    timeQuality: 'ok',
    device: 'fw',
    parser: 'p',
    action: 'end',
    source: { ip: '10.7.7.7', natIp: '203.0.113.77' },
    destination: {},
    directionSource: 'unknown',
  });
  segment.commit(2);
  return segment;
}

const flow = (src: string, dst: string, second = 0): FlowValues => ({
  src,
  dst,
  start: T + second * 1000,
  end: T + second * 1000 + 500,
});

describe('sealFactsSegment', () => {
  test('leaves one indexed, read-only file with the same facts', () => {
    const segment = segmentOf(NAME, [flow('10.0.0.1', '10.0.0.2'), flow('10.0.0.3', '2001:db8::1', 60)]);
    const before = digestFacts(segment.path);
    segment.complete();
    expect(sealFactsSegment(segment.path)).toBe('sealed');
    expect(statSync(segment.path).mode & 0o777).toBe(0o440);
    expect(existsSync(`${segment.path}-wal`)).toBe(false);
    expect(digestFacts(segment.path)).toBe(before);
    const reader = new FactsReader(segment.path);
    expect(reader.state).toBe('sealed');
    const plan = reader.query('EXPLAIN QUERY PLAN SELECT * FROM flow_row WHERE src = ? AND start > 1', [
      Buffer.alloc(4),
    ]);
    expect(String(plan[0]?.['detail'])).toContain('flow_by_src');
    expect(reader.query('SELECT flows, first_start, last_end, first_seq, last_seq FROM catalogue')).toEqual([
      { flows: 2n, first_start: BigInt(T), last_end: BigInt(T + 60_500), first_seq: 1n, last_seq: 1n },
    ]);
    reader.close();
  });

  test('goes on where a reader, or a crash, stopped it', () => {
    const segment = segmentOf(NAME, [flow('10.0.0.1', '10.0.0.2')]);
    segment.complete();
    const reader = new FactsReader(segment.path);
    expect(reader.flowsAfter(0, 10)).toHaveLength(1);
    expect(sealFactsSegment(segment.path)).toBe('busy');
    expect(reader.state).toBe('sealed');
    reader.close();
    expect(sealFactsSegment(segment.path)).toBe('sealed');
    expect(sealFactsSegment(segment.path)).toBe('sealed');
  });

  test('an open segment is refused', () => {
    const segment = segmentOf(NAME, []);
    expect(() => sealFactsSegment(segment.path)).toThrow(expect.objectContaining({ code: 'facts_segment' }));
    segment.close();
    expect(() => sealFactsSegment(pathOf('none'))).toThrow(expect.objectContaining({ code: 'facts_segment' }));
  });

  test('a damaged page is found', () => {
    const segment = segmentOf(
      NAME,
      Array.from({ length: 3000 }, (_, i) => flow(`10.0.${i >> 8}.${i & 255}`, '10.9.9.9')),
    );
    segment.complete();
    chmodSync(segment.path, 0o640);
    const file = openSync(segment.path, 'r+');
    const pages = statSync(segment.path).size / 8192;
    writeSync(file, Buffer.alloc(8192, 0x5a), 0, 8192, Math.floor(pages / 2) * 8192);
    closeSync(file);
    expect(() => sealFactsSegment(segment.path)).toThrow(expect.objectContaining({ code: 'facts_segment' }));
  });
});

describe('digestFacts', () => {
  test.each<[string, readonly FlowValues[], Uint8Array, boolean]>([
    ['the same facts', [flow('10.0.0.1', '10.0.0.2')], Uint8Array.of(1), true],
    ['another address', [flow('10.0.0.1', '10.0.0.3')], Uint8Array.of(1), false],
    ['one row more', [flow('10.0.0.1', '10.0.0.2'), flow('10.0.0.1', '10.0.0.2')], Uint8Array.of(1), false],
    ['another snapshot', [flow('10.0.0.1', '10.0.0.2')], Uint8Array.of(2), false],
  ])('%s', (_name, rows, snapshot, equal) => {
    segmentOf(NAME, [flow('10.0.0.1', '10.0.0.2')]).close();
    const before = digestFacts(pathOf(NAME));
    rmSync(pathOf(NAME));
    segmentOf(NAME, rows, snapshot).close();
    expect(digestFacts(pathOf(NAME)) === before).toBe(equal);
  });

  test('how rows came in batches does not matter', () => {
    const rows = Array.from({ length: 40 }, (_, i) => flow(`10.0.0.${i}`, '10.0.0.200', i));
    const write = (name: string, parts: readonly (readonly FlowValues[])[]): string => {
      const segment = FactsSegment.create(pathOf(name), { name: 'same', snapshot: new Uint8Array(0), appliedSeq: 0 });
      let ordinal = 0;
      for (const [i, part] of parts.entries()) {
        const batch = new FlowBatch(64);
        for (const row of part) appendRun(batch, { rawSeq: 1, receivedAt: T, firstOrdinal: ordinal++ }, [row]);
        segment.begin();
        segment.applyFlows(batch);
        segment.commit(i + 1 === parts.length ? 9 : i);
      }
      segment.close();
      return digestFacts(segment.path);
    };
    expect(write('2025-11-24T16-001', [rows])).toBe(
      write(
        '2025-11-24T16-002',
        rows.map((row) => [row]),
      ),
    );
  });
});

describe('FactsReader', () => {
  test('flows carry exact counters: numbers up to 2^53, text above, also above 2^63', () => {
    const values = [2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 64n - 1n];
    segmentOf(
      NAME,
      values.map((bytes) => ({ src: '10.0.0.1', dst: '10.0.0.2', start: T, bytes, connectionId: bytes })),
    ).close();
    const reader = new FactsReader(pathOf(NAME));
    const rows = reader.flowsAfter(0, 10);
    expect(rows.map(({ bytes }) => bytes)).toEqual([9007199254740991, '9007199254740993', '18446744073709551615']);
    expect(rows.map(({ connectionId }) => connectionId)).toEqual(['9007199254740991', '9007199254740993', '-1']);
    expect(rows[0]).toMatchObject({
      id: 1,
      rawSeq: 1,
      ordinal: 0,
      src: '0A000001',
      exporter: '192.0.2.1',
      natSrc: null,
      packets: null,
    });
    expect(reader.flowsAfter(1, 1).map(({ id, ordinal }) => [id, ordinal])).toEqual([[2, 1]]);
    expect(reader.rowsAfter('session_log', 0, 5)).toEqual([expect.objectContaining({ id: 1n, src_ip: '10.7.7.7' })]);
    expect(reader.rowsAfter('session_log', 1, 5)).toEqual([]);
    expect(reader.appliedSeq).toBe(2);
    reader.close();
  });

  test('sees what is committed while it is open, and nothing else', () => {
    const segment = segmentOf(NAME, [flow('10.0.0.1', '10.0.0.2')]);
    const reader = new FactsReader(segment.path);
    const batch = new FlowBatch(1);
    appendRun(batch, { rawSeq: 3, receivedAt: T }, [flow('10.0.0.5', '10.0.0.6')]);
    segment.begin();
    segment.applyFlows(batch);
    expect(reader.flowsAfter(1, 10)).toHaveLength(0);
    segment.commit(3);
    expect(reader.flowsAfter(1, 10)).toHaveLength(1);
    segment.complete();
    expect(reader.state).toBe('complete');
    reader.close();
  });
});

describe('FactsDirectory', () => {
  test('opens only the segments that may answer', () => {
    const names = [NAME, '2025-11-24T16-001', '2025-11-24T16-1000', '2025-11-24T17-000'];
    names.forEach((name, i) => {
      const segment = segmentOf(name, [
        flow(`10.0.${i}.1`, '198.51.100.1', i * 3600),
        { ...flow('10.1.1.1', '10.1.1.2', i * 3600), natSrc: `203.0.113.${i}` },
      ]);
      if (i === 3) return segment.close();
      segment.complete();
      sealFactsSegment(segment.path);
    });
    const facts = new FactsDirectory(directory);
    const found = (query: Partial<Parameters<FactsDirectory['flows']>[0]>): unknown[] =>
      facts
        .flows({ from: 0, to: T * 2, limit: 100, ...query })
        .map(({ segment, row }) => `${names.indexOf(segment)}/${Number(row['id'])}`);
    expect(facts.names()).toEqual(names);
    expect(found({ address: parseRange('10.0.2.1')! })).toEqual(['2/1']);
    expect(found({ address: parseRange('10.0.0.0/22')! })).toEqual(['0/1', '1/1', '2/1', '3/1']);
    expect(found({ address: parseRange('203.0.113.3')! })).toEqual(['3/2']);
    expect(found({ address: parseRange('192.0.2.0/24')! })).toEqual([]);
    expect(found({ from: T + 3600_000, to: T + 3600_001 })).toEqual(['1/1', '1/2']);
    expect(found({ limit: 3 })).toEqual(['0/1', '0/2', '1/1']);
    expect(facts.summary(NAME)?.filter.mayContain(parseRange('203.0.113.1')!)).toBe(false);
    expect(facts.summary('2025-11-24T17-000')).toBeUndefined();
    expect(facts.reader('none')).toBeUndefined();
    facts.close();
  });

  test('a directory that does not exist yet has no segments; a file being made is passed over', () => {
    expect(new FactsDirectory(join(directory, 'flows')).names()).toEqual([]);
    new Database(pathOf(NAME)).close();
    const facts = new FactsDirectory(directory);
    expect(facts.flows({ from: 0, to: T * 2, limit: 1 })).toEqual([]);
    facts.close();
  });
});

describe('AddressFilter', () => {
  test('never denies an address or a network that is in it', () => {
    const address = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    );
    fc.assert(
      fc.property(
        fc.array(address, { minLength: 1, maxLength: 50 }),
        fc.nat(),
        fc.nat(128),
        (addresses, pick, prefix) => {
          const filter = AddressFilter.from(AddressFilter.of(addresses).toBytes());
          const bytes = addresses[pick % addresses.length]!;
          expect(filter.mayContain(parseRange(`${addressText(bytes)}/${Math.min(prefix, bytes.length * 8)}`)!)).toBe(
            true,
          );
        },
      ),
    );
  });

  test('denies most of what is not in it', () => {
    const filter = AddressFilter.of(Array.from({ length: 5000 }, (_, i) => Uint8Array.of(10, 0, i >> 8, i & 255)));
    const wrong = Array.from({ length: 2000 }, (_, i) => parseRange(`172.16.${i >> 8}.${i & 255}`)!);
    expect(wrong.filter((range) => filter.mayContain(range)).length).toBeLessThan(60);
  });

  test.each([
    ['10.1.2.3/8', '10.0.0.0', '10.255.255.255'],
    ['10.1.2.3', '10.1.2.3', '10.1.2.3'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['10.0.0.9/31', '10.0.0.8', '10.0.0.9'],
    ['2001:db8::1/33', '2001:db8::', '2001:db8:7fff:ffff:ffff:ffff:ffff:ffff'],
  ])('%s is %s to %s', (text, first, last) => {
    expect(rangeBounds(parseRange(text)!).map((bytes) => addressText(bytes))).toEqual([first, last]);
  });

  test.each(['', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '::/129', 'host', '010.0.0.0/8'])(
    '%p is no network',
    (text) => {
      expect(parseRange(text)).toBeUndefined();
    },
  );

  test('bytes of a text address are its own', () =>
    expect(addressBytes('10.0.0.1')).toEqual(Uint8Array.of(10, 0, 0, 1)));
});
