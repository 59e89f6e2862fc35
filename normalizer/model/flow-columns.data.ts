/**
 * The columns of a flow, in one table: the batch, the fact store, `parse` and the documentation all read it.
 * `sql` is the column of the public `flow` view, `ecs` the dotted name in JSON (none: shown by special code or not at all).
 *
 * Kinds: `u8` `u16` `u32` unsigned integers; `u64` exact 64-bit counters; `ms` epoch milliseconds whose fraction carries
 * microseconds; `addr` 4 or 16 bytes; `mac` 48 bits as an integer; `text` short strings.
 */
export const FLOW_COLUMNS = {
  /** First and last packet, or event time. */
  start: { kind: 'ms', sql: 'start', ecs: 'event.start' },
  end: { kind: 'ms', sql: 'end', ecs: 'event.end' },
  /** How `start`/`end` were made: an index into `FLOW_TIME_SOURCES`. */
  timeSource: { kind: 'u8', sql: 'time_source', ecs: undefined },
  src: { kind: 'addr', sql: 'src', ecs: 'source.ip' },
  dst: { kind: 'addr', sql: 'dst', ecs: 'destination.ip' },
  srcPort: { kind: 'u16', sql: 'src_port', ecs: 'source.port' },
  dstPort: { kind: 'u16', sql: 'dst_port', ecs: 'destination.port' },
  protocol: { kind: 'u8', sql: 'protocol', ecs: 'network.iana_number' },
  /** From `src` to `dst`, as the exporter counted: never multiplied by a sampling rate. */
  bytes: { kind: 'u64', sql: 'bytes', ecs: 'source.bytes' },
  packets: { kind: 'u64', sql: 'packets', ecs: 'source.packets' },
  /** The other direction, where one record tells both (biflow, NSEL). */
  replyBytes: { kind: 'u64', sql: 'reply_bytes', ecs: 'destination.bytes' },
  replyPackets: { kind: 'u64', sql: 'reply_packets', ecs: 'destination.packets' },
  tcpFlags: { kind: 'u16', sql: 'tcp_flags', ecs: 'ascribe.tcp_flags' },
  tos: { kind: 'u8', sql: 'tos', ecs: 'ascribe.tos' },
  /** ICMP type * 256 + code. */
  icmp: { kind: 'u16', sql: 'icmp', ecs: 'ascribe.icmp' },
  inIf: { kind: 'u32', sql: 'in_if', ecs: 'observer.ingress.interface.id' },
  outIf: { kind: 'u32', sql: 'out_if', ecs: 'observer.egress.interface.id' },
  /** IE 61: 0 ingress, 1 egress. Where the exporter metered, not who began. */
  flowDirection: { kind: 'u8', sql: 'flow_direction', ecs: 'ascribe.flow_direction' },
  /** IE 239 biflowDirection: 1 initiator is `src`, 2 reverse initiator, 3 perimeter. */
  biflowDirection: { kind: 'u8', sql: 'biflow_direction', ecs: 'ascribe.biflow_direction' },
  endReason: { kind: 'u8', sql: 'end_reason', ecs: 'ascribe.end_reason' },
  /** Translated endpoints; set only where there is a translation. */
  natSrc: { kind: 'addr', sql: 'nat_src', ecs: 'source.nat.ip' },
  natDst: { kind: 'addr', sql: 'nat_dst', ecs: 'destination.nat.ip' },
  natSrcPort: { kind: 'u16', sql: 'nat_src_port', ecs: 'source.nat.port' },
  natDstPort: { kind: 'u16', sql: 'nat_dst_port', ecs: 'destination.nat.port' },
  /** IE 233 firewallEvent (1 created, 2 deleted, 3 denied, 4 alert, 5 update) where the record is one. */
  firewallEvent: { kind: 'u8', sql: 'firewall_event', ecs: 'ascribe.firewall_event' },
  firewallExtEvent: { kind: 'u16', sql: 'firewall_ext_event', ecs: 'ascribe.firewall_ext_event' },
  /** IE 230 natEvent as sent; its meaning is the vendor's. */
  natEvent: { kind: 'u8', sql: 'nat_event', ecs: 'ascribe.nat_event' },
  /** IE 148 flowId / NSEL connection id. */
  connectionId: { kind: 'u64', sql: 'connection_id', ecs: 'ascribe.session_key' },
  vrf: { kind: 'u32', sql: 'vrf', ecs: 'ascribe.vrf' },
  vlan: { kind: 'u16', sql: 'vlan', ecs: 'network.vlan.id' },
  srcMac: { kind: 'mac', sql: 'src_mac', ecs: 'source.mac' },
  dstMac: { kind: 'mac', sql: 'dst_mac', ecs: 'destination.mac' },
  /** RFC 6759 classification engine * 2^24 + selector. */
  application: { kind: 'u32', sql: 'application', ecs: 'ascribe.application' },
  /** Name of the application: in the record, or by the exporter's own table (RFC 6759) as it stood when the flow was read. */
  applicationName: { kind: 'text', sql: 'application_name', ecs: 'network.application' },
  /** What the first payload bytes are, where the exporter sends them (Cisco ETA): `tls`, `dtls`, `quic`, `ssh`, `http`. */
  payloadProtocol: { kind: 'text', sql: 'payload_protocol', ecs: 'network.protocol' },
  /** One packet of how many; its origin is an index into `SAMPLING_SOURCES`. */
  samplingRate: { kind: 'u32', sql: 'sampling_rate', ecs: 'ascribe.sampling.rate' },
  samplingSource: { kind: 'u8', sql: 'sampling_source', ecs: 'ascribe.sampling.source' },
  user: { kind: 'text', sql: 'user', ecs: 'user.name' },
  /** Routing, as the exporter looked it up; an absent next hop (0.0.0.0) has length 0. */
  nextHop: { kind: 'addr', sql: 'next_hop', ecs: 'ascribe.next_hop' },
  bgpNextHop: { kind: 'addr', sql: 'bgp_next_hop', ecs: 'ascribe.bgp_next_hop' },
  srcAs: { kind: 'u32', sql: 'src_as', ecs: 'source.as.number' },
  dstAs: { kind: 'u32', sql: 'dst_as', ecs: 'destination.as.number' },
  srcMask: { kind: 'u8', sql: 'src_mask', ecs: 'ascribe.src_mask' },
  dstMask: { kind: 'u8', sql: 'dst_mask', ecs: 'ascribe.dst_mask' },
  /** IE 23/24, counted behind the device. The same traffic as `bytes`, never to be added to it. */
  postBytes: { kind: 'u64', sql: 'post_bytes', ecs: 'ascribe.post_bytes' },
  postPackets: { kind: 'u64', sql: 'post_packets', ecs: 'ascribe.post_packets' },
  /**
   * What an NSEL record says word for word. `bytes` and its kin then hold only what earlier records of the connection
   * did not count yet, so that they may be summed (a teardown repeats the bytes of the updates before it).
   */
  statedBytes: { kind: 'u64', sql: 'stated_bytes', ecs: 'ascribe.stated_bytes' },
  statedPackets: { kind: 'u64', sql: 'stated_packets', ecs: 'ascribe.stated_packets' },
  statedReplyBytes: { kind: 'u64', sql: 'stated_reply_bytes', ecs: 'ascribe.stated_reply_bytes' },
  statedReplyPackets: { kind: 'u64', sql: 'stated_reply_packets', ecs: 'ascribe.stated_reply_packets' },
  replyTcpFlags: { kind: 'u16', sql: 'reply_tcp_flags', ecs: 'ascribe.reply_tcp_flags' },
  postTos: { kind: 'u8', sql: 'post_tos', ecs: 'ascribe.post_tos' },
  minTtl: { kind: 'u8', sql: 'min_ttl', ecs: 'ascribe.min_ttl' },
  maxTtl: { kind: 'u8', sql: 'max_ttl', ecs: 'ascribe.max_ttl' },
  minLength: { kind: 'u16', sql: 'min_length', ecs: 'ascribe.min_length' },
  maxLength: { kind: 'u16', sql: 'max_length', ecs: 'ascribe.max_length' },
  flowLabel: { kind: 'u32', sql: 'flow_label', ecs: 'ascribe.flow_label' },
  /** IE 89: the two highest bits are the status, the others the reason. */
  forwardingStatus: { kind: 'u8', sql: 'forwarding_status', ecs: 'ascribe.forwarding_status' },
  /** IE 235 and 59: behind the device. */
  egressVrf: { kind: 'u32', sql: 'egress_vrf', ecs: 'ascribe.egress_vrf' },
  postVlan: { kind: 'u16', sql: 'post_vlan', ecs: 'ascribe.post_vlan' },
  postSrcMac: { kind: 'mac', sql: 'post_src_mac', ecs: 'ascribe.post_src_mac' },
  postDstMac: { kind: 'mac', sql: 'post_dst_mac', ecs: 'ascribe.post_dst_mac' },
  /** IE 48 or 302: which sampler chose the packets; 0 none. */
  sampler: { kind: 'u32', sql: 'sampler', ecs: 'ascribe.sampling.id' },
  /** VMware IE 890/888: what kind of port `inIf`/`outIf` is (1 uplink, 2 access port of a VM, 3 VXLAN tunnel end). */
  inIfKind: { kind: 'u16', sql: 'in_if_kind', ecs: 'ascribe.in_if_kind' },
  outIfKind: { kind: 'u16', sql: 'out_if_kind', ecs: 'ascribe.out_if_kind' },
  /** VMware IE 889: 1 the record was made where the VXLAN packet is opened, 0 where it is made. */
  exportRole: { kind: 'u8', sql: 'export_role', ecs: 'ascribe.export_role' },
  /** IE 351: overlay type * 2^56 + VXLAN or NVGRE network. */
  segment: { kind: 'u64', sql: 'segment', ecs: 'ascribe.segment' },
} as const satisfies Record<string, { kind: FlowColumnKind; sql: string; ecs: string | undefined }>;

export type FlowColumnKind = 'u8' | 'u16' | 'u32' | 'u64' | 'ms' | 'addr' | 'mac' | 'text';
export type FlowColumnName = keyof typeof FLOW_COLUMNS;

/** `none`: no time in the record, the export time stands in. */
export const FLOW_TIME_SOURCES = ['none', 'absolute', 'uptime', 'export', 'event'] as const;

/** Where a sampling rate came from. `prescaled`: the exporter multiplied already (VMware VDS), the rate is unknown. */
export const SAMPLING_SOURCES = ['none', 'record', 'options', 'header', 'config', 'prescaled'] as const;
