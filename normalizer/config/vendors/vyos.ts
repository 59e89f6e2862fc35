import { type ConfigNode, at, childOf, valueOf, valuesOf } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { networkOf } from '../hosts';
import { readVyosBlocks } from './deterministic-nat';
import { readVyosServices } from './vyos-services';

/** VyOS 1.2 to 1.5 and what descends from Vyatta (`show configuration commands`). */
export function readVyos(reading: ConfigReading, root: ConfigNode): void {
  reading.hostname = valueOf(at(root, 'system'), 'host-name');
  readInterfaces(reading, root);
  readFirewall(reading, root);
  readNat(reading, root);
  readVyosServices(reading, root);
}

function isEnabled(statement: ConfigNode): boolean {
  return childOf(statement, 'disable') === undefined;
}

function readInterfaces(reading: ConfigReading, root: ConfigNode): void {
  for (const port of at(root, 'interfaces')?.children.flatMap(({ children }) => children) ?? []) {
    readInterface(reading, port, port.words[0] ?? '', isEnabled(port));
    for (const vif of at(port, 'vif')?.children ?? [])
      readInterface(reading, vif, `${port.words[0]}.${vif.words[0]}`, isEnabled(port) && isEnabled(vif));
  }
}

function readInterface(reading: ConfigReading, statement: ConfigNode, name: string, active: boolean): void {
  reading.interface(statement, {
    name,
    addresses: valuesOf(statement, 'address').flatMap((address) => networkOf(address) ?? []),
    active,
    details: {
      'ascribe.interface.description': valueOf(statement, 'description'),
      'ascribe.interface.vrf': valueOf(statement, 'vrf'),
    },
  });
}

/** 1.4 and later name chains by family and hook in their log prefix: `[ipv4-FWD-filter-10-A]`, `[ipv4-NAM-WAN_IN-10-D]`; 1.3: `[WAN_IN-10-D]`. */
const HOOKS: readonly (readonly [hook: string, prefix: string])[] = [
  ['forward', 'FWD'],
  ['input', 'INP'],
  ['output', 'OUT'],
  ['prerouting', 'PRE'],
];

function readFirewall(reading: ConfigReading, root: ConfigNode): void {
  const firewall = at(root, 'firewall');
  for (const name of ['name', 'ipv6-name'])
    for (const chain of at(firewall, name)?.children ?? []) readChain(reading, chain, chain.words[0] ?? '');
  for (const family of ['ipv4', 'ipv6']) {
    const part = at(firewall, family);
    for (const [hook, prefix] of HOOKS) {
      for (const chain of at(part, hook)?.children ?? [])
        readChain(reading, chain, `${family}-${prefix}-${chain.words[0]}`);
    }
    for (const chain of at(part, 'name')?.children ?? []) readChain(reading, chain, `${family}-NAM-${chain.words[0]}`);
  }
  for (const policy of at(root, 'policy', 'route')?.children ?? []) {
    for (const rule of at(policy, 'rule')?.children ?? []) {
      const table = valueOf(at(rule, 'set'), 'table');
      if (table !== undefined)
        reading.rule(
          'pbr',
          rule,
          { name: `${policy.words[0]} ${rule.words[0]}`, active: isEnabled(rule) },
          { 'ascribe.config.set': `table ${table}` },
        );
    }
  }
}

function readChain(reading: ConfigReading, chain: ConfigNode, name: string): void {
  const rules = at(chain, 'rule')?.children ?? [];
  for (const rule of rules) {
    const side = (which: string): string | undefined =>
      valueOf(at(rule, which), 'address') ?? at(rule, which, 'group')?.children[0]?.children[0]?.words[0];
    reading.rule(
      'acl',
      rule,
      { name: `${name} ${rule.words[0]}`, id: rule.words[0], active: isEnabled(rule) },
      {
        'rule.ruleset': name,
        'event.action': valueOf(rule, 'action'),
        'rule.description': valueOf(rule, 'description'),
        'ascribe.config.source': side('source'),
        'ascribe.config.destination': side('destination'),
        'ascribe.config.service':
          [valueOf(rule, 'protocol'), valueOf(at(rule, 'destination'), 'port')].filter(Boolean).join('/') || undefined,
      },
    );
  }
  if (rules.length > 0 || childOf(chain, 'default-action') !== undefined)
    reading.rule(
      'acl_list',
      chain,
      { name },
      { 'rule.ruleset': name, 'event.action': valueOf(chain, 'default-action') },
    );
}

function readNat(reading: ConfigReading, root: ConfigNode): void {
  for (const kind of ['source', 'destination', 'static'] as const) {
    for (const rule of at(root, 'nat', kind, 'rule')?.children ?? []) {
      const mapped = valueOf(at(rule, 'translation'), 'address');
      const out = at(rule, kind === 'source' ? 'outbound-interface' : 'inbound-interface');
      reading.rule(
        'nat',
        rule,
        { scope: 'nat', name: `${kind} ${rule.words[0]}`, id: rule.words[0], active: isEnabled(rule) },
        {
          'ascribe.nat.kind': kind,
          'ascribe.nat.type':
            childOf(rule, 'exclude') !== undefined
              ? 'off'
              : mapped === 'masquerade'
                ? 'masquerade'
                : kind === 'source'
                  ? 'dynamic'
                  : 'static',
          'ascribe.nat.real': kind === 'source' ? valueOf(at(rule, 'source'), 'address') : mapped,
          'ascribe.nat.mapped':
            kind === 'source'
              ? mapped === 'masquerade'
                ? 'interface'
                : mapped
              : valueOf(at(rule, 'destination'), 'address'),
          'ascribe.nat.mapped_interface':
            valueOf(out, 'name') ?? valueOf(out, 'interface-name') ?? out?.children[0]?.words[0],
          'network.transport': valueOf(rule, 'protocol'),
          'ascribe.nat.mapped_port': kind === 'source' ? undefined : valueOf(at(rule, 'destination'), 'port'),
          'ascribe.nat.real_port': kind === 'source' ? undefined : valueOf(at(rule, 'translation'), 'port'),
          'ascribe.nat.ports': kind === 'source' ? valueOf(at(rule, 'translation'), 'port') : undefined,
          'rule.description': valueOf(rule, 'description'),
        },
      );
    }
  }
  for (const pool of at(root, 'nat', 'cgnat', 'pool', 'external')?.children ?? []) {
    reading.rule(
      'nat_pool',
      pool,
      { scope: 'cgnat', name: pool.words[0] ?? '' },
      {
        'ascribe.nat.pool': pool.words[0],
        'ascribe.nat.mapped': valuesOf(pool, 'range').join(',') || undefined,
        'ascribe.nat.ports': valueOf(pool, 'external-port-range'),
        'ascribe.nat.block_size': valueOf(at(pool, 'per-user-limit'), 'port'),
        'ascribe.nat.deterministic': 'yes',
      },
    );
  }
  readVyosBlocks(reading, root);
}
