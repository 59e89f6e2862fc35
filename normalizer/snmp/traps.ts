import type { Event, Fact, FactBase } from '../model/facts';
import type { DeviceSettings } from '../settings';
import type { NotificationName } from './built-in.data';
import type { Catalogue } from './catalogue';
import { withExtra } from './decoding';
import type { DeviceState } from './device-state';
import { panTraffic } from './pan-traffic';
import type { Notification } from './record';
import { plainValue, TrapValues } from './trap-values';
import { TRAP_ALIASES, TRAPS, type TrapRow } from './traps.data';
import { dateAndTimeOf } from './values';

/** What a notification is read with. */
export interface TrapContext {
  readonly base: FactBase;
  readonly settings: DeviceSettings;
  readonly receivedAt: number;
  readonly device: DeviceState;
  readonly catalogue: Catalogue;
}

/** Varbinds of an unknown notification that are kept, and how much of each. */
const MAX_VARBINDS = 32;
const MAX_TEXT = 512;
/** sysUpTime.0, snmpTrapOID.0 and snmpTrapEnterprise.0 are in the record's own fields. */
const HEAD: ReadonlySet<string> = new Set(['1.3.6.1.2.1.1.3.0', '1.3.6.1.6.3.1.1.4.1.0', '1.3.6.1.6.3.1.1.4.3.0']);

/** One notification as facts. */
export function decodeTrap(trap: Notification, context: TrapContext): readonly Fact[] {
  const { catalogue } = context;
  const values = new TrapValues(catalogue, trap.varbinds);
  const name = TRAP_ALIASES[trap.trapOid] ?? (catalogue.notification(trap.trapOid) as NotificationName | undefined);
  if (name === 'panTrafficTrap') return [panTraffic(values, context)];
  const row = name === undefined ? undefined : TRAPS[name];
  if (name === undefined || row === undefined) return [unknownTrap(trap, context)];
  const event = trapEvent(row, name, trap, values, context);
  const vm = name === 'vmwVmPoweredOn' ? values.text('vmwVmDisplayName') : undefined;
  if (vm === undefined) return [event];
  const about = withExtra({ 'ascribe.vm.path': values.text('vmwVmConfigFilePath') });
  const { device: host } = context.base;
  return [
    event,
    { ...context.base, fact: 'binding', relation: 'vm-host', key: vm, value: host, state: 'seen', ...about },
  ];
}

function trapEvent(
  row: TrapRow,
  name: NotificationName,
  trap: Notification,
  values: TrapValues,
  context: TrapContext,
): Event {
  const user = row.user === undefined ? undefined : values.text(row.user);
  const sourceIp = row.sourceIp === undefined ? undefined : values.address(...row.sourceIp);
  const message = row.message === undefined ? undefined : values.text(row.message);
  const command = row.command === undefined ? undefined : values.text(row.command);
  const extra: Record<string, string | number | undefined> = { ...headExtra(trap) };
  for (const key in row.extra) {
    const object = row.extra[key];
    if (object !== undefined) extra[key] = values.value(object);
  }
  if (name === 'linkUp' || name === 'linkDown') Object.assign(extra, linkExtra(values, context.device));
  return {
    ...context.base,
    ...statedTime(values),
    fact: 'event',
    category: row.category,
    action: row.action,
    code: name,
    ...(row.outcome === undefined ? {} : { outcome: row.outcome }),
    ...(user === undefined ? {} : { user }),
    ...(sourceIp === undefined ? {} : { sourceIp }),
    ...(message === undefined ? {} : { message }),
    ...(command === undefined ? {} : { command }),
    ...withExtra(extra),
  };
}

/** Juniper states the time of the change. */
function statedTime(values: TrapValues): Partial<FactBase> {
  const date = dateAndTimeOf(values.get('jnxCmCfgChgEventDate'));
  return date?.zoned === true ? { observedAt: date.ms, timeQuality: 'ok' } : {};
}

/** ifIndex is the value of ifIndex, else the index of whatever else was sent. */
function linkExtra(values: TrapValues, device: DeviceState): Record<string, string | number | undefined> {
  const index = values.integer('ifIndex') ?? Number(values.index('ifAdminStatus') ?? values.index('ifDescr'));
  if (!Number.isInteger(index) || index <= 0) return {};
  const known = device.portName(index);
  const name = values.text('ifName') ?? (known === `#${index}` ? values.text('ifDescr') : known);
  return { 'observer.ingress.interface.id': index, 'observer.ingress.interface.name': name };
}

function unknownTrap(trap: Notification, { base, catalogue }: TrapContext): Event {
  const extra: Record<string, string | number | undefined> = { ...headExtra(trap) };
  let kept = 0;
  for (const varbind of trap.varbinds) {
    if (HEAD.has(varbind[0])) continue;
    if (kept++ === MAX_VARBINDS) break;
    const found = catalogue.instance(varbind[0]);
    const index = found === undefined || found.at > varbind[0].length ? '' : `.${varbind[0].slice(found.at)}`;
    const key = found === undefined ? varbind[0] : `${found.object.name}${index}`;
    const value = plainValue(varbind, found?.object.syntax);
    extra[`ascribe.snmp.${key}`] = typeof value === 'string' ? value.slice(0, MAX_TEXT) : value;
  }
  const code = catalogue.notification(trap.trapOid) ?? trap.trapOid;
  return { ...base, fact: 'event', category: 'host', action: 'trap', code, ...withExtra(extra) };
}

function headExtra({ version, user, level, agentAddress }: Notification): Record<string, string | undefined> {
  return {
    'ascribe.snmp.version': version || undefined,
    'ascribe.snmp.user': user || undefined,
    'ascribe.snmp.level': level || undefined,
    'ascribe.snmp.agent_address': agentAddress || undefined,
  };
}
