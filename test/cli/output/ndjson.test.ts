import { jsonLine } from '../../../cli/output/ndjson';

it.each([
  ['exact 64-bit counters', { 'network.bytes': 18446744073709551615n }, '{"network.bytes":18446744073709551615}'],
  ['no undefined members', { a: undefined, b: null }, '{"b":null}'],
  ['one line whatever the text', { message: 'a\nb\u2028' }, '{"message":"a\\nb\\u2028"}'],
  ['nothing a terminal obeys', { message: '\u009b31m\u202e\u007f' }, '{"message":"\\u009b31m\\u202e\\u007f"}'],
  ['escaped lone surrogates', { message: '\ud800' }, '{"message":"\\ud800"}'],
  ['lists', { ip: ['192.0.2.1', 1n] }, '{"ip":["192.0.2.1",1]}'],
])('writes %s', (_name, value, expected) => {
  expect(jsonLine(value)).toBe(expected);
});
