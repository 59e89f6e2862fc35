import { DEVICE_COMMANDS } from '../../../../collectors/ssh/devices/device-commands';
import type { DeviceCommand, DevicePlatform } from '../../../../collectors/ssh/devices/platform';
import { terminalText } from '../../../../collectors/terminal-screen';
import { sampleContentWith } from '../../../site/devices/device-contents.data';
import { SCRIPTS } from '../../../site/devices/device-scripts.data';
import type { DeviceFaults } from '../../../site/devices/device-script';
import type { ScriptedDevice, ScriptedDeviceOptions } from '../../../site/devices/scripted-device';
import { bodyOf, openDevice, reasonOf, visit, type Visit } from './read-device';

/** What devices, and whatever stands between, do to a session; after the failure lists of other collectors. */

jest.setTimeout(30_000);

let device: ScriptedDevice;
afterEach(() => device.close());

async function read(
  platform: DevicePlatform,
  faults: DeviceFaults,
  wanted: readonly string[],
  options: Partial<ScriptedDeviceOptions> & { readonly enable?: string; readonly signal?: AbortSignal } = {},
): Promise<Visit> {
  const { enable = 'open sesame', signal, ...rest } = options;
  device = await openDevice(platform, { faults, ...rest });
  return visit(device, platform, { wanted, enable, ...(signal !== undefined && { signal }) });
}

const text = (seen: Visit, id: string): string =>
  Buffer.from(terminalText(Buffer.from(bodyOf(seen, id)))).toString('utf8');

const lines = (count: number): string =>
  Array.from({ length: count }, (_, at) => `interface Vlan${at}\n description nr ${at}\n`).join('') + 'end\n';

describe('pagers', () => {
  test.each([
    ['cisco_ios', 'show running-config'],
    ['cisco_asa', 'show version'],
    ['cisco_nxos', 'show running-config'],
    ['juniper_junos', 'show configuration | display set | no-more'],
    ['fortigate', 'show'],
    ['panos', 'show config running'],
    ['arista_eos', 'show running-config | no-more'],
    ['vyos', 'show configuration commands | no-more'],
  ] as const)(
    '%s: a pager that cannot be turned off leaves no trace in the text, within lines too',
    async (platform, line) => {
      const long = lines(12);
      const content = sampleContentWith(platform, { [line]: long });
      const id = line === 'show version' ? 'version' : 'running_config';
      // `less` asks at the beginning of a line only.
      const pagerMidLine = platform !== 'panos' && platform !== 'vyos';
      const seen = await read(platform, { stubbornPager: true, pagerMidLine }, [id], { content });
      const first = seen.answers.find(({ sent }) => sent.line === line);
      expect(Buffer.from(terminalText(first!.result.stdout)).toString().trim()).toBe(long.trim());
      // The bytes are as they came.
      expect(Buffer.from(first!.result.stdout).toString()).toContain(SCRIPTS[platform].pager!.text);
    },
  );
});

describe('prompts', () => {
  test('a banner full of prompt characters, sent byte by byte with pauses, is not the prompt', async () => {
    const banner = '\n*** core# ***\ncore-rtr.1>\nlogin# ok >\nWelcome to core#';
    const seen = await read('cisco_ios', { banner: `${banner}\n`, drip: 1 }, ['arp']);
    expect(text(seen, 'arp')).toContain('0050.5600.0005');
    expect(reasonOf(seen, 'arp')).toBe('');
  });

  test('a banner without a line ending before the prompt does no harm', async () => {
    const seen = await read('cisco_nxos', { banner: 'Unauthorized access prohibited#' }, ['arp']);
    expect(reasonOf(seen, 'arp')).toBe('');
  });

  test('a line of the configuration that equals the prompt does not end it', async () => {
    const seen = await read('cisco_ios', { drip: 3 }, ['running_config']);
    expect(text(seen, 'running_config')).toContain('core-rtr.1#\n^C\n!\nend');
    expect(reasonOf(seen, 'running_config')).toBe('');
  });

  test('a device that shows no prompt is told so, with its last line', async () => {
    device = await openDevice('cisco_ios', { faults: { mute: true, banner: 'Please wait' } });
    const times = { quietMs: 20, loginMs: 300, graceMs: 100 };
    await expect(visit(device, 'cisco_ios', { times })).rejects.toMatchObject({
      code: 'device_no_prompt',
      message: 'no prompt came; the last line is "Please wait"',
    });
  });

  test('a device that asks for a new password gets none', async () => {
    const script = { ...SCRIPTS.cisco_ios, questions: [{ text: 'Enter new password: ', answer: 'x' }] };
    device = await openDevice('cisco_ios', { script });
    await expect(visit(device, 'cisco_ios')).rejects.toMatchObject({ code: 'device_question' });
    expect(device.received).toEqual([]);
  });
});

describe('echoes', () => {
  test.each(['none', 'redraw', 'wrap'] as const)('%s', async (echo) => {
    const seen = await read('cisco_ios', { echo }, ['nat_translations', 'config_changes']);
    expect(text(seen, 'nat_translations').trim().split('\n')).toHaveLength(2);
    expect(text(seen, 'nat_translations')).toMatch(/^\n?Pro Inside global/);
  });

  test('a message of the log before the output is kept and does no harm', async () => {
    const chatter = { line: /^show arp$/, text: '*Nov 24 01:02:03.456: %LINK-3-UPDOWN: Interface Gi0/1, state up\n' };
    const seen = await read('cisco_ios', { chatter }, ['arp']);
    expect(text(seen, 'arp')).toMatch(/^\*Nov 24[^\n]*\nProtocol/);
  });
});

describe('privilege', () => {
  test('enable is not asked for where the prompt is privileged already', async () => {
    const script = { ...SCRIPTS.cisco_ios, startsPrivileged: true };
    const seen = await read('cisco_ios', {}, ['arp'], { script });
    expect(seen.outcome.privilege).toBe('had');
    expect(device.received.filter(({ text: sent }) => sent === 'enable')).toEqual([]);
  });

  test('a wrong enable password is tried once; what can be read without it is read', async () => {
    const seen = await read('cisco_ios', {}, ['arp'], { enable: 'wrong' });
    expect(seen.outcome.privilege).toBe('refused');
    expect(device.received.filter(({ how }) => how === 'password')).toHaveLength(1);
    expect(reasonOf(seen, 'arp')).toBe('');
  });

  test('without an enable password enable is not tried', async () => {
    device = await openDevice('cisco_ios');
    const seen = await visit(device, 'cisco_ios', { wanted: ['arp'], enable: undefined });
    expect(seen.outcome.privilege).toBe('not_asked');
    expect(device.received.filter(({ text: sent }) => sent === 'enable')).toEqual([]);
  });

  test('no password is in any output', async () => {
    const seen = await read('cisco_ios', { echo: 'redraw' }, ['arp', 'running_config']);
    expect(JSON.stringify(seen.answers.map(({ result }) => result.stdout.toString()))).not.toContain('sesame');
  });

  test.each(Object.keys(SCRIPTS) as DevicePlatform[])(
    '%s: what AAA refuses is refused, not empty',
    async (platform) => {
      const arp = deviceCommand(platform, 'arp');
      const refuses = new RegExp(`(?:${arp.lines.map((line) => line.replaceAll(/[|/]/g, '.')).join('|')})$`);
      const seen = await read(platform, { refuses }, ['arp']);
      expect(seen.answers.filter(({ command }) => command.id === 'arp').map(({ result }) => result.reason)).toEqual(
        Array.from(
          seen.answers.filter(({ command }) => command.id === 'arp'),
          () => 'refused',
        ),
      );
      expect(seen.answers.at(-1)?.result).toMatchObject({ complete: false, unknown: false });
      expect(seen.answers.at(-1)?.result.stderr).not.toBe('');
    },
  );

  test('a refused pager command costs pages, not the output', async () => {
    const content = sampleContentWith('cisco_ios', { 'show running-config': lines(10) });
    const seen = await read('cisco_ios', { refuses: /^terminal/ }, ['running_config'], { content });
    expect(text(seen, 'running_config').trim()).toBe(lines(10).trim());
  });
});

describe('ends', () => {
  test('a configuration without its last line is incomplete, and marked so', async () => {
    const content = sampleContentWith('cisco_ios', {
      'show running-config': 'Building configuration...\n!\nversion 17.9\n',
    });
    const seen = await read('cisco_ios', {}, ['running_config', 'arp'], { content });
    expect(seen.answers.find(({ command }) => command.id === 'running_config')?.result).toMatchObject({
      complete: false,
      reason: 'no_terminator',
    });
  });

  test('a session that ends within an output gives what came', async () => {
    const seen = await read('cisco_ios', { closes: { line: /^show arp$/, afterBytes: 40 } }, ['arp', 'running_config']);
    expect(bodyOf(seen, 'arp')).toHaveLength(40);
    expect(reasonOf(seen, 'arp')).toBe('disconnected');
    expect(seen.outcome.fault).toBe('the device ended the session at "show arp"');
    expect(reasonOf(seen, 'running_config')).toBeUndefined();
  });

  test('a single command that ends without exit status gives what came', async () => {
    const seen = await read('pfsense', { closes: { line: /^arp/, afterBytes: 10 } }, ['arp', 'running_config']);
    expect(reasonOf(seen, 'arp')).toBe('no_exit');
    expect(bodyOf(seen, 'arp')).toHaveLength(10);
    expect(reasonOf(seen, 'running_config')).toBe('');
  });

  test('a login that leads into the menu is left for its shell', async () => {
    const seen = await read('pfsense', { menu: true }, ['arp', 'running_config']);
    expect(reasonOf(seen, 'running_config')).toBe('');
    expect(text(seen, 'arp')).toMatch(/^\? \(10\.0\.0\.5\)/);
    expect(device.received.some(({ how, text: sent }) => how === 'shell' && sent === '8')).toBe(true);
  });

  test.each([true, false])(
    'an output that stalls is given up in time; interruptible: %s',
    async (interruptible) => {
      const stalls = { line: /^show arp$/, afterBytes: 30, interruptible };
      device = await openDevice('cisco_ios', { faults: { stalls } });
      const bounds = { timeoutMs: 400 };
      const seen = await visit(device, 'cisco_ios', { wanted: ['arp', 'mac_table'], bounds });
      expect(bodyOf(seen, 'arp')).toHaveLength(30);
      expect(reasonOf(seen, 'arp')).toBe('timeout');
      expect(reasonOf(seen, 'mac_table')).toBe(interruptible ? '' : 'disconnected');
    },
    60_000,
  );

  test('an output without end is cut at the cap, and the session goes on', async () => {
    device = await openDevice('cisco_ios', { faults: { floods: /^show arp$/ } });
    const bounds = { byteCap: 65_536, timeoutMs: 3000 };
    const seen = await visit(device, 'cisco_ios', { wanted: ['arp', 'mac_table'], bounds });
    expect(reasonOf(seen, 'arp')).toBe('byte_cap');
    expect(bodyOf(seen, 'arp').length).toBeLessThanOrEqual(65_536);
    expect(bodyOf(seen, 'arp').length).toBeGreaterThan(60_000);
    expect(reasonOf(seen, 'mac_table')).toBe('');
  });

  test('being told to stop ends a visit with what came', async () => {
    const stop = new AbortController();
    const stalls = { line: /^show arp$/, afterBytes: 30, interruptible: false };
    device = await openDevice('cisco_ios', { faults: { stalls } });
    const visiting = visit(device, 'cisco_ios', { wanted: ['arp'], signal: stop.signal });
    const until = async (): Promise<void> => {
      while (!device.received.some(({ text: sent }) => sent === 'show arp')) await new Promise(setImmediate);
    };
    await until();
    stop.abort();
    const seen = await visiting;
    expect(seen.outcome.fault).toBe('stopped');
    expect(reasonOf(seen, 'arp')).toBe('cancelled');
  });
});

function deviceCommand(platform: DevicePlatform, id: string): DeviceCommand {
  return DEVICE_COMMANDS[platform].platform.commands.find((command) => command.id === id)!;
}
