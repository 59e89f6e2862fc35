import { SeededRandom } from './random';
import type { Emission } from './telemetry/emission';
import type { Evidence } from './truth';

/** Which emissions a fault is about; what is left out matches all. */
export interface Aim {
  readonly device?: string;
  /** Begins the name of the stream: `syslog`, `netflow`, `snmp ipNet`. */
  readonly stream?: string;
  readonly from?: number;
  readonly to?: number;
}

/** What goes wrong between the devices and the collector. */
export interface Faults {
  /** Share of the records that never arrive. */
  readonly loss?: readonly (Aim & { readonly share: number })[];
  /** Arrive so much later, ms. */
  readonly late?: readonly (Aim & { readonly by: number })[];
  /** Arrive twice. */
  readonly duplicated?: readonly (Aim & { readonly share: number })[];
  /** Arrive up to so much out of order, ms. */
  readonly reordered?: readonly (Aim & { readonly by: number })[];
}

/** An emission that arrives. */
export interface Arrival {
  /** Site time. */
  readonly at: number;
  readonly emission: Emission;
}

/** What arrives, in the order of arrival. */
export function arrivals(seed: number, emissions: readonly Emission[], faults: Faults): Arrival[] {
  const random = new SeededRandom(seed * 101 + 7);
  const out: Arrival[] = [];
  for (const emission of emissions) {
    const share = sumOver(faults.loss, emission, ({ share }) => share);
    if (share > 0 && random.next() < share) continue;
    const late = sumOver(faults.late, emission, ({ by }) => by);
    const spread = sumOver(faults.reordered, emission, ({ by }) => by);
    const at = emission.at + 2 + random.int(0, 8) + late + Math.round(random.next() * spread);
    out.push({ at, emission });
    const twice = sumOver(faults.duplicated, emission, ({ share }) => share);
    if (twice > 0 && random.next() < twice) out.push({ at: at + random.int(1, 40), emission });
  }
  return out.sort((a, b) => a.at - b.at || a.emission.at - b.emission.at);
}

function sumOver<T extends Aim>(
  faults: readonly T[] | undefined,
  emission: Emission,
  value: (fault: T) => number,
): number {
  return (faults ?? []).filter((aim) => hits(aim, emission)).reduce((sum, fault) => sum + value(fault), 0);
}

function hits({ device, stream, from, to }: Aim, emission: Emission): boolean {
  if (device !== undefined && device !== emission.device) return false;
  if (stream !== undefined && !emission.stream.startsWith(stream)) return false;
  return (from === undefined || from <= emission.at) && (to === undefined || emission.at < to);
}

/** What of each session's evidence arrived. */
export function evidenceOf(arrived: readonly Arrival[]): ReadonlyMap<number, ReadonlySet<Evidence>> {
  const out = new Map<number, Set<Evidence>>();
  for (const { emission } of arrived) {
    for (const { session, what } of emission.tells) {
      const known = out.get(session);
      if (known === undefined) out.set(session, new Set([what]));
      else known.add(what);
    }
  }
  return out;
}
