import type { Socket } from 'node:dgram';
import type { CollectorContext } from '../../contract';
import { bindSocket, receiveBufferLimit, setReceiveBuffer } from '../../udp/bound-socket';
import { KernelDrops } from '../../udp/kernel-drops';
import type { ListenAddress } from '../../udp/listen-address';
import { endpointText } from '../../udp/peer-address';
import { FAMILY_MISSING, ListenAddressError } from '../../udp/udp-errors';
import type { SnmpEvent } from '../snmp-events';
import { TrapIntake, type TrapCounts, type TrapIntakeSettings } from './trap-intake';

/** What a receiver is made with. */
export interface TrapReceiverSettings extends TrapIntakeSettings {
  readonly listen: readonly ListenAddress[];
  readonly receiveBufferBytes: number;
}

/** Figures of one listener for `status`. */
export interface TrapListenerStats extends TrapCounts {
  readonly listener: string;
  /** Lost in the kernel before we could read them; undefined where it cannot be known. */
  readonly kernelDrops: number | undefined;
}

interface Port {
  readonly listener: string;
  readonly socket: Socket;
  readonly intake: TrapIntake;
  readonly drops: KernelDrops;
}

/** Receives traps and informs. Answers informs and engine discovery from the socket they came to. */
export class TrapReceiver {
  readonly #settings: TrapReceiverSettings;
  readonly #context: CollectorContext<SnmpEvent>;
  #ports: Port[] = [];

  constructor(settings: TrapReceiverSettings, context: CollectorContext<SnmpEvent>) {
    this.#settings = settings;
    this.#context = context;
  }

  /** Opens all sockets or none. Rejects with `PortInUseError`, `PortPermissionError` or `ListenAddressError`. */
  async start(): Promise<void> {
    if (this.#ports.length > 0) return;
    try {
      for (const listen of this.#settings.listen) await this.#openOne(listen);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Safe before `start` and twice. */
  async stop(): Promise<void> {
    const ports = this.#ports;
    this.#ports = [];
    await Promise.all(ports.map(({ socket }) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  }

  /** Endpoints in use now, `port` as the system assigned it. */
  addresses(): readonly { readonly address: string; readonly port: number }[] {
    return this.#ports.map(({ socket }) => socket.address());
  }

  stats(): readonly TrapListenerStats[] {
    return this.#ports.map(({ listener, intake, drops }) => {
      return { listener, kernelDrops: drops.sample()?.drops, ...intake.counts() };
    });
  }

  async #openOne(listen: ListenAddress): Promise<void> {
    const { listen: all } = this.#settings;
    const v4too = all.some((other) => !other.address.includes(':') && other.port === listen.port);
    try {
      this.#attach(await bindSocket(listen, v4too));
    } catch (error) {
      const missing = error instanceof ListenAddressError && FAMILY_MISSING.has(error.systemCode);
      if (!(missing && listen.optional)) throw error;
      const { systemCode } = error;
      this.#context.emit({ kind: 'udp_family_missing', address: listen.address, systemCode });
    }
  }

  #attach(socket: Socket): void {
    const { emit, offer, now } = this.#context;
    const { address, port } = socket.address();
    const listener = `udp://${endpointText(address, port)}`;
    const intake = new TrapIntake(listener, this.#settings, offer, emit);
    const drops = new KernelDrops();
    drops.watch(address, port);
    const buffer = setReceiveBuffer(socket, this.#settings.receiveBufferBytes);
    socket.on('message', (bytes, peer) => {
      const answer = intake.receive(bytes, peer.address, peer.port, now());
      // A sender that does not hear the answer asks again.
      if (answer !== undefined) socket.send(answer, peer.port, peer.address, () => undefined);
    });
    socket.on('error', (error) => emit({ kind: 'udp_socket_error', listener, error }));
    this.#ports.push({ listener, socket, intake, drops });
    emit({ kind: 'udp_listening', listener, buffer });
    if (buffer.effectiveBytes < buffer.requestedBytes) {
      emit({ kind: 'udp_buffer_clamped', listener, buffer, sysctl: 'net.core.rmem_max', limit: receiveBufferLimit() });
    }
  }
}
