import { DIGESTS, OID, type TimeStamp, TimestampError } from './contract';
import { DER, DerError, derElement, derInteger, DerReader, type DerValue } from './der';

/*
 * RFC 3161 section 2.4.2 and RFC 5652 section 5:
 *
 *   TimeStampResp  ::= SEQUENCE { SEQUENCE { status INTEGER, statusString, failInfo }, TimeStampToken OPTIONAL }
 *   TimeStampToken ::= SEQUENCE { id-signedData, [0] SignedData }
 *   SignedData     ::= SEQUENCE { version, digestAlgorithms SET, SEQUENCE { id-ct-TSTInfo, [0] OCTET STRING },
 *                                 certificates [0] OPTIONAL, crls [1] OPTIONAL, signerInfos SET }
 *   TSTInfo        ::= SEQUENCE { version, policy, messageImprint, serialNumber, genTime, accuracy SEQUENCE OPTIONAL,
 *                                 ordering BOOLEAN OPTIONAL, nonce INTEGER OPTIONAL, … }
 */

/** More bytes are no answer of an authority. */
export const MOST_TOKEN_BYTES = 1 << 20;

const CRLS = 0xa1;
const SIGNED_ATTRIBUTES = 0xa0;

/** An answer taken apart; nothing of it is proved yet. */
export interface ParsedToken {
  readonly stamp: TimeStamp;
  /** The bytes that the signature is about: DER of TSTInfo. */
  readonly content: Buffer;
  /** DER of each certificate that came with it. */
  readonly certificates: readonly Buffer[];
  readonly signer: Signer;
}

export interface Signer {
  readonly digest: string;
  /** Signed attributes as they are signed: a SET. */
  readonly signed: Buffer;
  /** By object identifier: the values of each attribute, one after the other. */
  readonly attributes: ReadonlyMap<string, Buffer>;
  readonly signature: Buffer;
  /** Serial number that the signer's certificate is named by, hex; undefined when it is named by its key. */
  readonly serial: string | undefined;
}

/** The response of an authority; what is a token alone becomes one. Throws `TimestampError` for a refusal and what cannot be read. */
export function parseResponse(bytes: Buffer): { readonly response: Buffer; readonly token: ParsedToken } {
  return reading(() => {
    const outer = new DerReader(bytes);
    const inner = outer.into(DER.sequence);
    if (!outer.isAtEnd) throw new DerError('something follows on it');
    if (inner.has(DER.oid)) {
      const granted = derElement(DER.sequence, derInteger(Buffer.of(0)));
      return { response: derElement(DER.sequence, granted, bytes), token: parseToken(new DerReader(bytes)) };
    }
    const status = inner.into(DER.sequence);
    const code = status.next(DER.integer).content;
    // 0 granted, 1 granted with modifications.
    if (code.length !== 1 || (code[0] ?? 2) > 1) throw refused(code, status);
    return { response: bytes, token: parseToken(inner) };
  });
}

function refused(code: Buffer, status: DerReader): TimestampError {
  const said = status.optional(DER.sequence)?.content.toString('utf8').slice(2, 200) ?? '';
  return new TimestampError(
    'timestamp_refused',
    `the authority refused: status ${code.toString('hex')} ${said}`.trim(),
  );
}

function parseToken(reader: DerReader): ParsedToken {
  const content = reader.into(DER.sequence);
  expectOid(content, OID.signedData);
  const data = content.into(DER.context0).into(DER.sequence);
  data.next(DER.integer);
  data.next(DER.set);
  const encapsulated = data.into(DER.sequence);
  expectOid(encapsulated, OID.tstInfo);
  const info = encapsulated.into(DER.context0).next(DER.octets).content;
  const certificates = allOf(data.optional(DER.context0)?.content ?? Buffer.alloc(0)).map(({ whole }) => whole);
  data.optional(CRLS);
  const signers = data.into(DER.set);
  const signer = parseSigner(signers.into(DER.sequence));
  if (!signers.isAtEnd) throw new DerError('has more than one signer');
  return { stamp: parseInfo(info), content: info, certificates, signer };
}

function parseInfo(bytes: Buffer): TimeStamp {
  const info = new DerReader(bytes).into(DER.sequence);
  info.next(DER.integer);
  const policy = info.oid();
  const imprint = info.into(DER.sequence);
  const digest = digestOf(imprint.into(DER.sequence));
  const { content: hash } = imprint.next(DER.octets);
  const serial = info.next(DER.integer).content.toString('hex');
  const at = timeOf(info.next(DER.generalizedTime).content.toString('latin1'));
  info.optional(DER.sequence);
  info.optional(DER.boolean);
  const nonce = info.optional(DER.integer)?.content.toString('hex');
  return { at, imprint: { digest, hash }, serial, policy, nonce };
}

function parseSigner(info: DerReader): Signer {
  info.next(DER.integer);
  const sid = info.next();
  const digest = digestOf(info.into(DER.sequence));
  const attributes = info.next(SIGNED_ATTRIBUTES);
  info.next(DER.sequence);
  const signature = info.next(DER.octets).content;
  const named = new Map<string, Buffer>();
  for (const { content } of allOf(attributes.content)) {
    const attribute = new DerReader(content);
    named.set(attribute.oid(), attribute.next(DER.set).content);
  }
  const signed = derElement(DER.set, attributes.content);
  return { digest, signed, attributes: named, signature, serial: serialOf(sid) };
}

/** IssuerAndSerialNumber is a SEQUENCE; a key identifier has a tag of its own. */
function serialOf(sid: DerValue): string | undefined {
  if (sid.tag !== DER.sequence) return undefined;
  const named = new DerReader(sid.content);
  named.next(DER.sequence);
  return named.next(DER.integer).content.toString('hex');
}

function allOf(bytes: Buffer): DerValue[] {
  const reader = new DerReader(bytes);
  const values: DerValue[] = [];
  while (!reader.isAtEnd) values.push(reader.next());
  return values;
}

function expectOid(reader: DerReader, oid: string): void {
  const found = reader.oid();
  if (found !== oid) throw new DerError(`is ${found}, not ${oid}`);
}

function digestOf(algorithm: DerReader): string {
  const oid = algorithm.oid();
  const name = DIGESTS[oid];
  if (name === undefined) throw new DerError(`has a digest that is not taken: ${oid}`);
  return name;
}

/** GeneralizedTime as RFC 3161 has it: UTC with seconds, a fraction where it has one. */
function timeOf(text: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/u.exec(text);
  if (match === null) throw new DerError('has no time');
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(at)) throw new DerError('has no time');
  return at + Math.floor(Number(`0${fraction}`) * 1000);
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new TimestampError('timestamp_malformed', `is no time stamp: ${error.message}`, error);
  }
}
