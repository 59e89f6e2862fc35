import * as fc from 'fast-check';
import type { Fact } from '../../../../normalizer/model/facts';
import type { VendorParser } from '../../../../normalizer/syslog/contract';
import { factsOfLine } from './read-line';

/** A raw line with everything that must become of it: times as the device states them, fields that are not stated absent. */
export type VendorRow = readonly [name: string, line: string, facts: readonly object[]];

/** A fact as the rows write it: without what is the same for each line of a vendor, `timeQuality` only where it is not `ok`. */
function shown({
  rawSeq: _seq,
  parser: _parser,
  syslog: _syslog,
  timeQuality,
  ...fact
}: Fact & { syslog?: unknown }): object {
  return timeQuality === 'ok' ? fact : { timeQuality, ...fact };
}

/** One test for each row, from the raw line, and one for the parser's own example. */
export function describeRows(parser: VendorParser, rows: readonly VendorRow[]): void {
  it.each(rows.map(([name, line, facts]) => ({ name, line, facts })))('$name', ({ line, facts }) => {
    const found = factsOfLine(line);

    expect(found.map(shown)).toEqual(facts);
    expect(new Set(found.map((fact) => fact.parser))).toEqual(new Set(facts.length === 0 ? [] : [parser.name]));
  });

  it('reads its own example', () => {
    const found = factsOfLine(parser.example);

    expect(found.length).toBeGreaterThan(0);
    expect(found[0]?.parser).toBe(parser.name);
    expect(found[0]?.fact).not.toBe('rejected');
  });
}

/** Whatever is done to a line, it becomes facts or a reject: the parser never throws, not even when a profile names it. */
export function describeSoundness(parser: VendorParser, rows: readonly VendorRow[]): void {
  const lines = rows.map(([, line]) => line);

  it('never throws on cut, doubled and garbled lines', () => {
    const edit = fc.record({
      line: fc.constantFrom(...lines),
      from: fc.nat(400),
      length: fc.nat(40),
      put: fc.oneof(
        fc.string({ maxLength: 12 }),
        fc.constantFrom('"', '=', ',', '|', '\\', ' ', '[', '0.0.0.0', '\u0000'),
      ),
    });
    fc.assert(
      fc.property(edit, ({ line, from, length, put }) => {
        const changed = line.slice(0, from) + put + line.slice(from + length);
        for (const fact of factsOfLine(changed, { settings: { profile: parser.name } })) {
          expect(fact).not.toMatchObject({ fact: 'rejected', reason: 'syslog_vendor_fault' });
          expect(Number.isSafeInteger(fact.observedAt)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('makes nothing of any text under its profile', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        for (const fact of factsOfLine(`<13>Nov 24 02:10:00 host app: ${text}`, {
          settings: { profile: parser.name },
        })) {
          expect(fact).not.toMatchObject({ fact: 'rejected', reason: 'syslog_vendor_fault' });
        }
      }),
      { numRuns: 100 },
    );
  });
}
