import type { ServerChannel } from 'ssh2';
import type { DeviceContent, DeviceFaults, DeviceMode, DeviceScript, ScriptedQuestion } from './device-script';
import type { Received } from './scripted-device';

export interface ShellOptions {
  readonly script: DeviceScript;
  readonly content: DeviceContent;
  readonly enablePassword: string | undefined;
  readonly faults: DeviceFaults;
  readonly received: Received[];
}

const INTERRUPT = '\u0003';
const WRAP = 80;

/** One interactive session with a scripted device: takes keys, echoes, answers page by page. */
export class ScriptedShell {
  readonly #channel: ServerChannel;
  readonly #options: ShellOptions;
  #mode: DeviceMode;
  #typed = '';
  readonly #questions: ScriptedQuestion[];
  #askingPassword = false;
  #paging = true;
  /** What is held back by the pager. */
  #held: string | undefined;
  #stalled = false;
  #flooding = false;
  #ended = false;
  readonly #outgoing: Buffer[] = [];
  #sending = false;

  constructor(channel: ServerChannel, options: ShellOptions) {
    this.#channel = channel;
    this.#options = options;
    this.#mode = { privileged: options.script.startsPrivileged, part: '' };
    this.#questions = [...(options.script.questions ?? [])];
  }

  start(): void {
    const { script, faults } = this.#options;
    this.#channel.on('data', (bytes: Buffer) => this.#keys(bytes.toString('utf8')));
    this.#channel.on('error', () => undefined);
    this.#channel.on('close', () => (this.#ended = true));
    const banner = faults.banner ?? script.banner;
    if (banner !== undefined) this.#text(banner);
    this.#ask();
  }

  #ask(): void {
    const question = this.#questions[0];
    if (question === undefined) this.#prompt();
    else this.#send(question.text);
  }

  #keys(text: string): void {
    for (const key of text) this.#key(key);
  }

  #key(key: string): void {
    const question = this.#questions[0];
    if (question?.key === true) {
      this.#receive('key', key);
      if (key !== question.answer) return;
      this.#questions.shift();
      this.#send('\r\n');
      this.#ask();
    } else if (this.#held !== undefined) {
      this.#receive('key', key);
      if (key === 'q' || key === INTERRUPT) this.#held = '';
      this.#send(this.#options.script.pager?.erase ?? '');
      this.#page();
    } else if (key === INTERRUPT) this.#interrupt();
    else if (this.#stalled || this.#flooding) return;
    else if (key === '\r' || key === '\n') this.#enter();
    else this.#typed += key;
  }

  #interrupt(): void {
    const { stalls } = this.#options.faults;
    this.#receive('key', INTERRUPT);
    if (this.#stalled && stalls?.interruptible !== true) return;
    this.#stalled = false;
    this.#flooding = false;
    this.#typed = '';
    this.#askingPassword = false;
    this.#outgoing.length = 0;
    this.#send('^C\r\n');
    this.#prompt();
  }

  #enter(): void {
    const line = this.#typed;
    this.#typed = '';
    if (this.#askingPassword) this.#password(line);
    else if (this.#questions.length > 0) this.#answer(line);
    else {
      this.#echo(line);
      if (line.trim() === '') this.#receive('key', '\r');
      else this.#receive('shell', line.trim());
      this.#command(line.trim());
    }
  }

  #answer(line: string): void {
    this.#receive('shell', line);
    this.#send(`${line}\r\n`);
    if (line === this.#questions[0]?.answer) this.#questions.shift();
    this.#ask();
  }

  #password(secret: string): void {
    const { script, enablePassword } = this.#options;
    this.#askingPassword = false;
    this.#receive('password', '');
    this.#send('\r\n');
    if (secret === enablePassword) this.#mode = { ...this.#mode, privileged: true };
    else if (script.enable !== undefined) {
      this.#text(script.enable.denied);
      this.#askingPassword = true;
      this.#send(script.enable.ask);
      return;
    }
    this.#prompt();
  }

  #command(line: string): void {
    const { script, faults, content } = this.#options;
    if (line === '') return this.#prompt();
    if (script.logout.test(line)) return this.#end();
    if (faults.refuses?.test(line) === true) return this.#answered(line, script.refusal);
    if (line === script.enable?.line && !this.#mode.privileged) {
      this.#askingPassword = true;
      this.#send(script.enable.ask);
      return;
    }
    if (script.pager?.off.test(line) === true) {
      if (faults.stubbornPager !== true) this.#paging = false;
      return this.#prompt();
    }
    const moved = script.navigate?.(line, this.#mode);
    if (moved !== undefined) {
      if ('error' in moved) return this.#answered(line, moved.error);
      this.#mode = moved;
      return this.#prompt();
    }
    const prefixed = script.prefixed?.(line);
    const mode = prefixed === undefined ? this.#mode : { ...this.#mode, part: prefixed.part };
    this.#answered(line, content.answer(prefixed?.line ?? line, mode) ?? script.unknown(line));
  }

  #answered(line: string, output: string): void {
    const { chatter, floods, closes, stalls, newline = '\r\n' } = this.#options.faults;
    if (chatter?.line.test(line) === true) this.#text(chatter.text);
    if (floods?.test(line) === true) {
      this.#flooding = true;
      this.#flood();
      return;
    }
    const text = output.replaceAll('\n', newline);
    if (closes?.line.test(line) === true) {
      this.#send(text.slice(0, closes.afterBytes));
      this.#whenSent(() => this.#end());
    } else if (stalls?.line.test(line) === true) {
      this.#send(text.slice(0, stalls.afterBytes));
      this.#stalled = true;
    } else {
      this.#held = text;
      this.#page();
    }
  }

  /** Sends a page, and the pager's question where there is more. */
  #page(): void {
    const { script, faults } = this.#options;
    const held = this.#held ?? '';
    this.#held = undefined;
    const { pager } = script;
    const end =
      pager === undefined || !this.#paging ? held.length : pageEnd(held, pager.lines, faults.pagerMidLine === true);
    this.#send(held.slice(0, end));
    if (end < held.length) {
      this.#held = held.slice(end);
      this.#send(pager!.text);
    } else this.#prompt();
  }

  #flood(): void {
    if (!this.#flooding || this.#ended) return;
    this.#channel.write('x'.repeat(1023) + '\n', () => setImmediate(() => this.#flood()));
  }

  #prompt(): void {
    const { script, faults } = this.#options;
    if (faults.mute !== true) this.#send(script.prompt(script.hostname, this.#mode));
  }

  #echo(line: string): void {
    const { script, faults } = this.#options;
    const prompt = script.prompt(script.hostname, this.#mode);
    switch (faults.echo ?? 'plain') {
      case 'none':
        this.#send('\r\n');
        return;
      case 'plain':
        this.#send(`${line}\r\n`);
        return;
      case 'redraw':
        this.#send(`${line.slice(0, 3)}\u0008\u0008\u0008\r\u001b[K\u001b[1m${prompt}\u001b[0m${line}\u001b[K\r\n`);
        return;
      case 'wrap': {
        const room = WRAP - prompt.length;
        const head = line.slice(0, room);
        this.#send(line.length > room ? `${head} \r${line.slice(room)}\r\n` : `${line}\r\n`);
      }
    }
  }

  /** Own text with the line endings of the device. */
  #text(text: string): void {
    this.#send(text.replaceAll('\n', this.#options.faults.newline ?? '\r\n'));
  }

  #send(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    const { drip } = this.#options.faults;
    if (drip === undefined) this.#outgoing.push(bytes);
    else for (let at = 0; at < bytes.length; at += drip) this.#outgoing.push(bytes.subarray(at, at + drip));
    if (!this.#sending) this.#pump();
  }

  #pump(): void {
    const next = this.#outgoing.shift();
    this.#sending = next !== undefined && !this.#ended;
    if (next === undefined || this.#ended) return;
    this.#channel.write(next, () => setImmediate(() => this.#pump()));
  }

  #whenSent(then: () => void): void {
    if (this.#sending) setImmediate(() => this.#whenSent(then));
    else then();
  }

  #end(): void {
    this.#ended = true;
    this.#channel.exit(0);
    this.#channel.end();
  }

  #receive(how: Received['how'], text: string): void {
    this.#options.received.push({ how, text });
  }
}

/** Where a page ends: after so many lines, or within the next one. */
function pageEnd(text: string, lines: number, midLine: boolean): number {
  let at = 0;
  for (let line = 0; line < lines; line += 1) {
    const next = text.indexOf('\n', at);
    if (next === -1) return text.length;
    at = next + 1;
  }
  return midLine ? Math.min(text.length, at + 5) : at;
}
