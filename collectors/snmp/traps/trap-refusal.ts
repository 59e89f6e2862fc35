/** Why a datagram is no notification that may be believed. */
export const TRAP_REFUSALS = [
  /** No SNMP message. */
  'malformed',
  /** A request, a response or a report. */
  'wrong_pdu',
  /** v1 or v2c with a community that is none of ours. */
  'unknown_community',
  /** v3 without a user name: anybody could send it. */
  'empty_user',
  'unknown_user',
  /** v3 of a lower (or another) level than the user has. */
  'wrong_level',
  /** Another security model than USM. */
  'wrong_security_model',
  'wrong_digest',
  'undecryptable',
  /** Seen before, or older than what its engine sent since. */
  'replayed',
  /** An inform whose clock is not ours. */
  'not_in_time_window',
  /** An inform that names another engine than ours, or a trap in the name of ours. */
  'unknown_engine',
] as const;

/** One of `TRAP_REFUSALS`. */
export type TrapRefusal = (typeof TRAP_REFUSALS)[number];
