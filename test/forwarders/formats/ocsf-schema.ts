/**
 * Required attributes of the OCSF 1.8 classes and objects that we write (ocsf/ocsf-schema: events/base_event.json,
 * events/network/network.json, events/findings/finding.json, objects/{metadata,product,network_connection_info,
 * finding_info,analytic,enrichment,observable,device}.json), and the types of what numbers must be.
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
  if (Number(at(event, 'type_uid')) !== classUid * 100 + Number(at(event, 'activity_id'))) faults.push('type_uid');
  for (const name of ['time', 'start_time', 'end_time', 'duration', 'severity_id', 'activity_id']) {
    const value = at(event, name);
    if (value !== undefined && !Number.isInteger(value)) faults.push(`${name} is no integer`);
  }
  return faults;
}

function at(object: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], object);
}
