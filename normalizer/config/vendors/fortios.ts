import { type ConfigNode, childOf, valueOf, valuesOf } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { networkOf } from '../hosts';
import { block, entriesOf, type Part, partsOf } from './fortios-blocks';
import { readFortiosServices } from './fortios-services';

/** Fortinet FortiOS. */
export function readFortios(reading: ConfigReading, root: ConfigNode): void {
  for (const part of partsOf(root)) {
    reading.hostname ??= valueOf(block(part, 'system', 'global'), 'hostname');
    readInterfaces(reading, part);
    readPolicies(reading, part);
    readNat(reading, part);
    readFortiosServices(reading, part);
  }
}

function readInterfaces(reading: ConfigReading, part: Part): void {
  const zones = new Map(
    entriesOf(part, 'system', 'zone').flatMap((zone) =>
      valuesOf(zone, 'interface').map((port) => [port, zone.words[0]] as const),
    ),
  );
  for (const port of entriesOf(part, 'system', 'interface')) {
    const secondary = (childOf(port, 'secondaryip')?.children ?? []).flatMap((each) => ownAddress(each));
    const ipv6 = networkOf(valueOf(childOf(port, 'ipv6'), 'ip6-address'));
    const name = port.words[0] ?? '';
    reading.interface(port, {
      name,
      addresses: [...ownAddress(port), ...secondary, ...(ipv6 === undefined || ipv6.startsWith('::/') ? [] : [ipv6])],
      active: valueOf(port, 'status') !== 'down',
      details: {
        'ascribe.interface.zone': zones.get(name),
        'ascribe.interface.description': valueOf(port, 'alias') ?? valueOf(port, 'description'),
        'ascribe.interface.vdom': valueOf(port, 'vdom'),
        'ascribe.interface.vlan': valueOf(port, 'vlanid'),
        'ascribe.interface.role': valueOf(port, 'role'),
      },
    });
  }
}

/** `set ip A M`, `set ip A/L`. */
function ownAddress(statement: ConfigNode): string[] {
  const words = childOf(statement, 'ip')?.words;
  const network = networkOf(words?.[1], words?.[2]);
  return network === undefined || network.startsWith('0.0.0.0') ? [] : [network];
}

const POLICIES: readonly (readonly string[])[] = [
  ['firewall', 'policy'],
  ['firewall', 'policy6'],
  ['firewall', 'policy64'],
  ['firewall', 'policy46'],
  ['firewall', 'security-policy'],
  ['firewall', 'proxy-policy'],
  ['firewall', 'local-in-policy'],
];

/** Policies: logs name them by their number (`policyid`) or UUID (`poluuid`). The default action is to deny. */
function readPolicies(reading: ConfigReading, part: Part): void {
  const objects = new AddressObjects(part);
  for (const path of POLICIES) {
    for (const policy of entriesOf(part, ...path)) {
      const id = policy.words[0] ?? '';
      if (!/^\d{1,10}$/.test(id) || policy.children.length === 0) continue;
      readPolicy(
        reading,
        part,
        objects,
        policy,
        id,
        path[1] === 'policy' ? part.scope : [part.scope, path[1]].filter(Boolean).join('/'),
      );
    }
  }
  for (const route of entriesOf(part, 'router', 'policy')) {
    reading.rule(
      'pbr',
      route,
      {
        scope: part.scope,
        name: `policy route ${route.words[0] ?? ''}`,
        active: valueOf(route, 'status') !== 'disable',
      },
      {
        'ascribe.config.set': valueOf(route, 'gateway'),
        'ascribe.config.source': valuesOf(route, 'src').join(',') || undefined,
      },
    );
  }
}

function readPolicy(
  reading: ConfigReading,
  part: Part,
  objects: AddressObjects,
  policy: ConfigNode,
  id: string,
  scope: string | undefined,
): void {
  const list = (name: string): string | undefined => valuesOf(policy, name).slice(0, 64).join(',') || undefined;
  const uuid = valueOf(policy, 'uuid');
  const active = valueOf(policy, 'status') !== 'disable';
  const name = { scope, name: id, id, active, aliases: [uuid] };
  const match = {
    'rule.name': valueOf(policy, 'name'),
    'rule.uuid': uuid,
    'observer.ingress.interface.name': list('srcintf'),
    'observer.egress.interface.name': list('dstintf'),
    'ascribe.config.source': list('srcaddr'),
    'ascribe.config.destination': list('dstaddr'),
    'ascribe.config.service': list('service'),
    'rule.description': valueOf(policy, 'comments'),
    'ascribe.vdom': part.scope,
  };
  reading.rule('policy', policy, name, { ...match, 'event.action': valueOf(policy, 'action') ?? 'deny' });
  if (valueOf(policy, 'nat') === 'enable') {
    const pools = valueOf(policy, 'ippool') === 'enable' ? valuesOf(policy, 'poolname') : [];
    reading.rule(
      'nat',
      policy,
      { ...name, aliases: [] },
      {
        ...match,
        'ascribe.nat.kind': 'source',
        'ascribe.nat.type': 'dynamic-overload',
        'ascribe.nat.real': objects.text(valuesOf(policy, 'srcaddr')),
        'ascribe.nat.pool': pools.join(',') || undefined,
        'ascribe.nat.mapped': pools.length === 0 ? 'interface' : poolRanges(part, pools),
        'ascribe.nat.mapped_interface': list('dstintf'),
        'ascribe.nat.fixed_port': valueOf(policy, 'fixedport'),
      },
    );
  }
  const inspection = valueOf(policy, 'ssl-ssh-profile');
  if (inspection !== undefined && /deep/i.test(inspection))
    reading.rule('decryption', policy, { ...name, aliases: [] }, { 'ascribe.config.profile': inspection });
}

/** Address objects and groups by name. */
class AddressObjects {
  readonly #objects: ReadonlyMap<string, ConfigNode>;
  readonly #groups: ReadonlyMap<string, ConfigNode>;

  constructor(part: Part) {
    const named = (kind: string): ReadonlyMap<string, ConfigNode> =>
      new Map(entriesOf(part, 'firewall', kind).map((each) => [each.words[0] ?? '', each]));
    this.#objects = named('address');
    this.#groups = named('addrgrp');
  }

  /** Networks of these names; a name that is neither object nor group stays. */
  text(names: readonly string[]): string | undefined {
    return (
      names
        .slice(0, 64)
        .map((name) => this.#networks(name, 0))
        .join(',')
        .slice(0, 2048) || undefined
    );
  }

  #networks(name: string, depth: number): string {
    const object = this.#objects.get(name);
    const subnet = childOf(object, 'subnet')?.words;
    if (subnet !== undefined) return networkOf(subnet[1], subnet[2]) ?? name;
    const range = object === undefined ? undefined : rangeOf(object, 'start-ip', 'end-ip');
    if (range !== undefined) return range;
    const group = this.#groups.get(name);
    if (group === undefined || depth >= 4) return name === 'all' ? '0.0.0.0/0' : name;
    const members = valuesOf(group, 'member').slice(0, 16);
    return members.map((member) => this.#networks(member, depth + 1)).join(',');
  }
}

function poolRanges(part: Part, pools: readonly string[]): string | undefined {
  const ranges = entriesOf(part, 'firewall', 'ippool').filter(({ words }) => pools.includes(words[0] ?? ''));
  return (
    ranges
      .map((pool) => rangeOf(pool, 'startip', 'endip'))
      .filter(Boolean)
      .join(',') || undefined
  );
}

function rangeOf(pool: ConfigNode, first: string, last: string): string | undefined {
  const [from, to] = [valueOf(pool, first), valueOf(pool, last)];
  return from === undefined ? undefined : to === undefined || to === from ? from : `${from}-${to}`;
}

/** IP pools (also the ones whose port blocks are fixed), virtual IPs, central SNAT, pools of VPN users. */
function readNat(reading: ConfigReading, part: Part): void {
  const objects = new AddressObjects(part);
  for (const pool of entriesOf(part, 'firewall', 'ippool')) {
    const type = valueOf(pool, 'type') ?? 'overload';
    reading.rule(
      'nat_pool',
      pool,
      { scope: part.scope, name: pool.words[0] ?? '' },
      {
        'ascribe.nat.pool': pool.words[0],
        'ascribe.nat.type': type,
        'ascribe.nat.mapped': rangeOf(pool, 'startip', 'endip'),
        'ascribe.nat.real': rangeOf(pool, 'source-startip', 'source-endip'),
        'ascribe.nat.deterministic': type === 'fixed-port-range' ? 'yes' : undefined,
        'ascribe.nat.block_size': valueOf(pool, 'block-size'),
        'ascribe.nat.blocks_per_host': valueOf(pool, 'num-blocks-per-user'),
        'ascribe.nat.ports': rangeOf(pool, 'startport', 'endport'),
      },
    );
  }
  for (const vip of entriesOf(part, 'firewall', 'vip')) {
    reading.rule(
      'nat',
      vip,
      {
        scope: part.scope,
        name: vip.words[0] ?? '',
        active: valueOf(vip, 'status') !== 'disable',
        aliases: [valueOf(vip, 'uuid')],
      },
      {
        'ascribe.nat.kind': 'destination',
        'ascribe.nat.type': 'static',
        'ascribe.nat.mapped': valueOf(vip, 'extip'),
        'ascribe.nat.real': valuesOf(vip, 'mappedip').join(',') || undefined,
        'ascribe.nat.mapped_interface': valueOf(vip, 'extintf'),
        'ascribe.nat.mapped_port': valueOf(vip, 'extport'),
        'ascribe.nat.real_port': valueOf(vip, 'mappedport'),
        'network.transport': valueOf(vip, 'protocol'),
      },
    );
  }
  for (const rule of entriesOf(part, 'firewall', 'central-snat-map')) {
    const pools = valuesOf(rule, 'nat-ippool');
    reading.rule(
      'nat',
      rule,
      { scope: part.scope, name: `central-snat ${rule.words[0] ?? ''}`, active: valueOf(rule, 'status') !== 'disable' },
      {
        'ascribe.nat.kind': 'source',
        'ascribe.nat.type': valueOf(rule, 'nat') === 'disable' ? 'off' : 'dynamic-overload',
        'ascribe.nat.real': objects.text(valuesOf(rule, 'orig-addr')),
        'ascribe.nat.pool': pools.join(',') || undefined,
        'ascribe.nat.mapped': pools.length === 0 ? 'interface' : poolRanges(part, pools),
        'ascribe.nat.mapped_interface': valuesOf(rule, 'dstintf').join(',') || undefined,
      },
    );
  }
  for (const tunnel of entriesOf(part, 'vpn', 'ipsec', 'phase1-interface')) {
    const [first, last] = [valueOf(tunnel, 'ipv4-start-ip'), valueOf(tunnel, 'ipv4-end-ip')];
    if (first !== undefined && last !== undefined)
      reading.rule(
        'vpn_pool',
        tunnel,
        { scope: part.scope, name: tunnel.words[0] ?? '' },
        { 'ascribe.pool.first': first, 'ascribe.pool.last': last },
      );
  }
}
