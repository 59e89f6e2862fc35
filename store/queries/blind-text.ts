import type { BlindKind, BlindSpot } from '../analysis/blind-record';

const CALLED: Readonly<Record<BlindKind, string>> = {
  flow: 'flow records',
  session_log: 'session logs',
  translation_log: 'translation logs',
  lease_log: 'lease logs',
  name_log: 'DNS logs',
  log: 'log messages',
  poll: 'readings',
};

/** Of what a source told not everything: `session logs of fw1`. */
export function blindSource({ kind, device }: Pick<BlindSpot, 'kind' | 'device'>): string {
  return `${CALLED[kind]} ${device.includes('://') ? 'at' : 'of'} ${device}`;
}

/** How much of it is missing, in words. */
export function blindExtent({ reason, missing, unit }: Pick<BlindSpot, 'reason' | 'missing' | 'unit'>): string {
  switch (reason) {
    case 'GAP':
      return missing === null ? 'some are missing' : `${missing} ${unit} are missing`;
    case 'DROPPED':
      return `${missing ?? 'some'} ${unit} came and were lost in our own receiver`;
    case 'STALE':
      return 'none succeeded';
    case 'SILENT':
      return 'none came';
  }
}
