import type { ObjectName } from '../built-in.data';
import { keep } from '../device-state';
import type { Decoding } from '../decoding';
import type { Row } from '../table-rows';
import { enumeration } from '../trap-values';
import { dateAndTimeOf, integerOf, textOf } from '../values';
import { bootTime } from './system';

const RUNNING = 3;
const STARTUP = 4;

/**
 * Counters that move when the configuration changes. The first value of a device is only remembered: the change behind
 * it may be years old.
 */
export function decodeConfigChanges(decoding: Decoding): void {
  marker(decoding, 'ccmHistoryRunningLastChanged', 'config_change');
  marker(decoding, 'ccmHistoryRunningLastSaved', 'config_save');
  marker(decoding, 'ccmHistoryStartupLastChanged', 'startup_config_change');
  juniper(decoding);
  history(decoding, 'ccmHistoryEventTable', ciscoEvent);
  history(decoding, 'jnxCmCfgChgEventTable', juniperEvent);
  history(decoding, 'aristaCmdHistoryEventTable', aristaEvent);
}

/** A scalar that holds sysUpTime as it was at the last change. */
function marker(decoding: Decoding, name: ObjectName, action: string): void {
  const ticks = integerOf(decoding.rows.scalar(name));
  if (ticks === undefined || !moved(decoding, name, ticks, (last) => ticks !== last)) return;
  decoding.event({ category: 'configuration', action, code: name, ...timeOfTicks(decoding, ticks) }, {});
}

/** Remembers `value`; true when there was another one before that it moved away from. */
function moved(decoding: Decoding, key: string, value: number, differs: (last: number) => boolean): boolean {
  const last = decoding.device.markers.get(key);
  if (last !== undefined && !differs(last)) return false;
  keep(decoding.device.markers, key, value);
  return last !== undefined;
}

/** Our clock's time of a sysUpTime value, where the device's start is known and the result lies in the past. */
function timeOfTicks({ device, receivedAt }: Decoding, ticks: number): { readonly observedAt?: number } {
  if (device.upTime === undefined) return {};
  const at = Math.round(bootTime(...device.upTime) + ticks * 10);
  return at <= receivedAt ? { observedAt: at } : {};
}

function juniper(decoding: Decoding): void {
  const { rows } = decoding;
  const index = integerOf(rows.scalar('jnxCmCfgChgLatestIndex')) ?? integerOf(rows.scalar('jnxCmCfgChgLatestTime'));
  if (index === undefined || !moved(decoding, 'jnxCmCfgChgLatest', index, (last) => index !== last)) return;
  const user = textOf(rows.scalar('jnxCmCfgChgLatestUser'));
  const date = dateAndTimeOf(rows.scalar('jnxCmCfgChgLatestDate'));
  const time = date?.zoned === true ? { observedAt: date.ms, timeQuality: 'ok' as const } : {};
  const about = { category: 'configuration', action: 'config_change', code: 'jnxCmCfgChgLatest', ...time };
  decoding.event(user === undefined ? about : { ...about, user }, {
    'ascribe.config.source': enumeration('jnxCmCfgChgEventSource', integerOf(rows.scalar('jnxCmCfgChgLatestSource'))),
  });
}

/** Rows beyond the highest index that was seen before. */
function history(
  decoding: Decoding,
  table: 'ccmHistoryEventTable' | 'jnxCmCfgChgEventTable' | 'aristaCmdHistoryEventTable',
  event: (decoding: Decoding, row: Row) => void,
): void {
  const last = decoding.device.markers.get(table);
  let highest = last ?? -1;
  const fresh: Row[] = [];
  for (const row of decoding.rows.rows(table)) {
    const [index = -1] = row.index;
    if (row.index.length !== 1) decoding.refuse('snmp_bad_index', row.key);
    if (last !== undefined && index > last) fresh.push(row);
    highest = Math.max(highest, index);
  }
  if (highest >= 0) keep(decoding.device.markers, table, highest);
  for (const row of fresh.sort((a, b) => (a.index[0] ?? 0) - (b.index[0] ?? 0))) event(decoding, row);
}

function ciscoEvent(decoding: Decoding, row: Row): void {
  const ticks = row.integer('ccmHistoryEventTime');
  const user = row.text('ccmHistoryEventTerminalUser');
  const sourceIp =
    row.address('ccmHistoryEventCommandSourceAddrRev1') ?? row.address('ccmHistoryEventCommandSourceAddress');
  const from = row.integer('ccmHistoryEventConfigSource') ?? 0;
  const to = row.integer('ccmHistoryEventConfigDestination') ?? 0;
  decoding.event(
    {
      category: 'configuration',
      action: destinationAction(to),
      code: 'ccmHistoryEvent',
      ...(ticks === undefined ? {} : timeOfTicks(decoding, ticks)),
      ...(user === undefined ? {} : { user }),
      ...(sourceIp === undefined ? {} : { sourceIp }),
    },
    {
      'ascribe.config.source': enumeration('ccmHistoryEventConfigSource', from),
      'ascribe.config.destination': enumeration('ccmHistoryEventConfigDestination', to),
      'ascribe.config.command_source': enumeration(
        'ccmHistoryEventCommandSource',
        row.integer('ccmHistoryEventCommandSource'),
      ),
      'ascribe.config.terminal': row.text('ccmHistoryEventTerminalLocation'),
    },
  );
}

/** As Cisco's, without user and address. */
function aristaEvent(decoding: Decoding, row: Row): void {
  const ticks = row.integer('aristaCmdHistoryEventTime');
  const from = row.integer('aristaCmdHistoryEventConfigSource');
  const to = row.integer('aristaCmdHistoryEventConfigDestination') ?? 0;
  const source = row.integer('aristaCmdHistoryEventCommandSource');
  const time = ticks === undefined ? {} : timeOfTicks(decoding, ticks);
  decoding.event(
    { category: 'configuration', action: destinationAction(to), code: 'aristaCmdHistoryEvent', ...time },
    {
      'ascribe.config.source': enumeration('aristaCmdHistoryEventConfigSource', from),
      'ascribe.config.destination': enumeration('aristaCmdHistoryEventConfigDestination', to),
      'ascribe.config.command_source': enumeration('aristaCmdHistoryEventCommandSource', source),
    },
  );
}

/** 3 running, 4 startup in Cisco's and Arista's list alike. */
function destinationAction(to: number): string {
  return to === RUNNING ? 'config_change' : to === STARTUP ? 'config_save' : 'config_copy';
}

function juniperEvent(decoding: Decoding, row: Row): void {
  const date = dateAndTimeOf(row.get('jnxCmCfgChgEventDate'));
  const ticks = row.integer('jnxCmCfgChgEventTime');
  const user = row.text('jnxCmCfgChgEventUser');
  const message = row.text('jnxCmCfgChgEventLog');
  const time =
    date?.zoned === true
      ? { observedAt: date.ms, timeQuality: 'ok' as const }
      : ticks === undefined
        ? {}
        : timeOfTicks(decoding, ticks);
  decoding.event(
    {
      category: 'configuration',
      action: 'config_change',
      code: 'jnxCmCfgChgEvent',
      ...time,
      ...(user === undefined ? {} : { user }),
      ...(message === undefined ? {} : { message }),
    },
    { 'ascribe.config.source': enumeration('jnxCmCfgChgEventSource', row.integer('jnxCmCfgChgEventSource')) },
  );
}
