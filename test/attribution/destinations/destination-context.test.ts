import fc from 'fast-check';
import { DestinationContext } from '../../../attribution/destinations/destination-context';
import type { DestinationList } from '../../../attribution/destinations/destination-list';
import { parseList } from '../../../attribution/destinations/list-formats';
import { hex, session, values, T } from '../findings/evidence';
import { AN0427 } from '../../../attribution/findings/analytics/an0427';

const list = (text: string, more: Partial<DestinationList> = {}): DestinationList => ({
  name: 'feed',
  kind: 'threat',
  sha256: 'abc',
  date: T,
  tlp: 'clear',
  ...parseList(text, 'plain'),
  ...more,
});

test('the narrowest network first, each list with what it says', () => {
  const context = new DestinationContext([
    list('203.0.113.0/24\n203.0.113.9'),
    list('203.0.0.0/9', { kind: 'provider', name: 'cloud' }),
  ]);
  expect(
    context
      .lookUp(hex('203.0.113.9'), T)
      .map(({ list: name, entry }) => `${name} ${'prefix' in entry ? entry.prefix : ''}`),
  ).toEqual(['feed 32', 'feed 24', 'cloud 9']);
  expect(context.lookUp(hex('198.51.100.7'), T)).toEqual([]);
});

test('a name, and the names under one that stands for them', () => {
  const context = new DestinationContext([list('evil.example\nhttp://one.example.net/x')]);
  const hits = (name: string): number[] => context.lookUpName(name, T).map(({ entry }) => entry.line);
  expect(['evil.example', 'a.b.evil.example', 'notevil.example', 'example'].map(hits)).toEqual([[1], [1], [], []]);
  expect(['one.example.net', 'a.one.example.net'].map(hits)).toEqual([[2], []]);
  expect(new DestinationContext([list('203.0.113.9')]).hasNames).toBe(false);
});

test('an entry speaks only of its time', () => {
  const entry = { network: hex('203.0.113.9'), prefix: 32, line: 1, label: '', validFrom: T, validTo: T + 10 };
  const context = new DestinationContext([list('', { entries: [entry] })]);
  expect([T - 1, T, T + 10, T + 11].map((at) => context.lookUp(hex('203.0.113.9'), at).length)).toEqual([0, 1, 1, 0]);
});

test('any address is found in any network that holds it, and in no other', () => {
  const octet = fc.nat(255);
  fc.assert(
    fc.property(
      fc.tuple(octet, octet, octet, octet),
      fc.tuple(octet, octet, octet, octet),
      fc.nat(32),
      (a, b, prefix) => {
        const bits = (parts: readonly number[]): string =>
          parts.map((part) => part.toString(2).padStart(8, '0')).join('');
        const context = new DestinationContext([list(`${a.join('.')}/${prefix}`)]);
        const inside = bits(a).slice(0, prefix) === bits(b).slice(0, prefix);
        expect(context.lookUp(hex(b.join('.')), T).length).toBe(inside ? 1 : 0);
      },
    ),
  );
});

describe('the analytic', () => {
  const context = (text: string) => ({
    values: values({ DestinationIPBlocklist: new DestinationContext([list(text)]) }),
    changes: () => [],
    names: () => [],
  });

  test('quotes list and line', () => {
    expect(AN0427.match(session(), context('# x\n203.0.113.9'))).toMatchObject({
      severity: 'high',
      terms: { list: 'feed', line: 2, sha256: 'abc' },
    });
  });

  test('an attempt is less', () => {
    expect(AN0427.match(session({ state: 'denied' }), context('203.0.113.9'))?.severity).toBe('medium');
  });

  test('a provider is no threat', () => {
    const provider = new DestinationContext([list('203.0.113.9', { kind: 'provider' })]);
    expect(
      AN0427.match(session(), {
        values: values({ DestinationIPBlocklist: provider }),
        changes: () => [],
        names: () => [],
      }),
    ).toBeUndefined();
  });
});
