/**
 * Attributes, required attributes, enumerations and constraints of the OCSF 1.8 classes and objects that we write
 * (ocsf/ocsf-schema: events/base_event.json, events/network/{network,network_activity}.json,
 * events/findings/{finding,detection_finding}.json, objects/{metadata,product,_endpoint,network_endpoint,
 * network_connection_info,network_traffic,finding_info,analytic,attack,technique,enrichment,evidences,observable,device,
 * rule}.json, profiles/{host,security_control}.json), and the types of what numbers must be.
 */
const REQUIRED = [
  'activity_id',
  'category_uid',
  'class_uid',
  'metadata.version',
  'metadata.product.name',
  'severity_id',
  'time',
  'type_uid',
];

const OF_CLASS: Readonly<Record<number, readonly string[]>> = {
  0: [],
  2004: ['finding_info.uid', 'finding_info.analytic.type_id'],
  4001: ['connection_info.direction_id'],
};

const OF_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  enrichments: ['name', 'value', 'data'],
  observables: ['type_id', 'name'],
  evidences: ['connection_info.direction_id'],
};

/** Attributes beyond those required that a class may have at the top, by class. */
const COMMON = [
  ...['activity_name', 'category_name', 'class_name', 'type_name', 'severity', 'message', 'status_detail', 'raw_data'],
  ...['duration', 'start_time', 'end_time', 'metadata', 'observables', 'enrichments', 'unmapped'],
];
const HOST = ['device', 'actor'];
const ALLOWED: Readonly<Record<number, readonly string[]>> = {
  0: [],
  2004: ['finding_info', 'evidences', 'is_alert', 'confidence_score', 'risk_score'],
  4001: [
    ...['src_endpoint', 'dst_endpoint', 'connection_info', 'traffic', 'app_name', 'is_src_dst_assignment_known'],
    ...['firewall_rule', 'action_id', 'disposition_id'],
  ],
};

const ENDPOINT = ['ip', 'port', 'mac', 'hostname', 'owner', 'interface_name', 'zone', 'svc_name'];
const CONNECTION = ['direction_id', 'direction', 'protocol_num', 'protocol_name', 'protocol_ver_id', 'uid'];
const IDENTITY = ['uid', 'name'];

/** Of the attributes that objects have, those that we may write; `[]` stands for each member of a list. */
const OBJECTS: Readonly<Record<string, readonly string[]>> = {
  metadata: [
    ...['version', 'product', 'uid', 'log_name', 'sequence', 'profiles', 'logged_time', 'original_event_uid'],
    'event_code',
  ],
  'metadata.product': ['name', 'vendor_name'],
  src_endpoint: ENDPOINT,
  dst_endpoint: ENDPOINT,
  connection_info: CONNECTION,
  traffic: ['bytes', 'bytes_in', 'bytes_out', 'packets', 'packets_in', 'packets_out'],
  firewall_rule: IDENTITY,
  actor: ['user', 'process'],
  'actor.process': ['name', 'cmd_line'],
  device: ['type_id', 'type', 'hostname'],
  finding_info: [
    ...['uid', 'title', 'desc', 'analytic', 'attacks', 'first_seen_time', 'last_seen_time', 'created_time'],
    'modified_time',
  ],
  'finding_info.analytic': ['type_id', 'uid', 'name'],
  'finding_info.attacks[]': ['technique', 'sub_technique'],
  'enrichments[]': ['name', 'value', 'type', 'provider', 'data'],
  'observables[]': ['name', 'type_id', 'value'],
  'evidences[]': ['src_endpoint', 'dst_endpoint', 'connection_info'],
  'evidences[].src_endpoint': ENDPOINT,
  'evidences[].dst_endpoint': ENDPOINT,
  'evidences[].connection_info': CONNECTION,
};

const ENUMS: Readonly<Record<string, readonly number[]>> = {
  severity_id: [0, 1, 2, 3, 4, 5, 6, 99],
  action_id: [0, 1, 2],
  disposition_id: [0, 1, 2],
  'connection_info.direction_id': [0, 1, 2, 3, 99],
  'connection_info.protocol_ver_id': [0, 4, 6, 99],
  'finding_info.analytic.type_id': [0, 1, 2, 3, 4, 99],
  'observables[].type_id': [2, 4],
};

const ACTIVITIES: Readonly<Record<number, readonly number[]>> = {
  0: [0, 99],
  2004: [0, 1, 2, 3, 99],
  4001: [0, 1, 2, 3, 4, 5, 6, 7, 99],
};

/** Objects of which one of these attributes must be there. */
const AT_LEAST_ONE: Readonly<Record<string, readonly string[]>> = {
  src_endpoint: ['ip', 'hostname', 'svc_name', 'interface_name'],
  dst_endpoint: ['ip', 'hostname', 'svc_name', 'interface_name'],
  'evidences[]': ['src_endpoint', 'dst_endpoint', 'connection_info'],
  'finding_info.attacks[]': ['technique', 'sub_technique'],
};

/** What a validator of required attributes would say; nothing for a valid event. */
export function ocsfFaults(event: object): string[] {
  const faults: string[] = [];
  const classUid = Number(at(event, 'class_uid'));
  const want = (object: unknown, path: string, where: string): void => {
    if (at(object, path) === undefined) faults.push(`${where}${path} is missing`);
  };
  for (const path of [...REQUIRED, ...(OF_CLASS[classUid] ?? ['(known class)'])]) want(event, path, '');
  for (const [list, paths] of Object.entries(OF_MEMBERS)) {
    for (const member of (at(event, list) as unknown[] | undefined) ?? []) {
      for (const path of paths) want(member, path, `${list}[].`);
    }
  }
  if (at(event, 'device') !== undefined) want(event, 'device.type_id', '');
  const profiles = (at(event, 'metadata.profiles') as string[] | undefined) ?? [];
  if (HOST.some((name) => at(event, name) !== undefined) && !profiles.includes('host')) faults.push('profile host');
  const allowed = new Set([...REQUIRED, ...COMMON, ...HOST, ...(ALLOWED[classUid] ?? [])]);
  faults.push(
    ...Object.keys(event)
      .filter((name) => !allowed.has(name))
      .map((name) => `${name} is unknown`),
  );
  faults.push(...objectFaults(event));
  if (!ACTIVITIES[classUid]?.includes(Number(at(event, 'activity_id')))) faults.push('activity_id');
  if (Number(at(event, 'type_uid')) !== classUid * 100 + Number(at(event, 'activity_id'))) faults.push('type_uid');
  for (const name of ['time', 'start_time', 'end_time', 'duration', 'severity_id', 'activity_id']) {
    const value = at(event, name);
    if (value !== undefined && !Number.isInteger(value)) faults.push(`${name} is no integer`);
  }
  return faults;
}

/** Attributes that objects do not have, values that enumerations do not have, and objects that say too little. */
function objectFaults(event: object): string[] {
  const unknown = Object.entries(OBJECTS).flatMap(([path, names]) =>
    every(event, path).flatMap((object) =>
      Object.keys(object as object)
        .filter((name) => !names.includes(name))
        .map((name) => `${path}.${name} is unknown`),
    ),
  );
  const values = Object.entries(ENUMS).flatMap(([path, allowed]) =>
    every(event, path)
      .filter((value) => !allowed.includes(value as number))
      .map((value) => `${path} is ${String(value)}`),
  );
  const empty = Object.entries(AT_LEAST_ONE).flatMap(([path, names]) =>
    every(event, path)
      .filter((object) => !names.some((name) => at(object, name) !== undefined))
      .map(() => `${path} says nothing`),
  );
  return [...unknown, ...values, ...empty];
}

/** All that stands at a path; none where it is not there. */
function every(object: unknown, path: string): unknown[] {
  let found: unknown[] = [object];
  for (const step of path.split('.')) {
    const name = step.replace('[]', '');
    found = found.map((value) => (value as Record<string, unknown>)[name]).filter((value) => value !== undefined);
    if (step.endsWith('[]')) found = found.flat();
  }
  return found;
}

function at(object: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], object);
}
