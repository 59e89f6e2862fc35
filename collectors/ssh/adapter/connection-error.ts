import { SshError } from '../ssh-errors';

/** Codes of the operating system and of the resolver that mean that nobody was reached. */
const UNREACHABLE = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ETIMEDOUT',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What a failed connection means. `attempted`: a credential had been sent, so it is the login that failed. */
export function connectionError(
  device: string,
  error: (Error & { readonly level?: string; readonly code?: unknown }) | undefined,
  attempted: boolean,
): SshError {
  const options = error === undefined ? undefined : { cause: error };
  const code = typeof error?.code === 'string' ? error.code : '';
  if (code === 'ECONNREFUSED') {
    return new SshError('ssh_refused', `${device} refuses connections: its SSH service is off, or filtered`, options);
  }
  if (UNREACHABLE.has(code)) return new SshError('ssh_unreachable', `${device} cannot be reached: ${code}`, options);
  // A reason code of the protocol: the server hung up on the credential, as one does after too many failures.
  if (attempted && typeof error?.code === 'number') {
    return new SshError('ssh_auth_refused', `${device} refuses the login: ${error.message.slice(0, 200)}`, options);
  }
  if (attempted) {
    return new SshError('ssh_login_interrupted', `${device}: the connection was lost during the login`, options);
  }
  if (error?.level === 'client-timeout') {
    return new SshError('ssh_handshake_timeout', `${device} does not finish the handshake`, options);
  }
  if (error === undefined || code !== '' || error.message.includes('before handshake')) {
    const text = `${device} ended the connection before the login`;
    return new SshError('ssh_turned_away', text, options);
  }
  const hint = error.message.includes('no matching') ? '; an old device may need legacy_algorithms: true' : '';
  return new SshError('ssh_handshake', `${device}: ${error.message.slice(0, 200)}${hint}`, options);
}
