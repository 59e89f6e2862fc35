import * as fc from 'fast-check';
import { findLeef, readLeef } from '../../../../normalizer/syslog/grammar/leef';

describe('readLeef', () => {
  it('reads the header of version 1.0', () => {
    expect(readLeef('LEEF:1.0|Vendor|Product|2.1|drop|src=10.0.0.1\tdst=10.0.0.2')).toEqual({
      vendor: 'Vendor',
      product: 'Product',
      productVersion: '2.1',
      eventId: 'drop',
      attributes: new Map([
        ['src', '10.0.0.1'],
        ['dst', '10.0.0.2'],
      ]),
    });
  });

  it.each([
    ['tabs by default', 'LEEF:2.0|V|P|1|e|a=1 x\tb=2', { a: '1 x', b: '2' }],
    ['an empty delimiter field', 'LEEF:2.0|V|P|1|e||a=1\tb=2', { a: '1', b: '2' }],
    ['a stated character', 'LEEF:2.0|V|P|1|e|^|a=1 x^b=2', { a: '1 x', b: '2' }],
    ['a stated code', 'LEEF:2.0|V|P|1|e|x7C|a=1 x|b=2', { a: '1 x', b: '2' }],
    ['a stated code with a zero', 'LEEF:2.0|V|P|1|e|0x09|a=1\tb=2', { a: '1', b: '2' }],
    ['tabs that a relay escaped', 'LEEF:1.0|V|P|1|e|a=1#011b=2', { a: '1', b: '2' }],
    ['tabs that a relay made blanks', 'LEEF:1.0|V|P|1|e|a=1 x b=2', { a: '1 x', b: '2' }],
    ['bars that no version allows', 'LEEF:2.0|V|P|1|e|a=1|b=2', { a: '1', b: '2' }],
    ['an equals sign in a value', 'LEEF:1.0|V|P|1|e|url=/x?y=1\tb=2', { url: '/x?y=1', b: '2' }],
    ['no attributes', 'LEEF:1.0|V|P|1|e|', {}],
  ])('reads %s', (_name, text, expected) => {
    expect(Object.fromEntries(readLeef(text)?.attributes ?? [])).toEqual(expected);
  });

  it.each(['', 'LEEF:1.0|V|P|1', 'LEEF'])('refuses %p', (text) => {
    expect(readLeef(text)).toBeUndefined();
  });

  it('finds the message behind a header', () => {
    expect(findLeef('<13>host LEEF:1.0|')).toBe(9);
    expect(findLeef('no such thing')).toBe(-1);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => void readLeef(`LEEF:2.0|V|P|1|e|${text}`)));
  });
});
