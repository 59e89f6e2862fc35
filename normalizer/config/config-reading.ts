import { type ConfigNode, linesOf } from './config-node';
import { hostOf } from './hosts';
import type { PortBlocks } from './port-blocks';

/** What a statement makes the device open sessions for: `ascribe.config.purpose`. */
export type EndpointPurpose =
  | 'syslog'
  | 'ntp'
  | 'radius'
  | 'tacacs'
  | 'snmp'
  | 'telemetry'
  | 'call_home'
  | 'licensing'
  | 'ddns'
  | 'update'
  | 'cloud_management'
  | 'ipsec'
  | 'tunnel'
  | 'dns'
  | 'ldap'
  | 'pki'
  | 'file_transfer'
  | 'bgp'
  | 'other';

export type Encrypted = 'yes' | 'no' | 'maybe';

/** Small values beside a rule or an endpoint; undefined ones are left out. */
export type Details = Readonly<Record<string, string | number | undefined>>;

/** One session that a statement declares. */
export interface ConfigEndpoint {
  /** Line of the statement. */
  readonly line: number;
  /** All lines on which something of it stands; groups and objects may stand before it. */
  readonly lines: readonly number[];
  readonly purpose: EndpointPurpose;
  /** `tcp`, `udp`, `esp`, `gre`, `ip`; `*` where it is not known. */
  readonly protocol: string;
  /** Canonical address or DNS name in lower case; `*` where it is not known. */
  readonly host: string;
  readonly port: number | undefined;
  readonly encrypted: Encrypted;
  readonly active: boolean;
  readonly sourceInterface: string | undefined;
  readonly sourceIp: string | undefined;
  readonly vrf: string | undefined;
}

/** What a vendor's reading knows of an endpoint; what is left out has the defaults of `ConfigReading.endpoint`. */
export interface EndpointParts {
  readonly purpose: EndpointPurpose;
  readonly host: string | undefined;
  readonly protocol?: string;
  readonly port?: number | undefined;
  readonly encrypted?: Encrypted;
  readonly active?: boolean;
  readonly sourceInterface?: string | undefined;
  readonly sourceIp?: string | undefined;
  readonly vrf?: string | undefined;
}

/** A rule: what logs name when they say why a session was let through or translated. */
export interface ConfigRule {
  readonly kind: RuleKind;
  /** What the name is unique in: zone pair, VDOM, vsys, chain. */
  readonly scope: string | undefined;
  readonly name: string;
  readonly id: string | undefined;
  /** Other names by which logs know it: UUID, tracker, log prefix. */
  readonly aliases: readonly string[];
  /** As of `ConfigEndpoint`. */
  readonly line: number;
  readonly lines: readonly number[];
  readonly active: boolean;
  readonly details: Details;
}

/** `acl_list`: an access list as a whole, which is all that many logs name. */
export type RuleKind =
  'acl' | 'acl_list' | 'policy' | 'nat' | 'nat_pool' | 'vpn_pool' | 'pbr' | 'decryption' | 'crypto_map';

/** How a rule is named (see `ConfigRule`). */
export interface RuleName {
  readonly scope?: string | undefined;
  readonly name: string;
  readonly id?: string | undefined;
  readonly active?: boolean;
  readonly aliases?: readonly (string | undefined)[];
}

/** An interface as it is configured. */
export interface ConfigInterface {
  readonly name: string;
  readonly line: number;
  /** Own addresses with prefix length where it is stated: `192.0.2.1/24`. */
  readonly addresses: readonly string[];
  readonly active: boolean;
  readonly details: Details;
}

/** Port blocks that follow from statements. */
export interface ConfigPortBlocks extends PortBlocks {
  /** As of `ConfigEndpoint`. */
  readonly line: number;
  readonly lines: readonly number[];
}

/** Most rules, endpoints and interfaces of one configuration; what is beyond is counted. */
const MAX_ITEMS = 100_000;

/** What a configuration says that explains sessions. Filled by one vendor's reader. */
export class ConfigReading {
  readonly rules: ConfigRule[] = [];
  readonly endpoints: ConfigEndpoint[] = [];
  readonly interfaces: ConfigInterface[] = [];
  readonly blocks: ConfigPortBlocks[] = [];
  hostname: string | undefined;
  /** Items beyond the limit, which are not kept. */
  dropped = 0;

  rule(
    kind: RuleKind,
    statement: ConfigNode | readonly ConfigNode[],
    { scope, name, id, active = true, aliases = [] }: RuleName,
    details: Details = {},
  ): void {
    if (name === '') return;
    const statements = [statement].flat();
    this.#keep(this.rules, {
      kind,
      scope,
      name,
      id,
      aliases: aliases.filter((alias) => alias !== undefined && alias !== '' && alias !== name) as string[],
      line: statements[0]?.line ?? 0,
      lines: numbersOf(statements),
      active: active && statements.every((each) => each.active),
      details,
    });
  }

  /**
   * A session that this statement declares. Without a host that is an address or a DNS name nothing is kept, unless the
   * statement means one that it does not name (`*`).
   */
  endpoint(statement: ConfigNode | readonly ConfigNode[], parts: EndpointParts): void {
    const host = parts.host === '*' ? '*' : hostOf(parts.host);
    if (host === undefined) return;
    const statements = [statement].flat();
    this.#keep(this.endpoints, {
      line: statements[0]?.line ?? 0,
      lines: numbersOf(statements),
      purpose: parts.purpose,
      protocol: parts.protocol ?? '*',
      host,
      port: parts.port,
      encrypted: parts.encrypted ?? 'no',
      active: (parts.active ?? true) && statements.every((each) => each.active),
      sourceInterface: parts.sourceInterface,
      sourceIp: hostOf(parts.sourceIp),
      vrf: parts.vrf,
    });
  }

  /** Translated ports that these statements give to inside addresses; nothing where one of them is not in force. */
  portBlocks(statements: readonly ConfigNode[], blocks: readonly PortBlocks[]): void {
    if (!statements.every(({ active }) => active)) return;
    const where = { line: statements[0]?.line ?? 0, lines: numbersOf(statements) };
    for (const each of blocks) this.#keep(this.blocks, { ...each, ...where });
  }

  interface(statement: ConfigNode, parts: Omit<ConfigInterface, 'line'>): void {
    this.#keep(this.interfaces, { ...parts, line: statement.line, active: parts.active && statement.active });
  }

  #keep<T>(into: T[], item: T): void {
    if (into.length < MAX_ITEMS) into.push(item);
    else this.dropped++;
  }
}

function numbersOf(statements: readonly ConfigNode[]): number[] {
  if (statements.length === 1 && statements[0] !== undefined) return linesOf(statements[0]);
  return [...new Set(statements.flatMap(linesOf))].sort((a, b) => a - b);
}
