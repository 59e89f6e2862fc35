import { createPublicKey, hash, type KeyObject } from 'node:crypto';
import { isSignatureOf, openSshBlob, type SigningKeys } from '../journal/signing-keys';

/*
 * OpenSSH's detached signature (PROTOCOL.sshsig). Binary, base64 in 70 columns between two marker lines:
 *
 *   "SSHSIG" | uint32 1 | string public key | string namespace | string reserved | string hash | string signature
 *
 * Signed is "SSHSIG" | string namespace | string reserved | string hash | string SHA-512(message). `ssh-keygen -Y verify` checks it.
 */

/** Namespace of the signatures of packs: a signature of another use of the key is none of these. */
export const NAMESPACE = 'ascribe-evidence';
/** Name of the signer in `allowed_signers`. */
export const SIGNER = 'ascribe';

const MAGIC = Buffer.from('SSHSIG');
const HASH = 'sha512';
const KEY_TYPE = Buffer.from('ssh-ed25519');
const KEY_BYTES = 32;
const BEGIN = '-----BEGIN SSH SIGNATURE-----';
const END = '-----END SSH SIGNATURE-----';

/** Signs a message; the text ends with a line feed. The same message and key give the same text (RFC 8032). */
export function sshSign(message: Uint8Array, keys: SigningKeys): string {
  return armor(openSshBlob(keys.publicKey), keys.sign(signedBytes(message)));
}

/** The key whose valid signature of `message` this text is, byte for byte as `sshSign` writes it; undefined otherwise. */
export function sshSigner(text: string, message: Uint8Array): KeyObject | undefined {
  const bytes = Buffer.from(text.split('\n').slice(1, -2).join(''), 'base64');
  const keyAt = MAGIC.length + 4 + 4 + 4 + KEY_TYPE.length + 4;
  const signature = bytes.subarray(-64);
  if (bytes.length < keyAt + KEY_BYTES + 64) return undefined;
  const x = bytes.subarray(keyAt, keyAt + KEY_BYTES).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  // Written again and compared: no other encoding of the same signature passes.
  if (armor(openSshBlob(key), signature) !== text) return undefined;
  return isSignatureOf(signedBytes(message), signature, key) ? key : undefined;
}

/** The line that tells `ssh-keygen -Y verify` whose signature to accept, with its line feed. */
export function allowedSigners(key: KeyObject): string {
  return `${SIGNER} namespaces="${NAMESPACE}" ssh-ed25519 ${openSshBlob(key).toString('base64')}\n`;
}

function armor(publicKey: Uint8Array, signature: Uint8Array): string {
  const version = Buffer.of(0, 0, 0, 1);
  const inner = Buffer.concat([sshString(KEY_TYPE), sshString(signature)]);
  const parts = [publicKey, Buffer.from(NAMESPACE), Buffer.alloc(0), Buffer.from(HASH), inner].map(sshString);
  const base64 = Buffer.concat([MAGIC, version, ...parts]).toString('base64');
  return [BEGIN, ...(base64.match(/.{1,70}/gu) ?? []), END, ''].join('\n');
}

function signedBytes(message: Uint8Array): Buffer {
  const parts = [Buffer.from(NAMESPACE), Buffer.alloc(0), Buffer.from(HASH), hash(HASH, message, 'buffer')];
  return Buffer.concat([MAGIC, ...parts.map(sshString)]);
}

function sshString(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
