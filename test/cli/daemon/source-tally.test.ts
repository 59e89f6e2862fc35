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

  it('counts the loss of a device with a name at the address that `status` lists', () => {
    const tallies = new SourceTallies();
    const origin = { collector: 'netflow', source: 'x', peer: '[2001:db8::1]:2055', format: 'flow' } as const;
    const record = { seq: 1, receivedAt: 0, origin, bytes: new Uint8Array() };
    tallies.fact(gap({ device: 'edge-1', missing: 2n }), record);
    expect(tallies.sources()).toEqual([expect.objectContaining({ peer: '2001:db8::1', sequenceLost: 2 })]);
  });

  it('tells of no loss when nothing that was numbered is missing', () => {
    const tallies = new SourceTallies();
    tallies.fact(gap({ kind: 'incomplete_read', detail: 'ifTable: timeout' }), undefined);
    expect(tallies.takeEvents()).toEqual([]);
    expect(tallies.sources()).toEqual([]);
  });
});
