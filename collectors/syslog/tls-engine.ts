import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type SecureContextOptions, type Server, type TLSSocket } from 'node:tls';
import type { TlsClients, TlsDenial, TlsIdentity } from './tls-identity';

/** What became of a handshake; exactly one is called. */
export interface HandshakeOutcome {
  secured(socket: TLSSocket, identity: TlsIdentity): void;
  denied(reason: TlsDenial, identity: TlsIdentity): void;
  /** The first octets are no TLS record. */
  plainText(): void;
  /** OpenSSL's or Node's code. */
  failed(reason: string): void;
}

/** What OpenSSL says of octets that are no TLS record; which one depends on the octets. */
const NO_TLS: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_HTTP_REQUEST',
  'ERR_SSL_HTTPS_PROXY_REQUEST',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
]);

/**
 * Server side of TLS on sockets that were accepted elsewhere (RFC 5425): TLS 1.2 or newer, a client certificate asked
 * for and judged by `TlsClients`. No session tickets: a resumed session would outlive a withdrawn CA.
 */
export class TlsEngine {
  readonly #server: Server;
  readonly #pending = new Map<string, HandshakeOutcome>();

  constructor(options: SecureContextOptions, clients: TlsClients, handshakeMs: number) {
    this.#server = createServer({
      ...options,
      requestCert: true,
      // Judged below, so that a fingerprint may stand in for a CA and that a refusal can name the certificate.
      rejectUnauthorized: false,
      handshakeTimeout: handshakeMs,
      secureOptions: constants.SSL_OP_NO_TICKET,
    });
    this.#server.on('secureConnection', (socket) => this.#judge(socket, clients));
    this.#server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      const outcome = this.#take(socket);
      const reason = error.code ?? error.message;
      if (NO_TLS.has(reason)) outcome?.plainText();
      else outcome?.failed(reason);
      socket.destroy();
    });
  }

  /** Starts the handshake on a fresh TCP connection. */
  secure(socket: Socket, outcome: HandshakeOutcome): void {
    const key = keyOf(socket);
    this.#pending.set(key, outcome);
    // A connection that breaks in the handshake may have lost its address when the error comes.
    socket.once('close', () => {
      if (this.#pending.get(key) !== outcome) return;
      this.#pending.delete(key);
      outcome.failed('closed');
    });
    this.#server.emit('connection', socket);
  }

  /** New certificates for handshakes from now on; connections go on with theirs. */
  reload(options: SecureContextOptions): void {
    this.#server.setSecureContext(options);
  }

  #judge(socket: TLSSocket, clients: TlsClients): void {
    const outcome = this.#take(socket);
    const decision = clients.decide(socket.getPeerCertificate(), socket.authorized);
    if (decision.allowed && outcome !== undefined) {
      outcome.secured(socket, decision.identity);
      return;
    }
    if (!decision.allowed) outcome?.denied(decision.reason, decision.identity);
    socket.on('error', () => undefined);
    socket.destroy();
  }

  #take(socket: Socket): HandshakeOutcome | undefined {
    const key = keyOf(socket);
    const outcome = this.#pending.get(key);
    this.#pending.delete(key);
    return outcome;
  }
}

function keyOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
