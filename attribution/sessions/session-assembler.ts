import { hash } from 'node:crypto';
import type { SessionRecord, SliceRecord } from '../../store/analysis/session-record';
import type { FlowRow } from '../../store/facts/facts-reader';
import { HomeNetworks } from './home-networks';
import { APART, distance, lifetime } from './session-match';
import type { SessionRules } from './session-rules';
import { sessionKey, sliceOf } from './slice-of';
import { SessionState, type Slice } from './session-state';
import { recordOf, type ViewContext } from './session-view';

/** Exporter domains remembered: addresses of UDP senders can be forged without end. */
const MAX_SOURCES = 65_536;

/** What the assembler goes on from: counters and the sessions that can still grow. */
export interface AssemblerStart {
  /** Flow rows read so far, over the whole life of the store. */
  readonly rows: number;
  /** Sessions begun so far. */
  readonly sessions: number;
  /** Latest receive time of any row. */
  readonly watermark: number;
  /** The `maxLive` sessions changed last, in the order of their revision. */
  readonly live: Iterable<SessionRecord>;
  readonly sources: Iterable<SourceState>;
}

/** An exporter's domain: since when, and until when, we hear from it. Receive times. */
export interface SourceState {
  readonly exporter: string;
  readonly domain: number;
  readonly firstReceived: number;
  lastReceived: number;
  rows: number;
}

/** What came of the rows since the last call of `take`. Holds until the next `add`: observers are not copied. */
export interface AssemblerOutput {
  /** Changed sessions; `fresh` ones are new to the store. */
  readonly sessions: readonly { readonly record: SessionRecord; readonly fresh: boolean }[];
  readonly slices: readonly SliceRecord[];
  readonly sources: readonly SourceState[];
  readonly rows: number;
  readonly started: number;
  readonly watermark: number;
}

/**
 * Flow rows in, sessions out. No I/O, no clock: its state is a function of the rows in their order, whatever the
 * batches, and can be taken up from the store at any row. Memory is bounded by `maxLive`.
 */
export class SessionAssembler {
  readonly #rules: SessionRules;
  readonly #context: ViewContext;
  /** In the order of their latest change, oldest first. */
  readonly #live = new Map<number, SessionState>();
  readonly #byKey = new Map<string, SessionState[]>();
  readonly #sources = new Map<string, SourceState>();
  readonly #changed = new Set<SessionState>();
  readonly #changedSources = new Set<SourceState>();
  #slices: SliceRecord[] = [];
  #rows = 0;
  #sessions = 0;
  #watermark = Number.NEGATIVE_INFINITY;

  constructor(rules: SessionRules, start?: AssemblerStart) {
    this.#rules = rules;
    this.#context = {
      home: new HomeNetworks(rules.homeNetworks),
      heardSince: ({ exporter, domain }) =>
        this.#sources.get(`${exporter} ${domain}`)?.firstReceived ?? Number.POSITIVE_INFINITY,
    };
    if (start !== undefined) this.#takeUp(start);
  }

  /** Adds one row of `segment`. Returns false for a row that is no part of a session (no address pair, no protocol). */
  add(row: FlowRow, segment: string): boolean {
    this.#rows++;
    this.#watermark = Math.max(this.#watermark, row.receivedAt);
    this.#hear(row);
    const slice = sliceOf(row, this.#rules);
    if (slice === undefined) return false;
    const session = this.#find(slice) ?? this.#begin(slice);
    const observer = session.add(slice);
    this.#touch(session);
    this.#slices.push(sliceRecord(session, slice, observer, segment));
    return true;
  }

  /** Hands over what has changed and forgets sessions that cannot grow any more. */
  take(): AssemblerOutput {
    const output = {
      sessions: [...this.#changed].map((session) => ({
        record: recordOf(session, this.#context),
        fresh: session.fresh,
      })),
      slices: this.#slices,
      sources: [...this.#changedSources],
      rows: this.#rows,
      started: this.#sessions,
      watermark: this.#watermark,
    };
    for (const session of this.#changed) session.fresh = false;
    this.#changed.clear();
    this.#changedSources.clear();
    this.#slices = [];
    this.#forgetOld();
    return output;
  }

  #takeUp({ rows, sessions, watermark, live, sources }: AssemblerStart): void {
    this.#rows = rows;
    this.#sessions = sessions;
    this.#watermark = watermark;
    for (const source of sources) this.#sources.set(`${source.exporter} ${source.domain}`, { ...source });
    for (const record of live) {
      const { scope, protocol, a, aPort, b, bPort } = record;
      this.#keep(SessionState.from(record, sessionKey(scope, protocol, a, aPort, b, bPort)));
    }
  }

  /** Exporters beyond the bound are not remembered; their first packets prove no direction then. */
  #hear({ exporter, domain, receivedAt }: FlowRow): void {
    const name = `${exporter} ${domain}`;
    let source = this.#sources.get(name);
    if (source === undefined) {
      if (this.#sources.size >= MAX_SOURCES) return;
      source = { exporter, domain, firstReceived: receivedAt, lastReceived: receivedAt, rows: 0 };
      this.#sources.set(name, source);
    }
    source.rows++;
    source.lastReceived = Math.max(source.lastReceived, receivedAt);
    this.#changedSources.add(source);
  }

  /** The nearest session that the row can belong to; of equally near ones the later. */
  #find(slice: Slice): SessionState | undefined {
    let nearest: SessionState | undefined;
    let least = APART;
    for (const session of this.#byKey.get(slice.key) ?? []) {
      if (this.#watermark - session.touchedAt > lifetime(session, this.#rules)) continue;
      const apart = distance(session, slice, this.#rules);
      if (apart === APART || apart > least) continue;
      least = apart;
      nearest = session;
    }
    return nearest;
  }

  #begin(slice: Slice): SessionState {
    const { key, scope, protocol, a, aPort, b, bPort, rawSeq, ordinal, fromA } = slice;
    const num = ++this.#sessions;
    const id = sessionId(slice);
    const session = new SessionState(num, id, key, scope, protocol, a, aPort, b, bPort, rawSeq, ordinal, fromA);
    this.#keep(session);
    this.#cutOldest();
    return session;
  }

  #touch(session: SessionState): void {
    session.revision = this.#rows;
    session.touchedAt = this.#watermark;
    this.#live.delete(session.num);
    this.#live.set(session.num, session);
    this.#changed.add(session);
  }

  #keep(session: SessionState): void {
    this.#live.set(session.num, session);
    const same = this.#byKey.get(session.key);
    if (same === undefined) this.#byKey.set(session.key, [session]);
    else same.push(session);
  }

  /** A session that is pushed out while it could still grow says so: its later records make another session. */
  #cutOldest(): void {
    if (this.#live.size <= this.#rules.maxLive) return;
    const oldest = this.#live.values().next().value as SessionState;
    if (this.#watermark - oldest.touchedAt <= lifetime(oldest, this.#rules) && oldest.ended === 'none') {
      oldest.cut = true;
      this.#changed.add(oldest);
    }
    this.#forget(oldest);
  }

  /** Only from the oldest on: a younger one that has ended goes when it is its turn. */
  #forgetOld(): void {
    for (const session of this.#live.values()) {
      if (this.#watermark - session.touchedAt <= lifetime(session, this.#rules)) return;
      this.#forget(session);
    }
  }

  #forget(session: SessionState): void {
    this.#live.delete(session.num);
    const same = this.#byKey.get(session.key)?.filter((other) => other !== session) ?? [];
    if (same.length === 0) this.#byKey.delete(session.key);
    else this.#byKey.set(session.key, same);
  }
}

/**
 * The raw record and ordinal that began the session name it; eight digits of a hash over scope and key tell apart
 * stores whose journals differ. Ids of one store sort in the order of the journal.
 */
function sessionId({ scope, key, rawSeq, ordinal }: Slice): string {
  const check = hash('sha256', `${scope}\n${key}\n${rawSeq}\n${ordinal}`, 'hex').slice(0, 8);
  return `${rawSeq.toString(36).padStart(8, '0')}-${ordinal.toString(36)}-${check}`;
}

function sliceRecord(session: SessionState, slice: Slice, observer: number | null, segment: string): SliceRecord {
  const { flow, rawSeq, ordinal, fromA, start, end, bytes, packets, replyBytes, replyPackets } = slice;
  const counts = { bytes, packets, replyBytes, replyPackets };
  return { session: session.num, segment, flow, observer, rawSeq, ordinal, fromA, start, end, ...counts };
}
