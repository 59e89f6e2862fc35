import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from './durable-file';
import { SigningKeyError } from './errors';

const PRIVATE_FILE = 'signing.pem';
const PUBLIC_FILE = 'signing.pub.pem';

/** The Ed25519 key (RFC 8032) that signs seals. */
export class SigningKeys {
  readonly #privateKey: KeyObject;
  /** For verification, here and elsewhere. */
  readonly publicKey: KeyObject;
  /** `SHA256:…` as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;

  private constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
    this.publicKey = createPublicKey(privateKey);
    this.fingerprint = fingerprintOf(this.publicKey);
  }

  /**
   * Loads the key from `directory`, making it (mode 0600, with the public half beside it) when there is none.
   * Throws `SigningKeyError` when the private key may be read by others or is no Ed25519 key.
   */
  static open(directory: string): SigningKeys {
    const path = join(directory, PRIVATE_FILE);
    if (!existsSync(path)) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      // The private half last: a crash in between leaves no private key without its public one.
      writeFileDurably(
        join(directory, PUBLIC_FILE),
        publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        0o644,
      );
      writeFileDurably(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
    }
    const mode = statSync(path).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      throw new SigningKeyError(path, `mode ${mode.toString(8)} lets others read the signing key; make it 600`);
    }
    return new SigningKeys(loadPrivate(path));
  }

  sign(message: Uint8Array): Buffer {
    return sign(null, message, this.#privateKey);
  }

  /** The public key as SPKI PEM, for `openssl pkeyutl -verify -rawin`. */
  publicPem(): string {
    return this.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  /** The public key as one OpenSSH line: `ssh-ed25519 AAAA… comment`. */
  publicOpenSsh(comment = 'ascribe'): string {
    return `ssh-ed25519 ${openSshBlob(this.publicKey).toString('base64')} ${comment}`;
  }
}

/** The public half alone, for a reader that must not touch the private one. Throws `SigningKeyError`. */
export function loadPublicKey(directory: string): KeyObject {
  const path = join(directory, PUBLIC_FILE);
  try {
    return createPublicKey(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SigningKeyError(path, 'cannot be read as a public key', error);
  }
}

/** Whether `signature` is this key's Ed25519 signature of `message`. False for a malformed signature too. */
export function isSignatureOf(message: Uint8Array, signature: Uint8Array, publicKey: KeyObject): boolean {
  return signature.length === 64 && verify(null, message, publicKey, signature);
}

/** `SHA256:` and the base64 digest of the key in OpenSSH's wire form, without padding. */
export function fingerprintOf(publicKey: KeyObject): string {
  const digest = createHash('sha256').update(openSshBlob(publicKey)).digest('base64');
  return `SHA256:${digest.replace(/=+$/u, '')}`;
}

function loadPrivate(path: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SigningKeyError(path, 'cannot be read as a private key', error);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new SigningKeyError(path, 'is no Ed25519 key');
  return key;
}

/** RFC 8709 section 4: string "ssh-ed25519", string of the 32 key bytes. */
export function openSshBlob(publicKey: KeyObject): Buffer {
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const parts = [Buffer.from('ssh-ed25519'), raw].flatMap((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return [length, part];
  });
  return Buffer.concat(parts);
}
