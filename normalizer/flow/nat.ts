import type { FlowRun } from '../model/flow-batch';
import type { ColumnPlan } from './column-plan';
import type { Slot } from './field-readers';
import type { Slots } from './slots';

/**
 * "No translation" is said with 0.0.0.0 (FortiGate), or by repeating the original endpoint (ASA): neither is a NAT. What
 * is left after this is one: a translated address, or the same address with another port.
 */
export function clearUntranslated(slots: Slots, plan: ColumnPlan, run: FlowRun): void {
  if (plan.targets.has('natSrc')) {
    const ports = plan.targets.has('natSrcPort') ? slots.natSrcPort.u16 : undefined;
    const original = plan.targets.has('src') ? slots.src : undefined;
    clearSide(slots.natSrc, ports, original, plan.targets.has('srcPort') ? slots.srcPort.u16 : undefined, run);
  }
  if (plan.targets.has('natDst')) {
    const ports = plan.targets.has('natDstPort') ? slots.natDstPort.u16 : undefined;
    const original = plan.targets.has('dst') ? slots.dst : undefined;
    clearSide(slots.natDst, ports, original, plan.targets.has('dstPort') ? slots.dstPort.u16 : undefined, run);
  }
}

function clearSide(
  nat: Slot,
  natPorts: Uint16Array | undefined,
  original: Slot | undefined,
  originalPorts: Uint16Array | undefined,
  run: FlowRun,
): void {
  for (let row = run.from; row < run.to; row++) {
    const same = original !== undefined && sameAddress(nat, original, row);
    const natPort = natPorts?.[row] ?? 0;
    const samePort = natPort === 0 || natPort === originalPorts?.[row];
    if (!isZero(nat, row) && !(same && samePort)) continue;
    nat.length[row] = 0;
    if (natPorts !== undefined) natPorts[row] = 0;
  }
}

function isZero({ bytes, length }: Slot, row: number): boolean {
  const end = row * 16 + length[row]!;
  for (let i = row * 16; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}

function sameAddress(a: Slot, b: Slot, row: number): boolean {
  const length = a.length[row]!;
  if (length !== b.length[row]) return false;
  const end = row * 16 + length;
  for (let i = row * 16; i < end; i++) if (a.bytes[i] !== b.bytes[i]) return false;
  return true;
}
