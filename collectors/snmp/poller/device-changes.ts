import type { SnmpVarbind } from '../snmp-record';
import type { PlannedTable } from './device-plan';
import type { TableName } from './device-plans.data';

const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
const NONE: ReadonlySet<TableName> = new Set<TableName>();
const INTERFACES: ReadonlySet<TableName> = new Set<TableName>(['ifTable', 'ifXTable', 'ifStackTable']);

/**
 * What a device itself says has changed, so that it is read again at once and not when its period is over: the interfaces
 * when ifTableLastChange or ifStackLastChange moves (RFC 2863), everything when sysUpTime falls, as indexes may then mean
 * other things.
 */
export class DeviceChanges {
  #interfaces: string | undefined;
  #upTime: number | undefined;

  /** The tables to read again after this one was read. */
  after(table: PlannedTable, varbinds: readonly SnmpVarbind[], plan: readonly PlannedTable[]): ReadonlySet<TableName> {
    if (table.name === 'system') return this.#system(varbinds, plan);
    return table.name === 'ifChanges' ? this.#ifChanges(varbinds) : NONE;
  }

  #system(varbinds: readonly SnmpVarbind[], plan: readonly PlannedTable[]): ReadonlySet<TableName> {
    const upTime = varbinds.find(([oid]) => oid === SYS_UP_TIME)?.[2];
    if (typeof upTime !== 'number') return NONE;
    const fell = this.#upTime !== undefined && upTime < this.#upTime;
    this.#upTime = upTime;
    if (fell) this.#interfaces = undefined;
    return fell ? new Set(plan.flatMap(({ name }) => (name === 'system' ? [] : name))) : NONE;
  }

  #ifChanges(varbinds: readonly SnmpVarbind[]): ReadonlySet<TableName> {
    const text = varbinds.map(([oid, , value]) => `${oid}=${value}`).join(' ');
    const moved = this.#interfaces !== undefined && text !== this.#interfaces;
    this.#interfaces = text;
    return moved ? INTERFACES : NONE;
  }
}
