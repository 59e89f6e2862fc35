import type { Pulse } from '../../store/analysis/blind-record';

/** Classes of silences, each twice as long as the one before: up to 2^24 s. */
const CLASSES = 24;

/** Before so many silences were measured nothing is known of a source's ways. */
const LEAST_SILENCES = 12;

/** A silence that happened so often is usual. One outage of a source, or two, do not make the next one usual. */
const USUAL = 3;

/** A source is silent when it is for twice as long as is usual, and never before this, ms. */
const TIMES_USUAL = 2;
const LEAST_MS = 180_000;

/** A source that is heard for the first time. */
export function firstPulse({ device, kind }: Pick<Pulse, 'device' | 'kind'>, at: number, rawSeq: number): Pulse {
  return { device, kind, last: at, lastSeq: rawSeq, silences: [] };
}

/** The source is heard (again). What comes with an earlier time changes nothing. */
export function heard(pulse: Pulse, at: number, rawSeq: number): Pulse {
  const silence = at - pulse.last;
  if (silence <= 0) return pulse;
  const seconds = Math.floor(silence / 1000);
  if (seconds === 0) return { ...pulse, last: at, lastSeq: rawSeq };
  const length = Math.min(CLASSES - 1, Math.floor(Math.log2(seconds)));
  const silences = Array.from({ length: Math.max(pulse.silences.length, length + 1) }, (_, i) => {
    return (pulse.silences[i] ?? 0) + (i === length ? 1 : 0);
  });
  return { ...pulse, last: at, lastSeq: rawSeq, silences };
}

/** After how long the source counts as silent, ms; undefined while its ways are not known. */
export function silentAfter({ silences }: Pick<Pulse, 'silences'>): number | undefined {
  let longer = 0;
  let usual: number | undefined;
  let all = 0;
  for (let i = silences.length - 1; i >= 0; i--) {
    all += silences[i]!;
    longer += silences[i]!;
    if (longer >= USUAL) usual ??= 2 ** (i + 1) * 1000;
  }
  if (usual === undefined || all < LEAST_SILENCES) return undefined;
  return Math.max(LEAST_MS, TIMES_USUAL * usual);
}
