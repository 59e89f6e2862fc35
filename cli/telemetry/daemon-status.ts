import type { DestinationStatus } from '../../forwarders/delivery/destination-status';
import type { Alarm } from './telemetry';

/** Version of the file's layout. */
export const STATUS_SCHEMA = 1;

/** What a running daemon says of itself, once a second, in `<data>/status.json`. Times are epoch ms, counts since the start. */
export interface DaemonStatus {
  readonly schema: typeof STATUS_SCHEMA;
  readonly pid: number;
  readonly version: string;
  readonly startedAt: number;
  readonly updatedAt: number;
  readonly listeners: readonly ListenerStatus[];
  readonly sources: readonly SourceStatus[];
  /** Devices that are asked, over SSH or SNMP; absent in what earlier versions wrote. */
  readonly devices?: readonly DeviceStatus[];
  readonly stages: {
    readonly journal: StageStatus;
    readonly facts: StageStatus;
    readonly sessions: StageStatus;
  };
  /** One for each destination; absent where nothing is forwarded. */
  readonly forward?: readonly DestinationStatus[];
  readonly loss: LossStatus;
  readonly disk: DiskStatus;
  readonly alarms: readonly Alarm[];
}

export interface ListenerStatus {
  /** `udp://0.0.0.0:2055`. */
  readonly address: string;
  /** What it is for: `netflow`, `syslog`. */
  readonly protocol: string;
  /** Datagrams or messages taken in. */
  readonly received: number;
  readonly bytes: number;
  /** Of senders that are not allowed. */
  readonly refused: number;
  /** Lost because the queue to the journal was full. */
  readonly queueDropped: number;
  /** Lost in the kernel, exact; null where the system does not tell. */
  readonly kernelDropped: number | null;
  /** Receive buffer in force and asked for; null for streams. */
  readonly bufferBytes: number | null;
  readonly bufferWanted: number | null;
}

export interface SourceStatus {
  /** Canonical address of the sender. */
  readonly peer: string;
  /** Name by configuration, or what it calls itself; empty when neither is known. */
  readonly device: string;
  readonly format: string;
  readonly datagrams: number;
  readonly bytes: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly flows: number;
  readonly rejected: number;
  /** Records the exporter numbered that never came. */
  readonly sequenceLost: number;
  /** Sets given up: their template never came. */
  readonly undecoded: number;
}

/** A device that is asked, not one that sends. */
export interface DeviceStatus {
  readonly device: string;
  readonly protocol: string;
  /** SSH: `connected`, `idle`, `new`, `unavailable`, `held` (a person must act), `unsupported`; SNMP: `new`, `answering`, `silent`, `unusable`. */
  readonly state: string;
  readonly lastReadAt: number | null;
  readonly version: string;
  /** Device clock minus ours. */
  readonly clockOffsetMs: number | null;
  /** Bytes of log that are there and not read yet. */
  readonly lagBytes: number;
  /** Gaps in its logs. */
  readonly gaps: number;
  /** Commands or tables that were read in part. */
  readonly incomplete: number;
  /** Why it is not read, or what of it cannot be. */
  readonly text: string;
}

export interface StageStatus {
  /** Journal position of the last record this stage has done. */
  readonly position: number;
  readonly lagRecords: number;
  readonly lagSeconds: number;
}

/** The loss figures, kept apart. */
export interface LossStatus {
  readonly kernel: number;
  readonly sequence: number;
  /** Sets that wait for their template now, and those given up since the start. */
  readonly undecoded: number;
  readonly malformed: number;
  readonly queue: number;
}

export interface DiskStatus {
  readonly dataBytes: number;
  readonly freeBytes: number;
  readonly reserve: number;
}
