import type { AddressColumn, FlowBatch } from '../model/flow-batch';
import { FLOW_COLUMNS, type FlowColumnKind, type FlowColumnName } from '../model/flow-columns.data';
import type { ScratchName, TargetName } from './field-columns.data';
import type { Slot } from './field-readers';
import { TextMemo } from './text-memo';

const NONE: Slot = {
  u8: new Uint8Array(0),
  u16: new Uint16Array(0),
  u32: new Uint32Array(0),
  f64: new Float64Array(0),
  bytes: new Uint8Array(0),
  length: new Uint8Array(0),
  text: [],
  memo: undefined,
};

const SCRATCH: Readonly<Record<ScratchName, 'u32' | 'ms'>> = {
  duration: 'ms',
  samplingSpace: 'u32',
  samplingSize: 'u32',
  samplingPopulation: 'u32',
};

export type Slots = Readonly<Record<TargetName, Slot>>;

const SLOTS = new WeakMap<FlowBatch, Slots>();

/** The columns of `batch`, and the scratch columns, as the readers want them. Made once per batch. */
export function sharedSlots(batch: FlowBatch): Slots {
  let slots = SLOTS.get(batch);
  if (slots === undefined) SLOTS.set(batch, (slots = slotsOf(batch)));
  return slots;
}

function slotsOf(batch: FlowBatch): Slots {
  const entries: [string, Slot][] = [];
  for (const [name, { kind }] of Object.entries(FLOW_COLUMNS)) {
    entries.push([name, batchSlot(batch, name as FlowColumnName, kind)]);
  }
  for (const [name, kind] of Object.entries(SCRATCH)) {
    const slot =
      kind === 'u32'
        ? { ...NONE, u32: new Uint32Array(batch.capacity) }
        : { ...NONE, f64: new Float64Array(batch.capacity) };
    entries.push([name, slot]);
  }
  return Object.fromEntries(entries) as Slots;
}

function batchSlot(batch: FlowBatch, name: FlowColumnName, kind: FlowColumnKind): Slot {
  const column: unknown = batch.columns[name];
  switch (kind) {
    case 'u8':
      return { ...NONE, u8: column as Uint8Array };
    case 'u16':
      return { ...NONE, u16: column as Uint16Array };
    case 'u32':
      return { ...NONE, u32: column as Uint32Array };
    case 'u64': {
      const { buffer, byteOffset, length } = column as BigUint64Array;
      return { ...NONE, u32: new Uint32Array(buffer, byteOffset, length * 2) };
    }
    case 'ms':
    case 'mac':
      return { ...NONE, f64: column as Float64Array };
    case 'addr': {
      const { bytes, words, length } = column as AddressColumn;
      return { ...NONE, bytes, u32: words, length };
    }
    case 'text':
      return { ...NONE, text: column as (string | undefined)[], memo: new TextMemo() };
  }
}
