import * as fc from 'fast-check';
import { findCef, labelledValues, readCef } from '../../../../normalizer/syslog/grammar/cef';

describe('readCef', () => {
  it('reads header and extension', () => {
    const cef = readCef('CEF:0|Vendor|Product|1.0|100|Something happened|5|src=10.0.0.1 dst=10.0.0.2 msg=two words');

    expect(cef).toEqual({
      vendor: 'Vendor',
      product: 'Product',
      productVersion: '1.0',
      classId: '100',
      name: 'Something happened',
      severity: '5',
      extension: new Map([
        ['src', '10.0.0.1'],
        ['dst', '10.0.0.2'],
        ['msg', 'two words'],
      ]),
    });
  });

  it.each([
    ['escaped bars in the header', 'CEF:0|V\\|x|P|1|2|a\\\\b|5|', { vendor: 'V|x', name: 'a\\b' }],
    ['an empty extension', 'CEF:0|V|P|1|2|n|5|', { extension: new Map() }],
  ])('reads %s', (_name, text, expected) => {
    expect(readCef(text)).toMatchObject(expected);
  });

  it.each([
    ['escaped equals signs', 'cs1=a\\=b c=1', { cs1: 'a=b', c: '1' }],
    ['escaped backslashes', 'suser=CORP\\\\kim', { suser: 'CORP\\kim' }],
    ['backslashes that nobody escaped', 'suser=CORP\\kim', { suser: 'CORP\\kim' }],
    ['an empty value', 'a= b=2', { a: '', b: '2' }],
    ['blanks before the next key', 'a=x y  b=2', { a: 'x y', b: '2' }],
    ['brackets in keys', 'dns[0]=x b=2', { 'dns[0]': 'x', b: '2' }],
    ['a repeated key', 'a=1 a=2', { a: '1' }],
    ['words without a pair', 'a=1 and more b=2', { a: '1 and more', b: '2' }],
  ])('reads an extension with %s', (_name, text, expected) => {
    expect(Object.fromEntries(readCef(`CEF:0|V|P|1|2|n|5|${text}`)?.extension ?? [])).toEqual(expected);
  });

  it.each(['', 'CEF:0|V|P|1|2|n', 'xCEF:0|V|P|1|2|n|5|a=1'])('refuses %p', (text) => {
    expect(readCef(text)).toBeUndefined();
  });

  it('finds the message behind a header', () => {
    expect(findCef('<13>Nov 24 02:10:00 host CEF:0|')).toBe(25);
    expect(findCef('no such thing')).toBe(-1);
  });

  it('names custom fields by their labels', () => {
    const cef = readCef('CEF:0|V|P|1|2|n|5|cs1Label=Rule cs1=web out cs2Label=Unused cn1=3');

    expect(labelledValues(cef?.extension ?? new Map())).toEqual(new Map([['Rule', 'web out']]));
  });

  it('never throws and takes no longer than the text is long', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void readCef(`CEF:0|V|P|1|2|n|5|${text}`)));

    for (const part of ['a=', ' a', '=', '\\', 'a=b ', '[', '|']) {
      const before = process.cpuUsage();
      readCef(`CEF:0|V|P|1|2|n|5|${part.repeat(64_000 / part.length)}`);
      expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
    }
  });
});
