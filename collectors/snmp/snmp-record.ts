/**
 * The bytes of an `snmp` raw record: one JSON object in UTF-8, either one table read (`kind: 'table'`) or one
 * notification (`kind: 'trap'`). The encoding keeps every octet an agent answered and never holds a community or a
 * password. `RawOrigin.source` is the device's name for a table and the listener (`udp://0.0.0.0:5162`) for a trap;
 * `RawOrigin.peer` is the agent's address and port; `RawRecord.receivedAt` is `finishedAt` for a table.
 */

/** BER tags of the values SNMP carries (RFC 2578 section 7.1; the last three are exceptions of RFC 3416 section 3). */
export const SNMP_TAG = {
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  ipAddress: 0x40,
  counter32: 0x41,
  gauge32: 0x42,
  timeTicks: 0x43,
  opaque: 0x44,
  counter64: 0x46,
  noSuchObject: 0x80,
  noSuchInstance: 0x81,
  endOfMibView: 0x82,
} as const;

/** One of `SNMP_TAG`. */
export type SnmpTag = (typeof SNMP_TAG)[keyof typeof SNMP_TAG];

/**
 * A value by its tag:
 * - integer, counter32, gauge32, timeTicks: a JSON number (an integer; timeTicks in hundredths of a second);
 * - counter64: a decimal string, because a JSON number would lose digits;
 * - octetString, opaque: lower-case hexadecimal, two digits an octet, empty string for no octets;
 * - oid: dotted text without a leading dot; ipAddress: dotted IPv4 text;
 * - null and the exceptions: JSON null.
 */
export type SnmpValue = number | string | null;

/** `[oid, tag, value]`; the OID is complete (root and index), dotted, without a leading dot. */
export type SnmpVarbind = readonly [oid: string, tag: SnmpTag, value: SnmpValue];

/** Why a table read ended before the end of the table; `''` when it is complete. */
export type IncompleteReason =
  | ''
  /** No answer to a request after all tries; rows read before are kept. */
  | 'timeout'
  /** The time given to this read was up. */
  | 'deadline'
  | 'row_cap'
  | 'byte_cap'
  /** The agent answered an OID that is not greater than the one asked for (RFC 3416 section 4.2.2). */
  | 'oid_not_increasing'
  /** An error status (other than noSuchName at the end) in a response; its name is in `detail`. */
  | 'agent_error'
  /** The request could not be sent, or the answer could not be read. */
  | 'transport'
  /** Version 3: unknown user, wrong digest, unsupported level, …; the name is in `detail`. */
  | 'security'
  /** Stopped by us. */
  | 'cancelled';

/** Version of the protocol, as people write it. */
export type SnmpVersion = 'v1' | 'v2c' | 'v3';

/** One read of one table, or of one group of scalars. */
export interface SnmpTableRecord {
  readonly kind: 'table';
  /** Name of the table in the plan: `ifTable`, `ipNetToPhysical`, `system`. */
  readonly table: string;
  /** The columns (or scalar parents) that were walked, dotted, in the plan's order. Varbinds lie under these only. */
  readonly roots: readonly string[];
  /** Class of the device in the configuration; says which plan asked. */
  readonly deviceClass: string;
  readonly version: SnmpVersion;
  /** Our clock, UTC, epoch milliseconds: before the first request, and after the last answer. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Whether the end of every column was seen: only then does an absent row mean that the device has none. */
  readonly complete: boolean;
  readonly reason: IncompleteReason;
  /** More about `reason`, such as an error status; may be empty. Never holds a secret. */
  readonly detail: string;
  /** Version 3: the agent's engine id, lower-case hexadecimal; `''` for v1 and v2c. */
  readonly engineId: string;
  /**
   * Version 3: the context name. For v1 and v2c: what the community was indexed with (`vlan-10` for `community@10`);
   * `''` for the default context.
   */
  readonly context: string;
  /** In the order of the walk: column after column within one answer, indexes increasing within a column. */
  readonly varbinds: readonly SnmpVarbind[];
}

/** One trap or inform that passed the checks of the receiver. */
export interface SnmpTrapRecord {
  readonly kind: 'trap';
  readonly version: SnmpVersion;
  /** Whether it asked for an acknowledgement, which was sent. */
  readonly inform: boolean;
  /** v1 and v2c: the first 16 hexadecimal digits of SHA-256 over a prefix and the community; `''` for v3. */
  readonly communityHash: string;
  /** v3: security name, level (`noAuthNoPriv`, `authNoPriv`, `authPriv`), engine id of the sender, context; else `''`. */
  readonly user: string;
  readonly level: '' | 'noAuthNoPriv' | 'authNoPriv' | 'authPriv';
  readonly engineId: string;
  readonly context: string;
  /** v3, as the sender's engine states it in an authenticated message; null otherwise. */
  readonly engineBoots: number | null;
  readonly engineTime: number | null;
  /**
   * v2c and v3: the value of snmpTrapOID.0. v1: made by RFC 3584 section 3.1: generic traps 0-5 become
   * 1.3.6.1.6.3.1.1.5.(generic+1), others enterprise + ".0." + specific. `''` when a notification lacks it.
   */
  readonly trapOid: string;
  /** Hundredths of a second since the sender's start: sysUpTime.0 or the v1 time-stamp; null when absent. */
  readonly upTime: number | null;
  /** v1: the enterprise and agent-addr fields; else `''`. agent-addr is the sender's claim, useful behind NAT. */
  readonly enterprise: string;
  readonly agentAddress: string;
  /** All varbinds as sent, sysUpTime.0 and snmpTrapOID.0 included where the message has them. */
  readonly varbinds: readonly SnmpVarbind[];
  /**
   * The whole datagram, hexadecimal. In v1 and v2c messages each octet of the community is replaced by `2a`, so that
   * lengths still hold. A v3 message is kept as it came: it proves itself to whoever has the keys.
   */
  readonly datagram: string;
}

/** What an `snmp` raw record holds. */
export type SnmpRecord = SnmpTableRecord | SnmpTrapRecord;

/** The bytes of a record as they go into the journal. */
export function encodeSnmpRecord(record: SnmpRecord): Uint8Array {
  return Buffer.from(JSON.stringify(record), 'utf8');
}
