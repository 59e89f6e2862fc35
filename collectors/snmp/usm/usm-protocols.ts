import { createCipheriv } from 'node:crypto';

/** What the configuration calls the digests and ciphers, with what the library and the RFCs need to know of them. */

/** A digest of RFC 3414 section 6 and 7 or RFC 7860. */
export interface AuthProtocol {
  /** Name for `node:crypto`. */
  readonly hash: string;
  /** Octets of a digest, so also of a localized key. */
  readonly keyBytes: number;
  /** Octets of msgAuthenticationParameters. */
  readonly codeBytes: number;
  /** `AuthProtocols` of net-snmp. */
  readonly library: number;
}

/** By name in the configuration. */
export const AUTH_PROTOCOLS = {
  md5: { hash: 'md5', keyBytes: 16, codeBytes: 12, library: 2 },
  sha: { hash: 'sha1', keyBytes: 20, codeBytes: 12, library: 3 },
  sha224: { hash: 'sha224', keyBytes: 28, codeBytes: 16, library: 4 },
  sha256: { hash: 'sha256', keyBytes: 32, codeBytes: 24, library: 5 },
  sha384: { hash: 'sha384', keyBytes: 48, codeBytes: 32, library: 6 },
  sha512: { hash: 'sha512', keyBytes: 64, codeBytes: 48, library: 7 },
} as const satisfies Record<string, AuthProtocol>;

/** Name of a digest in the configuration. */
export type AuthName = keyof typeof AUTH_PROTOCOLS;

/**
 * Ciphers by name, with `PrivProtocols` of net-snmp. `aes256` extends the key as draft-blumenthal-aes-usm-04 says,
 * `aes256c` as Cisco does (draft-reeder-snmpv3-usm-3desede-00).
 */
export const PRIV_PROTOCOLS = { des: 2, aes: 4, aes256: 6, aes256c: 8 } as const;

/** Name of a cipher in the configuration. */
export type PrivName = keyof typeof PRIV_PROTOCOLS;

/** Whether this Node has DES: OpenSSL 3 keeps it in a provider that is not loaded unless asked for. */
export function desAvailable(): boolean {
  try {
    createCipheriv('des-cbc', Buffer.alloc(8), Buffer.alloc(8));
    return true;
  } catch {
    return false;
  }
}
