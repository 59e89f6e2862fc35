/**
 * The bytes of a `command` or `logfile` raw record: one JSON object in UTF-8 (the header), a line feed, then the bytes of
 * a command's output or of a stretch of a log file, verbatim. No header holds a secret. `RawOrigin.source` is the
 * device's name, `RawOrigin.peer` its address and port; `RawRecord.receivedAt` is when the last byte was here.
 */

/** Systems that are read. */
export const SSH_PLATFORMS = [
  'esxi',
  'cisco_ios',
  'cisco_asa',
  'cisco_nxos',
  'juniper_junos',
  'fortigate',
  'panos',
  'arista_eos',
  'mikrotik',
  'vyos',
  'pfsense',
  'opnsense',
] as const;

export type SshPlatform = (typeof SSH_PLATFORMS)[number];

/** How a command's output is written. */
export type SshOutput = 'csv' | 'json' | 'xml' | 'table' | 'keyvalue' | 'text';

/** Why a command's output is not all there; `''` when it is. */
export type SshIncompleteReason =
  | ''
  /** The time given to the command was up; what had come is kept. */
  | 'timeout'
  /** More output than is taken; the first bytes are kept. */
  | 'byte_cap'
  /** The channel was closed without an exit status: the output may be cut anywhere. */
  | 'no_exit'
  /** The device opened no channel for it. */
  | 'channel_refused'
  /** The connection was lost. */
  | 'disconnected'
  /** Stopped by us. */
  | 'cancelled'
  /** An interactive shell did not come back to its prompt. */
  | 'no_terminator'
  /** The device refused to run it. */
  | 'refused';

/** Our end of the connection: what tells our own traces in the device's logs from those of others. */
export interface SshSessionHeader {
  /** Account that was logged in. */
  readonly user: string;
  /** Our address and port. */
  readonly address: string;
  readonly port: number;
  /** When we were logged in, our clock, epoch milliseconds. */
  readonly since: number;
  /** Fingerprint of the host key that the device proved, `SHA256:…` as ssh-keygen prints it. */
  readonly hostKey: string;
}

/** What stands before a command's output. */
export interface SshCommandHeader {
  readonly platform: SshPlatform;
  /** Name in the table of allowed commands: `connection_list`. */
  readonly command: string;
  /** Exactly what was sent. */
  readonly line: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Exit status; null where the device gave none. */
  readonly exit: number | null;
  /** `SIGKILL` where a signal ended it; else empty. */
  readonly signal: string;
  /** Whether all output is there: only then does an absent row mean that the device has none. */
  readonly complete: boolean;
  readonly reason: SshIncompleteReason;
  /** At most 4 KiB of the error output. */
  readonly stderr: string;
  /** Our clock, UTC, epoch milliseconds. */
  readonly startedAt: number;
  readonly finishedAt: number;
  /** Device clock minus ours, milliseconds, when it was measured. */
  readonly clockOffset?: number;
  readonly output: SshOutput;
  /** The device's own words for its version, when known. */
  readonly version?: string;
  /** The device, where the origin does not name it. */
  readonly device?: string;
  readonly session?: SshSessionHeader;
}

/** Why lines of a log file are missing. */
export type SshGapReason =
  /** The generation that was being read is gone: rotated away before it was read to its end. */
  | 'rotated_away'
  /** The file is shorter than what was read of it, and the rest is in no rotated file. */
  | 'truncated'
  /** The file is not there any more. */
  | 'vanished'
  /** A rotated file cannot be decompressed. */
  | 'damaged'
  /** A rotated file is larger than what is fetched. */
  | 'too_large';

/** What stands before a stretch of a log file, or in place of one that is missing. */
export interface SshLogHeader {
  readonly platform: SshPlatform;
  /** Absolute path on the device. */
  readonly file: string;
  /**
   * Name of the generation: the first 16 hexadecimal digits of the SHA-256 of its first `head` bytes, taken when it was
   * first read and then kept. Rotated and compressed, it keeps its name.
   */
  readonly generation: string;
  /** How many bytes `generation` was made of: at most 4096. */
  readonly head: number;
  /** Place of the body in the generation's uncompressed content, bytes. For a gap: where reading goes on. */
  readonly offset: number;
  /** For a gap: why the lines are missing; the body is empty then. */
  readonly reason?: SshGapReason;
  /** The last line has no end: it is longer than is taken at once, or the generation ended within it. */
  readonly cut?: boolean;
  /** Zone of times that name none, IANA. */
  readonly timezone?: string;
  /** The device, where the origin does not name it. */
  readonly device?: string;
  /** For a gap: between which times lines are missing, as far as known; epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
  /** Device clock minus ours, milliseconds, when it was measured. */
  readonly clockOffset?: number;
  readonly session?: SshSessionHeader;
}

const VERSION = 1;

/** A `command` record as it goes into the journal. */
export function encodeCommandRecord(header: SshCommandHeader, body: Uint8Array): Uint8Array {
  return joined({ v: VERSION, kind: 'command', ...header }, body);
}

/** A `logfile` record as it goes into the journal. */
export function encodeLogRecord(header: SshLogHeader, body: Uint8Array): Uint8Array {
  return joined({ v: VERSION, kind: 'log', ...header }, body);
}

function joined(header: object, body: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`, 'utf8'), body]);
}
