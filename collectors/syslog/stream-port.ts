import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { CollectorContext, RawOrigin } from '../contract';
import type { ListenAddress } from '../udp/listen-address';
import { endpointText, peerAddress } from '../udp/peer-address';
import { findPortOwner } from '../udp/port-owner';
import { ListenAddressError, PortInUseError, PortPermissionError } from '../udp/udp-errors';
import type { ConnectionTable } from './connection-table';
import { EventGate } from './event-gate';
import type { FramerCounts, FramerSettings } from './framing';
import { StreamConnection, type ConnectionHost } from './stream-connection';
import type { SyslogStreamEvent } from './stream-events';
import { StreamTally, type StreamListenerStats } from './stream-tally';
import type { TlsEngine } from './tls-engine';
import type { TlsIdentity } from './tls-identity';

/** How connections of a port are treated. */
export interface StreamSettings {
  readonly framing: FramerSettings;
  readonly idleMs: number;
  /** Peers with counters of their own. */
  readonly peerLimit: number;
}

/** One address that TCP or TLS connections come in on. */
export class StreamPort {
  readonly #settings: StreamSettings;
  readonly #context: CollectorContext<SyslogStreamEvent>;
  readonly #table: ConnectionTable;
  readonly #tls: TlsEngine | undefined;
  readonly #gate = new EventGate();
  readonly #tally: StreamTally;
  readonly #connections = new Set<StreamConnection>();
  /** Accepted sockets, those in a handshake included. */
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #listener = '';

  constructor(
    settings: StreamSettings,
    context: CollectorContext<SyslogStreamEvent>,
    table: ConnectionTable,
    tls: TlsEngine | undefined,
  ) {
    this.#settings = settings;
    this.#context = context;
    this.#table = table;
    this.#tls = tls;
    this.#tally = new StreamTally(settings.peerLimit);
  }

  /** Binds. Rejects with `PortInUseError`, `PortPermissionError` or `ListenAddressError`. */
  async open(listen: ListenAddress, ipv6Only: boolean): Promise<void> {
    const server = createServer((socket) => this.#accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(bindError(listen, error)));
      server.listen({ host: listen.address, port: listen.port, ipv6Only, exclusive: true }, resolve);
    });
    server.removeAllListeners('error');
    const { address, port } = server.address() as AddressInfo;
    this.#listener = `${this.#tls === undefined ? 'tcp' : 'tls'}://${endpointText(address, port)}`;
    server.on('error', (error) => this.#emit({ kind: 'stream_server_error', listener: this.#listener, error }));
    this.#server = server;
    this.#emit({ kind: 'stream_listening', listener: this.#listener });
  }

  /** The endpoint in use, `port` as the system assigned it. */
  endpoint(): { protocol: 'tcp' | 'tls'; address: string; port: number } | undefined {
    if (this.#server === undefined) return undefined;
    const { address, port } = this.#server.address() as AddressInfo;
    return { protocol: this.#tls === undefined ? 'tcp' : 'tls', address, port };
  }

  /** No more connections; open ones are read until quiet, handed over and closed. */
  async close(deadline: AbortSignal): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    await Promise.all([...this.#connections].map((connection) => connection.drain(deadline)));
    // What is left is in a handshake.
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  stats(): StreamListenerStats {
    const open = [...this.#connections];
    const waiting = open.reduce((sum, connection) => sum + connection.waiting, 0);
    return this.#tally.stats(
      this.#listener,
      open.map((connection) => connection.counts()),
      waiting,
    );
  }

  #accept(socket: Socket): void {
    const address = peerAddress(socket.remoteAddress ?? '');
    // Gone already; and until somebody listens, an error would end the process.
    socket.on('error', () => undefined);
    if (socket.remoteAddress === undefined || this.#server === undefined) {
      socket.destroy();
      return;
    }
    const refusal = this.#table.admit(address);
    if (refusal !== undefined) {
      this.#tally.refused[refusal]++;
      this.#tell(refusal, address, (at) => ({ ...at, kind: 'stream_refused', reason: refusal }));
      socket.destroy();
      return;
    }
    this.#tally.accepted++;
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#table.release(address);
    });
    if (this.#tls === undefined) this.#begin(socket, address, socket.remotePort ?? 0, undefined);
    else this.#handshake(this.#tls, socket, address);
  }

  #handshake(tls: TlsEngine, socket: Socket, address: string): void {
    const port = socket.remotePort ?? 0;
    tls.secure(socket, {
      secured: (secured, identity) => this.#begin(secured, address, port, identity),
      denied: (reason, { name, fingerprint }) => {
        this.#tally.tlsDenied++;
        this.#tell('denied', address, (at) => ({ ...at, kind: 'stream_tls_denied', reason, name, fingerprint }));
      },
      plainText: () => {
        this.#tally.plainOnTls++;
        this.#tell('plain', address, (at) => ({ ...at, kind: 'stream_plain_on_tls' }));
      },
      failed: (reason) => {
        this.#tally.tlsFailed++;
        this.#tell('failed', address, (at) => ({ ...at, kind: 'stream_tls_failed', reason }));
      },
    });
  }

  #begin(socket: Socket, address: string, port: number, identity: TlsIdentity | undefined): void {
    const origin: RawOrigin = Object.freeze({
      collector: 'syslog',
      source: identity === undefined ? this.#listener : `${this.#listener}#${identityText(identity)}`,
      peer: endpointText(address, port),
      format: 'syslog',
    });
    const connection: StreamConnection = new StreamConnection(socket, origin, {
      framing: this.#settings.framing,
      idleMs: this.#settings.idleMs,
      plain: identity === undefined,
      offer: this.#context.offer,
      now: this.#context.now,
      ...this.#reports(address),
      finished: (counts, undelivered) => {
        this.#connections.delete(connection);
        this.#finished(address, counts, undelivered);
      },
    });
    this.#connections.add(connection);
    connection.begin();
  }

  /** What a connection of this peer has to say while it lasts. */
  #reports(address: string): Pick<ConnectionHost, 'taken' | 'paused' | 'idle' | 'tlsHello' | 'broken'> {
    const tally = this.#tally;
    return {
      taken: (messages, bytes, now) => tally.taken(address, messages, bytes, now),
      paused: () => this.#tell('paused', address, (at) => ({ ...at, kind: 'stream_paused' })),
      idle: () => {
        tally.idle++;
        this.#tell('idle', address, (at) => ({ ...at, kind: 'stream_idle' }));
      },
      tlsHello: () => {
        tally.tlsOnPlain++;
        this.#tell('hello', address, (at) => ({ ...at, kind: 'stream_tls_on_plain' }));
      },
      broken: (systemCode) => {
        tally.broken++;
        this.#tell('broken', address, (at) => ({ ...at, kind: 'stream_broken', systemCode }));
      },
    };
  }

  #finished(address: string, counts: FramerCounts, undelivered: number): void {
    this.#tally.finished(counts, undelivered);
    if (counts.truncated > 0) this.#tell('truncated', address, (at) => ({ ...at, kind: 'stream_truncated' }));
    if (undelivered > 0) this.#emit({ kind: 'stream_undelivered', listener: this.#listener, messages: undelivered });
  }

  #tell(
    kind: string,
    address: string,
    event: (at: { listener: string; address: string; connections: number }) => SyslogStreamEvent,
  ): void {
    const connections = this.#gate.count(kind, this.#context.now());
    if (connections > 0) this.#emit(event({ listener: this.#listener, address, connections }));
  }

  #emit(event: SyslogStreamEvent): void {
    this.#context.emit(event);
  }
}

/** `name=fw1.example&sha256=…`, percent-encoded: the fragment of a TLS message's `RawOrigin.source`. */
function identityText({ name, fingerprint }: TlsIdentity): string {
  return `name=${encodeURIComponent(name)}&sha256=${fingerprint}`;
}

function bindError(listen: ListenAddress, error: NodeJS.ErrnoException): Error {
  const { address, port } = listen;
  if (error.code === 'EADDRINUSE') {
    return new PortInUseError('tcp', address, port, findPortOwner('tcp', address, port), error);
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') return new PortPermissionError('tcp', address, port, error);
  return new ListenAddressError('tcp', address, port, error);
}
