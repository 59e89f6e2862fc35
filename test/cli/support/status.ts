import type { DaemonStatus } from '../../../cli/telemetry/daemon-status';

/** A status with something in each part. */
export function sampleStatus(changes: Partial<DaemonStatus> = {}): DaemonStatus {
  const at = Date.UTC(2026, 10, 24, 2, 10);
  return {
    schema: 1,
    pid: process.pid,
    version: '0.1.0',
    startedAt: at - 3_600_000,
    updatedAt: at - 400,
    listeners: [
      {
        address: 'udp://0.0.0.0:2055',
        protocol: 'netflow',
        received: 36_000,
        bytes: 50_000_000,
        refused: 3,
        queueDropped: 0,
        kernelDropped: 7,
        bufferBytes: 4_194_304,
        bufferWanted: 16_777_216,
      },
    ],
    sources: [
      {
        peer: '192.0.2.1',
        device: 'edge\u001b[2J',
        format: 'flow',
        datagrams: 36_000,
        bytes: 50_000_000,
        firstSeen: at - 3_500_000,
        lastSeen: at - 1500,
        flows: 800_000,
        rejected: 0,
        sequenceLost: 12,
        undecoded: 0,
      },
    ],
    devices: [
      {
        device: 'core-1',
        protocol: 'snmp',
        state: 'silent',
        lastReadAt: at - 65_000,
        version: '',
        clockOffsetMs: null,
        lagBytes: 0,
        gaps: 0,
        incomplete: 1,
        text: 'timeout',
      },
    ],
    stages: {
      journal: { position: 36_000, lagRecords: 0, lagSeconds: 0 },
      facts: { position: 35_990, lagRecords: 10, lagSeconds: 0.3 },
      sessions: { position: 35_000, lagRecords: 1000, lagSeconds: 12 },
    },
    loss: { kernel: 7, sequence: 12, undecoded: 0, malformed: 0, queue: 0 },
    disk: { dataBytes: 2 ** 31, freeBytes: 2 ** 35, reserve: 2 ** 30 },
    alarms: [{ name: 'stage_behind', subject: 'sessions', message: 'sessions is behind', since: at - 12_000 }],
    ...changes,
  };
}
