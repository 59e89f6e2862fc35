import { createLog, type LogOptions } from '../../../cli/telemetry/log';
import { CapturedStream } from '../support/run';

function logged(options: Partial<LogOptions>, tty = false): string {
  const stream = new CapturedStream(tty);
  const log = createLog({ level: 'info', format: 'auto', stream, now: () => 0, ...options });
  log.write('debug', 'not shown', {});
  log.write('warn', 'odd \u001b[2J', { 'source.address': '192.0.2.1', 'event.action': 'x', none: undefined });
  return stream.text;
}

describe('log', () => {
  it('is JSON with ECS names where stderr is no terminal', () => {
    expect(JSON.parse(logged({}))).toEqual({
      '@timestamp': '1970-01-01T00:00:00.000Z',
      'log.level': 'warn',
      'service.name': 'ascribe',
      'source.address': '192.0.2.1',
      'event.action': 'x',
      message: 'odd \u001b[2J',
    });
  });

  it.each([
    ['on a terminal', {}, true],
    ['when asked', { format: 'text' as const }, false],
  ])('is escaped text %s', (_name, options, tty) => {
    expect(logged(options, tty)).toBe('1970-01-01T00:00:00.000Z WARN  odd \\u{1b}[2J source.address=192.0.2.1\n');
  });

  it.each([['json'], ['text']] as const)('tells more at a lower level as %s', (format) => {
    expect(logged({ format, level: 'debug' }).trim().split('\n')).toHaveLength(2);
    expect(logged({ format, level: 'error' })).toBe('');
  });
});
