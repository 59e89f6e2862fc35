import { createHash } from 'node:crypto';
import type { RawRecord } from '../../contract';
import { endpointText } from '../../udp/peer-address';
import type { CommandResult } from '../adapter/command-run';
import type { SshConnection } from '../adapter/ssh-connection';
import type { PreparedCommand } from '../commands/command-table';
import { connectDevice } from '../connect-device';
import { credentialFor } from '../credentials';
import type { DeviceWork, WorkSession } from '../poller/device-work';
import { commandRecord, originsOf } from '../poller/session-records';
import { workFor } from '../readers';
import { asSshError, SshError, type SshErrorCode } from '../ssh-errors';
import type { SshEvent } from '../ssh-events';
import { encodeLogRecord, type SshIncompleteReason, type SshLogHeader, type SshPlatform } from '../ssh-record';
import type { SshDeviceSettings, SshSettings } from '../ssh-settings';

/** One command of a pull, as the collection record keeps it. */
export interface PulledCommand {
  readonly command: string;
  readonly line: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Epoch milliseconds, our clock. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly exit: number | null;
  readonly signal: string;
  readonly complete: boolean;
  readonly reason: SshIncompleteReason;
  /** The device has no such command: nothing is missing. */
  readonly unknown: boolean;
  /** Of the output, as it is in the journal. */
  readonly bytes: number;
  readonly sha256: string;
}

/** What was read of one generation of a log file. */
export interface PulledLog {
  readonly file: string;
  readonly generation: string;
  readonly offset: number;
  bytes: number;
  /** Why lines are missing, where some are. */
  gap: string;
}

/** What came of one device. */
export interface SshPull {
  readonly device: string;
  readonly platform: SshPlatform;
  /** Address and port; empty when it was not reached. */
  readonly peer: string;
  readonly user: string;
  /** `SHA256:…` of the host key it proved; empty when it was not reached. */
  readonly hostKey: string;
  /** Its software, as it names it. */
  readonly software: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly version: string;
  /** Device clock minus ours, milliseconds. */
  readonly clockOffset: number | undefined;
  readonly commands: readonly PulledCommand[];
  readonly logs: readonly PulledLog[];
  /** What could not be read, in words. */
  readonly limitations: readonly string[];
  /** Why it was not read at all, or not to its end. */
  readonly failure: { readonly code: SshErrorCode; readonly text: string } | undefined;
}

export interface PullOptions {
  readonly settings: SshSettings;
  /** Rotated log files that were changed after this time are read too; epoch milliseconds. */
  readonly since: number | undefined;
  /** Takes a record over; throws when it cannot. */
  readonly take: (record: RawRecord) => void;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Told after each command and each stretch of a log: how many there were. */
  readonly onStep: (commands: number, logBytes: number) => void;
}

/** Log files grow while they are read: less than this in one look, and nothing behind, is their end. */
const CAUGHT_UP_BYTES = 65_536;
const MOST_LOOKS = 100_000;

/** Reads one device once: connects, reads its state, the most volatile first, then its logs. Never rejects. */
export async function pullDevice(device: SshDeviceSettings, options: PullOptions): Promise<SshPull> {
  return await new DevicePull(device, options).run();
}

class DevicePull {
  readonly #device: SshDeviceSettings;
  readonly #options: PullOptions;
  readonly #commands: PulledCommand[] = [];
  readonly #logs = new Map<string, PulledLog>();
  readonly #startedAt: number;
  #logBytes = 0;
  /** Stands still but for looks at logs, so that nothing is due twice. */
  #clock = 0;
  #connection: SshConnection | undefined;

  constructor(device: SshDeviceSettings, options: PullOptions) {
    this.#device = device;
    this.#options = options;
    this.#startedAt = options.now();
  }

  async run(): Promise<SshPull> {
    const { settings, now, signal } = this.#options;
    let work: DeviceWork | undefined;
    try {
      work = this.#work();
      this.#connection = await connectDevice(this.#device, settings, now, signal);
      await this.#read(work, this.#connection, signal);
      return this.#pull(work, signal.aborted ? this.#error('ssh_cancelled', 'stopped') : this.#lost());
    } catch (error) {
      return this.#pull(work, asSshError(this.#device.name, error));
    } finally {
      await this.#connection?.close();
      await work?.idle?.();
    }
  }

  #work(): DeviceWork {
    const { settings, now, since } = this.#options;
    const work = workFor({
      device: this.#device,
      limits: { ...settings.limits, logPeriodMs: 1 },
      emit: (_event: SshEvent) => undefined,
      now,
      clock: () => this.#clock,
      turn: (task) => task(),
      once: { since },
      enableSecret: () => this.#enableSecret(),
      resume: (files) => settings.resume(this.#device.name, files),
    });
    if (work === undefined) throw this.#error('ssh_handshake', `nothing reads ${this.#device.platform} devices`);
    return work;
  }

  async #read(work: DeviceWork, connection: SshConnection, signal: AbortSignal): Promise<void> {
    work.connected();
    const session = this.#session(connection, signal);
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const before = this.#logBytes;
      await work.visit(session);
      await work.idle?.();
      const got = this.#logBytes - before;
      const isAtEnd = got === 0 || (got < CAUGHT_UP_BYTES && work.status().logLagBytes === 0);
      if (isAtEnd || !connection.isOpen || signal.aborted) return;
      this.#clock += 2;
    }
  }

  #session(connection: SshConnection, signal: AbortSignal): WorkSession {
    const { take, now, onStep } = this.#options;
    const origins = originsOf(this.#device.name, endpointText(connection.address, this.#device.port));
    const { session } = connection;
    return {
      connection,
      signal,
      deliver: (prepared, result, facts) => {
        take({ origin: origins.command, receivedAt: now(), bytes: commandRecord(prepared, result, facts, session) });
        this.#noteCommand(prepared, result);
        onStep(this.#commands.length, this.#logBytes);
        return Promise.resolve(true);
      },
      deliverLog: (header, body) => {
        take({ origin: origins.logfile, receivedAt: now(), bytes: encodeLogRecord({ ...header, session }, body) });
        this.#noteLog(header, body.length);
        onStep(this.#commands.length, this.#logBytes);
        return Promise.resolve(true);
      },
    };
  }

  #noteCommand({ command, line, parameters }: PreparedCommand, result: CommandResult): void {
    const { startedAt, finishedAt, exit, signal, complete, reason, stdout } = result;
    this.#commands.push({
      command,
      line,
      parameters,
      startedAt,
      finishedAt,
      exit,
      signal,
      complete,
      reason,
      unknown: 'unknown' in result && result.unknown === true,
      bytes: stdout.length,
      sha256: createHash('sha256').update(stdout).digest('hex'),
    });
  }

  #noteLog({ file, generation, offset, reason }: SshLogHeader, bytes: number): void {
    const key = `${file} ${generation}`;
    const known = this.#logs.get(key) ?? { file, generation, offset, bytes: 0, gap: '' };
    known.bytes += bytes;
    if (reason !== undefined) known.gap = reason;
    this.#logs.set(key, known);
    this.#logBytes += bytes;
  }

  #enableSecret(): string | undefined {
    const { credentials, secrets } = this.#options.settings;
    const { enable } = credentialFor(this.#device, this.#connection?.address ?? '', credentials);
    return enable === undefined ? undefined : secrets(enable);
  }

  #lost(): SshError | undefined {
    return this.#connection?.isOpen === false ? this.#error('ssh_disconnected', 'the connection was lost') : undefined;
  }

  #error(code: SshErrorCode, text: string): SshError {
    return new SshError(code, `${this.#device.name}: ${text}`);
  }

  #pull(work: DeviceWork | undefined, error: SshError | undefined): SshPull {
    const status = work?.status();
    const connection = this.#connection;
    const { name, port, platform } = this.#device;
    return {
      device: name,
      platform,
      peer: connection === undefined ? '' : endpointText(connection.address, port),
      user: connection?.session.user ?? '',
      hostKey: connection?.session.hostKey ?? '',
      software: connection?.software ?? '',
      startedAt: this.#startedAt,
      finishedAt: this.#options.now(),
      version: status?.version ?? '',
      clockOffset: status?.clockOffset,
      commands: this.#commands,
      logs: [...this.#logs.values()],
      limitations: status?.limitations ?? [],
      failure: error === undefined ? undefined : { code: error.code, text: error.message },
    };
  }
}
