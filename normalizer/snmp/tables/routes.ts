import { interfaceExtra } from './addresses';
import type { Decoding } from '../decoding';
import { IndexReader } from '../index-reader';
import type { Row } from '../table-rows';

/** inetCidrRouteType (RFC 4292). */
const TYPES = ['', 'other', 'reject', 'local', 'remote', 'blackhole'];
/** IANAipRouteProtocol. */
const PROTOCOLS = [
  '',
  'other',
  'local',
  'netmgmt',
  'icmp',
  'egp',
  'ggp',
  'hello',
  'rip',
  'isIs',
  'esIs',
  'ciscoIgrp',
  'bbnSpfIgp',
  'ospf',
  'bgp',
  'idpr',
  'ciscoEigrp',
  'dvmrp',
];
/** Bits of an address and the text of the unspecified one, by InetAddressType. */
const FAMILIES: Readonly<Record<number, { readonly bits: number; readonly any: string }>> = {
  1: { bits: 32, any: '0.0.0.0' },
  2: { bits: 128, any: '::' },
  3: { bits: 32, any: '0.0.0.0' },
  4: { bits: 128, any: '::' },
};

/** inetCidrRouteTable, where somebody wants it: which way a destination goes. */
export function decodeRoutes(decoding: Decoding): void {
  for (const row of decoding.rows.rows('inetCidrRouteTable')) route(decoding, row);
}

/** Index: destination, prefix length, policy (an OID with its length), next hop. */
function route(decoding: Decoding, row: Row): void {
  const [family = 0] = row.index;
  const reader = new IndexReader(row.index);
  const destination = reader.inetAddress();
  const prefix = reader.take();
  const hop = reader.skip(reader.take()) ? reader.inetAddress(0) : undefined;
  const { bits, any } = FAMILIES[family] ?? { bits: -1, any: '' };
  if (destination === undefined || prefix === undefined || prefix > bits || hop === undefined) {
    decoding.refuse('snmp_bad_index', row.key);
    return;
  }
  const network = `${destination.ip ?? any}/${prefix}`;
  const ifIndex = row.integer('inetCidrRouteIfIndex');
  const extra = {
    ...interfaceExtra(decoding, ifIndex),
    'ascribe.route.next_hop': hop.ip,
    'ascribe.route.type': TYPES[row.integer('inetCidrRouteType') ?? 0] || undefined,
    'ascribe.route.protocol': PROTOCOLS[row.integer('inetCidrRouteProto') ?? 0] || undefined,
    'ascribe.zone': destination.zone,
  };
  const id = `${network} ${hop.ip ?? 'direct'} ${ifIndex ?? 0}`;
  if (decoding.device.states(`route ${id}`, JSON.stringify(extra), decoding.receivedAt)) {
    decoding.inventory('route', id, network, extra);
  }
}
