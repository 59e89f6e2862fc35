import { type ConfigNode, at, childOf, valueOf, valuesOf, valueNode } from '../config-node';
import type { ConfigReading, EndpointParts, EndpointPurpose } from '../config-reading';
import { addressOf, portOf, urlOf, urlsIn } from '../hosts';
import { ipsecPeer } from './indent-tunnels';

/** A list whose entries are named by the host. */
interface Row {
  readonly path: readonly string[];
  readonly parts: Omit<EndpointParts, 'host'>;
}

const ROWS: readonly Row[] = [
  { path: ['system', 'name-server'], parts: { purpose: 'dns', protocol: 'udp', port: 53 } },
  { path: ['service', 'dns', 'forwarding', 'name-server'], parts: { purpose: 'dns', protocol: 'udp', port: 53 } },
  { path: ['system', 'ntp', 'server'], parts: { purpose: 'ntp', protocol: 'udp', port: 123 } },
  { path: ['service', 'ntp', 'server'], parts: { purpose: 'ntp', protocol: 'udp', port: 123 } },
  { path: ['service', 'snmp', 'trap-target'], parts: { purpose: 'snmp', protocol: 'udp', port: 162 } },
  {
    path: ['service', 'snmp', 'v3', 'trap-target'],
    parts: { purpose: 'snmp', protocol: 'udp', port: 162, encrypted: 'maybe' },
  },
  { path: ['system', 'login', 'tacacs', 'server'], parts: { purpose: 'tacacs', protocol: 'tcp', port: 49 } },
  {
    path: ['system', 'flow-accounting', 'netflow', 'server'],
    parts: { purpose: 'telemetry', protocol: 'udp', port: 2055 },
  },
  {
    path: ['system', 'flow-accounting', 'sflow', 'server'],
    parts: { purpose: 'telemetry', protocol: 'udp', port: 6343 },
  },
  { path: ['system', 'sflow', 'server'], parts: { purpose: 'telemetry', protocol: 'udp', port: 6343 } },
];

/** Sessions that the router itself opens (VyOS User Guide). */
export function readVyosServices(reading: ConfigReading, root: ConfigNode): void {
  for (const { path, parts } of ROWS) {
    for (const entry of at(root, ...path)?.children ?? []) host(reading, entry, parts);
  }
  readSyslog(reading, root);
  for (const server of at(root, 'system', 'login', 'radius', 'server')?.children ?? []) {
    host(reading, server, {
      purpose: 'radius',
      protocol: 'udp',
      port: 1812,
      active: childOf(server, 'disable') === undefined,
    });
  }
  readPeers(reading, root);
  readTunnels(reading, root);
  readDynamicDns(reading, root);
  readTasks(reading, root);
  readUrls(reading, root);
  readBgp(reading, root);
}

/** `system task-scheduler task T executable path P`, `… arguments A`. */
function readTasks(reading: ConfigReading, root: ConfigNode): void {
  for (const task of at(root, 'system', 'task-scheduler', 'task')?.children ?? []) {
    const executable = at(task, 'executable');
    const command = `${valueOf(executable, 'path') ?? ''} ${valueOf(executable, 'arguments') ?? ''}`;
    for (const { host, port, protocol, encrypted } of urlsIn(command))
      reading.endpoint(task, { purpose: 'other', host, port, protocol, encrypted });
  }
}

function host(reading: ConfigReading, entry: ConfigNode, parts: Omit<EndpointParts, 'host'>): void {
  reading.endpoint(entry, {
    host: entry.words[0],
    ...parts,
    port: portOf(valueOf(entry, 'port')) ?? parts.port,
    vrf: valueOf(entry, 'vrf'),
  });
}

/** 1.3: `system syslog host A facility …`; 1.4: `system syslog remote A`; TCP and TLS where stated. */
function readSyslog(reading: ConfigReading, root: ConfigNode): void {
  const syslog = at(root, 'system', 'syslog');
  for (const target of [...(at(syslog, 'host')?.children ?? []), ...(at(syslog, 'remote')?.children ?? [])]) {
    const protocol =
      valueOf(target, 'protocol') ??
      (at(target, 'facility')?.children ?? []).map((each) => valueOf(each, 'protocol')).find(Boolean) ??
      'udp';
    const tls = childOf(target, 'tls') !== undefined;
    host(reading, target, {
      purpose: 'syslog',
      protocol: tls ? 'tcp' : protocol,
      port: tls ? 6514 : 514,
      encrypted: tls ? 'yes' : 'no',
      sourceIp: valueOf(target, 'source-address'),
    });
  }
}

/** 1.3: the peer's name is its address; 1.4: `remote-address`. */
function readPeers(reading: ConfigReading, root: ConfigNode): void {
  for (const peer of at(root, 'vpn', 'ipsec', 'site-to-site', 'peer')?.children ?? []) {
    const remote = valuesOf(peer, 'remote-address');
    const hosts = remote.length > 0 ? remote : [(peer.words[0] ?? '').replace(/^@/, '')];
    const answers = valueOf(peer, 'connection-type') === 'respond' || valueOf(peer, 'connection-type') === 'none';
    const local = valueOf(peer, 'local-address');
    for (const each of hosts)
      ipsecPeer(reading, peer, each, {
        active: !answers && childOf(peer, 'disable') === undefined,
        sourceIp: local === 'any' ? undefined : local,
        sourceInterface: valueOf(peer, 'dhcp-interface'),
      });
  }
}

function readTunnels(reading: ConfigReading, root: ConfigNode): void {
  const interfaces = at(root, 'interfaces');
  const each = (kind: string, read: (port: ConfigNode, active: boolean) => void): void => {
    for (const port of at(interfaces, kind)?.children ?? []) read(port, childOf(port, 'disable') === undefined);
  };
  each('openvpn', (port, active) => {
    const tcp = valueOf(port, 'protocol')?.startsWith('tcp') === true;
    for (const name of valuesOf(port, 'remote-host'))
      reading.endpoint(port, {
        purpose: 'tunnel',
        host: name,
        protocol: tcp ? 'tcp' : 'udp',
        port: portOf(valueOf(port, 'remote-port')) ?? 1194,
        encrypted: 'yes',
        active: active && valueOf(port, 'protocol') !== 'tcp-passive',
      });
  });
  each('wireguard', (port, active) => {
    for (const peer of at(port, 'peer')?.children ?? []) {
      reading.endpoint(peer, {
        purpose: 'tunnel',
        host: valueOf(peer, 'address') ?? valueOf(peer, 'host-name'),
        protocol: 'udp',
        port: portOf(valueOf(peer, 'port')),
        encrypted: 'yes',
        active: active && childOf(peer, 'disable') === undefined,
      });
    }
  });
  each('tunnel', (port, active) => {
    const kind = valueOf(port, 'encapsulation') ?? 'gre';
    reading.endpoint(port, {
      purpose: 'tunnel',
      host: valueOf(port, 'remote') ?? valueOf(port, 'remote-ip'),
      protocol: kind.startsWith('gre') ? 'gre' : kind === 'sit' ? 'ipv6' : 'ipip',
      active,
      sourceIp: valueOf(port, 'source-address') ?? valueOf(port, 'local-ip'),
    });
  });
  each('vxlan', (port, active) => {
    for (const name of valuesOf(port, 'remote'))
      reading.endpoint(port, {
        purpose: 'tunnel',
        host: name,
        protocol: 'udp',
        port: portOf(valueOf(port, 'port')) ?? 8472,
        active,
      });
  });
  each('l2tpv3', (port, active) => {
    reading.endpoint(port, {
      purpose: 'tunnel',
      host: valueOf(port, 'remote') ?? valueOf(port, 'remote-ip'),
      protocol: valueOf(port, 'encapsulation') === 'ip' ? 'l2tp' : 'udp',
      port: portOf(valueOf(port, 'destination-port')),
      active,
    });
  });
  each('sstpc', (port, active) => {
    reading.endpoint(port, {
      purpose: 'tunnel',
      host: valueOf(port, 'server'),
      protocol: 'tcp',
      port: portOf(valueOf(port, 'port')) ?? 443,
      encrypted: 'yes',
      active,
    });
  });
}

/** `service dns dynamic … server S`, by interface (1.3) or by name (1.4). Without `server` the service's own host is meant. */
function readDynamicDns(reading: ConfigReading, root: ConfigNode): void {
  const dynamic = at(root, 'service', 'dns', 'dynamic');
  const services = [
    ...(at(dynamic, 'name')?.children ?? []),
    ...['interface', 'address']
      .flatMap((kind) => at(dynamic, kind)?.children ?? [])
      .flatMap((port) => at(port, 'service')?.children ?? []),
  ];
  for (const service of services) {
    reading.endpoint(service, {
      purpose: 'ddns',
      host: valueOf(service, 'server') ?? '*',
      protocol: 'tcp',
      port: 443,
      encrypted: 'maybe',
    });
  }
}

const URLS: readonly (readonly [path: readonly string[], name: string, purpose: EndpointPurpose])[] = [
  [['system', 'config-management', 'commit-archive'], 'location', 'file_transfer'],
  [['system', 'update-check'], 'url', 'update'],
  [['system', 'proxy'], 'url', 'other'],
  [['service', 'monitoring', 'telegraf', 'influxdb'], 'url', 'telemetry'],
  [['service', 'monitoring', 'telegraf', 'loki'], 'url', 'telemetry'],
  [['service', 'monitoring', 'telegraf', 'splunk'], 'url', 'telemetry'],
  [['service', 'monitoring', 'telegraf', 'azure-data-explorer'], 'url', 'telemetry'],
];

function readUrls(reading: ConfigReading, root: ConfigNode): void {
  for (const [path, name, purpose] of URLS) {
    const block = at(root, ...path);
    for (const text of valuesOf(block, name)) {
      const target = urlOf(text);
      const statement = at(block, name, text) ?? valueNode(block, name);
      if (target === undefined || statement === undefined) continue;
      const { host: name_, protocol, encrypted } = target;
      reading.endpoint(statement, {
        purpose,
        host: name_,
        protocol,
        encrypted,
        port: portOf(valueOf(block, 'port')) ?? target.port,
      });
    }
  }
}

/** `protocols bgp neighbor A` (1.4), `protocols bgp AS neighbor A` (1.3), also in a VRF. */
function readBgp(reading: ConfigReading, root: ConfigNode): void {
  const of = (protocols: ConfigNode | undefined, vrf: string | undefined): void => {
    const bgp = at(protocols, 'bgp');
    for (const process of [bgp, ...(bgp?.children ?? [])]) {
      for (const neighbour of at(process, 'neighbor')?.children ?? []) {
        if (addressOf(neighbour.words[0]) === undefined) continue;
        const source = valueOf(neighbour, 'update-source');
        reading.endpoint(neighbour, {
          purpose: 'bgp',
          host: neighbour.words[0],
          protocol: 'tcp',
          port: 179,
          vrf,
          active: childOf(neighbour, 'shutdown') === undefined,
          ...(addressOf(source) === undefined ? { sourceInterface: source } : { sourceIp: source }),
        });
      }
    }
  };
  of(at(root, 'protocols'), undefined);
  for (const vrf of at(root, 'vrf', 'name')?.children ?? []) of(at(vrf, 'protocols'), vrf.words[0]);
}
