import { performance } from 'node:perf_hooks';
import type { CollectorContext } from '../../contract';
import { SharedSockets, type SharedSocketCounts } from '../adapter/shared-sockets';
import type { SnmpEvent } from '../snmp-events';
import type { SnmpSettings } from '../snmp-settings';
import { DueQueue } from '../../polling/due-queue';
import { Lane } from '../../polling/lane';
import { PolledDevice, type DeviceStatus } from './polled-device';
import { RecordOutlet } from '../../polling/record-outlet';

/** Figures of the poller for `status`. */
export interface PollerStats {
  readonly devices: readonly DeviceStatus[];
  /** Devices being read or tried now, and those that are due and wait for a place. */
  readonly running: number;
  readonly waiting: number;
  readonly recordsTaken: number;
  readonly recordBytesTaken: number;
  readonly recordsDropped: number;
  readonly sockets: SharedSocketCounts;
}

/** How long a table that was read waits for room in the queue. */
const OFFER_PATIENCE_MS = 30_000;

/** Longest sleep: timers of Node hold 31 bits, and a device added while asleep would wait. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Polls all devices on two sockets. Each is visited when a table of it is due, one visit at a time; so many devices are
 * read at once as `concurrency` says, and those that did not answer last time are tried in a lane of their own, so that
 * a dead site does not delay the living.
 */
export class SnmpPoller {
  readonly #settings: SnmpSettings;
  readonly #sockets: SharedSockets;
  readonly #outlet: RecordOutlet;
  readonly #clock: () => number;
  #queue = new DueQueue<PolledDevice>();
  readonly #living: Lane;
  readonly #silent: Lane;
  readonly #context: CollectorContext<SnmpEvent>;
  #devices: readonly PolledDevice[] = [];
  #stop: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: SnmpSettings, context: CollectorContext<SnmpEvent>, clock = () => performance.now()) {
    this.#settings = settings;
    this.#context = context;
    this.#clock = clock;
    this.#sockets = new SharedSockets(settings.limits.receiveBufferBytes);
    this.#outlet = new RecordOutlet(context.offer, OFFER_PATIENCE_MS);
    this.#living = new Lane(settings.limits.concurrency);
    this.#silent = new Lane(settings.limits.silentConcurrency);
  }

  /** Opens the sockets and plans the first visits. */
  async start(): Promise<void> {
    if (this.#stop !== undefined) return;
    this.#stop = new AbortController();
    await this.#sockets.open();
    const { emit, now } = this.#context;
    const shared = { settings: this.#settings, sockets: this.#sockets, outlet: this.#outlet };
    const ground = { ...shared, emit, now, clock: this.#clock };
    this.#devices = this.#settings.devices.map((device) => new PolledDevice(device, ground));
    for (const device of this.#devices) this.#plan(device);
    this.#run();
  }

  /** Ends what runs; a table being read is given up. Safe before `start` and twice. */
  async stop(): Promise<void> {
    const stop = this.#stop;
    if (stop === undefined || stop.signal.aborted) return;
    stop.abort();
    clearTimeout(this.#timer);
    await Promise.all([this.#living.drain(), this.#silent.drain()]);
    for (const device of this.#devices) device.close();
    await this.#sockets.close();
    this.#queue = new DueQueue();
    this.#stop = undefined;
  }

  stats(): PollerStats {
    const { taken, takenBytes, dropped } = this.#outlet.counts;
    return {
      devices: this.#devices.map((device) => device.status()),
      running: this.#living.running + this.#silent.running,
      waiting: this.#living.waiting + this.#silent.waiting,
      recordsTaken: taken,
      recordBytesTaken: takenBytes,
      recordsDropped: dropped,
      sockets: this.#sockets.counts(),
    };
  }

  #plan(device: PolledDevice): void {
    const { due } = device;
    if (due !== Infinity) this.#queue.push(due, device);
  }

  #run(): void {
    const now = this.#clock();
    for (let device = this.#queue.take(now); device !== undefined; device = this.#queue.take(now)) this.#admit(device);
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const { next } = this.#queue;
    if (next === Infinity || this.#stop?.signal.aborted !== false) return;
    const wait = Math.min(LONGEST_SLEEP_MS, Math.max(1, Math.ceil(next - this.#clock())));
    this.#timer = setTimeout(() => this.#run(), wait);
  }

  #admit(device: PolledDevice): void {
    const { signal } = this.#stop!;
    (device.silent ? this.#silent : this.#living).add(async () => {
      await device.visit(signal);
      if (signal.aborted) return;
      this.#plan(device);
      this.#arm();
    });
  }
}
