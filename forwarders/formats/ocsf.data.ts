/**
 * OCSF 1.8.0 (ocsf/ocsf-schema 1.8.0: events/network/network_activity.json, events/findings/detection_finding.json,
 * events/base_event.json and the objects they name).
 */
export const OCSF_VERSION = '1.8.0';

/** The three classes that are written: uid, category uid, names. */
export const CLASSES = {
  network: { class_uid: 4001, class_name: 'Network Activity', category_uid: 4, category_name: 'Network Activity' },
  finding: { class_uid: 2004, class_name: 'Detection Finding', category_uid: 2, category_name: 'Findings' },
  base: { class_uid: 0, class_name: 'Base Event', category_uid: 0, category_name: 'Uncategorized' },
} as const;

/** `activity_id` of Network Activity by our action. */
export const NETWORK_ACTIVITIES: Readonly<Record<string, readonly [id: number, name: string]>> = {
  'session-open': [1, 'Open'],
  'session-attempt': [1, 'Open'],
  'session-ended': [2, 'Close'],
  'session-denied': [5, 'Refuse'],
  start: [1, 'Open'],
  allowed: [1, 'Open'],
  nat_create: [1, 'Open'],
  end: [2, 'Close'],
  nat_delete: [2, 'Close'],
  denied: [5, 'Refuse'],
  update: [6, 'Traffic'],
};

/** `direction_id` of `network_connection_info`. */
export const DIRECTIONS: Readonly<Record<string, readonly [id: number, name: string]>> = {
  inbound: [1, 'Inbound'],
  outbound: [2, 'Outbound'],
  internal: [3, 'Lateral'],
  external: [99, 'External'],
};

/** `action_id` and `disposition_id` of the security_control profile, where a device says what it did. */
export const DISPOSITIONS: Readonly<Record<string, readonly [action: number, disposition: number]>> = {
  allowed: [1, 1],
  denied: [2, 2],
  'session-denied': [2, 2],
};

/** ECS name → path in a Network Activity, or in the evidence of a finding. */
export const NETWORK_PATHS: readonly (readonly [field: string, path: readonly string[]])[] = [
  ['source.ip', ['src_endpoint', 'ip']],
  ['source.port', ['src_endpoint', 'port']],
  ['source.mac', ['src_endpoint', 'mac']],
  ['source.domain', ['src_endpoint', 'hostname']],
  ['destination.ip', ['dst_endpoint', 'ip']],
  ['destination.port', ['dst_endpoint', 'port']],
  ['destination.mac', ['dst_endpoint', 'mac']],
  ['destination.domain', ['dst_endpoint', 'hostname']],
  ['source.user.name', ['src_endpoint', 'owner', 'name']],
  ['destination.user.name', ['dst_endpoint', 'owner', 'name']],
  ['observer.ingress.interface.name', ['src_endpoint', 'interface_name']],
  ['observer.egress.interface.name', ['dst_endpoint', 'interface_name']],
  ['observer.ingress.zone', ['src_endpoint', 'zone']],
  ['observer.egress.zone', ['dst_endpoint', 'zone']],
  ['network.protocol', ['dst_endpoint', 'svc_name']],
  ['network.transport', ['connection_info', 'protocol_name']],
];

/** What every class has a place for. */
export const COMMON_PATHS: readonly (readonly [field: string, path: readonly string[]])[] = [
  ['message', ['message']],
  ['event.code', ['metadata', 'event_code']],
  ['event.reason', ['status_detail']],
  ['event.original', ['raw_data']],
];

/** ECS name → path in a Network Activity alone. */
export const ACTIVITY_PATHS: readonly (readonly [field: string, path: readonly string[]])[] = [
  ['network.application', ['app_name']],
  ['source.bytes', ['traffic', 'bytes_out']],
  ['destination.bytes', ['traffic', 'bytes_in']],
  ['source.packets', ['traffic', 'packets_out']],
  ['destination.packets', ['traffic', 'packets_in']],
  ['network.bytes', ['traffic', 'bytes']],
  ['network.packets', ['traffic', 'packets']],
  ['rule.id', ['firewall_rule', 'uid']],
  ['rule.name', ['firewall_rule', 'name']],
];

/** What OCSF has no attribute for: kept under `unmapped`, by these names. */
export const NAT: readonly (readonly [field: string, name: string])[] = [
  ['source.nat.ip', 'src_ip'],
  ['source.nat.port', 'src_port'],
  ['destination.nat.ip', 'dst_ip'],
  ['destination.nat.port', 'dst_port'],
];

/** `type_id` of an observable. */
export const OBSERVABLES: readonly (readonly [field: string, path: string, typeId: number])[] = [
  ['source.ip', 'src_endpoint.ip', 2],
  ['destination.ip', 'dst_endpoint.ip', 2],
  ['source.nat.ip', 'unmapped.nat.src_ip', 2],
  ['destination.nat.ip', 'unmapped.nat.dst_ip', 2],
  ['user.name', 'actor.user.name', 4],
];
