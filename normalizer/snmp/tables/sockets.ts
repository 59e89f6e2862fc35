import { maskSecrets } from '../../mask-secrets';
import { keep, MAX_ENTRIES } from '../device-state';
import { endpointText, type Decoding, type Extra } from '../decoding';
import { IndexReader } from '../index-reader';
import type { Row } from '../table-rows';

/** tcpConnectionState (RFC 4022). */
const STATES = [
  '',
  'closed',
  'listen',
  'synSent',
  'synReceived',
  'established',
  'finWait1',
  'finWait2',
  'closeWait',
  'lastAck',
  'closing',
  'timeWait',
  'deleteTCB',
];
const LISTEN = 2;
/** Connections that are over: nobody owns them any more. */
const OVER: ReadonlySet<number> = new Set([1, 11, 12]);

/** hrSWRunTable: the processes; sockets name theirs by number. */
export function decodeProcesses(decoding: Decoding): void {
  const { rows, device, read } = decoding;
  if (!rows.has('hrSWRunTable')) return;
  const gone = new Set(read.complete ? device.processes.keys() : []);
  for (const row of rows.rows('hrSWRunTable')) {
    const [pid] = row.index;
    if (pid === undefined || row.index.length !== 1) {
      decoding.refuse('snmp_bad_index', row.key);
      continue;
    }
    gone.delete(pid);
    process(decoding, row, pid);
  }
  for (const pid of gone) {
    device.processes.delete(pid);
    device.forgetStated(`process ${pid}`);
  }
}

function process(decoding: Decoding, row: Row, pid: number): void {
  const { device } = decoding;
  const path = row.text('hrSWRunPath');
  const name = row.text('hrSWRunName') ?? path;
  if (name === undefined) return;
  keep(device.processes, pid, path === undefined || path === name ? { name } : { name, path });
  const parameters = row.text('hrSWRunParameters');
  const command = parameters === undefined ? undefined : maskSecrets(parameters);
  if (!device.states(`process ${pid}`, `${name}\n${path}\n${command}`, decoding.receivedAt)) return;
  decoding.inventory('process', String(pid), name, { 'process.executable': path, 'process.args': command });
}

/** TCP listeners and connections, UDP endpoints, each with its process where the agent says it. */
export function decodeSockets(decoding: Decoding): void {
  const { rows, device, read } = decoding;
  if (rows.has('tcpListenerTable') && read.complete) device.listeners.clear();
  for (const row of rows.rows('tcpListenerTable')) {
    const reader = new IndexReader(row.index);
    const local = reader.inetAddress(1);
    const port = reader.take();
    if (local === undefined || port === undefined) decoding.refuse('snmp_bad_index', row.key);
    else listener(decoding, 'TCP', local.ip, port, row.integer('tcpListenerProcess'));
  }
  for (const row of rows.rows('tcpConnectionTable')) connection(decoding, row);
  for (const row of rows.rows('tcpConnTable')) oldConnection(decoding, row);
  for (const row of rows.rows('udpEndpointTable')) udpEndpoint(decoding, row);
}

function listener(
  decoding: Decoding,
  protocol: string,
  ip: string | undefined,
  port: number,
  pid: number | undefined,
): void {
  const key = `${protocol}:${endpointText(ip, port)}`;
  if (decoding.device.listeners.size < MAX_ENTRIES) decoding.device.listeners.add(key);
  socket(decoding, key, pid, { 'ascribe.socket.state': 'listen', 'ascribe.local.ip': ip, 'ascribe.local.port': port });
}

/** Local type, address, port, remote type, address, port. */
function connection(decoding: Decoding, row: Row): void {
  const reader = new IndexReader(row.index);
  const local = reader.inetAddress();
  const localPort = reader.take();
  const remote = reader.inetAddress(1);
  const remotePort = reader.take();
  if (local === undefined || localPort === undefined || remote === undefined || remotePort === undefined) {
    decoding.refuse('snmp_bad_index', row.key);
    return;
  }
  const pid = row.integer('tcpConnectionProcess');
  connected(decoding, local.ip, localPort, remote.ip, remotePort, row.integer('tcpConnectionState'), pid);
}

/** The table of RFC 1213: IPv4 only, listeners among the rest. */
function oldConnection(decoding: Decoding, row: Row): void {
  const { index } = row;
  if (index.length !== 10) {
    decoding.refuse('snmp_bad_index', row.key);
    return;
  }
  const local = new IndexReader(index.slice(0, 4)).address(4);
  const remote = new IndexReader(index.slice(5, 9)).address(4);
  connected(decoding, local, index[4] ?? 0, remote, index[9] ?? 0, row.integer('tcpConnState'), undefined);
}

function connected(
  decoding: Decoding,
  local: string | undefined,
  localPort: number,
  remote: string | undefined,
  remotePort: number,
  state: number | undefined,
  pid: number | undefined,
): void {
  if (state === LISTEN) {
    listener(decoding, 'TCP', local, localPort, pid);
    return;
  }
  if (state === undefined || OVER.has(state) || remote === undefined || isLoopback(remote)) return;
  const key = `TCP:${endpointText(local, localPort)}>${endpointText(remote, remotePort)}`;
  socket(decoding, key, pid, {
    'ascribe.socket.state': STATES[state] || undefined,
    'ascribe.socket.direction': direction(decoding, local, localPort),
    'ascribe.local.ip': local,
    'ascribe.local.port': localPort,
    'ascribe.remote.ip': remote,
    'ascribe.remote.port': remotePort,
  });
}

/** Inbound where the local end accepts connections; unknown until listeners have been read. */
function direction({ device }: Decoding, ip: string | undefined, port: number): string | undefined {
  if (device.listeners.size === 0) return undefined;
  const accepts =
    device.listeners.has(`TCP:${endpointText(ip, port)}`) ||
    device.listeners.has(`TCP:${endpointText(undefined, port)}`);
  return accepts ? 'inbound' : 'outbound';
}

/** Local type, address, port, remote type, address, port, instance. */
function udpEndpoint(decoding: Decoding, row: Row): void {
  const reader = new IndexReader(row.index);
  const local = reader.inetAddress();
  const localPort = reader.take();
  const remote = reader.inetAddress(2);
  const remotePort = reader.take();
  if (local === undefined || localPort === undefined || remote === undefined || remotePort === undefined) {
    decoding.refuse('snmp_bad_index', row.key);
    return;
  }
  const pid = row.integer('udpEndpointProcess');
  if (remote.ip === undefined) {
    listener(decoding, 'UDP', local.ip, localPort, pid);
    return;
  }
  const key = `UDP:${endpointText(local.ip, localPort)}>${endpointText(remote.ip, remotePort)}`;
  socket(decoding, key, pid, {
    'ascribe.local.ip': local.ip,
    'ascribe.local.port': localPort,
    'ascribe.remote.ip': remote.ip,
    'ascribe.remote.port': remotePort,
  });
}

function socket(decoding: Decoding, key: string, pid: number | undefined, extra: Extra): void {
  // 0: the agent does not know the process (RFC 4022).
  const known = pid !== undefined && pid > 0 ? pid : undefined;
  const process = known === undefined ? undefined : decoding.device.processes.get(known);
  const owner = { 'process.pid': known, 'process.name': process?.name, 'process.executable': process?.path };
  decoding.inventory('socket', key, process?.name, { ...extra, ...owner });
  if (known !== undefined) decoding.binding('socket-process', key, String(known), { ...owner, ...extra });
}

function isLoopback(ip: string): boolean {
  return ip === '::1' || ip.startsWith('127.');
}
