import { lookup } from 'node:dns/promises';
import { SshConnection } from './adapter/ssh-connection';
import { credentialFor, resolveLogin } from './credentials';
import { HostKeyPolicy } from './hostkeys/host-key-policy';
import { userSuffixOf } from './devices/platforms';
import { SshError } from './ssh-errors';
import type { SshDeviceSettings, SshSettings } from './ssh-settings';

/**
 * Connects to a configured device: resolves its name, secrets and known keys anew, because each may have been what
 * failed last time. Rejects with `SshError` or what the resolver of secrets throws.
 */
export async function connectDevice(
  device: SshDeviceSettings,
  settings: SshSettings,
  now: () => number,
  signal: AbortSignal,
): Promise<SshConnection> {
  const { name, address: written, port, hostKeys: fingerprints, legacyAlgorithms } = device;
  const { limits, knownHosts, credentials, secrets } = settings;
  const hostKeys = HostKeyPolicy.load(name, written, port, { fingerprints, files: knownHosts });
  const address = await addressOf(name, written);
  const resolved = resolveLogin(credentialFor(device, address, credentials), secrets);
  const login = { ...resolved, user: resolved.user + userSuffixOf(device.platform) };
  const { readyTimeoutMs, keepaliveMs, channels } = limits;
  return await SshConnection.open(
    {
      device: name,
      address,
      port,
      login,
      hostKeys,
      legacyAlgorithms,
      readyTimeoutMs,
      keepaliveMs,
      channels,
      now,
    },
    signal,
  );
}

async function addressOf(device: string, written: string): Promise<string> {
  try {
    return (await lookup(written)).address;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SshError('ssh_unreachable', `${device}: no address for ${written}: ${code ?? 'unknown'}`, {
      cause: error,
    });
  }
}
