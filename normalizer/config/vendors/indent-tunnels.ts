import { type ConfigNode, childOf, childrenNamed } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { addressOf, hostOf, isName } from '../hosts';
import { startsWith } from './indent-endpoints';

/** IPsec peers, tunnels and BGP neighbours of the Cisco-like languages. */
export function readPeers(reading: ConfigReading, root: ConfigNode): void {
  for (const statement of root.children) {
    const { words } = statement;
    if (words[0] === 'crypto') readCrypto(reading, root, statement);
    else if (words[0] === 'tunnel-group') readTunnelGroup(reading, statement);
    else if (words[0] === 'interface') readTunnel(reading, statement);
    else if (startsWith(words, ['router', 'bgp'])) readBgp(reading, statement);
    else if (words[0] === 'vpdn-group') readL2tp(reading, statement);
  }
}

/** IKE, IKE behind NAT and ESP: what a peer makes the device send. */
export function ipsecPeer(
  reading: ConfigReading,
  statement: ConfigNode | readonly ConfigNode[],
  host: string | undefined,
  more: {
    readonly active?: boolean;
    readonly vrf?: string | undefined;
    readonly sourceInterface?: string | undefined;
    readonly sourceIp?: string | undefined;
  } = {},
): void {
  for (const port of [500, 4500]) {
    reading.endpoint(statement, { purpose: 'ipsec', host, protocol: 'udp', port, encrypted: 'yes', ...more });
  }
  reading.endpoint(statement, { purpose: 'ipsec', host, protocol: 'esp', encrypted: 'yes', ...more });
}

function readCrypto(reading: ConfigReading, root: ConfigNode, statement: ConfigNode): void {
  const { words } = statement;
  if (words[1] === 'map' || words[1] === 'dynamic-map') {
    readCryptoMap(reading, root, statement);
    return;
  }
  if (words[1] === 'isakmp' && words[2] === 'key') {
    const at = words.findIndex((word) => word === 'address' || word === 'hostname');
    const host = words[at + 1] === 'ipv6' ? words[at + 2] : words[at + 1];
    if (at > 0 && (words[at + 2] === undefined || !startsWithZero(words[at + 2]))) ipsecPeer(reading, statement, host);
  }
  if (words[1] === 'keyring') {
    const vrf = words[3] === 'vrf' ? words[4] : undefined;
    for (const each of childrenNamed(statement, 'pre-shared-key')) {
      const host = each.words[1] === 'address' && each.words[2] === 'ipv6' ? each.words[3] : each.words[2];
      // A mask behind the address makes it a range of peers, which may only call in.
      if (addressOf(each.words[3]) === undefined) ipsecPeer(reading, each, host, { vrf });
    }
  }
  if (words[1] === 'ikev2' && words[2] === 'keyring') {
    for (const peer of childrenNamed(statement, 'peer')) {
      const address = childOf(peer, 'address');
      if (address !== undefined && addressOf(address.words[2]) === undefined)
        ipsecPeer(reading, [address], address.words[1]);
    }
  }
  if (words[1] === 'gdoi' || words[1] === 'gkm') {
    for (const server of childrenNamed(statement, 'server')) {
      if (server.words[1] !== 'address') continue;
      reading.endpoint(server, {
        purpose: 'ipsec',
        host: server.words[3],
        protocol: 'udp',
        port: 848,
        encrypted: 'yes',
      });
    }
  }
}

function startsWithZero(mask: string | undefined): boolean {
  return mask?.startsWith('0.') === true;
}

/** IOS: `crypto map M 10 ipsec-isakmp` / `set peer A`, `match address ACL`; ASA: `crypto map M 10 set peer A B`. */
function readCryptoMap(reading: ConfigReading, root: ConfigNode, statement: ConfigNode): void {
  const { words } = statement;
  const local = root.children.find(
    (each) => startsWith(each.words, ['crypto', 'map', words[2] ?? '']) && each.words[3] === 'local-address',
  )?.words[4];
  const peers =
    words[4] === 'set' && words[5] === 'peer'
      ? [statement]
      : statement.children.filter((each) => startsWith(each.words, ['set', 'peer']));
  for (const peer of peers) {
    for (const host of peer.words.slice(peer === statement ? 6 : 2)) {
      if (hostOf(host) !== undefined && host !== 'default')
        ipsecPeer(reading, [peer], host, { sourceInterface: local });
    }
  }
  if (words[4] === 'ipsec-isakmp') {
    const name = `${words[2]} ${words[3]}`;
    const match = childOf(statement, 'match', 'address')?.words[2];
    reading.rule(
      'crypto_map',
      statement,
      { name },
      { 'ascribe.config.acl': match, 'ascribe.config.peer': peers[0]?.words[2] },
    );
  }
}

/** ASA: `tunnel-group A type ipsec-l2l`: the name is the peer's address. */
function readTunnelGroup(reading: ConfigReading, statement: ConfigNode): void {
  const [, name, word, type] = statement.words;
  if (word === 'type' && type === 'ipsec-l2l' && addressOf(name) !== undefined) ipsecPeer(reading, statement, name);
}

const TUNNEL_PROTOCOLS: Readonly<Record<string, string>> = {
  gre: 'gre',
  ipip: 'ipip',
  ipv6ip: 'ipv6',
  ipsec: 'esp',
  vxlan: 'udp',
};

/** `tunnel destination A`, `tunnel source I`, `tunnel vrf V`, `tunnel mode M`, `tunnel protection ipsec`; DMVPN: `ip nhrp nhs`, `ip nhrp map`. */
function readTunnel(reading: ConfigReading, statement: ConfigNode): void {
  const value = (...words: string[]): string | undefined => childOf(statement, ...words)?.words[words.length];
  const off = statement.children.some(({ words }) => words[0] === 'shutdown');
  const mode = value('tunnel', 'mode') ?? 'gre';
  const isProtected = childOf(statement, 'tunnel', 'protection') !== undefined;
  const source = value('tunnel', 'source');
  const common = {
    active: !off,
    vrf: value('tunnel', 'vrf') ?? value('tunnel', 'use-vrf'),
    ...(addressOf(source) === undefined
      ? { sourceInterface: source === 'interface' ? value('tunnel', 'source', 'interface') : source }
      : { sourceIp: source }),
  };
  const remote = (each: ConfigNode, host: string | undefined): void => {
    if (isProtected || mode === 'ipsec') ipsecPeer(reading, [each], host, common);
    reading.endpoint([each], {
      purpose: 'tunnel',
      host,
      protocol: TUNNEL_PROTOCOLS[mode] ?? 'gre',
      encrypted: isProtected || mode === 'ipsec' ? 'yes' : 'no',
      ...common,
    });
  };
  for (const each of statement.children) {
    const { words } = each;
    if (startsWith(words, ['tunnel', 'destination'])) remote(each, words[2] === 'dynamic' ? undefined : words[2]);
    // The next-hop server is named by its tunnel address; `nbma` or a static map states where it really is.
    if (startsWith(words, ['ip', 'nhrp', 'nhs']) && words.includes('nbma'))
      remote(each, words[words.indexOf('nbma') + 1]);
    if (startsWith(words, ['ip', 'nhrp', 'map']) && words[3] !== 'multicast') remote(each, words[4]);
  }
}

/** `neighbor A remote-as N` in the process, in an address family (`vrf V`) or as a block of its own (NX-OS). */
function readBgp(reading: ConfigReading, process: ConfigNode): void {
  const visit = (block: ConfigNode, vrf: string | undefined): void => {
    for (const each of block.children) {
      const { words } = each;
      if (words[0] === 'vrf') visit(each, words[1]);
      else if (words[0] === 'address-family')
        visit(
          each,
          words[words.indexOf('vrf') + 1] !== words[0] && words.includes('vrf') ? words[words.indexOf('vrf') + 1] : vrf,
        );
      else if (words[0] === 'neighbor') bgpNeighbour(reading, block, each, vrf);
    }
  };
  visit(process, undefined);
}

function bgpNeighbour(reading: ConfigReading, block: ConfigNode, statement: ConfigNode, vrf: string | undefined): void {
  const [, host, word] = statement.words;
  if (addressOf(host) === undefined || host?.includes('/') === true) return;
  const declares =
    word === 'remote-as' ||
    word === 'peer-group' ||
    startsWith(statement.words.slice(2), ['peer', 'group']) ||
    statement.children.length > 0 ||
    word === 'inherit';
  if (!declares) return;
  const all = childrenNamed(block, 'neighbor').filter(({ words }) => words[1] === host);
  // One neighbour, one endpoint: the first statement that declares it.
  if (
    all.find(({ words }) => words[2] === 'remote-as' || words[2] === 'peer-group' || words[2] === 'peer') !==
      statement &&
    statement.children.length === 0
  )
    return;
  const off = all.some(
    ({ words, children }) => words[2] === 'shutdown' || children.some((each) => each.words[0] === 'shutdown'),
  );
  const source =
    all.find(({ words }) => words[2] === 'update-source')?.words[3] ?? childOf(statement, 'update-source')?.words[1];
  reading.endpoint([statement], {
    purpose: 'bgp',
    host,
    protocol: 'tcp',
    port: 179,
    active: !off,
    vrf,
    sourceInterface: source,
  });
}

/** `vpdn-group G` / `initiate-to ip A`. */
function readL2tp(reading: ConfigReading, statement: ConfigNode): void {
  for (const each of childrenNamed(statement, 'initiate-to')) {
    const host = each.words.find((word, i) => i > 0 && (addressOf(word) !== undefined || isName(word, true)));
    reading.endpoint(each, { purpose: 'tunnel', host, protocol: 'udp', port: 1701 });
  }
}
