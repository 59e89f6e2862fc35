import * as fc from 'fast-check';
import { readCsvLine } from '../../../../normalizer/syslog/grammar/csv-line';

describe('readCsvLine', () => {
  it.each([
    ['plain fields', 'a,b,,c', ['a', 'b', '', 'c']],
    ['a quoted comma', '1,"a,b",2', ['1', 'a,b', '2']],
    ['doubled quotes', '"a ""b"" c",2', ['a "b" c', '2']],
    ['an empty quoted field', '1,"",2', ['1', '', '2']],
    ['text behind the closing quote', '"a"b,2', ['ab', '2']],
    ['a quote inside a plain field', 'a"b,2', ['a"b', '2']],
    ['an unclosed quote', '1,"a,b', ['1', 'a,b']],
    ['a comma at the end', 'a,', ['a', '']],
    ['nothing', '', ['']],
  ])('reads %s', (_name, text, fields) => {
    expect(readCsvLine(text)).toEqual(fields);
  });

  it('takes a list in braces as one field where asked to', () => {
    expect(readCsvLine('a,{x,y,z},b', 0, true)).toEqual(['a', '{x,y,z}', 'b']);
    expect(readCsvLine('a,{x,y', 0, true)).toEqual(['a', '{x', 'y']);
    expect(readCsvLine('a,{x,y},b')).toEqual(['a', '{x', 'y}', 'b']);
  });

  it('begins where told to', () => {
    expect(readCsvLine('head: a,b', 6)).toEqual(['a', 'b']);
  });

  it('reads back any fields that RFC 4180 can hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 8 }), (fields) => {
        const line = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');

        expect(readCsvLine(line)).toEqual(fields);
      }),
    );
  });
});
