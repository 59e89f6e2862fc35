import { setTimeout as delay } from 'node:timers/promises';
import { FactsSegmentError } from '../../store/facts/facts-segment';
import { freeSpace, meansDiskFull } from '../../store/journal/disk-space';
import { JournalReader } from '../../store/journal/journal-reader';
import { settingsFor } from '../config/device-settings';
import type { DeviceConfig } from '../config/schema';
import { Derivation } from '../pipeline/derivation';
import { createNormalizer } from '../pipeline/normalizers';
import { ChangeCall } from './change-call';
import { SourceTallies, type SourceTally } from './source-tally';
import { StageProgress } from './stage-progress';
import { runThread, type ThreadHost } from './thread-host';

export interface NormalizerData {
  readonly progress: SharedArrayBuffer;
  readonly journalDirectory: string;
  readonly factsDirectory: string;
  readonly devices: readonly DeviceConfig[];
  /** Facts stop when less than this is free, so that the journal can go on. */
  readonly reserveBytes: number;
}

export interface NormalizerStats {
  readonly position: number;
  /** Receive time of the newest record whose facts are durable; undefined before the first. */
  readonly reachedTime: number | undefined;
  readonly sources: readonly SourceTally[];
  readonly malformed: number;
  /** Sets that wait for their template now, and those given up since the start. */
  readonly undecoded: number;
  readonly sequenceLost: number;
}

/** Some tenths of a second of work at full load, and one transaction. */
const STEP_RECORDS = 1000;
const IDLE_MS = 250;
/** The journal has more, but in a segment that its reader is just about to see. */
const BETWEEN_SEGMENTS_MS = 5;
const DISK_LOW_MS = 5000;

/** The journal into facts. Falls behind rather than losing anything: the journal is the queue. */
runThread<NormalizerData, NormalizerStats>(async (data, host) => {
  const tallies = new SourceTallies();
  const changes = new ChangeCall(Date.now);
  const settings = settingsFor(data.devices);
  const progress = new StageProgress(data.progress);
  const journal = new JournalReader(data.journalDirectory);
  const derivation = new Derivation({
    journal,
    directory: data.factsDirectory,
    createNormalizer: () => createNormalizer(settings),
    observe: {
      flows: (batch) => tallies.flows(batch),
      fact: (fact, record) => {
        tallies.fact(fact, record);
        changes.fact(fact, record);
      },
    },
    onComplete: (path) => host.note({ kind: 'facts_complete', path }),
  });
  derivation.open();
  progress.reached('facts', derivation.appliedSeq);
  host.publish(() => {
    for (const event of tallies.takeEvents()) host.emit(event);
    for (const changed of changes.take()) host.note({ kind: 'config_changed', ...changed });
    const { malformed, undecoded, sequenceLost } = tallies;
    const reachedTime = derivation.reachedTime;
    return {
      position: derivation.appliedSeq,
      reachedTime,
      sources: tallies.sources(),
      malformed,
      undecoded: undecoded + derivation.waiting,
      sequenceLost,
    };
  });
  host.ready();
  try {
    await derive(derivation, progress, data, host);
  } finally {
    derivation.close();
    journal.close();
  }
});

async function derive(
  derivation: Derivation,
  progress: StageProgress,
  data: NormalizerData,
  host: ThreadHost<NormalizerStats>,
): Promise<void> {
  let paused = false;
  for (;;) {
    const outcome = step(derivation, data);
    if (outcome === 'disk_low') {
      if (!paused) host.emit({ kind: 'facts_paused', directory: data.factsDirectory });
      paused = true;
      if (host.stop.aborted) return;
      await host.pause(DISK_LOW_MS);
      continue;
    }
    if (paused) host.emit({ kind: 'facts_resumed', directory: data.factsDirectory });
    paused = false;
    if (outcome > 0) {
      progress.reached('facts', derivation.appliedSeq);
      // Lets commands and figures through between two transactions.
      await new Promise(setImmediate);
      continue;
    }
    const behind = derivation.appliedSeq < progress.at('journal');
    if (host.stop.aborted && !behind) return;
    if (behind) await delay(BETWEEN_SEGMENTS_MS);
    else await Promise.race([progress.waitPast('journal', derivation.appliedSeq, IDLE_MS), host.pause(IDLE_MS)]);
  }
}

function step(derivation: Derivation, { factsDirectory, reserveBytes }: NormalizerData): number | 'disk_low' {
  if (freeSpace(factsDirectory).available < reserveBytes) return 'disk_low';
  try {
    return derivation.advance(STEP_RECORDS).records;
  } catch (error) {
    const cause = error instanceof FactsSegmentError ? error.cause : error;
    if (meansDiskFull(cause, factsDirectory)) return 'disk_low';
    throw error;
  }
}
