import { Worker } from 'node:worker_threads';
import { join } from 'node:path';
import fc from 'fast-check';
import type { RawOrigin, RawRecord } from '../../../collectors/contract';
import { createRing, MAX_ORIGINS } from '../../../store/journal/ring-layout';
import { RingProducer } from '../../../store/journal/ring-producer';
import { RingReader } from '../../../store/journal/ring-reader';

const ORIGIN: RawOrigin = { collector: 'netflow', source: 'udp://[::]:2055', peer: '[2001:db8::1]:9', format: 'flow' };

function record(length: number, origin = ORIGIN, receivedAt = 1): RawRecord {
  return { origin, receivedAt, bytes: Buffer.alloc(length, length & 0xff) };
}

function pair(capacity: number): { producer: RingProducer; reader: RingReader } {
  const memory = createRing(capacity);
  return { producer: new RingProducer(memory), reader: new RingReader(memory) };
}

/** Everything in the ring, copied out. */
function drain(reader: RingReader, maxRecords = 1000): RawRecord[] {
  const taken: RawRecord[] = [];
  for (;;) {
    const { count, data, offset, length, receivedAt, origin } = reader.peek(maxRecords, 1 << 30);
    if (count === 0) return taken;
    for (let index = 0; index < count; index += 1) {
      const at = offset[index] ?? 0;
      // What stands before the bytes is the reader's to overwrite.
      data.fill(0xee, at - 49, at);
      const bytes = Buffer.from(data.subarray(at, at + (length[index] ?? 0)));
      taken.push({ origin: origin[index] ?? ORIGIN, receivedAt: receivedAt[index] ?? 0, bytes });
    }
    reader.advance();
  }
}

it.each([0, 4095, 5000, 2 ** 31])('refuses a capacity of %d', (capacity) => {
  expect(() => createRing(capacity)).toThrow(RangeError);
});

it('hands over bytes, time and origin as they were offered', () => {
  const { producer, reader } = pair(4096);
  const offered = [record(0), record(1, ORIGIN, -5), record(1400, { ...ORIGIN, peer: 'ü' }, 2 ** 52)];
  expect(producer.offer(offered)).toBe(3);
  expect(drain(reader)).toEqual(offered);
  expect(producer.filled).toBe(0);
});

it('copies the bytes before offer returns', () => {
  const { producer, reader } = pair(4096);
  const bytes = Buffer.from('before');
  producer.offer([{ origin: ORIGIN, receivedAt: 1, bytes }]);
  bytes.write('after!');
  expect(drain(reader).map((taken) => Buffer.from(taken.bytes).toString())).toEqual(['before']);
});

it('takes a prefix when full, counts the rest, and goes on after a release', () => {
  const { producer, reader } = pair(4096);
  const batch = Array.from({ length: 10 }, () => record(900));
  expect(producer.offer(batch)).toBe(4);
  expect(producer.refusedFull).toBe(6n);
  expect(reader.refusedFull).toBe(6n);
  expect(drain(reader)).toHaveLength(4);
  expect(producer.offer(batch.slice(4))).toBe(4);
  expect(producer.refusedFull).toBe(8n);
});

it('drops a record larger than half the ring, counts it, and carries those behind it', () => {
  const { producer, reader } = pair(4096);
  expect(producer.offer([record(1), record(4000), record(2)])).toBe(3);
  expect(producer.refusedOversize).toBe(1n);
  expect(producer.refusedFull).toBe(0n);
  expect(drain(reader).map((taken) => taken.bytes.length)).toEqual([1, 2]);
});

it('drops and counts a record whose origin is larger than half the ring', () => {
  const { producer, reader } = pair(4096);
  expect(producer.offer([record(1), record(1, { ...ORIGIN, source: 'x'.repeat(3000) }), record(2)])).toBe(3);
  expect(producer.refusedOversize).toBe(1n);
  expect(drain(reader).map((taken) => taken.bytes.length)).toEqual([1, 2]);
});

it('gives the same batch again until it is released', () => {
  const { producer, reader } = pair(8192);
  producer.offer([record(1), record(2)]);
  expect(reader.peek(1, 1000).count).toBe(1);
  expect(reader.peek(10, 1000).count).toBe(1);
  reader.advance();
  expect(reader.peek(10, 1000)).toMatchObject({ count: 1 });
});

it('limits a batch by bytes but gives one record that is larger', () => {
  const { producer, reader } = pair(8192);
  producer.offer([record(500), record(500), record(500), record(2000)]);
  const counts: number[] = [];
  for (let left = 4; left > 0;) {
    const { count } = reader.peek(10, 1000);
    counts.push(count);
    left -= count;
    reader.advance();
  }
  expect(counts).toEqual([2, 1, 1]);
});

it('keeps a flood of spoofed peers within its bounds and every origin right', () => {
  const { producer, reader } = pair(1 << 16);
  let wrong = 0;
  let taken = 0;
  const check = (): void => {
    for (const { origin, receivedAt } of drain(reader)) {
      taken += 1;
      if (origin.peer !== `peer ${receivedAt}`) wrong += 1;
    }
  };
  for (let peer = 0; peer < 60_000; peer += 1) {
    const spoofed = record(10, { ...ORIGIN, peer: `peer ${peer}` }, peer);
    while (producer.offer([spoofed]) === 0) check();
  }
  check();
  expect({ taken, wrong }).toEqual({ taken: 60_000, wrong: 0 });
  expect(MAX_ORIGINS).toBeLessThan(10_000);
});

it('carries any sequence of records through any sequence of reads', () => {
  const origins = Array.from({ length: 5 }, (_, index) => ({ ...ORIGIN, peer: `p${index}` }));
  const step = fc.oneof(
    fc.record({
      offer: fc.array(fc.record({ size: fc.integer({ min: 0, max: 2400 }), origin: fc.nat(4) }), { maxLength: 12 }),
    }),
    fc.record({ take: fc.integer({ min: 1, max: 9 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { producer, reader } = pair(4096);
      const sent: RawRecord[] = [];
      const got: RawRecord[] = [];
      let oversize = 0;
      let refused = 0;
      let serial = 0;
      for (const action of steps) {
        if ('take' in action) {
          got.push(...drain(reader, action.take));
          continue;
        }
        const batch = action.offer.map(({ size, origin }) => record(size, origins[origin], (serial += 1)));
        const taken = producer.offer(batch);
        refused += batch.length - taken;
        const carried = batch.slice(0, taken).filter(({ bytes }) => bytes.length + 80 <= 2048);
        oversize += taken - carried.length;
        sent.push(...carried);
      }
      got.push(...drain(reader));
      expect(got).toEqual(sent);
      expect([producer.refusedFull, producer.refusedOversize]).toEqual([BigInt(refused), BigInt(oversize)]);
      expect(producer.filled).toBe(0);
    }),
    { numRuns: 300 },
  );
});

it('survives the wrap of its 32-bit positions', () => {
  const memory = createRing(4096);
  // Both positions a little below 2^32.
  const cells = new Int32Array(memory);
  cells[0] = -64;
  cells[16] = -64;
  const producer = new RingProducer(memory);
  const reader = new RingReader(memory);
  for (let round = 0; round < 10; round += 1) {
    expect(producer.offer([record(100, ORIGIN, round)])).toBe(1);
    expect(drain(reader).map(({ receivedAt }) => receivedAt)).toEqual([round]);
  }
  expect(cells[0]).toBeGreaterThan(0);
});

it('wakes a waiting reader and a waiting producer', async () => {
  const { producer, reader } = pair(4096);
  expect(await reader.wait(1)).toBe(false);
  const waiting = reader.wait(10_000);
  producer.offer([record(1500), record(1500)]);
  expect(await waiting).toBe(true);
  expect(await producer.waitForRoom(1)).toBe(false);
  const room = producer.waitForRoom(10_000);
  drain(reader);
  expect(await room).toBe(true);
});

it('carries 50,000 records between two threads, in order, none lost and none altered', async () => {
  const memory = createRing(1 << 16);
  const count = 50_000;
  const worker = new Worker(join(__dirname, 'ring-worker.js'), { workerData: { memory, count } });
  const reader = new RingReader(memory);
  let next = 0;
  let wrong = 0;
  while (next < count && (await reader.wait(20_000))) {
    for (const { bytes, receivedAt, origin } of drain(reader)) {
      const isRight =
        receivedAt === next &&
        origin.peer === `peer ${next % 5000}` &&
        bytes.length === next % 1500 &&
        bytes.every((byte) => byte === (next & 0xff));
      if (!isRight) wrong += 1;
      next += 1;
    }
  }
  await worker.terminate();
  expect({ next, wrong }).toEqual({ next: count, wrong: 0 });
});
