import fc from 'fast-check';
import { type Slot, scanText, scanToken, template } from '../../../../normalizer/syslog/vendors/template';

type Values = Record<string, string>;

const slot = (name: string, scan: Slot<Values>['scan']): Slot<Values> => ({
  scan,
  read: (into, value) => void (into[name] = value),
});
/** Upper-case names read free text, lower-case ones a word. */
const slots = (name: string): Slot<Values> | undefined =>
  name === '' ? undefined : slot(name, name === name.toUpperCase() ? scanText : scanToken);

function read(source: string, text: string): Values | undefined {
  const into: Values = {};
  return template(source, slots)(text, 0, into) ? into : undefined;
}

const ROWS: readonly (readonly [name: string, source: string, text: string, values: Values | undefined])[] = [
  ['words', 'from {a} to {b}', 'from x to y', { a: 'x', b: 'y' }],
  ['text behind is ignored', 'from {a}', 'from x and more', { a: 'x' }],
  ['white space does not count', 'a : {a} , {b}', 'a:x,y', { a: 'x', b: 'y' }],
  ['more white space', 'a: {a}, {b}', '  a   :  x  ,  y', { a: 'x', b: 'y' }],
  ['text up to the next literal', 'User {U} from {a}', 'User first last from x', { U: 'first last', a: 'x' }],
  ['the literal must be a whole word', 'User {U} IP {a}', 'User VIPer IP x', { U: 'VIPer', a: 'x' }],
  ['text to the end', 'Reason: {R}', 'Reason: a b c ', { R: 'a b c' }],
  ['optional there', 'a{? (b {b})} c', 'a (b 1) c', { b: '1' }],
  ['optional not there', 'a{? (b {b})} c {c}', 'a c 2', { c: '2' }],
  ['an optional part that fails leaves nothing', 'a{? {b} x}{? {c}}', 'a 1 y', { c: '1' }],
  ['a word stops at the punctuation that follows', '[{a}]: {b}', '[x]: y', { a: 'x', b: 'y' }],
  ['IPv6 in front of a colon', 'user IP = {a}: b', 'user IP = ::1: b', { a: '::1' }],
  ['literal missing', 'from {a} to {b}', 'from x at y', undefined],
  ['value missing', 'from {a} to {b}', 'from  to', undefined],
];

describe('template', () => {
  test.each(ROWS)('%s', (_name, source, text, values) => {
    expect(read(source, text)).toEqual(values);
  });

  test('refuses what no programmer meant', () => {
    expect(() => template('{', slots)).toThrow(TypeError);
    expect(() => template('a }', slots)).toThrow(TypeError);
    expect(() => template('{}', slots)).toThrow(TypeError);
  });

  test('gives back what was put in', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9._\\-]{1,20}$/);
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(read('from <{a}> to <{b}>', `from <${a}> to <${b}>`)).toEqual({ a, b });
      }),
    );
  });

  test('never throws and takes time linear in the line', () => {
    const matcher = template('a {A} b {B} c{? d {D}} e {E}', slots);
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect([true, false]).toContain(matcher(text, 0, {}));
      }),
    );
    const started = process.cpuUsage();
    matcher(`a ${'b c '.repeat(50_000)}`, 0, {});
    const { user } = process.cpuUsage(started);
    expect(user).toBeLessThan(2_000_000);
  });
});
