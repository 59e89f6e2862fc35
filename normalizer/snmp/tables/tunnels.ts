import type { Decoding, Extra } from '../decoding';
import { IndexReader } from '../index-reader';

/** A tunnel that exists now. `id` is unique within the device. */
function tunnel(decoding: Decoding, id: string, name: string | undefined, extra: Extra): void {
  const text = `${name}\n${JSON.stringify(extra)}`;
  if (!decoding.device.states(`tunnel ${id}`, text, decoding.receivedAt)) return;
  decoding.inventory('tunnel', id, name, extra);
}

/** IKE and IPsec tunnels of Cisco, Juniper and Fortinet: which peers a device has, and whether they are up. */
export function decodeTunnels(decoding: Decoding): void {
  cisco(decoding);
  ciscoSelectors(decoding);
  juniper(decoding);
  fortinet(decoding);
}

/** cikeTunStatus, cipSecTunStatus: active 1, destroy 2. */
function active(status: number | undefined): string | undefined {
  return status === 1 ? 'up' : status === 2 ? 'down' : undefined;
}

function cisco(decoding: Decoding): void {
  for (const row of decoding.rows.rows('cikeTunnelTable')) {
    const remote = row.address('cikeTunRemoteAddr');
    if (remote === undefined) continue;
    tunnel(decoding, `ike ${row.key}`, row.text('cikeTunRemoteName'), {
      'ascribe.tunnel.type': 'ike',
      'ascribe.tunnel.local': row.address('cikeTunLocalAddr'),
      'ascribe.tunnel.remote': remote,
      'ascribe.tunnel.remote_identity': row.text('cikeTunRemoteValue'),
      'ascribe.tunnel.status': active(row.integer('cikeTunStatus')),
    });
  }
  for (const row of decoding.rows.rows('cipSecTunnelTable')) {
    const remote = row.address('cipSecTunRemoteAddr');
    if (remote === undefined) continue;
    tunnel(decoding, `ipsec ${row.key}`, undefined, {
      'ascribe.tunnel.type': 'ipsec',
      'ascribe.tunnel.local': row.address('cipSecTunLocalAddr'),
      'ascribe.tunnel.remote': remote,
      'ascribe.tunnel.ike': row.integer('cipSecTunIkeTunnelIndex'),
      'ascribe.tunnel.status': active(row.integer('cipSecTunStatus')),
    });
  }
}

/** cipSecEndPtTable: the networks whose traffic a tunnel carries; index tunnel and entry. */
function ciscoSelectors(decoding: Decoding): void {
  for (const row of decoding.rows.rows('cipSecEndPtTable')) {
    const local = row.address('cipSecEndPtLocalAddr1');
    const remote = row.address('cipSecEndPtRemoteAddr1');
    if (local === undefined && remote === undefined) continue;
    tunnel(decoding, `selector ${row.key}`, undefined, {
      'ascribe.tunnel.type': 'selector',
      'ascribe.tunnel.of': `ipsec ${row.index[0]}`,
      'ascribe.tunnel.local_network': local,
      'ascribe.tunnel.remote_network': remote,
    });
  }
}

/** Index: remote gateway, tunnel. jnxIkeTunMonState: up 1, down 2. Tunnels of IPsec are listed while they are up. */
function juniper(decoding: Decoding): void {
  for (const row of decoding.rows.rows('jnxIkeTunnelMonTable')) {
    const remote = new IndexReader(row.index).inetAddress(1);
    const state = row.integer('jnxIkeTunMonState');
    if (remote === undefined) decoding.refuse('snmp_bad_index', row.key);
    else {
      tunnel(decoding, `ike ${row.key}`, undefined, {
        'ascribe.tunnel.type': 'ike',
        'ascribe.tunnel.local': row.address('jnxIkeTunMonLocalGwAddr'),
        'ascribe.tunnel.remote': remote.ip,
        'ascribe.tunnel.remote_identity': row.text('jnxIkeTunMonRemoteIdValue'),
        'ascribe.tunnel.status': state === 1 ? 'up' : state === 2 ? 'down' : undefined,
      });
    }
  }
  for (const row of decoding.rows.rows('jnxIpSecTunnelMonTable')) {
    const remote = new IndexReader(row.index).inetAddress(1);
    if (remote === undefined) decoding.refuse('snmp_bad_index', row.key);
    else {
      tunnel(decoding, `ipsec ${row.key}`, undefined, {
        'ascribe.tunnel.type': 'ipsec',
        'ascribe.tunnel.local': row.address('jnxIpSecTunMonLocalGwAddr'),
        'ascribe.tunnel.remote': remote.ip,
        'ascribe.tunnel.local_network': row.text('jnxIpSecTunMonLocalProxyId'),
        'ascribe.tunnel.remote_network': row.text('jnxIpSecTunMonRemoteProxyId'),
      });
    }
  }
}

/** fgVpnTunEntStatus: down 1, up 2. Rows have one or two sub-identifiers in the same device. */
function fortinet(decoding: Decoding): void {
  for (const row of decoding.rows.rows('fgVpnTunTable')) {
    const remote = row.address('fgVpnTunEntRemGwyIp');
    const phase1 = row.text('fgVpnTunEntPhase1Name');
    if (remote === undefined && phase1 === undefined) continue;
    const status = row.integer('fgVpnTunEntStatus');
    tunnel(decoding, `ipsec ${row.key}`, phase1, {
      'ascribe.tunnel.type': 'ipsec',
      'ascribe.tunnel.local': row.address('fgVpnTunEntLocGwyIp'),
      'ascribe.tunnel.remote': remote,
      'ascribe.tunnel.phase2': row.text('fgVpnTunEntPhase2Name'),
      'ascribe.tunnel.status': status === 2 ? 'up' : status === 1 ? 'down' : undefined,
    });
  }
}
