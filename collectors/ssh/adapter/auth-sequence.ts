import type { AnyAuthMethod, AuthenticationType, KeyboardInteractiveCallback, Prompt } from 'ssh2';
import { SshError } from '../ssh-errors';
import type { Login } from './login';
import type { OneKeyAgent } from './one-key-agent';
import { asksForNewPassword, asksForPassword, saysLockdown } from './password-prompt';

type Step = 'none' | 'key' | 'password';

/**
 * One login, tried once. First `none`, which no server counts as a failure (RFC 4252 section 5.2), to learn what is
 * offered; then the key or the password; a second factor only after the server said that the first was right.
 */
export class AuthSequence {
  readonly #device: string;
  readonly #login: Login;
  readonly #agent: OneKeyAgent | undefined;
  readonly #abort: (error: SshError) => void;
  #tried: Step | undefined;
  #asked = 0;
  #banner = '';
  #failure: SshError | undefined;

  /** `abort` ends the connection at once: nothing more is to be sent. */
  constructor(device: string, login: Login, agent: OneKeyAgent | undefined, abort: (error: SshError) => void) {
    this.#device = device;
    this.#login = login;
    this.#agent = agent;
    this.#abort = abort;
  }

  /** Why it failed, when it did. */
  get failure(): SshError | undefined {
    return this.#failure;
  }

  /** Whether a credential, and not only the question what is offered, was sent. */
  get attempted(): boolean {
    return this.#tried !== undefined && this.#tried !== 'none';
  }

  get banner(): string {
    return this.#banner;
  }

  noteBanner(text: string): void {
    this.#banner = `${this.#banner}${text}`.slice(0, 4096);
  }

  /** ssh2's `authHandler`: the next way to try, or false when it is over. */
  readonly next = (left: readonly AuthenticationType[] | null, partial: boolean | null): AnyAuthMethod | false => {
    const { user } = this.#login;
    if (this.#tried === undefined) {
      this.#tried = 'none';
      return { type: 'none', username: user };
    }
    if (this.#tried !== 'none' && partial !== true) return this.#refused();
    const way = this.#way(left ?? []);
    if (way !== undefined) return way;
    const offered = (left ?? []).join(', ') || 'nothing';
    const text = `${this.#device} offers ${offered} to log in, which the credential of "${user}" does not have`;
    this.#failure = new SshError(this.attempted ? 'ssh_auth_refused' : 'ssh_auth_method', text);
    return false;
  };

  /** The device wants the password to be changed while it logs in by password (RFC 4252 section 8). */
  readonly changeWanted = (message: string): void => {
    this.#stop('ssh_password_expired', `${this.#device} wants a new password for "${this.#login.user}"`, message);
  };

  #way(left: readonly AuthenticationType[]): AnyAuthMethod | undefined {
    const { user: username, key, password } = this.#login;
    if (this.#tried === 'none' && left.includes('publickey')) {
      if (key !== undefined || this.#agent !== undefined) this.#tried = 'key';
      if (key !== undefined) return { type: 'publickey', username, key };
      if (this.#agent !== undefined) return { type: 'agent', username, agent: this.#agent };
    }
    if (password === undefined || this.#tried === 'password') return undefined;
    if (left.includes('keyboard-interactive')) {
      this.#tried = 'password';
      return { type: 'keyboard-interactive', username, prompt: this.#answer };
    }
    if (!left.includes('password')) return undefined;
    this.#tried = 'password';
    return { type: 'password', username, password };
  }

  readonly #answer = (
    _name: string,
    instructions: string,
    _language: string,
    prompts: Prompt[],
    finish: KeyboardInteractiveCallback,
  ): void => {
    this.#asked += 1;
    const { user, password } = this.#login;
    if (this.#asked === 1 && password !== undefined && asksForPassword(prompts)) {
      finish([password]);
      return;
    }
    const texts = [instructions, ...prompts.map(({ prompt }) => prompt)];
    if (asksForNewPassword(...texts)) {
      this.#stop('ssh_password_expired', `${this.#device} wants a new password for "${user}"`, ...texts);
      return;
    }
    const shown = prompts[0]?.prompt.slice(0, 80) ?? '';
    const text = `${this.#device} asks ${JSON.stringify(shown)}, which is not a plain question for the password`;
    this.#stop('ssh_prompt_refused', text, ...texts);
  };

  #refused(): false {
    const { user } = this.#login;
    this.#failure = saysLockdown(this.#banner)
      ? new SshError('ssh_lockdown', `${this.#device} is in lockdown mode: "${user}" is no exception user`)
      : new SshError('ssh_auth_refused', `${this.#device} refuses the login of "${user}"`);
    return false;
  }

  #stop(code: 'ssh_password_expired' | 'ssh_prompt_refused', text: string, ...said: readonly string[]): void {
    this.#failure = saysLockdown(...said)
      ? new SshError('ssh_lockdown', `${this.#device} is in lockdown mode: "${this.#login.user}" is no exception user`)
      : new SshError(code, `${text}; nothing was answered`);
    this.#abort(this.#failure);
  }
}
