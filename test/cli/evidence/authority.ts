import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CONFIG = `
[req]
distinguished_name = dn
prompt = no
[dn]
CN = Stamps for tests
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamp]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[other]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
[tsa]
default_tsa = tsa_one
[tsa_one]
dir = .
serial = serial
signer_cert = stamp.pem
certs = ca.pem
signer_key = stamp.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
accuracy = secs:1
`;

/** A time stamping authority: openssl behind a small HTTP server on loopback. */
export class Authority {
  readonly folder = mkdtempSync(join(tmpdir(), 'ascribe-tsa-'));
  readonly server: Server;
  /** What is answered instead of a stamp. */
  answer: ((query: Buffer) => { readonly status: number; readonly body: Buffer }) | undefined;

  constructor(key: readonly string[] = ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256']) {
    writeFileSync(this.path('openssl.cnf'), CONFIG);
    writeFileSync(this.path('serial'), '01\n');
    const make = (name: string, extensions: string, ...by: string[]): void => {
      const request = ['req', '-x509', '-config', 'openssl.cnf', '-extensions', extensions, '-days', '2', '-nodes'];
      this.openssl(...request, '-newkey', ...key, '-keyout', `${name}.key`, '-out', `${name}.pem`, ...by);
    };
    make('ca', 'ca', '-subj', '/CN=Authority of tests');
    make('stamp', 'stamp', '-CA', 'ca.pem', '-CAkey', 'ca.key');
    make('stranger', 'ca', '-subj', '/CN=Another authority');
    this.server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const query = Buffer.concat(parts);
        const { status, body } = this.answer?.(query) ?? { status: 200, body: this.stamp(query) };
        response.writeHead(status, { 'content-type': 'application/timestamp-reply', connection: 'close' }).end(body);
      });
    });
  }

  /** Begins to listen and gives the address. */
  listen(): Promise<string> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => {
        resolve(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/tsa`);
      });
    });
  }

  /** The answer to a query, by `openssl ts -reply`. */
  stamp(query: Buffer, ...more: string[]): Buffer {
    writeFileSync(this.path('query.tsq'), query);
    this.openssl('ts', '-reply', '-config', 'openssl.cnf', '-queryfile', 'query.tsq', '-out', 'reply.tsr', ...more);
    return readFileSync(this.path('reply.tsr'));
  }

  openssl(...argv: string[]): string {
    const { status, stdout, stderr } = spawnSync('openssl', argv, { cwd: this.folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`openssl ${argv.join(' ')}: ${stderr}`);
    return stdout;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.closeAllConnections();
      this.server.close(() => {
        rmSync(this.folder, { recursive: true });
        resolve();
      });
    });
  }
}
