import { Client } from 'ssh2';
import { CommandRun } from '../../../../collectors/ssh/adapter/command-run';
import { ShellChannel } from '../../../../collectors/ssh/adapter/shell-channel';
import { DEVICE_COMMANDS, DeviceCommands } from '../../../../collectors/ssh/devices/device-commands';
import type { SessionTimes } from '../../../../collectors/ssh/devices/device-login';
import {
  DeviceReader,
  type DeviceAnswer,
  type DeviceConnection,
  type ReadOutcome,
} from '../../../../collectors/ssh/devices/device-reader';
import type { DeviceCommand, DevicePlatform } from '../../../../collectors/ssh/devices/platform';
import { sampleContent } from '../../../site/devices/device-contents.data';
import { SCRIPTS } from '../../../site/devices/device-scripts.data';
import { ScriptedDevice, type ScriptedDeviceOptions } from '../../../site/devices/scripted-device';

/** Times short enough for a test and long enough for a busy machine. */
export const TEST_TIMES: SessionTimes = { quietMs: 25, loginMs: 5000, graceMs: 250 };

export interface Visit {
  readonly outcome: ReadOutcome;
  readonly answers: readonly DeviceAnswer[];
  readonly device: ScriptedDevice;
}

/** Starts a device of the platform with its sample content. */
export function openDevice(
  platform: DevicePlatform,
  options: Partial<ScriptedDeviceOptions> = {},
): Promise<ScriptedDevice> {
  return ScriptedDevice.open({
    script: SCRIPTS[platform],
    content: sampleContent(platform),
    enablePassword: 'open sesame',
    ...options,
  });
}

/** A connection that knows nothing but to connect: host keys and logins have tests of their own. */
export async function plainConnection(device: ScriptedDevice): Promise<DeviceConnection & { end(): void }> {
  const client = new Client();
  client.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.once('error', reject);
    client.connect({ host: '127.0.0.1', port: device.port, username: 'ascribe', password: 'secret' });
  });
  return {
    openShell: (listener) =>
      new Promise((resolve, reject) => {
        client.shell({ term: 'vt100', cols: 511 }, (error, channel) => {
          if (error === undefined || error === null) resolve(new ShellChannel(channel, listener));
          else reject(error);
        });
      }),
    exec: (command) => new CommandRun(command, Date.now).start(client),
    end: () => client.end(),
  };
}

/** Reads `wanted` commands (by id; all when left out) of a device in one visit. */
export async function visit(
  device: ScriptedDevice,
  platform: DevicePlatform,
  options: {
    readonly wanted?: readonly string[];
    readonly times?: SessionTimes;
    readonly enable?: string | undefined;
    readonly signal?: AbortSignal;
    readonly bounds?: Pick<DeviceCommand, 'timeoutMs' | 'byteCap'>;
  } = {},
): Promise<Visit> {
  const connection = await plainConnection(device);
  const answers: DeviceAnswer[] = [];
  const commands = bounded(platform, options.bounds);
  const wanted: readonly DeviceCommand[] = commands.platform.commands.filter(
    ({ id }) => options.wanted === undefined || options.wanted.includes(id),
  );
  const reader = new DeviceReader({
    commands,
    wanted,
    times: options.times ?? TEST_TIMES,
    now: Date.now,
    enableSecret: () => ('enable' in options ? options.enable : 'open sesame'),
    signal: options.signal ?? new AbortController().signal,
    onAnswer: async (answer) => void answers.push(answer),
  });
  try {
    return { outcome: await reader.read(connection), answers, device };
  } finally {
    connection.end();
  }
}

function bounded(
  platform: DevicePlatform,
  bounds: Pick<DeviceCommand, 'timeoutMs' | 'byteCap'> | undefined,
): DeviceCommands {
  const known = DEVICE_COMMANDS[platform];
  if (bounds === undefined) return known;
  const commands = known.platform.commands.map((command) => ({ ...command, ...bounds }));
  return new DeviceCommands({ ...known.platform, commands });
}

/** The output of the answer to one command, as text. */
export function bodyOf({ answers }: Visit, id: string): string {
  const found = answers.findLast(({ command }) => command.id === id);
  return found === undefined ? '' : Buffer.from(found.result.stdout).toString('utf8');
}

export function reasonOf({ answers }: Visit, id: string): string | undefined {
  return answers.findLast(({ command }) => command.id === id)?.result.reason;
}
