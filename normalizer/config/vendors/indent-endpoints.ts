import { type ConfigNode, childrenNamed } from '../config-node';
import type { ConfigReading, Encrypted, EndpointPurpose } from '../config-reading';
import { addressOf, hostOf, isName, portOf } from '../hosts';
import { groupOf } from './indent-groups';

/** Words behind which a value of an endpoint stands, in the Cisco-like languages. */
export interface Options {
  readonly host: string | undefined;
  /** Hosts, where one statement lists several. */
  readonly hosts: readonly string[];
  readonly port: number | undefined;
  readonly accountingPort: number | undefined;
  readonly transport: string | undefined;
  readonly vrf: string | undefined;
  readonly sourceInterface: string | undefined;
  readonly secure: boolean;
}

const VALUED: ReadonlySet<string> = new Set([
  'key',
  'version',
  'timeout',
  'retransmit',
  'facility',
  'profile',
  'prefer',
  'severity',
  'mode',
]);

/** Reads `[IF] HOST [vrf V] [port P] [transport T] [source I] [tcp/P] …`, in any order. */
export function optionsOf(words: readonly string[], named = true): Options {
  const hosts: string[] = [];
  let [port, accountingPort]: (number | undefined)[] = [];
  let [transport, vrf, sourceInterface]: (string | undefined)[] = [];
  let secure = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const next = words[i + 1];
    switch (word) {
      case 'vrf':
      case 'use-vrf':
        vrf = next;
        i++;
        continue;
      case 'port':
      case 'udp-port':
      case 'auth-port':
      case 'authentication-port':
      case 'proxy-port':
        port = portOf(next);
        i++;
        continue;
      case 'acct-port':
        accountingPort = portOf(next);
        i++;
        continue;
      case 'transport':
      case 'protocol':
        transport = next;
        i++;
        continue;
      case 'source':
      case 'source-interface':
      case 'local-interface':
        sourceInterface = next;
        i++;
        continue;
      case 'secure':
      case 'tls':
      case 'ssl':
      case 'ldap-over-ssl':
        secure = true;
        continue;
      case 'tcp':
      case 'udp':
        transport = word;
        continue;
      default:
    }
    const slashed = /^(tcp|udp)\/(\d{1,5})$/.exec(word);
    if (slashed !== null) {
      transport = slashed[1];
      port = portOf(slashed[2]);
      continue;
    }
    if (VALUED.has(word)) break;
    if (addressOf(word) !== undefined || (named && hosts.length === 0 && isName(word, true))) hosts.push(word);
  }
  return { host: hosts[0], hosts, port, accountingPort, transport, vrf, sourceInterface, secure };
}

/** Statements at the top level that name a host, by their first words. */
interface Row {
  readonly words: readonly string[];
  readonly purpose: EndpointPurpose;
  readonly protocol: string;
  readonly port: number;
  /** Another port that the same statement makes the device use (RADIUS accounting). */
  readonly second?: number;
  /** Names of hosts may be without a dot, where the host must stand there. */
  readonly anyName?: boolean;
  /** Kind of source statement (`sourceStatements`). */
  readonly source?: string;
}

/**
 * Configuration guides of IOS-XE, ASA, NX-OS and EOS. `logging A` and `ntp server A` have the same words in all of them;
 * where only one has a statement, no other has it for something else.
 */
const ROWS: readonly Row[] = [
  { words: ['logging', 'host'], purpose: 'syslog', protocol: 'udp', port: 514, source: 'logging' },
  { words: ['logging', 'server'], purpose: 'syslog', protocol: 'udp', port: 514, source: 'logging' },
  { words: ['ntp', 'server'], purpose: 'ntp', protocol: 'udp', port: 123, anyName: true, source: 'ntp' },
  { words: ['ntp', 'peer'], purpose: 'ntp', protocol: 'udp', port: 123, anyName: true, source: 'ntp' },
  { words: ['sntp', 'server'], purpose: 'ntp', protocol: 'udp', port: 123, anyName: true, source: 'ntp' },
  { words: ['snmp-server', 'host'], purpose: 'snmp', protocol: 'udp', port: 162, source: 'snmp' },
  { words: ['tacacs-server', 'host'], purpose: 'tacacs', protocol: 'tcp', port: 49, anyName: true, source: 'tacacs' },
  {
    words: ['radius-server', 'host'],
    purpose: 'radius',
    protocol: 'udp',
    port: 1645,
    second: 1646,
    anyName: true,
    source: 'radius',
  },
  { words: ['ldap-server', 'host'], purpose: 'ldap', protocol: 'tcp', port: 389, anyName: true },
  { words: ['ip', 'name-server'], purpose: 'dns', protocol: 'udp', port: 53, source: 'domain' },
  { words: ['ipv6', 'name-server'], purpose: 'dns', protocol: 'udp', port: 53, source: 'domain' },
  { words: ['name-server'], purpose: 'dns', protocol: 'udp', port: 53 },
  { words: ['dns', 'name-server'], purpose: 'dns', protocol: 'udp', port: 53 },
  { words: ['ip', 'msdp', 'peer'], purpose: 'other', protocol: 'tcp', port: 639 },
  { words: ['sflow', 'destination'], purpose: 'telemetry', protocol: 'udp', port: 6343 },
  { words: ['sflow', 'collector-ip'], purpose: 'telemetry', protocol: 'udp', port: 6343 },
  { words: ['smtp-server'], purpose: 'other', protocol: 'tcp', port: 25, anyName: true },
];

/** What a global statement says of the source of sessions: by kind. */
export type Sources = ReadonlyMap<string, string>;

const SOURCE_STATEMENTS: readonly (readonly [kind: string, words: readonly string[]])[] = [
  ['logging', ['logging', 'source-interface']],
  ['ntp', ['ntp', 'source-interface']],
  ['ntp', ['ntp', 'source']],
  ['ntp', ['ntp', 'local-interface']],
  ['snmp', ['snmp-server', 'trap-source']],
  ['snmp', ['snmp-server', 'source-interface', 'traps']],
  ['snmp', ['snmp-server', 'local-interface']],
  ['tacacs', ['ip', 'tacacs', 'source-interface']],
  ['radius', ['ip', 'radius', 'source-interface']],
  ['domain', ['ip', 'domain', 'lookup', 'source-interface']],
  ['domain', ['ip', 'domain-lookup', 'source-interface']],
  ['http', ['ip', 'http', 'client', 'source-interface']],
  ['ftp', ['ip', 'ftp', 'source-interface']],
];

export function sourceStatements(root: ConfigNode): Sources {
  const sources = new Map<string, string>();
  for (const { words } of root.children) {
    for (const [kind, prefix] of SOURCE_STATEMENTS) {
      if (!startsWith(words, prefix)) continue;
      const value = words[prefix.length];
      if (value !== undefined && value !== 'vrf' && !sources.has(kind)) sources.set(kind, value);
    }
  }
  return sources;
}

export function startsWith(words: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((word, i) => words[i] === word);
}

/** Endpoints of the statements that all Cisco-like languages share. An ASA logs only with `logging enable`. */
export function readSharedEndpoints(reading: ConfigReading, root: ConfigNode, sources: Sources, asa: boolean): void {
  const has = (...prefix: string[]): boolean => root.children.some(({ words }) => startsWith(words, prefix));
  const enabled = asa ? has('logging', 'enable') : !has('no', 'logging', 'on');
  for (const statement of root.children) {
    const row = ROWS.find(({ words }) => startsWith(statement.words, words));
    if (row !== undefined) readRow(reading, root, statement, row, sources, enabled);
    else if (statement.words[0] === 'logging') readLogging(reading, statement, sources);
  }
}

function readRow(
  reading: ConfigReading,
  root: ConfigNode,
  statement: ConfigNode,
  row: Row,
  sources: Sources,
  logging: boolean,
): void {
  const rest = statement.words.slice(row.words.length);
  const options = optionsOf(rest);
  const hosts =
    options.hosts.length > 0
      ? options.hosts
      : row.anyName === true
        ? rest.filter((word) => hostOf(word) !== undefined && !isOption(word)).slice(0, 1)
        : [];
  // Only name servers are listed in one statement; elsewhere a second address is a mask or an option's.
  const listed = row.purpose === 'dns' ? hosts : hosts.slice(0, 1);
  const syslog = row.purpose === 'syslog' ? syslogTransport(options, rest) : undefined;
  for (const host of listed) {
    const group = row.purpose === 'tacacs' || row.purpose === 'radius' ? groupOf(root, host) : undefined;
    const common = {
      purpose: row.purpose,
      host,
      active: row.purpose !== 'syslog' || logging,
      vrf: options.vrf ?? group?.vrf,
      sourceInterface:
        options.sourceInterface ??
        interfaceBefore(rest, host) ??
        group?.sourceInterface ??
        sources.get(row.source ?? ''),
    };
    const protocol = syslog?.protocol ?? row.protocol;
    reading.endpoint(statement, {
      ...common,
      protocol,
      port: options.port ?? syslog?.port ?? row.port,
      encrypted: syslog?.encrypted ?? encryptedBy(row, options),
    });
    if (row.second !== undefined)
      reading.endpoint(statement, { ...common, protocol, port: options.accountingPort ?? row.second });
  }
}

function isOption(word: string): boolean {
  return word === 'vrf' || word === 'use-vrf' || word === 'ip' || word === 'ipv6' || word === 'version';
}

function encryptedBy({ purpose }: Row, { secure }: Options): Encrypted {
  // TACACS+ hides its payload with MD5 (RFC 8907 section 10): no encryption to speak of.
  if (secure) return 'yes';
  return purpose === 'snmp' ? 'maybe' : 'no';
}

/** ASA: `logging host inside A`, `snmp-server host inside A`: the interface stands before the address. */
function interfaceBefore(rest: readonly string[], host: string): string | undefined {
  const [first] = rest;
  if (first === undefined || first === host || rest[1] !== host || isOption(first)) return undefined;
  return first;
}

/**
 * Default ports: UDP 514; TCP 601 on IOS (`transport tcp`), 1470 on ASA (the word `tcp` alone), 6514 with TLS.
 */
function syslogTransport(
  options: Options,
  rest: readonly string[],
): { protocol: string; port: number; encrypted: Encrypted } {
  const bare = rest.find(
    (word, i) => (word === 'tcp' || word === 'udp') && rest[i - 1] !== 'transport' && rest[i - 1] !== 'protocol',
  );
  if (options.secure || options.transport === 'tls') return { protocol: 'tcp', port: 6514, encrypted: 'yes' };
  // NX-OS: `logging server A 2 port 6514 secure`, `… transport tcp`
  if (options.transport === 'tcp') return { protocol: 'tcp', port: bare === 'tcp' ? 1470 : 601, encrypted: 'no' };
  return { protocol: 'udp', port: positionalPort(rest) ?? 514, encrypted: 'no' };
}

/** EOS: `logging host A 1514`. */
function positionalPort(rest: readonly string[]): number | undefined {
  const at = rest.findIndex((word) => addressOf(word) !== undefined);
  const port = portOf(rest[at + 1]);
  return at >= 0 && port !== undefined && port > 7 ? port : undefined;
}

/** `logging A` (old IOS), `logging vrf V host A` (EOS). */
function readLogging(reading: ConfigReading, statement: ConfigNode, sources: Sources): void {
  const { words } = statement;
  const host = words[1] === 'vrf' && words[3] === 'host' ? words[4] : words[1];
  if (addressOf(host) === undefined && !(words[1] === 'vrf' && host !== undefined)) return;
  const rest = words.slice(1);
  const options = optionsOf(rest);
  const transport = syslogTransport(options, rest);
  reading.endpoint(statement, {
    purpose: 'syslog',
    host,
    ...transport,
    port: options.port ?? transport.port,
    vrf: options.vrf,
    sourceInterface: options.sourceInterface ?? sources.get('logging'),
  });
}

/** Statements of a block that hold a URL: one endpoint for each. */
export function statementsWith(root: ConfigNode, ...words: readonly string[]): ConfigNode[] {
  return childrenNamed(root, words[0] ?? '').filter((each) => startsWith(each.words, words));
}
