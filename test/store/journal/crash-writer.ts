import { writeSync } from 'node:fs';
import type { RawRecord } from '../../../collectors/contract';
import { Journal } from '../../../store/journal/journal';
import { SigningKeys } from '../../../store/journal/signing-keys';

/*
 * Child process of the crash test: appends until it is killed, and says each acknowledged record on standard output only
 * after `append` has returned. Arguments: data directory, round, kind of event at which it kills itself (or `-`), and
 * whether that shall happen before or after the first acknowledgement of the round.
 */
const [data = '', round = '0', dieAt = '-'] = process.argv.slice(2);

let acknowledged = 0;
const journal = Journal.open(`${data}/journal`, {
  keys: SigningKeys.open(`${data}/keys`),
  rotateAfterBytes: 120_000,
  reserveBytes: 0,
  emit: (event) => {
    if (event.kind === dieAt && acknowledged > 0) process.kill(process.pid, 'SIGKILL');
  },
});

const origin = {
  collector: 'netflow',
  source: 'udp://127.0.0.1:2055',
  peer: '192.0.2.1:2055',
  format: 'flow',
} as const;
writeSync(1, `start ${journal.lastSeq}\n`);

/** Each record names itself, so that one stored twice or lost is seen whatever its position. */
for (let number = 0; ;) {
  const batch: RawRecord[] = [];
  const size = 1 + (number % 37);
  for (let index = 0; index < size; index += 1) {
    const bytes = Buffer.alloc(200, 0x2e);
    bytes.write(`${round}:${number + index};`);
    batch.push({ origin, receivedAt: Date.now(), bytes });
  }
  const appended = journal.append(batch);
  acknowledged += size;
  writeSync(1, `ack ${appended?.firstSeq} ${appended?.lastSeq} ${number}\n`);
  number += size;
}
