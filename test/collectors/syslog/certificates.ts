import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** PEM files of one party. */
export interface Party {
  readonly cert: string;
  readonly key: string;
}

/** Whether the `openssl` program is here; Node cannot make certificates. */
export const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;

/** A throw-away certificate authority in a folder of its own. */
export class Certificates {
  readonly folder = mkdtempSync(join(tmpdir(), 'ascribe-tls-'));
  readonly ca: string;
  readonly #caKey: string;

  constructor(name = 'Test CA') {
    const { cert, key } = this.selfSigned('ca', name);
    this.ca = cert;
    this.#caKey = key;
  }

  /** A certificate of this CA with a common name and subject alternative names (`DNS:a, IP:192.0.2.1`). */
  issue(file: string, commonName: string, names = ''): Party {
    const { key, cert, request, extensions } = this.#paths(file);
    const subject = ['-subj', `/CN=${commonName}`];
    openssl([
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      key,
      '-out',
      request,
      ...subject,
    ]);
    writeFileSync(extensions, names === '' ? 'basicConstraints=CA:FALSE\n' : `subjectAltName=${names}\n`);
    const by = ['-CA', this.ca, '-CAkey', this.#caKey, '-CAcreateserial', '-days', '2', '-extfile', extensions];
    openssl(['x509', '-req', '-in', request, '-out', cert, ...by]);
    return { cert, key };
  }

  /** A certificate that nobody vouches for. */
  selfSigned(file: string, commonName: string): Party {
    const { key, cert } = this.#paths(file);
    const how = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    openssl(['req', ...how, '-keyout', key, '-out', cert, '-subj', `/CN=${commonName}`]);
    return { cert, key };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  #paths(file: string): { key: string; cert: string; request: string; extensions: string } {
    const at = (ending: string) => join(this.folder, `${file}.${ending}`);
    return { key: at('key'), cert: at('pem'), request: at('csr'), extensions: at('ext') };
  }
}

/** SHA-256 of a PEM certificate, lower-case hex. */
export function fingerprintOf(path: string): string {
  return new X509Certificate(readFileSync(path)).fingerprint256.replaceAll(':', '').toLowerCase();
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'pipe' });
}
