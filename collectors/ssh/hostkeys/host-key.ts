import { createHash } from 'node:crypto';

/** A key that a device shows: the blob of RFC 4253 section 6.6, which begins with the name of its type. */
export interface HostKey {
  readonly type: string;
  readonly blob: Buffer;
}

const LONGEST_TYPE = 64;

/** The type that a key blob names; empty when it names none. */
export function hostKeyType(blob: Buffer): string {
  if (blob.length < 4) return '';
  const length = blob.readUInt32BE(0);
  if (length > LONGEST_TYPE || blob.length < 4 + length) return '';
  return blob.toString('latin1', 4, 4 + length);
}

/** As `ssh-keygen -l` prints it: `SHA256:` and the hash of the blob in base64 without padding. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/u, '')}`;
}

/** The form of `fingerprint`. */
export const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/u;

/** A line for a known_hosts file. */
export function knownHostsLine(name: string, port: number, { type, blob }: HostKey): string {
  return `${hostPattern(name, port)} ${type} ${blob.toString('base64')}`;
}

/** How known_hosts names a host: `[host]:port` unless the port is 22. */
export function hostPattern(name: string, port: number): string {
  const host = name.toLowerCase();
  return port === 22 ? host : `[${host}]:${port}`;
}
