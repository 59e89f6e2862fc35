import { DEVICE_CLASSES, TABLE_PLANS, type DeviceClass, type TableName, type TablePlan } from './device-plans.data';

/** A table in the plan of one device. */
export interface PlannedTable extends TablePlan {
  readonly name: TableName;
}

/**
 * The tables of a class, with the periods a device overrides: another number of seconds, 0 to leave a table out, and a
 * table that the class does not read to add it. `system` stays first, because the restart of a device changes what the
 * rest means.
 */
export function planOf(
  deviceClass: DeviceClass,
  periods: Readonly<Partial<Record<TableName, number>>>,
): readonly PlannedTable[] {
  const names = new Set<TableName>([...DEVICE_CLASSES[deviceClass], ...(Object.keys(periods) as TableName[])]);
  const tables: PlannedTable[] = [];
  for (const name of names) {
    const plan: TablePlan = TABLE_PLANS[name];
    const everySeconds = periods[name] ?? plan.everySeconds;
    if (everySeconds > 0) tables.push({ name, ...plan, everySeconds });
  }
  return tables;
}
