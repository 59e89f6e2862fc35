import { resolve } from 'node:path';
import type { LoadedConfig } from './config/load';
import type * as ConfigLoad from './config/load';
import { CommandError, EXIT } from './exit-codes';
import type { Io } from './io';
import { escapeTerminal } from './output/escape';
import { type JsonValue, writeJson } from './output/ndjson';
import { Progress, type ProgressOptions } from './output/progress';
import { createStyle, type Style } from './output/style';
import { type Column, tableLines } from './output/table';
import { formatLocal, formatUtc, parseTime, type TimeFormat } from './output/time';

/** The options every command takes, before or after its name. */
export interface GlobalOptions {
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly json?: boolean | undefined;
  readonly color: boolean;
  readonly local?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
}

/**
 * What a command is given: its options that all share, the configuration, and ways to answer. The answer goes to stdout,
 * everything else to stderr. Commands print through it, so that what came from the network is escaped in one place.
 */
export class CommandContext {
  readonly style: Style;
  readonly formatTime: TimeFormat;
  #loaded: LoadedConfig | undefined;

  constructor(
    readonly io: Io,
    readonly options: GlobalOptions,
  ) {
    this.style = createStyle(io.stdout, io.env, options.color);
    this.formatTime = options.local === true ? formatLocal : formatUtc;
  }

  /** `--json`: NDJSON on stdout and nothing else there. */
  get json(): boolean {
    return this.options.json === true;
  }

  /** The configuration, read once. Throws `ConfigError`. */
  get loaded(): LoadedConfig {
    if (this.#loaded === undefined) {
      const { loadConfig } = require('./config/load') as typeof ConfigLoad;
      const { config: file, data: dataDirectory } = this.options;
      this.#loaded = loadConfig({ file, dataDirectory, cwd: this.io.cwd });
    }
    return this.#loaded;
  }

  /**
   * Absolute path of the data directory; it need not exist. With `--data` alone no configuration is read: a fault in it
   * must not keep anybody from the data. Throws `ConfigError`.
   */
  get dataDirectory(): string {
    const { config, data } = this.options;
    return data !== undefined && config === undefined ? resolve(this.io.cwd, data) : this.loaded.dataDirectory;
  }

  /** One line of the answer for people. The caller escapes what came from outside (`text` does). */
  print(line = ''): void {
    this.io.stdout.write(`${line}\n`);
  }

  /** Escapes a string that came from outside for `print`. */
  text(value: string): string {
    return escapeTerminal(value);
  }

  /** One object of the answer, as one line. */
  printJson(value: JsonValue): void {
    writeJson(this.io.stdout, value);
  }

  /** The answer as a table, as wide as the terminal, or as its content where stdout is not one. */
  printTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): void {
    const { isTTY, columns: width } = this.io.stdout;
    for (const line of tableLines(rows, columns, { width: isTTY === true ? width : undefined, style: this.style })) {
      this.print(line);
    }
  }

  /** Something worth knowing, on stderr; silent with `-q`. Escaped here. */
  note(message: string): void {
    if (this.options.quiet !== true) this.io.stderr.write(`${escapeLines(message)}\n`);
  }

  /** Something unexpected that lost nothing, on stderr; silent with `-q`. Escaped here. */
  warn(message: string): void {
    if (this.options.quiet !== true) this.io.stderr.write(`ascribe: warning: ${escapeLines(message)}\n`);
  }

  /** A progress display on stderr; silent with `-q`. */
  progress(options: Omit<ProgressOptions, 'stream' | 'silent'>): Progress {
    return new Progress({ ...options, stream: this.io.stderr, silent: this.options.quiet === true });
  }

  /** Epoch ms of a time option. Throws a usage error that names the option. */
  time(option: string, text: string): number {
    const time = parseTime(text, this.io.now(), this.options.local);
    if (time !== undefined) return time;
    throw new CommandError(
      'bad_time',
      `${option}: "${text}" is not a time (write -2h, now, "2026-11-24 02:10" or 2026-11-24T02:10:00Z)`,
      EXIT.usage,
    );
  }
}

/** Escapes each line of a message; the line breaks of our own messages stay. */
export function escapeLines(message: string): string {
  return message.split('\n').map(escapeTerminal).join('\n');
}
