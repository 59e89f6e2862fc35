import type { ShellKey } from '../adapter/shell-channel';
import type { SshOutput, SshPlatform } from '../ssh-record';

/**
 * What is known of one kind of device: how its command line looks and which commands may be sent. Everything that is
 * ever sent to a device comes out of these tables (and the enable password, by reference): see `device-commands`.
 */

/** As the header of a raw record names it. */
export type DevicePlatform = Exclude<SshPlatform, 'esxi'>;

/**
 * What a command is read for, in the order of volatility, which is the order in which one visit reads:
 * - `identity`: version and clock, with every visit;
 * - `state`: tables that explain sessions, every few minutes;
 * - `standing`: what changes with the configuration or seldom (licence, telemetry), with the configuration;
 * - `configuration`: daily, or when the device says that it changed.
 */
export type CommandPurpose = 'identity' | 'state' | 'standing' | 'configuration';

/** One entry of an allow-list. */
export interface DeviceCommand {
  /** Name in records: the same id means the same kind of table on every platform. */
  readonly id: string;
  readonly purpose: CommandPurpose;
  /**
   * Exact text. Several: spellings of the same command in different versions, tried in turn until the device knows one.
   */
  readonly lines: readonly [string, ...string[]];
  readonly output: SshOutput;
  /** Goes into the record's header when one id has several commands. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Where it makes sense on devices that are divided (contexts, VDOMs); elsewhere it does not matter. Default: each part. */
  readonly where?: 'whole' | 'part';
  /**
   * How a whole output ends: the last line that is not blank. Output without it is incomplete, whatever the prompt
   * says, and must not replace an earlier one.
   */
  readonly terminator?: RegExp;
  /** Milliseconds until it is given up; a minute by default, ten for a configuration. */
  readonly timeoutMs?: number;
  /** Bytes that are taken; 16 MiB by default, 64 for a configuration. */
  readonly byteCap?: number;
}

/** What answers a question: one key, or a line and Enter. */
export type Answer = { readonly press: ShellKey } | { readonly line: string };

/** Something that a device asks before it shows a prompt. */
export interface Question {
  /** Tested on the last line, which has no ending. Anchored. */
  readonly shows: RegExp;
  readonly answer: Answer;
}

/** A pager's question; any key that goes on will do. */
export interface Pager {
  readonly shows: RegExp;
  readonly press: ShellKey;
}

/** How a device divided into contexts or virtual domains is read part by part. */
export interface DeviceParts {
  /** Name of the parameter in records: `context`, `vdom`. */
  readonly parameter: string;
  /** Says whether the device is divided: a line of its output. */
  readonly detect: { readonly line: string; readonly shows: RegExp };
  /** Lists the parts: the first group of each line that matches is a name. */
  readonly list: { readonly line: string; readonly name: RegExp };
  /** Leads to the whole, before and after. */
  readonly whole?: string;
  /** Leads into a part, its name in braces as `parameter` calls it. The name is one that `list` gave in this session. */
  readonly enter?: string;
  /** Stands before each command of the whole, or of a part: `sudo {vdom} `. */
  readonly wholePrefix?: string;
  readonly partPrefix?: string;
}

export interface Platform {
  readonly platform: DevicePlatform;
  readonly summary: string;
  /** The shape of a prompt: a whole last line without ending. Anchored; the exact text is learned at login. */
  readonly prompt: RegExp;
  /** A line of its own that some devices draw above each prompt. */
  readonly promptHead?: RegExp;
  /** A prompt that is privileged already, or that needs no privilege. */
  readonly privileged: RegExp;
  readonly enable?: { readonly line: string; readonly password: RegExp };
  /** Before the first prompt. */
  readonly login: readonly Question[];
  /** Questions that must not be answered: the login ends with this reason. */
  readonly stop?: readonly { readonly shows: RegExp; readonly reason: string }[];
  /** Sent after login, in this order: they set the session's own terminal, nothing of the device. */
  readonly prepare: readonly string[];
  readonly pagers: readonly Pager[];
  /** First lines of an output that mean: this user may not. */
  readonly refused: readonly RegExp[];
  /** First lines of an output that mean: this version has no such command. */
  readonly unknown: readonly RegExp[];
  readonly commands: readonly DeviceCommand[];
  readonly parts?: DeviceParts;
  /** Ends the session. */
  readonly logout: string;
  /** Appended to the user name at login. */
  readonly userSuffix?: string;
  /** The device takes single commands without a terminal; tried first. */
  readonly exec?: true;
  /**
   * A `state` command, by its name, whose output changes when the configuration did; the configuration is then read
   * before its time.
   */
  readonly changes?: string;
  /** The first group is the device's version, in a line of what the `version` command gives. */
  readonly version: RegExp;
}

/** The milliseconds a command may take. */
export function patience({ timeoutMs, purpose }: DeviceCommand): number {
  return timeoutMs ?? (purpose === 'configuration' ? 600_000 : 60_000);
}
