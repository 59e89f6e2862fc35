import type { IncompleteReason } from '../snmp-record';

/** Why a request failed; the names are those of an incomplete table read. */
export type RequestFailure = Extract<
  IncompleteReason,
  'timeout' | 'agent_error' | 'transport' | 'security' | 'cancelled'
>;

/**
 * A request that brought no usable answer. Carries no object of the library and no text from one: those hold keys,
 * communities and digests.
 */
export class SnmpRequestError extends Error {
  readonly code = 'snmp_request';
  readonly reason: RequestFailure;
  /** Error status, security counter or system code; may be empty. */
  readonly detail: string;
  /** For `agent_error`: the OID the agent blames; `''` when it names none. */
  readonly oid: string;

  constructor(reason: RequestFailure, detail = '', oid = '') {
    super(detail === '' ? reason : `${reason}: ${detail}`);
    this.reason = reason;
    this.detail = detail;
    this.oid = oid;
  }
}

/** Error statuses by their number (RFC 3416 section 3). */
const STATUS: Readonly<Record<number, string>> = {
  1: 'tooBig',
  2: 'noSuchName',
  3: 'badValue',
  4: 'readOnly',
  5: 'genErr',
  6: 'noAccess',
  13: 'resourceUnavailable',
  16: 'authorizationError',
};

/** Name of an error status in a response. */
export function errorStatus(status: number): string {
  return STATUS[status] ?? `status ${status}`;
}

/** The library's words for the counters of RFC 3414 section 5, and ours. */
const SECURITY: Readonly<Record<string, string>> = {
  'Unsupported Security Level': 'unsupported security level',
  'Not In Time Window': 'not in time window',
  'Unknown User Name': 'unknown user',
  'Unknown Engine ID': 'unknown engine',
  'Wrong Digest (incorrect password, community or key)': 'wrong digest: password or digest protocol',
  'Decryption Error': 'the agent could not decrypt: password or cipher',
};

/** Codes of the library's `ResponseInvalidError` that concern security. */
const INVALID_SECURITY: Readonly<Record<number, string>> = {
  4: 'answer could not be decrypted',
  5: 'answer with a wrong digest',
  11: 'unexpected report',
  14: 'answer outside the time window',
};

/** Turns what the library reports into ours. */
export function requestErrorOf(error: Error): SnmpRequestError {
  if (error instanceof SnmpRequestError) return error;
  const { status, code } = error as { status?: unknown; code?: unknown };
  switch (error.name) {
    case 'RequestTimedOutError':
      return new SnmpRequestError('timeout');
    case 'RequestFailedError': {
      const blamed = /: (\d+(?:\.\d+)*)$/.exec(error.message);
      return new SnmpRequestError('agent_error', errorStatus(Number(status)), blamed?.[1]);
    }
    case 'ResponseInvalidError': {
      const security = SECURITY[error.message] ?? INVALID_SECURITY[Number(code)];
      if (security !== undefined) return new SnmpRequestError('security', security);
      return new SnmpRequestError('transport', 'unreadable answer');
    }
    default:
      return new SnmpRequestError('transport', typeof code === 'string' ? code : 'unreadable answer');
  }
}
