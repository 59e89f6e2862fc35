import type { ProbeFinding } from '../contract';
import { Lane } from '../polling/lane';
import type { SshConnection } from './adapter/ssh-connection';
import { connectDevice } from './connect-device';
import { probeEsxi } from './esxi/esxi-probe';
import { SshError } from './ssh-errors';
import type { SshDeviceSettings, SshSettings } from './ssh-settings';

/**
 * Connects to every device once, shows its host key, logs in where the key is known, and says what answers. A key that is
 * not known is shown for a person to compare; no secret is sent then, and nothing is ever remembered by itself. Never
 * rejects.
 */
export async function probeSsh(settings: SshSettings, signal: AbortSignal): Promise<readonly ProbeFinding[]> {
  const lane = new Lane(settings.limits.concurrency);
  const found = settings.devices.map(
    (device) =>
      new Promise<readonly ProbeFinding[]>((resolve) => {
        lane.add(async () => resolve(await probeDevice(device, settings, signal)));
      }),
  );
  return (await Promise.all(found)).flat();
}

async function probeDevice(
  device: SshDeviceSettings,
  settings: SshSettings,
  signal: AbortSignal,
): Promise<readonly ProbeFinding[]> {
  let connection: SshConnection | undefined;
  try {
    connection = await connectDevice(device, settings, Date.now, signal);
    const { software, session, hostKey } = connection;
    const text = `${device.name}: ${software}, host key ${hostKey.type} ${session.hostKey} is known, logged in as ${session.user}`;
    const findings: ProbeFinding[] = [{ severity: 'ok', text }];
    if (device.legacyAlgorithms) {
      findings.push({ severity: 'warning', text: `${device.name}: broken algorithms are offered (legacy_algorithms)` });
    }
    if (device.platform === 'esxi') findings.push(...(await probeEsxi(device.name, connection, signal)));
    return findings;
  } catch (error) {
    const { message } = error as Error;
    const text = error instanceof SshError ? message : `${device.name}: ${message}`;
    return [{ severity: 'error', text }];
  } finally {
    await connection?.close();
  }
}
