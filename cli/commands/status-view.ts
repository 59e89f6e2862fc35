import type { CommandContext } from '../context';
import type { JsonValue } from '../output/ndjson';
import type { Column } from '../output/table';
import { formatBytes, formatCount, formatDuration, formatRate } from '../output/units';
import type { DaemonStatus, DeviceStatus, ListenerStatus, SourceStatus, StageStatus } from '../telemetry/daemon-status';
import type { ReadStatus } from '../telemetry/status-file';

type State = ReadStatus['state'];

/** Rates since an earlier status of the same daemon, or since its start. */
export interface RateBase {
  readonly since: number;
  /** Datagrams by then, per source. */
  datagrams(source: SourceStatus): number;
}

/** The status for people. */
export function printStatus(context: CommandContext, status: DaemonStatus, state: State, base?: RateBase): void {
  printDaemon(context, status, state);
  section(context, 'listeners', status.listeners, LISTENER_COLUMNS);
  const rates: RateBase = base ?? { since: status.startedAt, datagrams: () => 0 };
  section(context, 'sources', status.sources, sourceColumns(context, status, rates));
  const { devices = [] } = status;
  if (devices.length > 0) printDevices(context, devices);
  section(context, 'stages', Object.entries(status.stages), STAGE_COLUMNS);
  printFigures(context, status);
}

function printDaemon(context: CommandContext, status: DaemonStatus, state: State): void {
  const { style } = context;
  const age = formatDuration(context.io.now() - status.updatedAt);
  const words: Readonly<Record<State, string>> = {
    running: style.good('running'),
    stuck: style.bad(`stuck, has not reported for ${age}`),
    gone: style.bad(`not running, last report ${age} ago`),
  };
  const uptime = formatDuration(status.updatedAt - status.startedAt);
  context.print(
    `${words[state]}  pid ${status.pid}  version ${context.text(status.version)}  up ${uptime} since ${context.formatTime(status.startedAt)}`,
  );
  for (const alarm of status.alarms) {
    context.print(`${style.bad('ALARM')}  ${context.text(alarm.message)} (since ${context.formatTime(alarm.since)})`);
  }
}

function section<Row>(
  context: CommandContext,
  title: string,
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): void {
  context.print();
  context.print(context.style.bold(title) + (rows.length === 0 ? '  none' : ''));
  if (rows.length > 0) context.printTable(rows, columns);
}

/** More devices than this are a fleet: then only those in trouble are listed, and of them the first. */
const MOST_DEVICES = 25;

function printDevices(context: CommandContext, devices: readonly DeviceStatus[]): void {
  const rows = devices.length <= MOST_DEVICES ? devices : devices.filter(({ text }) => text !== '');
  const hidden = devices.length - Math.min(rows.length, MOST_DEVICES);
  section(context, 'devices', rows.slice(0, MOST_DEVICES), deviceColumns(context));
  if (hidden > 0)
    context.print(`and ${formatCount(hidden)} more, ${formatCount(rows.length)} in trouble in all; --json lists each`);
}

const IN_TROUBLE: ReadonlySet<string> = new Set(['unavailable', 'held', 'silent', 'unusable']);

function deviceColumns({ formatTime }: CommandContext): readonly Column<DeviceStatus>[] {
  return [
    { title: 'device', value: ({ device }) => device },
    { title: 'by', value: ({ protocol }) => protocol },
    {
      title: 'state',
      value: ({ state }) => state,
      paint: (text, { state }, style) => (IN_TROUBLE.has(state) ? style.bad(text) : text),
    },
    { title: 'last read', value: ({ lastReadAt }) => (lastReadAt === null ? 'never' : formatTime(lastReadAt)) },
    {
      title: 'clock',
      align: 'right',
      value: ({ clockOffsetMs }) => (clockOffsetMs === null ? '' : formatDuration(clockOffsetMs)),
    },
    { title: 'log behind', align: 'right', value: ({ lagBytes }) => formatBytes(lagBytes) },
    lossColumn('log gaps', ({ gaps }) => gaps),
    lossColumn('in part', ({ incomplete }) => incomplete),
    { title: 'note', value: ({ text }) => text },
  ];
}

/** A count that should be 0 stands out when it is not. */
function lossColumn<Row>(title: string, count: (row: Row) => number | null): Column<Row> {
  return {
    title,
    align: 'right',
    value: (row) => formatOptional(count(row)),
    paint: (text, row, style) => ((count(row) ?? 0) > 0 ? style.bad(text) : text),
  };
}

function formatOptional(count: number | null): string {
  return count === null ? '?' : formatCount(count);
}

const LISTENER_COLUMNS: readonly Column<ListenerStatus>[] = [
  { title: 'address', value: ({ address }) => address },
  { title: 'for', value: ({ protocol }) => protocol },
  { title: 'received', align: 'right', value: ({ received }) => formatCount(received) },
  { title: 'bytes', align: 'right', value: ({ bytes }) => formatBytes(bytes) },
  { title: 'refused', align: 'right', value: ({ refused }) => formatCount(refused) },
  lossColumn('lost in kernel', ({ kernelDropped }) => kernelDropped),
  lossColumn('lost in queue', ({ queueDropped }) => queueDropped),
  {
    title: 'buffer',
    align: 'right',
    value: ({ bufferBytes }) => (bufferBytes === null ? '' : formatBytes(bufferBytes)),
    paint: (text, { bufferBytes, bufferWanted }, style) =>
      bufferBytes !== null && bufferWanted !== null && bufferBytes < bufferWanted ? style.warn(text) : text,
  },
];

function sourceColumns(context: CommandContext, status: DaemonStatus, base: RateBase): readonly Column<SourceStatus>[] {
  const seconds = Math.max(1, (status.updatedAt - base.since) / 1000);
  return [
    { title: 'peer', value: ({ peer }) => peer },
    { title: 'device', value: ({ device }) => device, shrinkTo: 8 },
    { title: 'format', value: ({ format }) => format },
    {
      title: 'last seen',
      align: 'right',
      value: ({ lastSeen }) => `${formatDuration(context.io.now() - lastSeen)} ago`,
    },
    { title: 'records', align: 'right', value: ({ datagrams }) => formatCount(datagrams) },
    {
      title: 'rate',
      align: 'right',
      value: (source) => formatRate((source.datagrams - base.datagrams(source)) / seconds),
    },
    { title: 'flows', align: 'right', value: ({ flows }) => formatCount(flows) },
    lossColumn('rejected', ({ rejected }) => rejected),
    lossColumn('never came', ({ sequenceLost }) => sequenceLost),
    lossColumn('undecoded', ({ undecoded }) => undecoded),
  ];
}

const STAGE_COLUMNS: readonly Column<[string, StageStatus]>[] = [
  { title: 'stage', value: ([name]) => name },
  { title: 'at record', align: 'right', value: ([, { position }]) => formatCount(position) },
  { title: 'behind', align: 'right', value: ([, { lagRecords }]) => formatCount(lagRecords) },
  { title: 'by', align: 'right', value: ([, { lagSeconds }]) => formatDuration(lagSeconds * 1000) },
];

function printFigures(context: CommandContext, { loss, disk }: DaemonStatus): void {
  const { style } = context;
  const figure = (name: string, count: number): string => {
    const text = `${name} ${formatCount(count)}`;
    return count > 0 ? style.bad(text) : text;
  };
  context.print();
  context.print(
    `${style.bold('loss')}  ${[
      figure('kernel', loss.kernel),
      figure('queue', loss.queue),
      figure('sequence', loss.sequence),
      figure('undecoded', loss.undecoded),
      figure('malformed', loss.malformed),
    ].join('  ')}`,
  );
  context.print(
    `${style.bold('disk')}  data ${formatBytes(disk.dataBytes)}  free ${formatBytes(disk.freeBytes)}  reserve ${formatBytes(disk.reserve)}`,
  );
}

/** The status as objects, one for each listener, source, stage, alarm, and one for the daemon. */
export function printStatusJson(context: CommandContext, status: DaemonStatus, state: State): void {
  const time = { '@timestamp': new Date(status.updatedAt).toISOString() };
  const line = (about: string, rest: { readonly [key: string]: JsonValue }): void =>
    context.printJson({ ...time, 'ascribe.status': about, ...rest });
  line('daemon', {
    'ascribe.state': state,
    'process.pid': status.pid,
    'service.version': status.version,
    'process.start': new Date(status.startedAt).toISOString(),
    ...prefixed('ascribe.loss', { ...status.loss }),
    ...prefixed('ascribe.disk', { ...status.disk }),
  });
  for (const listener of status.listeners) line('listener', prefixed('ascribe.listener', { ...listener }));
  for (const { peer, device, ...rest } of status.sources) {
    line('source', { 'source.address': peer, 'observer.name': device, ...prefixed('ascribe.source', rest) });
  }
  for (const { device, ...rest } of status.devices ?? []) {
    line('device', { 'observer.name': device, ...prefixed('ascribe.device', { ...rest }) });
  }
  for (const [stage, figures] of Object.entries(status.stages)) {
    line('stage', { 'ascribe.stage.name': stage, ...prefixed('ascribe.stage', { ...figures }) });
  }
  for (const alarm of status.alarms) line('alarm', prefixed('ascribe.alarm', { ...alarm }));
}

/** Our camelCase members under a dotted prefix in snake_case; times (`firstSeen`, `since`) in RFC 3339. */
function prefixed(
  prefix: string,
  members: Readonly<Record<string, string | number | null>>,
): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(members).map(([key, value]) => [
      `${prefix}.${key.replace(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`)}`,
      TIMES.has(key) && typeof value === 'number' ? new Date(value).toISOString() : value,
    ]),
  );
}

const TIMES: ReadonlySet<string> = new Set(['firstSeen', 'lastSeen', 'lastReadAt', 'since']);
