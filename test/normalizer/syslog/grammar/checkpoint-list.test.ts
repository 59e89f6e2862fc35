import * as fc from 'fast-check';
import { readCheckpointList } from '../../../../normalizer/syslog/grammar/checkpoint-list';

describe('readCheckpointList', () => {
  it.each([
    ['the syslog format', '[action:"Accept"; src:"10.0.0.1"]', { action: 'Accept', src: '10.0.0.1' }],
    ['doubled colons', '[sys_message::"The eth0 is up"; a:"1"]', { sys_message: 'The eth0 is up', a: '1' }],
    ['equals signs', 'action="Drop" src="10.0.0.1"', { action: 'Drop', src: '10.0.0.1' }],
    [
      'bare and quoted values',
      'time=1 action="Drop" rule=Web out x=2',
      { time: '1', action: 'Drop', rule: 'Web out', x: '2' },
    ],
    ['semicolons in values', '[a:"x; y"; b:"2"]', { a: 'x; y', b: '2' }],
    [
      'escaped brackets and quotes',
      '[tag:"n[db\\]"; q:"say \\"hi\\""; p:"C:\\\\x"]',
      { tag: 'n[db]', q: 'say "hi"', p: 'C:\\x' },
    ],
    ['a backslash before another letter', '[u:"CORP\\kim"]', { u: 'CORP\\kim' }],
    [
      'bars between bare pairs',
      'time=1|hostname=gw|rule_name=Web out',
      { time: '1', hostname: 'gw', rule_name: 'Web out' },
    ],
    ['a repeated key', '[a:"1"; a:"2"]', { a: '1' }],
    ['a list without its end', '[a:"1"; b:"cut', { a: '1', b: 'cut' }],
    ['nothing', '', {}],
  ])('reads %s', (_name, text, expected) => {
    expect(Object.fromEntries(readCheckpointList(text))).toEqual(expected);
  });

  it('never throws and takes no longer than the text is long', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void readCheckpointList(text)));

    for (const part of ['a:"', '"', ';', 'a:', '\\', 'a|', '[']) {
      const before = process.cpuUsage();
      readCheckpointList(part.repeat(64_000 / part.length));
      expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
    }
  });
});
