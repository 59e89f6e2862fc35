import { isoText } from '../iso-time';

/** Lone surrogates, which no UTF-8 can carry, become U+FFFD. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** RFC 3339 in UTC. What is no time becomes 1970, which is seen, rather than a record that is lost. */
export function rfc3339(ms: number): string {
  return isoText(ms) ?? '1970-01-01T00:00:00.000Z';
}
