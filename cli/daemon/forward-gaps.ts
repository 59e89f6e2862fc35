import { recordRetirement } from '../../forwarders/delivery/retirement';
import type { TelemetryEvent } from '../telemetry/events';

/** Before a segment is removed: records and tells what destinations will never get of it. */
export function recordGaps(
  forwardPath: string,
  store: 'facts' | 'journal',
  directory: string,
  segment: string,
  emit: (event: TelemetryEvent) => void,
): void {
  for (const { destination, kind, missing } of recordRetirement(forwardPath, store, directory, segment)) {
    emit({ kind: 'forward_gap', destination, records: kind, segment, missing });
  }
}
