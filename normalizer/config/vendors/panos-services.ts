import { type ConfigNode, at, childOf, valueOf, valueNode, walk } from '../config-node';
import type { ConfigReading, EndpointParts } from '../config-reading';
import { portOf, urlOf } from '../hosts';
import { ipsecPeer } from './indent-tunnels';

type Read = (reading: ConfigReading, block: ConfigNode) => void;

/** Blocks by the end of their path, wherever they stand: device, vsys, shared, template. */
const BLOCKS: readonly (readonly [path: readonly string[], read: Read])[] = [
  [['deviceconfig', 'system'], readSystem],
  [['deviceconfig', 'setting'], readSetting],
  [['log-settings', 'syslog'], (reading, block) => servers(block, (server) => syslog(reading, server))],
  [
    ['log-settings', 'snmptrap'],
    (reading, block) =>
      servers(block, (server) =>
        named(reading, server, 'manager', { purpose: 'snmp', protocol: 'udp', port: 162, encrypted: 'maybe' }),
      ),
  ],
  [
    ['log-settings', 'email'],
    (reading, block) =>
      servers(block, (server) =>
        named(reading, server, 'gateway', { purpose: 'other', protocol: 'tcp', port: 25, encrypted: 'maybe' }),
      ),
  ],
  [['log-settings', 'http'], (reading, block) => servers(block, (server) => http(reading, server))],
  [['server-profile', 'syslog'], (reading, block) => servers(block, (server) => syslog(reading, server))],
  [['server-profile', 'radius'], (reading, block) => servers(block, (server) => radius(reading, server))],
  [
    ['server-profile', 'tacplus'],
    (reading, block) =>
      servers(block, (server) => named(reading, server, 'address', { purpose: 'tacacs', protocol: 'tcp', port: 49 })),
  ],
  [['server-profile', 'ldap'], readLdap],
  [
    ['server-profile', 'kerberos'],
    (reading, block) =>
      servers(block, (server) => named(reading, server, 'host', { purpose: 'other', protocol: 'udp', port: 88 })),
  ],
  [
    ['server-profile', 'netflow'],
    (reading, block) =>
      servers(block, (server) => named(reading, server, 'host', { purpose: 'telemetry', protocol: 'udp', port: 2055 })),
  ],
  [['external-list'], readExternalLists],
  [['ike', 'gateway'], readGateways],
  [['tunnel', 'gre'], readGre],
  [['protocol', 'bgp'], readBgp],
  [['network', 'dns-proxy'], readDnsProxy],
  [['user-id-agent'], readAgents],
  [['redistribution-agent'], readAgents],
  [['scep'], (reading, block) => urls(reading, block, 'pki')],
  [
    ['ocsp-responder'],
    (reading, block) =>
      block.children.forEach((each) =>
        named(reading, each, 'host-name', { purpose: 'pki', protocol: 'tcp', port: 80 }),
      ),
  ],
];
const SKIPPED: ReadonlySet<string> = new Set([
  'rulebase',
  'pre-rulebase',
  'post-rulebase',
  'address',
  'service',
  'application',
  'mgt-config',
  'certificate',
  'profiles',
]);

/** Sessions that the firewall itself opens (PAN-OS configuration schema). */
export function readPanosServices(reading: ConfigReading, root: ConfigNode): void {
  walk(root, (each, path) => {
    const name = each.words[0] ?? '';
    const parent = path.at(-1)?.words[0];
    for (const [tail, read] of BLOCKS) {
      if (tail.at(-1) === name && (tail.length === 1 || tail[0] === parent)) read(reading, each);
    }
    return !SKIPPED.has(name);
  });
}

/** `PROFILE server NAME { … }`. */
function servers(block: ConfigNode, read: (server: ConfigNode) => void): void {
  for (const profile of block.children) for (const server of at(profile, 'server')?.children ?? []) read(server);
}

function named(reading: ConfigReading, server: ConfigNode, name: string, parts: Omit<EndpointParts, 'host'>): void {
  reading.endpoint(server, {
    ...parts,
    host: valueOf(server, name),
    port: portOf(valueOf(server, 'port')) ?? parts.port,
  });
}

function syslog(reading: ConfigReading, server: ConfigNode): void {
  const transport = valueOf(server, 'transport');
  const tls = transport === 'SSL';
  named(reading, server, 'server', {
    purpose: 'syslog',
    protocol: tls || transport === 'TCP' ? 'tcp' : 'udp',
    port: tls ? 6514 : 514,
    encrypted: tls ? 'yes' : 'no',
  });
}

function http(reading: ConfigReading, server: ConfigNode): void {
  const tls = valueOf(server, 'protocol') !== 'HTTP';
  const port = portOf(valueOf(server, 'http-port')) ?? (tls ? 443 : 80);
  named(reading, server, 'address', { purpose: 'other', protocol: 'tcp', port, encrypted: tls ? 'yes' : 'no' });
}

function radius(reading: ConfigReading, server: ConfigNode): void {
  named(reading, server, 'ip-address', { purpose: 'radius', protocol: 'udp', port: 1812 });
}

function readLdap(reading: ConfigReading, block: ConfigNode): void {
  for (const profile of block.children) {
    const tls = valueOf(profile, 'ssl') !== 'no';
    for (const server of at(profile, 'server')?.children ?? [])
      named(reading, server, 'address', {
        purpose: 'ldap',
        protocol: 'tcp',
        port: tls ? 636 : 389,
        encrypted: tls ? 'yes' : 'no',
      });
  }
}

function readSystem(reading: ConfigReading, system: ConfigNode): void {
  const source = (service: string): { sourceInterface: string | undefined; sourceIp: string | undefined } => {
    const route = at(system, 'route', 'service', service, 'source');
    return { sourceInterface: valueOf(route, 'interface'), sourceIp: valueOf(route, 'address') };
  };
  const one = (parent: ConfigNode | undefined, name: string, parts: Omit<EndpointParts, 'host'>): void => {
    const statement = valueNode(parent, name);
    if (statement !== undefined) reading.endpoint(statement, { ...parts, host: valueOf(parent, name) });
  };
  one(system, 'update-server', {
    purpose: 'update',
    protocol: 'tcp',
    port: 443,
    encrypted: 'yes',
    ...source('paloalto-networks-services'),
  });
  one(system, 'lcaas-server', { purpose: 'cloud_management', protocol: 'tcp', port: 444, encrypted: 'yes' });
  const panorama = {
    purpose: 'cloud_management',
    protocol: 'tcp',
    port: 3978,
    encrypted: 'yes',
    ...source('panorama'),
  } as const;
  for (const parent of [system, at(system, 'panorama', 'local-panorama')])
    for (const name of ['panorama-server', 'panorama-server-2']) one(parent, name, panorama);
  for (const name of ['primary-ntp-server', 'secondary-ntp-server']) {
    one(at(system, 'ntp-servers', name), 'ntp-server-address', {
      purpose: 'ntp',
      protocol: 'udp',
      port: 123,
      ...source('ntp'),
    });
  }
  for (const name of ['primary', 'secondary'])
    one(at(system, 'dns-setting', 'servers'), name, { purpose: 'dns', protocol: 'udp', port: 53, ...source('dns') });
  for (const name of ['ntp-server-1', 'ntp-server-2'])
    one(system, name, { purpose: 'ntp', protocol: 'udp', port: 123 });
  one(system, 'secure-proxy-server', {
    purpose: 'other',
    protocol: 'tcp',
    port: portOf(valueOf(system, 'secure-proxy-port')),
    encrypted: 'maybe',
  });
  const telemetry = at(system, 'device-telemetry');
  if (telemetry === undefined) return;
  const on = telemetry.children.some(
    ({ words, children }) => words[0] !== 'region' && (words[1] ?? children[0]?.words[0]) === 'yes',
  );
  reading.endpoint(telemetry, {
    purpose: 'telemetry',
    host: '*',
    protocol: 'tcp',
    port: 443,
    encrypted: 'yes',
    active: on,
  });
}

function readSetting(reading: ConfigReading, setting: ConfigNode): void {
  for (const name of ['public-cloud', 'private-cloud', 'public-cloud-server', 'private-cloud-server']) {
    const statement = valueNode(at(setting, 'wildfire'), name);
    if (statement !== undefined)
      reading.endpoint(statement, {
        purpose: 'cloud_management',
        host: statement.words.at(-1),
        protocol: 'tcp',
        port: 443,
        encrypted: 'yes',
      });
  }
  const forwarding = at(setting, 'logging', 'logging-service-forwarding');
  if (valueOf(forwarding, 'enable') === 'yes' && forwarding !== undefined) {
    reading.endpoint(forwarding, {
      purpose: 'cloud_management',
      host: '*',
      protocol: 'tcp',
      port: 444,
      encrypted: 'yes',
    });
  }
}

function urls(reading: ConfigReading, block: ConfigNode, purpose: EndpointParts['purpose']): void {
  walk(block, (each) => {
    const target = urlOf(each.words[0]);
    if (target === undefined) return;
    const { host, port, protocol, encrypted } = target;
    reading.endpoint(each, { purpose, host, port, protocol, encrypted });
  });
}

/** External dynamic lists: `external-list E type ip url https://…`; without a scheme it is HTTP. */
function readExternalLists(reading: ConfigReading, block: ConfigNode): void {
  for (const list of block.children) {
    for (const type of at(list, 'type')?.children ?? []) {
      const text = valueOf(type, 'url');
      const target = urlOf(text) ?? urlOf(text === undefined || !text.includes('.') ? undefined : `http://${text}`);
      if (target === undefined || type.words[0]?.startsWith('predefined') === true) continue;
      const { host, port, protocol, encrypted } = target;
      reading.endpoint(list, { purpose: 'update', host, port, protocol, encrypted });
    }
  }
}

/** `network ike gateway G peer-address ip A|fqdn N`, `local-address { interface I; ip A/L; }`, `disabled yes`. */
function readGateways(reading: ConfigReading, block: ConfigNode): void {
  for (const gateway of block.children) {
    const peer = at(gateway, 'peer-address');
    const local = at(gateway, 'local-address');
    ipsecPeer(reading, gateway, valueOf(peer, 'ip') ?? valueOf(peer, 'fqdn'), {
      active: valueOf(gateway, 'disabled') !== 'yes',
      sourceInterface: valueOf(local, 'interface'),
      sourceIp: valueOf(local, 'ip') ?? valueOf(local, 'floating-ip'),
    });
  }
}

function readGre(reading: ConfigReading, block: ConfigNode): void {
  for (const tunnel of block.children) {
    const local = at(tunnel, 'local-address');
    reading.endpoint(tunnel, {
      purpose: 'tunnel',
      host: valueOf(at(tunnel, 'peer-address'), 'ip') ?? valueOf(tunnel, 'peer-address'),
      protocol: 'gre',
      sourceInterface: valueOf(local, 'interface'),
      sourceIp: valueOf(local, 'ip'),
      active: valueOf(tunnel, 'disabled') !== 'yes',
    });
  }
}

function readBgp(reading: ConfigReading, bgp: ConfigNode): void {
  const on = valueOf(bgp, 'enable') !== 'no';
  for (const group of at(bgp, 'peer-group')?.children ?? []) {
    for (const peer of at(group, 'peer')?.children ?? []) {
      const off =
        valueOf(peer, 'enable') === 'no' ||
        valueOf(group, 'enable') === 'no' ||
        childOf(peer, 'disabled') !== undefined;
      reading.endpoint(peer, {
        purpose: 'bgp',
        host: valueOf(at(peer, 'peer-address'), 'ip'),
        protocol: 'tcp',
        port: 179,
        active: on && !off,
        sourceInterface: valueOf(at(peer, 'local-address'), 'interface'),
        sourceIp: valueOf(at(peer, 'local-address'), 'ip'),
      });
    }
  }
}

function readDnsProxy(reading: ConfigReading, block: ConfigNode): void {
  for (const proxy of block.children) {
    for (const name of ['primary', 'secondary']) {
      const statement = valueNode(at(proxy, 'default'), name);
      if (statement !== undefined)
        reading.endpoint(statement, {
          purpose: 'dns',
          host: statement.words[0],
          protocol: 'udp',
          port: 53,
          active: valueOf(proxy, 'enabled') !== 'no',
        });
    }
  }
}

function readAgents(reading: ConfigReading, block: ConfigNode): void {
  for (const agent of block.children) {
    const target = at(agent, 'host-port') ?? agent;
    reading.endpoint(agent, {
      purpose: 'other',
      host: valueOf(target, 'host') ?? valueOf(agent, 'ip-address'),
      protocol: 'tcp',
      port: portOf(valueOf(target, 'port')) ?? 5007,
      encrypted: 'yes',
      active: valueOf(agent, 'disabled') !== 'yes',
    });
  }
}
