import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { dataLayout } from '../../cli/data-layout';
import type { ForwardEvent } from '../../forwarders/forward-events';
import type { DeliveryClock } from '../../forwarders/delivery/delivery';
import { ForwardDatabase } from '../../forwarders/delivery/forward-db';
import { Forwarder } from '../../forwarders/delivery/forwarder';
import { eventKind } from '../../forwarders/kinds/events';
import { destinationSettings, forwardConfig } from '../../forwarders/forward-config';
import { openAnalysisForWriting } from '../../store/analysis/analysis-db';
import type { SessionRecord } from '../../store/analysis/session-record';
import { SessionStore } from '../../store/analysis/session-store';
import { FactsSegment } from '../../store/facts/facts-segment';
import { sessionRecord } from '../store/analysis/session-records';

const T = Date.UTC(2026, 10, 24, 2, 0);

/** A data directory whose store a test fills, and forwarders over it. */
export class StoreSite {
  readonly folder = mkdtempSync(join(tmpdir(), 'ascribe-forward-'));
  readonly layout = dataLayout(join(this.folder, 'data'));
  readonly #db: Database;
  readonly #sessions: SessionStore;
  readonly #segments = new Map<string, FactsSegment>();
  #num = 0;
  #revision = 0;
  #events = 0;

  constructor() {
    mkdirSync(this.layout.facts, { recursive: true });
    this.#db = openAnalysisForWriting(this.layout.database);
    this.#sessions = new SessionStore(this.#db);
  }

  get places() {
    const { journal, facts, database } = this.layout;
    return { journal, facts, database, instance: 'test' };
  }

  /** New sessions; returns their ids. */
  addSessions(count: number, values: Partial<SessionRecord> = {}): string[] {
    const records = Array.from({ length: count }, () => {
      this.#num++;
      return sessionRecord(this.#num, {
        revision: ++this.#revision,
        firstSeq: this.#num,
        start: T,
        end: T + this.#num,
        ...values,
      });
    });
    this.#commit(records.map((record) => ({ record, fresh: true })));
    return records.map(({ id }) => id);
  }

  /** Changes the session that was made as the `num`th. */
  changeSession(num: number, values: Partial<SessionRecord>): void {
    const record = sessionRecord(num, { revision: ++this.#revision, firstSeq: num, start: T, end: T + num, ...values });
    this.#commit([{ record, fresh: false }]);
  }

  /** Events in one facts segment, made when it is not there. */
  addEvents(count: number, name = '2026-11-24T02-000', message: (n: number) => string = (n) => `event ${n}`): void {
    let segment = this.#segments.get(name);
    if (segment === undefined) {
      segment = FactsSegment.create(this.segmentPath(name), { name, snapshot: new Uint8Array(0), appliedSeq: 0 });
      this.#segments.set(name, segment);
    }
    segment.begin();
    for (let i = 0; i < count; i++) {
      const n = ++this.#events;
      const base = {
        rawSeq: n,
        observedAt: T + n,
        timeQuality: 'ok',
        device: `edge-${n % 2}`,
        parser: 'test',
      } as const;
      segment.fact(
        { ...base, fact: 'event', category: 'host', action: 'test', severity: n % 8, message: message(n) },
        T + n,
      );
    }
    segment.commit(this.#events);
  }

  /** Ids of all events, as they are sent. */
  eventIds(): Set<string> {
    const source = eventKind.open(this.places);
    const ids = new Set<string>();
    try {
      for (let page = source.read(undefined, 5000); page !== undefined; page = source.read(page.position, 5000)) {
        for (const { uid } of page.records) ids.add(uid);
      }
      return ids;
    } finally {
      source.close();
    }
  }

  /** No more rows will come: the next segment may be read. */
  completeSegment(name = '2026-11-24T02-000'): void {
    this.#segments.get(name)?.complete();
    this.#segments.get(name)?.close();
  }

  segmentPath(name: string): string {
    return join(this.layout.facts, `${name}.db`);
  }

  /** A forwarder over this store; `destinations` as in the configuration. */
  forwarder(destinations: readonly object[], clock?: DeliveryClock): RunningForwarder {
    return new RunningForwarder(this, destinations, clock);
  }

  database<T>(read: (database: ForwardDatabase) => T): T {
    const database = ForwardDatabase.open(this.layout.forward);
    try {
      return read(database);
    } finally {
      database.close();
    }
  }

  remove(): void {
    this.#db.close();
    for (const segment of this.#segments.values()) segment.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #commit(records: { record: SessionRecord; fresh: boolean }[]): void {
    this.#sessions.commit(
      { records, slices: [], sources: [], rows: this.#revision, sessions: this.#num, watermark: T },
      { segment: 'n', lastId: this.#revision },
    );
  }
}

/** Waits a moment where the real one waits up to a minute: for receivers that refuse many times in a row. */
export const IMPATIENT: DeliveryClock = {
  random: () => 1,
  pause: (_ms, signal) => delay(10, undefined, { signal }),
};

/** A forwarder that runs in this process until it is stopped. */
export class RunningForwarder {
  readonly events: ForwardEvent[] = [];
  readonly #database: ForwardDatabase;
  readonly #forwarder: Forwarder;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;

  constructor(
    site: Pick<StoreSite, 'folder' | 'layout' | 'places'>,
    destinations: readonly object[],
    clock?: DeliveryClock,
  ) {
    this.#database = ForwardDatabase.open(site.layout.forward);
    this.#forwarder = new Forwarder({
      destinations: forwardConfig.parse(destinations).map(destinationSettings),
      database: this.#database,
      places: site.places,
      context: { secret: secretOf, directory: site.folder, hostname: 'collector', version: '0' },
      emit: (event) => void this.events.push(event),
      ...(clock !== undefined && { clock }),
    });
    this.#ended = this.#forwarder.run(this.#stop.signal);
  }

  status() {
    return this.#forwarder.status();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    this.#database.close();
  }
}

/** A file's content; any other reference is its own name, so that tests see it arrive. */
function secretOf(reference: string): string {
  return reference.startsWith('file:') ? readFileSync(reference.slice(5), 'utf8') : `secret of ${reference}`;
}

/** Polls until it holds. */
export async function until(condition: () => boolean, what = 'condition', timeoutMs = 20_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`${what} did not come true`);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
