import { makeInventory, HOME_NETWORKS, type Inventory, type InventoryOptions } from './inventory';
import { PortTranslation, type PortChoice } from './port-translation';
import { SeededRandom } from './random';
import { ruleFor } from './firewall-rules';
import { makePlans, type Plan } from './traffic';
import type { TrueSession, TrueVm } from './truth';

/** What a scenario may change before the site's day is played. */
export interface SiteOptions extends InventoryOptions {
  /** Milliseconds of site time. */
  readonly duration?: number;
  /** UTC time of site time 0. */
  readonly epoch?: number;
  /** Factor on the pauses between sessions: 0.5 is twice the traffic. */
  readonly pace?: number;
  readonly portChoice?: PortChoice;
  /** Translated ports, first and last. */
  readonly ports?: readonly [first: number, last: number];
  /** Changes the inventory: leases, moves, renames. */
  readonly change?: (
    inventory: Inventory,
    site: { readonly duration: number; readonly random: SeededRandom },
  ) => Inventory;
  /** Sessions beside the ordinary ones. */
  readonly more?: (
    inventory: Inventory,
    site: { readonly duration: number; readonly random: SeededRandom },
  ) => readonly Plan[];
  /** Without these habits. */
  readonly without?: readonly string[];
}

export interface Site {
  readonly seed: number;
  readonly duration: number;
  readonly epoch: number;
  readonly homeNetworks: readonly string[];
  readonly inventory: Inventory;
  /** By start. */
  readonly sessions: readonly TrueSession[];
}

/** A Tuesday morning. */
export const EPOCH = Date.UTC(2026, 2, 10, 8, 0, 0);
const DURATION = 30 * 60_000;

/** The whole truth of one site: the same seed and options give the same. */
export function makeSite(seed: number, options: SiteOptions = {}): Site {
  const random = new SeededRandom(seed * 7919 + 17);
  const duration = options.duration ?? DURATION;
  const about = { duration, random };
  const planned = makeInventory(random, options);
  const inventory = options.change?.(planned, about) ?? planned;
  const plans = [
    ...makePlans(random, inventory, { duration, pace: options.pace ?? 1, without: options.without ?? [] }),
    ...(options.more?.(inventory, about) ?? []),
  ].filter(({ start, length }) => start >= 0 && start + length < duration);
  plans.sort((a, b) => a.start - b.start);
  return {
    seed,
    duration,
    epoch: options.epoch ?? EPOCH,
    homeNetworks: HOME_NETWORKS,
    inventory,
    sessions: sessionsOf(random, inventory, plans, options),
  };
}

/** Gives every planned session its ports, its translation and its rule. */
function sessionsOf(
  random: SeededRandom,
  inventory: Inventory,
  plans: readonly Plan[],
  { portChoice, ports }: SiteOptions,
): TrueSession[] {
  const choice = portChoice ?? (inventory.firewall === 'asa' ? 'preserve' : 'random');
  const translation = new PortTranslation(random, inventory.patPool, choice, ports);
  const clientPorts = new ClientPorts(random);
  const sessions: TrueSession[] = [];
  const ids = new Map<Plan, number>();
  for (const plan of plans) {
    const id = sessions.length;
    ids.set(plan, id);
    const clientPort = plan.clientPort ?? clientPorts.take(`${plan.vrf} ${plan.client}`);
    const end = plan.start + plan.length;
    const { relayOf, length: _length, clientPort: _port, translated, ...rest } = plan;
    const rule = plan.outbound && translated ? ruleFor(inventory.firewall, plan) : undefined;
    const relayed = relayOf === undefined ? undefined : ids.get(relayOf);
    sessions.push({
      ...rest,
      id,
      clientPort,
      end,
      ...(translated && { nat: translation.translate(plan.protocol, clientPort, plan.start, end) }),
      ...(rule !== undefined && { rule }),
      ...(relayed !== undefined && { relayOf: relayed }),
    });
  }
  return sessions;
}

/** Every client takes its ports one after another, as most systems do. */
class ClientPorts {
  readonly #next = new Map<string, number>();

  constructor(readonly random: SeededRandom) {}

  take(client: string): number {
    const port = this.#next.get(client) ?? this.random.int(49_152, 60_000);
    this.#next.set(client, port >= 65_535 ? 49_152 : port + 1);
    return port;
  }
}

/** The VM that had this address in this VRF then. */
export function vmAt(inventory: Inventory, ip: string, vrf: string, time: number): TrueVm | undefined {
  return inventory.vms.find(
    (vm) =>
      vm.vrf === vrf && vm.adapter.addresses.some((span) => span.ip === ip && span.from <= time && time < span.to),
  );
}
