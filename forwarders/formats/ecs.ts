import type { FieldValue, ForwardRecord, RecordFormat } from '../contract';
import { JsonShapes } from './json-shapes';
import { rfc3339 } from './well-formed';

/** ECS version whose names are used. */
export const ECS_VERSION = '9.0.0';

/** Elastic Common Schema 9 as nested JSON (elastic/ecs, "ECS field reference"); what ECS lacks is under `ascribe`. */
export const ecsFormat: RecordFormat = {
  name: 'ecs',
  summary: 'Elastic Common Schema 9, JSON',
  medium: 'json',
  encode: ecsDocument,
};

const shapes = new JsonShapes();

/** The record as a nested ECS document. */
function ecsDocument({ uid, revision, kind, time, severity, fields }: ForwardRecord): string {
  const names = Object.keys(fields);
  const values = names.map((name) => fields[name] as FieldValue);
  names.push('@timestamp', 'ecs.version', 'event.id', 'event.module', 'event.dataset', 'ascribe.severity');
  values.push(rfc3339(time), ECS_VERSION, uid, 'ascribe', `ascribe.${kind}`, severity);
  if (revision !== undefined) {
    names.push('event.sequence');
    values.push(revision);
  }
  return shapes.encode(names, values);
}
