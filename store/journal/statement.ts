import { hash, type KeyObject } from 'node:crypto';
import { isSignatureOf, type SigningKeys } from './signing-keys';

/*
 * A signed statement is one line of JSON whose last member is the signature:
 *
 *   {"type":"seal",...,"key":"SHA256:..."},"signature":"BASE64"}   without the first closing brace, that is:
 *   {"type":"seal",...,"key":"SHA256:...","signature":"BASE64"}
 *
 * Signed (Ed25519, RFC 8032) are the bytes of the line without `,"signature":"BASE64"`. Stock tools can check it:
 * sed 's/,"signature":"[^"]*"}$/}/' gives the message, openssl pkeyutl -verify -rawin does the rest.
 */

/** What a segment held when it was closed for ever. Hashes are lower case hex; times are epoch milliseconds UTC. */
export interface SealStatement {
  readonly type: 'seal';
  readonly version: 1;
  /** UUID of the segment. */
  readonly segment: string;
  readonly name: string;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly count: number;
  /** RFC 6962 Merkle tree hash over the record hashes in order of seq. */
  readonly root: string;
  /** SHA-256 of the previous segment's seal statement (the signed bytes); 64 zeros for the first segment. */
  readonly previous: string;
  /** Smallest and largest receive time in the segment. */
  readonly earliest_received_at: number;
  readonly latest_received_at: number;
  readonly sealed_at: number;
  /** Fingerprint of the signing key. */
  readonly key: string;
}

/** That a sealed segment was removed on purpose (retention), and which. */
export interface RetirementStatement {
  readonly type: 'retirement';
  readonly version: 1;
  readonly segment: string;
  readonly name: string;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly root: string;
  /** SHA-256 of the segment's seal statement. */
  readonly seal: string;
  readonly reason: string;
  readonly retired_at: number;
  readonly key: string;
}

export type Statement = SealStatement | RetirementStatement;

/**
 * What a segment held at a moment: its first `count` records, and the seal before it. Who keeps it elsewhere can prove later that
 * the journal of then is the beginning of the journal of now.
 */
export interface CheckpointStatement {
  readonly type: 'checkpoint';
  readonly version: 1;
  readonly segment: string;
  readonly name: string;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly count: number;
  /** RFC 6962 Merkle tree hash over the hashes of those records. */
  readonly root: string;
  /** As in the seal of the segment. */
  readonly previous: string;
  readonly at: number;
  readonly key: string;
}

/** A statement as read back from its line. Nothing is checked yet but its form. */
export interface SignedStatement<S extends Statement | CheckpointStatement = Statement> {
  readonly line: string;
  readonly statement: S;
  /** The signed bytes. */
  readonly message: Buffer;
  readonly signature: Buffer;
  /** SHA-256 of `message` in hex: what the next seal's `previous` names. */
  readonly hash: string;
}

/** `previous` of the very first seal. */
export const NO_PREVIOUS_SEAL = '0'.repeat(64);

const LINE = /^(\{"type":"(?:seal|retirement|checkpoint)",.*),"signature":"([A-Za-z0-9+/]+={0,2})"\}$/u;

type Shape = Readonly<Record<string, 'text' | 'integer' | 'digest'>>;
const COMMON: Shape = { segment: 'text', name: 'text', first_seq: 'integer', last_seq: 'integer', root: 'digest' };
const SEAL: Shape = {
  ...COMMON,
  count: 'integer',
  previous: 'digest',
  earliest_received_at: 'integer',
  latest_received_at: 'integer',
  sealed_at: 'integer',
  key: 'text',
};
const RETIREMENT: Shape = { ...COMMON, seal: 'digest', reason: 'text', retired_at: 'integer', key: 'text' };

const CHECKPOINT: Shape = { ...COMMON, count: 'integer', previous: 'digest', at: 'integer', key: 'text' };

/** The statement that the segment of this seal is removed on purpose, at `retiredAt` (epoch ms), signed with key `key`. */
export function retirementOf(
  seal: SignedStatement<SealStatement>,
  reason: string,
  retiredAt: number,
  key: string,
): RetirementStatement {
  const { segment, name, first_seq, last_seq, root } = seal.statement;
  return {
    type: 'retirement',
    version: 1,
    segment,
    name,
    first_seq,
    last_seq,
    root,
    seal: seal.hash,
    reason,
    retired_at: retiredAt,
    key,
  };
}

/** Signs a statement and gives its line, without a line feed. */
export function signStatement<S extends Statement | CheckpointStatement>(
  statement: S,
  keys: SigningKeys,
): SignedStatement<S> {
  const json = JSON.stringify(statement);
  const message = Buffer.from(json, 'utf8');
  const signature = keys.sign(message);
  const line = `${json.slice(0, -1)},"signature":"${signature.toString('base64')}"}`;
  return { line, statement, message, signature, hash: hash('sha256', message, 'hex') };
}

/** Reads a line of the ledger; undefined when it is no statement of ours in form. */
export function parseStatement(line: string): SignedStatement | undefined {
  const signed = parseLine(line);
  return signed === undefined || isCheckpoint(signed) ? undefined : signed;
}

/** Reads a line that has to be a checkpoint. */
export function parseCheckpoint(line: string): SignedStatement<CheckpointStatement> | undefined {
  const signed = parseLine(line);
  return signed !== undefined && isCheckpoint(signed) ? signed : undefined;
}

type SignedAny = SignedStatement | SignedStatement<CheckpointStatement>;

function isCheckpoint(signed: SignedAny): signed is SignedStatement<CheckpointStatement> {
  return signed.statement.type === 'checkpoint';
}

function parseLine(line: string): SignedAny | undefined {
  const match = LINE.exec(line);
  if (match === null) return undefined;
  const json = `${match[1]}}`;
  let statement: unknown;
  try {
    statement = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isStatement(statement)) return undefined;
  const message = Buffer.from(json, 'utf8');
  const signature = Buffer.from(match[2] ?? '', 'base64');
  return { line, statement, message, signature, hash: hash('sha256', message, 'hex') } as SignedAny;
}

/** Reads a line that has to be a seal. */
export function parseSeal(line: string): SignedStatement<SealStatement> | undefined {
  const parsed = parseStatement(line);
  return parsed !== undefined && isSeal(parsed) ? parsed : undefined;
}

/** Narrows to a seal. */
export function isSeal(signed: SignedStatement): signed is SignedStatement<SealStatement> {
  return signed.statement.type === 'seal';
}

/** Whether the statement bears a valid signature of this key. */
export function isSignedBy(signed: SignedAny, publicKey: KeyObject): boolean {
  return isSignatureOf(signed.message, signed.signature, publicKey);
}

const SHAPES: Readonly<Record<string, Shape>> = { seal: SEAL, retirement: RETIREMENT, checkpoint: CHECKPOINT };

function isStatement(value: unknown): value is Statement | CheckpointStatement {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Record<string, unknown>;
  if (members['version'] !== 1) return false;
  const shape = SHAPES[String(members['type'])] ?? {};
  return Object.entries(shape).every(([name, kind]) => fits(members[name], kind));
}

function fits(value: unknown, kind: 'text' | 'integer' | 'digest'): boolean {
  if (kind === 'integer') return Number.isSafeInteger(value);
  return typeof value === 'string' && (kind === 'text' || /^[0-9a-f]{64}$/u.test(value));
}
