import fc from 'fast-check';
import { TerminalScreen, terminalText } from '../../collectors/terminal-screen';

const shown = (text: string): string => Buffer.from(terminalText(Buffer.from(text, 'utf8'))).toString('utf8');

describe('terminalText', () => {
  test.each([
    ['CR LF', 'a\r\nb\r\n', 'a\nb\n'],
    ['CR CR LF', 'a\r\r\nb', 'a\nb'],
    [
      'a pager of IOS, erased by backspaces',
      `x\r\n --More-- ${'\b'.repeat(9)}        ${'\b'.repeat(9)}y z\r\n`,
      'x\ny z\n',
    ],
    ['a pager of ASA, erased by blanks', 'x\r\n<--- More --->\r              \ry\r\n', 'x\ny\n'],
    ['a pager of Junos', 'x\r\n---(more 42%)---\r                    \ry\r\n', 'x\ny\n'],
    ['a pager of NX-OS, erased by EL', 'x\r\n\u001b[7m--More--\u001b[27m\r\u001b[Ky\r\n', 'x\ny\n'],
    ['a pager within a line', 'inter--More--\r        \rface\r\n', 'interface\n'],
    ['a pager within a line, erased by EL', 'inter--More-- \r\u001b[Kface\r\n', 'interface\n'],
    ['a line that names a pager', 'description --More--\r\n', 'description --More--\n'],
    ['colours and titles', '\u001b]0;title\u0007\u001b[1;32mgreen\u001b[0m\r\n', 'green\n'],
    ['bracketed paste', '\u001b[?2004hvyos$ ', 'vyos$ '],
    ['NEL', 'a\u001bEb', 'a\nb'],
    ['redrawing of a longer line', 'abcdef\rxy\u001b[K\r\n', 'xy\n'],
    ['a character set', '\u001b(Ba', 'a'],
    ['blanks at the end of a line', 'a  \r\nb', 'a  \nb'],
    ['tabs', '\ta\r\n', '\ta\n'],
    ['UTF-8', 'Zürich \u2192\r\n', 'Zürich \u2192\n'],
    ['nothing', '', ''],
  ])('%s', (_, raw, text) => expect(shown(raw)).toBe(text));

  test('text without control functions comes out as it is', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '-', 'M', ' ', '\t', 'ü', '{', '#', '>') });
    fc.assert(fc.property(fc.array(line), (lines) => expect(shown(lines.join('\n'))).toBe(lines.join('\n'))));
  });

  test('where the pieces are cut makes no difference, and nothing throws', () => {
    const anything = fc.uint8Array({ maxLength: 200 });
    const telling = fc
      .array(fc.constantFrom('\r', '\n', '\b', '\u001b[', 'K', '3D', '\u001b]0;', '\u0007', ' --More-- ', 'text ', ' '))
      .map((parts) => Uint8Array.from(Buffer.from(parts.join(''))));
    fc.assert(
      fc.property(fc.oneof(anything, telling), fc.nat(200), (bytes, at) => {
        const lines: string[] = [];
        const screen = new TerminalScreen(({ text }) => lines.push(text));
        screen.feed(bytes.subarray(0, at));
        screen.feed(bytes.subarray(at));
        const whole: string[] = [];
        const other = new TerminalScreen(({ text }) => whole.push(text));
        other.feed(bytes);
        expect([...lines, screen.current]).toEqual([...whole, other.current]);
        expect(screen.offset).toBe(bytes.length);
      }),
    );
  });

  test('a line without end takes bounded memory', () => {
    const screen = new TerminalScreen(() => undefined);
    for (let i = 0; i < 64; i += 1) screen.feed(Buffer.alloc(65_536, 0x61));
    expect(screen.current.length).toBe(262_144);
    screen.feed(Buffer.from('\u001b[999999999C\u001b[999999999D\u001b[K'));
    expect(screen.current).toBe('');
  });
});

test('output without anything drawn is the same by the short way and by the screen', () => {
  const word = fc.constantFrom('a', ' ', '\t', '\n', '\r\n', 'é', '\u0003', 'interface x');
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      const bytes = Buffer.from(words.join(''));
      // A colour that is set and shows nothing takes the long way.
      const drawn = Buffer.concat([Buffer.from('\u001b[0m'), bytes]);
      expect(Buffer.from(terminalText(bytes)).toString()).toBe(Buffer.from(terminalText(drawn)).toString());
    }),
  );
});
