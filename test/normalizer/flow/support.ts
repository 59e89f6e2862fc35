import type { StoredRecord } from '../../../collectors/contract';
import type { FactSink, Normalizer } from '../../../normalizer/contract';
import { addressText } from '../../../normalizer/model/address';
import type { Fact } from '../../../normalizer/model/facts';
import { FlowBatch } from '../../../normalizer/model/flow-batch';
import { FLOW_COLUMNS, type FlowColumnName } from '../../../normalizer/model/flow-columns.data';

/** A flow as an object, for comparing. */
export interface Row {
  readonly rawSeq: number;
  readonly ordinal: number;
  readonly templateId: number;
  readonly fallback: boolean;
  readonly exportedAt: number;
  readonly [column: string]: unknown;
}

export class Collected implements FactSink {
  readonly flows: FlowBatch;
  readonly facts: Fact[] = [];
  constructor(capacity = 1000) {
    this.flows = new FlowBatch(capacity);
  }

  fact(fact: Fact): void {
    this.facts.push(fact);
  }

  /** Rows so far; the batch is emptied. */
  rows(): Row[] {
    const rows = this.flows.runs.flatMap((run) => {
      const out: Row[] = [];
      for (let row = run.from; row < run.to; row++) {
        const values: Record<string, unknown> = {};
        for (const column of run.columns) {
          const value = cell(this.flows, column, row);
          if (value !== undefined) values[column] = value;
        }
        const extra = this.flows.extras.get(row);
        out.push({
          rawSeq: run.rawSeq,
          ordinal: run.firstOrdinal + row - run.from,
          templateId: run.templateId,
          fallback: run.fallbackTemplate,
          exportedAt: run.exportedAt,
          ...values,
          ...(extra !== undefined && { extra }),
        });
      }
      return out;
    });
    this.flows.clear();
    return rows;
  }

  get reasons(): string[] {
    return this.facts.flatMap((fact) => (fact.fact === 'rejected' ? [fact.reason] : []));
  }

  of<K extends Fact['fact']>(kind: K): Extract<Fact, { fact: K }>[] {
    return this.facts.filter((fact): fact is Extract<Fact, { fact: K }> => fact.fact === kind);
  }
}

function cell(batch: FlowBatch, name: FlowColumnName, row: number): unknown {
  const { kind } = FLOW_COLUMNS[name];
  if (kind === 'addr') {
    const { bytes, length } = batch.columns[name as 'src'];
    return length[row] === 0 ? undefined : addressText(bytes.slice(row * 16, row * 16 + length[row]!));
  }
  return (batch.columns[name] as ArrayLike<unknown>)[row];
}

let nextSeq = 1;

/** A datagram from `peer`, at the next place of the journal. */
export function datagram(
  bytes: Uint8Array | string,
  peer = '192.0.2.1:2055',
  receivedAt = 1_700_000_000_000,
): StoredRecord {
  return {
    seq: nextSeq++,
    receivedAt,
    origin: { collector: 'netflow', source: 'udp://0.0.0.0:2055', peer, format: 'flow' },
    bytes: typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(/\s|#.*$/gm, ''), 'hex') : bytes,
  };
}

/** Normalizes records, reading again what becomes readable, as the pipeline does. */
export function feed(normalizer: Normalizer, records: readonly StoredRecord[], sink = new Collected()): Collected {
  const journal = new Map(records.map((record) => [record.seq, record]));
  for (const record of records) {
    normalizer.normalize(record, sink);
    for (const seq of normalizer.takeReplays()) {
      const again = journal.get(seq);
      if (again !== undefined) normalizer.replay(again, sink);
    }
  }
  return sink;
}
