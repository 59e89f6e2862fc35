import { readFileSync, statSync } from 'node:fs';
import { SshError } from '../ssh-errors';
import { fingerprint, knownHostsLine, type HostKey } from './host-key';
import { KnownHosts, type KnownKeys } from './known-hosts';

/** Which keys a device may show. */
export interface HostKeyRules {
  /** `SHA256:…` of the configuration. */
  readonly fingerprints: readonly string[];
  /** Absolute paths of known_hosts files. */
  readonly files: readonly string[];
}

const LARGEST_FILE = 16 * 2 ** 20;

/**
 * Decides whether a device is the one it should be. Nothing is ever learnt by itself: a device without a known key is
 * refused, and what it showed is in the error for a person to compare.
 */
export class HostKeyPolicy {
  readonly #device: string;
  readonly #name: string;
  readonly #port: number;
  readonly #fingerprints: ReadonlySet<string>;
  readonly #known: readonly KnownKeys[];

  private constructor(device: string, name: string, port: number, fingerprints: readonly string[], known: KnownKeys[]) {
    this.#device = device;
    this.#name = name;
    this.#port = port;
    this.#fingerprints = new Set(fingerprints);
    this.#known = known;
  }

  /** Reads the files anew each time. Throws `SshError` (`ssh_known_hosts`) when one cannot be read. */
  static load(device: string, name: string, port: number, { fingerprints, files }: HostKeyRules): HostKeyPolicy {
    const known = files.map((path) => KnownHosts.parse(readFile(path)).of(name, port));
    return new HostKeyPolicy(device, name, port, fingerprints, known);
  }

  /** Types of the known keys; empty when only fingerprints are known, which do not tell. */
  get types(): readonly string[] {
    return [...new Set(this.#known.flatMap(({ types }) => types))];
  }

  /** Undefined: this is the device. Otherwise why it is refused. */
  refusal(key: HostKey): SshError | undefined {
    const blob = key.blob.toString('base64');
    const shown = fingerprint(key.blob);
    const what = `${this.#device} shows the host key ${key.type} ${shown}`;
    if (this.#known.some(({ revoked }) => revoked.has(blob))) {
      return new SshError('ssh_host_key_revoked', `${what}, which is marked as revoked`);
    }
    if (this.#fingerprints.has(shown) || this.#known.some(({ accepted }) => accepted.has(blob))) return undefined;
    if (this.#fingerprints.size > 0 || this.#known.some(({ accepted }) => accepted.size > 0)) {
      const text = `${what}, which is not the known one: another device answers, or its keys were made anew`;
      return new SshError('ssh_host_key_changed', text);
    }
    const line = knownHostsLine(this.#name, this.#port, key);
    const text = `${what}, which is not known yet: compare it on the device's console, then write it as host_keys or add to known_hosts: ${line}`;
    return new SshError('ssh_host_key_unknown', text);
  }
}

function readFile(path: string): string {
  try {
    if (statSync(path).size > LARGEST_FILE) throw new Error('is larger than 16 MiB');
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SshError('ssh_known_hosts', `known_hosts file ${path} cannot be read: ${code ?? message}`, {
      cause: error,
    });
  }
}
