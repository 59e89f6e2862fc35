import type { OutItem, RecordFormat, RecordSource } from '../contract';
import type { Delivery } from './delivery';
import type { DeadLetter, DeadLetterRow } from './forward-rows';

export interface Redriven {
  readonly delivered: readonly DeadLetterRow[];
  readonly dead: readonly DeadLetter[];
  /** The store has these no more. */
  readonly gone: readonly DeadLetterRow[];
}

/** Sends dead letters again, as their records stand now and in today's format. */
export async function redrive(
  letters: readonly DeadLetterRow[],
  sources: ReadonlyMap<string, RecordSource>,
  format: RecordFormat,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<Redriven> {
  const gone: DeadLetterRow[] = [];
  const found = new Map<string, DeadLetterRow>();
  const items: OutItem[] = [];
  for (const letter of letters) {
    const record = sources.get(letter.kind)?.get(letter.ref);
    if (record === undefined) gone.push(letter);
    else {
      found.set(record.uid, letter);
      items.push({ record, text: format.encode(record), format });
    }
  }
  const { dead } = await delivery.deliver(items, signal);
  for (const { uid } of dead) found.delete(uid);
  return { delivered: [...found.values()], dead, gone };
}
