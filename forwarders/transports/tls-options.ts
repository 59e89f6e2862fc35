import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { type TransportContext, TransportError } from '../contract';
import type { TlsSettings } from './settings';

/** What `node:tls` and `node:https` take. */
export interface TlsOptions {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: string;
  readonly servername?: string;
  readonly minVersion: 'TLSv1.2';
}

/** Reads certificates and key, at each connection: a renewed file is used without a restart. Throws `TransportError`. */
export function tlsOptions(settings: TlsSettings | undefined, { secret, directory }: TransportContext): TlsOptions {
  const read = (path: string): Buffer => readFileSync(resolve(directory, path));
  try {
    const { ca, cert, key, server_name: servername } = settings ?? {};
    const options: TlsOptions = {
      minVersion: 'TLSv1.2',
      ...(ca !== undefined && { ca: read(ca) }),
      ...(cert !== undefined && { cert: read(cert) }),
      ...(key !== undefined && { key: secret(key) }),
      ...(servername !== undefined && { servername }),
    };
    createSecureContext(options);
    return options;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TransportError('denied', 'tls_files', `certificates or key cannot be used: ${why}`, { cause });
  }
}
