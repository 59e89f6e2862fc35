import type { BlindKind, BlindSpot } from '../../store/analysis/blind-record';
import type { Account, Around, ClockOffset, Held, Leg } from '../../store/analysis/evidence-record';
import type { Request } from '../../store/analysis/request-record';

/**
 * What a verdict may look at. Everything it depends on comes through here, so that the rules are functions of a session and
 * the evidence: the same rules answer for now, for "as known at", and in tests.
 */
export interface Evidence {
  /** All intervals of a relation with this key. */
  held(relation: string, key: string): readonly Held[];
  /** Those with one of these keys that may have held in a stretch of time: for keys with thousands of them. */
  heldBetween(relation: string, keys: readonly string[], from: number, to: number): readonly Held[];
  /** Those whose keys lie between two texts, and that may have held in a stretch of time. */
  heldInRange(relation: string, after: string, before: string, from: number, to: number): readonly Held[];
  heldBy(relation: string, value: string): readonly Held[];
  /** All intervals of a small relation that a device states. */
  statedBy(relation: string, device: string): readonly Held[];
  /** The observations of a series next to a moment. */
  around(series: number, at: number): Around;
  accountsOutside(address: string, port: number | null, from: number, to: number): readonly Account[];
  accountsInside(address: string, port: number | null, from: number, to: number): readonly Account[];
  accountsBefore(side: 'outside' | 'inside', address: string, port: number | null, before: number): readonly Account[];
  translatedSessions(address: string, port: number | null, from: number, to: number): readonly Leg[];
  sessionsFrom(address: string, port: number | null, from: number, to: number): readonly Leg[];
  sessionsTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[];
  /** Sessions between two addresses away from home. */
  transitTo(dst: string, dstPort: number | null, from: number, to: number): readonly Leg[];
  /** Sessions that an address began with another. */
  sessionsBetween(src: string, dst: string, from: number, to: number): readonly Leg[];
  /** Calls that proxies tell of, of one of these (addresses as text, names), that were over in a stretch of time. */
  requestsTo(called: readonly string[], from: number, to: number): readonly Request[];
  /** Whether any source ever showed this address to be a proxy's. */
  isProxy(address: string): boolean;
  /** The same, or a proxy has told of its calls whose own address is not known. */
  mayBeProxy(address: string): boolean;
  /** Whether any source ever named this address as the outside of a translation. */
  isTranslated(address: string): boolean;
  /** Whether the address belongs to the site. */
  isHome(address: string): boolean;
  /** Name of the configured device behind an exporter's address, or the address. */
  deviceOf(exporter: string): string;
  /** Offset of a source of logs (by device) at a time of its own clock; undefined when it was not measured. */
  logClock(device: string, at: number): ClockOffset | undefined;
  /** The distinct offsets of all sources of logs around a time, 0 among them. */
  logOffsets(at: number): readonly number[];
  /** The same of all exporters of flows. */
  flowOffsets(at: number): readonly number[];
  /** Offset of an exporter of flows; undefined when it was not measured. */
  flowClock(exporter: string, at: number): ClockOffset | undefined;
  /** When a source (by device) told not everything of a kind, of the stretches that overlap a stretch of time. */
  blindSpots(device: string, kind: BlindKind, from: number, to: number): readonly BlindSpot[];
  /** Whether any source of a kind told not everything then. */
  anyBlind(kind: BlindKind, from: number, to: number): boolean;
  /** Devices that ever told in logs whose translations this address stood for. */
  translatorsOf(address: string): readonly string[];
}
