import { Client, type ClientChannel, type ConnectConfig } from 'ssh2';
import { PreparedCommand } from '../commands/command-table';
import { hostKeyType, fingerprint, type HostKey } from '../hostkeys/host-key';
import type { HostKeyPolicy } from '../hostkeys/host-key-policy';
import { CommandRefusedError, SshError } from '../ssh-errors';
import type { SshSessionHeader } from '../ssh-record';
import { algorithmsFor } from './algorithms.data';
import { AuthSequence } from './auth-sequence';
import { ChannelGate } from './channel-gate';
import { CommandRun, type CommandResult } from './command-run';
import { connectionError } from './connection-error';
import type { Login } from './login';
import { OneKeyAgent } from './one-key-agent';
import { ShellChannel, type ShellListener } from './shell-channel';

/** What a connection is made with. */
export interface ConnectionTarget {
  /** Name of the device, for messages. */
  readonly device: string;
  /** IP address. */
  readonly address: string;
  readonly port: number;
  readonly login: Login;
  readonly hostKeys: HostKeyPolicy;
  /** Offers broken algorithms too. */
  readonly legacyAlgorithms: boolean;
  /** From the TCP connection to the login, milliseconds. */
  readonly readyTimeoutMs: number;
  /** Commands that run at once; the rest waits. */
  readonly channels: number;
  /** A silent connection is asked for a sign of life this often; after three without one it is given up. */
  readonly keepaliveMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const CHANNEL_TRIES = 5;
const CHANNEL_RETRY_MS = 50;

/**
 * One connection to one device: the only place that sends anything to it. The host key is compared before anything else
 * is said, the login is tried once, and what is run comes from a command table.
 */
export class SshConnection {
  readonly session: SshSessionHeader;
  /** IP address of the device. */
  readonly address: string;
  /** The device's software, as it names it: `OpenSSH_8.8`. */
  readonly software: string;
  readonly hostKey: HostKey;
  readonly banner: string;
  readonly #client: Client;
  readonly #gate: ChannelGate;
  readonly #now: () => number;
  readonly #runs = new Set<CommandRun>();
  readonly #closed: Promise<void>;
  #isOpen = true;

  private constructor(client: Client, opened: Opened, target: ConnectionTarget) {
    this.#client = client;
    this.#gate = new ChannelGate(target.channels);
    this.#now = target.now;
    this.session = opened.session;
    this.address = target.address;
    this.software = opened.software;
    this.hostKey = opened.hostKey;
    this.banner = opened.banner;
    this.#closed = new Promise((resolve) => {
      client.once('close', () => {
        this.#isOpen = false;
        for (const run of this.#runs) run.end('disconnected');
        resolve();
      });
    });
    // Errors after the login end the connection; the commands that ran say so.
    client.on('error', () => client.destroy());
  }

  /** Connects, compares the host key, logs in. Rejects with `SshError`; then nothing is left open. */
  static async open(target: ConnectionTarget, signal: AbortSignal): Promise<SshConnection> {
    const { agent: wanted } = target.login;
    const agent = wanted === undefined ? undefined : await OneKeyAgent.open(wanted);
    const client = new Client();
    const opened = await new Opening(client, target, agent).run(signal);
    return new SshConnection(client, opened, target);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Commands that may run at once now: fewer than asked for when the device took fewer. */
  get channels(): number {
    return this.#gate.width;
  }

  /** Resolves when the connection has ended, for whatever reason. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  /**
   * Runs a command and reads its output. Never rejects for what a device does: a failure is in the result. Throws
   * `CommandRefusedError` for anything that no command table made.
   */
  async exec(command: PreparedCommand, signal?: AbortSignal): Promise<CommandResult> {
    if (!PreparedCommand.is(command)) throw new CommandRefusedError('only commands of a table are sent');
    await this.#gate.enter();
    try {
      for (let tries = 1; ; tries += 1) {
        const result = await this.#run(command, signal);
        if (result.reason !== 'channel_refused' || tries >= CHANNEL_TRIES || !this.#isOpen) return result;
        this.#gate.narrow();
        await new Promise((resolve) => setTimeout(resolve, CHANNEL_RETRY_MS * tries));
      }
    } finally {
      this.#gate.leave();
    }
  }

  /** Opens an interactive shell with a terminal. Rejects with `SshError` (`ssh_disconnected`) when there is none. */
  openShell(listener: ShellListener, timeoutMs: number): Promise<ShellChannel> {
    return new Promise((resolve, reject) => {
      const fail = (): void => reject(new SshError('ssh_disconnected', 'the device opens no shell'));
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        fail();
      }, timeoutMs);
      // Wide and tall, so that lines are not wrapped and pagers are called rarely.
      const terminal = { term: 'vt100', cols: 511, rows: 511, width: 0, height: 0 };
      try {
        this.#client.shell(terminal, (error: Error | undefined, channel: ClientChannel) => {
          clearTimeout(timer);
          if (error !== undefined && error !== null) fail();
          else if (late) channel.destroy();
          else resolve(new ShellChannel(channel, listener));
        });
      } catch {
        clearTimeout(timer);
        fail();
      }
    });
  }

  /** Says goodbye and waits for the end, at most a second; then the socket is destroyed. Safe to call twice. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    const timer = setTimeout(() => this.#client.destroy(), 1000);
    this.#client.end();
    await this.#closed;
    clearTimeout(timer);
  }

  async #run(command: PreparedCommand, signal: AbortSignal | undefined): Promise<CommandResult> {
    const run = new CommandRun(command, this.#now);
    this.#runs.add(run);
    const cancel = (): void => run.end('cancelled');
    signal?.addEventListener('abort', cancel, { once: true });
    const result = run.start(this.#client);
    if (signal?.aborted === true) cancel();
    if (!this.#isOpen) run.end('disconnected');
    try {
      return await result;
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#runs.delete(run);
    }
  }
}

/** What is known once a login has succeeded. */
interface Opened {
  readonly session: SshSessionHeader;
  readonly software: string;
  readonly hostKey: HostKey;
  readonly banner: string;
}

/** The way from nothing to a login, ended by the first thing that goes wrong. */
class Opening {
  readonly #client: Client;
  readonly #target: ConnectionTarget;
  readonly #auth: AuthSequence;
  #hostKey: HostKey | undefined;
  #keyError: SshError | undefined;
  #fail: (error: SshError) => void = () => {};

  constructor(client: Client, target: ConnectionTarget, agent: OneKeyAgent | undefined) {
    this.#client = client;
    this.#target = target;
    this.#auth = new AuthSequence(target.device, target.login, agent, (error) => this.#fail(error));
  }

  run(signal: AbortSignal): Promise<Opened> {
    const client = this.#client;
    return new Promise<Opened>((resolve, reject) => {
      const cancel = (): void => this.#fail(new SshError('ssh_cancelled', `${this.#target.device}: not connected to`));
      const settle = (): void => {
        signal.removeEventListener('abort', cancel);
        this.#fail = () => {};
      };
      this.#fail = (error) => {
        settle();
        client.on('error', () => undefined);
        client.destroy();
        reject(error);
      };
      client.once('ready', () => {
        settle();
        resolve(this.#opened());
      });
      client.on('error', (error) => this.#fail(this.#errorOf(error)));
      client.once('close', () => this.#fail(this.#errorOf(undefined)));
      // Small packets of requests would otherwise wait for the acknowledgement of the one before, 40 ms each.
      client.once('connect', () => client.setNoDelay(true));
      client.on('banner', (text) => this.#auth.noteBanner(text));
      client.on('change password', (message) => this.#auth.changeWanted(message));
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
      else client.connect(this.#config());
    }).finally(() => {
      client.removeAllListeners('close');
      client.removeAllListeners('error');
      client.on('error', () => undefined);
    });
  }

  #config(): ConnectConfig {
    const { address, port, login, hostKeys, legacyAlgorithms, readyTimeoutMs, keepaliveMs } = this.#target;
    return {
      host: address,
      port,
      username: login.user,
      readyTimeout: readyTimeoutMs,
      keepaliveInterval: keepaliveMs,
      keepaliveCountMax: 3,
      algorithms: algorithmsFor(legacyAlgorithms, hostKeys.types),
      authHandler: this.#auth.next,
      hostVerifier: (blob: Buffer) => this.#verify(blob),
    };
  }

  #verify(blob: Buffer): boolean {
    const key = { type: hostKeyType(blob), blob: Buffer.from(blob) };
    this.#keyError = this.#target.hostKeys.refusal(key);
    if (this.#keyError !== undefined) return false;
    this.#hostKey = key;
    return true;
  }

  #errorOf(error: (Error & { readonly level?: string }) | undefined): SshError {
    return this.#keyError ?? this.#auth.failure ?? connectionError(this.#target.device, error, this.#auth.attempted);
  }

  #opened(): Opened {
    const { login, now } = this.#target;
    const hostKey = this.#hostKey!;
    const { address, port } = localEnd(this.#client);
    const proved = fingerprint(hostKey.blob);
    return {
      session: { user: login.user, address, port, since: now(), hostKey: proved },
      software: softwareOf(this.#client),
      hostKey,
      banner: this.#auth.banner,
    };
  }
}

/** ssh2 keeps its socket and the name of the peer's software to itself. */
interface ClientInside {
  readonly _sock?: { readonly localAddress?: string; readonly localPort?: number };
  readonly _remoteVer?: string;
}

function localEnd(client: Client): { address: string; port: number } {
  const { _sock: socket } = client as unknown as ClientInside;
  return { address: socket?.localAddress ?? '', port: socket?.localPort ?? 0 };
}

function softwareOf(client: Client): string {
  return (client as unknown as ClientInside)._remoteVer ?? '';
}
