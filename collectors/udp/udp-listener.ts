import type { Socket } from 'node:dgram';
import type { Collector, CollectorContext } from '../contract';
import { bindSocket, receiveBufferLimit, setReceiveBuffer, type UdpBuffer } from './bound-socket';
import { DatagramIntake, type IntakeCounts, type IntakeSettings } from './datagram-intake';
import { KernelDrops } from './kernel-drops';
import { LossReport } from './loss-report';
import type { ListenAddress } from './listen-address';
import { endpointText } from './peer-address';
import { FAMILY_MISSING, ListenAddressError } from './udp-errors';
import type { UdpEvent } from './udp-events';

/** What a UDP listener is made with. */
export interface UdpListenerSettings extends IntakeSettings {
  readonly listen: readonly ListenAddress[];
  /** Receive buffer to ask for, per socket, in bytes. */
  readonly receiveBufferBytes: number;
}

/** Defaults for everything but what and where. */
export const UDP_DEFAULTS = {
  receiveBufferBytes: 16 * 1024 * 1024,
  peerLimit: 8192,
  batchLimit: 64,
  refusedSampleBytes: 0,
} as const;

/** One socket's figures for `status`. */
export interface UdpListenerStats extends IntakeCounts {
  /** `udp://0.0.0.0:2055`, as in `RawOrigin.source`. */
  readonly listener: string;
  /** Lost in the kernel before we could read them; undefined where it cannot be known. Not part of `received`. */
  readonly kernelDrops: number | undefined;
  readonly buffer: UdpBuffer;
}

/** One address that was opened at least once. Its counters outlive the socket. */
interface Port {
  readonly intake: DatagramIntake;
  readonly drops: KernelDrops;
  readonly loss: LossReport;
  buffer: UdpBuffer;
  socket: Socket | undefined;
}

/**
 * Receives datagrams on one or several sockets and offers them untouched. Serves flow export, syslog and traps alike.
 *
 * Nothing is cut: Node gives the kernel a buffer of 64 KiB for each datagram, more than the 65,527 bytes a UDP payload
 * can have (RFC 768 with IPv6, RFC 8200). Node reads one datagram a system call (`recvmsg`; libuv's `recvmmsg` mode is
 * not switched on by Node 24), at most 32 from a socket before the loop goes on: what those 32 bring is one batch.
 * Several sockets on one port (`reusePort`) are not used: the kernel would spread exporters, not one exporter's
 * datagrams, over them, and a second `run` on the same port would go unnoticed.
 */
export class UdpListener implements Collector {
  readonly #settings: UdpListenerSettings;
  readonly #context: CollectorContext<UdpEvent>;
  readonly #ports = new Map<string, Port>();
  /** Of the start that no stop followed. */
  #starting: Promise<void> | undefined;
  /** Looks for losses now and then. */
  #lossTimer: NodeJS.Timeout | undefined;
  /** Of the stop that is going on. */
  #stopping: Promise<void> | undefined;

  constructor(settings: UdpListenerSettings, context: CollectorContext<UdpEvent>) {
    this.#settings = settings;
    this.#context = context;
  }

  /** Opens all sockets or none. Rejects with `PortInUseError`, `PortPermissionError` or `ListenAddressError`. */
  start(): Promise<void> {
    this.#starting ??= this.#openAll(this.#stopping);
    return this.#starting;
  }

  /** Reads what the kernel still holds (for a bounded number of loop turns), offers it, closes. */
  stop(): Promise<void> {
    const starting = this.#starting;
    if (starting === undefined) return this.#stopping ?? Promise.resolve();
    this.#starting = undefined;
    const stopping = this.#shutDown(starting).finally(() => {
      if (this.#stopping === stopping) this.#stopping = undefined;
    });
    this.#stopping = stopping;
    return stopping;
  }

  /** Endpoints in use now, `port` as the system assigned it. */
  addresses(): readonly { address: string; port: number }[] {
    return [...this.#ports.values()].flatMap(({ socket }) => (socket === undefined ? [] : [socket.address()]));
  }

  /** A snapshot; reads `/proc/net/udp{,6}` once per socket, so not for the hot path. */
  stats(): readonly UdpListenerStats[] {
    const all: UdpListenerStats[] = [];
    for (const [listener, { intake, drops, buffer }] of this.#ports) {
      all.push({ listener, ...intake.counts(), kernelDrops: drops.sample()?.drops, buffer });
    }
    return all;
  }

  /** Puts into the journal what was lost since the last time. */
  reportLosses(): void {
    for (const { intake, drops, loss } of this.#ports.values()) {
      loss.report({ kernel: drops.sample()?.drops, queue: intake.dropped }, this.#context.now());
    }
  }

  async #openAll(stopping: Promise<void> | undefined): Promise<void> {
    await stopping;
    try {
      for (const listen of this.#settings.listen) await this.#openOne(listen);
      this.#lossTimer = setInterval(() => this.reportLosses(), LOSSES_EVERY_MS).unref();
    } catch (error) {
      this.#starting = undefined;
      await this.#closeAll();
      throw error;
    }
  }

  async #shutDown(starting: Promise<void>): Promise<void> {
    await starting.catch(() => undefined);
    clearInterval(this.#lossTimer);
    await this.#drain();
    await this.#closeAll();
  }

  async #openOne(listen: ListenAddress): Promise<void> {
    try {
      const v4too = this.#settings.listen.some((other) => !other.address.includes(':') && other.port === listen.port);
      this.#attach(await bindSocket(listen, v4too));
    } catch (error) {
      const missing = error instanceof ListenAddressError && FAMILY_MISSING.has(error.systemCode);
      if (!(missing && listen.optional)) throw error;
      const { systemCode } = error;
      this.#context.emit({ kind: 'udp_family_missing', address: listen.address, systemCode });
    }
  }

  /** Runs in the same turn as the bind, so no datagram can come before the handler. */
  #attach(socket: Socket): void {
    const { address, port } = socket.address();
    const listener = `udp://${endpointText(address, port)}`;
    const buffer = setReceiveBuffer(socket, this.#settings.receiveBufferBytes);
    const entry = this.#ports.get(listener) ?? this.#newPort(listener, buffer);
    entry.buffer = buffer;
    entry.socket = socket;
    entry.drops.watch(address, port);
    const { emit, now } = this.#context;
    const { intake } = entry;
    socket.on('message', (bytes, peer) => intake.receive(bytes, peer.address, peer.port, now()));
    socket.on('error', (error) => emit({ kind: 'udp_socket_error', listener, error }));
    emit({ kind: 'udp_listening', listener, buffer });
    if (buffer.effectiveBytes < buffer.requestedBytes) {
      emit({ kind: 'udp_buffer_clamped', listener, buffer, sysctl: 'net.core.rmem_max', limit: receiveBufferLimit() });
    }
  }

  #newPort(listener: string, buffer: UdpBuffer): Port {
    const { offer, emit, now } = this.#context;
    const { collector, format } = this.#settings;
    const intake = new DatagramIntake(listener, this.#settings, offer, emit);
    const loss = new LossReport({ collector, source: listener, format }, offer, now());
    const port: Port = { intake, drops: new KernelDrops(), loss, buffer, socket: undefined };
    this.#ports.set(listener, port);
    return port;
  }

  /** A whole turn of the loop that brought nothing means that the kernel's queues were empty. */
  async #drain(): Promise<void> {
    let before = -1;
    for (let turn = 0; turn < DRAIN_TURNS && this.#received() !== before; turn += 1) {
      before = this.#received();
      await new Promise(setImmediate);
      await new Promise(setImmediate);
    }
  }

  #received(): number {
    let sum = 0;
    for (const { intake } of this.#ports.values()) sum += intake.received;
    return sum;
  }

  async #closeAll(): Promise<void> {
    for (const port of this.#ports.values()) {
      const { socket } = port;
      if (socket === undefined) continue;
      port.socket = undefined;
      port.intake.flush();
      const kernel = port.drops.sample()?.drops;
      port.loss.report({ kernel, queue: port.intake.dropped }, this.#context.now());
      await new Promise<void>((resolve) => {
        socket.close(resolve);
      });
    }
  }
}

/** How often losses are looked for: what is told of the time is not finer. */
const LOSSES_EVERY_MS = 5000;

/** At 32 datagrams a socket and turn: far more than a full buffer holds, yet an end under a flood that never stops. */
const DRAIN_TURNS = 4096;
