import * as fc from 'fast-check';
import type { RawRecord } from '../../collectors/contract';
import { LossReport } from '../../collectors/udp/loss-report';
import { LossNormalizer } from '../../normalizer/loss-normalizer';
import type { Fact } from '../../normalizer/model/facts';
import { FlowBatch } from '../../normalizer/model/flow-batch';

const SOURCE = 'udp://0.0.0.0:2055';

function factsOf(bytes: Uint8Array, receivedAt = 9000): Fact[] {
  const facts: Fact[] = [];
  const origin = { collector: 'netflow', source: SOURCE, peer: '', format: 'loss' } as const;
  new LossNormalizer().normalize(
    { seq: 7, receivedAt, bytes, origin },
    { flows: new FlowBatch(1), fact: (fact) => void facts.push(fact) },
  );
  return facts;
}

test('what a receiver reports is read as gaps of it: the encoder and the reader agree', () => {
  const records: RawRecord[] = [];
  const origin = { collector: 'netflow', source: SOURCE, format: 'flow' } as const;
  const report = new LossReport(origin, (batch) => records.push(...batch) && batch.length, 1000);
  report.report({ kernel: 12, queue: 3 }, 9000);
  const gap = {
    fact: 'gap',
    rawSeq: 7,
    observedAt: 9000,
    device: SOURCE,
    parser: 'receiver_flow',
    unit: 'packets',
    since: 1000,
  };
  expect(factsOf(records[0]!.bytes)).toMatchObject([
    { ...gap, kind: 'kernel_drop', missing: 12n },
    { ...gap, kind: 'queue_drop', missing: 3n },
  ]);
});

test.each([
  ['no JSON', 'x'],
  ['another version', '{"v":2,"format":"flow","kernel":1,"queue":0,"since":1}'],
  ['another format', '{"v":1,"format":"command","kernel":1,"queue":0,"since":1}'],
  ['a negative count', '{"v":1,"format":"flow","kernel":-1,"queue":0,"since":1}'],
  ['a broken number', '{"v":1,"format":"flow","kernel":1.5,"queue":0,"since":1}'],
  ['an array', '[]'],
  ['too much', `{"v":1,"format":"flow","kernel":1,"queue":0,"since":1,"x":"${'y'.repeat(2000)}"}`],
])('%s is refused', (_, text) => {
  expect(factsOf(Buffer.from(text))).toMatchObject([{ fact: 'rejected', reason: 'loss_unreadable' }]);
});

test('any bytes are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(factsOf(bytes)).toMatchObject([{ fact: 'rejected' }]);
    }),
  );
});
