import type { BindingRelation } from '../../store/analysis/binding-record';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * How long an observation speaks for a binding after it (and before it) when nobody states an end, ms. Two observations that
 * lie closer are one interval; a longer silence leaves the interval uncertain and begins another.
 */
export const FRESHNESS_MS: Readonly<Record<BindingRelation, number>> = {
  // An ARP entry lives 4 h in Cisco's default; others forget sooner, so this is the widest.
  'ip-mac': 4 * HOUR,
  // Switches forget after 300 s (IEEE 802.1Q), but they are asked every 5 to 15 minutes: three missed polls and a spare one.
  'mac-switchport': HOUR,
  // Hypervisors are asked hourly, and flow exporters' statements are repeated hourly: two may be missed.
  'mac-vnic': 3 * HOUR,
  'vnic-vm': 3 * HOUR,
  'vm-host': 3 * HOUR,
  'ip-vm': 3 * HOUR,
  'vm-role': 3 * HOUR,
  'dvport-vnic': 3 * HOUR,
  // Neighbours and own addresses are asked for a few times a day and seldom change.
  'port-neighbour': DAY,
  'ip-device': DAY,
  // Sockets are asked every minute; a longer reach would invent connections.
  'socket-process': 5 * MINUTE,
  // Its end is logged. When that line is lost: an idle translation or TCP connection is dropped after an hour or less by the
  // defaults of ASA (conn 1 h), PAN-OS (1 h), FortiGate (1 h) and Junos (30 min).
  nat: HOUR,
  // Blocks are held for hours, and some devices state them only now and then.
  'nat-block': DAY,
  // Where no lease time is stated: the usual lease is a day or less.
  'ip-dhcp': DAY,
  // A working day: VPN sessions end by logout or by the daily limit, mappings of a directory by their own time-out.
  'ip-user': 12 * HOUR,
  // Resolvers and programs keep answers, often for longer than their time to live; a name is told with its age.
  'ip-name': DAY,
  'ip-query': DAY,
  // Configurations are read daily; a week bridges days without.
  'rule-config': 7 * DAY,
  'config-endpoint': 7 * DAY,
};

/** For a relation that this version does not know. */
export const OTHER_FRESHNESS_MS = HOUR;
