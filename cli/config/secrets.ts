import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { codeOf, messageOf } from '../thrown';

/** A secret is never in the configuration, only where it is. */
export interface SecretReference {
  /** `file`: a path; `env`: an environment variable; `cred`: a systemd credential (`LoadCredential=`). */
  readonly kind: 'file' | 'env' | 'cred';
  readonly name: string;
}

const REFERENCE = /^(file|env|cred):(.+)$/su;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/u;

/** Reads `file:/etc/ascribe/tls.key`, `env:NAME` or `cred:NAME`. Returns the reason as text when it is not one; never the value. */
export function parseSecretReference(text: string): SecretReference | string {
  const match = REFERENCE.exec(text);
  const form = 'file:PATH, env:NAME or cred:NAME';
  if (match === null) return `a secret is named by reference (${form}), never written here`;
  const [, kind, name = ''] = match;
  if (kind === 'env' && !VARIABLE.test(name)) return `"${name}" is not the name of an environment variable`;
  if (kind === 'cred' && /[/\0]/u.test(name)) return 'a credential has a plain name, not a path';
  return { kind: kind as SecretReference['kind'], name };
}

/** A secret that cannot or must not be used. The message names the reference, never the secret. */
export class SecretError extends Error {
  readonly code = 'secret_refused';
}

export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Relative `file:` paths start here. */
  readonly directory: string;
  /** Told what is allowed but unwise. */
  warn(message: string): void;
}

/**
 * The secret itself, a final newline removed. Throws `SecretError` when it is missing, empty, or a file that others
 * than its owner may read.
 */
export function resolveSecret(reference: SecretReference, sources: SecretSources): string {
  const secret = read(reference, sources).replace(/\r?\n$/u, '');
  if (secret === '') throw new SecretError(`${reference.kind}:${reference.name} is empty`);
  return secret;
}

function read(reference: SecretReference, sources: SecretSources): string {
  switch (reference.kind) {
    case 'file':
      return readPrivateFile(resolve(sources.directory, reference.name), `file:${reference.name}`);
    case 'env': {
      const value = sources.env[reference.name];
      if (value === undefined) throw new SecretError(`env:${reference.name} is not set`);
      sources.warn(
        `env:${reference.name}: other processes of this user can read the environment; prefer file: or cred:`,
      );
      return value;
    }
    case 'cred': {
      const directory = sources.env['CREDENTIALS_DIRECTORY'];
      if (directory === undefined) {
        throw new SecretError(`cred:${reference.name}: CREDENTIALS_DIRECTORY is not set (started by systemd?)`);
      }
      return readSecretFile(resolve(directory, reference.name), `cred:${reference.name}`);
    }
  }
}

function readPrivateFile(path: string, shown: string): string {
  let mode: number;
  try {
    mode = statSync(path).mode;
  } catch (error) {
    throw unreadable(shown, error);
  }
  if ((mode & 0o077) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    throw new SecretError(`${shown} has mode ${octal}: others than its owner may read or write it (chmod 600)`);
  }
  return readSecretFile(path, shown);
}

function readSecretFile(path: string, shown: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(shown, error);
  }
}

function unreadable(shown: string, error: unknown): SecretError {
  return new SecretError(`${shown} cannot be read: ${codeOf(error) ?? messageOf(error)}`, { cause: error });
}

/** Resolves written references (`cred:NAME`) for parts that keep them as text. */
export function secretResolver(
  directory: string,
  env: SecretSources['env'],
  warn: (message: string) => void,
): (reference: string) => string {
  return (written) => {
    const reference = parseSecretReference(written);
    if (typeof reference === 'string') throw new SecretError(reference);
    return resolveSecret(reference, { env, directory, warn });
  };
}
