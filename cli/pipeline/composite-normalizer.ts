import type { RawFormat, StoredRecord } from '../../collectors/contract';
import { NormalizerStateError, type FactSink, type Normalizer } from '../../normalizer/contract';
import type { Rejected } from '../../normalizer/model/facts';

const SNAPSHOT_VERSION = 1;

interface CompositeSnapshot {
  readonly version: number;
  /** Base64 of each part's snapshot, in the order of the parts. */
  readonly parts: readonly string[];
}

/**
 * All normalizers as one: each record goes to the one that reads its format. A record of a format that nobody reads, or
 * on which a parser failed by a fault of its own, becomes a `Rejected` fact; its bytes stay in the journal.
 */
export class CompositeNormalizer implements Normalizer {
  readonly formats: readonly RawFormat[];
  readonly #parts: readonly Normalizer[];
  readonly #byFormat = new Map<RawFormat, Normalizer>();

  constructor(parts: readonly Normalizer[]) {
    this.#parts = parts;
    for (const part of parts) for (const format of part.formats) this.#byFormat.set(format, part);
    this.formats = [...this.#byFormat.keys()];
  }

  normalize(record: StoredRecord, sink: FactSink): void {
    const part = this.#byFormat.get(record.origin.format);
    if (part === undefined) {
      sink.fact(rejected(record, 'no_parser_for_format', record.origin.format));
      return;
    }
    try {
      part.normalize(record, sink);
    } catch (error) {
      sink.fact(rejected(record, 'parser_fault', faultText(error)));
    }
  }

  get waiting(): number {
    return this.#parts.reduce((sum, part) => sum + (part.waiting ?? 0), 0);
  }

  takeReplays(): readonly number[] {
    return this.#parts.flatMap((part) => part.takeReplays());
  }

  replay(record: StoredRecord, sink: FactSink): void {
    try {
      this.#byFormat.get(record.origin.format)?.replay(record, sink);
    } catch (error) {
      sink.fact(rejected(record, 'parser_fault', faultText(error)));
    }
  }

  finish(sink: FactSink): void {
    for (const part of this.#parts) part.finish?.(sink);
  }

  snapshot(): Uint8Array {
    const parts = this.#parts.map((part) => Buffer.from(part.snapshot()).toString('base64'));
    return Buffer.from(JSON.stringify({ version: SNAPSHOT_VERSION, parts } satisfies CompositeSnapshot));
  }

  restore(snapshot: Uint8Array): void {
    const { version, parts } = JSON.parse(Buffer.from(snapshot).toString('utf8')) as CompositeSnapshot;
    if (version !== SNAPSHOT_VERSION || parts.length > this.#parts.length) {
      throw new NormalizerStateError('the stored parser state is of another version of ascribe: run `ascribe rebuild`');
    }
    // Parts that were added since begin in their first state.
    parts.forEach((part, i) => this.#parts[i]?.restore(Buffer.from(part, 'base64')));
  }
}

function rejected(record: StoredRecord, reason: string, detail: string): Rejected {
  return {
    fact: 'rejected',
    rawSeq: record.seq,
    observedAt: record.receivedAt,
    timeQuality: 'from_receipt',
    device: record.origin.peer,
    parser: 'none',
    reason,
    detail,
  };
}

/** Name and message only: a stack would differ between builds and make equal facts unequal. */
function faultText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 200) : 'unknown';
}
