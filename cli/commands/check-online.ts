import { accessSync, constants, existsSync, mkdtempSync, rmdirSync, statfsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ProbeFinding } from '../../collectors/contract';
import { COLLECTORS } from '../collectors';
import type { LoadedConfig } from '../config/load';
import { secretResolver } from '../config/secrets';
import { formatBytes } from '../output/units';
import { codeOf, messageOf } from '../thrown';
import { probeDestinations } from './check-forward';

/** What one try on this host showed. */
export interface Finding {
  readonly outcome: 'success' | 'warning' | 'failure';
  /** What was tried: a listener, the data directory, a key. */
  readonly subject: string;
  readonly message: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const PROBE_MS = 30_000;
/** Every command is tried once on each device. */
const SSH_PROBE_MS = 300_000;

/**
 * Tries what the configuration asks of this host and undoes each try at once. Only devices that are named for polling
 * are sent to, and they are only asked.
 */
export async function checkOnline(loaded: LoadedConfig, env: Environment): Promise<Finding[]> {
  const { netflow, syslog, snmp, ssh } = loaded.config.collectors;
  const signal = AbortSignal.timeout(PROBE_MS);
  const findings: Finding[] = [];
  for (const settings of netflow) findings.push(...found(await COLLECTORS.netflow.probe(settings, signal), 'netflow'));
  for (const settings of syslog) findings.push(...found(await COLLECTORS.syslog.probe(settings, signal), 'syslog'));
  const secrets = secretResolver(loaded.directory, env, (message) => {
    findings.push({ outcome: 'warning', subject: 'secrets', message });
  });
  for (const settings of snmp) {
    findings.push(...found(await COLLECTORS.snmp.probe({ ...settings, secrets }, signal), 'snmp'));
  }
  for (const settings of ssh) {
    const knownHosts = settings.knownHosts.map((path) => resolve(loaded.directory, path));
    const probed = await COLLECTORS.ssh.probe({ ...settings, knownHosts, secrets }, AbortSignal.timeout(SSH_PROBE_MS));
    findings.push(...found(probed, 'ssh'));
  }
  findings.push(...(await probeDestinations(loaded, secrets)));
  findings.push(tryDataDirectory(loaded));
  return findings;
}

const OUTCOMES = { ok: 'success', warning: 'warning', error: 'failure' } as const;

function found(probed: readonly ProbeFinding[], subject: string): Finding[] {
  return probed.map(({ severity, text }) => ({ outcome: OUTCOMES[severity], subject, message: text }));
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
