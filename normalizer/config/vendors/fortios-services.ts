import { type ConfigNode, childOf, valueOf, valuesOf } from '../config-node';
import type { ConfigReading, EndpointParts } from '../config-reading';
import { addressOf, portOf, urlOf, urlsIn } from '../hosts';
import { block, entriesOf, type Part } from './fortios-blocks';
import { ipsecPeer } from './indent-tunnels';

/** Sessions that the FortiGate itself opens (FortiOS CLI reference). */
export function readFortiosServices(reading: ConfigReading, part: Part): void {
  readLogging(reading, part);
  readManagement(reading, part);
  readNames(reading, part);
  readAaa(reading, part);
  readTunnels(reading, part);
  readMonitoring(reading, part);
  readUrls(reading, part);
  readScripts(reading, part);
}

/** One endpoint of a block or entry: `set server A`, `set port P`, `set source-ip A`, `set interface I`. */
function one(
  reading: ConfigReading,
  statement: ConfigNode | undefined,
  parts: Omit<EndpointParts, 'host'> & { readonly host?: string | undefined; readonly name?: string },
): void {
  if (statement === undefined) return;
  const { name = 'server', host = valueOf(statement, name), ...rest } = parts;
  reading.endpoint(statement, {
    sourceIp: valueOf(statement, 'source-ip'),
    sourceInterface: valueOf(statement, 'interface'),
    ...rest,
    host,
  });
}

function isOn(statement: ConfigNode | undefined, name = 'status'): boolean {
  return valueOf(statement, name) === 'enable';
}

/** A log destination is off unless `set status enable` says otherwise. */
function readLogging(reading: ConfigReading, part: Part): void {
  for (const number of ['', '2', '3', '4']) {
    for (const kind of ['setting', 'override-setting']) {
      const syslog = block(part, 'log', `syslogd${number}`, kind);
      const mode = valueOf(syslog, 'mode') ?? 'udp';
      const encryption = valueOf(syslog, 'enc-algorithm') ?? 'disable';
      const tls = mode === 'reliable' && encryption !== 'disable';
      one(reading, syslog, {
        purpose: 'syslog',
        protocol: mode === 'udp' ? 'udp' : 'tcp',
        port: portOf(valueOf(syslog, 'port')) ?? (tls ? 6514 : 514),
        encrypted: tls ? 'yes' : 'no',
        active: isOn(syslog),
      });
      const analyzer = block(part, 'log', `fortianalyzer${number}`, kind);
      one(reading, analyzer, {
        purpose: 'syslog',
        protocol: 'tcp',
        port: 514,
        encrypted: valueOf(analyzer, 'enc-algorithm') === 'disable' ? 'no' : 'yes',
        active: isOn(analyzer),
      });
    }
  }
  for (const name of ['fortianalyzer-cloud', 'fortiguard']) {
    const cloud = block(part, 'log', name, 'setting');
    one(reading, cloud, {
      purpose: 'syslog',
      host: '*',
      protocol: 'tcp',
      port: 514,
      encrypted: 'yes',
      active: isOn(cloud),
    });
  }
}

function readManagement(reading: ConfigReading, part: Part): void {
  const central = block(part, 'system', 'central-management');
  const type = valueOf(central, 'type');
  for (const host of type === 'fortiguard' ? ['*'] : valuesOf(central, 'fmg')) {
    one(reading, central, {
      purpose: 'cloud_management',
      host,
      protocol: 'tcp',
      port: 541,
      encrypted: 'yes',
      active: type !== 'none',
      sourceIp: valueOf(central, 'fmg-source-ip'),
    });
  }
  for (const server of childOf(central, 'server-list')?.children ?? []) {
    one(reading, server, { purpose: 'update', name: 'server-address', protocol: 'tcp', port: 443, encrypted: 'yes' });
  }
  const fabric = block(part, 'system', 'csf');
  one(reading, fabric, {
    purpose: 'cloud_management',
    host: valueOf(fabric, 'upstream') ?? valueOf(fabric, 'upstream-ip'),
    protocol: 'tcp',
    port: portOf(valueOf(fabric, 'upstream-port')) ?? 8013,
    encrypted: 'yes',
    active: isOn(fabric),
  });
  const sandbox = block(part, 'system', 'fortisandbox');
  one(reading, sandbox, {
    purpose: 'cloud_management',
    protocol: 'tcp',
    port: 514,
    encrypted: 'yes',
    active: isOn(sandbox),
  });
  const updates = block(part, 'system', 'autoupdate', 'tunneling');
  one(reading, updates, {
    purpose: 'update',
    name: 'address',
    protocol: 'tcp',
    port: portOf(valueOf(updates, 'port')),
    encrypted: 'yes',
    active: isOn(updates),
  });
  readFortiguard(reading, block(part, 'system', 'fortiguard'));
  for (const ems of entriesOf(part, 'endpoint-control', 'fctems')) {
    one(reading, ems, {
      purpose: 'cloud_management',
      protocol: 'tcp',
      port: portOf(valueOf(ems, 'https-port')) ?? 443,
      encrypted: 'yes',
      active: valueOf(ems, 'status') !== 'disable',
    });
  }
  const mail = block(part, 'system', 'email-server');
  const security = valueOf(mail, 'security') ?? 'none';
  one(reading, mail, {
    purpose: 'other',
    protocol: 'tcp',
    port: portOf(valueOf(mail, 'port')) ?? (security === 'smtps' ? 465 : 25),
    encrypted: security === 'none' ? 'maybe' : 'yes',
  });
}

/** What the block says of FortiGuard; by anycast (the default of 6.4 and later) it is HTTPS to one name. */
function readFortiguard(reading: ConfigReading, fortiguard: ConfigNode | undefined): void {
  if (fortiguard === undefined) return;
  const anycast = valueOf(fortiguard, 'fortiguard-anycast') !== 'disable';
  const port = portOf(valueOf(fortiguard, 'port')) ?? (anycast ? 443 : 53);
  const protocol = anycast || valueOf(fortiguard, 'protocol') === 'https' ? 'tcp' : 'udp';
  const host = anycast
    ? valueOf(fortiguard, 'fortiguard-anycast-source') === 'aws'
      ? 'globalguardservice2.fortinet.net'
      : 'globalguardservice.fortinet.net'
    : 'service.fortiguard.net';
  one(reading, fortiguard, {
    purpose: 'update',
    host,
    protocol,
    port,
    encrypted: protocol === 'tcp' ? 'yes' : 'maybe',
  });
  for (const server of valuesOf(fortiguard, 'sdns-server-ip'))
    one(reading, fortiguard, { purpose: 'dns', host: server, protocol: 'udp', port: 53 });
}

function readNames(reading: ConfigReading, part: Part): void {
  for (const dns of [block(part, 'system', 'dns'), block(part, 'system', 'vdom-dns')]) {
    const protocols = valuesOf(dns, 'protocol');
    const secure = protocols.includes('dot')
      ? ({ protocol: 'tcp', port: 853, encrypted: 'yes' } as const)
      : protocols.includes('doh')
        ? ({ protocol: 'tcp', port: 443, encrypted: 'yes' } as const)
        : undefined;
    for (const name of ['primary', 'secondary', 'ip6-primary', 'ip6-secondary']) {
      const statement = childOf(dns, name);
      if (statement === undefined) continue;
      const common = { purpose: 'dns', host: statement.words[1], sourceIp: valueOf(dns, 'source-ip') } as const;
      if (secure !== undefined) reading.endpoint(statement, { ...common, ...secure });
      if (secure === undefined || protocols.includes('cleartext'))
        reading.endpoint(statement, { ...common, protocol: 'udp', port: 53 });
    }
  }
  const ntp = block(part, 'system', 'ntp');
  const custom = valueOf(ntp, 'type') !== 'fortiguard';
  for (const server of childOf(ntp, 'ntpserver')?.children ?? []) {
    one(reading, server, {
      purpose: 'ntp',
      protocol: 'udp',
      port: 123,
      active: custom && valueOf(ntp, 'ntpsync') !== 'disable',
      sourceIp: valueOf(ntp, 'source-ip'),
    });
  }
  for (const ddns of entriesOf(part, 'system', 'ddns')) {
    one(reading, ddns, {
      purpose: 'ddns',
      host: valuesOf(ddns, 'ddns-server-addr')[0] ?? valueOf(ddns, 'ddns-server-ip') ?? '*',
      protocol: 'tcp',
      port: 443,
      encrypted: 'maybe',
    });
  }
}

function readAaa(reading: ConfigReading, part: Part): void {
  for (const radius of entriesOf(part, 'user', 'radius')) {
    const tls = valueOf(radius, 'transport-protocol') === 'tls';
    for (const name of ['server', 'secondary-server', 'tertiary-server']) {
      const port = portOf(valueOf(radius, 'radius-port')) ?? (tls ? 2083 : 1812);
      one(reading, radius, {
        purpose: 'radius',
        name,
        protocol: tls ? 'tcp' : 'udp',
        port,
        encrypted: tls ? 'yes' : 'no',
      });
      if (!tls) one(reading, radius, { purpose: 'radius', name, protocol: 'udp', port: port + 1 });
    }
  }
  for (const tacacs of entriesOf(part, 'user', 'tacacs+')) {
    for (const name of ['server', 'secondary-server', 'tertiary-server'])
      one(reading, tacacs, { purpose: 'tacacs', name, protocol: 'tcp', port: portOf(valueOf(tacacs, 'port')) ?? 49 });
  }
  for (const ldap of entriesOf(part, 'user', 'ldap')) {
    const secure = valueOf(ldap, 'secure') ?? 'disable';
    for (const name of ['server', 'secondary-server', 'tertiary-server'])
      one(reading, ldap, {
        purpose: 'ldap',
        name,
        protocol: 'tcp',
        port: portOf(valueOf(ldap, 'port')) ?? (secure === 'ldaps' ? 636 : 389),
        encrypted: secure === 'disable' ? 'no' : 'yes',
      });
  }
  for (const agent of entriesOf(part, 'user', 'fsso')) {
    for (const number of ['', '2', '3', '4', '5'])
      one(reading, agent, {
        purpose: 'other',
        name: `server${number}`,
        protocol: 'tcp',
        port: portOf(valueOf(agent, `port${number}`)) ?? 8000,
        encrypted: isOn(agent, 'ssl') ? 'yes' : 'maybe',
      });
  }
}

/** IKE gateways (static or by name; a dialup phase 1 only answers), GRE, IPIP, SIT, VXLAN, BGP. */
function readTunnels(reading: ConfigReading, part: Part): void {
  for (const name of ['phase1-interface', 'phase1']) {
    for (const tunnel of entriesOf(part, 'vpn', 'ipsec', name)) {
      const byName = valueOf(tunnel, 'type') === 'ddns';
      if (valueOf(tunnel, 'type') === 'dynamic') continue;
      ipsecPeer(reading, tunnel, byName ? valueOf(tunnel, 'remotegw-ddns') : valueOf(tunnel, 'remote-gw'), {
        sourceInterface: valueOf(tunnel, 'interface'),
        sourceIp: valueOf(tunnel, 'local-gw'),
        active: valueOf(tunnel, 'passive-mode') !== 'enable',
      });
    }
  }
  for (const [name, protocol] of [
    ['gre-tunnel', 'gre'],
    ['ipip-tunnel', 'ipip'],
    ['sit-tunnel', 'ipv6'],
  ] as const) {
    for (const tunnel of entriesOf(part, 'system', name))
      one(reading, tunnel, {
        purpose: 'tunnel',
        host: valueOf(tunnel, 'remote-gw') ?? valueOf(tunnel, 'destination'),
        protocol,
        sourceIp: valueOf(tunnel, 'local-gw') ?? valueOf(tunnel, 'source'),
      });
  }
  for (const tunnel of entriesOf(part, 'system', 'vxlan')) {
    for (const host of valuesOf(tunnel, 'remote-ip'))
      one(reading, tunnel, {
        purpose: 'tunnel',
        host,
        protocol: 'udp',
        port: portOf(valueOf(tunnel, 'dstport')) ?? 4789,
      });
  }
  for (const neighbour of childOf(block(part, 'router', 'bgp'), 'neighbor')?.children ?? []) {
    if (addressOf(neighbour.words[0]) === undefined) continue;
    one(reading, neighbour, {
      purpose: 'bgp',
      host: neighbour.words[0],
      protocol: 'tcp',
      port: 179,
      active: !isOn(neighbour, 'shutdown'),
      sourceInterface: valueOf(neighbour, 'update-source'),
    });
  }
}

function readMonitoring(reading: ConfigReading, part: Part): void {
  for (const community of entriesOf(part, 'system', 'snmp', 'community')) {
    for (const host of childOf(community, 'hosts')?.children ?? []) {
      const active = valueOf(community, 'status') !== 'disable' && valueOf(host, 'host-type') !== 'query';
      reading.endpoint(host, {
        purpose: 'snmp',
        host: valueOf(host, 'ip'),
        protocol: 'udp',
        port: portOf(valueOf(community, 'trap-v2c-rport')) ?? 162,
        active,
        sourceIp: valueOf(host, 'source-ip'),
      });
    }
  }
  for (const user of entriesOf(part, 'system', 'snmp', 'user')) {
    for (const host of valuesOf(user, 'notify-hosts'))
      one(reading, user, {
        purpose: 'snmp',
        host,
        protocol: 'udp',
        port: portOf(valueOf(user, 'trap-rport')) ?? 162,
        encrypted: valueOf(user, 'security-level') === 'auth-priv' ? 'yes' : 'no',
      });
  }
  const netflow = block(part, 'system', 'netflow');
  one(reading, netflow, {
    purpose: 'telemetry',
    name: 'collector-ip',
    protocol: 'udp',
    port: portOf(valueOf(netflow, 'collector-port')) ?? 2055,
  });
  for (const collector of childOf(netflow, 'collectors')?.children ?? [])
    one(reading, collector, {
      purpose: 'telemetry',
      name: 'collector-ip',
      protocol: 'udp',
      port: portOf(valueOf(collector, 'collector-port')) ?? 2055,
    });
  const sflow = block(part, 'system', 'sflow');
  one(reading, sflow, {
    purpose: 'telemetry',
    name: 'collector-ip',
    protocol: 'udp',
    port: portOf(valueOf(sflow, 'collector-port')) ?? 6343,
  });
  for (const monitor of entriesOf(part, 'system', 'link-monitor')) {
    const protocol = valueOf(monitor, 'protocol') ?? 'ping';
    for (const host of valuesOf(monitor, 'server'))
      one(reading, monitor, {
        purpose: 'other',
        host,
        protocol: protocol === 'ping' ? 'icmp' : protocol === 'http' || protocol === 'tcp-echo' ? 'tcp' : 'udp',
        port: portOf(valueOf(monitor, 'port')),
        active: valueOf(monitor, 'status') !== 'disable',
        sourceInterface: valueOf(monitor, 'srcintf'),
      });
  }
}

/** CLI scripts of automation: `set script "execute backup config ftp …"`, URLs in them. */
function readScripts(reading: ConfigReading, part: Part): void {
  for (const entry of entriesOf(part, 'system', 'automation-action')) {
    for (const { host, port, protocol, encrypted } of urlsIn(valueOf(entry, 'script') ?? ''))
      reading.endpoint(entry, { purpose: 'other', host, port, protocol, encrypted });
  }
}

const URL_BLOCKS: readonly (readonly [
  path: readonly string[],
  names: readonly string[],
  purpose: EndpointParts['purpose'],
])[] = [
  [['system', 'external-resource'], ['resource'], 'update'],
  [['system', 'automation-action'], ['uri'], 'other'],
  [['vpn', 'certificate', 'local'], ['scep-url', 'acme-ca-url'], 'pki'],
  [['vpn', 'certificate', 'ca'], ['scep-url'], 'pki'],
  [['vpn', 'certificate', 'ocsp-server'], ['url'], 'pki'],
  [['vpn', 'certificate', 'crl'], ['http-url', 'scep-url'], 'pki'],
];

function readUrls(reading: ConfigReading, part: Part): void {
  for (const [path, names, purpose] of URL_BLOCKS) {
    for (const entry of entriesOf(part, ...path)) {
      for (const name of names) {
        const text = valueOf(entry, name);
        const target =
          urlOf(text) ??
          (path[1] === 'automation-action' && text !== undefined
            ? urlOf(`${valueOf(entry, 'protocol') ?? 'http'}://${text}`)
            : undefined);
        if (target === undefined) continue;
        const { host, port, protocol, encrypted } = target;
        reading.endpoint(entry, {
          purpose,
          host,
          port,
          protocol,
          encrypted,
          active: valueOf(entry, 'status') !== 'disable',
          sourceIp: valueOf(entry, 'source-ip'),
        });
      }
    }
  }
}
