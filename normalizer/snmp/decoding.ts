import type { Binding, Event, Fact, FactBase, Inventory } from '../model/facts';
import type { DeviceSettings } from '../settings';
import type { TableName } from './built-in.data';
import type { DeviceState, Need } from './device-state';
import type { TableRead } from './record';
import type { TableRows } from './table-rows';

/** Small values beside a fact; undefined ones are left out. */
export type Extra = Readonly<Record<string, string | number | undefined>>;

/** Why rows were not read: reasons of `Rejected`, one fact per reason and record with the number of rows. */
export type RowRefusal =
  | 'snmp_bad_index'
  | 'snmp_bad_value'
  | 'snmp_bridge_port_unknown'
  | 'snmp_local_port_unknown'
  | 'snmp_vm_unknown'
  | 'snmp_state_full';

/** One table read while facts are made of it. */
export class Decoding {
  readonly refused = new Map<RowRefusal, { count: number; first: string }>();
  #facts = 0;

  constructor(
    readonly read: TableRead,
    readonly rows: TableRows,
    readonly device: DeviceState,
    readonly base: FactBase,
    readonly settings: DeviceSettings,
    readonly receivedAt: number,
    readonly waitFor: (need: Need, table: TableName) => boolean,
    readonly satisfied: (need: Need) => void,
    readonly sink: (fact: Fact) => void,
    /** Only this table is read: the others were, when the record came. */
    readonly only?: TableName,
  ) {}

  /** Whether there are rows of this table to be read now. */
  reads(table: TableName): boolean {
    return this.rows.has(table) && (this.only === undefined || this.only === table);
  }

  /** Facts made so far. */
  get facts(): number {
    return this.#facts;
  }

  emit(fact: Fact): void {
    this.#facts++;
    this.sink(fact);
  }

  /** `seen`: the table says that it holds now. */
  binding(
    relation: Binding['relation'],
    key: string,
    value: string,
    extra: Extra,
    state: Binding['state'] = 'seen',
  ): void {
    this.emit({ ...this.base, fact: 'binding', relation, key, value, state, ...withExtra(extra) });
  }

  inventory(kind: Inventory['kind'], id: string, name: string | undefined, extra: Extra): void {
    const named = name === undefined ? undefined : { name };
    this.emit({ ...this.base, fact: 'inventory', kind, id, ...named, ...withExtra(extra) });
  }

  event(event: Pick<Event, 'category' | 'action'> & Partial<Event>, extra: Extra): void {
    this.emit({ ...this.base, fact: 'event', ...event, ...withExtra(extra) });
  }

  refuse(reason: RowRefusal, row: string): void {
    const known = this.refused.get(reason);
    if (known === undefined) this.refused.set(reason, { count: 1, first: row });
    else known.count++;
  }

  /** `sw1:Gi1/0/1`: a port of this device in bindings. */
  port(ifIndex: number): string {
    return `${this.base.device}:${this.device.portName(ifIndex)}`;
  }
}

/** `extra` without its undefined values; nothing when none is left. */
export function withExtra(extra: Extra): { readonly extra?: Readonly<Record<string, string | number>> } {
  const kept: Record<string, string | number> = {};
  let any = false;
  for (const key in extra) {
    const value = extra[key];
    if (value === undefined) continue;
    kept[key] = value;
    any = true;
  }
  return any ? { extra: kept } : {};
}

/** `192.0.2.1:22`, `[2001:db8::1]:22`, `*:22` for any address. */
export function endpointText(ip: string | undefined, port: number): string {
  if (ip === undefined) return `*:${port}`;
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}
