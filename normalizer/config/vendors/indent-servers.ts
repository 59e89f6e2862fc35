import { type ConfigNode, childOf, childrenNamed } from '../config-node';
import type { ConfigReading, EndpointPurpose } from '../config-reading';
import { addressOf, portOf } from '../hosts';
import { optionsOf, type Sources, startsWith } from './indent-endpoints';
import { groupOf, settingsOf } from './indent-groups';

/** A configuration of a Cisco-like language while its services are read. */
export interface Context {
  readonly reading: ConfigReading;
  readonly root: ConfigNode;
  readonly sources: Sources;
}

/** `address ipv4 A auth-port P acct-port Q`, `server-private`; LDAP: `ipv4 A`, `transport port P`, `mode secure`. */
export function serverBlock(
  r: Context,
  statement: ConfigNode,
  purpose: 'tacacs' | 'radius' | 'ldap',
  port: number,
  second?: number,
): void {
  const address = statement.children.find(
    ({ words }) => words[0] === 'address' || words[0] === 'ipv4' || words[0] === 'ipv6',
  );
  if (address === undefined) return;
  const { words } = address;
  const options = optionsOf(words);
  const host = words[0] === 'address' ? words[2] : words[1];
  const secure = statement.children.some(
    (each) => startsWith(each.words, ['mode', 'secure']) || each.words[0] === 'tls' || each.words[0] === 'dtls',
  );
  const stated =
    portOf(childOf(statement, 'port')?.words[1]) ?? portOf(childOf(statement, 'transport', 'port')?.words[2]);
  const group = groupOf(r.root, statement.words[2]);
  const common = {
    purpose,
    host,
    ...group,
    sourceInterface: group.sourceInterface ?? r.sources.get(purpose),
    encrypted: secure ? 'yes' : 'no',
  } as const;
  const protocol = purpose === 'radius' && !secure ? 'udp' : 'tcp';
  r.reading.endpoint([address], {
    ...common,
    protocol,
    port: options.port ?? stated ?? (secure && purpose === 'radius' ? 2083 : port),
  });
  if (second !== undefined && !secure)
    r.reading.endpoint([address], { ...common, protocol, port: options.accountingPort ?? second });
}

/** `aaa group server radius G` / `server A`, `server-private A`, `ip vrf forwarding V`, `use-vrf V`, `source-interface I`. */
export function serverGroup({ reading, root, sources }: Context, statement: ConfigNode): void {
  const type = statement.words[3];
  const purpose = type === 'tacacs+' ? 'tacacs' : type === 'radius' ? 'radius' : type === 'ldap' ? 'ldap' : undefined;
  if (purpose === undefined) return;
  const { vrf, sourceInterface } = settingsOf(statement);
  const port = { tacacs: 49, radius: 1645, ldap: 389 }[purpose];
  for (const server of statement.children) {
    const [word, host] = server.words;
    if ((word !== 'server' && word !== 'server-private') || addressOf(host) === undefined) continue;
    // A group only refers to what `tacacs-server host` declares.
    if (word === 'server' && root.children.some(({ words }) => words[1] === 'host' && words[2] === host)) continue;
    const options = optionsOf(server.words);
    reading.endpoint(server, {
      purpose,
      host,
      protocol: purpose === 'radius' ? 'udp' : 'tcp',
      port: options.port ?? port,
      vrf,
      sourceInterface: sourceInterface ?? sources.get(purpose),
    });
  }
}

const ASA_AAA: Readonly<Record<string, readonly [EndpointPurpose, string, number]>> = {
  radius: ['radius', 'udp', 1645],
  'tacacs+': ['tacacs', 'tcp', 49],
  ldap: ['ldap', 'tcp', 389],
  kerberos: ['other', 'udp', 88],
  'http-form': ['other', 'tcp', 80],
};

/** ASA: `aaa-server G protocol P`, `aaa-server G (IF) host A [KEY]` with a block. */
export function asaServer({ reading, root }: Context, statement: ConfigNode): void {
  const { words } = statement;
  const host = words.indexOf('host');
  if (host < 0) return;
  const protocol = childrenNamed(root, 'aaa-server').find(
    (each) => each.words[1] === words[1] && each.words[2] === 'protocol',
  )?.words[3];
  const [purpose, transport, port] = ASA_AAA[protocol ?? ''] ?? (['other', '*', undefined] as const);
  const secure = statement.children.some((each) => startsWith(each.words, ['ldap-over-ssl', 'enable']));
  const stated =
    portOf(childOf(statement, 'server-port')?.words[1]) ?? portOf(childOf(statement, 'authentication-port')?.words[1]);
  reading.endpoint([statement], {
    purpose,
    host: words[host + 1],
    protocol: transport,
    port: stated ?? (secure ? 636 : port),
    encrypted: secure ? 'yes' : 'no',
    sourceInterface: words[2]?.startsWith('(') === true ? words[2].slice(1, -1) : undefined,
  });
}

/** `dns server-group D` / `name-server A B`. */
export function nameServers({ reading }: Context, statement: ConfigNode): void {
  for (const server of childrenNamed(statement, 'name-server')) {
    for (const host of server.words.slice(1)) {
      if (addressOf(host) === undefined) continue;
      reading.endpoint(server, { purpose: 'dns', host, protocol: 'udp', port: 53 });
    }
  }
}
