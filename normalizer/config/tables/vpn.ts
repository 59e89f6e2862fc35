import { canonicalAddress } from '../../model/address';
import { mac } from '../../syslog/grammar/values';
import type { ConfigPlatform } from '../platforms';
import type { TableReading } from './table-reading';
import { addressIn, blocksOf, pairsOf, wordsOf } from './text';

/** Users of remote access and peers of site-to-site tunnels: `vpn_sessions`, `ike_sa`, `gateway_users`, `ppp_sessions`. */
export function readVpn(table: TableReading, platform: ConfigPlatform): void {
  switch (platform) {
    case 'cisco_asa':
      asaSessions(table);
      return;
    case 'cisco_ios':
      iosSessions(table);
      return;
    case 'panos':
      panosUsers(table);
      return;
    case 'mikrotik':
      routerosActive(table);
      return;
    case 'juniper_junos':
    case 'fortigate':
    case 'arista_eos':
    case 'vyos':
    case 'pfsense':
    case 'opnsense':
      peers(table, platform);
      return;
    case 'cisco_nxos':
  }
}

/** `Name : value  Name : value` lines of `show vpn-sessiondb`; a session begins with `Username` or `Connection`. */
function asaSessions(table: TableReading): void {
  for (const block of blocksOf(table.lines, (line) => /^(?:Username|Connection) +:/.test(line))) {
    const field = (name: string): string | undefined => {
      for (const line of block) {
        const match = new Map(fieldsOf(line)).get(name);
        if (match !== undefined) return match;
      }
      return undefined;
    };
    const user = field('Username');
    const publicIp = canonicalAddress(field('Public IP') ?? '');
    if (user !== undefined) {
      for (const name of ['Assigned IP', 'Assigned IPv6']) {
        const ip = canonicalAddress(field(name) ?? '');
        if (ip !== undefined)
          table.binding('ip-user', ip, user, {
            'source.ip': publicIp,
            'ascribe.vpn.group': field('Tunnel Group'),
            'user.group.name': field('Group Policy'),
          });
      }
      continue;
    }
    const peer = canonicalAddress(field('IP Addr') ?? field('Connection') ?? '');
    if (peer !== undefined)
      tunnel(table, peer, {
        'ascribe.tunnel.protocol': field('Protocol'),
        'ascribe.tunnel.bytes_sent': field('Bytes Tx'),
        'ascribe.tunnel.bytes_received': field('Bytes Rx'),
        'ascribe.tunnel.status': 'up',
      });
  }
}

/** Two columns of `Name : value`, divided by spaces. */
function fieldsOf(line: string): [string, string][] {
  const fields: [string, string][] = [];
  for (const part of line.split(/ {2,}(?=[A-Z][A-Za-z0-9 ]{1,20}: )/)) {
    const colon = part.indexOf(':');
    const name = part.slice(0, Math.max(colon, 0)).trim();
    const value = part.slice(colon + 1).trim();
    if (colon > 0 && value !== '') fields.push([name, value]);
  }
  return fields.flatMap(([name, value]) => {
    // `USER               Index        : 1018`: the second column has more spaces before its colon.
    const inner = /^(.*?) {2,}([A-Z][A-Za-z0-9 ]{1,20}?) *: (.*)$/.exec(value);
    return inner === null
      ? [[name, value] as [string, string]]
      : [
          [name, (inner[1] ?? '').trim()],
          [(inner[2] ?? '').trim(), (inner[3] ?? '').trim()],
        ];
  });
}

function tunnel(table: TableReading, peer: string, extra: Readonly<Record<string, string | number | undefined>>): void {
  table.inventory('tunnel', `ipsec:${peer}`, peer, { 'ascribe.tunnel.peer': peer, ...extra });
}

/** `show crypto session`: `Interface:`, `Session status:`, `Peer: A port 500 fvrf: … ivrf: …`. */
function iosSessions(table: TableReading): void {
  for (const block of blocksOf(table.lines, (line) => line.startsWith('Interface:'))) {
    const line = block.find((each) => each.trimStart().startsWith('Peer:')) ?? '';
    const peer = canonicalAddress(/Peer: (\S{1,64})/.exec(line)?.[1] ?? '');
    if (peer === undefined) continue;
    const text = (pattern: RegExp): string | undefined => block.map((each) => pattern.exec(each)?.[1]).find(Boolean);
    const vrf = /fvrf: (\S{1,64})/.exec(line)?.[1];
    tunnel(table, peer, {
      'ascribe.tunnel.status': text(/^Session status: (\S{1,32})/)?.toLowerCase(),
      'ascribe.tunnel.interface': text(/^Interface: (\S{1,64})/),
      'ascribe.tunnel.port': /port (\d{1,5})/.exec(line)?.[1],
      'ascribe.vrf': vrf === '(none)' ? undefined : vrf,
    });
  }
}

/** `User : domain\user`, `Private IP : A`, `Public IP : B`; IKE and IPsec tables have a peer in each row. */
function panosUsers(table: TableReading): void {
  const blocks = blocksOf(table.lines, (line) => /^\s*(?:GlobalProtect Gateway|User ?Name|User) *:/.test(line));
  for (const block of blocks) {
    const text = (pattern: RegExp): string | undefined =>
      block.map((line) => pattern.exec(line)?.[1]?.trim()).find(Boolean);
    const user = text(/^\s*(?:User ?Name|User) *: (.{1,128})$/);
    const ip = canonicalAddress(text(/^\s*(?:Private IP|Virtual IP) *: (\S{1,64})/) ?? '');
    if (user !== undefined && ip !== undefined)
      table.binding('ip-user', ip, user, {
        'source.ip': canonicalAddress(text(/^\s*(?:Public IP|Client IP) *: (\S{1,64})/) ?? ''),
        'host.name': text(/^\s*Computer *: (\S{1,128})/),
      });
  }
  if (blocks.length === 0) peers(table, 'panos');
}

/** `/ppp active`: name, service, caller-id, address; `/ip ipsec active-peers`: remote-address, state. */
function routerosActive(table: TableReading): void {
  for (const line of table.lines) {
    const pairs = pairsOf(line);
    const user = pairs.get('name');
    const ip = canonicalAddress(pairs.get('address') ?? '');
    const peer = canonicalAddress(pairs.get('remote-address') ?? '');
    if (user !== undefined && ip !== undefined)
      table.binding('ip-user', ip, user, {
        'source.ip': canonicalAddress(pairs.get('caller-id') ?? ''),
        'network.application': pairs.get('service'),
      });
    else if (peer !== undefined) tunnel(table, peer, { 'ascribe.tunnel.status': pairs.get('state') });
  }
}

/** Where each platform writes the peer: the first address of a row (Junos, EOS), or what stands in a form of its own. */
function peers(table: TableReading, platform: ConfigPlatform): void {
  for (const line of table.lines) {
    const words = wordsOf(line);
    const peer =
      platform === 'fortigate'
        ? endBefore(words[1])
        : platform === 'pfsense' || platform === 'opnsense'
          ? remoteOf(line)
          : rowPeer(words, platform === 'arista_eos' ? 1 : 0);
    if (peer !== undefined)
      tunnel(table, peer, {
        'ascribe.tunnel.status': words
          .find((word) => /^(?:up|down|active|established|installed|mature)$/i.test(word))
          ?.toLowerCase(),
      });
  }
}

/** `'name' 203.0.113.9:0  selectors(total,up): 1/1 …`. */
function endBefore(word: string | undefined): string | undefined {
  return word === undefined ? undefined : canonicalAddress(word.split(':')[0] ?? '');
}

/** swanctl: `  remote 'id' @ 203.0.113.9[4500]`. */
function remoteOf(line: string): string | undefined {
  const match = /^\s+remote +\S{1,128} @ ([0-9a-fA-F.:]{2,45})\[/.exec(line);
  return match === null ? undefined : canonicalAddress(match[1] ?? '');
}

/** EOS writes the tunnel's own address first. */
function rowPeer(words: readonly string[], own: number): string | undefined {
  if (words.length < 3) return undefined;
  const addresses = words.map(addressIn).filter((ip) => ip !== undefined);
  return addresses[own];
}

/** Leases that the device gave: `dhcp_leases`. RouterOS: address, mac-address, host-name, status; VyOS: address, MAC, state, … name. */
export function readLeases(table: TableReading, platform: ConfigPlatform): void {
  for (const line of table.lines) {
    if (platform === 'mikrotik') {
      const pairs = pairsOf(line);
      const ip = canonicalAddress(pairs.get('active-address') ?? pairs.get('address') ?? '');
      const hardware = mac(pairs.get('active-mac-address') ?? pairs.get('mac-address'));
      if (ip !== undefined && hardware !== undefined && pairs.get('status') === 'bound')
        table.binding('ip-dhcp', ip, hardware, { hostname: pairs.get('host-name') });
      continue;
    }
    const words = wordsOf(line);
    const ip = canonicalAddress(words[0] ?? '');
    const hardware = mac(words[1]);
    if (ip !== undefined && hardware !== undefined && words.includes('active'))
      table.binding('ip-dhcp', ip, hardware, { hostname: words.at(-1) });
  }
}
