import type { DevicePlatform } from '../../../collectors/ssh/devices/platform';

/**
 * What a scripted network device is made of. A simulated site serves its own world by giving a `DeviceContent`; how the
 * command line looks comes from `device-scripts.data.ts`.
 */

/** Where in the device a command is typed. */
export interface DeviceMode {
  readonly privileged: boolean;
  /** The context or VDOM the session stands in; empty for the whole device. */
  readonly part: string;
}

/** What the device knows. */
export interface DeviceContent {
  /**
   * The output of a command, lines ended by LF, without prompt or echo; undefined where the device does not know the
   * command. `line` is what was typed, trimmed; a part prefix (`sudo NAME `) is already taken off and in `mode`.
   */
  answer(line: string, mode: DeviceMode): string | undefined;
}

/** Something asked before the first prompt: `key` takes one key without Enter. */
export interface ScriptedQuestion {
  readonly text: string;
  readonly answer: string;
  readonly key?: true;
}

/** How a kind of device speaks. */
export interface DeviceScript {
  readonly platform: DevicePlatform;
  readonly hostname: string;
  prompt(hostname: string, mode: DeviceMode): string;
  /** Shown after login, before the first prompt. */
  readonly banner?: string;
  /** Asked one after the other before the first prompt, each until its key or line comes. */
  readonly questions?: readonly ScriptedQuestion[];
  readonly startsPrivileged: boolean;
  /** Leads to privilege and asks for a password. */
  readonly enable?: { readonly line: string; readonly ask: string; readonly denied: string };
  readonly pager?: {
    readonly text: string;
    /** Sent when it was answered, before the text goes on. */
    readonly erase: string;
    readonly lines: number;
    /** Commands that turn it off. */
    readonly off: RegExp;
  };
  /** Commands that change where the session stands; undefined: not one of them, `error`: refused with this text. */
  navigate?(line: string, mode: DeviceMode): DeviceMode | { readonly error: string } | undefined;
  /** Takes a prefix off a command that is meant for a part. */
  prefixed?(line: string): { readonly line: string; readonly part: string } | undefined;
  unknown(line: string): string;
  readonly refusal: string;
  readonly logout: RegExp;
  /** Runs single commands without a terminal. */
  readonly exec?: boolean;
}

/** What goes wrong. Every field left out is a device that behaves. */
export interface DeviceFaults {
  /** Bytes that are sent at once; 1 is one byte at a time. */
  readonly drip?: number;
  /** Line ending of output. */
  readonly newline?: '\r\n' | '\r\r\n' | '\n';
  /** How what is typed comes back: not at all, drawn twice with colours, or wrapped at 80 columns. */
  readonly echo?: 'plain' | 'none' | 'redraw' | 'wrap';
  /** In place of the script's banner. */
  readonly banner?: string;
  /** The pager stays on whatever is said, and stops within lines. */
  readonly stubbornPager?: boolean;
  readonly pagerMidLine?: boolean;
  /** Commands that AAA refuses. */
  readonly refuses?: RegExp;
  /** The session ends when this command has sent so many bytes. */
  readonly closes?: { readonly line: RegExp; readonly afterBytes: number };
  /** Nothing comes any more when this command has sent so many bytes; an interrupt brings the prompt back. */
  readonly stalls?: { readonly line: RegExp; readonly afterBytes: number; readonly interruptible: boolean };
  /** This command sends without end until it is interrupted. */
  readonly floods?: RegExp;
  /** After this command a message of the device's log comes before the output. */
  readonly chatter?: { readonly line: RegExp; readonly text: string };
  /** No prompt is ever shown. */
  readonly mute?: boolean;
  /** No shell at all: the channel is refused. */
  readonly noShell?: boolean;
  /** Single commands lead to the console menu. */
  readonly menu?: boolean;
}
