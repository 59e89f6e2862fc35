import type { LegRow, RelayReader } from '../../store/analysis/relay-reader';
import { relayTest, type RelayTest } from './relay-test';

/** A machine that passes on what others send it. */
export interface Relay {
  /** From the first sender over this machine to the destination: 2 and more. */
  readonly hops: number;
  readonly test: RelayTest<LegRow>;
  /** Names of those who began the sessions into it. */
  readonly senders: readonly string[];
  /** Port of the sessions into it; null where several. */
  readonly port: number | null;
}

/** Fewer are no proof. */
const LEAST = 5;
const CHANCE = 1e-6;
/** Beyond both ends of the series, for comparison. */
const AROUND_MS = 3_600_000;
const PROBES = 4;
const PROBE_MS = 5000;
const MOST_HOPS = 4;

/** Whether the sessions of a series pass on what comes into the machine that begins them; undefined when nothing says so. */
export function findRelay(reader: RelayReader, series: number): Relay | undefined {
  const last = reader.out(series, PROBES);
  if (!probes(reader, last)) return undefined;
  return relayOf(reader, reader.out(series), 2);
}

function relayOf(reader: RelayReader, outer: readonly LegRow[], hops: number): Relay | undefined {
  const [first] = outer;
  const last = outer.at(-1);
  if (first === undefined || last === undefined || outer.length < LEAST) return undefined;
  const address = last.src;
  const own = outer.filter(({ src }) => src === address);
  if (own.length < LEAST || !probes(reader, own.slice(-PROBES))) return undefined;
  const inner = reader.into(address, first.start - AROUND_MS, last.start + AROUND_MS);
  const test = relayTest(own, inner);
  if (test.matched < LEAST || 2 * test.matched < test.of) return undefined;
  if (Math.min(test.timeChance, test.sizeChance) > CHANCE) return undefined;
  const before = hops < MOST_HOPS ? relayOf(reader, test.inner, hops + 1) : undefined;
  const ports = new Set(test.inner.map(({ dstPort }) => dstPort));
  const senders = [...new Set(test.inner.map(({ owner }) => owner))].sort();
  return { hops: before?.hops ?? hops, test, senders, port: ports.size === 1 ? ([...ports][0] ?? null) : null };
}

/** Most machines are no relays: a few look-ups say so. */
function probes(reader: RelayReader, last: readonly LegRow[]): boolean {
  const hits = last.filter(({ src, start }) => reader.hasInto(src, start - PROBE_MS, start + PROBE_MS));
  return 2 * hits.length >= last.length;
}
