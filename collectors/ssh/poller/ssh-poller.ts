import { performance } from 'node:perf_hooks';
import type { CollectorContext } from '../../contract';
import { DueQueue } from '../../polling/due-queue';
import { Lane } from '../../polling/lane';
import { RecordOutlet } from '../../polling/record-outlet';
import { ChannelGate } from '../adapter/channel-gate';
import type { SshEvent } from '../ssh-events';
import type { SshSettings } from '../ssh-settings';
import { LoginLatch } from './login-latch';
import { PolledHost, type HostStatus } from './polled-host';

/** Figures of the poller for `status`. Plain data. */
export interface SshStats {
  readonly devices: readonly HostStatus[];
  /** Devices being worked on or tried now, and those that are due and wait for a place. */
  readonly running: number;
  readonly waiting: number;
  readonly recordsTaken: number;
  readonly recordBytesTaken: number;
  readonly recordsDropped: number;
}

/** How long what was read waits for room in the queue. Log lines are not lost by it: they are read again later. */
const OFFER_PATIENCE_MS = 30_000;
/** Longest sleep: timers of Node hold 31 bits, and a device that was let go would wait. */
const LONGEST_SLEEP_MS = 60_000;

/** Visits all devices, each when it is due, so many at once as `concurrency` says. */
export class SshPoller {
  readonly #settings: SshSettings;
  readonly #context: CollectorContext<SshEvent>;
  readonly #clock: () => number;
  readonly #outlet: RecordOutlet;
  readonly #living: Lane;
  readonly #silent: Lane;
  readonly #turns: ChannelGate;
  /** Outlive a stop and a start: see `LoginLatch`. */
  readonly #latches: ReadonlyMap<string, LoginLatch>;
  #queue = new DueQueue<PolledHost>();
  #hosts: readonly PolledHost[] = [];
  #stop: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(settings: SshSettings, context: CollectorContext<SshEvent>, clock = () => performance.now()) {
    const { concurrency, silentConcurrency } = settings.limits;
    this.#settings = settings;
    this.#context = context;
    this.#clock = clock;
    this.#outlet = new RecordOutlet(context.offer, OFFER_PATIENCE_MS);
    this.#living = new Lane(concurrency);
    this.#silent = new Lane(silentConcurrency);
    this.#turns = new ChannelGate(concurrency);
    this.#latches = new Map(settings.devices.map(({ name }) => [name, new LoginLatch()]));
  }

  /** Plans the first visits. */
  start(): void {
    if (this.#stop !== undefined) return;
    this.#stop = new AbortController();
    const { emit, now } = this.#context;
    const turn = async <Out>(work: () => Promise<Out>): Promise<Out> => {
      await this.#turns.enter();
      try {
        return await work();
      } finally {
        this.#turns.leave();
      }
    };
    const ground = { settings: this.#settings, outlet: this.#outlet, emit, now, clock: this.#clock, turn };
    this.#hosts = this.#settings.devices.map(
      (device) => new PolledHost(device, this.#latches.get(device.name)!, ground),
    );
    for (const host of this.#hosts) this.#plan(host);
    this.#run();
  }

  /** Ends what runs and every connection. Safe before `start` and twice. */
  async stop(): Promise<void> {
    const stop = this.#stop;
    if (stop === undefined || stop.signal.aborted) return;
    stop.abort();
    clearTimeout(this.#timer);
    await Promise.all([this.#living.drain(), this.#silent.drain()]);
    await Promise.all(this.#hosts.map((host) => host.close()));
    this.#queue = new DueQueue();
    this.#stop = undefined;
  }

  /** A person acted: devices that refused a login are tried once more. How many there were. */
  release(): number {
    const held = this.#hosts.filter(({ name }) => this.#latches.get(name)?.isHeld === true);
    for (const host of held) {
      this.#latches.get(host.name)?.release();
      this.#plan(host);
    }
    if (this.#stop !== undefined) this.#run();
    return held.length;
  }

  /** A device told elsewhere that its configuration changed: it is read before its time. How many devices are meant. */
  changed(device: string, address: string): number {
    const meant = this.#hosts.filter((host) => host.isMeant(device, address));
    for (const host of meant) {
      host.changed();
      // One that is being visited now is planned anew afterwards.
      this.#queue.bring(host.due, host);
    }
    if (meant.length > 0) this.#arm();
    return meant.length;
  }

  stats(): SshStats {
    const { taken, takenBytes, dropped } = this.#outlet.counts;
    return {
      devices: this.#hosts.map((host) => host.status()),
      running: this.#living.running + this.#silent.running,
      waiting: this.#living.waiting + this.#silent.waiting,
      recordsTaken: taken,
      recordBytesTaken: takenBytes,
      recordsDropped: dropped,
    };
  }

  #plan(host: PolledHost): void {
    const { due } = host;
    if (due !== Infinity) this.#queue.push(due, host);
  }

  #run(): void {
    const now = this.#clock();
    for (let host = this.#queue.take(now); host !== undefined; host = this.#queue.take(now)) this.#admit(host);
    this.#arm();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const { next } = this.#queue;
    if (next === Infinity || this.#stop?.signal.aborted !== false) return;
    const wait = Math.min(LONGEST_SLEEP_MS, Math.max(1, Math.ceil(next - this.#clock())));
    this.#timer = setTimeout(() => this.#run(), wait);
  }

  #admit(host: PolledHost): void {
    const { signal } = this.#stop!;
    (host.silent ? this.#silent : this.#living).add(async () => {
      await host.visit(signal);
      if (signal.aborted) return;
      this.#plan(host);
      this.#arm();
    });
  }
}
