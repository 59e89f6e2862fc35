import { createHash } from 'node:crypto';
import { maskSecrets } from '../../mask-secrets';
import { said } from '../rows/row';
import { addressIn, type CommandReading } from './command-reading';
import { declaredEndpoint } from './declared-endpoint';
import { readSettings } from './policy';

/** Text of a file that is shown beside its hash. */
const MOST_TEXT = 1024;
const MOST_LINES = 100_000;

/** `system settings encryption get`: whether the configuration is sealed, and only installed programs run. */
export function readEncryption(reading: CommandReading): void {
  const [row] = reading.rows();
  if (row !== undefined) readSettings(reading, 'encryption', row);
}

/** `network ip dns server list`: one row with all servers, or one for each. */
export function readDnsServers(reading: CommandReading): void {
  const servers = new Set<string>();
  for (const row of reading.rows()) {
    const written = said(row, 'dnsservers') ?? said(row, 'address') ?? said(row, 'server') ?? '';
    for (const word of written.split(/[\s,[\]]+/u)) {
      const ip = addressIn(word);
      if (ip !== undefined) servers.add(ip);
    }
  }
  if (servers.size === 0) return;
  const text = `DNSServers: ${[...servers].join(', ')}`;
  reading.inventory('setting', 'dns.servers', 'dns.servers', { 'ascribe.value': [...servers].join(',') });
  reading.changes('dns', new Map([['servers', text]]));
  for (const ip of servers) {
    const host = ip.includes(':') ? `[${ip}]` : ip;
    for (const protocol of ['udp', 'tcp']) declaredEndpoint(reading, 'dns', text, `${protocol}:${host}:53`, 'no');
  }
}

/** `software vib signature verify`: packages whose files are not those that were signed. */
export function readSignatures(reading: CommandReading): void {
  const items = new Map<string, string>();
  for (const row of reading.rows()) {
    const name = said(row, 'name');
    const result = [...row].find(([key]) => key.includes('signature') || key.endsWith('result'))?.[1];
    if (name === undefined || result === undefined) continue;
    items.set(name, result);
    reading.inventory('software', `signature ${name}`, name, {
      'ascribe.software.signature': result.slice(0, 200),
      'ascribe.software.acceptance': said(row, 'acceptancelevel'),
    });
  }
  reading.changes('software_signature', items);
}

/** `chkconfig --list`: `ntpd   on`. */
export function readServices(reading: CommandReading): void {
  const items = new Map<string, string>();
  for (const line of linesOf(reading)) {
    const [, name, state] = /^([\w.-]{1,64})\s{1,64}(on|off)\s*$/u.exec(line) ?? [];
    if (name === undefined || state === undefined) continue;
    reading.rowCount += 1;
    items.set(name, state);
    reading.inventory('setting', `service.${name}`, name, {
      'ascribe.setting.kind': 'service',
      'ascribe.value': state,
    });
  }
  reading.changes('service', items);
}

/**
 * `lsof`: `CARTEL  WORLD NAME  TYPE  FD  DESCRIPTION`, in columns that versions order alike. VMCI and vsock sockets lead between guests and
 * the host and are in no other table: each is an inventory `socket`.
 */
export function readOpenFiles(reading: CommandReading): void {
  for (const line of linesOf(reading)) {
    if (!/vmci|vsock/iu.test(line)) continue;
    const words = line.trim().split(/[\s|]+/u);
    const typeAt = words.findIndex((word) => /vmci|vsock/iu.test(word));
    const [cartel = ''] = words;
    if (!/^\d{1,12}$/u.test(cartel) || typeAt < 1) continue;
    reading.rowCount += 1;
    const process = words.slice(1, typeAt).join(' ');
    const [type = '', ...rest] = words.slice(typeAt);
    const id = `${type.toUpperCase()}:${cartel}:${rest.join(' ').slice(0, 120)}`;
    reading.inventory('socket', id, process === '' ? undefined : process, {
      'process.name': process === '' ? undefined : process,
      'ascribe.process.world_id': Number(cartel),
      'ascribe.socket.type': type,
      'ascribe.socket.description': rest.join(' ').slice(0, 200),
    });
  }
}

/** `net-dvs -l`: ports of distributed switches with their state and VLAN. Its form is not stated anywhere; lines that are not known say nothing. */
export function readDistributedPorts(reading: CommandReading): void {
  let name: string | undefined;
  let port: string | undefined;
  let about: Record<string, string | number> = {};
  const tell = (): void => {
    if (port === undefined) return;
    reading.rowCount += 1;
    const extra = { ...about, ...(name !== undefined && { 'ascribe.switch.name': name }) };
    reading.inventory('interface', `dvport ${port}`, `dvport ${port}`, extra);
    port = undefined;
    about = {};
  };
  for (const raw of linesOf(reading)) {
    const line = raw.trim();
    if (line.startsWith('switch ')) {
      tell();
      name = undefined;
      continue;
    }
    const begun = /^port (\d{1,10}):/u.exec(line)?.[1];
    if (begun !== undefined) {
      tell();
      port = begun;
      continue;
    }
    const [, key = '', value = ''] = /^com\.vmware\.([\w.]{1,80}) = {1,4}([^,]{0,200})/u.exec(line) ?? [];
    if (key === 'common.alias' && port === undefined) name = value.replace(/ propType.*$/u, '').trim();
    else if (port !== undefined) note(about, key, value.replace(/ propType.*$/u, '').trim());
  }
  tell();
}

function note(about: Record<string, string | number>, key: string, value: string): void {
  if (value === '') return;
  if (key === 'common.port.volatile.vlan') about['ascribe.port.vlan'] = value;
  else if (key === 'common.port.portgroupid') about['ascribe.portgroup.id'] = value;
  else if (key === 'common.port.volatile.status') {
    about['ascribe.port.status'] = value.replace(/ portID=\d{1,10}/u, '');
    const id = /portID=(\d{1,10})/u.exec(value)?.[1];
    if (id !== undefined) about['ascribe.port.id'] = Number(id);
  }
}

const FILE_MARK = '===FILE===';

/** What runs at boot, by cron or at login, who may log in by key, and rule sets that packages bring: hash and beginning of each file. */
export function readStartupFiles(reading: CommandReading): void {
  const items = new Map<string, string>();
  // A file need not end with a line feed: the mark of the next may stand behind its last line.
  for (const part of reading.text().split(FILE_MARK).slice(1)) {
    const end = part.indexOf('\n');
    const path = end < 0 ? '' : part.slice(0, end).trim();
    if (!path.startsWith('/') || path.length > 256) continue;
    const text = part.slice(end + 1);
    const hash = createHash('sha256').update(text).digest('hex');
    reading.rowCount += 1;
    items.set(path, hash);
    reading.inventory('setting', `file ${path}`, path, {
      'ascribe.setting.kind': 'startup_file',
      'file.hash.sha256': hash,
      'file.size': Buffer.byteLength(text),
      'ascribe.value': saidIn(text),
    });
  }
  reading.changes('startup_file', items);
}

/** Lines that are no comments, secrets masked. */
function saidIn(text: string): string | undefined {
  const lines = text
    .split('\n', 2000)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const shown = maskSecrets(lines.join('\n').slice(0, MOST_TEXT * 2)).slice(0, MOST_TEXT);
  return shown === '' ? undefined : shown;
}

/** Written every hour, with the host's state. */
const VOLATILE: ReadonlySet<string> = new Set(['state.tgz', 'local.tgz', 'local.tgz.ve', 'encryption.info']);

/** `stat -c '%s %Y %n'` of the boot bank. */
export function readBootFiles(reading: CommandReading): void {
  const items = new Map<string, string>();
  for (const line of linesOf(reading)) {
    const [, size, seconds, path] = /^(\d{1,15}) (\d{1,12}) (\/\S{1,200})$/u.exec(line.trim()) ?? [];
    if (size === undefined || path === undefined) continue;
    reading.rowCount += 1;
    if (!VOLATILE.has(path.slice(path.lastIndexOf('/') + 1))) items.set(path, size);
    reading.inventory('setting', `file ${path}`, path, {
      'ascribe.setting.kind': 'boot_file',
      'file.size': Number(size),
      'file.mtime': Number(seconds) * 1000,
    });
  }
  reading.changes('boot_file', items);
}

function linesOf(reading: CommandReading): string[] {
  return reading.text().split('\n', MOST_LINES);
}
