import { existsSync } from 'node:fs';
import { JournalReader } from '../../store/journal/journal-reader';
import type { ForwardRecord, RecordKind, RecordSource, SourcePage, StorePlaces } from '../contract';
import { type Draft, isoTime, set } from './columns';
import { uidOf } from './uid';

type StoredRecord = NonNullable<ReturnType<JournalReader['get']>>;

const FORMATS: readonly string[] = ['syslog', 'logfile'];

/** Log messages as they came. Flow datagrams, SNMP answers and command output stay here: no SIEM reads them. */
export const rawKind: RecordKind = {
  name: 'raw',
  summary: 'syslog messages and lines of log files, as they came (secrets in them are not masked)',
  settleMs: 250,
  retired: { store: 'journal', formats: FORMATS },
  open: (places) => new RawRecords(places),
};

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class RawRecords implements RecordSource {
  readonly #instance: string;
  readonly #directory: string;
  #reader: JournalReader | undefined;

  constructor({ journal, instance }: StorePlaces) {
    this.#instance = instance;
    this.#directory = journal;
  }

  read(after: string | undefined, limit: number): SourcePage | undefined {
    const records = this.#journal()?.read(Number(after ?? 0) + 1, limit) ?? [];
    const last = records.at(-1);
    if (last === undefined) return undefined;
    const logs = records.filter(({ origin }) => FORMATS.includes(origin.format));
    return { records: logs.map((record) => rawRecord(record, this.#instance)), position: String(last.seq) };
  }

  get(ref: string): ForwardRecord | undefined {
    const record = this.#journal()?.get(Number(ref));
    return record === undefined ? undefined : rawRecord(record, this.#instance);
  }

  end(): string | undefined {
    const last = this.#journal()?.lastSeq() ?? 0;
    return last === 0 ? undefined : String(last);
  }

  behind(after: string | undefined, most: number): number {
    return Math.min(most, Math.max(0, (this.#journal()?.lastSeq() ?? 0) - Number(after ?? 0)));
  }

  isAhead(position: string): boolean {
    const journal = this.#journal();
    return journal !== undefined && Number(position) > journal.lastSeq();
  }

  close(): void {
    this.#reader?.close();
    this.#reader = undefined;
  }

  #journal(): JournalReader | undefined {
    if (this.#reader === undefined && existsSync(this.#directory)) this.#reader = new JournalReader(this.#directory);
    return this.#reader;
  }
}

function rawRecord(record: StoredRecord, instance: string): ForwardRecord {
  const { seq, receivedAt, origin, bytes } = record;
  const text = decoded(bytes);
  const fields: Draft = {
    'event.kind': 'event',
    'event.category': ['host'],
    'event.type': ['info'],
    'event.action': `raw-${origin.format}`,
    'event.created': isoTime(receivedAt) ?? '',
    'event.original': text ?? Buffer.from(bytes).toString('base64'),
    'ascribe.raw_seq': seq,
    'ascribe.raw.format': origin.format,
    'ascribe.raw.encoding': text === undefined ? 'base64' : 'utf-8',
  };
  set(fields, 'ascribe.raw.source', origin.source);
  set(fields, 'ascribe.raw.peer', origin.peer);
  set(fields, 'observer.name', peerAddress(origin.peer) || origin.source);
  set(fields, 'message', text);
  return {
    uid: uidOf(instance, 'raw', String(seq)),
    kind: 'raw',
    time: receivedAt,
    severity: 'info',
    ref: String(seq),
    fields,
  };
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The address of `192.0.2.1:514` or `[2001:db8::1]:514`. */
function peerAddress(peer: string): string {
  const colon = peer.lastIndexOf(':');
  const address = colon < 0 ? peer : peer.slice(0, colon);
  return address.startsWith('[') ? address.slice(1, -1) : address;
}
