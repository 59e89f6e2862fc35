import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AUTH_PROTOCOLS, type AuthName } from './usm-protocols';

/** Octets of repeated password that are hashed (RFC 3414 section A.2). */
const STRETCHED_BYTES = 1024 * 1024;

/** Keys kept at most: one per user, digest and engine. */
const KEY_LIMIT = 16_384;

const PREFIX = '\u0000ascribe-secret:';

/**
 * Keys of users, made from passwords once and localized per engine (RFC 3414 section 2.6). The rest of the program
 * passes handles around: text that means nothing outside this object, so that no password reaches an error, a cache or
 * a log. Stretching costs 1-6 ms per password and digest and is done once; localizing costs microseconds.
 */
export class LocalizedKeys {
  readonly #secrets = new Map<string, string>();
  readonly #handles = new Map<string, string>();
  readonly #stretched = new LRUCache<string, Buffer>({ max: 1024 });
  readonly #localized = new LRUCache<string, Buffer>({ max: KEY_LIMIT });

  /** A handle of a password; equal passwords share one. */
  handle(password: string): string {
    const known = this.#handles.get(password);
    if (known !== undefined) return known;
    const made = `${PREFIX}${this.#secrets.size}`;
    this.#secrets.set(made, password);
    this.#handles.set(password, made);
    return made;
  }

  /** Whether this text is a handle of this object. */
  knows(handle: string): boolean {
    return this.#secrets.has(handle);
  }

  /** The key of a handle for one engine. Throws a `RangeError` for text that is no handle. */
  localize(auth: AuthName, handle: string, engineId: Uint8Array): Buffer {
    const key = `${auth} ${handle} ${Buffer.from(engineId).toString('latin1')}`;
    const known = this.#localized.get(key);
    if (known !== undefined) return known;
    const made = localizedKey(auth, this.#stretch(auth, handle), engineId);
    this.#localized.set(key, made);
    return made;
  }

  #stretch(auth: AuthName, handle: string): Buffer {
    const key = `${auth} ${handle}`;
    const known = this.#stretched.get(key);
    if (known !== undefined) return known;
    const secret = this.#secrets.get(handle);
    if (secret === undefined) throw new RangeError('no such secret');
    const made = stretchedKey(auth, secret);
    this.#stretched.set(key, made);
    return made;
  }
}

/** The key of a password before it is bound to an engine (RFC 3414 section A.2.1, first step). */
export function stretchedKey(auth: AuthName, password: string | Buffer): Buffer {
  return createHash(AUTH_PROTOCOLS[auth].hash).update(Buffer.alloc(STRETCHED_BYTES, password)).digest();
}

/** Binds a key to an engine (RFC 3414 section A.2.1, second step). */
export function localizedKey(auth: AuthName, stretched: Buffer, engineId: Uint8Array): Buffer {
  return createHash(AUTH_PROTOCOLS[auth].hash).update(stretched).update(engineId).update(stretched).digest();
}
