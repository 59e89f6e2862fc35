import type { FlowBatch, FlowRun } from '../model/flow-batch';
import type { ColumnPlan } from './column-plan';
import type { ExporterOptions } from './exporter-options';
import { INITIAL_DATA } from './field-columns.data';
import { payloadProtocol } from './payload-protocol';
import type { Slots } from './slots';

/**
 * Names the applications of a run by the table that the exporter sent as options (RFC 6759), as it stands now; a name in the
 * record itself stays. Returns whether the column is filled: ids whose table has not come stay numbers.
 */
export function nameApplications(
  slots: Slots,
  plan: ColumnPlan,
  run: FlowRun,
  options: ExporterOptions,
  whole: ExporterOptions | undefined,
): boolean {
  if (!options.namesApplications && whole?.namesApplications !== true) return false;
  const ids = slots.application.u32;
  const names = slots.applicationName.text;
  const told = plan.targets.has('applicationName');
  for (let row = run.from; row < run.to; row++) {
    if (told && names[row] !== undefined) continue;
    const id = ids[row]!;
    names[row] = options.applicationName(id) ?? whole?.applicationName(id);
  }
  return true;
}

/** Says what the first bytes of each flow are. The bytes themselves stay in the extras. */
export function namePayloads({ columns, extras }: FlowBatch, run: FlowRun): void {
  for (let row = run.from; row < run.to; row++) {
    const hex = extras.get(row)?.[INITIAL_DATA];
    columns.payloadProtocol[row] = typeof hex === 'string' ? payloadProtocol(Buffer.from(hex, 'hex')) : undefined;
  }
}
