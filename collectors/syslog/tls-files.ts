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
  const [cert, key, ca] = await Promise.all([
    read('certificate', files.cert),
    read('key', files.key),
    files.ca === undefined ? undefined : read('CA', files.ca),
  ]);
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
