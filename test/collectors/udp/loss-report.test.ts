import type { RawRecord } from '../../../collectors/contract';
import { LossReport } from '../../../collectors/udp/loss-report';

const ORIGIN = { collector: 'netflow', source: 'udp://192.0.2.1:2055', format: 'flow' } as const;

/** A report whose queue takes so many records, and what it took. */
function setup(room = Number.POSITIVE_INFINITY): {
  report: LossReport;
  told: () => unknown[];
  records: RawRecord[];
  more: (n: number) => void;
} {
  const records: RawRecord[] = [];
  let left = room;
  const offer = (batch: readonly RawRecord[]): number => {
    const taken = Math.min(left, batch.length);
    left -= taken;
    records.push(...batch.slice(0, taken));
    return taken;
  };
  const told = (): unknown[] => records.map(({ bytes }) => JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown);
  return { report: new LossReport(ORIGIN, offer, 1000), told, records, more: (n) => (left += n) };
}

test('nothing lost is nothing told', () => {
  const { report, told } = setup();
  report.report({ kernel: 0, queue: 0 }, 2000);
  report.report({ kernel: undefined, queue: 0 }, 3000);
  expect(told()).toEqual([]);
});

test('what is new is told, since the look before', () => {
  const { report, told, records } = setup();
  report.report({ kernel: 0, queue: 0 }, 2000);
  report.report({ kernel: 12, queue: 3 }, 3000);
  report.report({ kernel: 12, queue: 3 }, 4000);
  report.report({ kernel: 12, queue: 4 }, 5000);
  expect(told()).toEqual([
    { v: 1, format: 'flow', kernel: 12, queue: 3, since: 2000 },
    { v: 1, format: 'flow', kernel: 0, queue: 1, since: 4000 },
  ]);
  expect(records[0]).toMatchObject({ receivedAt: 3000, origin: { ...ORIGIN, format: 'loss', peer: '' } });
  expect(records[1]?.origin).toBe(records[0]?.origin);
});

test('a kernel that says nothing for once takes nothing back', () => {
  const { report, told } = setup();
  report.report({ kernel: 12, queue: 0 }, 2000);
  report.report({ kernel: undefined, queue: 0 }, 3000);
  report.report({ kernel: 13, queue: 0 }, 4000);
  expect(told()).toMatchObject([{ kernel: 12 }, { kernel: 1, since: 3000 }]);
});

test('where the queue is full all is told later, of the whole time', () => {
  const { report, told, more } = setup(0);
  report.report({ kernel: 5, queue: 1 }, 2000);
  report.report({ kernel: 7, queue: 2 }, 3000);
  expect(told()).toEqual([]);
  more(1);
  report.report({ kernel: 7, queue: 2 }, 4000);
  expect(told()).toEqual([{ v: 1, format: 'flow', kernel: 7, queue: 2, since: 1000 }]);
});
