import { terminalText } from '../../terminal-screen';
import type { CommandResult } from '../adapter/command-run';
import type { PreparedCommand } from '../commands/command-table';
import { clockOffsetOf } from './device-clock';
import type { Place } from './device-commands';
import type { Privilege } from './device-login';
import { DeviceSession, type CommandAnswer, type SessionOptions } from './device-session';
import type { CommandPurpose, DeviceCommand } from './platform';
import type { OpenShell } from './shell-dialog';

/** What is asked of a connection to a device. */
export interface DeviceConnection {
  readonly openShell: OpenShell;
  /** Runs one command without a terminal. Never rejects. */
  exec(command: PreparedCommand, signal: AbortSignal): Promise<CommandResult>;
}

/** One answer with what it was asked for. */
export interface DeviceAnswer {
  readonly command: DeviceCommand;
  readonly sent: PreparedCommand;
  readonly result: CommandAnswer;
  /** The device's version and clock as far as known by then; the clock is the device's minus ours, milliseconds. */
  readonly version: string | undefined;
  readonly clockOffset: number | undefined;
}

export interface ReadOptions extends SessionOptions {
  /** What to read, of the platform's table. */
  readonly wanted: readonly DeviceCommand[];
  /** Is told of each answer, in the order of reading. Awaited: the device waits while records find no room. */
  readonly onAnswer: (answer: DeviceAnswer) => Promise<void>;
  /** After each command: how many are done of how many. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** What one visit came to. */
export interface ReadOutcome {
  readonly complete: number;
  /** Commands that gave nothing whole in any spelling. */
  readonly incomplete: number;
  readonly version: string | undefined;
  readonly clockOffset: number | undefined;
  /** Undefined without an interactive session. */
  readonly privilege: Privilege | undefined;
  /** Parts of the device that were read; empty where it has none. */
  readonly parts: readonly string[];
  /** Why the visit ended before its end; empty when it did not. Text for people. */
  readonly fault: string;
}

/** Parts read of one device at most. */
const MOST_PARTS = 256;
/** Lines looked at for a version or the names of parts. */
const MOST_LINES = 2000;
/** A name that may be put into a command: what devices allow, and nothing that a command line would read otherwise. */
const PART_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/u;
const ORDER: readonly CommandPurpose[] = ['identity', 'state', 'standing', 'configuration'];

/** The commands of a visit, the most volatile first. */
export function inOrder(commands: readonly DeviceCommand[]): readonly DeviceCommand[] {
  return ORDER.flatMap((purpose) => commands.filter((command) => command.purpose === purpose));
}

/** Sends one command and says what came. */
type Send = (sent: PreparedCommand, command: DeviceCommand) => Promise<CommandAnswer>;

/**
 * One visit to a device: logs in, reads what is wanted, the most volatile first, and part by part where the device is
 * divided. Rejects as `DeviceSession.open` before the first command, and never after it.
 */
export class DeviceReader {
  readonly #options: ReadOptions;
  readonly #parts: string[] = [];
  #session: DeviceSession | undefined;
  #complete = 0;
  #incomplete = 0;
  #version: string | undefined;
  #clockOffset: number | undefined;
  #fault = '';
  #planned = 0;

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  async read(connection: DeviceConnection): Promise<ReadOutcome> {
    const { commands, signal } = this.#options;
    const { platform } = commands;
    if (platform.exec === true) {
      const send: Send = async (sent, command) =>
        alone(await connection.exec(sent, signal), command, commands.platform.refused, commands.platform.unknown);
      if (await this.#runsAlone(send)) return this.#readWhole(send);
    }
    const session = await DeviceSession.open(connection.openShell, this.#options);
    this.#session = session;
    try {
      const send: Send = (sent, { terminator }) => session.run(sent, terminator);
      const names = await this.#partsOf(session);
      return names.length === 0 ? await this.#readWhole(send) : await this.#readParts(session, send, names);
    } finally {
      session.close();
    }
  }

  /** Whether single commands reach a shell: a login that leads into a menu answers with the menu. */
  async #runsAlone(send: Send): Promise<boolean> {
    const { commands } = this.#options;
    const clock = commands.platform.commands.find(({ id }) => id === 'clock');
    if (clock === undefined) return false;
    const result = await send(commands.at(clock.lines[0], { kind: 'plain' }), clock);
    return result.complete && clockOffsetOf(result.stdout, result) !== undefined;
  }

  async #readWhole(send: Send): Promise<ReadOutcome> {
    const wanted = inOrder(this.#options.wanted);
    this.#planned = wanted.length;
    await this.#askAll(send, wanted, { kind: 'plain' });
    return this.#outcome();
  }

  async #readParts(session: DeviceSession, send: Send, names: readonly string[]): Promise<ReadOutcome> {
    const { commands, wanted } = this.#options;
    const { parts } = commands.platform;
    const planned = inOrder(wanted);
    const ofWhole = planned.filter(({ where }) => where === 'whole');
    const ofParts = planned.filter(({ where }) => where !== 'whole');
    const last = ofWhole.filter(({ purpose }) => purpose === 'configuration');
    const first = ofWhole.filter((command) => !last.includes(command));
    this.#planned = ofWhole.length + ofParts.length * names.length;
    if (!(await this.#askAll(send, first, { kind: 'whole' }))) return this.#outcome();
    for (const name of names) {
      if (parts?.enter !== undefined && !(await session.navigate(commands.enter(name)))) {
        this.#incomplete += ofParts.length;
        continue;
      }
      this.#parts.push(name);
      if (!(await this.#askAll(send, ofParts, { kind: 'part', name }))) return this.#outcome();
    }
    if (parts?.whole !== undefined) await session.navigate(commands.session(parts.whole));
    await this.#askAll(send, last, { kind: 'whole' });
    return this.#outcome();
  }

  /** The names of the device's parts; empty where it is not divided. */
  async #partsOf(session: DeviceSession): Promise<readonly string[]> {
    const { commands } = this.#options;
    const { parts } = commands.platform;
    if (parts === undefined) return [];
    const mode = await session.run(commands.session(parts.detect.line));
    if (!linesOf(mode.stdout).some((line) => parts.detect.shows.test(line))) return [];
    if (parts.whole !== undefined) await session.navigate(commands.session(parts.whole));
    const listed = await session.run(commands.session((parts.wholePrefix ?? '') + parts.list.line));
    const names = new Set<string>();
    for (const line of linesOf(listed.stdout)) {
      const name = parts.list.name.exec(line)?.[1];
      if (name !== undefined && PART_NAME.test(name) && names.size < MOST_PARTS) names.add(name);
    }
    return [...names];
  }

  /** False when nothing more can be sent. */
  async #askAll(send: Send, wanted: readonly DeviceCommand[], place: Place): Promise<boolean> {
    for (const command of wanted) {
      const more = await this.#ask(send, command, place);
      const done = this.#complete + this.#incomplete;
      this.#options.onProgress?.(done, Math.max(done, this.#planned));
      if (!more) return false;
    }
    return true;
  }

  /** Tries the spellings of one command. */
  async #ask(send: Send, command: DeviceCommand, place: Place): Promise<boolean> {
    for (const [index, line] of command.lines.entries()) {
      const sent = this.#options.commands.at(line, placeOf(command, place));
      const result = await send(sent, command);
      if (result.complete) this.#learn(command, result);
      // Another spelling helps where the device does not know this one, or keeps it for others.
      const again = result.reason === 'refused' && index + 1 < command.lines.length;
      if (!again) this.#count(result);
      await this.#options.onAnswer({
        command,
        sent,
        result,
        version: this.#version,
        clockOffset: this.#clockOffset,
      });
      if (result.reason === 'disconnected' || result.reason === 'cancelled') {
        this.#fault = result.reason === 'cancelled' ? 'stopped' : `the device ended the session at "${sent.line}"`;
        return false;
      }
      if (!again) return true;
    }
    return true;
  }

  #count({ complete }: CommandAnswer): void {
    if (complete) this.#complete += 1;
    else this.#incomplete += 1;
  }

  #learn({ id }: DeviceCommand, result: CommandAnswer): void {
    if (id === 'version') {
      const { version } = this.#options.commands.platform;
      this.#version = linesOf(result.stdout).flatMap((line) => version.exec(line)?.[1] ?? [])[0];
    }
    if (id === 'clock') this.#clockOffset = clockOffsetOf(result.stdout, result);
  }

  #outcome(): ReadOutcome {
    return {
      complete: this.#complete,
      incomplete: this.#incomplete,
      version: this.#version,
      clockOffset: this.#clockOffset,
      privilege: this.#session?.privilege,
      parts: this.#parts,
      fault: this.#fault,
    };
  }
}

/** FortiOS prints the configuration of all its parts at its first prompt, without any prefix. */
function placeOf({ id, where }: DeviceCommand, place: Place): Place {
  return id === 'running_config' && where === 'whole' ? { kind: 'plain' } : place;
}

/** A single command's answer; what a shell says of a command it does not have, or may not run, becomes `refused`. */
function alone(
  result: CommandResult,
  { terminator }: DeviceCommand,
  refused: readonly RegExp[],
  unknown: readonly RegExp[],
): CommandAnswer {
  if (result.reason !== '') return { ...result, unknown: false };
  const said = (expressions: readonly RegExp[]): boolean =>
    result.stderr.split('\n').some((line) => expressions.some((expression) => expression.test(line.trim())));
  if (result.exit === 127 || (result.exit !== 0 && (said(refused) || said(unknown)))) {
    return { ...result, complete: false, reason: 'refused', unknown: result.exit === 127 || !said(refused) };
  }
  const cut = terminator !== undefined && !terminator.test(lastLine(result.stdout));
  return cut ? { ...result, complete: false, reason: 'no_terminator', unknown: false } : { ...result, unknown: false };
}

function lastLine(bytes: Uint8Array): string {
  const tail = Buffer.from(bytes.subarray(-4096)).toString('utf8').trimEnd();
  return tail.slice(tail.lastIndexOf('\n') + 1);
}

function linesOf(bytes: Uint8Array): readonly string[] {
  return Buffer.from(terminalText(bytes)).toString('utf8').split('\n', MOST_LINES);
}
