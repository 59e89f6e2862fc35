import { createHash } from 'node:crypto';
import type { DeviceWork, DeviceWorkStatus, PlatformReader, WorkGround, WorkSession } from '../poller/device-work';
import type { SshIncompleteReason } from '../ssh-record';
import { DEVICE_COMMANDS, type DeviceCommands } from './device-commands';
import { DeviceSessionError } from './device-errors';
import type { SessionTimes } from './device-login';
import { DeviceReader, type DeviceAnswer, type ReadOutcome } from './device-reader';
import type { DevicePlatform } from './platform';
import { PLATFORMS } from './platforms';
import { VisitSchedule } from './visit-schedule';

const TIMES: SessionTimes = { quietMs: 250, loginMs: 30_000, graceMs: 5000 };

/** Reads one network device: its tables every few minutes, its configuration daily and when it changed. */
export class NetworkWork implements DeviceWork {
  readonly keepsConnection = false;
  readonly #ground: WorkGround;
  readonly #commands: DeviceCommands;
  readonly #times: SessionTimes;
  readonly #schedule: VisitSchedule;
  /** Digests of what tells of a change, by where it was read. */
  readonly #changeMarks = new Map<string, string>();
  /** Commands that were incomplete last time. */
  readonly #incomplete = new Set<string>();
  #complete = 0;
  #partial = 0;
  #version = '';
  #clockOffset: number | undefined;
  #limitations: readonly string[] = [];

  constructor(ground: WorkGround, platform: DevicePlatform, times: SessionTimes = TIMES) {
    const { device, clock } = ground;
    this.#ground = ground;
    this.#commands = DEVICE_COMMANDS[platform];
    this.#times = times;
    this.#schedule = new VisitSchedule(PLATFORMS[platform], device.periods, clock(), device.name);
  }

  get due(): number {
    return this.#schedule.next;
  }

  changed(): void {
    this.#schedule.changed(this.#ground.clock());
  }

  connected(): void {
    // Nothing of one session holds for the next, and nothing is kept.
  }

  async visit(session: WorkSession): Promise<void> {
    const { clock, now, enableSecret } = this.#ground;
    const { connection, signal } = session;
    const wanted = this.#schedule.wanted(clock());
    if (wanted.length === 0) return;
    const reader = new DeviceReader({
      commands: this.#commands,
      times: this.#times,
      now,
      enableSecret,
      signal,
      wanted,
      onAnswer: (answer) => this.#answered(answer, session),
    });
    try {
      const outcome = await reader.read({
        openShell: (listener) => connection.openShell(listener, this.#times.loginMs),
        exec: (command, stop) => connection.exec(command, stop),
      });
      this.#settled(outcome);
    } catch (error) {
      if (!(error instanceof DeviceSessionError)) throw error;
      this.#unusable(error);
    } finally {
      this.#schedule.ended(clock());
    }
  }

  status(): DeviceWorkStatus {
    return {
      version: this.#version,
      clockOffset: this.#clockOffset,
      commandsComplete: this.#complete,
      commandsIncomplete: this.#partial,
      logLines: 0,
      logBytes: 0,
      logLagBytes: 0,
      logGaps: 0,
      limitations: this.#limitations,
    };
  }

  async #answered({ command, sent, result, version, clockOffset }: DeviceAnswer, session: WorkSession): Promise<void> {
    const { clock } = this.#ground;
    await session.deliver(sent, result, { version, clockOffset });
    if (!result.unknown) this.#tell(sent.command, sent.line, result.reason, result.exit, result.stderr);
    this.#schedule.read(command, result.complete, clock());
    if (!result.complete) return;
    if (command.id === this.#commands.platform.changes) {
      this.#compare(`${sent.command} ${sent.line}`, result.stdout);
    }
  }

  /** The first look says how it is now; a later one that differs says that the configuration is another. */
  #compare(where: string, output: Uint8Array): void {
    const digest = createHash('sha256').update(output).digest('hex');
    const before = this.#changeMarks.get(where);
    this.#changeMarks.set(where, digest);
    if (before !== undefined && before !== digest) this.#schedule.changed(this.#ground.clock());
  }

  #tell(command: string, line: string, reason: SshIncompleteReason, exit: number | null, text: string): void {
    if (reason === '') {
      this.#complete += 1;
      this.#incomplete.delete(line);
      return;
    }
    this.#partial += 1;
    if (this.#incomplete.has(line)) return;
    this.#incomplete.add(line);
    const { emit, device } = this.#ground;
    emit({ kind: 'ssh_command_incomplete', device: device.name, command, reason, exit, text });
  }

  #settled({ version, clockOffset, privilege }: ReadOutcome): void {
    this.#version = version ?? this.#version;
    this.#clockOffset = clockOffset ?? this.#clockOffset;
    if (privilege === 'refused') this.#limit('the enable password was not taken: what needs privilege is missing');
    else if (privilege === 'not_asked') this.#limit('not privileged, and no enable password is configured');
    else this.#limitations = [];
  }

  #unusable(error: DeviceSessionError): void {
    if (error.code !== 'device_cancelled') this.#limit(error.message);
  }

  /** Told once, until it is another. */
  #limit(text: string): void {
    if (this.#limitations.includes(text)) return;
    this.#limitations = [text];
    this.#ground.emit({ kind: 'ssh_limitation', device: this.#ground.device.name, text });
  }
}

const platforms = Object.keys(PLATFORMS) as DevicePlatform[];

/** Reads every network platform that has a data file. */
export const networkReader: PlatformReader = {
  platforms,
  create: (ground) => {
    const platform = platforms.find((name) => name === ground.device.platform);
    if (platform === undefined) throw new TypeError(`${ground.device.platform} is no network platform`);
    return new NetworkWork(ground, platform);
  },
};
