import { type ConfigNode, allAt, at, childOf, valueOf } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { networkOf } from '../hosts';
import { isEnabled } from './pfsense-enabled';
import { readPfsenseServices } from './pfsense-services';

/** pfSense and OPNsense (`config.xml`). */
export function readPfsense(reading: ConfigReading, root: ConfigNode): void {
  const config = root.children[0];
  if (config === undefined) return;
  const system = at(config, 'system');
  const name = valueOf(system, 'hostname');
  const domain = valueOf(system, 'domain');
  reading.hostname = name === undefined || domain === undefined ? name : `${name}.${domain}`;
  readInterfaces(reading, config);
  readFilter(reading, config);
  readNat(reading, config);
  readPfsenseServices(reading, config);
}

function readInterfaces(reading: ConfigReading, config: ConfigNode): void {
  for (const port of at(config, 'interfaces')?.children ?? []) {
    const addresses = [
      networkOf(withLength(valueOf(port, 'ipaddr'), valueOf(port, 'subnet'))),
      networkOf(withLength(valueOf(port, 'ipaddrv6'), valueOf(port, 'subnetv6'))),
    ];
    reading.interface(port, {
      name: valueOf(port, 'if') ?? port.words[0] ?? '',
      addresses: addresses.filter((each) => each !== undefined),
      active: childOf(port, 'enable') !== undefined,
      details: { 'ascribe.interface.nameif': port.words[0], 'ascribe.interface.description': valueOf(port, 'descr') },
    });
  }
  for (const virtual of allAt(config, 'virtualip', 'vip')) {
    const own = networkOf(withLength(valueOf(virtual, 'subnet'), valueOf(virtual, 'subnet_bits')));
    if (own === undefined || valueOf(virtual, 'mode') === 'other') continue;
    reading.interface(virtual, {
      name: valueOf(virtual, 'interface') ?? '',
      addresses: [own],
      active: true,
      details: {
        'ascribe.interface.description': valueOf(virtual, 'descr'),
        'ascribe.interface.virtual': valueOf(virtual, 'mode'),
      },
    });
  }
}

function withLength(address: string | undefined, length: string | undefined): string | undefined {
  return address === undefined || length === undefined ? undefined : `${address}/${length}`;
}

/** Who changed a rule last, and when: `<updated><time>…</time><username>…</username></updated>`. */
function changed(rule: ConfigNode): Readonly<Record<string, string | number | undefined>> {
  const stamp = at(rule, 'updated') ?? at(rule, 'created');
  const seconds = Number(valueOf(stamp, 'time'));
  return {
    'ascribe.config.author': valueOf(stamp, 'username'),
    'ascribe.config.committed_at':
      Number.isFinite(seconds) && seconds > 1e9 && seconds < 1e11 ? Math.round(seconds * 1000) : undefined,
  };
}

/** One end of a rule: network, address, port, negation. */
function end(rule: ConfigNode, side: 'source' | 'destination'): string | undefined {
  const block = at(rule, side);
  if (block === undefined) return valueOf(rule, `${side}_net`);
  const value =
    valueOf(block, 'network') ?? valueOf(block, 'address') ?? (childOf(block, 'any') === undefined ? undefined : 'any');
  const port = valueOf(block, 'port');
  const text = value === undefined ? undefined : childOf(block, 'not') === undefined ? value : `!${value}`;
  return port === undefined ? text : `${text ?? 'any'}:${port}`;
}

/** Logs name a rule by its tracker (pfSense) or by its label, which is the UUID (OPNsense). */
function readFilter(reading: ConfigReading, config: ConfigNode): void {
  const rules = [
    ...allAt(config, 'filter', 'rule'),
    ...allAt(config, 'OPNsense', 'Firewall', 'Filter', 'rules', 'rule'),
  ];
  rules.forEach((rule, index) => {
    const tracker = valueOf(rule, 'tracker');
    const uuid = valueOf(rule, 'uuid');
    const description = valueOf(rule, 'descr') ?? valueOf(rule, 'description');
    reading.rule(
      'acl',
      rule,
      {
        name: tracker ?? uuid ?? `filter ${index}`,
        id: tracker ?? uuid,
        active: isEnabled(rule),
        aliases: [uuid, description],
      },
      {
        'rule.name': description,
        'event.action': valueOf(rule, 'type') ?? valueOf(rule, 'action'),
        'observer.ingress.interface.name': valueOf(rule, 'interface'),
        'network.transport': valueOf(rule, 'protocol'),
        'ascribe.config.source': end(rule, 'source'),
        'ascribe.config.destination': end(rule, 'destination'),
        ...changed(rule),
        ...(valueOf(rule, 'gateway') === undefined
          ? {}
          : { 'ascribe.config.set': `gateway ${valueOf(rule, 'gateway')}` }),
      },
    );
  });
}

function readNat(reading: ConfigReading, config: ConfigNode): void {
  const nat = at(config, 'nat');
  const mode = at(nat, 'outbound', 'mode');
  const kind = mode?.children[0]?.words[0] ?? 'automatic';
  if (mode !== undefined && (kind === 'automatic' || kind === 'hybrid')) {
    reading.rule(
      'nat',
      mode,
      { name: 'outbound automatic' },
      { 'ascribe.nat.kind': 'source', 'ascribe.nat.type': 'masquerade', 'ascribe.nat.mapped': 'interface' },
    );
  }
  allAt(nat, 'outbound', 'rule').forEach((rule, index) => {
    const off = kind === 'automatic' || kind === 'disabled';
    reading.rule(
      'nat',
      rule,
      { name: `outbound ${index}`, active: isEnabled(rule) && !off, aliases: [valueOf(rule, 'descr')] },
      {
        'rule.name': valueOf(rule, 'descr'),
        'ascribe.nat.kind': 'source',
        'ascribe.nat.type':
          childOf(rule, 'nonat') === undefined
            ? childOf(rule, 'staticnatport') === undefined
              ? 'dynamic-overload'
              : 'dynamic'
            : 'off',
        'ascribe.nat.real': end(rule, 'source'),
        'ascribe.nat.destination': end(rule, 'destination'),
        'ascribe.nat.mapped': valueOf(rule, 'target') || 'interface',
        'ascribe.nat.mapped_interface': valueOf(rule, 'interface'),
        ...changed(rule),
      },
    );
  });
  allAt(nat, 'rule').forEach((rule, index) => {
    reading.rule(
      'nat',
      rule,
      {
        name: `forward ${index}`,
        active: isEnabled(rule),
        aliases: [valueOf(rule, 'descr'), valueOf(rule, 'associated-rule-id')],
      },
      {
        'rule.name': valueOf(rule, 'descr'),
        'ascribe.nat.kind': 'destination',
        'ascribe.nat.type': 'static',
        'ascribe.nat.mapped': end(rule, 'destination'),
        'ascribe.nat.real': valueOf(rule, 'target'),
        'ascribe.nat.real_port': valueOf(rule, 'local-port'),
        'ascribe.nat.mapped_interface': valueOf(rule, 'interface'),
        'network.transport': valueOf(rule, 'protocol'),
        ...changed(rule),
      },
    );
  });
  allAt(nat, 'onetoone').forEach((rule, index) => {
    reading.rule(
      'nat',
      rule,
      { name: `1:1 ${index}`, active: isEnabled(rule), aliases: [valueOf(rule, 'descr')] },
      {
        'ascribe.nat.kind': 'source',
        'ascribe.nat.type': 'static',
        'ascribe.nat.real': end(rule, 'source'),
        'ascribe.nat.mapped': valueOf(rule, 'external'),
        'ascribe.nat.mapped_interface': valueOf(rule, 'interface'),
      },
    );
  });
}
