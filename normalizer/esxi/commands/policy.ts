import { maskSecrets } from '../../mask-secrets';
import { flagIn, numberIn, said, type Row } from '../rows/row';
import type { CommandReading } from './command-reading';
import { declaredEndpoint } from './declared-endpoint';

/** `network firewall get`: whether the host filters at all. */
export function readFirewall(reading: CommandReading): void {
  const [row] = reading.rows();
  if (row === undefined) return;
  const enabled = flagIn(row, 'enabled');
  const action = said(row, 'defaultaction');
  reading.inventory('setting', 'firewall', 'firewall', {
    'ascribe.enabled': enabled,
    'ascribe.value': action,
    'ascribe.loaded': flagIn(row, 'loaded'),
  });
  reading.changes('firewall', new Map([['firewall', `enabled=${enabled} default=${action}`]]));
}

/** `network firewall ruleset list`: which rule sets are open. */
export function readRulesets(reading: CommandReading): void {
  const items = new Map<string, string>();
  for (const row of reading.rows()) {
    const name = said(row, 'name');
    if (name === undefined) continue;
    const enabled = flagIn(row, 'enabled');
    items.set(name, `enabled=${enabled}`);
    reading.inventory('rule', name, name, { 'rule.ruleset': name, 'ascribe.enabled': enabled });
  }
  reading.changes('firewall_ruleset', items);
}

/** `network firewall ruleset rule list`: what each rule set lets through. */
export function readRules(reading: CommandReading): void {
  const items = new Map<string, string>();
  for (const row of reading.rows()) {
    const ruleset = said(row, 'ruleset');
    if (ruleset === undefined) continue;
    const direction = said(row, 'direction')?.toLowerCase();
    const protocol = said(row, 'protocol')?.toLowerCase();
    const portType = said(row, 'porttype')?.toLowerCase();
    const begin = numberIn(row, 'portbegin');
    const end = numberIn(row, 'portend');
    const id = `${ruleset}/${direction}/${protocol}/${portType}/${begin}-${end}`;
    items.set(id, '');
    reading.inventory('rule', id, ruleset, {
      'rule.ruleset': ruleset,
      'network.direction': direction,
      'network.transport': protocol,
      'ascribe.rule.port_type': portType,
      'ascribe.rule.port_begin': begin,
      'ascribe.rule.port_end': end,
    });
  }
  reading.changes('firewall_rule', items);
}

/** `network firewall ruleset allowedip list`: from and to where each rule set is open. */
export function readAllowedIps(reading: CommandReading): void {
  const items = new Map<string, string>();
  for (const row of reading.rows()) {
    const ruleset = said(row, 'ruleset');
    const allowed = said(row, 'allowedipaddresses');
    if (ruleset === undefined || allowed === undefined) continue;
    const before = items.get(ruleset);
    items.set(ruleset, before === undefined ? allowed : `${before}, ${allowed}`);
  }
  for (const [ruleset, allowed] of items) {
    reading.inventory('rule', `${ruleset}/allowed`, ruleset, {
      'rule.ruleset': ruleset,
      'ascribe.rule.allowed_ips': allowed,
    });
  }
  reading.changes('firewall_allowed_ip', items);
}

/** `software vib list`: what is installed, and how far it is vouched for. */
export function readVibs(reading: CommandReading): void {
  const items = new Map<string, string>();
  for (const row of reading.rows()) {
    const name = said(row, 'name');
    if (name === undefined) continue;
    const version = said(row, 'version');
    const level = said(row, 'acceptancelevel');
    items.set(name, `${version} ${level}`);
    reading.inventory('software', name, name, {
      'package.version': version,
      'ascribe.software.vendor': said(row, 'vendor'),
      'ascribe.software.acceptance': level,
      'package.installed': said(row, 'installdate'),
      'ascribe.software.created': said(row, 'creationdate'),
      'ascribe.software.id': said(row, 'id'),
      'ascribe.software.status': said(row, 'status'),
    });
  }
  reading.changes('software', items);
}

/** `software acceptance get`: one word. */
export function readAcceptance(reading: CommandReading): void {
  const [row] = reading.rows();
  const level =
    row === undefined ? reading.text().trim() : (said(row, 'acceptancelevel') ?? [...row.values()][0] ?? '').trim();
  if (level === '' || level.length > 64) return;
  reading.inventory('setting', 'software_acceptance', 'software_acceptance', { 'ascribe.value': level });
  reading.changes('software_acceptance', new Map([['host', level]]));
}

/** `software profile get`: the image the host runs. */
export function readProfile(reading: CommandReading): void {
  const [row] = reading.rows();
  const name = row === undefined ? undefined : (said(row, 'name') ?? said(row, 'title'));
  if (row === undefined || name === undefined) return;
  reading.inventory('setting', 'image_profile', name, {
    'ascribe.value': name,
    'ascribe.software.vendor': said(row, 'vendor'),
    'ascribe.software.acceptance': said(row, 'acceptancelevel'),
    'ascribe.software.modified': said(row, 'modificationtime'),
  });
  reading.changes('image_profile', new Map([['profile', name]]));
}

/** `system account list`. */
export function readAccounts(reading: CommandReading): void {
  const items = new Map<string, string>();
  for (const row of reading.rows()) {
    const id = said(row, 'userid') ?? said(row, 'id') ?? said(row, 'name');
    if (id === undefined) continue;
    const shell = said(row, 'shellaccess');
    items.set(id, shell === undefined ? '' : `shell=${shell}`);
    reading.inventory('account', id, id, {
      'user.full_name': said(row, 'description'),
      'ascribe.account.shell': shell,
    });
  }
  reading.changes('account', items);
}

/** `system permission list`: who may do what. */
export function readPermissions(reading: CommandReading): void {
  const items = new Map<string, string>();
  for (const row of reading.rows()) {
    const principal = said(row, 'principal');
    if (principal === undefined) continue;
    const role = said(row, 'role') ?? '';
    items.set(principal, role);
    reading.inventory('account', `permission ${principal}`, principal, {
      'user.roles': role,
      'ascribe.account.group': flagIn(row, 'isgroup'),
      'ascribe.account.role_text': said(row, 'roledescription'),
    });
  }
  reading.changes('permission', items);
}

/** Every field of a single answer is a setting of its own. */
export function readSettings(reading: CommandReading, kind: string, row: Row): void {
  const items = new Map<string, string>();
  for (const [key, raw] of row) {
    if (key === 'title') continue;
    const value = maskSecrets(`${key}=${raw}`).slice(key.length + 1);
    items.set(key, value);
    reading.inventory('setting', `${kind}.${key}`, key, { 'ascribe.setting.kind': kind, 'ascribe.value': value });
  }
  reading.changes(kind, items);
}

/** `system syslog config get`: where logs go, and whether they outlive a restart. The host opens a session for it. */
export function readSyslogConfig(reading: CommandReading): void {
  const [row] = reading.rows();
  if (row === undefined) return;
  readSettings(reading, 'syslog', row);
  const hosts = said(row, 'remotehost') ?? said(row, 'remotehosts');
  const text = `Remote Host: ${hosts ?? ''}`;
  for (const target of (hosts ?? '').split(',')) {
    const endpoint = logEndpoint(target.trim());
    if (endpoint !== undefined) declaredEndpoint(reading, 'syslog', text, endpoint.value, endpoint.encrypted);
  }
}

/** `udp://192.0.2.5:514`, `ssl://siem.example:1514`, `192.0.2.5`, `tcp://[2001:db8::5]:514?formatter=…`. */
function logEndpoint(target: string): { readonly value: string; readonly encrypted: 'yes' | 'no' } | undefined {
  if (target === '') return undefined;
  const scheme = target.includes('://') ? target.slice(0, target.indexOf('://')).toLowerCase() : 'udp';
  const rest = target.includes('://') ? target.slice(target.indexOf('://') + 3) : target;
  const query = rest.indexOf('?');
  const place = query < 0 ? rest : rest.slice(0, query);
  if (place === '' || !SCHEMES.has(scheme)) return undefined;
  const colon = place.lastIndexOf(':');
  const hasPort = colon > place.lastIndexOf(']') && (place.startsWith('[') || place.indexOf(':') === colon);
  const host = hasPort ? place.slice(0, colon) : place;
  const port = hasPort ? place.slice(colon + 1) : scheme === 'ssl' ? '1514' : '514';
  const transport = scheme === 'udp' ? 'udp' : 'tcp';
  return { value: `${transport}:${host}:${port}`, encrypted: scheme === 'ssl' || scheme === 'tls' ? 'yes' : 'no' };
}

const SCHEMES: ReadonlySet<string> = new Set(['udp', 'tcp', 'ssl', 'tls']);

/** `system auditrecords get`: off by default, and then commands leave no record. */
export function readAuditRecords(reading: CommandReading): void {
  const [row] = reading.rows();
  if (row !== undefined) readSettings(reading, 'audit_records', row);
}

/** `system settings advanced list -d`, `… kernel list -d`: what differs from the default. */
export function readDeltas(reading: CommandReading): void {
  const kind = reading.read.command;
  const items = new Map<string, string>();
  for (const row of reading.rows()) {
    const name = said(row, 'path') ?? said(row, 'name') ?? said(row, 'title');
    if (name === undefined) continue;
    const number = said(row, 'type') === 'integer' ? said(row, 'intvalue') : undefined;
    const raw = number ?? said(row, 'stringvalue') ?? said(row, 'configured') ?? said(row, 'intvalue') ?? '';
    const value = maskSecrets(`${name}=${raw}`).slice(name.length + 1);
    items.set(name, value);
    reading.inventory('setting', name, name, {
      'ascribe.setting.kind': kind,
      'ascribe.value': value,
      'ascribe.value.runtime': said(row, 'runtime'),
    });
  }
  reading.changes(kind, items);
}

/** `system ssh server config list`. */
export function readSshServer(reading: CommandReading): void {
  const items = new Map<string, string>();
  for (const row of reading.rows()) {
    const key = said(row, 'key') ?? said(row, 'title');
    const value = said(row, 'value');
    if (key === undefined || value === undefined) continue;
    items.set(key, value);
    reading.inventory('setting', `sshd.${key}`, key, { 'ascribe.setting.kind': 'ssh_server', 'ascribe.value': value });
  }
  reading.changes('ssh_server', items);
}
