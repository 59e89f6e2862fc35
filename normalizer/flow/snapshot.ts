import { NormalizerStateError } from '../contract';
import type { FlowStream } from '../model/flow-batch';
import type { ConnectionCounter } from './nsel';
import type { PendingRecord, PendingSets } from './pending-sets';
import type { Stream, StreamTable } from './streams';
import type { Template } from './template';

/** Rises with every change of what a snapshot holds. */
const FORMAT = 4;

export interface SnapshotParts {
  readonly streams: StreamTable;
  readonly pending: PendingSets;
  readonly connections: ConnectionCounter;
  readonly unstated: readonly Stream[];
  readonly unstatedSince: number;
  readonly expiredAt: number;
}

interface StoredStream {
  readonly id: FlowStream;
  readonly touched: boolean;
  /** null: not told. */
  readonly lastUptime: number | null;
  readonly restartedAt: number;
  readonly lastSeq: number;
  readonly givenUp: number;
  readonly givenUpSince: number;
  readonly sequence: unknown;
  readonly templates: readonly StoredTemplate[];
  readonly options: unknown;
}

type StoredTemplate = Omit<Template, 'definition' | 'reader' | 'refused' | 'version'> & {
  readonly definition: string;
  readonly refused: string | null;
};

interface Stored {
  readonly format: number;
  readonly streams: readonly StoredStream[];
  readonly pending: { records: PendingRecord[]; ready: number[] };
  readonly connections: unknown;
  /** The number the next exporter gets. */
  readonly numbers: number;
  readonly unstated: readonly string[];
  readonly unstatedSince: number;
  readonly expiredAt: number;
}

/** The whole state as JSON, in an order that follows from the state alone. */
export function takeState(parts: SnapshotParts): Uint8Array {
  const { streams, pending, connections, unstated, unstatedSince, expiredAt } = parts;
  const state = {
    format: FORMAT,
    streams: [...streams.values()].map(storedStream),
    pending,
    connections,
    numbers: streams.numbers,
    unstated: unstated.map(({ key }) => key),
    unstatedSince,
    expiredAt,
  };
  return Buffer.from(JSON.stringify(state));
}

/** Puts a snapshot back; throws `NormalizerStateError` when it is not one of this format. */
export function restoreState(
  snapshot: Uint8Array,
  { streams, pending, connections }: SnapshotParts,
): { unstated: Stream[]; unstatedSince: number; expiredAt: number } {
  const state = parse(snapshot);
  for (const stored of state.streams) restoreStream(streams, stored);
  streams.numbers = state.numbers;
  pending.restore(state.pending);
  connections.restore(state.connections);
  return {
    unstated: state.unstated.flatMap((key) => streams.byKey(key) ?? []),
    unstatedSince: state.unstatedSince,
    expiredAt: state.expiredAt,
  };
}

function parse(snapshot: Uint8Array): Stored {
  let state: Stored;
  try {
    state = JSON.parse(Buffer.from(snapshot).toString('utf8')) as Stored;
  } catch (cause) {
    throw new NormalizerStateError('the flow snapshot is not readable', { cause });
  }
  if (state?.format !== FORMAT)
    throw new NormalizerStateError(`flow snapshot of format ${String(state?.format)}, not ${FORMAT}`);
  return state;
}

function storedStream(stream: Stream): StoredStream {
  return {
    id: stream.id,
    touched: stream.touched,
    lastUptime: Number.isNaN(stream.lastUptime) ? null : stream.lastUptime,
    restartedAt: stream.restartedAt,
    lastSeq: stream.lastSeq,
    givenUp: stream.givenUp,
    givenUpSince: stream.givenUpSince,
    sequence: stream.sequence,
    templates: [...stream.templates.values()].map(storedTemplate),
    options: stream.options,
  };
}

function storedTemplate({ definition, refused, ...template }: Template): StoredTemplate {
  const { id, scopeCount, options, fieldCount, recordLength, variable, lastSeen } = template;
  return {
    id,
    scopeCount,
    options,
    fieldCount,
    recordLength,
    variable,
    lastSeen,
    refused: refused ?? null,
    definition: Buffer.from(definition).toString('hex'),
  };
}

function restoreStream(streams: StreamTable, stored: StoredStream): void {
  const stream = streams.restore(stored.id);
  stream.touched = stored.touched;
  stream.lastUptime = stored.lastUptime ?? Number.NaN;
  stream.restartedAt = stored.restartedAt;
  stream.lastSeq = stored.lastSeq;
  stream.givenUp = stored.givenUp;
  stream.givenUpSince = stored.givenUpSince;
  stream.sequence.restore(stored.sequence);
  stream.options.restore(stored.options);
  for (const { definition, refused, ...template } of stored.templates) {
    stream.templates.restore({
      ...template,
      version: stored.id.version,
      definition: new Uint8Array(Buffer.from(definition, 'hex')),
      refused: refused ?? undefined,
      reader: undefined,
    });
  }
}
