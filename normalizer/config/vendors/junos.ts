import { type ConfigNode, allAt, at, childOf, valueOf, valuesOf } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { networkOf } from '../hosts';
import { readJunosBlocks } from './deterministic-nat';
import { applyGroups } from './junos-groups';
import { readJunosPeers, readJunosServices } from './junos-services';

/** Juniper Junos, in braces or as `set` lines: both give one tree. */
export function readJunos(reading: ConfigReading, root: ConfigNode): void {
  applyGroups(root);
  reading.hostname = valueOf(at(root, 'system'), 'host-name');
  for (const [scope, system] of systemsOf(root)) readSystem(reading, scope, system, root);
}

/** The device itself and its logical systems and tenants, each with a scope. */
function systemsOf(root: ConfigNode): (readonly [scope: string | undefined, root: ConfigNode])[] {
  const parts = ['logical-systems', 'tenants'].flatMap((kind) => at(root, kind)?.children ?? []);
  return [[undefined, root], ...parts.map((part) => [part.words[0], part] as const)];
}

function readSystem(reading: ConfigReading, scope: string | undefined, system: ConfigNode, root: ConfigNode): void {
  readInterfaces(reading, system);
  readPolicies(reading, scope, system);
  readNat(reading, system);
  readFilters(reading, system);
  if (system === root) readJunosServices(reading, root);
  readJunosPeers(reading, system);
}

function readInterfaces(reading: ConfigReading, root: ConfigNode): void {
  const zones = new Map(
    allAt(root, 'security', 'zones', 'security-zone')
      .flatMap((list) => list.children)
      .flatMap((zone) => valuesOf(zone, 'interfaces').map((port) => [port, zone.words[0]] as const)),
  );
  const instances = new Map(
    (at(root, 'routing-instances')?.children ?? []).flatMap((instance) =>
      valuesOf(instance, 'interface').map((port) => [port, instance.words[0]] as const),
    ),
  );
  for (const port of at(root, 'interfaces')?.children ?? []) {
    const name = port.words[0] ?? '';
    const off = childOf(port, 'disable') !== undefined;
    for (const unit of at(port, 'unit')?.children ?? []) {
      const full = `${name}.${unit.words[0]}`;
      const addresses = ['inet', 'inet6'].flatMap((family) =>
        (at(unit, 'family', family, 'address')?.children ?? [])
          .filter(({ active }) => active)
          .flatMap(({ words }) => networkOf(words[0]) ?? []),
      );
      reading.interface(unit, {
        name: full,
        addresses,
        active: !off && childOf(unit, 'disable') === undefined,
        details: {
          'ascribe.interface.zone': zones.get(full),
          'ascribe.interface.vrf': instances.get(full),
          'ascribe.interface.description': valueOf(unit, 'description') ?? valueOf(port, 'description'),
          'ascribe.interface.vlan': valueOf(unit, 'vlan-id'),
          'ascribe.interface.acl_in': valueOf(at(unit, 'family', 'inet', 'filter'), 'input'),
          'ascribe.interface.acl_out': valueOf(at(unit, 'family', 'inet', 'filter'), 'output'),
        },
      });
    }
  }
}

/** `security policies from-zone A to-zone B policy P`, `security policies global policy P`. */
function readPolicies(reading: ConfigReading, system: string | undefined, root: ConfigNode): void {
  const policies = at(root, 'security', 'policies');
  const inSystem = (scope: string): string => (system === undefined ? scope : `${system}/${scope}`);
  for (const from of at(policies, 'from-zone')?.children ?? []) {
    for (const to of at(from, 'to-zone')?.children ?? []) {
      const zones = { 'observer.ingress.zone': from.words[0], 'observer.egress.zone': to.words[0] };
      for (const policy of at(to, 'policy')?.children ?? [])
        readPolicy(reading, policy, inSystem(`${from.words[0]}/${to.words[0]}`), zones);
    }
  }
  for (const policy of at(policies, 'global', 'policy')?.children ?? [])
    readPolicy(reading, policy, inSystem('global'), {});
}

function readPolicy(
  reading: ConfigReading,
  policy: ConfigNode,
  scope: string,
  zones: Readonly<Record<string, string | undefined>>,
): void {
  const then = at(policy, 'then');
  const action = ['permit', 'deny', 'reject'].find((each) => childOf(then, each) !== undefined);
  const match = at(policy, 'match');
  const name = policy.words[0] ?? '';
  reading.rule(
    'policy',
    policy,
    { scope, name },
    {
      ...zones,
      'event.action': action,
      'ascribe.config.source': listed(match, 'source-address'),
      'ascribe.config.destination': listed(match, 'destination-address'),
      'ascribe.config.application': listed(match, 'application'),
      'ascribe.config.logged': childOf(then, 'log') === undefined ? 0 : 1,
      'rule.description': valueOf(policy, 'description'),
    },
  );
  if (at(then, 'permit', 'application-services', 'ssl-proxy') !== undefined)
    reading.rule('decryption', policy, { scope, name });
}

function listed(parent: ConfigNode | undefined, name: string): string | undefined {
  return valuesOf(parent, name).slice(0, 64).join(',') || undefined;
}

/** `security nat source|destination|static rule-set S rule R`, with the pools that they use. */
function readNat(reading: ConfigReading, root: ConfigNode): void {
  const nat = at(root, 'security', 'nat');
  for (const kind of ['source', 'destination', 'static'] as const) {
    const side = at(nat, kind);
    for (const pool of at(side, 'pool')?.children ?? []) {
      reading.rule(
        'nat_pool',
        pool,
        { scope: kind, name: pool.words[0] ?? '' },
        {
          'ascribe.nat.kind': kind,
          'ascribe.nat.pool': pool.words[0],
          'ascribe.nat.mapped': addressesOf(pool),
          ...portBlocks(pool),
        },
      );
    }
    for (const set of at(side, 'rule-set')?.children ?? []) {
      for (const rule of at(set, 'rule')?.children ?? []) readNatRule(reading, side, kind, set, rule);
    }
  }
  for (const pool of at(root, 'services', 'nat', 'pool')?.children ?? []) {
    reading.rule(
      'nat_pool',
      pool,
      { scope: 'services', name: pool.words[0] ?? '' },
      { 'ascribe.nat.pool': pool.words[0], 'ascribe.nat.mapped': addressesOf(pool), ...portBlocks(pool) },
    );
  }
  readJunosBlocks(reading, root);
}

/** `address A/L`, `address A/L to B/L`, `address-range low A high B`. */
function addressesOf(pool: ConfigNode): string | undefined {
  const plain = (at(pool, 'address')?.children ?? []).map((address) => {
    const to = valueOf(address, 'to') ?? valueOf(address, 'port');
    return childOf(address, 'to') === undefined ? (address.words[0] ?? '') : `${address.words[0]}-${to}`;
  });
  const ranges = allAt(pool, 'address-range', 'low')
    .flatMap(({ children }) => children)
    .map((low) => `${low.words[0]}-${valueOf(low, 'high')}`);
  return [...plain, ...ranges].slice(0, 64).join(',') || undefined;
}

/** Deterministic NAT and port blocks: block size, first host. */
function portBlocks(pool: ConfigNode): Readonly<Record<string, string | undefined>> {
  const port = at(pool, 'port');
  const deterministic = at(port, 'deterministic') ?? at(port, 'deterministic-port-block-allocation');
  const block = deterministic ?? at(port, 'block-allocation') ?? at(port, 'secured-port-block-allocation');
  const range = at(port, 'range');
  return {
    'ascribe.nat.deterministic': deterministic === undefined ? undefined : 'yes',
    'ascribe.nat.block_size': valueOf(block, 'block-size'),
    'ascribe.nat.host_base': valueOf(deterministic, 'host') ?? valueOf(pool, 'host-address-base'),
    'ascribe.nat.ports':
      range === undefined
        ? undefined
        : [
            valueOf(range, 'low') ?? range.children[0]?.words[0],
            valueOf(range, 'high') ?? valueOf(range.children[0], 'to'),
          ]
            .filter(Boolean)
            .join('-'),
  };
}

function readNatRule(
  reading: ConfigReading,
  side: ConfigNode | undefined,
  kind: 'source' | 'destination' | 'static',
  set: ConfigNode,
  rule: ConfigNode,
): void {
  const match = at(rule, 'match');
  const then = at(rule, 'then', `${kind}-nat`);
  const poolName = valueOf(then, 'pool');
  const pool = poolName === undefined ? undefined : at(side, 'pool', poolName);
  const viaInterface = childOf(then, 'interface') !== undefined;
  reading.rule(
    'nat',
    rule,
    { scope: set.words[0], name: rule.words[0] ?? '' },
    {
      'ascribe.nat.kind': kind,
      'ascribe.nat.type': childOf(then, 'off') !== undefined ? 'off' : kind === 'static' ? 'static' : 'dynamic',
      'ascribe.nat.ruleset': set.words[0],
      'observer.ingress.zone': valueOf(at(set, 'from'), 'zone'),
      'observer.egress.zone': valueOf(at(set, 'to'), 'zone'),
      'ascribe.nat.real': kind === 'source' ? listed(match, 'source-address') : undefined,
      'ascribe.nat.destination': listed(match, 'destination-address'),
      'ascribe.nat.destination_port': listed(match, 'destination-port'),
      'ascribe.nat.pool': poolName,
      'ascribe.nat.mapped': viaInterface
        ? 'interface'
        : (valueOf(then, 'prefix') ?? (pool === undefined ? undefined : addressesOf(pool))),
      'ascribe.nat.mapped_port': valueOf(at(pool, 'address'), 'port') ?? valueOf(at(then, 'prefix'), 'mapped-port'),
    },
  );
}

/** `firewall [family F] filter N term T`. */
function readFilters(reading: ConfigReading, root: ConfigNode): void {
  const firewall = at(root, 'firewall');
  const families = [firewall, ...(at(firewall, 'family')?.children ?? [])];
  for (const filter of families.flatMap((family) => at(family, 'filter')?.children ?? [])) {
    const name = filter.words[0] ?? '';
    const terms = at(filter, 'term')?.children ?? [];
    for (const term of terms) {
      const then = at(term, 'then');
      const action = ['accept', 'discard', 'reject'].find((each) => childOf(then, each) !== undefined);
      reading.rule('acl', term, { name: `${name} ${term.words[0]}` }, { 'rule.ruleset': name, 'event.action': action });
      const instance = valueOf(then, 'routing-instance');
      if (instance !== undefined)
        reading.rule(
          'pbr',
          term,
          { name: `${name} ${term.words[0]}` },
          { 'ascribe.config.set': `routing-instance ${instance}` },
        );
    }
    if (terms.length > 0) reading.rule('acl_list', filter, { name }, { 'rule.ruleset': name });
  }
}
