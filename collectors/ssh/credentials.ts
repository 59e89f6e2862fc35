import { parsePrivateKey, type AgentLogin, type Login } from './adapter/login';
import { SshError } from './ssh-errors';
import type { SecretResolver, SshCredential, SshDeviceSettings } from './ssh-settings';

/**
 * The credential of a device: the one it names, else the first whose subnets hold its address. Throws `SshError`
 * (`ssh_credential`) when there is none.
 */
export function credentialFor(
  device: SshDeviceSettings,
  address: string,
  credentials: readonly SshCredential[],
): SshCredential {
  const found =
    device.credential === undefined
      ? credentials.find(({ subnets }) => subnets?.allows(address) === true)
      : credentials.find(({ name }) => name === device.credential);
  if (found !== undefined) return found;
  const wanted = device.credential === undefined ? `whose subnets hold ${address}` : `named "${device.credential}"`;
  throw new SshError('ssh_credential', `${device.name}: no SSH credential ${wanted}`);
}

/** Resolves the references of a credential. Throws `SshError` or what `secrets` throws; no text holds a secret. */
export function resolveLogin(credential: SshCredential, secrets: SecretResolver): Login {
  const { name, user, key, passphrase, password } = credential;
  return {
    user,
    key:
      key === undefined
        ? undefined
        : parsePrivateKey(name, secrets(key), passphrase === undefined ? undefined : secrets(passphrase)),
    agent: agentOf(credential),
    password: password === undefined ? undefined : secrets(password),
  };
}

function agentOf({ name, agent, agentKey }: SshCredential): AgentLogin | undefined {
  if (agent === undefined) return undefined;
  const socket = agent === 'SSH_AUTH_SOCK' ? process.env['SSH_AUTH_SOCK'] : agent;
  if (socket === undefined || socket === '') {
    throw new SshError('ssh_credential', `credential "${name}" wants an agent, and SSH_AUTH_SOCK is not set`);
  }
  return { socket, fingerprint: agentKey };
}
