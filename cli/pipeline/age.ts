import { spawn } from 'node:child_process';
import { codeOf, messageOf } from '../thrown';

/*
 * Encryption is that of age (https://age-encryption.org/v1), done by its own program: it streams, and no cryptography of ours is
 * needed for it.
 */

/** First bytes of what age writes. */
export const AGE_MAGIC = 'age-encryption.org/v1';

const AGE_RECIPIENT = /^age1[02-9ac-hj-np-z]{10,4000}$/;
const SSH_RECIPIENT = /^ssh-(?:ed25519|rsa) [A-Za-z0-9+/]{40,2000}={0,2}(?: [\x20-\x7e]{0,200})?$/;
const MOST_TOLD = 2000;

/** Who may read what is encrypted: public keys, and files that list such. */
export interface Recipients {
  readonly keys: readonly string[];
  /** Absolute paths. */
  readonly files: readonly string[];
}

/** It was not encrypted. */
export class EncryptionError extends Error {
  constructor(
    readonly code: 'encryption_program' | 'encryption_failed',
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'EncryptionError';
  }
}

/** Whether a text is a public key that age takes: `age1…` or an SSH key. A private key is none. */
export function isRecipient(text: string): boolean {
  return AGE_RECIPIENT.test(text) || SSH_RECIPIENT.test(text);
}

/** Encrypts a file into a new one, of whatever size, in flat memory. Throws `EncryptionError`; what was written so far may stay. */
export function encryptFile(
  from: string,
  to: string,
  { keys, files }: Recipients,
  path = process.env['PATH'],
): Promise<void> {
  const chosen = [
    ...keys.flatMap((key) => ['--recipient', key]),
    ...files.flatMap((file) => ['--recipients-file', file]),
  ];
  const program = spawn('age', ['--encrypt', ...chosen, '--output', to, from], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: path },
  });
  let told = '';
  program.stderr.setEncoding('utf8').on('data', (text: string) => (told = (told + text).slice(0, MOST_TOLD)));
  return new Promise((resolve, reject) => {
    program.once('error', (error) => {
      const text = codeOf(error) === 'ENOENT' ? 'the program age is not there: install it' : messageOf(error);
      reject(new EncryptionError('encryption_program', text, error));
    });
    program.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new EncryptionError('encryption_failed', `age ended with ${String(code)}: ${told.trim()}`));
    });
  });
}
