import type { ForwardRecord, RecordFormat } from '../contract';
import { nested, plant, type Tree } from './nested';
import { rfc3339 } from './well-formed';

/** ECS version whose names are used. */
export const ECS_VERSION = '9.0.0';

/** Elastic Common Schema 9 as nested JSON (elastic/ecs, "ECS field reference"); what ECS lacks is under `ascribe`. */
export const ecsFormat: RecordFormat = {
  name: 'ecs',
  summary: 'Elastic Common Schema 9, JSON',
  medium: 'json',
  encode: (record) => JSON.stringify(ecsTree(record)),
};

/** The record as a nested ECS document. */
export function ecsTree(record: ForwardRecord): Tree {
  const { uid, revision, kind, time, severity, fields } = record;
  const tree = nested(fields);
  tree['@timestamp'] = rfc3339(time);
  plant(tree, ['ecs', 'version'], ECS_VERSION);
  plant(tree, ['event', 'id'], uid);
  plant(tree, ['event', 'module'], 'ascribe');
  plant(tree, ['event', 'dataset'], `ascribe.${kind}`);
  if (revision !== undefined) plant(tree, ['event', 'sequence'], revision);
  plant(tree, ['ascribe', 'severity'], severity);
  return tree;
}
