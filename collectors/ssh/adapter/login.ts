import { utils, type ParsedKey } from 'ssh2';
import { SshError } from '../ssh-errors';

/** How to log in, secrets resolved. Exactly one try is made with it. */
export interface Login {
  readonly user: string;
  /** A private key, decrypted. */
  readonly key: ParsedKey | undefined;
  /** An agent that signs. */
  readonly agent: AgentLogin | undefined;
  readonly password: string | undefined;
}

export interface AgentLogin {
  /** Path of the agent's socket. */
  readonly socket: string;
  /** Which of its keys, `SHA256:…`; needed when it holds several, because each wrong one is a failed login. */
  readonly fingerprint: string | undefined;
}

/** Reads a private key. Throws `SshError` (`ssh_credential`) whose text holds nothing of key or passphrase. */
export function parsePrivateKey(name: string, text: string, passphrase: string | undefined): ParsedKey {
  const parsed: ParsedKey | ParsedKey[] | Error = utils.parseKey(text, passphrase);
  const key = Array.isArray(parsed) ? (parsed as ParsedKey[])[0] : parsed;
  if (key === undefined || key instanceof Error) {
    const why = passphrase === undefined ? 'is it encrypted?' : 'is the passphrase right?';
    throw new SshError('ssh_credential', `the private key of credential "${name}" cannot be read: ${why}`);
  }
  if (!key.isPrivateKey()) {
    throw new SshError('ssh_credential', `credential "${name}" names a public key, not a private one`);
  }
  return key;
}
