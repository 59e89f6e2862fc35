import fc from 'fast-check';
import { escapeTerminal } from '../../../cli/output/escape';

describe('terminal escaping', () => {
  it.each([
    ['colour', '\u001b[31mroot\u001b[0m', '\\u{1b}[31mroot\\u{1b}[0m'],
    ['window title', '\u001b]0;pwned\u0007', '\\u{1b}]0;pwned\\u{7}'],
    ['hyperlink', '\u001b]8;;http://x\u001b\\a', '\\u{1b}]8;;http://x\\u{1b}\\a'],
    ['clipboard', '\u001b]52;c;ZXZpbA==\u0007', '\\u{1b}]52;c;ZXZpbA==\\u{7}'],
    ['device status query', '\u001b[6n', '\\u{1b}[6n'],
    ['8-bit control sequence', '\u009b2J', '\\u{9b}2J'],
    ['8-bit string', '\u0090q\u009c', '\\u{90}q\\u{9c}'],
    ['overwriting a line', 'real\rfake', 'real\\u{d}fake'],
    ['backspace', 'ab\b\bcd', 'ab\\u{8}\\u{8}cd'],
    ['a forged line', 'ok\nroot logged in', 'ok\\u{a}root logged in'],
    ['a tab', 'a\tb', 'a\\u{9}b'],
    ['NUL and DEL', '\u0000\u007f', '\\u{0}\\u{7f}'],
    ['next line', 'a\u0085b', 'a\\u{85}b'],
    ['right-to-left override', 'exe.\u202egpj', 'exe.\\u{202e}gpj'],
    ['isolates', '\u2066a\u2069', '\\u{2066}a\\u{2069}'],
    ['Arabic letter mark', '\u061c', '\\u{61c}'],
    ['zero width', 'ad\u200bmin\u200d\ufeff', 'ad\\u{200b}min\\u{200d}\\u{feff}'],
    ['soft hyphen', 'ad\u00admin', 'ad\\u{ad}min'],
    ['Hangul filler', '\u3164', '\\u{3164}'],
    ['tag characters', 'a\u{e0041}', 'a\\u{e0041}'],
    ['line separators', 'a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
    ['lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
    ['text that looks escaped', '\\u{1b}[2J', '\\u{5c}u{1b}[2J'],
    ['a path with backslashes', 'C:\\users\\u', 'C:\\users\\u'],
    ['names of the world', 'Zürich 東京 Київ 🙂', 'Zürich 東京 Київ 🙂'],
  ])('%s', (_name, text, expected) => {
    expect(escapeTerminal(text)).toBe(expected);
  });

  it('leaves nothing that acts, and two texts never look the same', () => {
    const pieces = fc.oneof(
      fc.constantFrom('\u001b', '\\', 'u', '{', '}', '1', 'b', '\u202e', '\ud83d'),
      fc.nat(0x10ffff).map((point) => String.fromCodePoint(point)),
    );
    const hostile = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        expect(escapeTerminal(a)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Cs}]/u);
        if (a !== b) expect(escapeTerminal(a)).not.toBe(escapeTerminal(b));
      }),
    );
  });
});
