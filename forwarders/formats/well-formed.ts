/** Lone surrogates, which no UTF-8 can carry, become U+FFFD. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

const LATEST = 8.64e15;

/** RFC 3339 in UTC. What is no time becomes 1970, which is seen, rather than a record that is lost. */
export function rfc3339(ms: number): string {
  return new Date(Number.isFinite(ms) && Math.abs(ms) <= LATEST ? Math.floor(ms) : 0).toISOString();
}
