import type { Subject } from '../../store/analysis/finding-record';
import type { AddressSet } from './contract';

/** What a site says of one of its machines. */
export interface RoleEntry {
  /** Name of a VM, host or device, also with `*` for any run of characters; compared without case. */
  readonly name: string;
  readonly role: string;
  /** Who answers for it; '' where nobody is named. */
  readonly owner: string;
  /** File or section that says so. */
  readonly source: string;
}

/** What machines of a role may do that others may not. */
export interface RoleProfile {
  readonly role: string;
  readonly ports: ReadonlySet<number>;
  readonly destinations: AddressSet;
}

/** Roles by the lower-case name of a machine, as devices tell them. */
export type InventoryRoles = (name: string) => readonly RoleEntry[];

interface Pattern {
  readonly parts: readonly string[];
  readonly entry: RoleEntry;
}

/** Roles of a site's machines, by name, and what goes with them. */
export class RoleBook {
  readonly #entries: readonly RoleEntry[];
  readonly #exact = new Map<string, RoleEntry[]>();
  readonly #patterns: Pattern[] = [];
  readonly #trustsInventory: boolean;
  readonly #told: InventoryRoles;
  readonly #profiles = new Map<string, RoleProfile[]>();

  /** A role may have several profiles, as from the configuration and from what was approved: each of them counts. */
  constructor(
    entries: readonly RoleEntry[],
    profiles: readonly RoleProfile[],
    trustsInventory = false,
    told: InventoryRoles = () => [],
  ) {
    this.#entries = entries;
    this.#trustsInventory = trustsInventory;
    this.#told = told;
    for (const profile of profiles) {
      this.#profiles.set(profile.role, [...(this.#profiles.get(profile.role) ?? []), profile]);
    }
    for (const entry of entries) {
      const name = entry.name.toLowerCase();
      if (name.includes('*')) this.#patterns.push({ parts: name.split('*'), entry });
      else this.#exact.set(name, [...(this.#exact.get(name) ?? []), entry]);
    }
  }

  /** The same with what devices tell of machines besides, where the site trusts those who can edit that. */
  withInventory(told: InventoryRoles): RoleBook {
    if (!this.#trustsInventory) return this;
    return new RoleBook(this.#entries, [...this.#profiles.values()].flat(), true, told);
  }

  /** What is said of a machine by this name, and of the host a service runs on. */
  entriesOf({ name, host }: Pick<Subject, 'name' | 'host'>): RoleEntry[] {
    const names = [...new Set([name, host])].filter((each) => each !== '').map((each) => each.toLowerCase());
    return names.flatMap((each) => [
      ...(this.#exact.get(each) ?? []),
      ...this.#patterns.filter(({ parts }) => fits(each, parts)).map(({ entry }) => entry),
      ...this.#told(each),
    ]);
  }

  rolesOf(subject: Pick<Subject, 'name' | 'host'>): ReadonlySet<string> {
    return new Set(this.entriesOf(subject).map(({ role }) => role));
  }

  /** Encrypted or private protocols are expected from it on this port. */
  allowsPort(subject: Pick<Subject, 'name' | 'host'>, port: number): boolean {
    return this.#profilesOf(subject).some(({ ports }) => ports.has(port));
  }

  /** Its rhythm with this destination (upper-case hex) is expected. */
  allowsDestination(subject: Pick<Subject, 'name' | 'host'>, address: string): boolean {
    return this.#profilesOf(subject).some(({ destinations }) => destinations.has(address));
  }

  #profilesOf(subject: Pick<Subject, 'name' | 'host'>): RoleProfile[] {
    if (this.#profiles.size === 0) return [];
    return [...this.rolesOf(subject)].flatMap((role) => this.#profiles.get(role) ?? []);
  }
}

/** Nobody has said anything. */
export const NO_ROLES = new RoleBook([], []);

function fits(name: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0 || found + part.length > name.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
