import { SshError, type SshErrorCode } from '../ssh-errors';

/** Losses of a connection in the middle of a login that are put down to the network; the next one is taken for a refusal. */
const MOST_INTERRUPTIONS = 1;

/**
 * Keeps a device from being asked again once it refused a login: ESXi locks an account for 15 minutes after five
 * failures, for SSH and its API alike. Holds until a person acts, which is a reload or a restart of the daemon; a restart of
 * the collector alone does not clear it.
 */
export class LoginLatch {
  #code: SshErrorCode | undefined;
  #text = '';
  #interruptions = 0;

  get isHeld(): boolean {
    return this.#code !== undefined;
  }

  /** Why; empty when it is not held. */
  get text(): string {
    return this.#text;
  }

  /** Throws when it is held. */
  check(device: string): void {
    if (this.#code === undefined) return;
    throw new SshError('ssh_auth_held', `${device} is not tried again until a person acts: ${this.#text}`);
  }

  /** A login failed. True when it is held from now on. */
  failed(error: SshError): boolean {
    if (error.code === 'ssh_login_interrupted') {
      this.#interruptions += 1;
      if (this.#interruptions <= MOST_INTERRUPTIONS) return false;
    } else if (!error.needsPerson) return false;
    if (this.#code !== undefined) return false;
    this.#code = error.code;
    this.#text = error.message;
    return true;
  }

  succeeded(): void {
    this.#interruptions = 0;
  }

  /** A person acted. */
  release(): void {
    this.#code = undefined;
    this.#text = '';
    this.#interruptions = 0;
  }
}
