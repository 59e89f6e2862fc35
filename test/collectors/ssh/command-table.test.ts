import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { isFile, writeParameter } from '../../../collectors/ssh/commands/command-parameter';
import { CommandTable, PreparedCommand } from '../../../collectors/ssh/commands/command-table';
import { CommandRefusedError } from '../../../collectors/ssh/ssh-errors';

const table = new CommandTable('esxi', {
  stat: { line: 'stat -c %s {paths}', parameters: { paths: 'paths' }, output: 'text' },
  sockets: {
    line: 'esxcli network ip connection list -N {netstack}',
    parameters: { netstack: 'name' },
    output: 'table',
  },
});

describe('the table of allowed commands', () => {
  it('writes parameters into the line and keeps them for the record', () => {
    expect(table.prepare('sockets', { netstack: 'defaultTcpipStack' })).toMatchObject({
      platform: 'esxi',
      command: 'sockets',
      line: 'esxcli network ip connection list -N defaultTcpipStack',
      parameters: { netstack: 'defaultTcpipStack' },
    });
    const paths = ["/vmfs/volumes/ds/it's [1]/vmware.log", '/var/run/log/hostd.log'];
    expect(table.prepare('stat', { paths }).line).toBe(
      `stat -c %s '/vmfs/volumes/ds/it'\\''s [1]/vmware.log' '/var/run/log/hostd.log'`,
    );
  });

  it.each([
    ['a name with a blank', 'sockets', { netstack: 'a b' }],
    ['a name that is an option', 'sockets', { netstack: '-x' }],
    ['a name with a substitution', 'sockets', { netstack: '$(reboot)' }],
    ['a name with a line feed', 'sockets', { netstack: 'a\nreboot' }],
    ['a path outside', 'stat', { paths: ['/etc/shadow'] }],
    ['a virtual disk', 'stat', { paths: ['/vmfs/volumes/ds/v/v-flat.vmdk'] }],
    ['a hidden key', 'stat', { paths: ['/var/run/log/key.pem'] }],
    ['a path with a way out', 'stat', { paths: ['/var/run/log/../../etc/shadow'] }],
    ['a path with a line feed', 'stat', { paths: ['/var/run/log/a\nreboot'] }],
    ['a relative path', 'stat', { paths: ['var/run/log/a'] }],
    ['no path', 'stat', { paths: [] }],
    ['a parameter that is missing', 'stat', {}],
    ['a parameter too many', 'sockets', { netstack: 'a', more: 'b' }],
    ['a command that is not there', 'reboot', {}],
    ['a command of the prototype', 'toString', {}],
  ])('refuses %s', (_what, command, values) => {
    expect(() => table.prepare(command as 'stat', values as never)).toThrow(CommandRefusedError);
  });

  it('is the only maker of commands', () => {
    const fields = table.prepare('sockets', { netstack: 'a' });
    expect(() => new PreparedCommand(Symbol('mine'), fields)).toThrow(CommandRefusedError);
    expect(PreparedCommand.is(fields)).toBe(true);
    expect(PreparedCommand.is({ ...Object.fromEntries(Object.entries(fields)) })).toBe(false);
    expect(Object.isFrozen(fields)).toBe(true);
  });

  it('quotes every path so that a shell reads it back as it is', () => {
    const path = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map((name) => `/vmfs/volumes/${name}.log`)
      .filter(isFile);
    fc.assert(
      fc.property(fc.array(path, { minLength: 1, maxLength: 8 }), (paths) => {
        const line = `printf '%s\\n' ${writeParameter('paths', paths)}`;
        expect(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' })).toBe(`${paths.join('\n')}\n`);
      }),
      { numRuns: 40 },
    );
  });
});
