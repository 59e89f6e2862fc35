import { BaseAgent, OpenSSHAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import { fingerprint } from '../hostkeys/host-key';
import { SshError } from '../ssh-errors';
import type { AgentLogin } from './login';

const PATIENCE_MS = 5000;

/** An agent as if it held the one key that is meant: each further key offered would be one more failed login. */
export class OneKeyAgent extends BaseAgent<ParsedKey> {
  readonly #agent: OpenSSHAgent;
  readonly #key: ParsedKey;

  private constructor(agent: OpenSSHAgent, key: ParsedKey) {
    super();
    this.#agent = agent;
    this.#key = key;
  }

  /** Asks the agent for its keys and picks. Rejects with `SshError` (`ssh_credential`) when none, or no single one, is meant. */
  static async open({ socket, fingerprint: wanted }: AgentLogin): Promise<OneKeyAgent> {
    const agent = new OpenSSHAgent(socket);
    const keys = await keysOf(agent, socket);
    const found = wanted === undefined ? keys : keys.filter((key) => fingerprint(key.getPublicSSH()) === wanted);
    const [key] = found;
    if (key === undefined) {
      const which = wanted === undefined ? 'no key' : `no key ${wanted}`;
      throw new SshError('ssh_credential', `the agent at ${socket} holds ${which}`);
    }
    if (found.length > 1) {
      const text = `the agent at ${socket} holds ${found.length} keys: say which one (agent_key: SHA256:…)`;
      throw new SshError('ssh_credential', text);
    }
    return new OneKeyAgent(agent, key);
  }

  override getIdentities(done: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    done(null, [this.#key]);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, done);
  }
}

function keysOf(agent: OpenSSHAgent, socket: string): Promise<readonly ParsedKey[]> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new SshError('ssh_credential', `the agent at ${socket} does not answer`));
    const timer = setTimeout(fail, PATIENCE_MS);
    agent.getIdentities((error, keys) => {
      clearTimeout(timer);
      if (error !== undefined && error !== null) fail();
      else resolve((keys ?? []).filter((key): key is ParsedKey => 'getPublicSSH' in key));
    });
  });
}
