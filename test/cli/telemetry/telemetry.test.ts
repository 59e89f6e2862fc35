import type { TelemetryEvent } from '../../../cli/telemetry/events';
import type { LogFields, LogLevel } from '../../../cli/telemetry/log';
import { Telemetry } from '../../../cli/telemetry/telemetry';

interface Line {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

function telemetry() {
  const lines: Line[] = [];
  const clock = { now: 1_000_000 };
  const made = new Telemetry({
    log: { write: (level, message, fields) => lines.push({ level, message, fields }) },
    now: () => clock.now,
  });
  return { telemetry: made, lines, clock };
}

const rejected = (peer: string, count = 1): TelemetryEvent => ({
  kind: 'input_rejected',
  peer,
  reason: 'zero_length_set',
  count,
});

describe('telemetry', () => {
  it('makes a log line and a counter from one event', () => {
    const { telemetry: t, lines } = telemetry();
    t.emit({ kind: 'kernel_drops', listener: 'udp://0.0.0.0:2055', datagrams: 1200 });
    expect(lines).toEqual([
      {
        level: 'error',
        message: 'the kernel dropped 1 200 datagrams of udp://0.0.0.0:2055: its receive buffer was full',
        fields: { 'event.action': 'kernel_drops' },
      },
    ]);
    expect(t.counters.value('ascribe_kernel_drops_total', { listener: 'udp://0.0.0.0:2055' })).toBe(1200);
  });

  it('writes one line a minute for each peer, counts all, and says how many were left out', () => {
    const { telemetry: t, lines, clock } = telemetry();
    for (let i = 0; i < 500; i++) t.emit(rejected('192.0.2.1', 2));
    t.emit(rejected('192.0.2.2'));
    expect(lines.map(({ fields }) => fields['source.address'])).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(t.counters.value('ascribe_input_rejected_total', { reason: 'zero_length_set' })).toBe(1001);
    clock.now += 59_999;
    t.sweep();
    expect(lines).toHaveLength(2);
    clock.now += 1;
    t.sweep();
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatchObject({
      level: 'warn',
      message: '499 more input_rejected of 192.0.2.1 within 60 s were not logged',
    });
    t.emit(rejected('192.0.2.1'));
    expect(lines).toHaveLength(4);
  });

  it('sums up what was left out when the next event comes before a sweep', () => {
    const { telemetry: t, lines, clock } = telemetry();
    t.emit(rejected('192.0.2.1'));
    t.emit(rejected('192.0.2.1'));
    clock.now += 60_000;
    t.emit(rejected('192.0.2.1'));
    expect(lines.map(({ message }) => message.split(' ').slice(0, 2).join(' '))).toEqual([
      '1 records',
      '1 more',
      '1 records',
    ]);
  });

  it('sums up at the end', () => {
    const { telemetry: t, lines } = telemetry();
    t.emit(rejected('192.0.2.1'));
    t.emit(rejected('192.0.2.1'));
    t.flush();
    t.flush();
    expect(lines).toHaveLength(2);
  });

  it('stays bounded and quiet under 60,000 made-up senders', () => {
    const { telemetry: t, lines } = telemetry();
    for (let i = 0; i < 60_000; i++) t.emit(rejected(`10.0.${i >> 8}.${i & 255}`));
    expect(lines.length).toBeLessThanOrEqual(4097);
    expect(t.counters.value('ascribe_input_rejected_total', { reason: 'zero_length_set' })).toBe(60_000);
  });

  it('keeps an alarm from the event that raises it to the one that ends it', () => {
    const { telemetry: t, clock } = telemetry();
    t.emit({ kind: 'disk_full', directory: '/data' });
    clock.now += 5000;
    t.emit({ kind: 'disk_full', directory: '/data' });
    t.emit({ kind: 'stage_behind', stage: 'facts', records: 5000, seconds: 12 });
    t.emit({ kind: 'stage_behind', stage: 'sessions', records: 9000, seconds: 20 });
    expect(t.alarms.map(({ name, subject, since }) => [name, subject, since])).toEqual([
      ['disk_full', '', 1_000_000],
      ['stage_behind', 'facts', 1_005_000],
      ['stage_behind', 'sessions', 1_005_000],
    ]);
    t.emit({ kind: 'stage_caught_up', stage: 'facts' });
    t.emit({ kind: 'disk_space_back', directory: '/data' });
    expect(t.alarms.map(({ subject }) => subject)).toEqual(['sessions']);
  });
});

describe('counters', () => {
  it('add what exceeds the number of series to one series without labels', () => {
    const { telemetry: t } = telemetry();
    for (let i = 0; i < 5000; i++) t.counters.add('x_total', { n: String(i) }, 1);
    const samples = t.counters.samples();
    expect(samples.length).toBeLessThanOrEqual(4097);
    expect(samples.reduce((sum, { value }) => sum + value, 0)).toBe(5000);
    expect(t.counters.value('x_total')).toBe(5000 - 4096);
  });

  it('do not mind the order of labels', () => {
    const { telemetry: t } = telemetry();
    t.counters.add('x_total', { a: '1', b: '2' }, 1);
    t.counters.add('x_total', { b: '2', a: '1' }, 1);
    expect(t.counters.value('x_total', { a: '1', b: '2' })).toBe(2);
  });
});
