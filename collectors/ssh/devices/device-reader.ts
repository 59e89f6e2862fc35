import { patience, PART_NAME, type CommandPurpose, type DeviceCommand, type Platform } from './platform';
import { DeviceSession, type CommandAnswer } from './device-session';
import type { SessionTimes } from './device-login';
import { clockOffsetOf } from './device-clock';
import type { DeviceConnection } from './shell-channel';
import { terminalText } from '../../terminal-screen';

/** One answer with what it was asked for. */
export interface DeviceAnswer extends CommandAnswer {
  readonly command: DeviceCommand;
  /** The command's own, and which part of the device answered. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The device's version and clock as far as known by then; the clock is the device's minus ours, milliseconds. */
  readonly version: string | undefined;
  readonly clockOffset: number | undefined;
}

export interface ReadOptions {
  readonly platform: Platform;
  readonly times: SessionTimes;
  readonly byteCap: number;
  readonly now: () => number;
  readonly enableSecret: (() => string) | undefined;
  readonly signal: AbortSignal;
  /** What to read; `identity` comes by itself. */
  readonly purposes: ReadonlySet<CommandPurpose>;
  /** Is told of each answer, in the order of reading. Awaited: the device waits while records find no room. */
  readonly onAnswer: (answer: DeviceAnswer) => Promise<void>;
  /** After each command: how many are done of how many. */
  readonly onProgress?: (done: number, of: number) => void;
}

/** What one visit came to. */
export interface ReadOutcome {
  readonly answers: number;
  /** Answers that are not whole. */
  readonly incomplete: number;
  readonly version: string | undefined;
  readonly clockOffset: number | undefined;
  /** Whether the enable password was needed, and what came of it; undefined without an interactive session. */
  readonly privilege: DeviceSession['privilege'] | undefined;
  /** Parts of the device that were read; empty where it has none. */
  readonly parts: readonly string[];
  /** Why the visit ended before its end; empty when it did not. Text for people. */
  readonly fault: string;
}

/** Parts read of one device at most. */
const MOST_PARTS = 256;
const ORDER: readonly CommandPurpose[] = ['identity', 'state', 'standing', 'configuration'];

/** Sends one line and says what came. */
type Send = (line: string, command: DeviceCommand) => Promise<CommandAnswer>;

/**
 * One visit to a device: logs in, reads the tables of the purposes wanted, the most volatile first, and part by part
 * where the device is divided. Everything sent is out of the platform's table. Never rejects but for `DeviceSessionError`
 * and what `shell` rejects with, before the first command.
 */
export class DeviceReader {
  readonly #options: ReadOptions;
  #answers = 0;
  #incomplete = 0;
  #version: string | undefined;
  #clockOffset: number | undefined;
  #fault = '';
  #planSize = 0;
  #done = 0;

  constructor(options: ReadOptions) {
    this.#options = options;
  }

  async read(connection: DeviceConnection): Promise<ReadOutcome> {
    const { platform, signal, byteCap } = this.#options;
    if (platform.exec === true) {
      const send: Send = async (line, command) => {
        const startedAt = this.#options.now();
        const result = await connection.exec(line, { timeoutMs: patience(command), byteCap, signal });
        return execAnswer(line, command, result, platform, startedAt, this.#options.now());
      };
      if (await this.#runsAlone(send)) return this.#readAll(send);
    }
    const session = await DeviceSession.open(await connection.shell(), this.#options);
    try {
      const send: Send = (line, command) => session.run(line, command);
      const parts = await this.#partsOf(session);
      if (parts.length === 0) return await this.#readAll(send, session);
      return await this.#readParts(session, send, parts);
    } finally {
      session.close();
    }
  }

  /** Whether single commands reach a shell: a login that leads into a menu answers with the menu. */
  async #runsAlone(send: Send): Promise<boolean> {
    const clock = this.#options.platform.commands.find(({ id }) => id === 'clock');
    if (clock === undefined) return false;
    const answer = await send(clock.lines[0], clock);
    return answer.reason === '' && answer.exit === 0 && clockOffsetOf(answer.body, answer) !== undefined;
  }

  async #readAll(send: Send, session?: DeviceSession): Promise<ReadOutcome> {
    const commands = this.#planned();
    this.#planSize = commands.length;
    for (const command of commands) {
      if (!(await this.#ask(send, command, '', {}))) break;
    }
    return this.#outcome(session, []);
  }

  async #readParts(session: DeviceSession, send: Send, parts: readonly string[]): Promise<ReadOutcome> {
    const layout = this.#options.platform.parts!;
    const planned = this.#planned();
    const whole = planned.filter(({ where }) => where === 'whole');
    const each = planned.filter(({ where }) => where !== 'whole');
    this.#planSize = whole.length + each.length * parts.length;
    const read: string[] = [];
    const ask = async (
      commands: readonly DeviceCommand[],
      prefix: string,
      part: string | undefined,
    ): Promise<boolean> => {
      const parameters: Record<string, string> = part === undefined ? {} : { [layout.parameter]: part };
      for (const command of commands) if (!(await this.#ask(send, command, prefix, parameters))) return false;
      return true;
    };
    const wholePrefix = (command: DeviceCommand): string =>
      command.id === 'running_config' ? '' : (layout.wholePrefix ?? '');
    const before = whole.filter(({ purpose }) => purpose !== 'configuration');
    const after = whole.filter(({ purpose }) => purpose === 'configuration');
    for (const command of before)
      if (!(await ask([command], wholePrefix(command), undefined))) return this.#outcome(session, read);
    for (const part of parts) {
      if (layout.enter !== undefined && !(await session.navigate(layout.enter.replace('{part}', part)))) continue;
      if (!(await ask(each, (layout.partPrefix ?? '').replace('{part}', part), part)))
        return this.#outcome(session, read);
      read.push(part);
    }
    if (layout.whole !== undefined) await session.navigate(layout.whole);
    for (const command of after) if (!(await ask([command], wholePrefix(command), undefined))) break;
    return this.#outcome(session, read);
  }

  /** The names of the device's parts; empty where it is not divided. */
  async #partsOf(session: DeviceSession): Promise<readonly string[]> {
    const { parts: layout } = this.#options.platform;
    if (layout === undefined) return [];
    const asked: DeviceCommand = { id: 'parts', purpose: 'identity', lines: [layout.detect.line], output: 'text' };
    const mode = await session.run(layout.detect.line, asked);
    if (!layout.detect.shows.test(textOf(mode.body))) return [];
    if (layout.whole !== undefined) await session.navigate(layout.whole);
    const listed = await session.run((layout.wholePrefix ?? '') + layout.list.line, asked);
    const names = new Set<string>();
    for (const line of textOf(listed.body).split('\n')) {
      const name = layout.list.name.exec(line)?.[1];
      if (name !== undefined && PART_NAME.test(name) && names.size < MOST_PARTS) names.add(name);
    }
    return [...names];
  }

  #planned(): readonly DeviceCommand[] {
    const { platform, purposes } = this.#options;
    const wanted = ORDER.filter((purpose) => purpose === 'identity' || purposes.has(purpose));
    return wanted.flatMap((purpose) => platform.commands.filter((command) => command.purpose === purpose));
  }

  /** Tries the spellings of one command. False when nothing more can be sent. */
  async #ask(
    send: Send,
    command: DeviceCommand,
    prefix: string,
    part: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const more = await this.#trySpellings(send, command, prefix, part);
    this.#done += 1;
    this.#options.onProgress?.(this.#done, Math.max(this.#done, this.#planSize));
    return more;
  }

  async #trySpellings(
    send: Send,
    command: DeviceCommand,
    prefix: string,
    part: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    for (const line of command.lines) {
      const answer = await send(prefix + line, command);
      if (answer.reason === '') this.#learn(command, answer);
      await this.#deliver(command, answer, part);
      if (answer.reason === 'disconnected' || answer.reason === 'cancelled') {
        this.#fault = answer.reason === 'cancelled' ? 'stopped' : `the device ended the session at "${answer.line}"`;
        return false;
      }
      // Another spelling helps where the device does not know this one, or keeps it for others.
      if (answer.reason !== 'refused') return true;
    }
    return true;
  }

  #learn({ id }: DeviceCommand, answer: CommandAnswer): void {
    if (id === 'version') this.#version = this.#options.platform.version.exec(textOf(answer.body))?.[1];
    if (id === 'clock') this.#clockOffset = clockOffsetOf(answer.body, answer);
  }

  async #deliver(command: DeviceCommand, answer: CommandAnswer, part: Readonly<Record<string, string>>): Promise<void> {
    this.#answers += 1;
    if (answer.reason !== '') this.#incomplete += 1;
    const parameters = { ...command.parameters, ...part };
    const known = { version: this.#version, clockOffset: this.#clockOffset };
    await this.#options.onAnswer({ ...answer, command, parameters, ...known });
  }

  #outcome(session: DeviceSession | undefined, parts: readonly string[]): ReadOutcome {
    return {
      answers: this.#answers,
      incomplete: this.#incomplete,
      version: this.#version,
      clockOffset: this.#clockOffset,
      privilege: session?.privilege,
      parts,
      fault: this.#fault,
    };
  }
}

/** A single command's answer; what a shell says of a command it does not have becomes `refused`. */
function execAnswer(
  line: string,
  { terminator }: DeviceCommand,
  result: Awaited<ReturnType<DeviceConnection['exec']>>,
  platform: Platform,
  startedAt: number,
  finishedAt: number,
): CommandAnswer {
  const { stdout, stderr, exit, signal } = result;
  const words = stderr.split('\n').map((text) => text.trim());
  const refused = exit !== 0 && words.some((text) => platform.refused.some((expression) => expression.test(text)));
  const unknown = exit === 127 || words.some((text) => platform.unknown.some((expression) => expression.test(text)));
  const cut = terminator !== undefined && !terminator.test(lastLine(stdout));
  const base = { line, body: stdout, exit, signal, stderr, startedAt, finishedAt };
  if (result.reason !== '') return { ...base, reason: result.reason, unknown: false };
  if (refused || (exit !== 0 && unknown)) return { ...base, reason: 'refused', unknown: !refused };
  return { ...base, reason: cut ? 'no_terminator' : '', unknown: false };
}

function lastLine(bytes: Uint8Array): string {
  const tail = Buffer.from(bytes.subarray(-4096)).toString('utf8').trimEnd();
  return tail.slice(tail.lastIndexOf('\n') + 1);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(terminalText(bytes)).toString('utf8');
}
