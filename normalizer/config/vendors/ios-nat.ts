import { type ConfigNode, childrenNamed } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { addressOf, networkOf, prefixOf } from '../hosts';
import { startsWith } from './indent-endpoints';

/**
 * `ip nat …` of IOS, IOS-XE, NX-OS and EOS: pools, dynamic and static translations. A rule is named by what tells it from the
 * others: `inside source list ACL`, `inside source static tcp A 80`. Real networks are those that the access list permits.
 */
export function readIosNat(reading: ConfigReading, root: ConfigNode): void {
  for (const statement of childrenNamed(root, 'ip')) {
    if (statement.words[1] !== 'nat') continue;
    const rest = statement.words.slice(2);
    if (rest[0] === 'pool') readPool(reading, statement, rest);
    else readTranslation(reading, root, statement, rest, undefined);
  }
  // EOS: below the interface, `ip nat source dynamic access-list ACL pool P`, `ip nat source static A B`.
  for (const port of childrenNamed(root, 'interface')) {
    for (const each of port.children) {
      if (startsWith(each.words, ['ip', 'nat', 'source']))
        readTranslation(reading, root, each, each.words.slice(2), port.words[1]);
    }
  }
}

/** `pool P START END netmask M | prefix-length N`; or a block of `address START END`. */
function readPool(reading: ConfigReading, statement: ConfigNode, rest: readonly string[]): void {
  const name = rest[1] ?? '';
  const ranges = [
    rest.slice(2),
    ...childrenNamed(statement, 'address').map(({ words }) => words.slice(1)),
    ...childrenNamed(statement, 'range').map(({ words }) => words.slice(1)),
  ];
  const mapped = ranges.flatMap(([first, last]) => {
    const [from, to] = [addressOf(first), addressOf(last)];
    return from === undefined || to === undefined ? [] : [from === to ? from : `${from}-${to}`];
  });
  if (mapped.length > 0)
    reading.rule('nat_pool', statement, { name }, { 'ascribe.nat.pool': name, 'ascribe.nat.mapped': mapped.join(',') });
}

function readTranslation(
  reading: ConfigReading,
  root: ConfigNode,
  statement: ConfigNode,
  rest: readonly string[],
  onInterface: string | undefined,
): void {
  const side = rest[0] === 'inside' || rest[0] === 'outside' ? rest[0] : undefined;
  const words = side === undefined ? rest : rest.slice(1);
  if (words[0] !== 'source' && words[0] !== 'destination') return;
  const after = (...names: readonly string[]): string | undefined => {
    const at = words.findIndex((word) => names.includes(word));
    return at < 0 ? undefined : words[at + 1];
  };
  const common = {
    'ascribe.nat.direction': side,
    'ascribe.nat.kind': words[0],
    'ascribe.config.vrf': after('vrf'),
    'ascribe.nat.mapped_interface': after('interface') ?? onInterface,
  };
  if (words[1] === 'static') {
    readStatic(reading, statement, rest, words.slice(2), common);
    return;
  }
  const list = after('list', 'access-list');
  const routeMap = after('route-map');
  const end = rest.findIndex(
    (word, i) => i > 0 && (word === 'pool' || word === 'interface' || word === 'overload' || word === 'vrf'),
  );
  reading.rule(
    'nat',
    statement,
    { name: rest.slice(0, end < 0 ? undefined : end).join(' ') },
    {
      ...common,
      'ascribe.nat.type': words.includes('overload') ? 'dynamic-overload' : 'dynamic',
      'ascribe.config.acl': list,
      'ascribe.config.route_map': routeMap,
      'ascribe.nat.pool': after('pool'),
      'ascribe.nat.real': networksOf(root, list) ?? networksOf(root, routeMapList(root, routeMap)),
      'ascribe.nat.mapped': poolOf(root, after('pool')) ?? interfaceAddress(root, after('interface')),
    },
  );
}

/** `static LOCAL GLOBAL`, `static tcp LOCAL 80 GLOBAL|interface I 8080`, `static network L G /24`. */
function readStatic(
  reading: ConfigReading,
  statement: ConfigNode,
  rest: readonly string[],
  words: readonly string[],
  common: Record<string, string | undefined>,
): void {
  const protocol = words[0] === 'tcp' || words[0] === 'udp' || words[0] === 'esp' ? words[0] : undefined;
  const network = words[0] === 'network';
  const w = protocol === undefined && !network ? words : words.slice(1);
  const local = w[0];
  const localPort = protocol === undefined ? undefined : w[1];
  const next = w.slice(protocol === undefined ? 1 : 2);
  const viaInterface = next[0] === 'interface';
  const global = viaInterface ? undefined : next[0];
  const globalPort = protocol === undefined ? undefined : next[viaInterface ? 2 : 1];
  const length = network ? next.find((word) => word.startsWith('/')) : undefined;
  const mask = network && length === undefined ? `/${prefixOf(next[1]) ?? 32}` : (length ?? '');
  reading.rule(
    'nat',
    statement,
    { name: rest.slice(0, rest.length - next.length).join(' ') },
    {
      ...common,
      'ascribe.nat.type': 'static',
      'ascribe.nat.real': local === undefined ? undefined : networkOf(local + mask),
      'ascribe.nat.mapped': global === undefined ? undefined : networkOf(global + mask),
      'network.transport': protocol,
      'ascribe.nat.real_port': localPort,
      'ascribe.nat.mapped_port': globalPort,
    },
  );
}

function poolOf(root: ConfigNode, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const pool = childrenNamed(root, 'ip').find(
    ({ words }) => words[1] === 'nat' && words[2] === 'pool' && words[3] === name,
  );
  const [first, last] = [addressOf(pool?.words[4]), addressOf(pool?.words[5])];
  return first === undefined || last === undefined ? undefined : first === last ? first : `${first}-${last}`;
}

function interfaceAddress(root: ConfigNode, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const port = childrenNamed(root, 'interface').find(({ words }) => words[1] === name);
  return addressOf(port?.children.find(({ words }) => startsWith(words, ['ip', 'address']))?.words[2]);
}

function routeMapList(root: ConfigNode, name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const map = childrenNamed(root, 'route-map').find(({ words }) => words[1] === name);
  return map?.children.find(({ words }) => startsWith(words, ['match', 'ip', 'address']))?.words[3];
}

/** Networks that an access list permits as sources; undefined when it has none or is not there. */
function networksOf(root: ConfigNode, list: string | undefined): string | undefined {
  if (list === undefined) return undefined;
  const found: string[] = [];
  for (const statement of root.children) {
    const { words } = statement;
    if (words[0] === 'access-list' && words[1] === list) found.push(...sourceOf(words.slice(2)));
    else if (startsWith(words, ['ip', 'access-list']) && words.at(-1) === list) {
      for (const entry of statement.children) found.push(...sourceOf(entry.words));
    }
  }
  return found.length === 0 ? undefined : found.slice(0, 64).join(',');
}

/** `[10] permit [ip|tcp|…] SOURCE`: `host A`, `A WILDCARD`, `A/L`, `any`. */
function sourceOf(entry: readonly string[]): string[] {
  const at = entry.indexOf('permit');
  if (at < 0 || at > 2) return [];
  const rest = entry.slice(at + 1);
  const first = rest[0] ?? '';
  const w = /^\d+\./.test(first) || first === 'host' || first === 'any' ? rest : rest.slice(1);
  if (w[0] === 'any') return ['0.0.0.0/0'];
  if (w[0] === 'host') return [addressOf(w[1])].flatMap((ip) => (ip === undefined ? [] : [`${ip}/32`]));
  if (w[0]?.includes('/') === true) return [networkOf(w[0])].filter((each) => each !== undefined);
  const ip = addressOf(w[0]);
  if (ip === undefined) return [];
  return [`${ip}/${prefixOf(w[1], true) ?? 32}`];
}
