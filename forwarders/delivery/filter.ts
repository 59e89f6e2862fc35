import { type Fields, type ForwardRecord, SEVERITIES, type Severity } from '../contract';
import { CHECKPOINTS } from '../kinds/checkpoints';

/** What of its kinds a destination gets; absent: everything. All that is given must hold. */
export interface FilterSettings {
  /** Owners' names; `*` stands for any text. */
  readonly owner?: readonly string[] | undefined;
  readonly owner_kind?: readonly string[] | undefined;
  readonly direction?: readonly string[] | undefined;
  readonly encrypted?: readonly string[] | undefined;
  readonly state?: readonly string[] | undefined;
  readonly device?: readonly string[] | undefined;
  readonly min_severity?: Severity | undefined;
}

/** Which fields a filter looks at. Those of sessions do not touch events, and the other way round. */
const FIELDS = [
  ['owner', 'ascribe.owner.name', 'session'],
  ['owner_kind', 'ascribe.owner.kind', 'session'],
  ['direction', 'ascribe.network_direction', 'session'],
  ['encrypted', 'ascribe.encrypted', 'session'],
  ['state', 'ascribe.session.state', 'session'],
  ['device', 'observer.name', 'device'],
] as const;

type Check = (record: ForwardRecord) => boolean;

/** The filter as a function. Checkpoints pass: a witness gets all or is none. */
export function filterOf(settings: FilterSettings): Check {
  const checks: Check[] = FIELDS.flatMap(([key, field, of]) => {
    const wanted = settings[key];
    if (wanted === undefined) return [];
    const matches = matcher(wanted);
    return [({ fields }: ForwardRecord) => subjectOf(fields) !== of || matches(String(fields[field] ?? ''))];
  });
  const least = settings.min_severity;
  if (least !== undefined) checks.push(({ severity }) => SEVERITIES[severity] >= SEVERITIES[least]);
  return (record) => record.kind === CHECKPOINTS || checks.every((check) => check(record));
}

function subjectOf(fields: Fields): 'session' | 'device' {
  return fields['ascribe.session.id'] === undefined ? 'device' : 'session';
}

function matcher(wanted: readonly string[]): (value: string) => boolean {
  const exact = new Set(wanted.filter((pattern) => !pattern.includes('*')));
  const globs = wanted.filter((pattern) => pattern.includes('*')).map((pattern) => pattern.split('*'));
  return (value) => exact.has(value) || globs.some((parts) => matchesGlob(value, parts));
}

/** Parts between stars, in order: linear, whatever was written. */
function matchesGlob(value: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!value.startsWith(first) || value.length < first.length + last.length || !value.endsWith(last)) return false;
  let at = first.length;
  const end = value.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
