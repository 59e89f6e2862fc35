import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { setReceiveBuffer } from '../../udp/bound-socket';
import { readMessageHead, type MessageHead } from './message-head';
import { endpointKey } from './endpoint-key';
import { REPLY_REFUSALS, refusalOf, type ReplyRefusal } from './reply-guard';

/** What the shared sockets saw. `delivered` plus all refusals is what arrived. */
export interface SharedSocketCounts {
  readonly sent: number;
  readonly delivered: number;
  readonly refused: Readonly<Record<ReplyRefusal, number>>;
}

/** Requests of one session that may wait at once: the request, and a repetition of it under a new id. */
const WAITING_LIMIT = 4;

/** The sockets are closed, or the host lacks the address family. */
export class SharedSocketError extends Error {
  readonly code = 'snmp_socket';
}

/**
 * One UDP socket per address family for all agents, so that file descriptors do not grow with the fleet. A session of
 * the library gets a `Channel` in place of a socket; an answer reaches it only from the address and port that were
 * asked, under an id that waits, and when `refusalOf` lets it.
 */
export class SharedSockets {
  readonly #receiveBufferBytes: number;
  readonly #channels = new Map<string, Set<Channel>>();
  readonly #refused = Object.fromEntries(REPLY_REFUSALS.map((reason) => [reason, 0])) as Record<ReplyRefusal, number>;
  #sent = 0;
  #delivered = 0;
  #v4: Socket | undefined;
  #v6: Socket | undefined;

  constructor(receiveBufferBytes: number) {
    this.#receiveBufferBytes = receiveBufferBytes;
  }

  /** Opens the sockets on ports the system chooses. A missing IPv6 is no error until an IPv6 agent is asked. */
  async open(): Promise<void> {
    this.#v4 ??= await this.#bind('udp4');
    this.#v6 ??= await this.#bind('udp6').catch(() => undefined);
  }

  /** Safe before `open` and twice. Requests that wait are left to their timers. */
  async close(): Promise<void> {
    const open = [this.#v4, this.#v6].filter((socket) => socket !== undefined);
    this.#v4 = undefined;
    this.#v6 = undefined;
    await Promise.all(open.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  }

  /** A place to send to one agent from and to hear it; `address` is an IP address. */
  channel(address: string, port: number): Channel {
    const key = endpointKey(address, port);
    const channel = new Channel(
      (bytes, done) => this.#send(bytes, address, port, done),
      () => this.#remove(key, channel),
    );
    const known = this.#channels.get(key);
    if (known === undefined) this.#channels.set(key, new Set([channel]));
    else known.add(channel);
    return channel;
  }

  counts(): SharedSocketCounts {
    return { sent: this.#sent, delivered: this.#delivered, refused: { ...this.#refused } };
  }

  /** Local ports in use, for tests and `status`. */
  ports(): readonly number[] {
    return [this.#v4, this.#v6].flatMap((socket) => (socket === undefined ? [] : [socket.address().port]));
  }

  async #bind(type: 'udp4' | 'udp6'): Promise<Socket> {
    const socket = createSocket(type === 'udp6' ? { type, ipv6Only: true } : { type });
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(0, () => {
          socket.removeListener('error', reject);
          resolve();
        });
      });
    } catch (error) {
      socket.close();
      throw error;
    }
    setReceiveBuffer(socket, this.#receiveBufferBytes);
    socket.on('message', (bytes, peer) => this.#receive(bytes, peer));
    // An error of a shared socket is of one datagram; the request it was for ends by its timer.
    socket.on('error', () => undefined);
    return socket;
  }

  #send(bytes: Buffer, address: string, port: number, done: (error: Error | null) => void): void {
    const socket = address.includes(':') ? this.#v6 : this.#v4;
    if (socket === undefined) {
      process.nextTick(done, new SharedSocketError(`no socket to reach ${address}`));
      return;
    }
    this.#sent += 1;
    socket.send(bytes, port, address, done);
  }

  #remove(key: string, channel: Channel): void {
    const set = this.#channels.get(key);
    set?.delete(channel);
    if (set?.size === 0) this.#channels.delete(key);
  }

  #receive(bytes: Buffer, peer: RemoteInfo): void {
    const refusal = this.#route(bytes, peer);
    if (refusal === undefined) this.#delivered += 1;
    else this.#refused[refusal] += 1;
  }

  #route(bytes: Buffer, peer: RemoteInfo): ReplyRefusal | undefined {
    const channels = this.#channels.get(endpointKey(peer.address, peer.port));
    if (channels === undefined) return 'stranger';
    const reply = readMessageHead(bytes);
    if (reply === undefined) return 'malformed';
    for (const channel of channels) {
      const request = channel.waiting(reply.id);
      if (request === undefined) continue;
      return refusalOf(request, reply) ?? channel.deliver(bytes, peer, reply.id);
    }
    return 'unsolicited';
  }
}

/** Stands for a `dgram.Socket` in one session of the library. */
export class Channel extends EventEmitter {
  readonly #transmit: (bytes: Buffer, done: (error: Error | null) => void) => void;
  readonly #leave: () => void;
  readonly #waiting = new Map<number, MessageHead>();
  #closed = false;

  constructor(transmit: (bytes: Buffer, done: (error: Error | null) => void) => void, leave: () => void) {
    super();
    this.#transmit = transmit;
    this.#leave = leave;
  }

  /** As `dgram.Socket.send` in the one form that the library uses; the target was fixed when the channel was made. */
  send(
    bytes: Buffer,
    offset: number,
    length: number,
    _port: number,
    _address: string,
    done: (error: Error | null) => void,
  ): void {
    if (this.#closed) {
      process.nextTick(done, new SharedSocketError('the session is closed'));
      return;
    }
    const message = bytes.subarray(offset, offset + length);
    const head = readMessageHead(message);
    if (head !== undefined) this.#wait(head);
    this.#transmit(message, done);
  }

  /** The request with this id that waits for an answer. */
  waiting(id: number): MessageHead | undefined {
    return this.#waiting.get(id);
  }

  /** Hands an answer to the library; what it throws must not reach the socket's event loop turn. */
  deliver(bytes: Buffer, peer: RemoteInfo, id: number): ReplyRefusal | undefined {
    this.#waiting.delete(id);
    try {
      this.emit('message', bytes, peer);
      return undefined;
    } catch {
      return 'library';
    }
  }

  /** Closes this channel, not the socket behind it. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#leave();
    this.emit('close');
  }

  /** The shared socket keeps the process alive while it is open, whether requests wait or not. */
  ref(): void {}

  unref(): void {}

  #wait(head: MessageHead): void {
    this.#waiting.delete(head.id);
    this.#waiting.set(head.id, head);
    if (this.#waiting.size <= WAITING_LIMIT) return;
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined) this.#waiting.delete(oldest);
  }
}
