/**
 * The raw records of devices that are read over SSH (the collector's encoding, also used by imports): one UTF-8 JSON
 * object, a line feed, then the bytes of a command's output or of a stretch of a log file, verbatim. Read with care: a
 * record may have been written by another version, or damaged on its way through an import.
 */

/** How a command's output is written. */
export type SshOutput = 'csv' | 'json' | 'xml' | 'table' | 'keyvalue' | 'text';

/** Who was connected when the record was made: what tells our own traces on the device from others'. */
export interface SshSession {
  /** Account that was logged in. */
  readonly user: string;
  /** Our end of the connection, canonical text; empty when it is not known. */
  readonly address: string;
  readonly port: number | undefined;
  /** When the connection was made, our clock, epoch ms. */
  readonly since: number | undefined;
}

/** One command's output with its exit status. */
export interface SshCommand {
  readonly kind: 'command';
  readonly platform: string;
  /** Name in the table of allowed commands: `connection_list`. */
  readonly command: string;
  /** What was sent. */
  readonly line: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Exit status; undefined where the device gave none. */
  readonly exit: number | undefined;
  readonly signal: string;
  /** The whole output was read: an absent row means that the device has none. */
  readonly complete: boolean;
  readonly reason: string;
  readonly stderr: string;
  /** Our clock, epoch ms. */
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** Device clock minus ours, ms. */
  readonly clockOffset: number | undefined;
  /** As the header names it: one of `SshOutput`, or what a later version writes. */
  readonly output: string;
  readonly version: string;
  /** The device, where the record's source does not name it. */
  readonly device: string;
  readonly session: SshSession | undefined;
  readonly body: Uint8Array;
  /** Place of the body in the record. */
  readonly bodyAt: number;
}

/** A stretch of a log file: whole lines, from `offset` of one generation of the file. */
export interface SshLog {
  readonly kind: 'log';
  readonly platform: string;
  readonly file: string;
  /** First 16 hex digits of the SHA-256 of the generation's first block. */
  readonly generation: string;
  /** Place of the body in the generation's uncompressed content, bytes. */
  readonly offset: number;
  /** Why there is no body: `rotated_away`, `truncated`, `vanished`. Empty for a stretch. */
  readonly reason: string;
  /** The last line was cut, by a limit or by the end of the generation. */
  readonly cut: boolean;
  /** IANA zone of times without one. */
  readonly timezone: string;
  /** The device, where the record's source does not name it. */
  readonly device: string;
  /** Times between which lines are missing, epoch ms; of a gap, where known. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Device clock minus ours, ms. */
  readonly clockOffset: number | undefined;
  readonly session: SshSession | undefined;
  readonly body: Uint8Array;
  readonly bodyAt: number;
}

/** That somebody collected from devices by hand: who, and which. The body holds the whole record as JSON. */
export interface SshCollection {
  readonly kind: 'collection';
  readonly id: string;
  readonly user: string;
  readonly host: string;
  readonly tool: string;
  readonly devices: string;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
}

export type SshRecord = SshCommand | SshLog;

/** Why a record could not be read, and where reading stopped. */
export interface SshRecordFault {
  readonly kind: 'fault';
  readonly reason: 'ssh_no_header' | 'ssh_header_not_json' | 'ssh_unknown_record' | 'ssh_unknown_version';
  /** Bytes from the record's beginning. */
  readonly offset: number;
  readonly detail?: string;
}

const VERSION = 1;
/** The longest part of a header is 4 KiB of error output, which JSON may write six times as long. */
const MAX_HEADER = 65_536;
const MAX_PARAMETERS = 32;
const LINE_FEED = 0x0a;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

type Fields = Readonly<Record<string, unknown>>;

/** The record in `bytes`, or why there is none. The body is a view, not a copy. Never throws. */
export function readSshRecord(bytes: Uint8Array): SshRecord | SshCollection | SshRecordFault {
  const end = bytes.subarray(0, MAX_HEADER).indexOf(LINE_FEED);
  if (end < 0) return { kind: 'fault', reason: 'ssh_no_header', offset: Math.min(bytes.length, MAX_HEADER) };
  let value: unknown;
  try {
    value = JSON.parse(UTF8.decode(bytes.subarray(0, end)));
  } catch {
    return { kind: 'fault', reason: 'ssh_header_not_json', offset: 0 };
  }
  if (typeof value !== 'object' || value === null) return { kind: 'fault', reason: 'ssh_unknown_record', offset: 0 };
  const fields = value as Fields;
  if (fields['v'] !== VERSION) {
    return { kind: 'fault', reason: 'ssh_unknown_version', offset: 0, detail: String(fields['v']).slice(0, 32) };
  }
  const body = bytes.subarray(end + 1);
  if (fields['kind'] === 'command') return commandOf(fields, body, end + 1);
  if (fields['kind'] === 'collection') return collectionOf(fields);
  if (fields['kind'] === 'log') return logOf(fields, body, end + 1);
  return { kind: 'fault', reason: 'ssh_unknown_record', offset: 0, detail: text(fields['kind']).slice(0, 32) };
}

function commandOf(fields: Fields, body: Uint8Array, bodyAt: number): SshCommand {
  return {
    kind: 'command',
    platform: text(fields['platform']),
    command: text(fields['command']),
    line: text(fields['line']),
    parameters: parametersOf(fields['parameters']),
    exit: number(fields['exit']),
    signal: text(fields['signal']),
    complete: fields['complete'] === true,
    reason: text(fields['reason']),
    stderr: text(fields['stderr']),
    startedAt: number(fields['startedAt']),
    finishedAt: number(fields['finishedAt']),
    clockOffset: number(fields['clockOffset']),
    output: text(fields['output']),
    version: text(fields['version']),
    device: text(fields['device']),
    session: sessionOf(fields['session']),
    body,
    bodyAt,
  };
}

function logOf(fields: Fields, body: Uint8Array, bodyAt: number): SshLog {
  return {
    kind: 'log',
    platform: text(fields['platform']),
    file: text(fields['file']),
    generation: text(fields['generation']),
    offset: number(fields['offset']) ?? 0,
    reason: text(fields['reason']),
    cut: fields['cut'] === true,
    timezone: text(fields['timezone']),
    device: text(fields['device']),
    from: number(fields['from']),
    to: number(fields['to']),
    clockOffset: number(fields['clockOffset']),
    session: sessionOf(fields['session']),
    body,
    bodyAt,
  };
}

function collectionOf(fields: Fields): SshCollection {
  return {
    kind: 'collection',
    id: text(fields['id']),
    user: text(fields['user']),
    host: text(fields['host']),
    tool: text(fields['tool']),
    devices: text(fields['devices']),
    startedAt: number(fields['startedAt']),
    finishedAt: number(fields['finishedAt']),
  };
}

function sessionOf(value: unknown): SshSession | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Fields;
  return {
    user: text(fields['user']),
    address: text(fields['address']),
    port: number(fields['port']),
    since: number(fields['since']),
  };
}

function parametersOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  const known = Object.entries(value).filter((entry): entry is [string, string | number] =>
    ['string', 'number'].includes(typeof entry[1]),
  );
  return Object.fromEntries(known.slice(0, MAX_PARAMETERS).map(([name, parameter]) => [name, String(parameter)]));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
