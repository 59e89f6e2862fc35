import { StatusWatch } from '../../../cli/daemon/status-watch';
import { STATUS_SCHEMA, type DaemonStatus } from '../../../cli/telemetry/daemon-status';
import type { TelemetryEvent } from '../../../cli/telemetry/events';

const stage = (lagSeconds: number) => ({ position: 10, lagRecords: lagSeconds * 2, lagSeconds });

const status = (changes: { drops?: number; peers?: readonly string[]; lag?: number; at?: number }): DaemonStatus => ({
  schema: STATUS_SCHEMA,
  pid: 1,
  version: '0',
  startedAt: 0,
  updatedAt: changes.at ?? 1_000_000,
  listeners: [
    {
      address: 'udp://0.0.0.0:2055',
      protocol: 'netflow',
      received: 0,
      bytes: 0,
      refused: 0,
      queueDropped: 0,
      kernelDropped: changes.drops ?? 0,
      bufferBytes: 1,
      bufferWanted: 1,
    },
  ],
  sources: (changes.peers ?? []).map((peer) => ({
    peer,
    device: '',
    format: 'flow',
    datagrams: 1,
    bytes: 1,
    firstSeen: 0,
    lastSeen: 0,
    flows: 0,
    rejected: 0,
    sequenceLost: 0,
    undecoded: 0,
  })),
  stages: { journal: stage(0), facts: stage(changes.lag ?? 0), sessions: stage(0) },
  loss: { kernel: 0, queue: 0, sequence: 0, undecoded: 0, malformed: 0 },
  disk: { dataBytes: 0, freeBytes: 0, reserve: 0 },
  alarms: [],
});

const seen = (looks: readonly (readonly [DaemonStatus, number])[]): TelemetryEvent[] => {
  const events: TelemetryEvent[] = [];
  const watch = new StatusWatch((event) => void events.push(event));
  for (const [look, monotonic] of looks) watch.look(look, monotonic);
  return events;
};

test('kernel drops are told by what is new', () => {
  const events = seen([
    [status({ drops: 5, at: 1000 }), 0],
    [status({ drops: 5, at: 2000 }), 1000],
    [status({ drops: 9, at: 3000 }), 2000],
  ]);
  expect(events).toEqual([
    { kind: 'kernel_drops', listener: 'udp://0.0.0.0:2055', datagrams: 5 },
    { kind: 'kernel_drops', listener: 'udp://0.0.0.0:2055', datagrams: 4 },
  ]);
});

test('each sender is told of once', () => {
  const events = seen([
    [status({ peers: ['192.0.2.1'], at: 1000 }), 0],
    [status({ peers: ['192.0.2.1', '192.0.2.2'], at: 2000 }), 1000],
  ]);
  expect(events.map((event) => ('peer' in event ? event.peer : event.kind))).toEqual(['192.0.2.1', '192.0.2.2']);
});

test('a stage falls behind once and catches up once', () => {
  const events = seen([
    [status({ lag: 61, at: 1000 }), 0],
    [status({ lag: 90, at: 2000 }), 1000],
    [status({ lag: 30, at: 3000 }), 2000],
    [status({ lag: 1, at: 4000 }), 3000],
  ]);
  expect(events).toEqual([
    { kind: 'stage_behind', stage: 'facts', records: 122, seconds: 61 },
    { kind: 'stage_caught_up', stage: 'facts' },
  ]);
});

test('a clock that is set is told, one that drifts is not', () => {
  const events = seen([
    [status({ at: 10_000 }), 0],
    [status({ at: 11_300 }), 1000],
    [status({ at: 8_000 }), 2000],
  ]);
  expect(events).toEqual([{ kind: 'clock_jumped', milliseconds: -4300 }]);
});
