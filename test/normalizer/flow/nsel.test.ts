import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { ConnectionCounter, type ConnectionColumns } from '../../../normalizer/flow/nsel';
import { SUMS } from '../../../normalizer/flow/connection-table';
import { SeededRandom } from '../../site/random';

const [CREATED, DELETED, DENIED, ALERT, UPDATE] = [1, 2, 3, 4, 5];

interface Event {
  readonly id: number;
  readonly event: number;
  readonly time: number;
  readonly stated: readonly bigint[];
}

/** What connection records count, written down as the rules are told and with nothing for speed. */
class PlainCounter {
  readonly #connections = new Map<number, { time: number; closed: boolean; sums: bigint[] }>();

  count({ id, event, time, stated }: Event, totals: boolean): readonly bigint[] {
    if (event === DENIED) return stated;
    let known = this.#connections.get(id);
    if (known === undefined && event === CREATED) return stated;
    const anew = known !== undefined && time > known.time && (known.closed || event === CREATED);
    if (known === undefined || anew) {
      known = { time: Number.NEGATIVE_INFINITY, closed: false, sums: stated.map(() => 0n) };
      this.#connections.set(id, known);
    }
    const { sums } = known;
    const again = known.closed || (event === UPDATE && time === known.time);
    known.time = Math.max(known.time, time);
    if (event === DELETED) known.closed = true;
    if (again) return stated.map(() => 0n);
    const all = totals || (event === DELETED && stated.every((value, i) => value >= sums[i]!));
    const added = stated.map((value, i) => (!all ? value : value > sums[i]! ? value - sums[i]! : 0n));
    known.sums = sums.map((sum, i) => sum + added[i]!);
    return added;
  }
}

function columnsOf(events: readonly Event[], counters: number, totals: boolean): ConnectionColumns {
  const words = (values: readonly bigint[]): Uint32Array => new Uint32Array(BigUint64Array.from(values).buffer);
  const each = Array.from({ length: counters }, (_, i) => i);
  return {
    ids: words(events.map(({ id }) => BigInt(id))),
    events: Uint8Array.from(events, ({ event }) => event),
    times: Float64Array.from(events, ({ time }) => time),
    stated: each.map((i) => words(events.map(({ stated }) => stated[i]!))),
    counted: each.map(() => words(events.map(() => 77n))),
    sums: each.map((i) => SUMS + i),
    totals,
    skipped: DENIED,
    created: CREATED,
  };
}

function counted({ counted: columns }: ConnectionColumns, row: number): bigint[] {
  return columns.map((words) => new BigUint64Array(words.buffer)[row]!);
}

function randomEvents(random: SeededRandom, count: number, counters: number): Event[] {
  return Array.from({ length: count }, () => ({
    id: random.int(1, 12),
    event: random.pick([CREATED, DELETED, DENIED, ALERT, UPDATE, UPDATE, UPDATE]),
    time: 1.7e12 + random.int(0, 60),
    stated: Array.from({ length: counters }, () => BigInt(random.int(0, 900)) << BigInt(random.pick([0, 0, 31, 40]))),
  }));
}

describe('ConnectionCounter', () => {
  it.each(
    [1, 2, 3, 4].flatMap((counters) =>
      [true, false].map((totals) => [counters, totals ? 'totals' : 'updates', totals] as const),
    ),
  )('counts %i counters of %s as the plain rules do', (counters, _name, totals) => {
    for (let seed = 0; seed < 6; seed++) {
      const events = randomEvents(new SeededRandom(seed), 500, counters);
      const columns = columnsOf(events, counters, totals);
      const counter = new ConnectionCounter(64);
      const batch = new FlowBatch(500);
      // Two records to a run, as if each datagram had two.
      for (let row = 0; row < 500; row += 2) {
        counter.reconcile(batch, columns, { ...batch.openRun(2, STREAM, []), from: row, to: row + 2 }, 1);
      }
      expect(batch.runs).toHaveLength(250);
      const plain = new PlainCounter();
      expect(events.map((_, row) => counted(columns, row))).toEqual(events.map((event) => plain.count(event, totals)));
    }
  });

  it.each([
    ['looked at', (batch: FlowBatch): unknown => batch.runs],
    ['dropped', (batch: FlowBatch): unknown => batch.clear()],
  ])('counts in the order of records, not of the batches they stand in, when one is %s', (_name, look) => {
    const counter = new ConnectionCounter(64);
    const [first, second] = [new FlowBatch(1), new FlowBatch(1)];
    const update = columnsOf([{ id: 1, event: UPDATE, time: 1, stated: [100n, 0n] }], 2, false);
    const teardown = columnsOf([{ id: 1, event: DELETED, time: 2, stated: [150n, 0n] }], 2, false);
    counter.reconcile(first, update, first.openRun(1, STREAM, []), 1);
    counter.reconcile(second, teardown, second.openRun(1, STREAM, []), 1);
    look(second);
    expect([counted(update, 0), counted(teardown, 0)]).toEqual([
      [100n, 0n],
      [50n, 0n],
    ]);
    look(first);
    expect(counted(update, 0)).toEqual([100n, 0n]);
  });

  it('keeps exporters apart whose runs stand together', () => {
    const counter = new ConnectionCounter(64);
    const batch = new FlowBatch(2);
    const columns = columnsOf(
      [
        { id: 1, event: UPDATE, time: 1, stated: [100n, 0n] },
        { id: 1, event: DELETED, time: 2, stated: [150n, 0n] },
      ],
      2,
      false,
    );
    for (const exporter of [1, 2]) counter.reconcile(batch, columns, batch.openRun(1, STREAM, []), exporter);
    expect(batch.runs).toHaveLength(2);
    expect([counted(columns, 0), counted(columns, 1)]).toEqual([
      [100n, 0n],
      [150n, 0n],
    ]);
  });
});

const STREAM = { exporter: '192.0.2.1', port: 2055, domain: 0, version: 9 };
