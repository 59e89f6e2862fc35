import { check } from 'recheck';
import { DEVICE_COMMANDS } from '../../../../collectors/ssh/devices/device-commands';
import type { DevicePlatform, Platform } from '../../../../collectors/ssh/devices/platform';
import { PLATFORMS } from '../../../../collectors/ssh/devices/platforms';

/** Read-only by construction: what the tables hold is all that can be sent, and none of it changes a device. */

const platforms = Object.keys(PLATFORMS) as DevicePlatform[];
const rows = platforms.flatMap((platform) =>
  DEVICE_COMMANDS[platform].lines.map((line): [DevicePlatform, string] => [platform, line]),
);

/** How reading commands begin, and the few words that set nothing but the session. */
const READS =
  /^(?:sudo (?:global|\{vdom\}) )?(?:show |show$|get |diagnose (?:sys (?:session list|tcpsock|vd list)|vpn tunnel list|netlink brctl name host|lldprx neighbor summary|autoupdate versions|debug rating)|request license info$|pfctl -|sockstat |swanctl --list|ipsec statusall$|arp -an$|ndp -an$|ifconfig -a$|date \+%s$|stat -f %m |cat \/(?:cf\/)?conf\/config\.xml$|cat \/etc\/version$|opnsense-version$|\/export|\/[a-z0-9 /-]+ print)/;
const SESSION =
  /^(?:sudo global show|terminal (?:length|width|pager) \d+|set cli (?:screen-length 0|screen-width 0|complete-on-space off|scripting-mode on|pager off|terminal width 500)|set terminal (?:length|width) \d+|enable|exit|\/quit|cli|yes|8|changeto (?:system|context \{context\}))$/;
const CHANGES =
  /\b(?:configure|conf t|write|copy|delete|erase|reload|reboot|commit(?!$)|edit|clear|no |kill|debug (?!rating)|set output|execute|reset|upgrade|add|remove|disable)\b|more system:|[;&`$<>]/;

test.each(rows)('%s: "%s" reads or sets the session alone', (_, line) => {
  expect(READS.test(line) || SESSION.test(line)).toBe(true);
  expect(line).not.toMatch(CHANGES);
  // Pipes only narrow or show; nothing is written with them.
  for (const piped of line.split('|').slice(1)) expect(piped.trim()).toMatch(/^(?:include|display set|no-more)/);
  expect(line).toMatch(/^[\x20-\x7e]+$/);
});

test.each(platforms)('%s: a name of a part that could be read as more is refused', (platform) => {
  const commands = DEVICE_COMMANDS[platform];
  const { parts, commands: table } = commands.platform;
  if (parts === undefined) return;
  for (const name of ['', 'a b', 'a;reboot', 'a\rreload', 'a|x', '../x', '-x', 'é', 'a'.repeat(65)]) {
    if (parts.enter !== undefined) expect(() => commands.enter(name)).toThrow('a parameter is not a name');
    if (parts.partPrefix !== undefined) {
      expect(() => commands.at(table[0]!.lines[0], { kind: 'part', name })).toThrow('a parameter is not a name');
    }
  }
});

function expressionsOf(platform: Platform): RegExp[] {
  const {
    prompt,
    promptHead,
    privileged,
    enable,
    login,
    stop = [],
    pagers,
    refused,
    unknown,
    commands,
    parts,
  } = platform;
  const shows = [...login, ...stop, ...pagers].map((entry) => entry.shows);
  const ends = commands.flatMap(({ terminator }) => terminator ?? []);
  const others = [promptHead, enable?.password, parts?.detect.shows, parts?.list.name].filter(
    (one) => one !== undefined,
  );
  return [prompt, privileged, platform.version, ...shows, ...refused, ...unknown, ...ends, ...others];
}

test('every regular expression that reads what devices send is safe against backtracking', async () => {
  const expressions = new Map(
    platforms.flatMap((name) => expressionsOf(PLATFORMS[name])).map((one) => [String(one), one]),
  );
  const unsafe: string[] = [];
  for (const [text, { source, flags }] of expressions) {
    const { status } = await check(source, flags, { timeout: 20_000 });
    if (status !== 'safe') unsafe.push(`${status}: ${text}`);
  }
  expect(unsafe).toEqual([]);
}, 120_000);
