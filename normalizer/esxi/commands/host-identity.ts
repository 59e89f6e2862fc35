import { said, type Row } from '../rows/row';
import type { CommandReading, Extra } from './command-reading';
import { declaredEndpoint } from './declared-endpoint';

/** Boots closer together than this are one: uptime and command time are read at different moments. */
const BOOT_MARGIN_MS = 120_000;
/** The measure of the clock is good to a round trip. */
const STEP_MS = 2000;

function onlyRow(reading: CommandReading): Row {
  return reading.rows()[0] ?? new Map();
}

/** What is said of the host itself. Each command tells a part: the part is in the id, so that none covers another. */
function host(reading: CommandReading, part: string, extra: Extra): void {
  if (Object.values(extra).every((value) => value === undefined)) return;
  reading.inventory('host', part === '' ? reading.device : `${reading.device}/${part}`, reading.device, extra);
}

/** `system version get`. */
export function readVersion(reading: CommandReading): void {
  const row = onlyRow(reading);
  host(reading, '', {
    'ascribe.host.product': said(row, 'product'),
    'ascribe.host.version': said(row, 'version'),
    'ascribe.host.build': said(row, 'build'),
    'ascribe.host.update': said(row, 'update'),
    'ascribe.host.patch': said(row, 'patch'),
  });
}

/** `===UNAME===`, `===VERSION===`, `===DATE===`, `===APPLETS===`: the first thing asked. `vmware -v` names the version. */
export function readProbe(reading: CommandReading): void {
  const sections = new Map<string, string>();
  for (const part of reading.text().split('===\n')) {
    const mark = part.lastIndexOf('===');
    const name = mark < 0 ? '' : part.slice(mark + 3);
    const body = mark < 0 ? part : part.slice(0, mark);
    const [last] = [...sections.keys()].slice(-1);
    if (last !== undefined) sections.set(last, body.trim());
    if (name !== '') sections.set(name, '');
  }
  reading.rowCount = sections.size;
  const version = sections.get('VERSION') ?? '';
  const build = version.indexOf(' build-');
  host(reading, 'probe', {
    'ascribe.host.version': version === '' ? undefined : version.slice(0, build < 0 ? undefined : build),
    'ascribe.host.build': build < 0 ? undefined : version.slice(build + 7),
    'ascribe.host.kernel': sections.get('UNAME')?.slice(0, 200) || undefined,
  });
}

/** `system hostname get`: the name syslog may come under. */
export function readHostname(reading: CommandReading): void {
  const row = onlyRow(reading);
  const short = said(row, 'hostname');
  const full = said(row, 'fullyqualifieddomainname');
  for (const name of [short, full]) if (name !== undefined) reading.memory.alias(name, reading.device);
  host(reading, 'name', { 'host.hostname': short, 'host.name': full, 'host.domain': said(row, 'domainname') });
}

/** `system uuid get`: one line. */
export function readUuid(reading: CommandReading): void {
  const row = onlyRow(reading);
  const uuid = said(row, 'uuid') ?? [...row.values()][0] ?? reading.text().trim();
  if (uuid !== '' && uuid.length <= 64) host(reading, 'uuid', { 'host.id': uuid });
}

/** `hardware platform get`. */
export function readPlatform(reading: CommandReading): void {
  const row = onlyRow(reading);
  host(reading, 'platform', {
    'ascribe.host.vendor': said(row, 'vendorname'),
    'ascribe.host.model': said(row, 'productname'),
    'ascribe.host.serial': said(row, 'serialnumber'),
  });
}

/** `system stats uptime get`: microseconds. Less than it must be is a restart: world ids begin again. */
export function readUptime(reading: CommandReading): void {
  const rows = reading.rows();
  const [first] = rows;
  const text = first === undefined ? reading.text().trim() : ([...first.values()][0] ?? '').trim();
  const micros = text.length <= 18 ? Number(text) : Number.NaN;
  if (!Number.isFinite(micros) || micros <= 0) {
    reading.refuse('esxi_bad_row', text.slice(0, 80));
    return;
  }
  const { host: memory } = reading;
  const bootAt = Math.round(reading.at - micros / 1000);
  const before = memory.bootAt;
  if (before === undefined || bootAt - before > BOOT_MARGIN_MS) {
    memory.bootAt = bootAt;
    if (before !== undefined) {
      memory.restarted();
      const base = { ...reading.base, observedAt: bootAt };
      reading.emit({
        ...base,
        fact: 'event',
        category: 'host',
        action: 'host_start',
        extra: { 'ascribe.boot.at': bootAt, 'ascribe.boot.before': before },
      });
    }
  }
  // The minute of the start does not change from one answer to the next.
  host(reading, 'boot', { 'ascribe.boot.at': memory.bootAt ?? bootAt });
}

/** The measured difference of the clocks: a jump is a clock that was set. */
export function noteClock(reading: CommandReading): void {
  const { host: memory, read } = reading;
  if (read.clockOffset === undefined) return;
  const before = memory.clockOffset;
  memory.clockOffset = read.clockOffset;
  if (before === undefined || Math.abs(before - read.clockOffset) <= STEP_MS) return;
  reading.event(
    { category: 'host', action: 'clock_step' },
    { 'ascribe.clock.offset.old': before, 'ascribe.clock.offset': read.clockOffset },
  );
}

/** `system ntp get`. */
export function readNtp(reading: CommandReading): void {
  const row = onlyRow(reading);
  const servers = said(row, 'server') ?? said(row, 'servers');
  const enabled = said(row, 'enabled');
  reading.inventory('setting', 'ntp', 'ntp', { 'ascribe.value': servers, 'ascribe.enabled': enabled });
  const value = [...row]
    .map(([key, text]) => `${key}=${text}`)
    .sort()
    .join('; ');
  if (row.size > 0) reading.changes('ntp', new Map([['ntp', value]]));
  if (enabled?.toLowerCase() !== 'true' && enabled !== '1') return;
  for (const server of (servers ?? '').split(/[\s,[\]"']+/u)) {
    if (!/^[A-Za-z0-9.:-]{1,253}$/u.test(server)) continue;
    const host = server.includes(':') ? `[${server}]` : server.toLowerCase();
    declaredEndpoint(reading, 'ntp', `NTP Server: ${servers}`, `udp:${host}:123`, 'no');
  }
}
