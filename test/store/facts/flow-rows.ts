import { addressBytes } from '../../../normalizer/model/address';
import type { FlowBatch, FlowExtra, FlowStream } from '../../../normalizer/model/flow-batch';
import { FLOW_COLUMNS, type FlowColumnName } from '../../../normalizer/model/flow-columns.data';

/** One flow as a test writes it: addresses as text, counters as bigint. */
export type FlowValues = { readonly [N in FlowColumnName]?: number | bigint | string } & { readonly extra?: FlowExtra };

export const STREAM: FlowStream = { exporter: '192.0.2.1', port: 2055, domain: 1, version: 9 };

export interface RunHeader {
  readonly rawSeq: number;
  readonly receivedAt: number;
  readonly stream?: FlowStream;
  readonly firstOrdinal?: number;
  readonly templateId?: number;
}

/** Appends one run whose columns are those of the first row. */
export function appendRun(batch: FlowBatch, header: RunHeader, rows: readonly FlowValues[]): void {
  const columns = Object.keys(rows[0] ?? {}).filter((name) => name in FLOW_COLUMNS) as FlowColumnName[];
  const run = batch.openRun(rows.length, header.stream ?? STREAM, columns);
  run.rawSeq = header.rawSeq;
  run.firstOrdinal = header.firstOrdinal ?? 0;
  run.receivedAt = header.receivedAt;
  run.exportedAt = header.receivedAt;
  run.templateId = header.templateId ?? 256;
  rows.forEach((row, i) => {
    for (const column of columns) setCell(batch, column, run.from + i, row[column]);
    if (row.extra !== undefined) batch.extras.set(run.from + i, row.extra);
  });
}

function setCell(
  batch: FlowBatch,
  column: FlowColumnName,
  row: number,
  value: number | bigint | string | undefined,
): void {
  if (FLOW_COLUMNS[column].kind === 'addr') {
    const { bytes, length } = batch.columns[column as 'src'];
    const address = value === undefined ? new Uint8Array(0) : addressBytes(value as string)!;
    bytes.set(address, row * 16);
    length[row] = address.length;
  } else {
    (batch.columns[column] as unknown[])[row] = value;
  }
}
