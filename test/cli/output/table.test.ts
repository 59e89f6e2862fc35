import { createStyle } from '../../../cli/output/style';
import { type Column, tableLines } from '../../../cli/output/table';
import { textWidth, truncate } from '../../../cli/output/width';
import { CapturedStream } from '../support/run';

const plain = createStyle(new CapturedStream(), {}, true);

interface Row {
  readonly name: string;
  readonly count: number;
}

const columns: readonly Column<Row>[] = [
  { title: 'name', value: ({ name }) => name, shrinkTo: 4 },
  { title: 'count', align: 'right', value: ({ count }) => String(count) },
];

describe('tables', () => {
  it('align numbers right and text left, without trailing blanks', () => {
    const rows = [
      { name: 'a', count: 5 },
      { name: 'bcdef', count: 12345678 },
    ];
    expect(tableLines(rows, columns, { style: plain })).toEqual([
      'name      count',
      'a             5',
      'bcdef  12345678',
    ]);
  });

  it('keep wide characters aligned', () => {
    const rows = [
      { name: '東京', count: 1 },
      { name: 'Zürich', count: 2 },
    ];
    const lines = tableLines(rows, columns, { style: plain });
    expect(new Set(lines.map(textWidth)).size).toBe(1);
  });

  it('cut what may be cut to the width of the terminal, and nothing else', () => {
    const rows = [{ name: 'a-very-long-device-name', count: 1234567 }];
    const lines = tableLines(rows, columns, { style: plain, width: 20 });
    expect(lines).toEqual(['name           count', 'a-very-lon…  1234567']);
    expect(tableLines(rows, columns, { style: plain, width: 5 })[1]).toBe('a-v…  1234567');
  });

  it('escape every cell', () => {
    const rows = [{ name: 'x\u001b[2J\ny', count: 1 }];
    expect(tableLines(rows, columns, { style: plain })[1]).toBe('x\\u{1b}[2J\\u{a}y      1');
  });
});

describe('width of text', () => {
  it.each([
    ['abc', 3],
    ['Zürich', 6],
    ['Zu\u0308rich', 6],
    ['東京', 4],
    ['한국', 4],
    ['カナ', 4],
    ['ｶﾅ', 2],
    ['🙂', 2],
    ['👨‍👩‍👧', 2],
    ['ＡＢ', 4],
    ['', 0],
  ])('%s takes %i cells', (text, expected) => {
    expect(textWidth(text)).toBe(expected);
  });

  it.each([
    ['東京都', 4, '東…'],
    ['東京都', 6, '東京都'],
    ['abc', 2, 'a…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ])('%s cut to %i is %s', (text, width, expected) => {
    expect(truncate(text, width)).toBe(expected);
  });
});

describe('colours', () => {
  it.each([
    ['a terminal', true, {}, true, true],
    ['a pipe', false, {}, true, false],
    ['a dumb terminal', true, { TERM: 'dumb' }, true, false],
    ['NO_COLOR', true, { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', true, { NO_COLOR: '' }, true, true],
    ['--no-color', true, {}, false, false],
    ['FORCE_COLOR', false, { FORCE_COLOR: '1' }, true, true],
    ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, true, false],
    ['NO_COLOR against FORCE_COLOR', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['--no-color against FORCE_COLOR', true, { FORCE_COLOR: '1' }, false, false],
  ])('with %s', (_name, tty, env, wanted, expected) => {
    const style = createStyle(new CapturedStream(tty), env, wanted);
    expect(style.bad('x')).toBe(expected ? '\u001b[31mx\u001b[39m' : 'x');
  });
});
