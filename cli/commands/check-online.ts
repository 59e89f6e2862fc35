import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmdirSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { bindSocket, receiveBufferLimit, setReceiveBuffer } from '../../collectors/udp/bound-socket';
import { FAMILY_MISSING, ListenAddressError } from '../../collectors/udp/udp-errors';
import { type ListenAddress, listenText } from '../config/listen';
import type { LoadedConfig } from '../config/load';
import type { SyslogListenerConfig } from '../config/schema';
import { resolveSecret } from '../config/secrets';
import { formatBytes } from '../output/units';
import { codeOf, messageOf } from '../thrown';

/** What one try on this host showed. */
export interface Finding {
  readonly outcome: 'success' | 'warning' | 'failure';
  /** What was tried: a listener, the data directory, a key. */
  readonly subject: string;
  readonly message: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Tries what the configuration asks of this host and undoes each try at once. Nothing is sent and nothing kept. */
export async function checkOnline(loaded: LoadedConfig, env: Environment): Promise<Finding[]> {
  const { netflow, syslog } = loaded.config.collectors;
  const findings: Finding[] = [];
  for (const { listen, receive_buffer: buffer } of [...netflow, ...syslog]) {
    for (const address of listen) findings.push(await tryListener(address, buffer));
  }
  findings.push(...syslog.flatMap((listener) => tryTls(listener, loaded, env)));
  findings.push(tryDataDirectory(loaded));
  return findings;
}

async function tryListener(address: ListenAddress, buffer: number): Promise<Finding> {
  const subject = listenText(address);
  try {
    return address.protocol === 'udp' ? await tryUdp(address, subject, buffer) : await tryTcp(address, subject);
  } catch (error) {
    const missing = address.optional && error instanceof ListenAddressError && FAMILY_MISSING.has(error.systemCode);
    const message = messageOf(error);
    return missing
      ? { outcome: 'warning', subject, message: 'this host has no such address family; left out' }
      : { outcome: 'failure', subject, message };
  }
}

async function tryUdp(address: ListenAddress, subject: string, wanted: number): Promise<Finding> {
  const socket = await bindSocket(address, address.address.includes(':'));
  try {
    const { effectiveBytes } = setReceiveBuffer(socket, wanted);
    if (effectiveBytes >= wanted) {
      return { outcome: 'success', subject, message: `can be bound, receive buffer ${formatBytes(effectiveBytes)}` };
    }
    const limit = receiveBufferLimit();
    const rule = limit === undefined ? '' : ` (sysctl net.core.rmem_max is ${limit}, raise it to ${wanted})`;
    const message = `can be bound, but the kernel caps the receive buffer at ${formatBytes(effectiveBytes)} of ${formatBytes(wanted)}${rule}`;
    return { outcome: 'warning', subject, message };
  } finally {
    socket.close();
  }
}

async function tryTcp({ address, port }: ListenAddress, subject: string): Promise<Finding> {
  const server = createServer();
  try {
    await new Promise<void>((done, failed) => {
      server.once('error', failed);
      server.listen({ host: address, port, ipv6Only: address.includes(':'), exclusive: true }, done);
    });
  } catch (error) {
    const code = codeOf(error) ?? '';
    if (code === 'EADDRINUSE') throw new Error(`tcp port ${port} on ${address} is in use`, { cause: error });
    if (FAMILY_MISSING.has(code)) {
      throw new ListenAddressError('tcp', address, port, error as NodeJS.ErrnoException);
    }
    throw error;
  }
  await new Promise((closed) => server.close(closed));
  return { outcome: 'success', subject, message: 'can be bound' };
}

function tryTls(listener: SyslogListenerConfig, loaded: LoadedConfig, env: Environment): Finding[] {
  const { tls } = listener;
  if (tls === undefined) return [];
  const findings: Finding[] = [];
  const subject = `tls certificate ${tls.cert}`;
  const warn = (message: string): void => void findings.push({ outcome: 'warning', subject, message });
  try {
    const key = resolveSecret(tls.key, { env, directory: loaded.directory, warn });
    const file = (path: string): Buffer => readFileSync(resolve(loaded.directory, path));
    createSecureContext({ key, cert: file(tls.cert), ...(tls.ca !== undefined && { ca: file(tls.ca) }) });
    findings.push({ outcome: 'success', subject, message: 'matches its key' });
  } catch (error) {
    findings.push({ outcome: 'failure', subject, message: messageOf(error) });
  }
  return findings;
}

/** Makes and removes a directory where the data go, or would go: permissions alone do not tell a read-only file system. */
function tryDataDirectory({ dataDirectory, config }: LoadedConfig): Finding {
  const subject = `data directory ${dataDirectory}`;
  let place = dataDirectory;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  try {
    accessSync(place, constants.W_OK | constants.X_OK);
    rmdirSync(mkdtempSync(join(place, '.ascribe-check-')));
    const { bavail, bsize } = statfsSync(place);
    const free = bavail * bsize;
    const state = place === dataDirectory ? 'writable' : 'will be made';
    const message = `${state}, ${formatBytes(free)} free`;
    if (free > config.journal.reserve_bytes) return { outcome: 'success', subject, message };
    return { outcome: 'failure', subject, message: `${message}: no more than journal.reserve_bytes` };
  } catch (error) {
    const code = codeOf(error) ?? messageOf(error);
    return { outcome: 'failure', subject, message: `cannot be written: ${code}` };
  }
}
