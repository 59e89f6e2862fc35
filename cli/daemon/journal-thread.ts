import { setTimeout as delay } from 'node:timers/promises';
import { DiskFullError } from '../../store/journal/errors';
import { Journal, type JournalOptions } from '../../store/journal/journal';
import { RingReader } from '../../store/journal/ring-reader';
import { SigningKeys } from '../../store/journal/signing-keys';
import { segmentsToRetire, type RetentionLimits } from '../../store/retention';
import { takeOperatorRecords } from '../pipeline/operator-intake';
import { recordGaps } from './forward-gaps';
import { StageProgress } from './stage-progress';
import { runThread, type ThreadHost } from './thread-host';

export interface JournalData {
  /** One ring for each producing thread. */
  readonly rings: readonly SharedArrayBuffer[];
  readonly progress: SharedArrayBuffer;
  /** `<data>/journal` and `<data>/keys`. */
  readonly journalDirectory: string;
  readonly keysDirectory: string;
  /** `forward.db`, where what destinations will miss is recorded before it is removed. */
  readonly forwardPath: string;
  readonly options: Pick<JournalOptions, 'rotateAfterMs' | 'rotateAfterBytes' | 'reserveBytes'>;
  /** `<data>/operator`. */
  readonly operatorSpool: string;
  /** Between two checkpoints, ms. */
  readonly checkpointMs: number;
  readonly retention: RetentionLimits;
}

export interface JournalStats {
  readonly position: number;
  /** Bytes waiting in the rings. */
  readonly waiting: number;
}

const BATCH_RECORDS = 8192;
const BATCH_BYTES = 8 << 20;
/** At low rates records of this long share one commit, and so one write to the disk. */
const COMMIT_PERIOD_MS = 20;
/** More than this in a ring is taken at once. */
const EAGER_BYTES = 1 << 20;
const DISK_FULL_RETRY_MS = 1000;
const RETENTION_PERIOD_MS = 60_000;
const OPERATOR_PERIOD_MS = 1000;

/** Rings into the journal: what is in a ring can be lost, what is in the journal cannot. */
runThread<JournalData, JournalStats>(async (data, host) => {
  const keys = SigningKeys.open(data.keysDirectory);
  const journal = Journal.open(data.journalDirectory, { ...data.options, keys, emit: host.emit });
  const rings = data.rings.map((ring) => new RingReader(ring));
  const progress = new StageProgress(data.progress);
  progress.reached('journal', journal.lastSeq);
  host.publish(() => ({
    position: journal.lastSeq,
    waiting: rings.reduce((sum, ring) => sum + ring.filled, 0),
  }));
  host.ready();
  try {
    await drain(journal, rings, progress, data, host);
  } finally {
    journal.close();
  }
});

async function drain(
  journal: Journal,
  rings: readonly RingReader[],
  progress: StageProgress,
  data: JournalData,
  host: ThreadHost<JournalStats>,
): Promise<void> {
  let retainedAt = 0;
  let checkedAt = Date.now();
  let operatorsAt = 0;
  for (;;) {
    const isDue = Date.now() - operatorsAt > OPERATOR_PERIOD_MS;
    if (isDue) operatorsAt = Date.now();
    const taken = takeAll(journal, rings, isDue ? data.operatorSpool : undefined);
    if (taken === 'full') {
      // Producers have stopped by the time of a stop; what cannot be written within the deadline is lost and counted there.
      await delay(DISK_FULL_RETRY_MS);
      continue;
    }
    if (taken > 0) progress.reached('journal', journal.lastSeq);
    if (rings.some((ring) => ring.filled > EAGER_BYTES)) {
      await new Promise(setImmediate);
      continue;
    }
    if (host.stop.aborted && rings.every((ring) => ring.filled === 0)) return;
    if (Date.now() - checkedAt > data.checkpointMs) {
      checkedAt = Date.now();
      journal.checkpoint();
    }
    if (Date.now() - retainedAt > RETENTION_PERIOD_MS) {
      retainedAt = Date.now();
      retire(journal, progress, data, host);
    }
    await delay(COMMIT_PERIOD_MS);
  }
}

function takeAll(journal: Journal, rings: readonly RingReader[], operatorSpool: string | undefined): number | 'full' {
  let taken = 0;
  try {
    if (operatorSpool !== undefined) taken += takeOperatorRecords(journal, operatorSpool);
    for (const ring of rings) {
      const appended = journal.appendFrom(ring, BATCH_RECORDS, BATCH_BYTES);
      if (appended !== undefined) taken += appended.lastSeq - appended.firstSeq + 1;
    }
    return taken;
  } catch (error) {
    if (error instanceof DiskFullError) return 'full';
    throw error;
  }
}

/** Only what the facts have been derived from is given up, however old. */
function retire(journal: Journal, progress: StageProgress, data: JournalData, host: ThreadHost<JournalStats>): void {
  const derivedTo = progress.at('facts');
  for (const { name, reason } of segmentsToRetire(data.journalDirectory, data.retention, Date.now(), derivedTo)) {
    recordGaps(data.forwardPath, 'journal', data.journalDirectory, name, host.emit);
    journal.retire(name, reason);
  }
}
