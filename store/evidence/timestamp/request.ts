import { DER, derElement, derInteger, derOid } from './der';

const SHA256 = '2.16.840.1.101.3.4.2.1';

/*
 * RFC 3161 section 2.4.1:
 *
 *   TimeStampReq ::= SEQUENCE { version INTEGER 1, messageImprint SEQUENCE { hashAlgorithm, hashedMessage OCTET STRING },
 *                               nonce INTEGER, certReq BOOLEAN TRUE }
 */

/** A request for a stamp of something with this SHA-256, with the authority's certificate; `nonce` ties the answer to it. */
export function timestampRequest(sha256: Buffer, nonce: Buffer): Buffer {
  const algorithm = derElement(DER.sequence, derOid(SHA256), derElement(DER.null));
  return derElement(
    DER.sequence,
    derInteger(Buffer.of(1)),
    derElement(DER.sequence, algorithm, derElement(DER.octets, sha256)),
    derInteger(nonce),
    derElement(DER.boolean, Buffer.of(0xff)),
  );
}
