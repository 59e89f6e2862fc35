import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';

/**
 * What is offered to devices, most wanted first. AES-GCM stands first because it leaves no room for prefix truncation
 * (CVE-2023-48795), which strict key exchange closes for the others.
 */
const KEX = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group18-sha512',
] as const;

const CIPHERS = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
  'chacha20-poly1305@openssh.com',
] as const;

const MACS = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
] as const;

const HOST_KEYS: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/** Broken or weak, and all that some old devices speak. Offered behind the others, and only where a person wrote so. */
const LEGACY = {
  kex: ['diffie-hellman-group-exchange-sha1', 'diffie-hellman-group14-sha1', 'diffie-hellman-group1-sha1'],
  cipher: ['aes128-cbc', 'aes192-cbc', 'aes256-cbc', '3des-cbc'],
  hmac: ['hmac-sha1-etm@openssh.com', 'hmac-sha1'],
  serverHostKey: ['ssh-rsa', 'ssh-dss'],
} as const;

/** Which signature algorithms prove a key of a type. */
const PROOFS: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
};

/** What is offered. Types of keys that are known come first, as the device shows only one of its keys. */
export function algorithmsFor(legacy: boolean, knownTypes: readonly string[]): Algorithms {
  const offered = [...HOST_KEYS, ...(legacy ? LEGACY.serverHostKey : [])];
  const known = knownTypes.flatMap((type) => PROOFS[type] ?? [type as ServerHostKeyAlgorithm]);
  const first = known.filter((name) => offered.includes(name));
  return {
    kex: [...KEX, ...(legacy ? LEGACY.kex : [])],
    cipher: [...CIPHERS, ...(legacy ? LEGACY.cipher : [])],
    hmac: [...MACS, ...(legacy ? LEGACY.hmac : [])],
    serverHostKey: [...new Set([...first, ...offered])],
    compress: ['none'],
  };
}
