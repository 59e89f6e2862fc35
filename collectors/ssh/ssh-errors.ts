/** Why a device is not being read. */
export type SshErrorCode =
  /** No route, no such name, no answer. */
  | 'ssh_unreachable'
  /** The port is closed: the device is there, its SSH service is off. */
  | 'ssh_refused'
  /** The connection ended before the device said who it is: too many connections, or none are wanted now. */
  | 'ssh_turned_away'
  /** No common algorithms, or another fault of the protocol. */
  | 'ssh_handshake'
  | 'ssh_handshake_timeout'
  /** No key is known for the device: a person must compare it and put it into the configuration. */
  | 'ssh_host_key_unknown'
  /** The device showed another key than the known ones. */
  | 'ssh_host_key_changed'
  | 'ssh_host_key_revoked'
  /** The host key file cannot be read. */
  | 'ssh_known_hosts'
  /** Secret, key or agent cannot be used; nothing was sent. */
  | 'ssh_credential'
  /** The device offers no way to log in that the credential has; nothing was sent. */
  | 'ssh_auth_method'
  /** The device did not take the credential. */
  | 'ssh_auth_refused'
  /** The device takes nobody but exception users. */
  | 'ssh_lockdown'
  /** The device wants a new password; none was given. */
  | 'ssh_password_expired'
  /** The device asked something that is not a plain question for the password; nothing was answered. */
  | 'ssh_prompt_refused'
  /** The connection was lost between the credential and the answer to it. */
  | 'ssh_login_interrupted'
  /** An earlier login was refused; nobody tries again until a person acts. */
  | 'ssh_auth_held'
  | 'ssh_disconnected'
  | 'ssh_cancelled';

/** Codes after which every further try could lock an account: nothing is tried again until a person acts. */
const HELD: ReadonlySet<SshErrorCode> = new Set([
  'ssh_auth_refused',
  'ssh_lockdown',
  'ssh_password_expired',
  'ssh_prompt_refused',
  'ssh_auth_held',
]);

/** A device cannot be reached or does not let us in. The message names device and cause, never a secret. */
export class SshError extends Error {
  constructor(
    readonly code: SshErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SshError';
  }

  /** Whether a person must act before the next try. */
  get needsPerson(): boolean {
    return HELD.has(this.code);
  }
}

/** A command was asked for that is not in a table, or with a parameter that is not allowed: a fault of ours. */
export class CommandRefusedError extends Error {
  readonly code = 'ssh_command_refused';
}

/** Secrets that are missing come as errors of whoever resolves them; their messages hold no secret. */
export function asSshError(device: string, error: unknown): SshError {
  if (error instanceof SshError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'secret_refused') return new SshError('ssh_credential', `${device}: ${message}`, { cause: error });
  return new SshError('ssh_handshake', `${device}: ${code ?? 'internal'}: ${message}`, { cause: error });
}
