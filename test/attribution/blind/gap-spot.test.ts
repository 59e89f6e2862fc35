import { joined, spotOfGap } from '../../../attribution/blind/gap-spot';
import type { GapRow } from '../../../store/analysis/blind-record';

const ROW: GapRow = {
  id: 1,
  rawSeq: 7,
  receivedAt: 60_000,
  since: 50_000,
  device: 'rt1',
  parser: 'netflow_v9',
  kind: 'sequence',
  missing: 3,
  unit: 'packets',
  detail: '1 gaps, port 2055',
};

describe('spotOfGap', () => {
  test.each([
    ['a flow sequence', {}, 'flow'],
    ['an sFlow restart', { parser: 'sflow_v5', kind: 'restart' }, 'flow'],
    ['a numbered syslog', { parser: 'syslog', unit: 'messages' }, 'log'],
    ['what a device states itself', { parser: 'vmware_esxi', kind: 'device_stated' }, 'log'],
    ['a log file that was cut', { parser: 'vmware_esxi', kind: 'log_gap' }, 'log'],
    ['a reading over SNMP', { parser: 'snmp', kind: 'incomplete_read' }, 'poll'],
    ['a reading over SSH', { parser: 'cisco_ios', kind: 'incomplete_read' }, 'poll'],
  ])('%s', (_, more, kind) => expect(spotOfGap({ ...ROW, ...more })).toMatchObject({ kind, reason: 'GAP' }));

  test('lies between the record before and the one that shows it', () => {
    expect(spotOfGap(ROW)).toMatchObject({ from: 50_000, to: 60_000, missing: 3, rawSeq: 7, recordedAt: 60_000 });
    expect(spotOfGap({ ...ROW, since: null })).toMatchObject({ from: 60_000, to: 60_000 });
    // A device's clock that is ahead of ours makes no stretch that ends before it begins.
    expect(spotOfGap({ ...ROW, since: 90_000 })).toMatchObject({ from: 60_000, to: 60_000 });
  });
});

describe('joined', () => {
  const spot = spotOfGap(ROW);
  const later = (since: number, receivedAt: number): ReturnType<typeof spotOfGap> =>
    spotOfGap({ ...ROW, since, receivedAt, missing: 4 });

  test('losses that follow at once are one stretch, and their counts one sum', () => {
    expect(joined(spot, later(70_000, 80_000))).toMatchObject({ from: 50_000, to: 80_000, missing: 7 });
  });

  test.each([
    ['far apart', later(95_000, 99_000)],
    ['an earlier one', later(40_000, 45_000)],
    ['beyond ten minutes', later(60_000, 651_000)],
    ['counted in something else', spotOfGap({ ...ROW, unit: 'sets' })],
  ])('%s they are not', (_, other) => expect(joined(spot, other)).toBeUndefined());
});
