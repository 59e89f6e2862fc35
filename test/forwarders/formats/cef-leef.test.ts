import fc from 'fast-check';
import { cefFormat, cefHeader, cefValue } from '../../../forwarders/formats/cef';
import { CEF_KEYS, CEF_LABELS, CEF_LENGTHS, CEF_TIMES } from '../../../forwarders/formats/cef.data';
import { leef1Format, leefFormat } from '../../../forwarders/formats/leef';
import { LEEF_KEYS } from '../../../forwarders/formats/leef.data';
import { readCef } from '../../../normalizer/syslog/grammar/cef';
import { readLeef } from '../../../normalizer/syslog/grammar/leef';
import { eventLike, findingLike, HOSTILE, hostileText, sessionLike } from '../records';
import { logstashCef, qradarLeef } from './text-receivers';

/** Controls as CEF shows them; line ends apart, which have an escape. */
const shown = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/\r\n|\r/gu, '\n')
    .replaceAll(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/gu,
      (c) => `\\u${c.codePointAt(0)!.toString(16).padStart(4, '0')}`,
    );

/** A value for the field of each key. */
const filled = (keys: readonly (readonly [field: string, ...rest: unknown[]])[], value: (i: number) => string) =>
  Object.fromEntries(keys.map(([field], i) => [field, value(i)]));

describe('CEF', () => {
  test('a session, word for word', () => {
    expect(cefFormat.encode(sessionLike())).toBe(
      'CEF:0|ascribe|ascribe|1|sessions:session-ended|session-ended|2|rt=1795486200250 ' +
        'externalId=0123456789abcdef0123456789abcdef flexNumber1=42 flexNumber1Label=revision start=1795486140000 ' +
        'end=1795486200250 src=10.1.2.3 spt=50123 dst=203.0.113.9 dpt=443 sourceTranslatedAddress=198.51.100.7 ' +
        'sourceTranslatedPort=4711 proto=tcp in=1200 out=9000 act=session-ended cn1=10200 cn1Label=total bytes ' +
        'cs1=abc cs1Label=session cs2=yes cs2Label=encrypted cs6=first_packet cs6Label=direction known by deviceDirection=1',
    );
  });

  test('IPv6 goes to the keys that take it, and nowhere where there is none', () => {
    const line = cefFormat.encode(
      sessionLike({ 'source.ip': '2001:db8::1', 'destination.ip': '2001:db8::2', 'source.nat.ip': '2001:db8::3' }),
    );
    const { extension } = logstashCef(line);
    expect(extension.get('c6a2')).toBe('2001:db8::1');
    expect(extension.get('c6a3Label')).toBe('Destination IPv6 Address');
    expect(extension.has('src')).toBe(false);
    expect(line).not.toContain('2001:db8::3');
  });

  test('keys are letters and digits, each once', () => {
    const keys = CEF_KEYS.flatMap(([, key, ipv6]) => [key, ...(ipv6 === undefined || ipv6 === '' ? [] : [ipv6])]);
    expect(keys.filter((key) => !/^[A-Za-z0-9]+$/u.test(key))).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
    expect(Object.keys(CEF_LABELS).filter((key) => !keys.includes(key))).toEqual([]);
  });

  test.each(HOSTILE.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
    'header and value of %s',
    (_name, text) => {
      const line = `CEF:0|v|p|1|${cefHeader(text)}|n|1|msg=${cefValue(text)} act=${cefValue(text)} end=1`;
      const { header, extension } = logstashCef(line);
      expect(header[4]).toBe(shown(text.replaceAll(/\r\n|[\r\n]/gu, ' ')));
      expect(extension.get('end')).toBe('1');
      for (const key of ['msg', 'act']) expect(extension.get(key)?.trimEnd()).toBe(shown(text).trimEnd());
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u);
    },
  );

  test('whatever stands in a record, a receiver finds the same fields and no other', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (message, user, rule) => {
        const record = eventLike({ message, 'user.name': user, 'rule.name': rule, 'event.action': rule });
        const { extension } = logstashCef(cefFormat.encode(record));
        const plain = logstashCef(cefFormat.encode(eventLike({ 'rule.name': 'r' })));
        expect([...extension.keys()].sort()).toEqual([...plain.extension.keys()].sort());
        expect(extension.get('suser')?.trimEnd()).toBe(shown(user).trimEnd());
        expect(extension.get('src')).toBe('192.0.2.9');
      }),
      { numRuns: 300 },
    );
  });

  /** Every field that has a key and holds text of a device. */
  const TEXTS = CEF_KEYS.filter(([, key, ipv6]) => ipv6 === undefined && !CEF_TIMES.has(key));

  test('whatever a device puts into each field, each key holds that field alone', () => {
    const texts = fc.array(hostileText, { minLength: TEXTS.length, maxLength: TEXTS.length });
    const plain = [...logstashCef(cefFormat.encode(sessionLike(filled(TEXTS, () => 'x')))).extension.keys()].sort();
    fc.assert(
      fc.property(texts, (values) => {
        const fields = filled(TEXTS, (i) => values[i] ?? '');
        const { header, extension } = logstashCef(cefFormat.encode(sessionLike(fields)));
        expect(header).toHaveLength(7);
        expect([...extension.keys()].sort()).toEqual(plain);
        for (const [i, [, key]] of TEXTS.entries()) {
          const sent = (values[i] ?? '').slice(0, CEF_LENGTHS[key] ?? Infinity);
          expect(extension.get(key)?.trim()).toBe(shown(sent).trim());
        }
      }),
      { numRuns: 150 },
    );
  });

  test('what is no time stands nowhere', () => {
    const { extension } = logstashCef(cefFormat.encode(sessionLike({ 'event.start': 'soon dst=10.9.9.9' })));
    expect([extension.has('start'), extension.get('dst')]).toEqual([false, '203.0.113.9']);
  });

  test('our own syslog normalizer reads it too', () => {
    const read = readCef(cefFormat.encode(findingLike({ message: 'a|b\\c=d' })));
    expect(read).toMatchObject({ vendor: 'ascribe', name: 'Regular sessions to one place', severity: '8' });
    expect(read?.extension.get('msg')).toBe('a|b\\c=d');
  });
});

test.each([
  ['CEF', cefFormat, ' smac=00:00:5e:00:53:23 '],
  ['LEEF', leefFormat, '\tsrcMAC=00:00:5e:00:53:23\t'],
])('%s has colons in the hardware addresses that ECS writes with hyphens', (_name, format, wanted) => {
  expect(format.encode(sessionLike({ 'source.mac': '00-00-5E-00-53-23' }))).toContain(wanted);
});

describe('LEEF', () => {
  /** There is no escape: what a value becomes. */
  const replaced = (text: string): string =>
    text
      .toWellFormed()
      .replaceAll(/\r\n|[\u0000-\u001f\u007f-\u009f\u2028\u2029]/gu, ' ')
      .replaceAll(/[|^]/gu, '_');

  test('a session, word for word', () => {
    const words =
      'devTime=1795486200250\tcat=sessions\tsev=2\teventUid=0123456789abcdef0123456789abcdef\trevision=42\tsrc=10.1.2.3\t' +
      'dst=203.0.113.9\tsrcPort=50123\tdstPort=443\tproto=tcp\tsrcPostNAT=198.51.100.7\tsrcPostNATPort=4711\tsrcBytes=1200\t' +
      'dstBytes=9000\ttotalBytes=10200\taction=session-ended\tsessionStart=2026-11-24T02:09:00.000Z\t' +
      'sessionEnd=2026-11-24T02:10:00.250Z\tdirection=outbound\tsessionId=abc\tencrypted=yes\tdirectionKnownBy=first_packet';
    expect(leefFormat.encode(sessionLike())).toBe(`LEEF:2.0|ascribe|ascribe|1|sessions:session-ended|x09|${words}`);
    expect(leef1Format.encode(sessionLike())).toBe(`LEEF:1.0|ascribe|ascribe|1|sessions:session-ended|${words}`);
  });

  test('each key once', () => {
    const keys = LEEF_KEYS.map(([, key]) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => ['devTime', 'cat', 'sev', 'usrName'].includes(key))).toEqual([]);
  });

  test.each([leefFormat, leef1Format])(
    'whatever a device puts into each field, each key of $name holds that alone',
    (format) => {
      const texts = fc.array(hostileText, { minLength: LEEF_KEYS.length, maxLength: LEEF_KEYS.length });
      fc.assert(
        fc.property(texts, (values) => {
          const { attributes, repeated } = qradarLeef(
            format.encode(sessionLike(filled(LEEF_KEYS, (i) => values[i] ?? ''))),
          );
          expect(repeated).toEqual([]);
          expect(attributes.size).toBe(LEEF_KEYS.length + 5);
          for (const [i, [, key]] of LEEF_KEYS.entries()) expect(attributes.get(key)).toBe(replaced(values[i] ?? ''));
        }),
        { numRuns: 150 },
      );
    },
  );

  test.each([leefFormat, leef1Format])(
    'whatever stands in a record, $name has the same fields and no other',
    (format) => {
      fc.assert(
        fc.property(hostileText, hostileText, hostileText, (message, user, code) => {
          const { attributes, header, repeated } = qradarLeef(
            format.encode(eventLike({ message, 'user.name': user, 'event.code': code })),
          );
          const plain = qradarLeef(format.encode(eventLike()));
          expect(repeated).toEqual([]);
          expect([...attributes.keys()]).toEqual([...plain.attributes.keys()]);
          expect(attributes.get('usrName')).toBe(replaced(user));
          expect(attributes.get('msg')).toBe(replaced(message));
          expect(header[4]).toBe(`events:${replaced(code)}`);
        }),
        { numRuns: 300 },
      );
    },
  );

  test('our own syslog normalizer reads it too', () => {
    const read = readLeef(leefFormat.encode(eventLike()));
    expect(read).toMatchObject({ vendor: 'ascribe', eventId: 'events:605004' });
    expect(read?.attributes.get('usrName')).toBe('admin');
  });
});
