import { hash, verify, X509Certificate } from 'node:crypto';
import { DIGESTS, OID, TimestampError } from './contract';
import { DER, DerError, DerReader } from './der';
import type { ParsedToken } from './token';

const MOST_STEPS = 8;

/** Who signed a time stamp. */
export interface StampSigner {
  /** Subject of the certificate, in one line. */
  readonly name: string;
  /** Fingerprint of it: SHA-256, hex. */
  readonly fingerprint: string;
  /** Whether its chain leads to one of the given authorities. Undefined when none were given. */
  readonly isTrusted: boolean | undefined;
}

/**
 * Proves a token: its signature is that of a certificate that came with it, is meant for time stamps (RFC 3161 section 2.3), is
 * named in the signed attributes (RFC 5816) and was valid then. Throws `TimestampError` otherwise. Revocation is not looked at.
 */
export function proveToken(token: ParsedToken, authorities?: readonly X509Certificate[]): StampSigner {
  try {
    return prove(token, authorities);
  } catch (error) {
    if (error instanceof TimestampError) throw error;
    const text = error instanceof DerError ? error.message : 'its signature cannot be checked';
    throw new TimestampError('timestamp_signature', text, error);
  }
}

function prove(token: ParsedToken, authorities: readonly X509Certificate[] | undefined): StampSigner {
  const { signer, content, stamp } = token;
  const all = certificatesOf(token);
  const certificate = all.find((one) => isNamedBy(one, token));
  if (certificate === undefined) throw refused('the certificate that it names did not come with it');
  const digest = attribute(token, OID.messageDigest)?.next(DER.octets).content;
  if (digest === undefined || !digest.equals(hash(signer.digest, content, 'buffer'))) {
    throw refused('what it states is not what was signed');
  }
  if (attribute(token, OID.contentType)?.oid() !== OID.tstInfo) throw refused('what is signed is no time stamp');
  if (!verify(signer.digest, signer.signed, certificate.publicKey, signer.signature)) {
    throw refused('its signature does not hold');
  }
  if (!usesOf(certificate).includes(OID.timeStamping)) throw refused('its certificate is not for time stamps');
  if (!isValidAt(certificate, stamp.at)) throw refused('its certificate was not valid then');
  const name = certificate.subject.replaceAll('\n', ', ');
  const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  const isTrusted = authorities && leadsTo(certificate, all, authorities, stamp.at);
  return { name, fingerprint, isTrusted };
}

/** Reads certificates in PEM, one after the other. Throws `TimestampError`. */
export function readAuthorities(pem: string): X509Certificate[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? [];
  if (found.length === 0) throw new TimestampError('timestamp_malformed', 'holds no certificate in PEM');
  try {
    return found.map((text) => new X509Certificate(text));
  } catch (error) {
    throw new TimestampError('timestamp_malformed', 'holds a certificate that cannot be read', error);
  }
}

function certificatesOf({ certificates }: ParsedToken): X509Certificate[] {
  return certificates.flatMap((der) => {
    try {
      return [new X509Certificate(der)];
    } catch {
      // Other kinds of certificates are allowed there (RFC 5652 section 10.2.2), and prove nothing here.
      return [];
    }
  });
}

/** By the digest of the certificate in the signed attributes: ESSCertIDv2, else ESSCertID, which is SHA-1. */
function isNamedBy(certificate: X509Certificate, token: ParsedToken): boolean {
  const { serial } = token.signer;
  if (serial !== undefined && BigInt(`0x${serial}`) !== BigInt(`0x${certificate.serialNumber}`)) return false;
  const second = attribute(token, OID.signingCertificateV2);
  if (second !== undefined) {
    const id = second.into(DER.sequence).into(DER.sequence).into(DER.sequence);
    const algorithm = id.has(DER.sequence) ? DIGESTS[id.into(DER.sequence).oid()] : 'sha256';
    return algorithm !== undefined && id.next(DER.octets).content.equals(hash(algorithm, certificate.raw, 'buffer'));
  }
  const first = attribute(token, OID.signingCertificate);
  const digest = first?.into(DER.sequence).into(DER.sequence).into(DER.sequence).next(DER.octets).content;
  return digest?.equals(hash('sha1', certificate.raw, 'buffer')) === true;
}

function attribute({ signer }: ParsedToken, oid: string): DerReader | undefined {
  const value = signer.attributes.get(oid);
  return value && new DerReader(value);
}

function leadsTo(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
  at: number,
): boolean {
  let current = leaf;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const isOne = authorities.some((one) => one.raw.equals(current.raw));
    if (isOne) return isValidAt(current, at);
    const issuer = [...authorities, ...others].find(
      (one) => one.ca && current.checkIssued(one) && current.verify(one.publicKey),
    );
    if (issuer === undefined || !isValidAt(issuer, at)) return false;
    current = issuer;
  }
  return false;
}

/** Extended key usages by object identifier; Node gives nothing where a certificate has none. */
function usesOf({ keyUsage }: { readonly keyUsage?: readonly string[] }): readonly string[] {
  return keyUsage ?? [];
}

function isValidAt({ validFrom, validTo }: X509Certificate, at: number): boolean {
  return Date.parse(validFrom) <= at && at <= Date.parse(validTo);
}

function refused(text: string): TimestampError {
  return new TimestampError('timestamp_signature', text);
}
