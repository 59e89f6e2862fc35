import { dirname } from 'node:path';
import { sealFactsSegment } from '../../store/facts/facts-seal';
import { FactsSegmentError } from '../../store/facts/facts-segment';
import { meansDiskFull } from '../../store/journal/disk-space';
import { runThread, type ThreadHost } from './thread-host';

export interface SealerStats {
  /** Segments that wait for their indexes. */
  readonly waiting: number;
}

const RETRY_MS = 2000;

/**
 * Indexes facts segments that are complete, one after another, beside the thread that writes the next one. What is not
 * done at the stop is done after the next start.
 */
runThread<undefined, SealerStats>(async (_data, host) => {
  const waiting: string[] = [];
  host.onNote((note) => {
    if (note.kind === 'facts_complete') waiting.push(note.path);
  });
  host.publish(() => ({ waiting: waiting.length }));
  host.ready();
  while (!host.stop.aborted) {
    const [path] = waiting;
    if (path === undefined || !seal(path, host)) {
      await host.pause(RETRY_MS);
      continue;
    }
    waiting.shift();
  }
});

/** False: to be tried again. */
function seal(path: string, host: ThreadHost<SealerStats>): boolean {
  try {
    return sealFactsSegment(path) === 'sealed';
  } catch (error) {
    if (meansDiskFull(error, dirname(path))) return false;
    if (!(error instanceof FactsSegmentError)) throw error;
    host.emit({ kind: 'segment_damaged', segment: path, what: error.message });
    return true;
  }
}
