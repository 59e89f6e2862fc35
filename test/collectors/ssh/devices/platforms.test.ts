import { DEVICE_COMMANDS } from '../../../../collectors/ssh/devices/device-commands';
import type { DevicePlatform } from '../../../../collectors/ssh/devices/platform';
import { PLATFORMS } from '../../../../collectors/ssh/devices/platforms';
import { terminalText } from '../../../../collectors/terminal-screen';
import type { ScriptedDevice } from '../../../site/devices/scripted-device';
import { bodyOf, openDevice, reasonOf, visit } from './read-device';

/** Every platform against its scripted device: what comes back is what the device knows, and nothing else was sent. */

jest.setTimeout(30_000);

const platforms = Object.keys(PLATFORMS) as DevicePlatform[];
const CONFIG_END: Readonly<Record<DevicePlatform, string>> = {
  cisco_ios: 'end',
  cisco_asa: ': end',
  cisco_nxos: 'logging server 192.0.2.9 5 port 6514 secure',
  juniper_junos: '}',
  fortigate: 'end',
  panos: '}',
  arista_eos: 'end',
  mikrotik: 'set enabled=yes',
  vyos: "set nat source rule 10 translation address 'masquerade'",
  pfsense: '</pfsense>',
  opnsense: '</opnsense>',
};
const VERSIONS: Readonly<Record<DevicePlatform, string>> = {
  cisco_ios: '17.09.04a',
  cisco_asa: '9.16(4)',
  cisco_nxos: '9.3(10)',
  juniper_junos: '21.4R3-S5.4',
  fortigate: 'v7.2.8,build1639,240313',
  panos: '10.1.9',
  arista_eos: '4.28.3M',
  mikrotik: '6.49.10',
  vyos: '1.3.4',
  pfsense: '2.7.2-RELEASE',
  opnsense: 'OPNsense 24.1.6',
};

/** What a device was told that no table holds; parts' names stand for themselves. */
function offList(device: ScriptedDevice, platform: DevicePlatform): string[] {
  const allowed = new Set(DEVICE_COMMANDS[platform].lines);
  const keys = new Set(['\r', ' ', 'q', 'a', 'n', '\u0003']);
  return device.received
    .filter(({ how, text }) => {
      if (how === 'password') return false;
      if (how === 'key') return !keys.has(text);
      const general = text
        .replace(/^sudo (?!global )\S+ /, 'sudo {vdom} ')
        .replace(/^changeto context \S+/, 'changeto context {context}');
      return !allowed.has(text) && !allowed.has(general);
    })
    .map(({ text }) => text);
}

describe.each(platforms)('%s', (platform) => {
  let device: ScriptedDevice;
  afterEach(() => device.close());

  test('gives its configuration and its tables whole', async () => {
    device = await openDevice(platform);
    const seen = await visit(device, platform, {
      wanted: ['clock', 'version', 'arp', 'connections', 'running_config'],
    });
    expect(seen.outcome.fault).toBe('');
    expect(seen.outcome.version).toBe(VERSIONS[platform]);
    expect(reasonOf(seen, 'running_config')).toBe('');
    const text = Buffer.from(terminalText(Buffer.from(bodyOf(seen, 'running_config')))).toString();
    expect(text.trimEnd().split('\n').at(-1)).toBe(CONFIG_END[platform]);
    expect(text).not.toContain('\u001b');
    const arp = seen.answers.filter(({ command, result }) => command.id === 'arp' && result.complete);
    const name = PLATFORMS[platform].parts?.parameter;
    expect(arp.map(({ sent }) => sent.parameters[name ?? ''] ?? '')).toEqual(PARTS[platform] ?? ['']);
    expect(Buffer.from(arp.at(-1)!.result.stdout).toString()).toMatch(/(?:00:50:56|0050\.56)/);
    expect(offList(device, platform)).toEqual([]);
  });

  test('is read the same when every byte comes alone, in odd line endings, with what was typed drawn twice', async () => {
    const faults = { drip: 1, newline: '\r\r\n', echo: 'redraw' } as const;
    device = await openDevice(platform, { faults });
    const odd = await visit(device, platform, { wanted: ['running_config'] });
    const plain = await openDevice(platform);
    try {
      const even = await visit(plain, platform, { wanted: ['running_config'] });
      expect(odd.outcome).toEqual(even.outcome);
      const text = (seen: typeof odd): string =>
        Buffer.from(terminalText(Buffer.from(bodyOf(seen, 'running_config'))))
          .toString()
          .trim();
      expect(text(odd)).toBe(text(even));
    } finally {
      await plain.close();
    }
  });
});

const PARTS: Readonly<Partial<Record<DevicePlatform, readonly string[]>>> = {
  cisco_asa: ['admin', 'customer-a'],
  fortigate: ['root', 'guest'],
};
