import { type Checkpoint, CheckpointReader } from '../../store/journal/checkpoint-log';
import type { ForwardRecord, RecordKind, RecordSource, SourcePage, StorePlaces } from '../contract';
import { isoTime } from './columns';
import { uidOf } from './uid';

/** Name of the kind: every destination gets it unless it says otherwise, whatever it filters. */
export const CHECKPOINTS = 'checkpoints';

/** What the journal held, signed: a receiver that keeps it is a witness that nothing before was changed. */
export const checkpointKind: RecordKind = {
  name: CHECKPOINTS,
  summary: 'signed checkpoints of the journal, by which a receiver becomes its witness (goes to every destination)',
  settleMs: 1000,
  open: (places) => new CheckpointRecords(places),
};

/** A position is that of the last record that a checkpoint is about. */
class CheckpointRecords implements RecordSource {
  readonly #instance: string;
  readonly #reader: CheckpointReader;
  readonly #known: Checkpoint[] = [];

  constructor({ journal, instance }: StorePlaces) {
    this.#instance = instance;
    this.#reader = new CheckpointReader(journal);
  }

  read(after: string | undefined, limit: number): SourcePage | undefined {
    const page = this.#all()
      .filter(({ statement }) => statement.last_seq > Number(after ?? 0))
      .slice(0, limit);
    const last = page.at(-1);
    if (last === undefined) return undefined;
    const records = page.map((checkpoint) => checkpointRecord(checkpoint, this.#instance));
    return { records, position: String(last.statement.last_seq) };
  }

  get(ref: string): ForwardRecord | undefined {
    const found = this.#all().find(({ hash }) => hash === ref);
    return found && checkpointRecord(found, this.#instance);
  }

  end(): string | undefined {
    const last = this.#all().at(-1)?.statement.last_seq;
    return last === undefined ? undefined : String(last);
  }

  behind(after: string | undefined, most: number): number {
    return Math.min(most, this.#all().filter(({ statement }) => statement.last_seq > Number(after ?? 0)).length);
  }

  isAhead(position: string): boolean {
    const end = this.end();
    return end !== undefined && Number(position) > Number(end);
  }

  close(): void {
    this.#known.length = 0;
  }

  /** Each position once: a restart may have signed the same again. */
  #all(): readonly Checkpoint[] {
    for (const checkpoint of this.#reader.more()) {
      const last = this.#known.at(-1)?.statement.last_seq ?? 0;
      if (checkpoint.statement.last_seq > last) this.#known.push(checkpoint);
    }
    return this.#known;
  }
}

function checkpointRecord({ statement, line, hash }: Checkpoint, instance: string): ForwardRecord {
  const { name, first_seq, last_seq, count, root, previous, at, key } = statement;
  return {
    uid: uidOf(instance, 'checkpoint', hash),
    kind: CHECKPOINTS,
    time: at,
    severity: 'info',
    ref: hash,
    fields: {
      'event.kind': 'state',
      'event.category': ['configuration'],
      'event.type': ['info'],
      'event.action': 'journal-checkpoint',
      'event.created': isoTime(at) ?? '',
      message: `journal checkpoint ${hash}: records to ${last_seq}, segment ${name}, ${count} records, root ${root}`,
      'ascribe.checkpoint.hash': hash,
      'ascribe.checkpoint.segment': name,
      'ascribe.checkpoint.first_seq': first_seq,
      'ascribe.checkpoint.last_seq': last_seq,
      'ascribe.checkpoint.count': count,
      'ascribe.checkpoint.root': root,
      'ascribe.checkpoint.previous': previous,
      'ascribe.checkpoint.key': key,
      'ascribe.checkpoint.statement': line,
    },
  };
}
