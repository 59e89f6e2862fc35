import type { FlowRun } from '../model/flow-batch';
import type { ColumnPlan } from './column-plan';
import type { Slot } from './field-readers';
import type { Slots } from './slots';

/** A translated endpoint, and the original one where records tell it. */
export interface NatSide {
  readonly nat: Slot;
  readonly natPorts: Uint16Array | undefined;
  readonly original: Slot | undefined;
  readonly originalPorts: Uint16Array | undefined;
}

/** The translated endpoints that records of a template tell. */
export function natSides(slots: Slots, { targets }: ColumnPlan): NatSide[] {
  const ports = (name: 'srcPort' | 'dstPort' | 'natSrcPort' | 'natDstPort'): Uint16Array | undefined =>
    targets.has(name) ? slots[name].u16 : undefined;
  const sides: NatSide[] = [];
  if (targets.has('natSrc')) {
    const original = targets.has('src') ? slots.src : undefined;
    sides.push({ nat: slots.natSrc, natPorts: ports('natSrcPort'), original, originalPorts: ports('srcPort') });
  }
  if (targets.has('natDst')) {
    const original = targets.has('dst') ? slots.dst : undefined;
    sides.push({ nat: slots.natDst, natPorts: ports('natDstPort'), original, originalPorts: ports('dstPort') });
  }
  return sides;
}

/**
 * "No translation" is said with 0.0.0.0 (FortiGate), or by repeating the original endpoint (ASA): neither is a NAT. What
 * is left after this is one: a translated address, or the same address with another port.
 */
export function clearUntranslated(side: NatSide, { from, to }: FlowRun): void {
  const { nat, original } = side;
  if (original === undefined) {
    for (let row = from; row < to; row++) clearRow(side, row);
    return;
  }
  const translated = nat.u32;
  const lengths = nat.length;
  const words = original.u32;
  for (let row = from; row < to; row++) {
    const first = translated[row * 4]!;
    // Most that are there are translated, which their first word tells.
    if (first !== words[row * 4] && first !== 0 && lengths[row] !== 0) continue;
    clearRow(side, row);
  }
}

function clearRow({ nat, natPorts, original, originalPorts }: NatSide, row: number): void {
  const natPort = natPorts === undefined ? 0 : natPorts[row]!;
  const samePort = natPort === 0 || (originalPorts !== undefined && natPort === originalPorts[row]);
  if (!isZero(nat, row) && !(samePort && original !== undefined && sameAddress(nat, original, row))) return;
  nat.length[row] = 0;
  if (natPorts !== undefined) natPorts[row] = 0;
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
