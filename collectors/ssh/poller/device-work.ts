import type { Emit, RawFormat } from '../../contract';
import type { CommandResult } from '../adapter/command-run';
import type { SshLogPosition } from '../logs/log-position';
import type { SshConnection } from '../adapter/ssh-connection';
import type { PreparedCommand } from '../commands/command-table';
import type { SshEvent } from '../ssh-events';
import type { SshLogHeader, SshPlatform } from '../ssh-record';
import type { SshDeviceSettings, SshLimits } from '../ssh-settings';

/** What a platform's reader is given for one device. */
export interface WorkGround {
  readonly device: SshDeviceSettings;
  readonly limits: SshLimits;
  readonly emit: Emit<SshEvent>;
  /** Epoch milliseconds, for records. */
  readonly now: () => number;
  /** Milliseconds that only go forward, for schedules. */
  readonly clock: () => number;
  /** Runs a piece of work when its turn among all devices has come: what is long must not be done by all at once. */
  readonly turn: <Out>(work: () => Promise<Out>) => Promise<Out>;
  /** The password of privileged mode, resolved when it is wanted; undefined when none is configured. */
  readonly enableSecret: () => string | undefined;
  /** Set where everything is read once, the most volatile first, and not again. */
  readonly once?: OnceOptions;
  /** See `ResumeLookup`. */
  readonly resume: (files: readonly string[]) => Promise<readonly SshLogPosition[]>;
}

/** What a single reading takes beside the present state. */
export interface OnceOptions {
  /** Rotated log files that were changed after this time are read too; epoch milliseconds, our clock. */
  readonly since: number | undefined;
}

/** A device while it is connected: records go out through it. */
export interface WorkSession {
  readonly connection: SshConnection;
  readonly signal: AbortSignal;
  /** Hands over one command's output. False: the queue stayed full, or we are told to stop; the event is told. */
  deliver(command: PreparedCommand, result: CommandResult, facts: CommandFacts): Promise<boolean>;
  /** Hands over a stretch of a log file. */
  deliverLog(header: SshLogHeader, body: Uint8Array): Promise<boolean>;
}

/** What the reader knows of the device beside the output itself. */
export interface CommandFacts {
  /** Device clock minus ours, milliseconds. */
  readonly clockOffset?: number | undefined;
  readonly version?: string | undefined;
}

/**
 * Reads one device of a platform. Visits do not overlap; what it keeps lives as long as the collector. It neither
 * connects nor waits between visits: whoever owns it does.
 */
export interface DeviceWork {
  /** When the next visit is due, by `clock`. */
  readonly due: number;
  /** Whether the connection is kept between visits: many devices have few lines. */
  readonly keepsConnection: boolean;
  /** Reads what is due. A lost connection ends it early; it must not reject for what a device does. */
  visit(session: WorkSession): Promise<void>;
  /** A new connection was made: what was known of the one before does not hold. */
  connected(): void;
  /** The device told elsewhere that its configuration changed: what it concerns becomes due soon, however often it is told. */
  changed?(): void;
  /** Resolves when nothing of it runs on the connection any more; for what goes on between visits. */
  idle?(): Promise<void>;
  /** Figures for `status`. */
  status(): DeviceWorkStatus;
}

export interface DeviceWorkStatus {
  /** The device's own words for its version; empty when not known. */
  readonly version: string;
  /** Device clock minus ours, milliseconds. */
  readonly clockOffset: number | undefined;
  readonly commandsComplete: number;
  readonly commandsIncomplete: number;
  readonly logLines: number;
  readonly logBytes: number;
  /** Bytes of log files known to be there and not read yet. */
  readonly logLagBytes: number;
  readonly logGaps: number;
  /** What cannot be read or seen, in words, such as a tool that the device lacks. */
  readonly limitations: readonly string[];
}

/** How a platform is read. */
export interface PlatformReader {
  readonly platforms: readonly SshPlatform[];
  create(ground: WorkGround): DeviceWork;
}

/** The format of the raw records a reader makes. */
export type SshRawFormat = Extract<RawFormat, 'command' | 'logfile'>;
