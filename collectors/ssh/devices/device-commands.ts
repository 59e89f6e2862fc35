import { CommandTable, type CommandSpec, type PreparedCommand } from '../commands/command-table';
import { patience, type DeviceCommand, type DevicePlatform, type DeviceParts, type Platform } from './platform';
import { PLATFORMS } from './platforms';

const STATE_BYTES = 16 * 2 ** 20;
const CONFIGURATION_BYTES = 64 * 2 ** 20;

/** Where a command is run: on the device itself, or on one of its parts. */
export type Place =
  { readonly kind: 'plain' } | { readonly kind: 'whole' } | { readonly kind: 'part'; readonly name: string };

/**
 * The allow-list of one platform: what its data file holds, made into lines that a connection takes. Entries are called by the line
 * itself; records name the command's id.
 */
export class DeviceCommands {
  readonly platform: Platform;
  readonly #table: CommandTable<Readonly<Record<string, CommandSpec>>>;

  constructor(platform: Platform) {
    this.platform = platform;
    this.#table = new CommandTable(platform.platform, specsOf(platform));
  }

  /** Every line that can be sent, parameters in braces. */
  get lines(): readonly string[] {
    return Object.keys(this.#table.specs);
  }

  /** A line of the session itself: preparing, enabling, navigating, answering. */
  session(line: string): PreparedCommand {
    return this.#table.prepare(line);
  }

  /** Leads into a part. Throws `CommandRefusedError` for a name that no device would give. */
  enter(part: string): PreparedCommand {
    const { enter = '', parameter = '' } = this.platform.parts ?? {};
    return this.#table.prepare(enter, { [parameter]: part });
  }

  /** One spelling of a command at a place. Throws `CommandRefusedError` for a name that no device would give. */
  at(line: string, place: Place): PreparedCommand {
    const { parts } = this.platform;
    switch (place.kind) {
      case 'plain':
        return this.#table.prepare(line);
      case 'whole':
        return this.#table.prepare((parts?.wholePrefix ?? '') + line);
      case 'part': {
        const prefix = parts?.partPrefix;
        if (prefix === undefined) return this.#table.prepare(line, {}, {}, marksOf(parts, place.name));
        return this.#table.prepare(prefix + line, { [parts?.parameter ?? '']: place.name });
      }
    }
  }
}

/** The allow-lists of all platforms. */
export const DEVICE_COMMANDS: Readonly<Record<DevicePlatform, DeviceCommands>> = Object.freeze(
  Object.fromEntries(Object.entries(PLATFORMS).map(([name, platform]) => [name, new DeviceCommands(platform)])),
) as Readonly<Record<DevicePlatform, DeviceCommands>>;

function marksOf(parts: DeviceParts | undefined, name: string): Readonly<Record<string, string>> {
  return parts === undefined ? {} : { [parts.parameter]: name };
}

function specsOf(platform: Platform): Record<string, CommandSpec> {
  const { commands, parts, prepare, login, enable, logout } = platform;
  const specs: Record<string, CommandSpec> = {};
  const named = parts === undefined ? undefined : ({ [parts.parameter]: 'name' } as const);
  const own = (line: string | undefined, parameters?: CommandSpec['parameters']): void => {
    if (line === undefined) return;
    specs[line] ??= { line, output: 'text', name: 'session', ...(parameters !== undefined && { parameters }) };
  };
  for (const command of commands) {
    for (const line of command.lines) {
      specs[line] = specOf(command, line);
      if (parts?.wholePrefix !== undefined) {
        const whole = parts.wholePrefix + line;
        specs[whole] = specOf(command, whole);
      }
      if (parts?.partPrefix !== undefined && named !== undefined) {
        const part = parts.partPrefix + line;
        specs[part] = { ...specOf(command, part), parameters: named };
      }
    }
  }
  for (const line of [...prepare, logout, enable?.line, parts?.detect.line, parts?.whole]) own(line);
  for (const { answer } of login) if ('line' in answer) own(answer.line);
  own(parts?.list.line === undefined ? undefined : (parts.wholePrefix ?? '') + parts.list.line);
  own(parts?.enter, named);
  return specs;
}

function specOf(command: DeviceCommand, line: string): CommandSpec {
  const byteCap = command.byteCap ?? (command.purpose === 'configuration' ? CONFIGURATION_BYTES : STATE_BYTES);
  const { id: name, output, parameters: marks } = command;
  return { line, output, name, byteCap, timeoutMs: patience(command), ...(marks !== undefined && { marks }) };
}
