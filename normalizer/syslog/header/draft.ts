import { absoluteQuality, resolveTime, type Stamp } from '../time';
import type { SyslogMessage } from '../contract';

/** What a header grammar needs to know beside the bytes. */
export interface HeaderContext {
  /** UTC epoch milliseconds. */
  readonly receivedAt: number;
  /** IANA zone of the device, for times without one. */
  readonly timezone?: string | undefined;
}

/** A message in the making. Fields are set only when the input states them. */
export type Draft = { -readonly [K in keyof SyslogMessage]: SyslogMessage[K] };

/** Content of `text` without trailing CR, LF and NUL lies before this place. */
export function setContent(draft: Draft, at: number, end: number): void {
  draft.content = draft.text.slice(at, Math.max(at, end));
}

export function setPriority(draft: Draft, priority: number): void {
  draft.facility = priority >> 3;
  draft.severity = priority & 7;
}

/** Takes over a scanned time. */
export function setTime(draft: Draft, stamp: Stamp, context: HeaderContext): void {
  const { timestamp, timeQuality, timezone } = resolveTime(stamp, context.receivedAt, context.timezone);
  draft.timestamp = timestamp;
  draft.timeQuality = timeQuality;
  if (timezone === undefined) delete draft.timezone;
  else draft.timezone = timezone;
}

/** Takes over a time that is UTC already. */
export function setUtcTime(draft: Draft, timestamp: number, context: HeaderContext): void {
  draft.timestamp = timestamp;
  draft.timeQuality = absoluteQuality(timestamp, context.receivedAt);
  draft.timezone = 'UTC';
}

/** The device's own name; the name of an outer header becomes the relay's, unless both are the same. */
export function setHostname(draft: Draft, name: string): void {
  const outer = draft.hostname;
  if (outer !== undefined && outer !== name) draft.relayHostname = outer;
  draft.hostname = name;
}

export function setSequence(draft: Draft, kind: string, value: number): void {
  const known = (draft.sequence ?? new Map()) as Map<string, number>;
  draft.sequence = known.set(kind, value);
}
