import type { Held } from '../../store/analysis/evidence-record';

/** What `extra` of an interval says, read once: lines of a configuration are asked for by thousands of sessions. */
const extras = new WeakMap<object, Readonly<Record<string, unknown>>>();

/** A text of an interval's `extra`; undefined where it has none. */
export function extraText(held: Pick<Held, 'extra'> | undefined, name: string): string | undefined {
  if (held === undefined || held.extra === null) return undefined;
  let extra = extras.get(held);
  if (extra === undefined) {
    extra = JSON.parse(held.extra) as Record<string, unknown>;
    extras.set(held, extra);
  }
  const value = extra[name];
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}
