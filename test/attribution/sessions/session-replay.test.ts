import fc from 'fast-check';
import type { SessionRecord, SliceRecord } from '../../../store/analysis/session-record';
import type { FlowRow } from '../../../store/facts/facts-reader';
import {
  type AssemblerOutput,
  SessionAssembler,
  type SourceState,
} from '../../../attribution/sessions/session-assembler';
import { DEFAULT_SESSION_RULES } from '../../../attribution/sessions/session-rules';
import { flowRow, replyRow, T0 } from './flow-row';

const RULES = { ...DEFAULT_SESSION_RULES, maxLive: 5 };

/** A store in memory: what the assembler says, and what it would be given at a restart. */
class Shelf {
  readonly sessions = new Map<number, SessionRecord>();
  readonly slices: SliceRecord[] = [];
  readonly sources = new Map<string, SourceState>();
  output: AssemblerOutput | undefined;

  put(output: AssemblerOutput): void {
    this.output = output;
    for (const { record } of output.sessions) this.sessions.set(record.num, structuredClone(record));
    this.slices.push(...output.slices);
    for (const source of output.sources)
      this.sources.set(`${source.exporter} ${source.domain}`, structuredClone(source));
  }

  restarted(): SessionAssembler {
    const latest = [...this.sessions.values()].sort((left, right) => left.revision - right.revision);
    return new SessionAssembler(RULES, {
      rows: this.output?.rows ?? 0,
      sessions: this.output?.started ?? 0,
      watermark: this.output?.watermark ?? Number.NEGATIVE_INFINITY,
      live: latest.slice(-RULES.maxLive),
      sources: this.sources.values(),
    });
  }

  content(): unknown {
    const sessions = [...this.sessions.values()].sort((left, right) => left.num - right.num);
    return { sessions, slices: this.slices, sources: [...this.sources.values()], rows: this.output?.rows };
  }
}

const choice = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const anyRow = fc.record({
  forward: fc.boolean(),
  client: choice(1, 2, 3),
  start: fc.nat(4000),
  length: choice(0, 1, 60, 600),
  late: choice(1, 30, 1800),
  bytes: choice<number | string | null>(null, 0, 1, 1500, Number.MAX_SAFE_INTEGER, '18446744073709551615'),
  tcpFlags: choice(null, 0x02, 0x12, 0x1b, 0x10, 0x14),
  protocol: choice(6, 6, 17),
  exporter: choice('192.0.2.1', '192.0.2.2'),
  inIf: choice(1, 2),
  endReason: choice(null, null, 2, 3),
  samplingRate: choice(null, 1, 100),
  connectionId: choice(null, null, '7', '8'),
  firewallEvent: choice(null, null, 1, 2, 3, 5),
  replyBytes: choice(null, null, 9),
  application: choice(null, null, 'unknown-tcp', 'ssl', 'web-browsing'),
  payload: choice(null, null, null, 'tls', 'http'),
});

type Drawn = Partial<FlowRow> & { forward: boolean; client: number; start: number; length: number; late: number };

function rowOf({ forward, client, start, length, late, ...values }: Drawn, index: number): FlowRow {
  const port = 50_000 + client;
  const [from, to] = [T0 + start * 1000, T0 + (start + length) * 1000];
  const all = { ...values, id: index + 1, start: from, end: to, receivedAt: to + late * 1000 };
  return forward ? flowRow({ ...all, srcPort: port }) : replyRow({ ...all, dstPort: port });
}

describe('sessions are a function of the rows in their order', () => {
  test('whatever the batches, however often it restarts', () => {
    const steps = fc.array(choice('go on', 'go on', 'take', 'restart'), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 60 }), steps, (drawn, plan) => {
        const rows = drawn.map((values, i) => rowOf(values, i));
        const [whole, split] = [new Shelf(), new Shelf()];
        const straight = new SessionAssembler(RULES);
        let interrupted = new SessionAssembler(RULES);
        rows.forEach((row, i) => {
          straight.add(row, 's');
          interrupted.add(row, 's');
          if (plan[i] !== 'go on') split.put(interrupted.take());
          if (plan[i] === 'restart') interrupted = split.restarted();
        });
        whole.put(straight.take());
        split.put(interrupted.take());
        expect(split.content()).toEqual(whole.content());
      }),
      { numRuns: 300 },
    );
  });

  test('every row is in exactly one session, and each session holds as many slices as it says', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 60 }), (drawn) => {
        const shelf = new Shelf();
        const assembler = new SessionAssembler(RULES);
        drawn.forEach((values, i) => assembler.add(rowOf(values, i), 's'));
        shelf.put(assembler.take());
        expect(shelf.slices.map(({ flow }) => flow)).toEqual(drawn.map((_, i) => i + 1));
        for (const { num, slices, start, end } of shelf.sessions.values()) {
          const own = shelf.slices.filter(({ session }) => session === num);
          expect(own).toHaveLength(slices);
          expect([start, end]).toEqual([Math.min(...own.map((s) => s.start)), Math.max(...own.map((s) => s.end))]);
        }
      }),
      { numRuns: 100 },
    );
  });
});
