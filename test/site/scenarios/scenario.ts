import type { Faults } from '../faults';
import type { Inventory } from '../inventory';
import type { SiteRun } from '../run';
import type { Site, SiteOptions } from '../site';
import type { TelemetryOptions } from '../telemetry/options';

/** Share of sessions, 0 to 1. */
type Share = number;

/** What must come out of a scenario. */
export interface Expectation {
  /** At most this share of the sessions is ascribed to somebody else. */
  readonly wrongAtMost: Share;
  /** At least this share of the sessions whose evidence arrived is ascribed rightly. */
  readonly rightAtLeast: Share;
  /** A statement about the run beyond the shares: what is the matter, or nothing. */
  readonly also?: (run: SiteRun) => string | undefined;
}

/** One situation that ascribe must cope with: what it changes of the site, and what must come of it. */
export interface Scenario {
  /** As in the list of 32; a letter tells variants apart. */
  readonly id: string;
  readonly about: string;
  readonly site?: SiteOptions;
  readonly telemetry?: TelemetryOptions | ((site: Site) => TelemetryOptions);
  readonly faults?: Faults;
  /** Whether ARP and adapters are known at all, so that owners inside can be named. */
  readonly addressesKnown?: boolean;
  readonly expect: Expectation;
  /** Names of the implants whose sessions a detector should find; none: it should find nothing of weight. */
  readonly implants?: readonly string[];
}

/** Implants and what is benign, for judging detections. */
export interface Labels {
  /** Ids of the true sessions of each implant. */
  readonly implants: ReadonlyMap<string, readonly number[]>;
  /** Habit by id of the true session, for all others. */
  readonly benign: ReadonlyMap<number, string>;
  /** Owners that an alert may name wrongly, for rates by entity and day. */
  readonly entities: number;
  readonly days: number;
}

export function labelsOf({ sessions, inventory, duration }: Site): Labels {
  const implants = new Map<string, number[]>();
  const benign = new Map<number, string>();
  for (const { id, implant, label } of sessions) {
    if (implant === undefined) benign.set(id, label);
    else implants.set(implant, [...(implants.get(implant) ?? []), id]);
  }
  return { implants, benign, entities: entitiesOf(inventory), days: duration / 86_400_000 };
}

function entitiesOf({ vms, hosts, devices }: Inventory): number {
  return vms.length + hosts.length + devices.length;
}
