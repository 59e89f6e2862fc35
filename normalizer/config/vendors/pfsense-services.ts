import { type ConfigNode, allAt, at, childOf, childrenNamed, valueOf, valuesOf } from '../config-node';
import type { ConfigReading, EndpointParts } from '../config-reading';
import { hostPortOf, portOf, urlOf } from '../hosts';
import { isEnabled } from './pfsense-enabled';
import { ipsecPeer } from './indent-tunnels';

/** Sessions that the firewall itself opens: pfSense and OPNsense documentation, and the element names of their `config.xml`. */
export function readPfsenseServices(reading: ConfigReading, config: ConfigNode): void {
  readSystem(reading, config);
  readSyslog(reading, config);
  readVpn(reading, config);
  readDynamicDns(reading, config);
  readAuthentication(reading, config);
  readOthers(reading, config);
}

function split(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
}

/** An element whose text is `host` or `host:port`. */
function element(reading: ConfigReading, statement: ConfigNode | undefined, parts: Omit<EndpointParts, 'host'>): void {
  if (statement === undefined) return;
  for (const text of split(statement.children[0]?.words[0])) {
    const target = hostPortOf(text);
    reading.endpoint(statement, { ...parts, host: target?.host, port: target?.port ?? parts.port });
  }
}

function readSystem(reading: ConfigReading, config: ConfigNode): void {
  const system = at(config, 'system');
  const tls =
    valueOf(at(config, 'unbound'), 'forward_tls_upstream') !== undefined &&
    childOf(at(config, 'unbound'), 'forwarding') !== undefined;
  for (const server of childrenNamed(system, 'dnsserver')) {
    if (tls) element(reading, server, { purpose: 'dns', protocol: 'tcp', port: 853, encrypted: 'yes' });
    else element(reading, server, { purpose: 'dns', protocol: 'udp', port: 53 });
  }
  element(reading, at(system, 'timeservers'), { purpose: 'ntp', protocol: 'udp', port: 123 });
  element(reading, at(system, 'proxyurl'), {
    purpose: 'other',
    protocol: 'tcp',
    port: portOf(valueOf(system, 'proxyport')),
    encrypted: 'maybe',
  });
  for (const mail of [at(config, 'notifications', 'smtp')]) {
    if (mail === undefined) continue;
    const ssl = childOf(mail, 'ssl') !== undefined;
    reading.endpoint(mail, {
      purpose: 'other',
      host: valueOf(mail, 'ipaddress'),
      protocol: 'tcp',
      port: portOf(valueOf(mail, 'port')) ?? (ssl ? 465 : 25),
      encrypted: ssl ? 'yes' : 'maybe',
      active: isEnabled(mail),
    });
  }
  const snmp = at(config, 'snmpd');
  element(reading, at(snmp, 'trapserver'), {
    purpose: 'snmp',
    protocol: 'udp',
    port: portOf(valueOf(snmp, 'trapserverport')) ?? 162,
    active: childOf(snmp, 'trapenable') !== undefined,
  });
  const backup = at(system, 'acb');
  if (backup !== undefined)
    reading.endpoint(backup, {
      purpose: 'file_transfer',
      host: 'acb.netgate.com',
      protocol: 'tcp',
      port: 443,
      encrypted: 'yes',
      active: valueOf(backup, 'enable') === 'yes',
    });
}

/** pfSense: `<syslog><enable/><remoteserver>A:P</remoteserver>`; OPNsense: `Syslog/destinations/destination`. */
function readSyslog(reading: ConfigReading, config: ConfigNode): void {
  const syslog = at(config, 'syslog');
  const sourceInterface = valueOf(syslog, 'sourceip');
  for (const name of ['remoteserver', 'remoteserver2', 'remoteserver3']) {
    element(reading, at(syslog, name), {
      purpose: 'syslog',
      protocol: 'udp',
      port: 514,
      active: childOf(syslog, 'enable') !== undefined,
      sourceInterface,
    });
  }
  for (const target of allAt(config, 'OPNsense', 'Syslog', 'destinations', 'destination')) {
    const transport = valueOf(target, 'transport') ?? 'udp4';
    const tls = transport.startsWith('tls');
    reading.endpoint(target, {
      purpose: 'syslog',
      host: valueOf(target, 'hostname'),
      protocol: tls || transport.startsWith('tcp') ? 'tcp' : 'udp',
      port: portOf(valueOf(target, 'port')) ?? 514,
      encrypted: tls ? 'yes' : 'no',
      active: isEnabled(target),
    });
  }
}

function readVpn(reading: ConfigReading, config: ConfigNode): void {
  for (const phase1 of allAt(config, 'ipsec', 'phase1')) {
    const answers = childOf(phase1, 'responderonly') !== undefined || valueOf(phase1, 'startaction') === 'none';
    ipsecPeer(reading, phase1, valueOf(phase1, 'remote-gateway'), {
      active: isEnabled(phase1) && !answers,
      sourceInterface: valueOf(phase1, 'interface'),
    });
  }
  for (const connection of allAt(config, 'OPNsense', 'Swanctl', 'Connections', 'Connection')) {
    for (const host of split(valueOf(connection, 'remote_addrs')))
      ipsecPeer(reading, connection, host, {
        active: isEnabled(connection),
        sourceIp: split(valueOf(connection, 'local_addrs'))[0],
      });
  }
  for (const client of allAt(config, 'openvpn', 'openvpn-client')) {
    const tcp = valueOf(client, 'protocol')?.toLowerCase().startsWith('tcp') === true;
    reading.endpoint(client, {
      purpose: 'tunnel',
      host: valueOf(client, 'server_addr'),
      protocol: tcp ? 'tcp' : 'udp',
      port: portOf(valueOf(client, 'server_port')) ?? 1194,
      encrypted: 'yes',
      active: isEnabled(client),
      sourceInterface: valueOf(client, 'interface'),
    });
  }
  for (const instance of allAt(config, 'OPNsense', 'OpenVPN', 'Instances', 'Instance')) {
    if (valueOf(instance, 'role') !== 'client') continue;
    for (const text of split(valueOf(instance, 'remote'))) {
      const target = hostPortOf(text);
      reading.endpoint(instance, {
        purpose: 'tunnel',
        host: target?.host,
        protocol: valueOf(instance, 'proto')?.startsWith('tcp') === true ? 'tcp' : 'udp',
        port: target?.port ?? 1194,
        encrypted: 'yes',
        active: isEnabled(instance),
      });
    }
  }
  for (const peer of allAt(config, 'installedpackages', 'wireguard', 'peers', 'item')) {
    reading.endpoint(peer, {
      purpose: 'tunnel',
      host: valueOf(peer, 'endpoint'),
      protocol: 'udp',
      port: portOf(valueOf(peer, 'port')) ?? 51_820,
      encrypted: 'yes',
      active: isEnabled(peer),
    });
  }
  for (const peer of allAt(config, 'OPNsense', 'wireguard', 'client', 'clients', 'client')) {
    reading.endpoint(peer, {
      purpose: 'tunnel',
      host: valueOf(peer, 'serveraddress'),
      protocol: 'udp',
      port: portOf(valueOf(peer, 'serverport')) ?? 51_820,
      encrypted: 'yes',
      active: isEnabled(peer),
    });
  }
  for (const [list, name, protocol] of [
    ['gres', 'gre', 'gre'],
    ['gifs', 'gif', 'ipip'],
  ] as const) {
    for (const tunnel of allAt(config, list, name))
      reading.endpoint(tunnel, {
        purpose: 'tunnel',
        host: valueOf(tunnel, 'remote-addr'),
        protocol,
        sourceInterface: valueOf(tunnel, 'if'),
      });
  }
}

function readDynamicDns(reading: ConfigReading, config: ConfigNode): void {
  for (const client of allAt(config, 'dyndnses', 'dyndns')) {
    const target = urlOf(valueOf(client, 'updateurl'));
    reading.endpoint(client, {
      purpose: 'ddns',
      host: target?.host ?? '*',
      protocol: 'tcp',
      port: target?.port ?? 443,
      encrypted: target?.encrypted ?? 'yes',
      active: childOf(client, 'enable') !== undefined,
      sourceInterface: valueOf(client, 'interface'),
    });
  }
  for (const client of allAt(config, 'OPNsense', 'DynDNS', 'accounts', 'account')) {
    reading.endpoint(client, {
      purpose: 'ddns',
      host: valueOf(client, 'server') ?? '*',
      protocol: 'tcp',
      port: 443,
      encrypted: 'yes',
      active: isEnabled(client),
    });
  }
  for (const client of allAt(config, 'dnsupdates', 'dnsupdate')) {
    reading.endpoint(client, {
      purpose: 'ddns',
      host: valueOf(client, 'server'),
      protocol: childOf(client, 'usetcp') === undefined ? 'udp' : 'tcp',
      port: 53,
      active: childOf(client, 'enable') !== undefined,
    });
  }
}

function readAuthentication(reading: ConfigReading, config: ConfigNode): void {
  for (const server of allAt(config, 'system', 'authserver')) {
    const host = valueOf(server, 'host');
    if (valueOf(server, 'type') === 'radius') {
      reading.endpoint(server, {
        purpose: 'radius',
        host,
        protocol: 'udp',
        port: portOf(valueOf(server, 'radius_auth_port')) ?? 1812,
      });
      if (valueOf(server, 'radius_acct_port') !== undefined)
        reading.endpoint(server, {
          purpose: 'radius',
          host,
          protocol: 'udp',
          port: portOf(valueOf(server, 'radius_acct_port')),
        });
    } else if (valueOf(server, 'type')?.startsWith('ldap') === true) {
      const kind = valueOf(server, 'ldap_urltype') ?? '';
      const ssl = kind.startsWith('SSL');
      reading.endpoint(server, {
        purpose: 'ldap',
        host,
        protocol: 'tcp',
        port: portOf(valueOf(server, 'ldap_port')) ?? (ssl ? 636 : 389),
        encrypted: ssl || kind.includes('STARTTLS') || kind.startsWith('StartTLS') ? 'yes' : 'no',
      });
    }
  }
}

/** URL tables (blocklists), certificates from ACME, BGP of the FRR package. */
function readOthers(reading: ConfigReading, config: ConfigNode): void {
  for (const alias of [
    ...allAt(config, 'aliases', 'alias'),
    ...allAt(config, 'OPNsense', 'Firewall', 'Alias', 'aliases', 'alias'),
  ]) {
    if (valueOf(alias, 'type')?.startsWith('url') !== true) continue;
    const texts = [
      valueOf(alias, 'url'),
      ...split(valueOf(alias, 'aliasurl')),
      ...valuesOf(alias, 'address'),
      ...split(valueOf(alias, 'content')),
    ];
    for (const text of texts) {
      const target = urlOf(text);
      if (target === undefined) continue;
      const { host, port, protocol, encrypted } = target;
      reading.endpoint(alias, { purpose: 'update', host, port, protocol, encrypted, active: isEnabled(alias) });
      break;
    }
  }
  for (const account of allAt(config, 'installedpackages', 'acme', 'accountkeys', 'item')) {
    const staging = valueOf(account, 'acmeserver')?.includes('staging') === true;
    reading.endpoint(account, {
      purpose: 'pki',
      host: staging ? 'acme-staging-v02.api.letsencrypt.org' : 'acme-v02.api.letsencrypt.org',
      protocol: 'tcp',
      port: 443,
      encrypted: 'yes',
    });
  }
  for (const neighbour of [
    ...allAt(config, 'installedpackages', 'frrbgpneighbors', 'config'),
    ...allAt(config, 'OPNsense', 'quagga', 'bgp', 'neighbors', 'neighbor'),
  ]) {
    reading.endpoint(neighbour, {
      purpose: 'bgp',
      host: valueOf(neighbour, 'peer') ?? valueOf(neighbour, 'address'),
      protocol: 'tcp',
      port: 179,
      active: isEnabled(neighbour),
    });
  }
}
