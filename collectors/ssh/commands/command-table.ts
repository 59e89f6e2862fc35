import { CommandRefusedError } from '../ssh-errors';
import type { SshOutput, SshPlatform } from '../ssh-record';
import { writeParameter, type ParameterKind, type ParameterValue } from './command-parameter';

/** Kinds of the parameters that a line names in braces. */
export type ParameterKinds = Readonly<Record<string, ParameterKind>>;

/** One allowed command. Tables (`*.data.ts`) hold these; they are the whole of what can be sent to a device. */
export interface CommandSpec {
  /** The line, parameters in braces: `esxcli network ip connection list -t all -N {netstack}`. Reads, never changes. */
  readonly line: string;
  readonly parameters?: ParameterKinds;
  /** Name in records where several lines stand for one command: its spelling differs between versions. Default: the entry's. */
  readonly name?: string;
  /** Parameters that records name though the line does not. */
  readonly marks?: Readonly<Record<string, string>>;
  readonly output: SshOutput;
  /** Milliseconds the command may take; 30 s when absent. */
  readonly timeoutMs?: number;
  /** Bytes of output that are taken; 4 MiB when absent. */
  readonly byteCap?: number;
}

/** A table of allowed commands by name. */
export type CommandSpecs = Readonly<Record<string, CommandSpec>>;

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_BYTE_CAP = 4 * 2 ** 20;
const PLACEHOLDER = /\{([a-z][A-Za-z0-9]*)\}/gu;

/**
 * A line that may be sent. Only `CommandTable.prepare` makes one, from an entry of a table: the constructor is of no
 * use to anybody else, and the connection asks `PreparedCommand.is` before it sends.
 */
export class PreparedCommand {
  readonly platform: SshPlatform;
  /** Name in the table. */
  readonly command: string;
  readonly line: string;
  /** As written into the record. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly output: SshOutput;
  readonly timeoutMs: number;
  readonly byteCap: number;
  readonly #seal: symbol;

  constructor(seal: symbol, fields: Omit<PreparedCommand, never>) {
    if (seal !== SEAL) throw new CommandRefusedError('commands are made by their table');
    this.#seal = seal;
    this.platform = fields.platform;
    this.command = fields.command;
    this.line = fields.line;
    this.parameters = fields.parameters;
    this.output = fields.output;
    this.timeoutMs = fields.timeoutMs;
    this.byteCap = fields.byteCap;
    Object.freeze(this);
  }

  /** Whether a table made it. */
  static is(value: unknown): value is PreparedCommand {
    return typeof value === 'object' && value !== null && #seal in value && value.#seal === SEAL;
  }
}

const SEAL = Symbol('made by a command table');

/** The allowed commands of one platform. */
export class CommandTable<Specs extends CommandSpecs> {
  readonly platform: SshPlatform;
  readonly specs: Specs;

  constructor(platform: SshPlatform, specs: Specs) {
    this.platform = platform;
    this.specs = specs;
  }

  /**
   * The line of an entry with its parameters written in. Throws `CommandRefusedError` when there is no such entry, or a
   * parameter is missing, not asked for, or not of its kind. `marks` are added to the parameters that records name.
   */
  prepare(
    command: keyof Specs & string,
    values: Readonly<Record<string, ParameterValue>> = {},
    limits: { readonly byteCap?: number; readonly timeoutMs?: number } = {},
    marks: Readonly<Record<string, string>> = {},
  ): PreparedCommand {
    const spec: CommandSpec | undefined = Object.hasOwn(this.specs, command) ? this.specs[command] : undefined;
    if (spec === undefined) throw new CommandRefusedError(`${this.platform} has no command ${command}`);
    const kinds: ParameterKinds = spec.parameters ?? {};
    const { formatter, ...named } = values;
    for (const name of Object.keys(values)) {
      if (!Object.hasOwn(kinds, name)) throw new CommandRefusedError(`${command} takes no parameter ${name}`);
    }
    const line = spec.line.replaceAll(PLACEHOLDER, (_, name: string) => {
      const kind = kinds[name];
      const value = values[name];
      if (kind === undefined || value === undefined) throw new CommandRefusedError(`${command} needs ${name}`);
      return writeParameter(kind, value);
    });
    return new PreparedCommand(SEAL, {
      platform: this.platform,
      command: spec.name ?? command,
      line,
      parameters: {
        ...spec.marks,
        ...marks,
        ...Object.fromEntries(Object.entries(named).map(([name, value]) => [name, shown(value)])),
      },
      output: formatter === undefined ? spec.output : (formatter as SshOutput),
      timeoutMs: limits.timeoutMs ?? spec.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      byteCap: limits.byteCap ?? spec.byteCap ?? DEFAULT_BYTE_CAP,
    });
  }
}

function shown(value: ParameterValue): string {
  return typeof value === 'object' ? value.join(' ') : String(value);
}
