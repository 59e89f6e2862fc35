import type { SnmpPull } from '../../collectors/snmp/snmp-pull';
import type { SshPull } from '../../collectors/ssh/pull/pull-device';
import type { JsonValue } from '../output/ndjson';

/** What came of one device by one way. */
export interface DeviceResult {
  readonly device: string;
  readonly way: 'ssh' | 'snmp';
  readonly outcome: 'complete' | 'partial' | 'failed';
  /** Commands or tables: whole, and asked for. */
  readonly whole: number;
  readonly asked: number;
  readonly logBytes: number;
  /** Why it is not complete; empty when it is. */
  readonly note: string;
  /** A login or a credential was refused. */
  readonly isRefused: boolean;
  readonly json: JsonValue;
}

const AUTHENTICATION: ReadonlySet<string> = new Set([
  'ssh_auth_refused',
  'ssh_auth_method',
  'ssh_auth_held',
  'ssh_lockdown',
  'ssh_password_expired',
  'ssh_prompt_refused',
  'ssh_login_interrupted',
]);
const MOST_NAMES = 4;

/** Commands that a device does not have are not missed; every other one that is not whole in any spelling is. */
export function sshResult(pull: SshPull): DeviceResult {
  const asked = new Map<string, boolean>();
  for (const { command, parameters, complete, unknown } of pull.commands) {
    const key = [command, ...Object.values(parameters)].join(' ');
    asked.set(key, (asked.get(key) ?? false) || complete || unknown);
  }
  const missing = [...asked].filter(([, isWhole]) => !isWhole).map(([key]) => key);
  const gaps = pull.logs.filter(({ gap }) => gap !== '').map(({ file, gap }) => `${file}: ${gap}`);
  const notes = [
    ...(pull.failure === undefined ? [] : [pull.failure.text]),
    ...named(missing),
    ...gaps,
    ...pull.limitations,
  ];
  const nothing = pull.commands.length === 0 && pull.logs.length === 0;
  const logBytes = pull.logs.reduce((sum, { bytes }) => sum + bytes, 0);
  const isPartial = pull.failure !== undefined || missing.length > 0 || gaps.length > 0 || asked.size === 0;
  const outcome = nothing ? 'failed' : isPartial ? 'partial' : 'complete';
  const result = {
    device: pull.device,
    way: 'ssh',
    outcome,
    whole: asked.size - missing.length,
    asked: asked.size,
    logBytes,
    note: notes.join('; '),
    isRefused: AUTHENTICATION.has(pull.failure?.code ?? ''),
  } as const;
  return { ...result, json: { ...common(result, pull), 'observer.product': pull.platform, ...sshFields(pull) } };
}

export function snmpResult(pull: SnmpPull): DeviceResult {
  const missing = pull.tables.filter(({ complete }) => !complete).map(({ table }) => table);
  const notes = [...(pull.failure === undefined ? [] : [pull.failure.text]), ...named(missing)];
  const isPartial = pull.failure !== undefined || missing.length > 0;
  // An agent that does not answer says nothing of why: a wrong community looks like a dead device.
  const outcome = pull.failure !== undefined ? 'failed' : isPartial ? 'partial' : 'complete';
  const result = {
    device: pull.device,
    way: 'snmp',
    outcome,
    whole: pull.tables.length - missing.length,
    asked: pull.tables.length,
    logBytes: 0,
    note: notes.join('; '),
    isRefused: pull.failure?.reason === 'security',
  } as const;
  return { ...result, json: { ...common(result, pull), 'ascribe.collect.engine_id': pull.engineId } };
}

function named(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  const more = missing.length > MOST_NAMES ? ` and ${missing.length - MOST_NAMES} more` : '';
  return [`not whole: ${missing.slice(0, MOST_NAMES).join(', ')}${more}`];
}

function common(
  { device, way, outcome, whole, asked, note }: Omit<DeviceResult, 'json'>,
  { peer, startedAt, finishedAt }: SshPull | SnmpPull,
): { readonly [key: string]: JsonValue } {
  return {
    'observer.name': device,
    'ascribe.collect.way': way,
    'ascribe.collect.peer': peer,
    'event.outcome': outcome === 'complete' ? 'success' : outcome === 'failed' ? 'failure' : 'unknown',
    'ascribe.collect.outcome': outcome,
    'ascribe.collect.whole': whole,
    'ascribe.collect.asked': asked,
    'event.start': startedAt,
    'event.end': finishedAt,
    'ascribe.reason': note === '' ? undefined : note,
  };
}

function sshFields(pull: SshPull): { readonly [key: string]: JsonValue } {
  return {
    'observer.version': pull.version === '' ? undefined : pull.version,
    'ascribe.collect.host_key': pull.hostKey === '' ? undefined : pull.hostKey,
    'ascribe.clock_offset': pull.clockOffset,
    'ascribe.collect.log_bytes': pull.logs.reduce((sum, { bytes }) => sum + bytes, 0),
    'error.code': pull.failure?.code,
  };
}
