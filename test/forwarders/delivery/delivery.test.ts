import {
  type ItemOutcome,
  type OutItem,
  type SendResult,
  type Transport,
  TransportError,
} from '../../../forwarders/contract';
import { Backoff } from '../../../forwarders/delivery/backoff';
import { Delivery } from '../../../forwarders/delivery/delivery';
import { ecsFormat } from '../../../forwarders/formats/ecs';
import { eventLike } from '../records';

const items = (count: number): OutItem[] =>
  Array.from({ length: count }, (_, i) => {
    const record = eventLike({}, { uid: String(i), ref: `s/${i}` });
    return { record, text: `{"n":${i}}`, format: ecsFormat };
  });

/** A receiver by script, with what it was sent. */
function scripted(answer: (batch: readonly OutItem[], call: number) => SendResult) {
  const calls: string[][] = [];
  const pauses: number[] = [];
  const told: string[] = [];
  const transport: Transport = {
    send: (batch) => {
      calls.push(batch.map(({ record }) => record.uid));
      return new Promise((resolve) => {
        resolve(answer(batch, calls.length));
      });
    },
    close: () => Promise.resolve(),
    probe: () => Promise.resolve(''),
  };
  const watch = {
    failed: ({ code, denied }: { code: string; denied: boolean }) =>
      void told.push(`${denied ? 'denied' : 'failed'} ${code}`),
    works: (failures: number) => void told.push(`works after ${failures}`),
  };
  const clock = {
    random: () => 1,
    pause: (ms: number, signal: AbortSignal) => {
      pauses.push(ms);
      signal.throwIfAborted();
      return Promise.resolve();
    },
  };
  return { delivery: new Delivery(transport, watch, clock), calls, pauses, told };
}

const never = new AbortController().signal;

test('a batch that is taken is sent once', async () => {
  const { delivery, calls } = scripted(() => 'ok');
  expect(await delivery.deliver(items(3), never)).toEqual({ delivered: 3, dead: [] });
  expect(calls).toEqual([['0', '1', '2']]);
});

test('a receiver that is away is tried again without end, at growing pauses, at least what it asks for', async () => {
  const { delivery, calls, pauses, told } = scripted((_batch, call) => {
    if (call === 5) throw new TransportError('retry', 'http_503', 'busy', { retryAfterMs: 120_000 });
    if (call < 20) throw new TransportError('retry', 'connect', 'refused');
    return 'ok';
  });
  expect(await delivery.deliver(items(2), never)).toEqual({ delivered: 2, dead: [] });
  expect(calls).toHaveLength(20);
  expect(pauses.slice(0, 6)).toEqual([500, 1000, 2000, 4000, 120_000, 16_000]);
  expect(Math.max(...pauses.slice(6))).toBe(60_000);
  expect(told.at(-1)).toBe('works after 19');
});

test('of a bulk answer only what may pass later is sent again, and what never will is a dead letter', async () => {
  const { delivery, calls } = scripted((batch, call) =>
    call === 1
      ? batch.map((_item, i): ItemOutcome => {
          if (i === 1) return { state: 'dead', code: 'bulk_400', cause: 'mapper' };
          return i === 2 ? { state: 'retry', code: 'bulk_429', cause: 'busy' } : { state: 'ok' };
        })
      : 'ok',
  );
  const { delivered, dead } = await delivery.deliver(items(4), never);
  expect({ delivered, dead }).toEqual({
    delivered: 3,
    dead: [{ kind: 'events', uid: '1', ref: 's/1', code: 'bulk_400', cause: 'mapper', excerpt: '{"n":1}' }],
  });
  expect(calls).toEqual([['0', '1', '2', '3'], ['2']]);
});

test('an answer that names fewer items than were sent confirms only those', async () => {
  const { delivery, calls } = scripted((_batch, call) => (call === 1 ? [{ state: 'ok' }] : 'ok'));
  expect(await delivery.deliver(items(3), never)).toMatchObject({ delivered: 3 });
  expect(calls[1]).toEqual(['1', '2']);
});

test('a batch that is refused as a whole is halved until the guilty record is found', async () => {
  const { delivery, calls } = scripted((batch) => {
    if (batch.some(({ record }) => record.uid === '5')) throw new TransportError('refused', 'http_400', 'bad');
    return 'ok';
  });
  const { delivered, dead } = await delivery.deliver(items(8), never);
  expect(delivered).toBe(7);
  expect(dead.map(({ uid }) => uid)).toEqual(['5']);
  expect(calls.length).toBeLessThan(12);
});

test('when everything is refused nothing becomes a dead letter: the destination is wrong, not the records', async () => {
  const stop = new AbortController();
  const { delivery, told } = scripted((batch, call) => {
    if (call > 3) stop.abort();
    return batch.map((): ItemOutcome => ({ state: 'dead', code: 'bulk_404', cause: 'no such index' }));
  });
  await expect(delivery.deliver(items(200), stop.signal)).rejects.toThrow(/aborted/u);
  expect(new Set(told)).toEqual(new Set(['denied bulk_404']));
});

test('few refused records among many that are taken are dead letters, however many come over time', async () => {
  const { delivery } = scripted((batch) =>
    batch.map((_item, i): ItemOutcome => (i === 0 ? { state: 'ok' } : { state: 'dead', code: 'x', cause: 'y' })),
  );
  for (let round = 0; round < 3; round++) {
    expect((await delivery.deliver(items(90), never)).dead).toHaveLength(89);
  }
});

test('a fault of ours is tried again, never lost', async () => {
  const { delivery, told } = scripted((_batch, call) => {
    if (call === 1) throw new TypeError('undefined is not a function');
    return 'ok';
  });
  expect(await delivery.deliver(items(1), never)).toMatchObject({ delivered: 1 });
  expect(told).toEqual(['failed unexpected', 'works after 1']);
});

test('pauses are shortened at random by up to a half', () => {
  const low = new Backoff(() => 0);
  expect([low.next(), low.next(), low.next()]).toEqual([250, 500, 1000]);
  low.reset();
  expect(low.next(5000)).toBe(5000);
  expect(low.next(10 ** 9)).toBe(600_000);
});
