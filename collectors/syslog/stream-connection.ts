import type { Socket } from 'node:net';
import type { Offer, RawOrigin, RawRecord } from '../contract';
import { SyslogFramer, type FramerCounts, type FramerSettings } from './framing';

/** What a connection needs of its listener. */
export interface ConnectionHost {
  readonly framing: FramerSettings;
  readonly offer: Offer;
  readonly now: () => number;
  /** Milliseconds without an octet after which the connection is closed; 0 never. */
  readonly idleMs: number;
  /** A TLS hello came where plain text was expected. */
  readonly plain: boolean;
  taken(messages: number, bytes: number, now: number): void;
  paused(): void;
  idle(): void;
  tlsHello(): void;
  broken(systemCode: string): void;
  /** Nothing more will come, and all that came is handed over or given up. */
  finished(counts: FramerCounts, undelivered: number): void;
}

/** How long to wait before `offer` is asked again. */
const RETRY_MS = 5;
/** A message that a further line might continue is complete after so long. */
const JOIN_MS = 500;
/** Loop turns without an octet that count as "nothing more in the kernel". */
const QUIET_TURNS = 3;
/** Silence after our end that counts as the sender's, and how often to look. */
const QUIET_MS = 200;
const POLL_MS = 10;
/** How long `drain` goes on reading from a sender that does not pause. */
const STEADY_MS = 250;
const HANDSHAKE_RECORD = 0x16;

/**
 * One sender's connection: octets to messages to `offer`. When `offer` takes fewer, the socket is not read until the
 * rest is taken, so that TCP holds the sender back. Whatever ends the connection, what had arrived is offered.
 */
export class StreamConnection {
  readonly #socket: Socket;
  readonly #origin: RawOrigin;
  readonly #host: ConnectionHost;
  readonly #framer: SyslogFramer;
  #waiting: RawRecord[] = [];
  #receivedAt = 0;
  #octets = 0;
  #retry: NodeJS.Timeout | undefined;
  #join: NodeJS.Timeout | undefined;
  #closed = false;
  #ended = false;
  #finished = false;

  constructor(socket: Socket, origin: RawOrigin, host: ConnectionHost) {
    this.#socket = socket;
    this.#origin = origin;
    this.#host = host;
    this.#framer = new SyslogFramer(host.framing, (bytes) => this.#message(bytes));
  }

  /** Begins to read. */
  begin(): void {
    const socket = this.#socket;
    socket.on('error', (error: NodeJS.ErrnoException) => this.#host.broken(error.code ?? error.message));
    socket.on('close', () => this.#close());
    socket.on('end', () => this.#endStream());
    socket.setKeepAlive(true, 60_000);
    if (this.#host.idleMs > 0) socket.setTimeout(this.#host.idleMs, () => this.#idle());
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  /** Counts of the messages so far. */
  counts(): FramerCounts {
    return this.#framer.counts();
  }

  /** Messages that wait for `offer`. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Reads what the kernel holds, tells the sender that the end has come, reads what it had sent until it closes too or
   * falls silent, and closes. Ends with `deadline` at the latest. A sender that looks for our end before it sends
   * (rsyslog and syslog-ng do) loses nothing.
   */
  async drain(deadline: AbortSignal): Promise<void> {
    await this.#readUntil(AbortSignal.any([deadline, AbortSignal.timeout(STEADY_MS)]), QUIET_TURNS, 0);
    this.#socket.end();
    await this.#readUntil(deadline, QUIET_MS / POLL_MS, POLL_MS);
    this.#socket.destroy();
    this.#endStream();
    this.#settle(true);
  }

  /** Until the stream has ended or `turns` of `turnMs` (0: a turn of the loop) brought nothing, and all is handed over. */
  async #readUntil(deadline: AbortSignal, turns: number, turnMs: number): Promise<void> {
    let quiet = 0;
    while (!deadline.aborted && (this.#waiting.length > 0 || (quiet < turns && !this.#ended))) {
      const before = this.#octets;
      await new Promise((resolve) => {
        if (turnMs > 0 || this.#waiting.length > 0) setTimeout(resolve, Math.max(1, turnMs));
        else setImmediate(resolve);
      });
      quiet = this.#octets === before ? quiet + 1 : 0;
    }
  }

  /** Closes without waiting; what had arrived is still handed over. */
  destroy(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#octets === 0 && this.#host.plain && chunk[0] === HANDSHAKE_RECORD) {
      this.#host.tlsHello();
      this.#ended = true;
      this.#socket.destroy();
      return;
    }
    this.#octets += chunk.length;
    this.#receivedAt = this.#host.now();
    this.#framer.push(chunk);
    this.#handOver();
    if (this.#host.framing.joinLines) this.#awaitNextLine();
  }

  #message(bytes: Buffer): void {
    this.#waiting.push({ origin: this.#origin, receivedAt: this.#receivedAt, bytes });
  }

  #handOver(): void {
    if (this.#waiting.length === 0 || this.#retry !== undefined) return;
    const taken = this.#host.offer(this.#waiting);
    this.#countTaken(taken);
    if (taken === this.#waiting.length) {
      this.#waiting = [];
      return;
    }
    this.#waiting = this.#waiting.slice(taken);
    this.#socket.pause();
    this.#host.paused();
    this.#scheduleRetry();
  }

  #scheduleRetry(): void {
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      const taken = this.#host.offer(this.#waiting);
      this.#countTaken(taken);
      this.#waiting = this.#waiting.slice(taken);
      if (this.#finished) return;
      if (this.#waiting.length > 0) this.#scheduleRetry();
      else if (this.#closed) this.#settle(false);
      else this.#socket.resume();
    }, RETRY_MS);
  }

  #countTaken(taken: number): void {
    if (taken === 0) return;
    let bytes = 0;
    for (let i = 0; i < taken; i++) bytes += this.#waiting[i]!.bytes.length;
    this.#host.taken(taken, bytes, this.#receivedAt);
  }

  #awaitNextLine(): void {
    clearTimeout(this.#join);
    this.#join = setTimeout(() => {
      this.#framer.flush();
      this.#handOver();
    }, JOIN_MS);
  }

  #idle(): void {
    // Held back by us: the sender cannot help it.
    if (this.#waiting.length > 0) return;
    this.#host.idle();
    this.#socket.end();
    this.#socket.destroy();
  }

  #endStream(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#join);
    this.#receivedAt = this.#host.now();
    this.#framer.end();
    this.#handOver();
  }

  #close(): void {
    this.#closed = true;
    this.#endStream();
    this.#settle(false);
  }

  /** Ends the connection's part once all is handed over, or at once when `giveUp`. */
  #settle(giveUp: boolean): void {
    if (this.#finished || (!giveUp && (this.#waiting.length > 0 || !this.#closed))) return;
    this.#finished = true;
    clearTimeout(this.#retry);
    clearTimeout(this.#join);
    const undelivered = this.#waiting.length;
    this.#waiting = [];
    this.#host.finished(this.#framer.counts(), undelivered);
  }
}
