import { type Fields, type FieldValue, type ForwardRecord, type RecordFormat, SEVERITIES } from '../contract';
import { emptyTree, plant, type Tree } from './nested';
import {
  ACTIVITY_PATHS,
  CLASSES,
  COMMON_PATHS,
  DIRECTIONS,
  DISPOSITIONS,
  NAT,
  NETWORK_ACTIVITIES,
  NETWORK_PATHS,
  OBSERVABLES,
  OCSF_VERSION,
} from './ocsf.data';
import { setFinding } from './ocsf-finding';

/**
 * Open Cybersecurity Schema Framework 1.8: what has two ends is Network Activity (4001), a detection is Detection
 * Finding (2004), everything else the Base Event. What OCSF cannot say stands under `unmapped` with its ECS name.
 */
export const ocsfFormat: RecordFormat = {
  name: 'ocsf',
  summary: 'OCSF 1.8 (Network Activity 4001, Detection Finding 2004), JSON',
  medium: 'json',
  encode: (record) => JSON.stringify(ocsfEvent(record)),
};

type ClassName = keyof typeof CLASSES;

const SEVERITY_NAMES = {
  info: 'Informational',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
} as const;

/** Fields that every class has told in its own way, so that `unmapped` need not repeat them. */
const TOLD = [
  'event.kind',
  'event.category',
  'event.type',
  'event.action',
  'event.start',
  'event.end',
  'event.created',
  'event.duration',
  'observer.name',
  'user.name',
  'process.name',
  'process.command_line',
  'related.ip',
  ...COMMON_PATHS.map(([field]) => field),
  ...NAT.map(([field]) => field),
];
const TOLD_OF_ENDS = [
  'network.direction',
  'network.iana_number',
  'network.type',
  ...NETWORK_PATHS.map(([field]) => field),
];

const TOLD_OF_FINDINGS = [
  'rule.id',
  'rule.name',
  'threat.technique.id',
  'threat.technique.subtechnique.id',
  'event.risk_score',
];

/** What needs no place under `unmapped`, by class. */
const PLACED: Readonly<Record<ClassName, ReadonlySet<string>>> = {
  network: new Set([...TOLD, ...TOLD_OF_ENDS, ...ACTIVITY_PATHS.map(([field]) => field)]),
  finding: new Set([...TOLD, ...TOLD_OF_ENDS, ...TOLD_OF_FINDINGS]),
  base: new Set(TOLD),
};

/** The record as an OCSF event. */
export function ocsfEvent(record: ForwardRecord): Tree {
  const { fields } = record;
  const name = classOf(fields);
  const event = emptyTree();
  const [activity, activityName] = activityOf(name, fields);
  const classes = CLASSES[name];
  Object.assign(event, classes);
  event['activity_id'] = activity;
  plant(event, ['activity_name'], activityName);
  event['type_uid'] = classes.class_uid * 100 + activity;
  plant(event, ['type_name'], `${classes.class_name}: ${activityName}`);
  event['severity_id'] = SEVERITIES[record.severity];
  event['severity'] = SEVERITY_NAMES[record.severity];
  event['time'] = Number.isFinite(record.time) ? Math.floor(record.time) : 0;
  setMetadata(event, record, profilesOf(name, fields));
  setTimes(event, fields);
  for (const [field, path] of COMMON_PATHS) put(event, path, fields[field]);
  if (name === 'network') setActivity(event, fields);
  if (name === 'finding') setFinding(event, record, setEnds);
  setActors(event, fields);
  for (const [field, member] of NAT) put(event, ['unmapped', 'nat', member], fields[field]);
  setObservables(event, fields);
  for (const field of Object.keys(fields)) {
    // By whole name, not nested: for people, and for searches that know what they look for.
    if (!PLACED[name].has(field)) put(event, ['unmapped', field], fields[field]);
  }
  return event;
}

function classOf(fields: Fields): ClassName {
  if (fields['event.kind'] === 'alert') return 'finding';
  const category = fields['event.category'];
  const isNetwork = Array.isArray(category) && category.includes('network');
  return isNetwork && fields['source.ip'] !== undefined && fields['destination.ip'] !== undefined ? 'network' : 'base';
}

function activityOf(name: ClassName, fields: Fields): readonly [number, string] {
  const action = String(fields['event.action'] ?? '');
  switch (name) {
    case 'network':
      return NETWORK_ACTIVITIES[action] ?? [6, 'Traffic'];
    case 'finding':
      if (action === 'finding-withdrawn') return [3, 'Close'];
      return action === 'finding-changed' ? [2, 'Update'] : [1, 'Create'];
    case 'base':
      return [99, action === '' ? 'Other' : action];
  }
}

/** `host` carries `device` and `actor`, `security_control` the rule and the disposition. */
function profilesOf(name: ClassName, fields: Fields): string[] {
  const host = ['observer.name', 'user.name', 'process.name', 'process.command_line'];
  const control = ['rule.id', 'rule.name'];
  const has = (names: readonly string[]): boolean => names.some((field) => fields[field] !== undefined);
  const decides = has(control) || DISPOSITIONS[String(fields['event.action'])] !== undefined;
  return [...(has(host) ? ['host'] : []), ...(name === 'network' && decides ? ['security_control'] : [])];
}

function setMetadata(event: Tree, record: ForwardRecord, profiles: readonly string[]): void {
  const { uid, revision, kind, fields } = record;
  const at = (...path: string[]): readonly string[] => ['metadata', ...path];
  plant(event, at('version'), OCSF_VERSION);
  plant(event, at('product', 'name'), 'ascribe');
  plant(event, at('product', 'vendor_name'), 'ascribe');
  plant(event, at('uid'), uid);
  plant(event, at('log_name'), kind);
  if (revision !== undefined) plant(event, at('sequence'), revision);
  if (profiles.length > 0) plant(event, at('profiles'), profiles);
  const logged = Date.parse(String(fields['event.created'] ?? ''));
  if (Number.isFinite(logged)) plant(event, at('logged_time'), logged);
  const seq = fields['ascribe.raw_seq'];
  if (seq !== undefined) plant(event, at('original_event_uid'), String(seq));
}

function setTimes(event: Tree, fields: Fields): void {
  for (const [name, field] of [
    ['start_time', 'event.start'],
    ['end_time', 'event.end'],
  ] as const) {
    const time = Date.parse(String(fields[field] ?? ''));
    if (Number.isFinite(time)) event[name] = time;
  }
  const duration = fields['event.duration'];
  if (typeof duration === 'number') event['duration'] = Math.round(duration / 1e6);
}

/** Both ends and the connection between them: of the event itself, or of a finding's evidence. */
function setEnds(into: Tree, fields: Fields): void {
  for (const [field, path] of NETWORK_PATHS) put(into, path, fields[field]);
  const [direction, name] = DIRECTIONS[String(fields['network.direction'] ?? '')] ?? [0, 'Unknown'];
  plant(into, ['connection_info', 'direction_id'], direction);
  plant(into, ['connection_info', 'direction'], name);
  const protocol = Number(fields['network.iana_number']);
  if (Number.isInteger(protocol)) plant(into, ['connection_info', 'protocol_num'], protocol);
  const version = { ipv4: 4, ipv6: 6 }[String(fields['network.type'])];
  if (version !== undefined) plant(into, ['connection_info', 'protocol_ver_id'], version);
  put(into, ['connection_info', 'uid'], fields['ascribe.session.id'] ?? fields['ascribe.session_key']);
}

function setActivity(event: Tree, fields: Fields): void {
  setEnds(event, fields);
  for (const [field, path] of ACTIVITY_PATHS) put(event, path, fields[field]);
  // Who began is known only where it was stated or seen in the first packet, or joined from both directions.
  const source = fields['ascribe.direction_source'];
  if (source !== undefined) event['is_src_dst_assignment_known'] = source !== 'unknown' && source !== 'port';
  const disposition = DISPOSITIONS[String(fields['event.action'])];
  if (disposition !== undefined) [event['action_id'], event['disposition_id']] = disposition;
  const owner = fields['ascribe.owner.name'];
  if (owner !== undefined) event['enrichments'] = [ownerEnrichment(fields)];
}

/** Who made the session, with what the answer rests on. */
function ownerEnrichment(fields: Fields): Tree {
  const enrichment = emptyTree();
  enrichment['name'] = 'src_endpoint.ip';
  plant(enrichment, ['value'], String(fields['source.ip'] ?? ''));
  enrichment['type'] = 'ownership';
  enrichment['provider'] = 'ascribe';
  for (const name of Object.keys(fields)) {
    if (name.startsWith('ascribe.owner.') || name.startsWith('ascribe.verdict.')) {
      plant(enrichment, ['data', ...name.split('.').slice(1)], fields[name] as FieldValue);
    }
  }
  return enrichment;
}

function setActors(event: Tree, fields: Fields): void {
  put(event, ['actor', 'user', 'name'], fields['user.name']);
  put(event, ['actor', 'process', 'name'], fields['process.name']);
  put(event, ['actor', 'process', 'cmd_line'], fields['process.command_line']);
  const observer = fields['observer.name'];
  if (observer === undefined) return;
  plant(event, ['device', 'type_id'], 99);
  plant(event, ['device', 'type'], 'Observer');
  plant(event, ['device', 'hostname'], observer);
}

function setObservables(event: Tree, fields: Fields): void {
  const observables = OBSERVABLES.flatMap(([field, name, typeId]) => {
    const value = fields[field];
    if (value === undefined) return [];
    const observable = emptyTree();
    observable['name'] = name;
    observable['type_id'] = typeId;
    plant(observable, ['value'], String(value));
    return [observable];
  });
  if (observables.length > 0) event['observables'] = observables;
}

function put(event: Tree, path: readonly string[], value: FieldValue | undefined): void {
  if (value !== undefined) plant(event, path, value);
}
