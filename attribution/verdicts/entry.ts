import type { Held, Leg } from '../../store/analysis/evidence-record';
import type { Evidence } from './evidence';
import { extraText } from './held-extra';

/** Where a session came in: a device's interface, or a port of a distributed switch. */
export interface Entry {
  readonly device: string;
  readonly inIf: number;
}

/** Where the packets of an address came in, by the exporter that told of the session first. */
export function entryOf(evidence: Evidence, address: string, { src, inIf, exporter }: Leg): Entry | undefined {
  return inIf === null || src !== address ? undefined : { device: evidence.deviceOf(exporter), inIf };
}

/**
 * Of equal addresses in several networks of one device those behind the interface at which the session came in. Nothing is left
 * out where the device holds none behind it: routes need not be symmetric, and not every table names the interface.
 */
export function atEntry(held: readonly Held[], entry: Entry | undefined): readonly Held[] {
  if (entry === undefined || held.length < 2) return held;
  const named = held.map((one) => (one.device === entry.device ? interfaceOf(one) : undefined));
  if (!named.includes(entry.inIf)) return held;
  return held.filter((_, i) => named[i] === undefined || named[i] === entry.inIf);
}

function interfaceOf(held: Held): number | undefined {
  const id = extraText(held, 'observer.ingress.interface.id');
  return id === undefined ? undefined : Number(id);
}
