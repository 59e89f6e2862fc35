import type { StoredRecord } from '../../collectors/contract';
import type { FactBase, Gap, Rejected, TimeQuality } from '../model/facts';

/** What the facts of one datagram have in common. */
export interface FactOrigin {
  readonly record: StoredRecord;
  readonly device: string;
  readonly version: number;
  /** Epoch ms of the header; NaN when there is none to trust. */
  readonly exportedAt: number;
}

const PARSERS: Readonly<Record<number, string>> = {
  1: 'netflow_v1',
  5: 'netflow_v5',
  7: 'netflow_v7',
  8: 'netflow_v8',
  9: 'netflow_v9',
  10: 'ipfix',
  105: 'sflow_v5',
};
const SKEW_MS = 86_400_000;

/** Name of the parser of a version; `flow` when the version could not be told. */
export function parserName(version: number): string {
  return PARSERS[version] ?? 'flow';
}

export function factBase({ record, device, version, exportedAt }: FactOrigin): FactBase {
  const known = !Number.isNaN(exportedAt);
  return {
    rawSeq: record.seq,
    observedAt: known ? exportedAt : record.receivedAt,
    timeQuality: known ? quality(exportedAt, record.receivedAt) : 'from_receipt',
    device,
    parser: parserName(version),
  };
}

function quality(exportedAt: number, receivedAt: number): TimeQuality {
  return Math.abs(exportedAt - receivedAt) > SKEW_MS ? 'skewed' : 'ok';
}

export function rejected(origin: FactOrigin, reason: string, offset: number): Rejected {
  return { ...factBase(origin), fact: 'rejected', reason, offset };
}

export function gap(origin: FactOrigin, rest: Omit<Gap, keyof FactBase | 'fact'>): Gap {
  return { ...factBase(origin), fact: 'gap', ...rest };
}
