import { SourceTallies } from '../../../cli/daemon/source-tally';
import type { Gap } from '../../../normalizer/model/facts';

const gap = (values: Partial<Gap>): Gap => ({
  fact: 'gap',
  rawSeq: 1,
  observedAt: 0,
  timeQuality: 'ok',
  device: '192.0.2.1',
  parser: 'ipfix',
  kind: 'sequence',
  ...values,
});

describe('SourceTallies', () => {
  it('keeps sets given up apart from what never came', () => {
    const tallies = new SourceTallies();
    tallies.fact(gap({ kind: 'undecoded', missing: 3n, unit: 'sets' }), undefined);
    tallies.fact(gap({ missing: 40n, unit: 'records' }), undefined);
    tallies.fact(gap({ kind: 'restart' }), undefined);
    expect(tallies).toMatchObject({ undecoded: 3, sequenceLost: 40, malformed: 0 });
    expect(tallies.sources()).toEqual([expect.objectContaining({ peer: '192.0.2.1', undecoded: 3, sequenceLost: 40 })]);
    expect(tallies.takeEvents()).toEqual([{ kind: 'sequence_gap', peer: '192.0.2.1', missing: 40 }]);
  });
});
