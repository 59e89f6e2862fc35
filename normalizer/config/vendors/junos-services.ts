import { type ConfigNode, at, childOf, valueOf, valuesOf, walk } from '../config-node';
import type { ConfigReading, EndpointParts, EndpointPurpose } from '../config-reading';
import { addressOf, hostOf, portOf, urlsIn } from '../hosts';
import { ipsecPeer } from './indent-tunnels';

/** Sessions that the device itself opens (Junos CLI reference). */
export function readJunosServices(reading: ConfigReading, root: ConfigNode): void {
  const system = at(root, 'system');
  readSyslog(reading, root, system);
  for (const list of ['server', 'peer', 'boot-server']) {
    for (const server of at(system, 'ntp', list)?.children ?? []) {
      endpoint(reading, server, {
        purpose: 'ntp',
        protocol: 'udp',
        port: 123,
        sourceIp: valueOf(at(system, 'ntp'), 'source-address'),
      });
    }
  }
  for (const server of at(system, 'name-server')?.children ?? [])
    endpoint(reading, server, { purpose: 'dns', protocol: 'udp', port: 53 });
  readAaa(reading, root, system);
  readSnmp(reading, root);
  readManagement(reading, root, system);
  readUrls(reading, root);
}

/** A list's entry whose name is the host. */
function endpoint(reading: ConfigReading, entry: ConfigNode, parts: Omit<EndpointParts, 'host'>): void {
  reading.endpoint(entry, {
    host: entry.words[0],
    ...parts,
    port: portOf(valueOf(entry, 'port')) ?? parts.port,
    vrf: valueOf(entry, 'routing-instance') ?? parts.vrf,
    sourceIp: valueOf(entry, 'source-address') ?? parts.sourceIp,
  });
}

function readSyslog(reading: ConfigReading, root: ConfigNode, system: ConfigNode | undefined): void {
  const syslog = at(system, 'syslog');
  for (const host of at(syslog, 'host')?.children ?? []) {
    if (host.words[0] === 'other-routing-engine') continue;
    const transport = valueOf(host, 'transport');
    const tls = transport === 'tls' || childOf(host, 'tlsdetails') !== undefined;
    endpoint(reading, host, {
      purpose: 'syslog',
      protocol: tls || transport === 'tcp' ? 'tcp' : 'udp',
      port: tls ? 6514 : 514,
      encrypted: tls ? 'yes' : 'no',
      sourceIp: valueOf(syslog, 'source-address'),
    });
  }
  const log = at(root, 'security', 'log');
  const protocol = valueOf(at(log, 'transport'), 'protocol');
  for (const stream of at(log, 'stream')?.children ?? []) {
    const own = valueOf(at(stream, 'transport'), 'protocol') ?? protocol;
    const host = at(stream, 'host');
    reading.endpoint(host ?? stream, {
      purpose: 'syslog',
      host: host?.children.find(({ words }) => hostOf(words[0]) !== undefined && words[0] !== 'port')?.words[0],
      protocol: own === 'tcp' || own === 'tls' ? 'tcp' : 'udp',
      port: portOf(valueOf(host, 'port')) ?? portOf(valueOf(host?.children[0], 'port')) ?? (own === 'tls' ? 6514 : 514),
      encrypted: own === 'tls' ? 'yes' : 'no',
      sourceIp: valueOf(log, 'source-address'),
    });
  }
}

function readAaa(reading: ConfigReading, root: ConfigNode, system: ConfigNode | undefined): void {
  const profiles = at(root, 'access', 'profile')?.children ?? [];
  const radius = [
    at(system, 'radius-server'),
    at(root, 'access', 'radius-server'),
    at(system, 'accounting', 'destination', 'radius', 'server'),
    ...profiles.map((profile) => at(profile, 'radius-server')),
  ];
  for (const server of radius.flatMap((list) => list?.children ?? [])) {
    endpoint(reading, server, { purpose: 'radius', protocol: 'udp', port: 1812 });
    endpoint(reading, server, {
      purpose: 'radius',
      protocol: 'udp',
      port: portOf(valueOf(server, 'accounting-port')) ?? 1813,
    });
  }
  const tacacs = [at(system, 'tacplus-server'), at(system, 'accounting', 'destination', 'tacplus', 'server')];
  for (const server of tacacs.flatMap((list) => list?.children ?? []))
    endpoint(reading, server, { purpose: 'tacacs', protocol: 'tcp', port: 49 });
  for (const server of [
    at(root, 'access', 'ldap-server'),
    ...profiles.map((profile) => at(profile, 'ldap-server')),
  ].flatMap((list) => list?.children ?? [])) {
    const tls = valueOf(server, 'tls-type') !== undefined;
    endpoint(reading, server, { purpose: 'ldap', protocol: 'tcp', port: 389, encrypted: tls ? 'yes' : 'no' });
  }
}

function readSnmp(reading: ConfigReading, root: ConfigNode): void {
  const snmp = at(root, 'snmp');
  const sourceIp = valueOf(at(snmp, 'trap-options'), 'source-address');
  for (const group of at(snmp, 'trap-group')?.children ?? []) {
    const port = portOf(valueOf(group, 'destination-port')) ?? 162;
    for (const target of at(group, 'targets')?.children ?? [])
      endpoint(reading, target, {
        purpose: 'snmp',
        protocol: 'udp',
        port,
        sourceIp,
        vrf: valueOf(group, 'routing-instance'),
      });
  }
  for (const target of at(snmp, 'v3', 'target-address')?.children ?? []) {
    reading.endpoint(target, {
      purpose: 'snmp',
      host: valueOf(target, 'address'),
      protocol: 'udp',
      port: portOf(valueOf(target, 'port')) ?? 162,
      encrypted: 'maybe',
      sourceIp,
    });
  }
}

/** Outbound SSH (Mist and others), streamed telemetry, flow export, DNS forwarders. */
function readManagement(reading: ConfigReading, root: ConfigNode, system: ConfigNode | undefined): void {
  for (const client of at(system, 'services', 'outbound-ssh', 'client')?.children ?? []) {
    // A server is the statement that has a port: its name is the host.
    for (const server of [...client.children, ...(at(client, 'servers')?.children ?? [])]) {
      if (childOf(server, 'port') === undefined && childOf(server, 'retry') === undefined) continue;
      endpoint(reading, server, {
        purpose: 'cloud_management',
        protocol: 'tcp',
        port: 22,
        encrypted: 'yes',
        vrf: valueOf(client, 'routing-instance'),
      });
    }
  }
  for (const server of at(root, 'services', 'analytics', 'streaming-server')?.children ?? []) {
    const profile = (at(root, 'services', 'analytics', 'export-profile')?.children ?? [])
      .map((each) => valueOf(each, 'transport'))
      .find(Boolean);
    reading.endpoint(server, {
      purpose: 'telemetry',
      host: valueOf(server, 'remote-address'),
      protocol: profile === 'grpc' || profile === 'tcp' ? 'tcp' : 'udp',
      port: portOf(valueOf(server, 'remote-port')),
      encrypted: profile === 'grpc' ? 'maybe' : 'no',
    });
  }
  for (const collector of at(root, 'protocols', 'sflow', 'collector')?.children ?? []) {
    endpoint(reading, collector, {
      purpose: 'telemetry',
      protocol: 'udp',
      port: portOf(valueOf(collector, 'udp-port')) ?? 6343,
    });
  }
  const options = at(root, 'forwarding-options');
  if (options !== undefined) {
    walk(options, (each) => {
      if (each.words[0] !== 'flow-server') return;
      for (const server of each.children)
        endpoint(reading, server, { purpose: 'telemetry', protocol: 'udp', port: 2055 });
    });
  }
  for (const forwarder of at(system, 'services', 'dns', 'dns-proxy')?.children ?? []) {
    for (const host of valuesOf(forwarder, 'forwarders'))
      reading.endpoint(forwarder, { purpose: 'dns', host, protocol: 'udp', port: 53 });
  }
}

/** Where a URL stands, and what for: the statement on whose path it is found first in this order. */
const URL_PATHS: readonly (readonly [path: readonly string[], purpose: EndpointPurpose])[] = [
  [['system', 'phone-home'], 'call_home'],
  [['system', 'license'], 'licensing'],
  [['system', 'archival'], 'file_transfer'],
  [['event-options', 'destinations'], 'file_transfer'],
  [['event-options', 'policy'], 'other'],
  [['event-options', 'event-script'], 'other'],
  [['system', 'scripts'], 'other'],
  [['system', 'services', 'dynamic-dns'], 'ddns'],
  [['security', 'pki'], 'pki'],
  [['security', 'idp'], 'update'],
  [['services', 'application-identification'], 'update'],
  [['security', 'utm'], 'update'],
  [['security', 'dynamic-address'], 'update'],
  [['services', 'security-intelligence'], 'cloud_management'],
  [['services', 'advanced-anti-malware'], 'cloud_management'],
  [['services', 'web-proxy'], 'other'],
  [['system', 'autoinstallation'], 'file_transfer'],
];

function readUrls(reading: ConfigReading, root: ConfigNode): void {
  for (const [path, purpose] of URL_PATHS) {
    const block = at(root, ...path);
    if (block === undefined) continue;
    walk(block, (each) => {
      // A policy's commands hold URLs among other words: `file copy /var/log/x https://192.0.2.1/`.
      for (const { host, port, protocol, encrypted } of urlsIn(each.words[0] ?? ''))
        reading.endpoint(each, { purpose, host, port, protocol, encrypted });
    });
  }
  const proxy = at(root, 'system', 'proxy');
  if (proxy !== undefined)
    reading.endpoint(proxy, {
      purpose: 'other',
      host: valueOf(proxy, 'server'),
      protocol: 'tcp',
      port: portOf(valueOf(proxy, 'port')),
      encrypted: 'maybe',
    });
}

/** IKE gateways, tunnels, BGP and MSDP neighbours, in the device or one of its logical systems. */
export function readJunosPeers(reading: ConfigReading, root: ConfigNode): void {
  for (const gateway of at(root, 'security', 'ike', 'gateway')?.children ?? []) {
    const common = {
      sourceInterface: valueOf(gateway, 'external-interface'),
      sourceIp: valueOf(gateway, 'local-address'),
    };
    for (const address of at(gateway, 'address')?.children ?? []) ipsecPeer(reading, address, address.words[0], common);
  }
  for (const port of at(root, 'interfaces')?.children ?? []) {
    for (const unit of at(port, 'unit')?.children ?? []) {
      const tunnel = at(unit, 'tunnel');
      const destination = at(tunnel, 'destination')?.children[0];
      if (destination === undefined) continue;
      const kind = port.words[0]?.startsWith('ip-') === true ? 'ipip' : 'gre';
      reading.endpoint(destination, {
        purpose: 'tunnel',
        host: destination.words[0],
        protocol: kind,
        sourceIp: valueOf(tunnel, 'source'),
        vrf: valueOf(at(tunnel, 'routing-instance'), 'destination'),
        active: childOf(unit, 'disable') === undefined && childOf(port, 'disable') === undefined,
      });
    }
  }
  readBgp(reading, at(root, 'protocols'), undefined);
  for (const instance of at(root, 'routing-instances')?.children ?? [])
    readBgp(reading, at(instance, 'protocols'), instance.words[0]);
}

function readBgp(reading: ConfigReading, protocols: ConfigNode | undefined, vrf: string | undefined): void {
  const bgp = at(protocols, 'bgp');
  const groups = [bgp, ...(at(bgp, 'group')?.children ?? [])];
  for (const group of groups) {
    for (const neighbour of at(group, 'neighbor')?.children ?? []) {
      if (addressOf(neighbour.words[0]) === undefined) continue;
      const local =
        valueOf(neighbour, 'local-address') ?? valueOf(group, 'local-address') ?? valueOf(bgp, 'local-address');
      const off = [neighbour, group, bgp].some(
        (each) => childOf(each, 'disable') !== undefined || childOf(each, 'shutdown') !== undefined,
      );
      reading.endpoint(neighbour, {
        purpose: 'bgp',
        host: neighbour.words[0],
        protocol: 'tcp',
        port: 179,
        vrf,
        sourceIp: local,
        active: !off,
      });
    }
  }
  for (const peer of at(protocols, 'msdp', 'peer')?.children ?? [])
    endpoint(reading, peer, { purpose: 'other', protocol: 'tcp', port: 639, vrf });
}
