import { maskSecrets } from '../../mask-secrets';
import { newReading, readHost, type Reading } from '../../syslog/vendors/reading';
import { programName, type EsxiRecord } from '../record/esxi-record';
import type { Meaning } from './record-facts';

/** What a program says in a way of its own, beside the sentences all of them share. */
export interface ProgramFact {
  readonly meaning: Meaning;
  readonly reading: Reading;
}

type Reader = (message: string, at: number) => ProgramFact | undefined;

const READERS: Readonly<Record<string, Reader>> = {
  hostd: readHostd,
  vmkernel: readVmkernel,
  vmkwarning: readVmkernel,
  esxupdate: readUpdate,
  esxcli: readUpdate,
  vmsyslogd: readSyslogd,
  vmsyslog: readSyslogd,
  esxshell: readService,
  ssh: readService,
  vmx: readVmx,
  'vmx-vcpu-0': readVmx,
  'worker#0': readVmx,
  rhttpproxy: readProxy,
};

/** Reads what the record's program says at `at`; undefined where it is nothing we keep. */
export function programFacts({ program, message }: EsxiRecord, at: number): ProgramFact | undefined {
  const name = programName(program ?? '').toLowerCase();
  return Object.hasOwn(READERS, name) ? READERS[name]?.(message, at) : undefined;
}

function fact(
  category: string,
  action: string,
  message: string,
  extra: Record<string, string | number> = {},
): ProgramFact {
  const reading = newReading();
  reading.message = maskSecrets(message);
  Object.assign(reading.extra, extra);
  return { meaning: { category, action }, reading };
}

/** `TSM-SSH running status is true`, `Set called with key 'Config.…' value '…'`. */
function readHostd(message: string, at: number): ProgramFact | undefined {
  const running = message.indexOf(' running status is ', at);
  if (running > at && running - at < 64 && !message.slice(at, running).includes(' ')) {
    const started = message.startsWith('true', running + 19);
    const reading = newReading();
    reading.extra['service.name'] = message.slice(at, running);
    return { meaning: { category: 'process', action: started ? 'service_start' : 'service_stop' }, reading };
  }
  if (!message.startsWith("Set called with key '", at)) return undefined;
  const keyEnd = message.indexOf("'", at + 21);
  if (keyEnd < 0) return undefined;
  const key = message.slice(at + 21, keyEnd);
  const valueAt = message.indexOf("value '", keyEnd);
  const value = valueAt < 0 ? undefined : message.slice(valueAt + 7, behindQuote(message, valueAt + 7));
  const reading = newReading();
  reading.extra['ascribe.setting'] = key;
  // Key and value are masked together: the key says whether the value is a secret.
  if (value !== undefined) reading.extra['ascribe.value'] = maskSecrets(`${key}=${value}`).slice(key.length + 1);
  return { meaning: { category: 'configuration', action: 'config_change' }, reading };
}

/** Place of the quote that ends a value. */
function behindQuote(message: string, from: number): number {
  const end = message.indexOf("'", from);
  return end < 0 ? message.length : end;
}

/** `sh: exec denied`, the end of a memory transfer of vMotion. */
function readVmkernel(message: string, at: number): ProgramFact | undefined {
  if (message.startsWith('VMotion', at)) return readVmotion(message, at);
  if (!message.includes('exec denied')) return undefined;
  const { reading } = fact('process', 'exec_denied', message.slice(at));
  return { meaning: { category: 'process', action: 'exec_denied', outcome: 'failure' }, reading };
}

/**
 * `VMotionSend: 5095: 1451061663105920 S: Sent all modified pages to destination`,
 * `VMotionRecv: 2234: 1451061663105920 D: DONE paging in`: the memory is over, the VM runs at the destination.
 */
function readVmotion(message: string, at: number): ProgramFact | undefined {
  const sent = message.indexOf(' S: Sent all modified pages to destination', at);
  const received = sent < 0 ? message.indexOf(' D: DONE paging in', at) : -1;
  const mark = Math.max(sent, received);
  if (mark < 0) return undefined;
  const id = message.slice(message.lastIndexOf(' ', mark - 1) + 1, mark);
  if (id === '' || id.length > 24 || !isNumber(id)) return undefined;
  const reading = newReading();
  reading.extra['ascribe.migration_id'] = id;
  reading.extra['ascribe.migration_role'] = sent < 0 ? 'Dest' : 'Source';
  return { meaning: { category: 'host', action: 'vm_migrate', outcome: 'success' }, reading };
}

const UPDATE_MARKS: readonly (readonly [mark: string, action: string])[] = [
  ['bypassing signing and acceptance level verification', 'software_install'],
  ['image profile with validation disabled', 'software_install'],
  ['vib without valid signature', 'software_install'],
  ['SECURITY ALERT', 'software_install'],
  ['Host acceptance level changed', 'software_acceptance_change'],
  ['vib.install', 'software_install'],
  ['vib.update', 'software_install'],
  ['vib.remove', 'software_remove'],
  ['profile.install', 'software_install'],
  ['profile.update', 'software_install'],
];

/** esxupdate: what is installed, and what was waived for it. */
function readUpdate(message: string, at: number): ProgramFact | undefined {
  for (const [mark, action] of UPDATE_MARKS) {
    if (!message.includes(mark, at)) continue;
    const end = message.indexOf('\n', at);
    return fact('configuration', action, message.slice(at, end < 0 ? message.length : end));
  }
  return undefined;
}

const SYSLOGD_STOPS = ['shutting down', 'Shutting down', 'exiting', 'terminated', 'stopped', 'caught signal'] as const;
const SYSLOGD_STARTS = ['starting', 'Starting', 'started', 'initialized'] as const;

/** The log daemon's own beginning and end. */
function readSyslogd(message: string, at: number): ProgramFact | undefined {
  const text = message.slice(at);
  if (SYSLOGD_STOPS.some((word) => text.includes(word))) return fact('host', 'log_stop', text);
  if (SYSLOGD_STARTS.some((word) => text.includes(word))) return fact('host', 'log_start', text);
  return text.includes('reload') ? fact('configuration', 'log_config_change', text) : undefined;
}

/** `ESXi Shell unavailable`, `Interactive shell session … timed out`. */
function readService(message: string, at: number): ProgramFact | undefined {
  const down = message.indexOf(' unavailable', at);
  const up = down < 0 ? message.indexOf(' available', at) : -1;
  const end = Math.max(down, up);
  if (end <= at || end - at > 64) return undefined;
  const reading = newReading();
  reading.extra['service.name'] = message.slice(at, end);
  return { meaning: { category: 'process', action: down < 0 ? 'service_start' : 'service_stop' }, reading };
}

/** vmware.log: `Received migrate 'to' request for mid id 8743996508480001077, src ip <…>, dst ip <…>`, `MigrateSetState: …`. */
function readVmx(message: string): ProgramFact | undefined {
  const request = message.indexOf("Received migrate '");
  if (request >= 0) {
    const reading = newReading();
    const role = message.slice(request + 18, message.indexOf("'", request + 18));
    reading.extra['ascribe.migration_role'] = role === 'to' ? 'Source' : 'Dest';
    const id = between(message, 'mid id ', ',');
    if (id !== undefined && isNumber(id)) reading.extra['ascribe.migration_id'] = id;
    const source = between(message, 'src ip <', '>');
    const destination = between(message, 'dst ip <', '>');
    if (source !== undefined) readHost(reading.source, source);
    if (destination !== undefined) readHost(reading.destination, destination);
    return { meaning: { category: 'host', action: 'vm_migrate' }, reading };
  }
  const states = between(message, 'MigrateSetState: Transitioning from state ', '.')?.split(' to ');
  if (states?.length !== 2) return undefined;
  const reading = newReading();
  const [from = '', to = ''] = states;
  reading.extra['ascribe.state.old'] = from;
  reading.extra['ascribe.state.new'] = to;
  return { meaning: { category: 'host', action: 'vm_migrate_state' }, reading };
}

/**
 * rhttpproxy (7 and before): `New proxy client <SSL(<io_obj p:0x…, h:12, <TCP '192.0.2.10 : 443'>, <TCP '192.0.2.9 : 51000'>>)>`: our end, then the
 * client's. What comes from the host itself is its own programs' talk.
 */
function readProxy(message: string, at: number): ProgramFact | undefined {
  if (!message.startsWith('New proxy client', at)) return undefined;
  const [own, client, more] = message.slice(at, at + 512).match(/<TCP '[^'<>]{3,80}'>/gu) ?? [];
  if (own === undefined || client === undefined || more !== undefined) return undefined;
  const reading = newReading();
  readEnd(reading.destination, own);
  readEnd(reading.source, client);
  const { ip } = reading.source;
  if (ip === undefined || ip.startsWith('127.') || ip === '::1' || ip === reading.destination.ip) return undefined;
  return { meaning: { category: 'network', action: 'api_connection' }, reading };
}

/** `<TCP 'A : P'>`, `<TCP '[A]:P'>`. */
function readEnd(into: Reading['source'], text: string): void {
  const place = text.slice(6, -2);
  const colon = place.lastIndexOf(':');
  if (colon < 0) return;
  readHost(into, place.slice(0, colon).trim().replaceAll(/[[\]]/gu, ''), place.slice(colon + 1).trim());
}

function between(text: string, before: string, behind: string): string | undefined {
  const at = text.indexOf(before);
  if (at < 0) return undefined;
  const from = at + before.length;
  const end = text.indexOf(behind, from);
  const value = text.slice(from, end < 0 ? undefined : end).trim();
  return value === '' || value.length > 256 ? undefined : value;
}

function isNumber(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 48 || text.charCodeAt(i) > 57) return false;
  return text !== '';
}
