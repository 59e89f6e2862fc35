import { keyHandle, type AgentAuth, type AgentCredential, type AgentPriv } from './adapter/agent-session';
import {
  SnmpSecretError,
  type Credential,
  type DeviceSettings,
  type SecretResolver,
  type UserCredential,
} from './snmp-settings';

/** Agents refuse shorter ones (RFC 3414 section 11.2), so a shorter one is a mistake. */
const SHORTEST_PASSWORD = 8;

/**
 * The credential of a device: the one it names, else the first whose subnets hold its address. Throws `SnmpSecretError`
 * when there is none.
 */
export function credentialFor(device: DeviceSettings, address: string, credentials: readonly Credential[]): Credential {
  const found =
    device.credential === undefined
      ? credentials.find(({ subnets }) => subnets?.allows(address) === true)
      : credentials.find(({ name }) => name === device.credential);
  if (found !== undefined) return found;
  const wanted = device.credential === undefined ? `whose subnets hold ${address}` : `named "${device.credential}"`;
  throw new SnmpSecretError(`no SNMP credential ${wanted}`);
}

/** Resolves the references of a credential. Passwords become handles. Throws `SnmpSecretError` or what `secrets` throws. */
export function resolveCredential(credential: Credential, secrets: SecretResolver): AgentCredential {
  if (credential.version !== 'v3') {
    return { version: credential.version, community: secrets(credential.community) };
  }
  const { user, auth, priv } = credential;
  if (auth === undefined) return { version: 'v3', user };
  const resolved: { user: string; auth: AgentAuth; priv?: AgentPriv } = {
    user,
    auth: keyOf(credential, auth, secrets),
  };
  if (priv !== undefined) resolved.priv = keyOf(credential, priv, secrets);
  return { version: 'v3', ...resolved };
}

function keyOf<Protocol>(
  credential: UserCredential,
  { protocol, password }: { readonly protocol: Protocol; readonly password: string },
  secrets: SecretResolver,
): { protocol: Protocol; key: string } {
  const secret = secrets(password);
  if (secret.length < SHORTEST_PASSWORD) {
    throw new SnmpSecretError(`${credential.name}: ${password} is shorter than ${SHORTEST_PASSWORD} characters`);
  }
  return { protocol, key: keyHandle(secret) };
}
