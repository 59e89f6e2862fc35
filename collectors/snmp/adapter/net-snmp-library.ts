import type { EventEmitter } from 'node:events';
import * as netSnmp from 'net-snmp';
import { localizedKey, stretchedKey } from '../usm/localized-keys';
import { userKeys } from '../usm/user-keys';
import { AUTH_PROTOCOLS, type AuthName } from '../usm/usm-protocols';

/** The part of net-snmp 3.29.2 that is used, typed: the published types lag behind. Only this folder imports it. */

/** A varbind as the library reads it. `value` is a number, a Buffer, text (OID, IpAddress, BIT STRING), a boolean or null. */
export interface LibraryVarbind {
  readonly oid: string;
  readonly type: number;
  readonly value: unknown;
}

/** A session of the library. `context` is read when a request is made, so it may be set before each. */
export interface LibrarySession extends EventEmitter {
  context: string;
  readonly msgSecurityParameters?: { readonly msgAuthoritativeEngineID?: Buffer };
  get(oids: readonly string[], done: LibraryAnswer<readonly LibraryVarbind[]>): void;
  getBulk(
    oids: readonly string[],
    nonRepeaters: number,
    maxRepetitions: number,
    done: LibraryAnswer<readonly (readonly LibraryVarbind[])[]>,
  ): void;
  cancelRequests(error: Error): void;
  close(): void;
}

/** How the library answers; `error` is null or undefined when it worked. */
export type LibraryAnswer<Result> = (error: Error | null | undefined, result?: Result) => void;

/** A user as the library wants it; the keys are handles of `userKeys`, so that no password gets into the library. */
export interface LibraryUser {
  readonly name: string;
  /** 1 noAuthNoPriv, 2 authNoPriv, 3 authPriv. */
  readonly level: 1 | 2 | 3;
  readonly authProtocol?: number;
  readonly authKey?: string;
  readonly privProtocol?: number;
  readonly privKey?: string;
}

/** Options of a session. */
export interface LibraryOptions {
  readonly version: 3;
  readonly port: number;
  readonly transport: 'udp4' | 'udp6';
  readonly timeout: number;
  readonly retries: number;
  readonly backoff: number;
  readonly context: string;
  readonly dgramModule: { createSocket(type: string): EventEmitter };
}

interface Cipher {
  encryptPdu(priv: number, scopedPdu: Buffer, key: string, auth: number, engine: CipherEngine): EncryptedPdu;
  decryptPdu(priv: number, data: Buffer, salt: Buffer, key: string, auth: number, engine: CipherEngine): Buffer;
}

/** What a cipher needs to know of the authoritative engine. */
export interface CipherEngine {
  readonly engineID: Buffer;
  readonly engineBoots: number;
  readonly engineTime: number;
}

/** A scoped PDU after encryption. */
export interface EncryptedPdu {
  readonly encryptedPdu: Buffer;
  readonly msgPrivacyParameters: Buffer;
}

type PasswordToKey = (this: void, auth: number, password: string | Buffer, engineId: Buffer) => Buffer;

interface Library {
  createV3Session(target: string, user: LibraryUser, options: LibraryOptions): LibrarySession;
  readonly Authentication: { passwordToKey: PasswordToKey };
  readonly Encryption: Cipher;
}

const library = netSnmp as unknown as Library;

const AUTH_NAMES = new Map(
  Object.entries(AUTH_PROTOCOLS).map(([name, { library: number }]) => [number as number, name as AuthName]),
);

const ownPasswordToKey = library.Authentication.passwordToKey;

/*
 * The library would hash 1 MiB per password and engine and keep the result for ever under the clear password. Handles
 * are answered from `userKeys`; a Buffer is an intermediate key of the Cisco extension; anything else is not ours.
 */
library.Authentication.passwordToKey = (auth, password, engineId) => {
  const name = AUTH_NAMES.get(auth);
  if (name === undefined) return ownPasswordToKey(auth, password, engineId);
  if (typeof password !== 'string') return localizedKey(name, stretchedKey(name, password), engineId);
  return userKeys.knows(password)
    ? userKeys.localize(name, password, engineId)
    : ownPasswordToKey(auth, password, engineId);
};

/** Opens a session for a user. */
export function openLibrarySession(address: string, user: LibraryUser, options: LibraryOptions): LibrarySession {
  return library.createV3Session(address, user, options);
}

/** The ciphers of RFC 3414, RFC 3826 and both AES-256 drafts; `key` is a handle. May throw on damaged input. */
export const libraryCipher: Cipher = library.Encryption;
