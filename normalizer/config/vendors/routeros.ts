import { type ConfigNode, valueOf } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { networkOf } from '../hosts';
import { readRouterosServices } from './routeros-services';

/** Statements (`add`, `set`) of a menu. */
function statementsOf(root: ConfigNode, menu: string): readonly ConfigNode[] {
  return root.children.filter(({ words }) => words.join(' ') === menu).flatMap(({ children }) => children);
}

/** `disabled=yes` puts a statement out of force. */
function isEnabled(statement: ConfigNode): boolean {
  return valueOf(statement, 'disabled') !== 'yes' && valueOf(statement, 'disabled') !== 'true';
}

/** MikroTik RouterOS (`/export`), versions 6 and 7. */
export function readRouteros(reading: ConfigReading, root: ConfigNode): void {
  reading.hostname = statementsOf(root, 'system identity')
    .map((each) => valueOf(each, 'name'))
    .find(Boolean);
  for (const menu of ['ip address', 'ipv6 address']) {
    for (const address of statementsOf(root, menu)) {
      const own = networkOf(valueOf(address, 'address'));
      if (own === undefined) continue;
      reading.interface(address, {
        name: valueOf(address, 'interface') ?? '',
        addresses: [own],
        active: isEnabled(address),
        details: { 'ascribe.interface.description': valueOf(address, 'comment') },
      });
    }
  }
  for (const family of ['ip', 'ipv6']) {
    for (const table of ['filter', 'raw', 'mangle'] as const) readFirewall(reading, root, family, table);
    readNat(reading, root, family);
  }
  for (const pool of statementsOf(root, 'ip pool')) {
    const ranges = valueOf(pool, 'ranges');
    if (ranges !== undefined)
      reading.rule('vpn_pool', pool, { name: valueOf(pool, 'name') ?? '' }, { 'ascribe.pool.ranges': ranges });
  }
  readRouterosServices(reading, root);
}

/**
 * A rule is named `TABLE NUMBER` as `print` counts it (from 0); logs name it by its `log-prefix`, people by its comment.
 */
function nameOf(
  table: string,
  index: number,
  rule: ConfigNode,
): { name: string; id: string; active: boolean; aliases: (string | undefined)[] } {
  return {
    name: `${table} ${index}`,
    id: String(index),
    active: isEnabled(rule),
    aliases: [trimmed(valueOf(rule, 'log-prefix')), valueOf(rule, 'comment')],
  };
}

function trimmed(prefix: string | undefined): string | undefined {
  return prefix === undefined ? undefined : prefix.trim();
}

function readFirewall(
  reading: ConfigReading,
  root: ConfigNode,
  family: string,
  table: 'filter' | 'raw' | 'mangle',
): void {
  statementsOf(root, `${family} firewall ${table}`)
    .filter(isRule)
    .forEach((rule, index) => {
      const routing = valueOf(rule, 'action') === 'mark-routing';
      if (table === 'mangle' && !routing) return;
      reading.rule(routing ? 'pbr' : 'acl', rule, nameOf(family === 'ip' ? table : `${family} ${table}`, index, rule), {
        'rule.ruleset': valueOf(rule, 'chain'),
        'event.action': valueOf(rule, 'action') ?? 'accept',
        'rule.description': valueOf(rule, 'comment'),
        'ascribe.config.source': valueOf(rule, 'src-address') ?? valueOf(rule, 'src-address-list'),
        'ascribe.config.destination': valueOf(rule, 'dst-address') ?? valueOf(rule, 'dst-address-list'),
        'ascribe.config.service':
          [valueOf(rule, 'protocol'), valueOf(rule, 'dst-port')].filter(Boolean).join('/') || undefined,
        'ascribe.config.set': routing ? valueOf(rule, 'new-routing-mark') : undefined,
      });
    });
}

function isRule({ words }: ConfigNode): boolean {
  return words[0] === 'add';
}

const SOURCE_ACTIONS: ReadonlySet<string> = new Set(['masquerade', 'src-nat', 'same', 'endpoint-independent-nat']);

function readNat(reading: ConfigReading, root: ConfigNode, family: string): void {
  statementsOf(root, `${family} firewall nat`)
    .filter(isRule)
    .forEach((rule, index) => {
      const action = valueOf(rule, 'action') ?? 'accept';
      const source = valueOf(rule, 'chain') === 'srcnat' || SOURCE_ACTIONS.has(action);
      reading.rule('nat', rule, nameOf(family === 'ip' ? 'nat' : `${family} nat`, index, rule), {
        'rule.ruleset': valueOf(rule, 'chain'),
        'rule.description': valueOf(rule, 'comment'),
        'ascribe.nat.kind': source ? 'source' : 'destination',
        'ascribe.nat.type': action === 'netmap' ? 'static' : action === 'accept' ? 'off' : action,
        'ascribe.nat.real': source
          ? (valueOf(rule, 'src-address') ?? valueOf(rule, 'src-address-list'))
          : valueOf(rule, 'to-addresses'),
        'ascribe.nat.mapped': source
          ? (valueOf(rule, 'to-addresses') ?? (action === 'masquerade' ? 'interface' : undefined))
          : valueOf(rule, 'dst-address'),
        'ascribe.nat.mapped_interface': source
          ? (valueOf(rule, 'out-interface') ?? valueOf(rule, 'out-interface-list'))
          : (valueOf(rule, 'in-interface') ?? valueOf(rule, 'in-interface-list')),
        'network.transport': valueOf(rule, 'protocol'),
        'ascribe.nat.ports': source ? valueOf(rule, 'to-ports') : undefined,
        'ascribe.nat.mapped_port': source ? undefined : valueOf(rule, 'dst-port'),
        'ascribe.nat.real_port': source ? undefined : valueOf(rule, 'to-ports'),
      });
    });
}
