import { maskSecrets } from '../../mask-secrets';
import { endpointText } from '../../snmp/decoding';
import { portOf } from '../../syslog/vendors/value';
import { numberIn, said, type Row } from '../rows/row';
import { keep, MAX_ENTRIES } from '../state/host-memory';
import { addressIn, type CommandReading, type Extra } from './command-reading';

/** States in the words of the SNMP table that tells of the same (RFC 4022). */
const STATES: ReadonlyMap<string, string> = new Map([
  ['CLOSED', 'closed'],
  ['LISTEN', 'listen'],
  ['SYN_SENT', 'synSent'],
  ['SYN_RCVD', 'synReceived'],
  ['SYN_RECEIVED', 'synReceived'],
  ['ESTABLISHED', 'established'],
  ['FIN_WAIT_1', 'finWait1'],
  ['FIN_WAIT_2', 'finWait2'],
  ['CLOSE_WAIT', 'closeWait'],
  ['LAST_ACK', 'lastAck'],
  ['CLOSING', 'closing'],
  ['TIME_WAIT', 'timeWait'],
]);
/** Connections that are over: no process owns them any more. */
const OVER: ReadonlySet<string> = new Set(['closed', 'timeWait']);
/** World names are cut to this in the list of sockets. */
const CUT_NAME = 15;

/** `network ip connection list`: the sockets of the hypervisor itself in one TCP/IP stack, each with its world. */
export function readConnections(reading: CommandReading): void {
  const stack = reading.read.parameters['netstack'] ?? 'defaultTcpipStack';
  const sockets = reading.rows().flatMap((row) => socketOf(reading, row));
  const { listeners } = reading.host;
  const prefix = `${stack} `;
  if (reading.isComplete) {
    for (const listener of listeners) if (listener.startsWith(prefix)) listeners.delete(listener);
  }
  for (const { remote, protocol, local } of sockets) {
    if (remote === undefined && listeners.size < MAX_ENTRIES) listeners.add(prefix + localKey(protocol, local));
  }
  for (const socket of sockets) state(reading, stack, socket);
}

interface End {
  readonly ip: string | undefined;
  readonly port: number;
}

interface Socket {
  readonly protocol: string;
  readonly local: End;
  /** Undefined for a socket that waits for anybody. */
  readonly remote: End | undefined;
  readonly state: string | undefined;
  readonly world: number | undefined;
  readonly name: string | undefined;
}

function socketOf(reading: CommandReading, row: Row): Socket[] {
  const protocol = protocolOf(said(row, 'proto'));
  const local = endOf(said(row, 'localaddress'));
  const remote = endOf(said(row, 'foreignaddress'));
  if (protocol === undefined || local === undefined || remote === undefined) {
    reading.refuse('esxi_bad_row', [...row.values()].join(' ').slice(0, 80));
    return [];
  }
  const written = said(row, 'state')?.toUpperCase().replaceAll(' ', '_').replaceAll('-', '_');
  const world = numberIn(row, 'worldid');
  return [
    {
      protocol,
      local,
      remote: remote.port === 0 && remote.ip === undefined ? undefined : remote,
      state: written === undefined ? undefined : (STATES.get(written) ?? written.toLowerCase()),
      // 0 belongs to nobody: the process closed it.
      world: world === 0 ? undefined : world,
      name: said(row, 'worldname'),
    },
  ];
}

/** `tcp`, `udp`, also `tcp4`, `tcp6`, `tcp46`. */
function protocolOf(text: string | undefined): string | undefined {
  const word = text?.toUpperCase().replace(/\d{1,2}$/u, '');
  return word === 'TCP' || word === 'UDP' ? word : undefined;
}

/** `192.0.2.1:443`, `[2001:db8::1]:443`, `2001:db8::1:443` (the port behind the last colon), `0.0.0.0:0`, `:::443`, `*:443`. */
function endOf(text: string | undefined): End | undefined {
  const colon = text?.lastIndexOf(':') ?? -1;
  if (text === undefined || colon < 0) return undefined;
  const written = text.slice(colon + 1);
  const port = written === '*' ? 0 : portOf(written);
  if (port === undefined) return undefined;
  const host = text.slice(0, colon);
  const inside = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (inside === '*' || inside === '' || inside === '0.0.0.0' || inside === '::') return { ip: undefined, port };
  const ip = addressIn(inside);
  return ip === undefined ? undefined : { ip, port };
}

function state(reading: CommandReading, stack: string, socket: Socket): void {
  const { protocol, local, remote, name } = socket;
  if (remote?.ip !== undefined && isLoopback(remote.ip)) return;
  const key =
    remote === undefined
      ? localKey(protocol, local)
      : `${localKey(protocol, local)}>${endpointText(remote.ip, remote.port)}`;
  const known = socket.world === undefined ? undefined : reading.host.worlds.get(socket.world);
  const process = known !== undefined && isCut(name, known.name) ? known.name : (name ?? known?.name);
  const owner = {
    'process.pid': socket.world,
    'process.name': process,
    'process.executable': known?.path,
    'ascribe.process.world_id': socket.world,
    'ascribe.netstack': stack,
  };
  const about: Extra = {
    'ascribe.socket.state': socket.state ?? (protocol === 'TCP' || remote !== undefined ? undefined : 'listen'),
    'ascribe.socket.direction': remote === undefined ? undefined : direction(reading, stack, socket),
    'ascribe.local.ip': local.ip,
    'ascribe.local.port': local.port,
    'ascribe.remote.ip': remote?.ip,
    'ascribe.remote.port': remote?.port,
  };
  reading.inventory('socket', key, process, { ...about, ...owner });
  if (socket.state !== undefined && OVER.has(socket.state)) return;
  const value = process ?? (socket.world === undefined ? undefined : String(socket.world));
  if (value !== undefined) reading.binding('socket-process', key, value, { ...owner, ...about });
}

function localKey(protocol: string, { ip, port }: End): string {
  return `${protocol}:${endpointText(ip, port)}`;
}

/** Inbound where the local end accepts connections. The list names listeners too, so that the others are outbound. */
function direction(
  { host, isComplete }: CommandReading,
  stack: string,
  { protocol, local }: Socket,
): string | undefined {
  const accepts = (end: End): boolean => host.listeners.has(`${stack} ${localKey(protocol, end)}`);
  if (accepts(local) || accepts({ ip: undefined, port: local.port })) return 'inbound';
  return isComplete && protocol === 'TCP' ? 'outbound' : undefined;
}

/** `rhttpproxy-work` is `rhttpproxy-worker` cut. */
function isCut(name: string | undefined, whole: string): boolean {
  return name === undefined || (name.length >= CUT_NAME && whole.startsWith(name));
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || ip.startsWith('127.');
}

/** Where versions put the name. */
const NAME_FIELDS = ['displayname', 'name', 'worldname', 'title', 'description'] as const;

function firstSaid(row: Row, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = said(row, key);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** `system process list`: the worlds, whose names the list of sockets cuts. */
export function readProcesses(reading: CommandReading): void {
  const { host } = reading;
  const gone = new Set(host.worlds.keys());
  for (const row of reading.rows()) {
    const world = numberIn(row, 'worldid') ?? numberIn(row, 'id') ?? numberIn(row, 'wid');
    const command = said(row, 'commandline') ?? said(row, 'cmdline') ?? said(row, 'command');
    const name = firstSaid(row, NAME_FIELDS) ?? command?.split(' ', 1)[0];
    if (world === undefined || name === undefined) {
      reading.refuse('esxi_bad_row', [...row.values()].join(' ').slice(0, 80));
      continue;
    }
    gone.delete(world);
    const path = said(row, 'executable') ?? (command?.startsWith('/') === true ? command.split(' ', 1)[0] : undefined);
    keep(host.worlds, world, path === undefined ? { name } : { name, path });
    reading.inventory('process', String(world), name, {
      'process.executable': path,
      'process.args': command === undefined ? undefined : maskSecrets(command),
      'process.parent.pid': numberIn(row, 'parentid') ?? numberIn(row, 'cartelid'),
      'ascribe.process.service': said(row, 'service'),
      'ascribe.process.world_id': world,
    });
  }
  if (!reading.isComplete) return;
  for (const world of gone) {
    host.worlds.delete(world);
    host.forgetStated(`process ${world}`);
  }
}
