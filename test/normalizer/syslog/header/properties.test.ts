import fc from 'fast-check';
import { parseHeader } from '../../../../normalizer/syslog/header/parse-header';
import { scanStructuredData } from '../../../../normalizer/syslog/header/structured-data';
import { RECEIVED_AT } from './seen';

const context = { receivedAt: RECEIVED_AT, timezone: 'America/New_York' };

/** Pieces that headers are made of, so that random lines reach deep into the grammars. */
const piece = fc.constantFrom(
  '<189>',
  '<13>',
  '1 ',
  '29: ',
  'host ',
  'host: ',
  ': ',
  '*',
  '.',
  'Nov 24 03:00:00',
  '2026-11-24T03:00:00.123Z',
  '2026 Nov 24 03:00:00 UTC',
  'Feb 29 23:59:60',
  ' ',
  'RP/0/RP0/CPU0:',
  'CLC 6/0: ',
  '%ASA-6-302013: ',
  '%SYS-5-CONFIG_I: ',
  'sshd[1]: ',
  '- - - - ',
  '[Originator@6876 sub=a b opID=c] ',
  '[x@1 a="\\"\\]"]',
  'In(166) ',
  'info hostd[1] ',
  'date=2026-11-24 time=03:00:00 tz="-0500" eventtime=1795489200 ',
  'id=firewall sn=1 time="x" ',
  'firewall,info ',
  '1795489200.5 MX flows ',
  'message repeated 4 times: [ x]',
  'last message repeated 3 times',
  '\0',
  '\n',
  '\uFEFF',
  'é',
);

describe('parseHeader is total', () => {
  test('for any bytes: text is whole, content is its end, the time is a number', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const message = parseHeader(bytes, context);
        expect(Buffer.from(message.text, message.encoding)).toEqual(Buffer.from(bytes));
        expect(message.text).toContain(message.content);
        expect(Number.isInteger(message.timestamp)).toBe(true);
        expect(message.repeat).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  test('for any sequence of header pieces', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const message = parseHeader(Buffer.from(pieces.join('')), context);
        expect(message.text).toContain(message.content);
        expect(Number.isInteger(message.timestamp)).toBe(true);
        if (message.facility !== undefined) expect(message.facility).toBeLessThanOrEqual(23);
        expect(message.hostname).not.toBe('');
      }),
      { numRuns: 3000 },
    );
  });

  test('a megabyte of one character takes linear time', () => {
    for (const character of [' ', 'a', '<', '[', '1', ':', '"', '\\', 'A', '%', ',', '=']) {
      const line = Buffer.from(`<13>Nov 24 03:00:00 host ${character.repeat(1_000_000)}`);
      const begin = process.cpuUsage();
      parseHeader(line, context);
      const { user } = process.cpuUsage(begin);
      expect(user).toBeLessThan(500_000);
    }
  });
});

describe('structured data', () => {
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,20}$/);
  const escape = (value: string) => value.replaceAll(/["\\\]]/g, String.raw`\$&`);

  test('what is written by RFC 5424 is read back', () => {
    fc.assert(
      fc.property(fc.dictionary(name, fc.dictionary(name, fc.string(), { minKeys: 1 }), { minKeys: 1 }), (data) => {
        const text = Object.entries(data)
          .map(([id, values]) => {
            const parameters = Object.entries(values).map(([key, value]) => ` ${key}="${escape(value)}"`);
            return `[${id}${parameters.join('')}]`;
          })
          .join('');
        const scanned = scanStructuredData(`${text} rest`, 0);
        expect(scanned?.end).toBe(text.length);
        const read = [...(scanned?.data ?? [])].map(([id, values]) => [id, Object.fromEntries(values)]);
        expect(Object.fromEntries(read)).toEqual({ ...data });
      }),
    );
  });
});
