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
    const first = nat.u32[row * 4]!;
    // Most that are there are translated, which their first word tells.
    const differs = original !== undefined && first !== original.u32[row * 4];
    if (differs && first !== 0 && nat.length[row] !== 0) continue;
    const natPort = natPorts === undefined ? 0 : natPorts[row]!;
    const samePort = natPort === 0 || (originalPorts !== undefined && natPort === originalPorts[row]);
    if (!isZero(nat, row) && !(samePort && original !== undefined && sameAddress(nat, original, row))) continue;
    nat.length[row] = 0;
    if (natPorts !== undefined) natPorts[row] = 0;
  }
}

/** Words of the address at `row`: 0, 1 or 4. */
function wordsOf({ length }: Slot, row: number): number {
  return length[row]! >> 2;
}

function isZero(slot: Slot, row: number): boolean {
  const { u32 } = slot;
  const end = row * 4 + wordsOf(slot, row);
  for (let i = row * 4; i < end; i++) if (u32[i] !== 0) return false;
  return true;
}

function sameAddress(a: Slot, b: Slot, row: number): boolean {
  if (a.length[row] !== b.length[row]) return false;
  const end = row * 4 + wordsOf(a, row);
  for (let i = row * 4; i < end; i++) if (a.u32[i] !== b.u32[i]) return false;
  return true;
}
