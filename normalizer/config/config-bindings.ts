import type { Binding } from '../model/facts';
import type { VersionChange } from './changes/change-account';
import { type LineMarks, newestMark, NO_MARKS } from './changes/line-marks';
import type { ConfigEndpoint, ConfigReading, ConfigRule, Details, RuleKind } from './config-reading';
import type { ConfigurationText } from './configuration-text';
import { VENDOR_DEFAULTS, type VendorDefault } from './vendor-defaults.data';

/** What a binding says, before it is known of which record and time. */
export type Statement = Pick<Binding, 'relation' | 'key' | 'value'> & {
  readonly extra: Readonly<Record<string, string | number>>;
};

/** What is known of how a version came to be. */
export interface VersionHistory {
  readonly change?: VersionChange;
  readonly marks?: LineMarks;
}

/** Longest text of a statement, and most lines of it. */
const MAX_TEXT = 1024;
const MAX_TEXT_LINES = 40;

/**
 * Everything a configuration binds:
 *
 * - `rule-config`: rule as logs name it ↔ `VERSION:LINE`;
 * - `config-endpoint`: `VERSION:LINE`, or `default:VENDOR:NAME`, ↔ `PROTOCOL:HOST:PORT`;
 *   A device read in parts (contexts, sections) has a version of each: `ascribe.config.part` tells them apart;
 * - `nat-block`: outside address and ports ↔ the inside address of the first block, where the blocks follow from the configuration;
 * - `ip-device`: own address ↔ device, where the interface is not shut down.
 */
export function configStatements(
  text: ConfigurationText,
  reading: ConfigReading,
  history: VersionHistory,
  device: string,
  part: string,
): Statement[] {
  const statements = [
    ...ruleStatements(text, reading, history),
    ...endpointStatements(text, reading, history, part),
    ...defaultStatements(text),
    ...blockStatements(text, reading),
    ...addressStatements(text, reading, device),
  ];
  const known = new Set<string>();
  return statements.filter(({ relation, key, value }) => {
    const identity = `${relation}\n${key}\n${value}`;
    if (known.has(identity)) return false;
    known.add(identity);
    return true;
  });
}

/** Kinds whose rules logs name by name alone; the others' keys begin with the kind. */
const NAMED: ReadonlySet<RuleKind> = new Set(['acl', 'acl_list', 'policy', 'nat']);

/**
 * A rule's keys: `SCOPE/NAME` where it has a scope, `NAME` and its other names where no other rule of the configuration
 * has them. A NAT rule that shares its name with a policy, and rules of other kinds, are `KIND NAME`.
 */
function ruleStatements(text: ConfigurationText, { rules }: ConfigReading, history: VersionHistory): Statement[] {
  const claims = new Map<string, number>();
  for (const rule of rules) for (const key of keysOf(rule)) claims.set(key, (claims.get(key) ?? 0) + 1);
  return rules.flatMap((rule) => {
    const extra = ruleExtra(text, rule, history);
    const value = `${text.version}:${rule.line}`;
    const [first = '', ...others] = keysOf(rule);
    const unique = others.filter((key) => claims.get(key) === 1);
    const main = rule.kind === 'nat' && (claims.get(first) ?? 0) > 1 ? `nat ${first}` : first;
    return [main, ...unique].map((key) => ({ relation: 'rule-config' as const, key, value, extra }));
  });
}

function keysOf({ kind, scope, name, aliases }: ConfigRule): string[] {
  const prefix = NAMED.has(kind) ? '' : `${kind} `;
  const names = scope === undefined ? [name, ...aliases] : [`${scope}/${name}`, name, ...aliases];
  return [...new Set(names)].map((each) => prefix + each);
}

function ruleExtra(
  text: ConfigurationText,
  rule: ConfigRule,
  history: VersionHistory,
): Record<string, string | number> {
  const { kind, lines, active, details, name, id, scope } = rule;
  return compact({
    'ascribe.config.text': textOf(text, lines),
    'ascribe.config.kind': kind,
    'ascribe.config.active': active ? 1 : 0,
    'ascribe.config.last_line': Math.max(rule.line, lines.at(-1) ?? 0),
    ...historyOf(history, lines),
    'ascribe.config.scope': scope,
    'rule.name': kind === 'acl' ? (details['rule.ruleset'] ?? name) : name,
    'rule.id': id,
    // Only what the rule itself states replaces what was said above.
    ...compact(details),
    ...('rule.name' in details ? { 'rule.name': details['rule.name'] } : {}),
  });
}

function endpointStatements(
  text: ConfigurationText,
  { endpoints }: ConfigReading,
  history: VersionHistory,
  part: string,
): Statement[] {
  return endpoints.map((endpoint) => ({
    relation: 'config-endpoint',
    key: `${text.version}:${endpoint.line}`,
    value: endpointText(endpoint.protocol, endpoint.host, endpoint.port),
    extra: { ...endpointExtra(text, endpoint, part), ...compact(historyOf(history, endpoint.lines)) },
  }));
}

function endpointExtra(
  text: ConfigurationText,
  endpoint: ConfigEndpoint,
  part: string,
): Record<string, string | number> {
  return compact({
    'ascribe.config.purpose': endpoint.purpose,
    'ascribe.config.text': textOf(text, endpoint.lines),
    'ascribe.config.active': endpoint.active ? 1 : 0,
    'ascribe.config.encrypted': endpoint.encrypted,
    'ascribe.config.last_line': Math.max(endpoint.line, endpoint.lines.at(-1) ?? 0),
    'ascribe.config.source_interface': endpoint.sourceInterface,
    'ascribe.config.source_ip': endpoint.sourceIp,
    'ascribe.config.vrf': endpoint.vrf,
    'ascribe.config.part': part,
  });
}

/** Who changed these lines last, as far as it was seen; beside it who made the version. */
function historyOf({ change = {}, marks = NO_MARKS }: VersionHistory, lines: readonly number[]): Details {
  const mark = newestMark(marks, lines);
  return {
    'ascribe.config.author': mark?.author,
    'ascribe.config.committed_at': mark?.at,
    'ascribe.config.evidence': mark?.evidence?.join(','),
    'ascribe.config.changed_in': mark?.version,
    'ascribe.config.version_author': change.author,
    'ascribe.config.version_committed_at': change.time,
  };
}

/** `tcp:192.0.2.1:6514`, `udp:[2001:db8::1]:123`, `esp:192.0.2.1:*`. */
export function endpointText(protocol: string, host: string, port: number | undefined): string {
  return `${protocol}:${host.includes(':') ? `[${host}]` : host}:${port ?? '*'}`;
}

function defaultStatements(text: ConfigurationText): Statement[] {
  return VENDOR_DEFAULTS.filter(({ platforms }) => platforms.includes(text.platform)).flatMap((each) => {
    const inForce = isInForce(each, text.lines);
    if (inForce === undefined) return [];
    const extra = compact({
      'ascribe.config.purpose': each.purpose,
      'ascribe.config.text': `default of ${each.vendor}: ${each.name}`,
      'ascribe.config.active': inForce ? 1 : 0,
      'ascribe.config.encrypted': each.encrypted,
      'ascribe.config.default': 1,
    });
    const key = `default:${each.vendor}:${each.name}`;
    return each.hosts.flatMap((host) =>
      each.ports.map((port) => ({
        relation: 'config-endpoint' as const,
        key,
        value: endpointText(each.protocol, host, port),
        extra,
      })),
    );
  });
}

/** Undefined: the configuration has nothing of what the default belongs to. */
function isInForce({ only, unless }: VendorDefault, lines: readonly string[]): boolean | undefined {
  const has = (beginnings: readonly string[]): boolean =>
    lines.some((line) => {
      const statement = line.trimStart();
      return beginnings.some((beginning) => statement.startsWith(beginning));
    });
  if (only !== undefined && !has(only)) return undefined;
  return !has(unless);
}

function blockStatements(text: ConfigurationText, { blocks }: ConfigReading): Statement[] {
  return blocks.map(({ outside, inside, first, last, size, line, lines }) => ({
    relation: 'nat-block',
    key: `${outside}:${first}-${last}`,
    value: inside,
    extra: {
      'ascribe.nat.block_size': size,
      'ascribe.config.version': text.version,
      'ascribe.config.line': line,
      'ascribe.config.text': textOf(text, lines),
    },
  }));
}

/** Every device has these: they name none. */
function isCommon(ip: string): boolean {
  return ip.startsWith('127.') || ip === '::1' || ip.startsWith('fe80:');
}

function addressStatements(text: ConfigurationText, { interfaces }: ConfigReading, device: string): Statement[] {
  return interfaces
    .filter(({ active }) => active)
    .flatMap(({ name, addresses, line, details }) =>
      addresses.flatMap((address) => {
        const [ip = ''] = address.split('/');
        if (isCommon(ip)) return [];
        const extra = compact({
          'observer.ingress.interface.name': name,
          'ascribe.interface.zone': details['ascribe.interface.zone'],
          'ascribe.interface.nameif': details['ascribe.interface.nameif'],
          'ascribe.interface.vrf': details['ascribe.interface.vrf'],
          'ascribe.config.version': text.version,
          'ascribe.config.line': line,
        });
        return [{ relation: 'ip-device' as const, key: ip, value: device, extra }];
      }),
    );
}

/** The statement's lines without their indentation. */
function textOf({ lines }: ConfigurationText, numbers: readonly number[]): string {
  let text = '';
  for (const number of numbers.slice(0, MAX_TEXT_LINES)) {
    const line = (lines[number - 1] ?? '').trim();
    text += text === '' ? line : `\n${line}`;
    if (text.length > MAX_TEXT) break;
  }
  return text.slice(0, MAX_TEXT);
}

/** Without undefined values. */
export function compact(details: Details): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const key in details) {
    const value = details[key];
    if (value !== undefined && value !== '') kept[key] = value;
  }
  return kept;
}
