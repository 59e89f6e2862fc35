import fc from 'fast-check';
import { SyslogFramer, type FramerCounts } from '../../../collectors/syslog/framing';

interface Outcome {
  readonly messages: readonly string[];
  readonly counts: FramerCounts;
}

function frames(chunks: readonly Buffer[], maxMessageBytes = 1000, joinLines = false): Outcome {
  const messages: string[] = [];
  const framer = new SyslogFramer({ maxMessageBytes, joinLines }, (message) =>
    messages.push(message.toString('latin1')),
  );
  for (const chunk of chunks) framer.push(chunk);
  framer.end();
  return { messages, counts: framer.counts() };
}

const one = (text: string, max?: number, join?: boolean) => frames([Buffer.from(text, 'latin1')], max, join);

describe('SyslogFramer', () => {
  test.each([
    ['lines', '<13>a\n<13>b\n', ['<13>a', '<13>b']],
    ['lines with CR LF', '<13>a\r\n<13>b\r\n', ['<13>a', '<13>b']],
    ['lines with NUL', '<13>a\0<13>b\0', ['<13>a', '<13>b']],
    ['counted octets', '5 <13>a6 <13>bc', ['<13>a', '<13>bc']],
    ['a newline inside a counted frame', '7 <13>a\nb5 <13>c', ['<13>a\nb', '<13>c']],
    ['a newline behind a counted frame', '5 <13>a\n5 <13>b\r\n', ['<13>a', '<13>b']],
    ['both framings on one stream', '<13>a\n5 <13>b<13>c\n', ['<13>a', '<13>b', '<13>c']],
    ["ASA's blank behind the newline", '<13>a\n <13>b\n <13>c', ['<13>a', '<13>b', '<13>c']],
    [
      'NX-OS lines that begin with a year',
      '2023 May  2 15:21:27 x\n2023 May  2 y\n',
      ['2023 May  2 15:21:27 x', '2023 May  2 y'],
    ],
    ['a number before something that is no priority', '12 <ab>x\n12 <1234>x\n', ['12 <ab>x', '12 <1234>x']],
    ['a count that its priority does not fit into', '3 <13>a\n', ['3 <13>a']],
    ['a count of eight digits', '12345678 <13>a\n', ['12345678 <13>a']],
    ['a count with a leading zero', '05 <13>a\n', ['05 <13>a']],
    ['empty lines', '\n\n<13>a\n\r\n\0\n<13>b', ['<13>a', '<13>b']],
    ['a last line without its end', '<13>a\n<13>b', ['<13>a', '<13>b']],
    ['a last head that stays undecided', '<13>a\n12 <1', ['<13>a', '12 <1']],
    ['a CR inside a line', '<13>a\rb\n', ['<13>a\rb']],
    ['bytes that are no text', '\x80\xff\x01\n', ['\x80\xff\x01']],
    ['an indented line', '   x\n', ['   x']],
    ['nothing', '', []],
  ])('%s', (_, text, messages) => expect(one(text).messages).toEqual(messages));

  test('a short line is delivered at once', () => {
    const messages: string[] = [];
    const framer = new SyslogFramer({ maxMessageBytes: 1000, joinLines: false }, (m) => messages.push(m.toString()));
    framer.push(Buffer.from('<1>\n'));
    expect(messages).toEqual(['<1>']);
  });

  test('a counted frame that the end cuts short is delivered as far as it came and counted', () => {
    const { messages, counts } = one('50 <13>abc');
    expect(messages).toEqual(['<13>abc']);
    expect(counts).toMatchObject({ messages: 1, counted: 1, incomplete: 1 });
  });

  test.each(['12', '12 ', '12 <1'])('a count that the end cuts short is incomplete too: %j', (cut) => {
    const { messages, counts } = one(`5 <13>a${cut}`);
    expect(messages).toEqual(['<13>a', cut]);
    expect(counts).toMatchObject({ messages: 2, incomplete: 1 });
  });

  describe('messages beyond the limit keep their beginning', () => {
    test.each([
      ['a line', `${'x'.repeat(25)}\n<13>b\n`, 5],
      ['a line that ends with CR', `${'x'.repeat(25)}\r\n<13>b\n`, 6],
      ['a counted frame', `25 <13>${'x'.repeat(21)}<13>b\n`, 5],
      ['a line without an end', 'x'.repeat(25), 5],
    ])('%s', (_, text, skipped) => {
      const { messages, counts } = one(text, 20);
      expect(messages[0]).toHaveLength(20);
      expect(messages.slice(1)).toEqual(text.includes('b') ? ['<13>b'] : []);
      expect(counts).toMatchObject({ truncated: 1, truncatedBytes: skipped });
    });

    test('a line just as long is whole, with CR LF too', () => {
      expect(one(`${'x'.repeat(20)}\r\n`, 20)).toMatchObject({
        messages: ['x'.repeat(20)],
        counts: { truncated: 0, truncatedBytes: 0 },
      });
    });

    test('a gigabyte without an end keeps one frame', () => {
      const framer = new SyslogFramer({ maxMessageBytes: 1000, joinLines: false }, () => undefined);
      const chunk = Buffer.alloc(1 << 20, 0x61);
      for (let i = 0; i < 1024; i++) framer.push(chunk);
      expect(framer.counts()).toMatchObject({ messages: 1, messageBytes: 1000, truncated: 1, held: 0 });
    });
  });

  describe('joined lines', () => {
    test.each([
      ['a line without a priority continues', '<13>a\n--> b\n--> c\n<13>d\n', ['<13>a\n--> b\n--> c', '<13>d']],
      ['a counted frame ends the message', '<13>a\nb\n5 <13>c', ['<13>a\nb', '<13>c']],
      ['beyond the limit a new message begins', `<13>a\n${'x'.repeat(18)}\n`, ['<13>a', 'x'.repeat(18)]],
    ])('%s', (_, text, messages) => expect(one(text, 20, true).messages).toEqual(messages));

    test('the last one waits for flush', () => {
      const messages: string[] = [];
      const framer = new SyslogFramer({ maxMessageBytes: 1000, joinLines: true }, (m) => messages.push(m.toString()));
      framer.push(Buffer.from('<13>a\nb\n'));
      expect([messages, framer.counts().held]).toEqual([[], 7]);
      framer.flush();
      expect(messages).toEqual(['<13>a\nb']);
    });
  });
});

describe('whatever the chunks', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '<13>',
      '<191>a',
      '5 <13>a',
      '9 <13>',
      '12 ',
      '2023 ',
      ' <1>x',
      '\n',
      '\r\n',
      '\0',
      ' ',
      '<',
      '>',
      '9999999 <1>',
      '25 <13>',
    ),
    fc.string({ maxLength: 30 }),
  );
  const stream = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
  const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 60 });

  function chunked(bytes: Buffer, lengths: readonly number[]): Buffer[] {
    const chunks: Buffer[] = [];
    let at = 0;
    for (const length of lengths) {
      chunks.push(bytes.subarray(at, at + length));
      at += length;
    }
    return [...chunks, bytes.subarray(at)];
  }

  test.each([
    ['single lines', false],
    ['joined lines', true],
  ])('the frames and counts are the same: %s', (_, join) => {
    fc.assert(
      fc.property(stream, cuts, fc.integer({ min: 16, max: 60 }), (bytes, lengths, max) => {
        expect(frames(chunked(bytes, lengths), max, join)).toEqual(frames([bytes], max, join));
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['single lines', false],
    ['joined lines', true],
  ])('every octet is accounted for: %s', (_, join) => {
    fc.assert(
      fc.property(stream, cuts, fc.integer({ min: 16, max: 60 }), (bytes, lengths, max) => {
        const { messages, counts } = frames(chunked(bytes, lengths), max, join);
        expect(counts.messageBytes + counts.framingBytes + counts.truncatedBytes).toBe(bytes.length);
        expect(counts.messages).toBe(messages.length);
        expect(counts.held).toBe(0);
        for (const message of messages) expect(message.length).toBeLessThanOrEqual(max);
      }),
      { numRuns: 1000 },
    );
  });

  test('well-formed messages come back, framed either way', () => {
    const message = fc.string({ maxLength: 50 }).map((text) => `<13>${text.replaceAll(/[\n\0\r]/g, '_')}`);
    const framed = fc.tuple(message, fc.constantFrom('lf', 'crlf', 'nul', 'count', 'count+lf'));
    const end = { lf: '\n', crlf: '\r\n', nul: '\0' } as const;
    fc.assert(
      fc.property(fc.array(framed, { maxLength: 20 }), cuts, (list, lengths) => {
        const text = list.map(([body, how]) => {
          if (how === 'lf' || how === 'crlf' || how === 'nul') return body + end[how];
          return `${body.length} ${body}${how === 'count' ? '' : '\n'}`;
        });
        const bytes = Buffer.from(text.join(''), 'latin1');
        expect(frames(chunked(bytes, lengths)).messages).toEqual(
          list.map(([body]) => Buffer.from(body, 'latin1').toString('latin1')),
        );
      }),
    );
  });
});
