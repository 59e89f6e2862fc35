import { waitingOperatorRecords } from '../../collectors/operator/operator-spool';
import type { Journal } from '../../store/journal/journal';

/** Takes what people did into the journal, which chains it; gives the number of records. A crash in between takes them in twice, with one id. */
export function takeOperatorRecords(journal: Journal, spool: string): number {
  const { records, taken } = waitingOperatorRecords(spool);
  journal.append(records);
  taken();
  return records.length;
}
