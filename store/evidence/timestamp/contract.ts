/** What a time stamping authority states (RFC 3161 section 2.4.2), as far as it is looked at. */
export interface TimeStamp {
  /** Epoch ms UTC. */
  readonly at: number;
  /** Digest of what was stamped, and by what it was made (`sha256`, …). */
  readonly imprint: { readonly digest: string; readonly hash: Buffer };
  /** Hex. */
  readonly serial: string;
  /** Dotted object identifier. */
  readonly policy: string;
  /** Hex; undefined when the request had none. */
  readonly nonce: string | undefined;
}

/** A time stamp is refused, or is not one. */
export class TimestampError extends Error {
  constructor(
    readonly code: 'timestamp_refused' | 'timestamp_malformed' | 'timestamp_other' | 'timestamp_signature',
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.name = 'TimestampError';
  }
}

export const OID = {
  signedData: '1.2.840.113549.1.7.2',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  messageDigest: '1.2.840.113549.1.9.4',
  contentType: '1.2.840.113549.1.9.3',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;

/** Digests that are taken, by object identifier (RFC 5754, RFC 8702 left out). SHA-1 is read where ESS certificate ids need it. */
export const DIGESTS: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};
