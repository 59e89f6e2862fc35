import type { StoredRecord } from '../../collectors/contract';
import type { JournalReader, RecordPosition } from '../journal/journal-reader';
import { objectOf } from './raw-line';
import type { Scope } from './scope';

/*
 * What a device answers is read with what it answered before: a table of adapters names machines by the numbers of another table, an
 * ARP table its interfaces. The other answers of the same round are taken along, and once the latest of each kind before it.
 */

const FORMATS = ['snmp', 'command'];
/** Answers of one round lie so close together, ms. */
const ROUND_MS = 60_000;
/** Answers of a device that are looked through for the latest of each kind. */
const MOST_BACK = 500;

interface Sender {
  /** Of this segment and the one before, ascending. */
  known: RecordPosition[];
  isGiven: boolean;
}

/** Adds to a scope what its answers of devices need to be read. */
export function addReadings(journal: JournalReader, scope: Scope): void {
  const range = scope.range();
  if (range === undefined) return;
  const senders = new Map<string, Sender>();
  for (const { name, firstSeq } of journal.segments()) {
    if (firstSeq > range.last) break;
    for (const [key, positions] of bySender(journal.positions(name, FORMATS))) {
      const sender = senders.get(key) ?? { known: [], isGiven: false };
      senders.set(key, sender);
      takeSegment(journal, scope, sender, positions);
      sender.known = positions;
    }
  }
}

function bySender(positions: readonly RecordPosition[]): Map<string, RecordPosition[]> {
  const groups = new Map<string, RecordPosition[]>();
  for (const position of positions) {
    const group = groups.get(position.sender);
    if (group === undefined) groups.set(position.sender, [position]);
    else group.push(position);
  }
  return groups;
}

function takeSegment(journal: JournalReader, scope: Scope, sender: Sender, positions: RecordPosition[]): void {
  const wanted = positions.filter(({ seq }) => scope.hasSeq(seq, seq));
  const [first] = wanted;
  if (first === undefined) return;
  const all = [...sender.known, ...positions];
  scope.fill(() => {
    if (!sender.isGiven)
      addLatest(
        journal,
        scope,
        all.filter(({ seq }) => seq < first.seq),
      );
    let next = 0;
    for (const { receivedAt } of wanted) {
      while (next < all.length && all[next]!.receivedAt < receivedAt - ROUND_MS) next += 1;
      for (; next < all.length && all[next]!.receivedAt <= receivedAt + ROUND_MS; next += 1)
        scope.addSeq(all[next]!.seq);
    }
  });
  sender.isGiven = true;
}

/** The latest answer of each kind. */
function addLatest(journal: JournalReader, scope: Scope, before: readonly RecordPosition[]): void {
  const given = new Set<string>();
  for (const { seq } of before.slice(-MOST_BACK).reverse()) {
    const record = journal.get(seq);
    const kind = record === undefined ? undefined : kindOf(record);
    if (kind === undefined || given.has(kind)) continue;
    given.add(kind);
    scope.addSeq(seq);
  }
}

/** What was asked: the table of an SNMP record, the command of an SSH record with its parameters; undefined for others. */
function kindOf({ origin, bytes }: StoredRecord): string | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const header = objectOf(origin.format === 'command' ? text.slice(0, Math.max(0, text.indexOf('\n'))) : text);
  const asked = header?.['table'] ?? header?.['command'];
  if (typeof asked !== 'string') return undefined;
  return `${asked} ${JSON.stringify(header?.['parameters'] ?? header?.['context'] ?? '')}`;
}
