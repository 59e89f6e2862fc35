import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { DEFAULT_BINDING_RULES } from '../../../attribution/bindings/binding-rules';
import { BindingStage } from '../../../attribution/bindings/binding-stage';
import { DEFAULT_SESSION_RULES } from '../../../attribution/sessions/session-rules';
import { SessionStage } from '../../../attribution/sessions/session-stage';
import { DEFAULT_VERDICT_RULES, type VerdictRules } from '../../../attribution/verdicts/verdict-rules';
import { VerdictStage } from '../../../attribution/verdicts/verdict-stage';
import type { Fact, Gap, SessionLog } from '../../../normalizer/model/facts';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import type { FactsDirectory } from '../../../store/facts/facts-directory';
import { FactsSegment } from '../../../store/facts/facts-segment';
import { appendRun, type FlowValues } from '../../store/facts/flow-rows';
import { bindingFact, type Observation } from '../bindings/binding-facts';

export const T = Date.UTC(2026, 10, 24, 1, 0);
export const SEGMENT = '2026-11-24T01-000';
export const INSIDE = '192.0.2.1';
export const OUTSIDE = '192.0.2.2';

/** One thing that a device tells, as a test writes it: a flow, an observation or a session log. */
export type Told =
  | { readonly flow: FlowValues; readonly exporter: string; readonly receivedAt: number }
  | { readonly binding: Observation; readonly receivedAt: number }
  | { readonly log: Partial<SessionLog>; readonly receivedAt: number }
  | { readonly gap: Partial<Gap>; readonly receivedAt: number };

/** A TCP session from and to, `at` ms after T and 900 ms long. */
export function flow(src: string, srcPort: number, dst: string, at: number, more: FlowValues = {}): Told {
  const values = { start: T + at, end: T + at + 900, src, srcPort, dst, dstPort: 443, protocol: 6, tcpFlags: 0x1b };
  const counts = { bytes: 1200n, packets: 9n };
  return {
    flow: { ...values, ...counts, ...more },
    exporter: src.startsWith('10.') ? INSIDE : OUTSIDE,
    receivedAt: T + at + 2000,
  };
}

export function seen(at: number, more: Partial<Observation>): Told {
  return { binding: { observedAt: T + at, rawSeq: 0, ...more }, receivedAt: T + at };
}

/** A firewall's log of a session that begins or ends. */
export function log(action: 'session_start' | 'session_end', at: number, more: Partial<SessionLog>): Told {
  return { log: { action, observedAt: T + at, ...more }, receivedAt: T + at };
}

/** What is known to be missing, between `since` and `at` ms after T. */
export function gap(since: number, at: number, more: Partial<Gap>): Told {
  return { gap: { observedAt: T + at, since: T + since, ...more }, receivedAt: T + at };
}

/** Appends to the (open) segment in the order given; each thing is a journal record of its own. */
export function append(segment: FactsSegment, told: readonly Told[], firstSeq: number): void {
  segment.begin();
  told.forEach((one, i) => {
    const rawSeq = firstSeq + i;
    if ('flow' in one) {
      const batch = new FlowBatch(1);
      const stream = { exporter: one.exporter, port: 1, domain: 0, version: 9 };
      appendRun(batch, { rawSeq, receivedAt: one.receivedAt, stream }, [one.flow]);
      segment.applyFlows(batch);
      return;
    }
    segment.fact(factOf(one, rawSeq), one.receivedAt);
  });
  segment.commit(firstSeq + told.length - 1);
}

function factOf(one: Exclude<Told, { flow: FlowValues }>, rawSeq: number): Fact {
  if ('binding' in one) return bindingFact({ ...one.binding, rawSeq });
  if ('gap' in one) {
    const base = {
      fact: 'gap',
      kind: 'sequence',
      timeQuality: 'from_receipt',
      device: INSIDE,
      parser: 'ipfix',
    } as const;
    return { ...base, observedAt: T, ...one.gap, rawSeq };
  }
  return {
    fact: 'session_log',
    timeQuality: 'ok',
    device: 'fw1',
    parser: 'cisco_asa',
    action: 'session_start',
    observedAt: T,
    source: {},
    destination: {},
    directionSource: 'stated',
    protocol: 6,
    ...one.log,
    rawSeq,
  };
}

export function newSegment(directory: string): FactsSegment {
  const path = join(directory, `${SEGMENT}.db`);
  return FactsSegment.create(path, { name: SEGMENT, snapshot: new Uint8Array(0), appliedSeq: 0 });
}

/** The stages over the facts, as the analyst runs them. */
export class Stages {
  readonly #sessions: SessionStage;
  readonly #bindings: BindingStage;
  readonly #verdicts: VerdictStage;

  constructor(db: Database, facts: FactsDirectory, held?: number, rules: VerdictRules = DEFAULT_VERDICT_RULES) {
    this.#sessions = new SessionStage(db, facts, { ...DEFAULT_SESSION_RULES, homeNetworks: rules.homeNetworks });
    this.#bindings = new BindingStage(db, facts, DEFAULT_BINDING_RULES);
    this.#verdicts = new VerdictStage(db, facts, rules, held);
  }

  /** Takes everything that is there; returns how many sessions were looked at. */
  catchUp(): number {
    let resolved = 0;
    for (;;) {
      const rows = this.#sessions.advance(1e6).rows + this.#bindings.advance(1e6).rows + this.#verdicts.gather(1e6);
      const step = this.#verdicts.advance(1e6);
      resolved += step.resolved;
      if (rows + step.taken === 0 && !this.#verdicts.measureClocks()) return resolved;
    }
  }
}

/** What is said of each session, without when it was said and in which order the journal had it. */
export function said(db: Database): unknown[] {
  const sql = 'SELECT v.* FROM verdict v JOIN session s ON s.id = v.session ORDER BY s.start, s.src_ip, s.src_port';
  const sessions = db.prepare(sql).all() as { session: string }[];
  return sessions.map(({ session, ...verdict }) => {
    const row = db.prepare('SELECT src_ip, src_port, dst_ip FROM session WHERE id = ?').get(session);
    const owners = db.prepare(
      'SELECT kind, owner, name, host, weight FROM verdict_owner WHERE session = ? ORDER BY number',
    );
    const steps = db.prepare(`SELECT relation, "from", "to", device, valid_from, valid_to, confidence FROM verdict_step
      WHERE session = ? AND relation NOT IN ('leg', 'client-leg') ORDER BY number`);
    const { revision: _revision, recorded_at: _recorded, leg_of: leg, ...rest } = verdict as Record<string, unknown>;
    return { ...rest, ...(row as object), isLeg: leg !== null, owners: owners.all(session), steps: steps.all(session) };
  });
}
