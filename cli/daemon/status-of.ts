import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { freeSpace } from '../../store/journal/disk-space';
import type { DataLayout } from '../data-layout';
import {
  type DaemonStatus,
  type DeviceStatus,
  type ListenerStatus,
  type SourceStatus,
  type StageStatus,
  STATUS_SCHEMA,
} from '../telemetry/daemon-status';
import type { Alarm } from '../telemetry/telemetry';
import { version } from '../version';
import type { AnalystStats } from './analyst-thread';
import type { ForwardStats } from './forward-thread';
import type { JournalStats } from './journal-thread';
import type { NormalizerStats } from './normalizer-thread';
import type { SenderStatus } from './sender-status';

/** What the threads last said of themselves. */
export interface StatusParts {
  readonly startedAt: number;
  readonly layout: DataLayout;
  readonly reserveBytes: number;
  readonly listeners: readonly ListenerStatus[];
  readonly senders: readonly SenderStatus[];
  readonly devices: readonly DeviceStatus[];
  readonly journal: JournalStats | undefined;
  readonly normalizer: NormalizerStats | undefined;
  readonly analyst: AnalystStats | undefined;
  readonly forward: ForwardStats | undefined;
  readonly alarms: readonly Alarm[];
}

/** The daemon's status of this moment. */
export function daemonStatus(parts: StatusParts): DaemonStatus {
  const { listeners, journal, normalizer, analyst, layout } = parts;
  const now = Date.now();
  const position = journal?.position ?? 0;
  const sum = (pick: (listener: ListenerStatus) => number): number =>
    listeners.reduce((total, listener) => total + pick(listener), 0);
  const behind = (stage: number | undefined): StageStatus => {
    const lagRecords = Math.max(0, position - (stage ?? 0));
    const reached = normalizer?.reachedTime ?? now;
    return { position: stage ?? 0, lagRecords, lagSeconds: lagRecords === 0 ? 0 : Math.max(0, (now - reached) / 1000) };
  };
  return {
    schema: STATUS_SCHEMA,
    pid: process.pid,
    version,
    startedAt: parts.startedAt,
    updatedAt: now,
    listeners,
    sources: sourcesOf(parts),
    devices: parts.devices,
    stages: {
      journal: { position, lagRecords: 0, lagSeconds: 0 },
      facts: behind(normalizer?.position),
      sessions: behind(analyst?.position),
    },
    ...(parts.forward !== undefined && { forward: parts.forward.destinations }),
    loss: {
      kernel: sum(({ kernelDropped }) => kernelDropped ?? 0),
      queue: sum(({ queueDropped }) => queueDropped),
      sequence: normalizer?.sequenceLost ?? 0,
      undecoded: normalizer?.undecoded ?? 0,
      malformed: normalizer?.malformed ?? 0,
    },
    disk: {
      dataBytes: [layout.journal, layout.facts, layout.root].reduce((total, path) => total + filesIn(path), 0),
      freeBytes: freeSpace(layout.root).available,
      reserve: parts.reserveBytes,
    },
    alarms: parts.alarms,
  };
}

/** What the receiver counted and what the normalizer made of it, joined by address. */
function sourcesOf({ senders, normalizer }: StatusParts): SourceStatus[] {
  const tallies = new Map(normalizer?.sources.map((tally) => [tally.peer, tally]));
  return senders.map((sender) => {
    const tally = tallies.get(sender.peer);
    return {
      ...sender,
      device: tally?.device ?? '',
      flows: tally?.flows ?? 0,
      rejected: tally?.rejected ?? 0,
      sequenceLost: tally?.sequenceLost ?? 0,
      undecoded: tally?.undecoded ?? 0,
    };
  });
}

function filesIn(directory: string): number {
  try {
    return readdirSync(directory, { withFileTypes: true }).reduce(
      (total, entry) => (entry.isFile() ? total + statSync(join(directory, entry.name)).size : total),
      0,
    );
  } catch {
    // A segment may be unlinked between the listing and the look: the next second's sum is right again.
    return 0;
  }
}
