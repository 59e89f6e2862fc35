import type { FlowColumnName } from '../model/flow-columns.data';

/** How a field's bytes become a column value. */
export type FieldForm =
  | 'unsigned'
  | 'application'
  | 'ipv4'
  | 'ipv6'
  | 'address'
  | 'mac'
  | 'text'
  | 'merged'
  | 'icmpType'
  | 'icmpCode'
  | 'seconds'
  | 'milliseconds'
  | 'microseconds'
  | 'ntp'
  | 'uptime'
  | 'delta';

/** Columns the reader needs beside those of the batch. */
export type ScratchName = 'duration' | 'samplingSpace' | 'samplingSize' | 'samplingPopulation';
export type TargetName = FlowColumnName | ScratchName;

/**
 * Which element goes to which column. Of several elements for one column those of the lowest rank that the template
 * has are read (all of them: IPv4 beside IPv6), the others become extras. Enterprise 29305 is the reverse direction
 * of RFC 5103.
 */
export const FIELD_COLUMNS: readonly (readonly [
  enterprise: number,
  element: number,
  column: TargetName,
  form: FieldForm,
  rank: number,
])[] = [
  [0, 1, 'bytes', 'unsigned', 0],
  [0, 85, 'bytes', 'unsigned', 1],
  [0, 231, 'bytes', 'unsigned', 2],
  [0, 23, 'bytes', 'unsigned', 3],
  [0, 352, 'bytes', 'unsigned', 4],
  [0, 2, 'packets', 'unsigned', 0],
  [0, 86, 'packets', 'unsigned', 1],
  [0, 298, 'packets', 'unsigned', 2],
  [0, 24, 'packets', 'unsigned', 3],
  [29305, 1, 'replyBytes', 'unsigned', 0],
  [29305, 85, 'replyBytes', 'unsigned', 1],
  [0, 232, 'replyBytes', 'unsigned', 2],
  [29305, 2, 'replyPackets', 'unsigned', 0],
  [29305, 86, 'replyPackets', 'unsigned', 1],
  [0, 299, 'replyPackets', 'unsigned', 2],
  [0, 23, 'postBytes', 'unsigned', 0],
  [0, 24, 'postPackets', 'unsigned', 0],
  [0, 4, 'protocol', 'unsigned', 0],
  [0, 5, 'tos', 'unsigned', 0],
  [0, 55, 'postTos', 'unsigned', 0],
  [0, 6, 'tcpFlags', 'unsigned', 0],
  [29305, 6, 'replyTcpFlags', 'unsigned', 0],
  [0, 7, 'srcPort', 'unsigned', 0],
  [0, 180, 'srcPort', 'merged', 1],
  [0, 182, 'srcPort', 'merged', 1],
  [0, 11, 'dstPort', 'unsigned', 0],
  [0, 181, 'dstPort', 'merged', 1],
  [0, 183, 'dstPort', 'merged', 1],
  [0, 8, 'src', 'ipv4', 0],
  [0, 27, 'src', 'ipv6', 0],
  [0, 12, 'dst', 'ipv4', 0],
  [0, 28, 'dst', 'ipv6', 0],
  [0, 15, 'nextHop', 'ipv4', 0],
  [0, 62, 'nextHop', 'ipv6', 0],
  [0, 18, 'bgpNextHop', 'ipv4', 0],
  [0, 63, 'bgpNextHop', 'ipv6', 0],
  [0, 9, 'srcMask', 'unsigned', 0],
  [0, 29, 'srcMask', 'unsigned', 1],
  [0, 13, 'dstMask', 'unsigned', 0],
  [0, 30, 'dstMask', 'unsigned', 1],
  [0, 10, 'inIf', 'unsigned', 0],
  [0, 252, 'inIf', 'unsigned', 1],
  [0, 14, 'outIf', 'unsigned', 0],
  [0, 253, 'outIf', 'unsigned', 1],
  [0, 16, 'srcAs', 'unsigned', 0],
  [0, 17, 'dstAs', 'unsigned', 0],
  [0, 156, 'start', 'ntp', 0],
  [0, 154, 'start', 'ntp', 1],
  [0, 152, 'start', 'milliseconds', 2],
  [0, 150, 'start', 'seconds', 3],
  [0, 22, 'start', 'uptime', 4],
  [0, 158, 'start', 'delta', 5],
  [0, 157, 'end', 'ntp', 0],
  [0, 155, 'end', 'ntp', 1],
  [0, 153, 'end', 'milliseconds', 2],
  [0, 151, 'end', 'seconds', 3],
  [0, 21, 'end', 'uptime', 4],
  [0, 159, 'end', 'delta', 5],
  [0, 325, 'end', 'ntp', 6],
  [0, 324, 'end', 'ntp', 7],
  [0, 323, 'end', 'milliseconds', 8],
  [0, 322, 'end', 'seconds', 9],
  [0, 161, 'duration', 'milliseconds', 0],
  [0, 162, 'duration', 'microseconds', 1],
  [0, 25, 'minLength', 'unsigned', 0],
  [0, 26, 'maxLength', 'unsigned', 0],
  [0, 52, 'minTtl', 'unsigned', 0],
  [0, 53, 'maxTtl', 'unsigned', 0],
  [0, 31, 'flowLabel', 'unsigned', 0],
  [0, 89, 'forwardingStatus', 'unsigned', 0],
  [0, 32, 'icmp', 'unsigned', 0],
  [0, 139, 'icmp', 'unsigned', 1],
  [0, 176, 'icmp', 'icmpType', 2],
  [0, 177, 'icmp', 'icmpCode', 2],
  [0, 178, 'icmp', 'icmpType', 2],
  [0, 179, 'icmp', 'icmpCode', 2],
  [0, 34, 'samplingRate', 'unsigned', 0],
  [0, 50, 'samplingRate', 'unsigned', 1],
  [0, 48, 'sampler', 'unsigned', 0],
  [0, 302, 'sampler', 'unsigned', 1],
  [0, 305, 'samplingSize', 'unsigned', 1],
  [0, 306, 'samplingSpace', 'unsigned', 0],
  [0, 309, 'samplingSize', 'unsigned', 0],
  [0, 310, 'samplingPopulation', 'unsigned', 0],
  [0, 56, 'srcMac', 'mac', 0],
  [0, 80, 'dstMac', 'mac', 0],
  [0, 81, 'postSrcMac', 'mac', 0],
  [0, 57, 'postDstMac', 'mac', 0],
  [0, 58, 'vlan', 'unsigned', 0],
  [0, 243, 'vlan', 'unsigned', 1],
  [0, 59, 'postVlan', 'unsigned', 0],
  [0, 254, 'postVlan', 'unsigned', 1],
  [0, 61, 'flowDirection', 'unsigned', 0],
  [0, 239, 'biflowDirection', 'unsigned', 0],
  [0, 136, 'endReason', 'unsigned', 0],
  [0, 95, 'application', 'application', 0],
  [0, 56701, 'applicationName', 'text', 0],
  [0, 57591, 'applicationName', 'text', 1],
  [0, 96, 'applicationName', 'text', 2],
  [0, 148, 'connectionId', 'unsigned', 0],
  [0, 225, 'natSrc', 'ipv4', 0],
  [0, 281, 'natSrc', 'ipv6', 0],
  [0, 40001, 'natSrc', 'address', 1],
  [0, 226, 'natDst', 'ipv4', 0],
  [0, 282, 'natDst', 'ipv6', 0],
  [0, 40002, 'natDst', 'address', 1],
  [0, 227, 'natSrcPort', 'unsigned', 0],
  [0, 40003, 'natSrcPort', 'unsigned', 1],
  [0, 228, 'natDstPort', 'unsigned', 0],
  [0, 40004, 'natDstPort', 'unsigned', 1],
  [0, 230, 'natEvent', 'unsigned', 0],
  [0, 233, 'firewallEvent', 'unsigned', 0],
  [0, 40005, 'firewallEvent', 'unsigned', 1],
  [0, 33002, 'firewallExtEvent', 'unsigned', 0],
  [0, 234, 'vrf', 'unsigned', 0],
  [0, 235, 'egressVrf', 'unsigned', 0],
  [0, 351, 'segment', 'unsigned', 0],
  [0, 40000, 'user', 'text', 0],
  [0, 371, 'user', 'text', 1],
  [0, 56702, 'user', 'text', 2],
  [6876, 890, 'inIfKind', 'unsigned', 0],
  [6876, 888, 'outIfKind', 'unsigned', 0],
  [6876, 889, 'exportRole', 'unsigned', 0],
];

/** Name of the extra with the first packet of a flow (Cisco ETA "IDP"). */
export const INITIAL_DATA = 'initialDataPacket';
/** Elements that say nothing: padding. */
export const PADDING_ELEMENT = 210;
/** systemInitTimeMilliseconds: what 21 and 22 count from in IPFIX. */
export const BOOT_TIME_ELEMENT = 160;
/** ipVersion: told by the addresses already. */
export const IP_VERSION_ELEMENT = 60;
/** Private enterprise number of the reverse direction (RFC 5103). */
export const REVERSE_ENTERPRISE = 29305;
/** Private enterprise number of VMware. */
export const VMWARE_ENTERPRISE = 6876;
