import { type X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { TimestampError, type TimeStamp } from './contract';
import { proveToken, type StampSigner } from './prove';
import { MOST_TOKEN_BYTES, type ParsedToken, parseResponse } from './token';

/** A time stamp that holds, and who made it. */
export interface ProvedStamp extends StampSigner {
  readonly stamp: TimeStamp;
  /** What `openssl ts -verify -in` reads. */
  readonly response: Buffer;
}

/** Path of the time stamp of a file: beside it, so that its own bytes stay. `openssl ts -verify -data FILE -in FILE.tsr` checks it. */
export function stampFile(file: string): string {
  return `${file}.tsr`;
}

/**
 * Takes a response (or a token alone) for a file with this SHA-256 (hex). `nonce`, in hex, must be in it where one is given.
 * Throws `TimestampError` when it is malformed, refused, of something else, or does not prove itself.
 */
export function provedStamp(
  bytes: Buffer,
  sha256: string,
  options: { readonly nonce?: string | undefined; readonly authorities?: readonly X509Certificate[] | undefined } = {},
): ProvedStamp {
  const { response, token } = parseResponse(bytes);
  checkImprint(token, sha256, options.nonce);
  const { stamp } = token;
  return { stamp, response, ...proveToken(token, options.authorities) };
}

/** The stamp beside a file; undefined when there is none. Throws like `provedStamp`. */
export function readStamp(
  file: string,
  sha256: string,
  authorities?: readonly X509Certificate[],
): ProvedStamp | undefined {
  const path = stampFile(file);
  if (!existsSync(path)) return undefined;
  if (statSync(path).size > MOST_TOKEN_BYTES) throw new TimestampError('timestamp_malformed', 'is no time stamp');
  return provedStamp(readFileSync(path), sha256, { authorities });
}

function checkImprint({ stamp }: ParsedToken, sha256: string, nonce: string | undefined): void {
  const { digest, hash } = stamp.imprint;
  if (digest !== 'sha256' || hash.toString('hex') !== sha256) {
    throw new TimestampError(
      'timestamp_other',
      `is about another file: ${digest} ${hash.toString('hex').slice(0, 64)}`,
    );
  }
  if (nonce !== undefined && (stamp.nonce === undefined || BigInt(`0x${stamp.nonce}`) !== BigInt(`0x${nonce}`))) {
    throw new TimestampError('timestamp_other', 'answers another request');
  }
}
