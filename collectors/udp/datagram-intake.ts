import { LRUCache } from 'lru-cache';
import type { Emit, Offer, RawFormat, RawOrigin, RawRecord } from '../contract';
import type { AllowList } from './allow-list';
import { endpointText, peerAddress } from './peer-address';
import { SenderCounters, type LiveSender, type SenderCount } from './sender-counters';
import type { UdpEvent } from './udp-events';

/** What an intake needs to know of its listener. */
export interface IntakeSettings {
  readonly collector: string;
  readonly format: RawFormat;
  readonly allow: AllowList;
  /** Peers (address and port) and addresses remembered at once; beyond that the one silent longest is forgotten. */
  readonly peerLimit: number;
  /** Datagrams handed over in one `offer` at most. */
  readonly batchLimit: number;
  /** How much of the latest refused datagram of each sender to keep for `status`; 0 keeps none. */
  readonly refusedSampleBytes: number;
}

/** Totals of one listener. received = refused + dropped + taken by `offer` + `held`. */
export interface IntakeCounts {
  readonly received: number;
  readonly receivedBytes: number;
  readonly refused: number;
  readonly refusedBytes: number;
  /** Not taken by `offer`. */
  readonly dropped: number;
  readonly droppedBytes: number;
  /** Collected in this turn of the loop, not yet offered. */
  readonly held: number;
  readonly senders: readonly SenderCount[];
  readonly refusedSenders: readonly SenderCount[];
}

const EVENT_INTERVAL_MS = 10_000;

/**
 * Takes the datagrams of one socket: knows the peer, asks the allow-list once per peer, collects what one turn of the
 * event loop delivers and offers it. Loss and refusal are counted per listener and per address, never logged per
 * datagram. Knows no socket, so that it can be tested by calls.
 */
export class DatagramIntake {
  readonly #settings: IntakeSettings;
  readonly #source: string;
  readonly #offer: Offer;
  readonly #emit: Emit<UdpEvent>;
  readonly #origins: LRUCache<string, RawOrigin>;
  readonly #senders: SenderCounters;
  readonly #refusedSenders: SenderCounters;
  readonly #refusedGate: EventGate;
  readonly #fullGate: EventGate;
  #batch: RawRecord[] = [];
  #batchSenders: string[] = [];
  #scheduled: NodeJS.Immediate | undefined;
  /** The previous datagram's peer: exporters send in bursts, so this saves most look-ups. */
  #lastAddress = '';
  #lastPort = -1;
  #lastOrigin: RawOrigin | undefined;
  #lastSender: LiveSender | undefined;
  #received = 0;
  #receivedBytes = 0;
  #refused = 0;
  #refusedBytes = 0;
  #dropped = 0;
  #droppedBytes = 0;

  constructor(source: string, settings: IntakeSettings, offer: Offer, emit: Emit<UdpEvent>) {
    this.#source = source;
    this.#settings = settings;
    this.#offer = offer;
    this.#emit = emit;
    this.#origins = new LRUCache({ max: settings.peerLimit });
    this.#senders = new SenderCounters(settings.peerLimit);
    this.#refusedSenders = new SenderCounters(settings.peerLimit);
    this.#refusedGate = new EventGate(EVENT_INTERVAL_MS);
    this.#fullGate = new EventGate(EVENT_INTERVAL_MS);
  }

  /** One datagram as the socket gave it, an empty one included. `bytes` must not change until offered. */
  receive(bytes: Uint8Array, address: string, port: number, now: number): void {
    this.#received += 1;
    this.#receivedBytes += bytes.length;
    const known = address === this.#lastAddress && port === this.#lastPort;
    const origin = known ? this.#lastOrigin : this.#lookUp(address, port, now);
    const sender = this.#lastSender;
    if (origin === undefined || sender === undefined) {
      this.#refuse(bytes, peerAddress(address), now);
      return;
    }
    sender.datagrams += 1;
    sender.bytes += bytes.length;
    sender.lastSeen = now;
    this.#batch.push({ origin, receivedAt: now, bytes });
    this.#batchSenders.push(sender.address);
    if (this.#batch.length >= this.#settings.batchLimit) this.flush();
    else this.#scheduled ??= setImmediate(() => this.flush());
  }

  /** Offers what is held. */
  flush(): void {
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
    this.#scheduled = undefined;
    const batch = this.#batch;
    const senders = this.#batchSenders;
    if (batch.length === 0) return;
    this.#batch = [];
    this.#batchSenders = [];
    const taken = this.#offer(batch);
    for (let index = taken; index < batch.length; index += 1) this.#drop(batch[index]!, senders[index]!);
    if (taken < batch.length) this.#tellFull(batch.length - taken, batch.at(-1)!.receivedAt);
  }

  /** Datagrams so far. */
  get received(): number {
    return this.#received;
  }

  /** Datagrams that `offer` did not take. */
  get dropped(): number {
    return this.#dropped;
  }

  counts(): IntakeCounts {
    return {
      received: this.#received,
      receivedBytes: this.#receivedBytes,
      refused: this.#refused,
      refusedBytes: this.#refusedBytes,
      dropped: this.#dropped,
      droppedBytes: this.#droppedBytes,
      held: this.#batch.length,
      senders: this.#senders.snapshot(),
      refusedSenders: this.#refusedSenders.snapshot(),
    };
  }

  /** The origin of an allowed peer, undefined for a refused one; leaves both in the `last` fields. */
  #lookUp(address: string, port: number, now: number): RawOrigin | undefined {
    const key = `${address} ${port}`;
    const shown = peerAddress(address);
    const origin = this.#origins.get(key) ?? this.#admit(key, shown, port);
    this.#lastAddress = address;
    this.#lastPort = port;
    this.#lastOrigin = origin;
    this.#lastSender = origin === undefined ? undefined : this.#senders.of(shown, now);
    return origin;
  }

  #admit(key: string, address: string, port: number): RawOrigin | undefined {
    // An address in the table of refused ones needs no second decision.
    if (this.#refusedSenders.find(address) !== undefined || !this.#settings.allow.allows(address)) return undefined;
    const { collector, format } = this.#settings;
    const origin = Object.freeze({ collector, source: this.#source, peer: endpointText(address, port), format });
    this.#origins.set(key, origin);
    return origin;
  }

  #refuse(bytes: Uint8Array, address: string, now: number): void {
    const sender = this.#refusedSenders.of(address, now);
    this.#refused += 1;
    this.#refusedBytes += bytes.length;
    sender.datagrams += 1;
    sender.bytes += bytes.length;
    sender.lastSeen = now;
    const keep = this.#settings.refusedSampleBytes;
    if (keep > 0) sender.sample = Uint8Array.from(bytes.subarray(0, keep));
    const datagrams = this.#refusedGate.count(1, now);
    if (datagrams > 0) this.#emit({ kind: 'udp_refused', listener: this.#source, address, datagrams });
  }

  #drop(record: RawRecord, address: string): void {
    const sender = this.#senders.of(address, record.receivedAt);
    this.#dropped += 1;
    this.#droppedBytes += record.bytes.length;
    sender.dropped += 1;
    sender.droppedBytes += record.bytes.length;
  }

  #tellFull(dropped: number, now: number): void {
    // The look-ups above may have pushed the remembered sender out of its table.
    this.#lastPort = -1;
    const datagrams = this.#fullGate.count(dropped, now);
    if (datagrams > 0) this.#emit({ kind: 'udp_queue_full', listener: this.#source, datagrams });
  }
}

/** Lets one event in an interval through and says how many it stands for. */
class EventGate {
  readonly #intervalMs: number;
  #pending = 0;
  #openAt = Number.NEGATIVE_INFINITY;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Adds to what is pending; returns all that is pending when an event is due, else 0. */
  count(amount: number, now: number): number {
    this.#pending += amount;
    // A clock set back would keep the gate shut for that long.
    if (now < this.#openAt && this.#openAt - now <= this.#intervalMs) return 0;
    const all = this.#pending;
    this.#pending = 0;
    this.#openAt = now + this.#intervalMs;
    return all;
  }
}
