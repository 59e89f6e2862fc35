import { type ConfigNode, valueOf } from '../config-node';
import type { ConfigReading, EndpointParts } from '../config-reading';
import { hostPortOf, portOf, urlOf, urlsIn } from '../hosts';
import { ipsecPeer } from './indent-tunnels';

/** A menu whose statements each name one host. */
interface Row {
  readonly menu: string;
  readonly host: readonly string[];
  readonly port?: string;
  readonly parts: Omit<EndpointParts, 'host'>;
}

/** RouterOS documentation, by menu. */
const ROWS: readonly Row[] = [
  {
    menu: 'interface sstp-client',
    host: ['connect-to'],
    port: 'port',
    parts: { purpose: 'tunnel', protocol: 'tcp', port: 443, encrypted: 'yes' },
  },
  {
    menu: 'interface ovpn-client',
    host: ['connect-to'],
    port: 'port',
    parts: { purpose: 'tunnel', protocol: 'tcp', port: 1194, encrypted: 'yes' },
  },
  {
    menu: 'interface pptp-client',
    host: ['connect-to'],
    parts: { purpose: 'tunnel', protocol: 'tcp', port: 1723, encrypted: 'maybe' },
  },
  {
    menu: 'interface l2tp-client',
    host: ['connect-to'],
    parts: { purpose: 'tunnel', protocol: 'udp', port: 1701, encrypted: 'maybe' },
  },
  {
    menu: 'interface wireguard peers',
    host: ['endpoint-address', 'endpoint-host'],
    port: 'endpoint-port',
    parts: { purpose: 'tunnel', protocol: 'udp', encrypted: 'yes' },
  },
  { menu: 'interface gre', host: ['remote-address'], parts: { purpose: 'tunnel', protocol: 'gre' } },
  { menu: 'interface gre6', host: ['remote-address'], parts: { purpose: 'tunnel', protocol: 'gre' } },
  { menu: 'interface eoip', host: ['remote-address'], parts: { purpose: 'tunnel', protocol: 'gre' } },
  { menu: 'interface ipip', host: ['remote-address'], parts: { purpose: 'tunnel', protocol: 'ipip' } },
  { menu: 'interface 6to4', host: ['remote-address'], parts: { purpose: 'tunnel', protocol: 'ipv6' } },
  {
    menu: 'interface vxlan vteps',
    host: ['remote-ip'],
    port: 'port',
    parts: { purpose: 'tunnel', protocol: 'udp', port: 8472 },
  },
  { menu: 'system ntp client servers', host: ['address'], parts: { purpose: 'ntp', protocol: 'udp', port: 123 } },
  {
    menu: 'ip traffic-flow target',
    host: ['dst-address', 'address'],
    port: 'port',
    parts: { purpose: 'telemetry', protocol: 'udp', port: 2055 },
  },
  { menu: 'routing bgp connection', host: ['remote.address'], parts: { purpose: 'bgp', protocol: 'tcp', port: 179 } },
  { menu: 'routing bgp peer', host: ['remote-address'], parts: { purpose: 'bgp', protocol: 'tcp', port: 179 } },
  {
    menu: 'system logging action',
    host: ['remote'],
    port: 'remote-port',
    parts: { purpose: 'syslog', protocol: 'udp', port: 514 },
  },
  {
    menu: 'iot mqtt brokers',
    host: ['address'],
    port: 'port',
    parts: { purpose: 'telemetry', protocol: 'tcp', port: 1883, encrypted: 'maybe' },
  },
  {
    menu: 'tool netwatch',
    host: ['host'],
    port: 'port',
    parts: { purpose: 'other', protocol: '*', encrypted: 'maybe' },
  },
];

/** Sessions that the router itself opens. */
export function readRouterosServices(reading: ConfigReading, root: ConfigNode): void {
  for (const menu of root.children) {
    const name = menu.words.join(' ');
    const rows = ROWS.filter((row) => row.menu === name);
    for (const statement of menu.children) {
      for (const row of rows) readRow(reading, statement, row);
      OTHERS[name]?.(reading, statement);
      readScript(reading, name, statement);
    }
  }
}

function enabled(statement: ConfigNode): boolean {
  const disabled = valueOf(statement, 'disabled');
  return disabled !== 'yes' && disabled !== 'true';
}

function readRow(reading: ConfigReading, statement: ConfigNode, { host, port, parts }: Row): void {
  const text = host.map((name) => valueOf(statement, name)).find(Boolean);
  if (text === undefined) return;
  const target = hostPortOf(text.includes('/') ? text.slice(0, text.indexOf('/')) : text);
  const stated = port === undefined ? undefined : portOf(valueOf(statement, port));
  const tcp =
    valueOf(statement, 'remote-protocol') === 'tcp' ||
    (parts.purpose === 'tunnel' && valueOf(statement, 'protocol') === 'tcp');
  const udp = parts.purpose === 'tunnel' && valueOf(statement, 'protocol') === 'udp';
  reading.endpoint(statement, {
    ...parts,
    host: target?.host,
    protocol: tcp ? 'tcp' : udp ? 'udp' : (parts.protocol ?? '*'),
    port: stated ?? target?.port ?? parts.port,
    active: enabled(statement),
    sourceIp:
      valueOf(statement, 'src-address') ?? valueOf(statement, 'local-address') ?? valueOf(statement, 'local.address'),
    vrf: valueOf(statement, 'vrf'),
  });
}

const OTHERS: Readonly<Record<string, (reading: ConfigReading, statement: ConfigNode) => void>> = {
  'ip ipsec peer': (reading, statement) => {
    ipsecPeer(reading, statement, valueOf(statement, 'address'), {
      active: enabled(statement) && valueOf(statement, 'passive') !== 'yes' && isHost(valueOf(statement, 'address')),
      sourceIp: valueOf(statement, 'local-address'),
    });
  },
  'interface l2tp-client': (reading, statement) => {
    if (valueOf(statement, 'use-ipsec') === 'yes')
      ipsecPeer(reading, statement, valueOf(statement, 'connect-to'), { active: enabled(statement) });
  },
  'ip dns': (reading, statement) => {
    for (const host of (valueOf(statement, 'servers') ?? '').split(','))
      if (host !== '') reading.endpoint(statement, { purpose: 'dns', host, protocol: 'udp', port: 53 });
    url(reading, statement, valueOf(statement, 'use-doh-server'), 'dns');
  },
  'system ntp client': (reading, statement) => {
    const on = valueOf(statement, 'enabled') === 'yes';
    const hosts = [
      ...(valueOf(statement, 'servers') ?? '').split(','),
      valueOf(statement, 'primary-ntp'),
      valueOf(statement, 'secondary-ntp'),
      ...(valueOf(statement, 'server-dns-names') ?? '').split(','),
    ];
    for (const host of hosts)
      if (host !== undefined && host !== '')
        reading.endpoint(statement, { purpose: 'ntp', host, protocol: 'udp', port: 123, active: on });
  },
  radius: (reading, statement) => {
    const tls = valueOf(statement, 'protocol') === 'radsec';
    const common = {
      purpose: 'radius',
      host: valueOf(statement, 'address'),
      protocol: tls ? 'tcp' : 'udp',
      encrypted: tls ? 'yes' : 'no',
      active: enabled(statement),
      sourceIp: valueOf(statement, 'src-address'),
    } as const;
    reading.endpoint(statement, {
      ...common,
      port: tls ? 2083 : (portOf(valueOf(statement, 'authentication-port')) ?? 1812),
    });
    if (!tls) reading.endpoint(statement, { ...common, port: portOf(valueOf(statement, 'accounting-port')) ?? 1813 });
  },
  snmp: (reading, statement) => {
    for (const host of (valueOf(statement, 'trap-target') ?? '').split(','))
      if (host !== '')
        reading.endpoint(statement, {
          purpose: 'snmp',
          host,
          protocol: 'udp',
          port: 162,
          encrypted: 'maybe',
          active: valueOf(statement, 'enabled') !== 'no',
        });
  },
  'ip cloud': (reading, statement) => {
    const on = ['yes', 'auto'].includes(valueOf(statement, 'ddns-enabled') ?? 'no');
    const time = valueOf(statement, 'update-time') === 'yes';
    if (valueOf(statement, 'ddns-enabled') === undefined && !time) return;
    for (const host of ['cloud.mikrotik.com', 'cloud2.mikrotik.com'])
      reading.endpoint(statement, {
        purpose: 'ddns',
        host,
        protocol: 'udp',
        port: 15_252,
        encrypted: 'yes',
        active: on || time,
      });
  },
  'tool e-mail': (reading, statement) => {
    const tls = valueOf(statement, 'tls') ?? valueOf(statement, 'start-tls') ?? 'no';
    reading.endpoint(statement, {
      purpose: 'other',
      host: valueOf(statement, 'server') ?? valueOf(statement, 'address'),
      protocol: 'tcp',
      port: portOf(valueOf(statement, 'port')) ?? 25,
      encrypted: tls === 'no' ? 'no' : 'yes',
    });
  },
  'tr069-client': (reading, statement) =>
    url(reading, statement, valueOf(statement, 'acs-url'), 'cloud_management', valueOf(statement, 'enabled') === 'yes'),
  'container config': (reading, statement) =>
    url(reading, statement, valueOf(statement, 'registry-url'), 'file_transfer'),
  'ip proxy': (reading, statement) => {
    reading.endpoint(statement, {
      purpose: 'other',
      host: valueOf(statement, 'parent-proxy'),
      protocol: 'tcp',
      port: portOf(valueOf(statement, 'parent-proxy-port')),
      active: valueOf(statement, 'enabled') === 'yes',
    });
  },
  zerotier: (reading, statement) => {
    reading.endpoint(statement, {
      purpose: 'cloud_management',
      host: '*',
      protocol: 'udp',
      port: portOf(valueOf(statement, 'port')) ?? 9993,
      encrypted: 'yes',
      active: enabled(statement),
    });
  },
};

/** `0.0.0.0/0` and networks only say who may call in. */
function isHost(address: string | undefined): boolean {
  if (address === undefined) return false;
  const slash = address.indexOf('/');
  return slash < 0 || address.slice(slash) === '/32' || address.slice(slash) === '/128';
}

function url(
  reading: ConfigReading,
  statement: ConfigNode,
  text: string | undefined,
  purpose: EndpointParts['purpose'],
  active = true,
): void {
  const target = urlOf(text);
  if (target === undefined) return;
  const { host, port, protocol, encrypted } = target;
  reading.endpoint(statement, { purpose, host, port, protocol, encrypted, active });
}

/** Scripts, also those of the scheduler and of events, that fetch: `/tool fetch url="https://…"`. At most sixteen URLs of one. */
function readScript(reading: ConfigReading, menu: string, statement: ConfigNode): void {
  const names =
    menu === 'system script'
      ? ['source']
      : menu === 'system scheduler'
        ? ['on-event']
        : menu === 'tool netwatch'
          ? ['up-script', 'down-script']
          : [];
  for (const name of names) {
    for (const { host, port, protocol, encrypted } of urlsIn(valueOf(statement, name) ?? ''))
      reading.endpoint(statement, { purpose: 'other', host, port, protocol, encrypted, active: enabled(statement) });
  }
}
