import type { Emit, RawOrigin } from '../../contract';
import { Breaker } from '../../polling/breaker';
import { spread } from '../../polling/jitter';
import type { RecordOutlet } from '../../polling/record-outlet';
import { endpointText } from '../../udp/peer-address';
import type { SshConnection } from '../adapter/ssh-connection';
import { connectDevice } from '../connect-device';
import { credentialFor } from '../credentials';
import { workFor } from '../readers';
import { asSshError, SshError, type SshErrorCode } from '../ssh-errors';
import type { SshEvent } from '../ssh-events';
import { encodeLogRecord } from '../ssh-record';
import type { SshDeviceSettings, SshSettings } from '../ssh-settings';
import type { DeviceWork, DeviceWorkStatus, WorkSession } from './device-work';
import type { LoginLatch } from './login-latch';
import { commandRecord, originsOf } from './session-records';

/** What hosts share. */
export interface HostGround {
  readonly settings: SshSettings;
  readonly outlet: RecordOutlet;
  readonly emit: Emit<SshEvent>;
  /** Epoch milliseconds, for records. */
  readonly now: () => number;
  /** Milliseconds that only go forward, for schedules. */
  readonly clock: () => number;
  /** Runs a piece of work when its turn among all devices has come. */
  readonly turn: <Out>(work: () => Promise<Out>) => Promise<Out>;
}

/** One device's figures for `status`. Times are epoch milliseconds. */
export interface HostStatus extends DeviceWorkStatus {
  readonly device: string;
  readonly peer: string;
  readonly state: 'new' | 'connected' | 'idle' | 'unavailable' | 'held' | 'unsupported';
  readonly lastReadAt: number | undefined;
  /** Failed tries in a row. */
  readonly failures: number;
  readonly code: SshErrorCode | '';
  readonly text: string;
  readonly software: string;
  readonly hostKey: string;
}

/** One device: its one connection, when it is due, and whether it may be tried. Visits must not overlap. */
export class PolledHost {
  readonly name: string;
  readonly #device: SshDeviceSettings;
  readonly #ground: HostGround;
  readonly #latch: LoginLatch;
  readonly #work: DeviceWork | undefined;
  readonly #breaker: Breaker;
  readonly #firstAt: number;
  #connection: SshConnection | undefined;
  #retryAt: number;
  #started = false;
  #peer = '';
  #address = '';
  #lastReadAt: number | undefined;
  #code: SshErrorCode | '' = '';
  #text = '';
  #software = '';
  #hostKey = '';

  constructor(device: SshDeviceSettings, latch: LoginLatch, ground: HostGround) {
    this.name = device.name;
    this.#device = device;
    this.#latch = latch;
    this.#ground = ground;
    this.#breaker = new Breaker(device.name);
    const { emit, now, clock, settings, turn } = ground;
    const { limits } = settings;
    this.#firstAt = clock() + Math.floor(spread(device.name) * limits.startSpreadMs);
    this.#retryAt = this.#firstAt;
    const resume = (files: readonly string[]): ReturnType<SshSettings['resume']> => settings.resume(device.name, files);
    const enableSecret = (): string | undefined => this.#enableSecret();
    this.#work = workFor({ device, limits, emit, now, clock, turn, enableSecret, resume });
  }

  /** When the next visit is due, by `clock`; Infinity when a person must act first. */
  get due(): number {
    if (this.#work === undefined || this.#latch.isHeld) return Infinity;
    if (this.#breaker.open) return this.#retryAt;
    return this.#started ? this.#work.due : this.#firstAt;
  }

  /** Whether it belongs to the lane of devices that did not let us in last time. */
  get silent(): boolean {
    return this.#breaker.open;
  }

  /** It told elsewhere that its configuration changed. `address`: from where; empty where only its name is known. */
  isMeant(device: string, address: string): boolean {
    return this.name === device || (address !== '' && (address === this.#device.address || address === this.#address));
  }

  changed(): void {
    this.#work?.changed?.();
  }

  /** Connects if need be and reads what is due. Never rejects. */
  async visit(signal: AbortSignal): Promise<void> {
    const work = this.#work;
    if (work === undefined || this.#latch.isHeld) return;
    this.#started = true;
    try {
      const connection = await this.#connect(work, signal);
      await work.visit(this.#session(connection, signal));
      if (!connection.isOpen && !signal.aborted) {
        throw new SshError('ssh_disconnected', `${this.name}: the connection was lost`);
      }
      this.#lastReadAt = this.#ground.now();
      this.#succeeded();
      if (!work.keepsConnection) await this.close();
    } catch (error) {
      if (!signal.aborted) this.#failed(error);
      await this.close();
    }
  }

  /** Ends the connection, and waits for what still ran on it. */
  async close(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
    await this.#work?.idle?.();
  }

  status(): HostStatus {
    const { failures } = this.#breaker;
    return {
      ...(this.#work?.status() ?? NO_WORK),
      device: this.name,
      peer: this.#peer,
      state: this.#state(),
      lastReadAt: this.#lastReadAt,
      failures,
      code: this.#code,
      text: this.#latch.isHeld ? this.#latch.text : this.#text,
      software: this.#software,
      hostKey: this.#hostKey,
    };
  }

  #state(): HostStatus['state'] {
    if (this.#work === undefined) return 'unsupported';
    if (this.#latch.isHeld) return 'held';
    if (this.#breaker.open) return 'unavailable';
    if (this.#connection?.isOpen === true) return 'connected';
    return this.#lastReadAt === undefined ? 'new' : 'idle';
  }

  async #connect(work: DeviceWork, signal: AbortSignal): Promise<SshConnection> {
    if (this.#connection?.isOpen === true) return this.#connection;
    await this.close();
    this.#latch.check(this.name);
    const { settings, now, emit } = this.#ground;
    const connection = await connectDevice(this.#device, settings, now, signal);
    this.#latch.succeeded();
    this.#connection = connection;
    this.#address = connection.address;
    this.#peer = endpointText(connection.address, this.#device.port);
    this.#hostKey = connection.session.hostKey;
    if (work.keepsConnection || this.#software !== connection.software || this.#breaker.open) {
      const { legacyAlgorithms } = this.#device;
      const { software, session } = connection;
      emit({ kind: 'ssh_connected', device: this.name, software, hostKey: session.hostKey, legacyAlgorithms });
    }
    this.#software = connection.software;
    work.connected();
    return connection;
  }

  #session(connection: SshConnection, signal: AbortSignal): WorkSession {
    const { outlet, emit, now } = this.#ground;
    const { session } = connection;
    const origins = originsOf(this.name, this.#peer);
    const deliver = async (origin: RawOrigin, bytes: Uint8Array, command: string): Promise<boolean> => {
      const taken = await outlet.deliver({ origin, receivedAt: now(), bytes }, signal);
      if (!taken) emit({ kind: 'ssh_record_dropped', device: this.name, command, bytes: bytes.length });
      return taken;
    };
    return {
      connection,
      signal,
      deliver: async (prepared, result, facts) =>
        await deliver(origins.command, commandRecord(prepared, result, facts, session), prepared.command),
      deliverLog: async (header, body) =>
        await deliver(origins.logfile, encodeLogRecord({ ...header, session }, body), header.file),
    };
  }

  #enableSecret(): string | undefined {
    const { settings } = this.#ground;
    const { enable } = credentialFor(this.#device, this.#connection?.address ?? '', settings.credentials);
    return enable === undefined ? undefined : settings.secrets(enable);
  }

  #succeeded(): void {
    const { failures } = this.#breaker;
    this.#breaker.answered();
    this.#code = '';
    this.#text = '';
    if (failures > 0) this.#ground.emit({ kind: 'ssh_available', device: this.name, failures });
  }

  #failed(thrown: unknown): void {
    const { emit, clock } = this.#ground;
    const error = asSshError(this.name, thrown);
    const first = !this.#breaker.open || this.#code !== error.code;
    this.#retryAt = clock() + this.#breaker.failed();
    this.#code = error.code;
    this.#text = error.message;
    const { name: device } = this;
    const { code, message: text } = error;
    if (this.#latch.failed(error)) emit({ kind: 'ssh_login_held', device, code, text });
    else if (!first || this.#latch.isHeld) return;
    else if (code.startsWith('ssh_host_key_')) emit({ kind: 'ssh_host_key_refused', device, code, text });
    else emit({ kind: 'ssh_unavailable', device, code, text });
  }
}

const NO_WORK: DeviceWorkStatus = {
  version: '',
  clockOffset: undefined,
  commandsComplete: 0,
  commandsIncomplete: 0,
  logLines: 0,
  logBytes: 0,
  logLagBytes: 0,
  logGaps: 0,
  limitations: [],
};
