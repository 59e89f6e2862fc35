import type { RawFormat, StoredRecord } from '../collectors/contract';
import type { FactSink, Normalizer } from './contract';
import type { FactBase, Gap } from './model/facts';

/** Longest record of this kind; they are our own. */
const MAX_BYTES = 1024;

const NO_BYTES = new Uint8Array(0);

/**
 * What our own receivers lost (`collectors/udp/loss-report`), as gaps of the listener: `kernel_drop` and `queue_drop`. Whose
 * datagrams they were nobody knows: they count against every source of that kind. The parser is `receiver_flow` or `receiver_syslog`.
 */
export class LossNormalizer implements Normalizer {
  readonly formats: readonly RawFormat[] = ['loss'];

  normalize(record: StoredRecord, sink: FactSink): void {
    const { seq, receivedAt, origin } = record;
    const own = { rawSeq: seq, observedAt: receivedAt, timeQuality: 'from_receipt', device: origin.source } as const;
    const read = readLoss(record.bytes);
    if (read === undefined) {
      sink.fact({ ...own, parser: 'receiver', fact: 'rejected', reason: 'loss_unreadable' });
      return;
    }
    const base: FactBase = { ...own, parser: `receiver_${read.format}` };
    for (const [kind, missing] of [
      ['kernel_drop', read.kernel],
      ['queue_drop', read.queue],
    ] as const) {
      if (missing > 0) sink.fact(gapOf(base, kind, missing, Math.min(read.since, receivedAt)));
    }
  }

  takeReplays(): readonly number[] {
    return [];
  }

  replay(): void {
    // Nothing waits for later records: `takeReplays` names none.
  }

  snapshot(): Uint8Array {
    return NO_BYTES;
  }

  restore(): void {
    // Nothing is remembered.
  }
}

function gapOf(base: FactBase, kind: 'kernel_drop' | 'queue_drop', missing: number, since: number): Gap {
  return { ...base, fact: 'gap', kind, missing: BigInt(missing), unit: 'packets', since };
}

interface Loss {
  readonly format: 'flow' | 'syslog' | 'snmp';
  readonly kernel: number;
  readonly queue: number;
  readonly since: number;
}

function readLoss(bytes: Uint8Array): Loss | undefined {
  if (bytes.length > MAX_BYTES) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, format, kernel, queue, since } = value as Readonly<Record<string, unknown>>;
  if (v !== 1 || (format !== 'flow' && format !== 'syslog' && format !== 'snmp')) return undefined;
  if (!isCount(kernel) || !isCount(queue) || !isCount(since)) return undefined;
  return { format, kernel, queue, since };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
