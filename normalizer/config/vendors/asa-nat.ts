import { type ConfigNode, childrenNamed } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { addressOf, networkOf } from '../hosts';

/** Deepest nesting of groups that is followed. */
const MAX_GROUPS = 8;
/** Most networks of one object that are written down. */
const MAX_NETWORKS = 64;

/**
 * NAT of ASA 8.3 and later: twice NAT (`nat (A,B) source …`), object NAT (`object network N` / `nat …`), and the older `nat
 * (A) 1 …` with `global`, `static (A,B) …`. Rules are named as `show nat` orders them: `manual 1`, `after-auto 1`,
 * `object N`. Objects are resolved to networks.
 */
export function readAsaNat(reading: ConfigReading, root: ConfigNode): void {
  const objects = new Objects(root);
  const order = { manual: 0, 'after-auto': 0 };
  for (const statement of root.children) {
    const { words } = statement;
    if (words[0] === 'nat') twice(reading, objects, statement, order);
    else if (words[0] === 'object' && words[1] === 'network') {
      for (const each of childrenNamed(statement, 'nat')) objectNat(reading, objects, statement, each);
    } else if (words[0] === 'static') oldStatic(reading, statement);
  }
}

/** Networks of `object network` and `object-group network`. */
class Objects {
  readonly #objects = new Map<string, string[]>();
  readonly #groups = new Map<string, ConfigNode[]>();

  constructor(root: ConfigNode) {
    for (const statement of root.children) {
      const [first, second, name = ''] = statement.words;
      if (second !== 'network') continue;
      if (first === 'object')
        this.#objects.set(name, [...(this.#objects.get(name) ?? []), ...statement.children.flatMap(networks)]);
      if (first === 'object-group') this.#groups.set(name, [...(this.#groups.get(name) ?? []), ...statement.children]);
    }
  }

  /** Networks of a name, an address or `any`; the name where it cannot be resolved. */
  text(name: string | undefined): string | undefined {
    if (name === undefined || name === 'interface') return name;
    if (name === 'any' || name === 'any4') return '0.0.0.0/0';
    return this.#resolve(name, 0).slice(0, MAX_NETWORKS).join(',') || (addressOf(name) ?? name);
  }

  #resolve(name: string, depth: number): string[] {
    const known = this.#objects.get(name);
    if (known !== undefined) return known;
    if (depth >= MAX_GROUPS) return [];
    return (this.#groups.get(name) ?? []).slice(0, MAX_NETWORKS).flatMap((member) => {
      const { words } = member;
      if (words[0] === 'group-object' || words[1] === 'object')
        return this.#resolve(words[words[0] === 'group-object' ? 1 : 2] ?? '', depth + 1);
      return words[0] === 'network-object' ? networks({ ...member, words: words.slice(1) }) : [];
    });
  }
}

/** `host A`, `subnet A M`, `range A B`, `fqdn v4 N`; in a group also `A M`. */
function networks({ words }: ConfigNode): string[] {
  const [kind = '', first, second] = words;
  switch (kind) {
    case 'host':
      return [networkOf(first)].filter((each) => each !== undefined).map((ip) => ip);
    case 'subnet':
      return [networkOf(first, second)].filter((each) => each !== undefined);
    case 'range':
      return addressOf(first) === undefined || addressOf(second) === undefined ? [] : [`${first}-${second}`];
    case 'fqdn':
      return [words.at(-1) ?? ''];
    default:
      return [networkOf(kind, first)].filter((each) => each !== undefined);
  }
}

interface Interfaces {
  readonly real: string | undefined;
  readonly mapped: string | undefined;
}

/** `(real,mapped)`; any on both sides where it is left out. */
function interfacesOf(word: string | undefined): Interfaces | undefined {
  if (word?.startsWith('(') !== true) return undefined;
  const [real, mapped] = word.slice(1, word.endsWith(')') ? -1 : undefined).split(',');
  return { real, mapped };
}

const TWICE_OPTIONS: ReadonlySet<string> = new Set([
  'pat-pool',
  'destination',
  'service',
  'dns',
  'unidirectional',
  'inactive',
  'description',
  'no-proxy-arp',
  'route-lookup',
  'net-to-net',
  'round-robin',
  'extended',
  'flat',
  'include-reserve',
  'block-allocation',
]);

/** `nat (A,B) [N|after-auto] source static|dynamic REAL MAPPED [destination static MAPPED REAL] [service …] [inactive]`. */
function twice(
  reading: ConfigReading,
  objects: Objects,
  statement: ConfigNode,
  order: Record<'manual' | 'after-auto', number>,
): void {
  const { words } = statement;
  const interfaces = interfacesOf(words[1]);
  const source = words.indexOf('source');
  if (source < 0) {
    if (interfaces !== undefined && interfaces.mapped === undefined) oldDynamic(reading, statement, interfaces.real);
    return;
  }
  const section = words.includes('after-auto') ? 'after-auto' : 'manual';
  order[section]++;
  const pool = words.indexOf('pat-pool');
  const destination = words.indexOf('destination');
  const service = words.indexOf('service');
  const description = words.indexOf('description');
  const mapped = words[source + 3];
  const usesPool = mapped === 'pat-pool';
  const poolName = pool < 0 ? undefined : words[pool + 1];
  reading.rule(
    'nat',
    statement,
    {
      name: `${section} ${order[section]}`,
      active: !(words.lastIndexOf('inactive') > 0 && (description < 0 || words.indexOf('inactive') < description)),
    },
    {
      'ascribe.nat.section': section,
      'ascribe.nat.kind': destination < 0 ? 'source' : 'twice',
      'ascribe.nat.type': words[source + 1],
      'ascribe.nat.real_interface': interfaces?.real,
      'ascribe.nat.mapped_interface': interfaces?.mapped,
      'ascribe.nat.real': objects.text(words[source + 2]),
      'ascribe.nat.mapped': objects.text(usesPool ? poolName : TWICE_OPTIONS.has(mapped ?? '') ? undefined : mapped),
      'ascribe.nat.pool': poolName,
      'ascribe.nat.destination_mapped': destination < 0 ? undefined : objects.text(words[destination + 2]),
      'ascribe.nat.destination_real':
        destination < 0 ? undefined : objects.text(words[destination + 3] ?? words[destination + 2]),
      'ascribe.nat.service_real': service < 0 ? undefined : words[service + 1],
      'ascribe.nat.service_mapped': service < 0 ? undefined : words[service + 2],
      'rule.description': description < 0 ? undefined : words.slice(description + 1).join(' '),
    },
  );
}

/** Below `object network N`: `nat [(A,B)] static|dynamic MAPPED [service tcp 80 8080] [interface]`. */
function objectNat(reading: ConfigReading, objects: Objects, object: ConfigNode, statement: ConfigNode): void {
  const { words } = statement;
  const interfaces = interfacesOf(words[1]);
  const at = interfaces === undefined ? 1 : 2;
  const name = object.words[2] ?? '';
  const service = words.indexOf('service');
  const mapped = words[at + 1] === 'pat-pool' ? words[at + 2] : words[at + 1];
  reading.rule(
    'nat',
    [statement],
    { name: `object ${name}` },
    {
      'ascribe.nat.section': 'auto',
      'ascribe.nat.kind': 'source',
      'ascribe.nat.type': words[at],
      'ascribe.nat.real_interface': interfaces?.real,
      'ascribe.nat.mapped_interface': interfaces?.mapped,
      'ascribe.nat.real': objects.text(name),
      'ascribe.nat.mapped': objects.text(mapped),
      'network.transport': service < 0 ? undefined : words[service + 1],
      'ascribe.nat.real_port': service < 0 ? undefined : words[service + 2],
      'ascribe.nat.mapped_port': service < 0 ? undefined : words[service + 3],
    },
  );
}

/** ASA 8.2: `nat (inside) 1 10.0.0.0 255.0.0.0`; `global (outside) 1 interface` is its other half. */
function oldDynamic(reading: ConfigReading, statement: ConfigNode, real: string | undefined): void {
  const { words } = statement;
  reading.rule(
    'nat',
    statement,
    { name: `nat ${words[2] ?? ''} ${words[3] ?? ''}`.trim() },
    {
      'ascribe.nat.kind': 'source',
      'ascribe.nat.type': 'dynamic',
      'ascribe.nat.real_interface': real,
      'ascribe.nat.pool': words[2],
      'ascribe.nat.real': networkOf(words[3], words[4]),
    },
  );
}

/** ASA 8.2: `static (inside,outside) [tcp] MAPPED [PORT] REAL [PORT] netmask M`. */
function oldStatic(reading: ConfigReading, statement: ConfigNode): void {
  const { words } = statement;
  const interfaces = interfacesOf(words[1]);
  if (interfaces === undefined) return;
  const protocol = words[2] === 'tcp' || words[2] === 'udp' ? words[2] : undefined;
  const rest = words.slice(protocol === undefined ? 2 : 3);
  const [mapped, mappedPort, real, realPort] = protocol === undefined ? [rest[0], undefined, rest[1], undefined] : rest;
  reading.rule(
    'nat',
    statement,
    { name: `static ${mapped ?? ''}` },
    {
      'ascribe.nat.kind': 'source',
      'ascribe.nat.type': 'static',
      'ascribe.nat.real_interface': interfaces.real,
      'ascribe.nat.mapped_interface': interfaces.mapped,
      'ascribe.nat.real': networkOf(real),
      'ascribe.nat.mapped': mapped === 'interface' ? mapped : networkOf(mapped),
      'network.transport': protocol,
      'ascribe.nat.real_port': realPort,
      'ascribe.nat.mapped_port': mappedPort,
    },
  );
}
