import { ConfigError, parseConfig } from '../../../cli/config/load';

/** The faults of a configuration, as they are printed. */
function faults(text: string): string[] {
  try {
    parseConfig(text, 'a.yaml');
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message.split('\n');
  }
}

describe('configuration faults', () => {
  it.each<[string, string, string | RegExp]>([
    ['unknown key at the top', 'dta: x\n', 'a.yaml:1:1: dta: unknown key; did you mean "data"?'],
    [
      'unknown key in a section',
      'journal:\n  rotate: 1h\n',
      'a.yaml:2:3: journal.rotate: unknown key; allowed here: rotate_after, checkpoint_after, rotate_bytes, reserve_bytes',
    ],
    [
      'swapped letters in a list entry',
      'devices:\n  - name: a\n    adresses: [192.0.2.1]\n    addresses: [192.0.2.1]\n',
      'a.yaml:3:5: devices[0].adresses: unknown key; did you mean "addresses"?',
    ],
    ['unknown key with nothing behind it', 'sesions:\n', 'a.yaml:1:1: sesions: unknown key; did you mean "sessions"?'],
    ['key of the prototype', '__proto__: {a: 1}\n', /^a\.yaml:1:1: __proto__: unknown key/u],
    ['wrong type', 'data: 5\n', 'a.yaml:1:7: data: expected text, found 5'],
    ['text where a map belongs', 'journal: fast\n', 'a.yaml:1:10: journal: expected a map of keys, found "fast"'],
    ['map where a list belongs', 'devices: {name: a}\n', 'a.yaml:1:10: devices: expected a list, found a map of keys'],
    ['a list at the top', '- data: x\n', 'a.yaml:1:1: (top): expected a map of keys, found a list'],
    ['text at the top', 'hello\n', 'a.yaml:1:1: (top): expected a map of keys, found "hello"'],
    [
      'network with host bits',
      'home_networks:\n  - 10.1.2.3/8\n',
      'a.yaml:2:5: home_networks[0]: "10.1.2.3/8" has bits set behind its prefix; the network is 10.0.0.0/8',
    ],
    [
      'prefix too long',
      'home_networks: [10.0.0.0/33]\n',
      'a.yaml:1:17: home_networks[0]: "/33" is not a prefix length of 10.0.0.0 (0 to 32)',
    ],
    [
      'leading zeros',
      'home_networks: [010.0.0.0/8]\n',
      'a.yaml:1:17: home_networks[0]: "010.0.0.0/8" is not an address or network (write 10.0.0.0/8 or 2001:db8::/32)',
    ],
    [
      'time zone',
      'devices: [{name: a, addresses: [192.0.2.1], timezone: Mars/Olympus}]\n',
      'a.yaml:1:55: devices[0].timezone: "Mars/Olympus" is not an IANA time zone (write Europe/Berlin, UTC)',
    ],
    [
      'duplicate device name',
      'devices:\n  - {name: a, addresses: [192.0.2.1]}\n  - {name: a, addresses: [192.0.2.2]}\n',
      'a.yaml:3:12: devices[1].name: device "a" is already taken at devices[0].name',
    ],
    [
      'address of two devices, written differently',
      'devices:\n  - {name: a, addresses: [192.0.2.1]}\n  - {name: b, addresses: [192.0.2.1/32]}\n',
      'a.yaml:3:27: devices[1].addresses[0]: address 192.0.2.1/32 is already taken at devices[0].addresses[0]',
    ],
    ['no addresses', 'devices: [{name: a, addresses: []}]\n', 'a.yaml:1:32: devices[0].addresses: must not be empty'],
    ['missing key is shown at its map', 'devices:\n  - name: a\n', 'a.yaml:2:5: devices[0].addresses: is required'],
    [
      'name with a space',
      'devices: [{name: my router, addresses: [192.0.2.1]}]\n',
      /^a\.yaml:1:18: devices\[0\]\.name: a name has letters/u,
    ],
    [
      'profile that is mistyped',
      'devices: [{name: a, addresses: [192.0.2.1], profile: cisco_assa}]\n',
      'a.yaml:1:54: devices[0].profile: there is no profile "cisco_assa"; did you mean "cisco_asa"?',
    ],
    [
      'profile that nobody has',
      'devices: [{name: a, addresses: [192.0.2.1], profile: abacus}]\n',
      /: there is no profile "abacus"; known are cisco_asa, /u,
    ],
    [
      'sampling rate of 0',
      'devices: [{name: a, addresses: [192.0.2.1], sampling_rate: 0}]\n',
      'a.yaml:1:60: devices[0].sampling_rate: must be at least 1, found 0',
    ],
    [
      'override without a rate',
      'devices: [{name: a, addresses: [192.0.2.1], sampling_override: true}]\n',
      'a.yaml:1:64: devices[0].sampling_override: needs sampling_rate',
    ],
    [
      'duration without a unit',
      'journal: {rotate_after: 60}\n',
      'a.yaml:1:25: journal.rotate_after: expected a duration (90s, 1h30m, 30d), found 60',
    ],
    [
      'duration out of range',
      'journal: {rotate_after: 10s}\n',
      'a.yaml:1:25: journal.rotate_after: "10s" is out of range (1m to 24h)',
    ],
    [
      'size that is none',
      'journal: {rotate_bytes: lots}\n',
      'a.yaml:1:25: journal.rotate_bytes: "lots" is not a size (write 256MiB, 1GB)',
    ],
    [
      'word of a set',
      'log: {format: tex}\n',
      'a.yaml:1:15: log.format: expected auto or json or text, found "tex"; did you mean "text"?',
    ],
    [
      'limit that is neither',
      'retention: {raw: {max_age: 30}}\n',
      'a.yaml:1:28: retention.raw.max_age: expected unlimited or a duration (30d), found 30',
    ],
    [
      'limit that is no duration',
      'retention: {raw: {max_age: never}}\n',
      'a.yaml:1:28: retention.raw.max_age: "never" is not a duration (write 90s, 1h30m, 30d)',
    ],
    [
      'listen address by name',
      'collectors: {netflow: [{listen: ["localhost:2055"]}]}\n',
      /netflow\[0\]\.listen: "localhost:2055" is not PORT, \*:PORT, ADDRESS:PORT or \[ADDRESS\]:PORT$/u,
    ],
    [
      'protocol that cannot be',
      'collectors: {netflow: [{listen: ["tcp://*:2055"]}]}\n',
      /netflow\[0\]\.listen: "tcp:\/\/\*:2055" is not PORT/u,
    ],
    [
      'port too large',
      'collectors: {netflow: [{listen: ["*:70000"]}]}\n',
      /netflow\[0\]\.listen: "\*:70000" is not PORT/u,
    ],
    [
      'one port for two listeners',
      'collectors:\n  netflow: [{listen: ["*:2055"]}]\n  syslog: [{udp: ["udp://0.0.0.0:2055"]}]\n',
      /^a\.yaml:3:19: .*: udp:\/\/0\.0\.0\.0:2055 is already taken at collectors\.netflow\[0\]\.listen\[0\]$/u,
    ],
    [
      'TLS and TCP on one port',
      'collectors: {syslog: [{tcp: ["*:6514"], tls: {cert: a, key: b}}, {tcp: ["*:6514"]}]}\n',
      /syslog\[1\]\.tcp\[0\]: tcp:\/\/0\.0\.0\.0:6514 is already taken at collectors\.syslog\[0\]\.tcp\[0\]$/u,
    ],
    [
      'TLS without a certificate',
      'collectors: {syslog: [{tls: {key: a}}]}\n',
      'a.yaml:1:24: collectors.syslog[0].tls.cert: is required',
    ],
    [
      'allow rule that is no network',
      'collectors: {syslog: [{allow: ["fw1"]}]}\n',
      /^a\.yaml:1:31: collectors\.syslog\[0\]\.allow: .*fw1/u,
    ],
    ['bad indentation', 'journal:\n   rotate_bytes: 1GiB\n  rotate_after: 1h\n', /^a\.yaml:3:1: \(YAML\): /u],
    ['a tab', 'journal:\n\trotate_after: 1h\n', /^a\.yaml:2:1: \(YAML\): /u],
    ['a bracket left open', 'home_networks: [10.0.0.0/8\n', /^a\.yaml:\d+:\d+: \(YAML\): /u],
    ['one key twice', 'data: a\ndata: b\n', 'a.yaml:2:1: (YAML): Map keys must be unique'],
    ['two documents', 'data: a\n---\ndata: b\n', /^a\.yaml:\d+:\d+: \(YAML\): /u],
    ['an unknown tag', 'data: !!python/object a\n', /^a\.yaml:1:7: \(YAML\): /u],
  ])('%s', (_name, text, expected) => {
    const found = faults(text);
    expect(found).toHaveLength(1);
    if (typeof expected === 'string') expect(found[0]).toBe(expected);
    else expect(found[0]).toMatch(expected);
  });

  it('tells all faults at once, in the order of the file', () => {
    const text = 'dta: x\nlog:\n  format: 1\njournal:\n  rotate_after: 1\ndevices: [{name: a}, {name: a}]\n';
    expect(faults(text).map((fault) => fault.split(': ').slice(0, 2).join(' '))).toEqual([
      'a.yaml:1:1 dta',
      'a.yaml:3:11 log.format',
      'a.yaml:5:17 journal.rotate_after',
      'a.yaml:6:11 devices[0].addresses',
      'a.yaml:6:22 devices[1].addresses',
      'a.yaml:6:29 devices[1].name',
    ]);
  });

  it('refuses an alias bomb without expanding it', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
    expect(faults(`l0: &l0 [x, x]\n${levels.join('\n')}\n`)[0]).toMatch(/^a\.yaml: Excessive alias count/u);
  });
});
