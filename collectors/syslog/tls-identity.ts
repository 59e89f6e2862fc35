import type { PeerCertificate } from 'node:tls';

/** Who a TLS client is, by its certificate. */
export interface TlsIdentity {
  /** The name that let it in: of the allow-list, else the first DNS name, else the common name, else the first address. */
  readonly name: string;
  /** SHA-256 of the certificate, lower-case hex without colons. */
  readonly fingerprint: string;
}

/** Why a certificate does not let its holder send. */
export type TlsDenial = 'no_certificate' | 'not_trusted' | 'not_listed';

export type TlsDecision =
  | { readonly allowed: true; readonly identity: TlsIdentity }
  | { readonly allowed: false; readonly reason: TlsDenial; readonly identity: TlsIdentity };

/** A `clients` entry that is neither a name, an address nor a fingerprint. */
export class TlsClientsError extends Error {
  readonly code = 'tls_clients';
}

const FINGERPRINT = /^sha256:([0-9a-f]{2}(?::?[0-9a-f]{2}){31})$/i;
const PREFIX = /^sha256:/i;
const NAME = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9._:-]{0,253}[a-z0-9])?$/i;

/**
 * Which TLS clients may send (RFC 5425 section 5): those whose certificate the CA vouches for and whose DNS name,
 * address or common name is listed (all of the CA's when nothing is listed), and those whose certificate's SHA-256
 * fingerprint is listed, whoever signed it. `*.example.com` stands for one label. The common name counts only where the
 * certificate has no DNS name.
 */
export class TlsClients {
  readonly #names = new Set<string>();
  readonly #wildcards: string[] = [];
  readonly #fingerprints = new Set<string>();

  /** Entries `fw1.example.com`, `*.example.com`, `192.0.2.1`, `sha256:AB:CD:…`. Throws `TlsClientsError`. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const fingerprint = FINGERPRINT.exec(entry)?.[1];
      if (fingerprint !== undefined) this.#fingerprints.add(plainHex(fingerprint));
      else if (!NAME.test(entry) || PREFIX.test(entry))
        throw new TlsClientsError(`"${entry}" is not a name, an address or sha256:FINGERPRINT`);
      else if (entry.startsWith('*.')) this.#wildcards.push(entry.slice(1).toLowerCase());
      else this.#names.add(entry.toLowerCase());
    }
  }

  /** `trusted`: the chain leads to the CA. An empty certificate is what Node gives for none. */
  decide(certificate: PeerCertificate | undefined, trusted: boolean): TlsDecision {
    if (certificate?.fingerprint256 === undefined) {
      return { allowed: false, reason: 'no_certificate', identity: { name: '', fingerprint: '' } };
    }
    const fingerprint = plainHex(certificate.fingerprint256);
    const names = namesOf(certificate);
    const listed = names.find((name) => this.#lists(name));
    const identity = { name: listed ?? names[0] ?? '', fingerprint };
    if (this.#fingerprints.has(fingerprint)) return { allowed: true, identity };
    if (!trusted) return { allowed: false, reason: 'not_trusted', identity };
    const open = this.#names.size + this.#wildcards.length + this.#fingerprints.size === 0;
    return open || listed !== undefined
      ? { allowed: true, identity }
      : { allowed: false, reason: 'not_listed', identity };
  }

  #lists(name: string): boolean {
    const lower = name.toLowerCase();
    if (this.#names.has(lower)) return true;
    const dot = lower.indexOf('.');
    return dot > 0 && this.#wildcards.includes(lower.slice(dot));
  }
}

/** DNS names, then the common name where there is none, then addresses. */
function namesOf({ subject, subjectaltname }: PeerCertificate): string[] {
  const dns: string[] = [];
  const addresses: string[] = [];
  for (const entry of (subjectaltname ?? '').split(', ')) {
    // Node quotes names with characters that could forge an entry; such a name matches nothing.
    if (entry.includes('"')) continue;
    if (entry.startsWith('DNS:')) dns.push(entry.slice(4));
    else if (entry.startsWith('IP Address:')) addresses.push(entry.slice(11));
  }
  const common: unknown = subject?.CN;
  const fallback = dns.length === 0 && typeof common === 'string' ? [common] : [];
  return [...dns, ...fallback, ...addresses];
}

function plainHex(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}
