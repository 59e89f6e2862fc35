import { setTimeout as delay } from 'node:timers/promises';
import type {
  BatchLimits,
  ForwardRecord,
  OutItem,
  RecordFormat,
  RecordKind,
  RecordSource,
  SourcePage,
  Transport,
} from '../contract';
import type { ForwardEvent } from '../forward-events';
import { Delivery, type DeliveryClock } from './delivery';
import type { DestinationStatus } from './destination-status';
import { filterOf, type FilterSettings } from './filter';
import type { ForwardDatabase } from './forward-db';
import type { DeadLetter, Tally } from './forward-rows';
import { redrive } from './redrive';

export interface DestinationOptions {
  readonly name: string;
  readonly kinds: readonly { readonly kind: RecordKind; readonly source: RecordSource }[];
  readonly format: RecordFormat;
  readonly transport: Transport;
  readonly transportType: string;
  readonly confirmed: boolean;
  readonly limits: BatchLimits;
  readonly only: FilterSettings;
  readonly database: ForwardDatabase;
  readonly emit: (event: ForwardEvent) => void;
  readonly clock?: DeliveryClock;
}

/** Records that one look at the store takes at most: what is held in memory for a destination is bounded by this and `limits`. */
const PAGE_RECORDS = 1000;
const REDRIVE_PERIOD_MS = 2000;
const LAG_PERIOD_MS = 5000;
const LAG_COUNTED = 1_000_000;
const SHORTEST_PAUSE_MS = 20;
const STORE_TROUBLE_MS = 2000;

interface Lane {
  readonly kind: RecordKind;
  readonly source: RecordSource;
  position: string | undefined;
  /** When the next look is due; in the clock of `performance.now`. */
  lookAt: number;
}

/** Pages read but not confirmed yet. */
interface Gathered {
  readonly items: OutItem[];
  readonly tally: Tally;
  position: string;
}

/** One destination: a cursor for each kind over the store, moved after the receiver's answer. */
export class Destination {
  readonly #options: DestinationOptions;
  readonly #lanes: readonly Lane[];
  readonly #matches: (record: ForwardRecord) => boolean;
  readonly #delivery: Delivery;
  readonly #status: { -readonly [Key in keyof DestinationStatus]: DestinationStatus[Key] };
  #lagAt = 0;
  #redriveAt = 0;

  constructor(options: DestinationOptions) {
    this.#options = options;
    const { name, database } = options;
    this.#lanes = options.kinds.map(({ kind, source }) => {
      const position = database.position(name, kind.name) ?? '';
      return { kind, source, position: position === '' ? undefined : position, lookAt: 0 };
    });
    this.#matches = filterOf(options.only);
    this.#delivery = new Delivery(options.transport, this.#watch(), options.clock);
    this.#status = {
      name,
      transport: options.transportType,
      format: options.format.name,
      delivery: options.confirmed ? 'confirmed' : 'best_effort',
      state: 'idle',
      sent: 0,
      dead: 0,
      filtered: 0,
      bytes: 0,
      behind: 0,
      lagSeconds: 0,
      lastSentAt: 0,
      lastError: '',
    };
  }

  status(): DestinationStatus {
    return { ...this.#status };
  }

  /** Sends until the signal; resolves when it has stopped, within `deadlineMs` for what was written last. */
  async run(signal: AbortSignal, deadlineMs: number): Promise<void> {
    try {
      while (!signal.aborted) await this.#turn(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      await this.#options.transport.close(deadlineMs);
    }
  }

  /** One look at every kind that is due; then a pause until the next is. */
  async #turn(signal: AbortSignal): Promise<void> {
    let moved = false;
    for (const lane of this.#lanes) {
      if (performance.now() < lane.lookAt) continue;
      if (await this.#advance(lane, signal)) moved = true;
      else lane.lookAt = performance.now() + lane.kind.settleMs;
    }
    await this.#redriveDue(signal);
    this.#measureLag();
    if (moved) return;
    const next = Math.min(...this.#lanes.map(({ lookAt }) => lookAt), this.#redriveAt);
    await delay(Math.max(SHORTEST_PAUSE_MS, next - performance.now()), undefined, { signal });
  }

  /** Sends what one kind has next; false when it has nothing. */
  async #advance(lane: Lane, signal: AbortSignal): Promise<boolean> {
    const { name, database, confirmed } = this.#options;
    const gathered = await this.#gather(lane, signal);
    if (gathered === undefined) return false;
    const dead: DeadLetter[] = [];
    for (const batch of inBatches(gathered.items, this.#options.limits)) {
      this.#status.state = 'sending';
      const outcome = await this.#delivery.deliver(batch, signal);
      dead.push(...outcome.dead);
      gathered.tally.sent += outcome.delivered;
    }
    const { tally, position } = gathered;
    tally.dead = dead.length;
    if (confirmed) tally.confirmed = tally.sent;
    database.commit(name, lane.kind.name, position, tally, dead);
    lane.position = position;
    this.#count(tally, dead);
    return true;
  }

  /** Pages of one kind until a batch is full, or as old as it may become. */
  async #gather(lane: Lane, signal: AbortSignal): Promise<Gathered | undefined> {
    const { limits } = this.#options;
    const deadline = performance.now() + limits.waitMs;
    const gathered: Gathered = {
      items: [],
      tally: { sent: 0, confirmed: 0, dead: 0, filtered: 0, bytes: 0 },
      position: '',
    };
    for (;;) {
      const room = Math.min(PAGE_RECORDS, limits.records - gathered.items.length);
      const page = this.#read(lane, gathered.position === '' ? lane.position : gathered.position, room);
      if (page !== undefined) this.#take(gathered, page);
      const isFull = gathered.items.length >= limits.records || gathered.tally.bytes >= limits.bytes;
      if (isFull || gathered.tally.filtered >= PAGE_RECORDS) return gathered;
      if (page !== undefined) continue;
      if (gathered.items.length === 0) return gathered.position === '' ? undefined : gathered;
      const wait = Math.min(deadline - performance.now(), lane.kind.settleMs);
      if (wait <= 0) return gathered;
      await delay(wait, undefined, { signal });
    }
  }

  /** What the store cannot give now (being made, migrated, retired) it gives later. */
  #read(lane: Lane, after: string | undefined, limit: number): SourcePage | undefined {
    try {
      const page = lane.source.read(after, limit);
      if (page === undefined && after !== undefined && lane.source.isAhead(after)) this.#rewind(lane);
      return page;
    } catch (error) {
      this.#status.lastError = error instanceof Error ? error.message : String(error);
      lane.source.close();
      lane.lookAt = performance.now() + STORE_TROUBLE_MS;
      return undefined;
    }
  }

  #rewind(lane: Lane): void {
    const { name, database, emit } = this.#options;
    lane.position = undefined;
    database.rewind(name, lane.kind.name);
    emit({ kind: 'forward_rewound', destination: name, records: lane.kind.name });
  }

  #take(gathered: Gathered, page: SourcePage): void {
    const { format } = this.#options;
    for (const record of page.records) {
      if (!this.#matches(record)) {
        gathered.tally.filtered++;
        continue;
      }
      const text = format.encode(record);
      gathered.items.push({ record, text, format });
      gathered.tally.bytes += text.length;
    }
    gathered.position = page.position;
  }

  async #redriveDue(signal: AbortSignal): Promise<void> {
    if (performance.now() < this.#redriveAt) return;
    this.#redriveAt = performance.now() + REDRIVE_PERIOD_MS;
    const { name, database, confirmed, format, kinds, emit } = this.#options;
    const letters = database.toRedrive(name, PAGE_RECORDS);
    if (letters.length === 0) return;
    const sources = new Map(kinds.map(({ kind, source }) => [kind.name, source]));
    const outcome = await redrive(letters, sources, format, this.#delivery, signal);
    database.settle(name, { ...outcome, confirmed });
    const { delivered, dead, gone } = outcome;
    const counts = { delivered: delivered.length, dead: dead.length, gone: gone.length };
    emit({ kind: 'forward_redriven', destination: name, ...counts });
  }

  #count(tally: Tally, dead: readonly DeadLetter[]): void {
    const status = this.#status;
    status.state = 'idle';
    status.sent += tally.sent;
    status.dead += dead.length;
    status.filtered += tally.filtered;
    status.bytes += tally.bytes;
    if (tally.sent > 0) status.lastSentAt = Date.now();
    const [first] = dead;
    if (first === undefined) return;
    const { code, cause } = first;
    this.#options.emit({ kind: 'forward_dead', destination: status.name, code, cause, records: dead.length });
  }

  /** Counting what is behind costs a query: not at each turn. */
  #measureLag(): void {
    const now = performance.now();
    if (now < this.#lagAt) return;
    this.#lagAt = now + LAG_PERIOD_MS;
    try {
      const behind = this.#lanes.map(({ source, position }) => source.behind(position, LAG_COUNTED));
      this.#status.behind = behind.reduce((sum, count) => sum + count, 0);
      const oldest = this.#lanes.flatMap(({ source, position }) => source.read(position, 1)?.records[0]?.time ?? []);
      this.#status.lagSeconds = oldest.length === 0 ? 0 : Math.max(0, (Date.now() - Math.min(...oldest)) / 1000);
    } catch {
      // The store is being made or retired: the next look tells.
      this.#lagAt = now + LAG_PERIOD_MS;
    }
  }

  #watch(): ConstructorParameters<typeof Delivery>[1] {
    const { name, emit } = this.#options;
    return {
      failed: ({ code, cause, denied, retryMs }) => {
        this.#status.state = denied ? 'denied' : 'waiting';
        this.#status.lastError = cause;
        this.#measureLag();
        emit({ kind: denied ? 'forward_denied' : 'forward_failing', destination: name, code, cause, retryMs });
      },
      works: (failures) => {
        this.#status.lastError = '';
        emit({ kind: 'forward_works', destination: name, failures });
      },
    };
  }
}

/** Batches within the limits; an item that is larger than a batch may be goes alone. */
function* inBatches(items: readonly OutItem[], limits: BatchLimits): Generator<readonly OutItem[]> {
  let batch: OutItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(item.text) + limits.envelope;
    if (batch.length > 0 && (batch.length >= limits.records || bytes + size > limits.bytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
