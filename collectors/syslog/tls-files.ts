import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';

/** Paths of PEM files. `ca` may be absent when every client is listed by fingerprint. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string | undefined;
}

/** A certificate, key or CA that cannot be read or does not fit. The message names the file. */
export class TlsFilesError extends Error {
  readonly code = 'tls_files';
}

/** Reads the files and proves that they make a context. Rejects with `TlsFilesError`. */
export async function readTlsFiles(files: TlsFiles): Promise<SecureContextOptions> {
  // One after the other: of several missing files always the same one is named.
  const cert = await read('certificate', files.cert);
  const key = await read('key', files.key);
  const ca = files.ca === undefined ? undefined : await read('CA', files.ca);
  // Without a CA of our own Node would trust the public ones: an empty list trusts nobody.
  const options: SecureContextOptions = { cert, key, ca: ca ?? [], minVersion: 'TLSv1.2' };
  try {
    createSecureContext(options);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TlsFilesError(`certificate ${files.cert} with key ${files.key}: ${why}`, { cause });
  }
  return options;
}

async function read(what: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new TlsFilesError(`cannot read the ${what} ${path}`, { cause });
  }
}
