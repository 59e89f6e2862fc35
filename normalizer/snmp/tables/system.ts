import type { Decoding } from '../decoding';
import { integerOf, octetsOf, oidOf, textOf } from '../values';

/** sysUpTime wraps here (2^32 hundredths of a second: 497 days). */
const WRAP_TICKS = 2 ** 32;
const MOST_MODULES = 128;
/** Differences between two clocks that are no restart. */
const SLACK_MS = 120_000;

/** The system group: what the device is, and whether it has restarted since it was last asked. */
export function decodeSystem(decoding: Decoding): void {
  const { rows } = decoding;
  const upTime = integerOf(rows.scalar('sysUpTime'));
  if (upTime !== undefined) takeUpTime(decoding, upTime);
  engine(decoding);
  modules(decoding);
  const name = textOf(rows.scalar('sysName'));
  const descr = textOf(rows.scalar('sysDescr'));
  const objectId = oidOf(rows.scalar('sysObjectID'));
  if (name === undefined && descr === undefined && objectId === undefined) return;
  const location = textOf(rows.scalar('sysLocation'));
  const text = [name, descr, objectId, location].join('\n');
  if (!decoding.device.states('system', text, decoding.receivedAt)) return;
  decoding.inventory('device', 'system', name, {
    'ascribe.snmp.description': descr,
    'ascribe.snmp.object_id': objectId,
    'ascribe.snmp.location': location,
  });
}

/** sysORTable: the modules that the agent says it has, by the OIDs of their capability statements. */
function modules(decoding: Decoding): void {
  const oids = [...decoding.rows.rows('sysORTable')].flatMap((row) => row.oid('sysORID') ?? []);
  if (oids.length === 0) return;
  const text = [...new Set(oids)].sort().slice(0, MOST_MODULES).join(',');
  if (!decoding.device.states('modules', text, decoding.receivedAt)) return;
  decoding.inventory('device', 'snmp modules', undefined, { 'ascribe.snmp.modules': text });
}

/** SNMP-FRAMEWORK-MIB: the engine id names a device better than its address does. */
function engine(decoding: Decoding): void {
  const id = octetsOf(decoding.rows.scalar('snmpEngineID'));
  if (id === undefined || id.length === 0) return;
  const hex = Buffer.from(id).toString('hex');
  const boots = integerOf(decoding.rows.scalar('snmpEngineBoots'));
  if (!decoding.device.states('engine', `${hex} ${boots}`, decoding.receivedAt)) return;
  decoding.inventory('device', 'snmp engine', hex, { 'ascribe.snmp.boots': boots });
}

/** Time at which the device's count of hundredths of a second stood at zero. */
export function bootTime(upTime: number, receivedAt: number): number {
  return receivedAt - upTime * 10;
}

/** A count that fell is a wrap or a restart; one that grew less than our clock is a restart in between. */
function takeUpTime(decoding: Decoding, ticks: number): void {
  const { device, receivedAt } = decoding;
  const last = device.upTime;
  if (last !== undefined && receivedAt < last[1]) return;
  device.upTime = [ticks, receivedAt];
  if (last === undefined) return;
  const expected = last[0] + (receivedAt - last[1]) / 10;
  const slack = (SLACK_MS + (receivedAt - last[1]) / 1000) / 10;
  const behind = expected >= WRAP_TICKS - slack && ticks < last[0] ? expected - WRAP_TICKS - ticks : expected - ticks;
  if (behind <= slack) return;
  const at = Math.max(bootTime(ticks, receivedAt), last[1]);
  const extra = { 'ascribe.snmp.uptime': ticks, 'ascribe.snmp.uptime_before': last[0] };
  decoding.event({ category: 'host', action: 'device_restart', code: 'sysUpTime', observedAt: at }, extra);
  decoding.emit({
    ...decoding.base,
    fact: 'gap',
    kind: 'restart',
    since: last[1],
    detail: `sysUpTime ${last[0]} to ${ticks}`,
  });
  device.restarted();
}
