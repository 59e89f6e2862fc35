import { type ConfigNode, allAt, at, childOf, valueOf, valuesOf, walk } from '../config-node';
import type { ConfigReading } from '../config-reading';
import { networkOf } from '../hosts';
import { readPanosServices } from './panos-services';

/** Palo Alto Networks PAN-OS, in braces, as `set` lines or as XML: all give one tree. */
export function readPanos(reading: ConfigReading, root: ConfigNode): void {
  const config = at(root, 'config') ?? root;
  const devices = at(config, 'devices')?.children ?? [config];
  for (const device of devices) {
    reading.hostname ??= valueOf(at(device, 'deviceconfig', 'system'), 'hostname');
    readInterfaces(reading, device);
  }
  const rulebases = findRulebases(root);
  for (const each of rulebases) readRulebase(reading, each, new Addresses(each.owner, at(config, 'shared')));
  readPanosServices(reading, root);
}

interface Rulebase {
  /** vsys or device group; undefined on a device with one vsys whose configuration does not name it. */
  readonly scope: string | undefined;
  readonly owner: ConfigNode;
  readonly node: ConfigNode;
}

const RULEBASES: ReadonlySet<string> = new Set(['rulebase', 'pre-rulebase', 'post-rulebase']);
/** Large lists that hold no rule base. */
const SKIPPED: ReadonlySet<string> = new Set([
  'address',
  'service',
  'application',
  'profiles',
  'network',
  'rules',
  'address-group',
  'certificate',
  'mgt-config',
]);

/** Rule bases wherever they stand: vsys, device groups, what Panorama pushed. */
function findRulebases(root: ConfigNode): Rulebase[] {
  const found: Rulebase[] = [];
  walk(root, (each, path) => {
    const name = each.words[0] ?? '';
    if (RULEBASES.has(name)) {
      const owner = path.at(-1) ?? root;
      const kind = path.at(-2)?.words[0];
      found.push({ scope: kind === 'vsys' || kind === 'device-group' ? owner.words[0] : undefined, owner, node: each });
      return false;
    }
    return !SKIPPED.has(name);
  });
  return found;
}

/** Address objects and groups of a vsys, then of `shared`. */
class Addresses {
  /** Of each root the objects and the groups, by name. */
  readonly #roots: readonly (readonly [
    objects: ReadonlyMap<string, ConfigNode>,
    groups: ReadonlyMap<string, ConfigNode>,
  ])[];

  constructor(...roots: readonly (ConfigNode | undefined)[]) {
    this.#roots = roots.map((root) => [byName(at(root, 'address')), byName(at(root, 'address-group'))]);
  }

  text(names: readonly string[]): string | undefined {
    const all = names.slice(0, 64).flatMap((name) => this.#resolve(name, 0));
    return all.slice(0, 64).join(',') || undefined;
  }

  #resolve(name: string, depth: number): string[] {
    if (name === 'any') return ['any'];
    for (const [objects, groups] of this.#roots) {
      const object = objects.get(name);
      const value = valueOf(object, 'ip-netmask') ?? valueOf(object, 'ip-range') ?? valueOf(object, 'fqdn');
      if (value !== undefined) return [value];
      const group = groups.get(name);
      if (group !== undefined && depth < 8)
        return valuesOf(group, 'static')
          .flatMap((member) => this.#resolve(member, depth + 1))
          .slice(0, 64);
    }
    return [name];
  }
}

function byName(list: ConfigNode | undefined): ReadonlyMap<string, ConfigNode> {
  return new Map((list?.children ?? []).map((each) => [each.words[0] ?? '', each]));
}

function readRulebase(reading: ConfigReading, base: Rulebase, addresses: Addresses): void {
  for (const rule of rulesOf(base, 'security')) {
    reading.rule('policy', rule, named(base, rule), {
      ...matchOf(rule, addresses),
      'event.action': valueOf(rule, 'action'),
    });
  }
  for (const rule of rulesOf(base, 'nat')) readNat(reading, base, rule, addresses);
  for (const rule of rulesOf(base, 'decryption')) {
    reading.rule('decryption', rule, named(base, rule), {
      ...matchOf(rule, addresses),
      'event.action': valueOf(rule, 'action'),
    });
  }
  for (const rule of rulesOf(base, 'pbf')) {
    reading.rule('pbr', rule, named(base, rule), {
      ...matchOf(rule, addresses),
      'ascribe.config.set': at(rule, 'action')?.children[0]?.words[0],
    });
  }
}

function rulesOf(base: Rulebase, kind: string): readonly ConfigNode[] {
  return at(base.node, kind, 'rules')?.children ?? [];
}

function named(
  { scope }: Rulebase,
  rule: ConfigNode,
): { scope: string | undefined; name: string; active: boolean; aliases: (string | undefined)[] } {
  return {
    scope,
    name: rule.words[0] ?? '',
    active: valueOf(rule, 'disabled') !== 'yes',
    aliases: [valueOf(rule, 'uuid')],
  };
}

function matchOf(rule: ConfigNode, addresses: Addresses): Readonly<Record<string, string | undefined>> {
  const list = (name: string): string | undefined => valuesOf(rule, name).slice(0, 64).join(',') || undefined;
  return {
    'observer.ingress.zone': list('from'),
    'observer.egress.zone': list('to'),
    'ascribe.config.source': addresses.text(valuesOf(rule, 'source')),
    'ascribe.config.destination': addresses.text(valuesOf(rule, 'destination')),
    'ascribe.config.application': list('application'),
    'ascribe.config.service': list('service'),
    'rule.uuid': valueOf(rule, 'uuid'),
    'rule.description': valueOf(rule, 'description'),
  };
}

/** `source-translation dynamic-ip-and-port|dynamic-ip|static-ip …`, `destination-translation …`. */
function readNat(reading: ConfigReading, base: Rulebase, rule: ConfigNode, addresses: Addresses): void {
  const source = at(rule, 'source-translation');
  const type = ['dynamic-ip-and-port', 'dynamic-ip', 'static-ip'].find((each) => childOf(source, each) !== undefined);
  const translation = type === undefined ? undefined : at(source, type);
  const viaInterface = at(translation, 'interface-address');
  const destination = at(rule, 'destination-translation') ?? at(rule, 'dynamic-destination-translation');
  const { 'ascribe.config.source': real, 'ascribe.config.destination': target, ...match } = matchOf(rule, addresses);
  reading.rule('nat', rule, named(base, rule), {
    ...match,
    'ascribe.nat.kind':
      source !== undefined && destination !== undefined
        ? 'twice'
        : destination === undefined
          ? 'source'
          : 'destination',
    'ascribe.nat.type': type ?? (destination === undefined ? 'off' : 'static'),
    'ascribe.nat.real': real,
    'ascribe.nat.mapped':
      addresses.text(valuesOf(translation, 'translated-address')) ??
      valueOf(viaInterface, 'ip') ??
      (viaInterface === undefined ? undefined : 'interface'),
    'ascribe.nat.mapped_interface': valueOf(viaInterface, 'interface') ?? valueOf(rule, 'to-interface'),
    'ascribe.nat.bidirectional': valueOf(translation, 'bi-directional'),
    'ascribe.nat.destination_mapped': target,
    'ascribe.nat.destination_real': addresses.text(valuesOf(destination, 'translated-address')),
    'ascribe.nat.destination_port': valueOf(destination, 'translated-port'),
    'ascribe.nat.device_binding': valueOf(rule, 'active-active-device-binding'),
  });
}

/** `network interface ethernet E layer3 ip A/L`, sub-interfaces in `units`, and loopback, tunnel and VLAN interfaces. */
function readInterfaces(reading: ConfigReading, device: ConfigNode): void {
  const zones = new Map<string, string>();
  for (const owner of [device, ...(at(device, 'vsys')?.children ?? [])]) {
    for (const zone of at(owner, 'zone')?.children ?? []) {
      for (const port of at(zone, 'network')?.children.flatMap(({ children }) => children) ?? [])
        zones.set(port.words[0] ?? '', zone.words[0] ?? '');
    }
  }
  const kinds = at(device, 'network', 'interface');
  for (const port of [...allAt(kinds, 'ethernet'), ...allAt(kinds, 'aggregate-ethernet')].flatMap(
    ({ children }) => children,
  )) {
    const layer3 = at(port, 'layer3');
    if (layer3 !== undefined) readInterface(reading, port, layer3, zones);
    for (const unit of at(layer3, 'units')?.children ?? []) readInterface(reading, unit, unit, zones);
  }
  for (const kind of ['loopback', 'tunnel', 'vlan']) {
    for (const unit of at(kinds, kind, 'units')?.children ?? []) readInterface(reading, unit, unit, zones);
  }
  const management = at(device, 'deviceconfig', 'system');
  const own = networkOf(valueOf(management, 'ip-address'), valueOf(management, 'netmask'));
  if (management !== undefined && own !== undefined)
    reading.interface(at(management, 'ip-address') ?? management, {
      name: 'management',
      addresses: [own],
      active: true,
      details: {},
    });
}

function readInterface(
  reading: ConfigReading,
  port: ConfigNode,
  statement: ConfigNode,
  zones: ReadonlyMap<string, string>,
): void {
  const name = port.words[0] ?? '';
  const addresses = [
    ...valuesOf(statement, 'ip'),
    ...(at(statement, 'ipv6', 'address')?.children ?? []).map(({ words }) => words[0] ?? ''),
  ].flatMap((text) => networkOf(text) ?? []);
  reading.interface(port, {
    name,
    addresses,
    active: valueOf(port, 'link-state') !== 'down',
    details: {
      'ascribe.interface.zone': zones.get(name),
      'ascribe.interface.description': valueOf(port, 'comment') ?? valueOf(statement, 'comment'),
      'ascribe.interface.vlan': valueOf(statement, 'tag'),
    },
  });
}
