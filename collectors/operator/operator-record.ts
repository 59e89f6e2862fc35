/**
 * What a person did with ascribe: a command that changes something or hands data out. One JSON object in UTF-8; a command
 * makes two, with one id: when it begins, and when it has ended. No secret is in it: `command` is masked before it is made.
 */
export interface OperatorRecord {
  readonly v: 1;
  readonly kind: 'operator';
  /** The same in both records of a command. */
  readonly id: string;
  readonly phase: 'begin' | 'end';
  /** The command without arguments: `evidence pack`. */
  readonly action: string;
  /** As it was typed. */
  readonly command: string;
  readonly user: string;
  readonly uid: number;
  /** Who became that user: by `sudo`, and by the number that the kernel keeps from the login on. */
  readonly sudoUser?: string;
  readonly loginUid?: number;
  readonly terminal?: string;
  /** Address that an SSH session came from, as its environment says. */
  readonly client?: string;
  readonly host: string;
  readonly pid: number;
  /** Epoch ms UTC. */
  readonly at: number;
  /** Exit code; with `end` alone. */
  readonly exit?: number;
  readonly version: string;
}

/** A record may not have more bytes. */
export const MOST_OPERATOR_BYTES = 64 << 10;

export function encodeOperatorRecord(record: OperatorRecord): Buffer {
  return Buffer.from(JSON.stringify(record), 'utf8');
}
