import * as fc from 'fast-check';
import { type KeyValueOptions, readKeyValues } from '../../../../normalizer/syslog/grammar/key-value';

const ROWS: readonly (readonly [
  name: string,
  text: string,
  pairs: Record<string, string>,
  options?: KeyValueOptions,
])[] = [
  ['bare values', 'a=1 b=two', { a: '1', b: 'two' }],
  ['quoted values with blanks', 'a="x y" b="z"', { a: 'x y', b: 'z' }],
  ['empty values', 'a= b="" c=1', { a: '', b: '', c: '1' }],
  ['an equals sign in a value', 'url=/x?y=1 b=2', { url: '/x?y=1', b: '2' }],
  ['an escaped quote', 'a="say \\"hi\\"" b=2', { a: 'say "hi"', b: '2' }],
  ['a quote that nobody escaped', 'a="say "hi" now" b=2', { a: 'say "hi" now', b: '2' }],
  ['a key inside a quoted value', 'a="x srcip=9.9.9.9" srcip=1.1.1.1', { a: 'x srcip=9.9.9.9', srcip: '1.1.1.1' }],
  ['a path that ends in a backslash', 'p="C:\\tmp\\" q="1"', { p: 'C:\\tmp\\', q: '1' }],
  ['a domain user', 'u="CORP\\kim" b=1', { u: 'CORP\\kim', b: '1' }],
  ['a value without its closing quote', 'a=1 b="cut off', { a: '1', b: 'cut off' }],
  ['text between pairs', 'hello a=1 world b=2', { a: '1', b: '2' }],
  ['a repeated key', 'a=1 a=2', { a: '1' }],
  ['commas that part pairs', 'a=1,b="x, y",c=3', { a: '1', b: 'x, y', c: '3' }, { separator: 'auto' }],
  ['commas inside bare values', 'a=1,2 b=3', { a: '1,2', b: '3' }],
  ['commas inside a blank-separated line', 'a=1,2 b=3', { a: '1,2', b: '3' }, { separator: 'auto' }],
  ['blanks in comma-separated bare values', 'a=x y,b=2', { a: 'x y', b: '2' }, { separator: 'comma' }],
  ['single quotes where the vendor writes them', "a='x y' b=2", { a: 'x y', b: '2' }, { singleQuotes: true }],
  ['single quotes elsewhere', "a='x y=2", { a: "'x", y: '2' }],
  ['a start behind the header', '<1>x a=1', { a: '1' }, { from: 4 }],
  ['nothing', '', {}],
];

describe('readKeyValues', () => {
  it.each(ROWS.map(([name, text, pairs, options]) => ({ name, text, pairs, options })))('reads $name', (row) => {
    expect(Object.fromEntries(readKeyValues(row.text, row.options))).toEqual(row.pairs);
  });

  it('reads back what FortiGate would write', () => {
    const key = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
    const value = fc.string({ maxLength: 20 }).filter((text) => !/["\\=]/.test(text));
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 8 }), (pairs) => {
        const text = Object.entries(pairs).map(([name, held]) => `${name}="${held}"`);

        expect(Object.fromEntries(readKeyValues(text.join(' ')))).toEqual({ ...pairs });
      }),
    );
  });

  it('never throws and takes no longer than the text is long', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void readKeyValues(text, { separator: 'auto' })));

    for (const part of ['a="', '"', '="', 'a="b" ', '\\"', "'", 'a=b,']) {
      const before = process.cpuUsage();
      readKeyValues(part.repeat(64_000 / part.length), { separator: 'auto', singleQuotes: true });
      expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
    }
  });
});
