import { canonicalAddress } from '../../model/address';
import type { ObjectName } from '../built-in.data';
import type { Decoding } from '../decoding';
import type { Row } from '../table-rows';
import { textOfOctets } from '../values';

/** Who has which address over remote access VPN, as the gateway says now. */
export function decodeVpnUsers(decoding: Decoding): void {
  for (const row of decoding.rows.rows('crasSessionTable')) cisco(decoding, row);
  for (const row of decoding.rows.rows('fgVpnSslTunnelTable')) {
    const user = row.text('fgVpnSslTunnelUserName');
    const from = address(row, 'fgVpnSslTunnelSrcIp');
    const vdom = row.integer('fgVpnSslTunnelVdom');
    bind(decoding, address(row, 'fgVpnSslTunnelIp'), user, { 'source.ip': from, 'ascribe.vdom': vdom });
  }
}

/** Index: user name with its length, session. The user is in the index alone. */
function cisco(decoding: Decoding, row: Row): void {
  const [length = -1, ...rest] = row.index;
  const octets = rest.slice(0, length);
  if (rest.length !== length + 1 || octets.some((octet) => octet > 255)) {
    decoding.refuse('snmp_bad_index', row.key);
    return;
  }
  bind(decoding, address(row, 'crasLocalAddress'), textOfOctets(Uint8Array.from(octets)), {
    'source.ip': address(row, 'crasISPAddress'),
    'ascribe.vpn_group': row.text('crasGroup'),
  });
}

function bind(
  decoding: Decoding,
  ip: string | undefined,
  user: string | undefined,
  extra: Readonly<Record<string, string | number | undefined>>,
): void {
  if (ip !== undefined && user !== undefined) decoding.binding('ip-user', ip, user, extra);
}

/** ASA writes these addresses as octets or as text. */
function address(row: Row, column: ObjectName): string | undefined {
  const octets = row.octets(column);
  if (octets === undefined) return undefined;
  const text = octets.length > 4 ? textOfOctets(octets) : undefined;
  const written = text === undefined ? undefined : canonicalAddress(text);
  if (written !== undefined) return written === '0.0.0.0' || written === '::' ? undefined : written;
  return row.address(column);
}
