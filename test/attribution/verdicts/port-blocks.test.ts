import { bindingClaims } from '../../../attribution/verdicts/binding-claims';
import type { Evidence } from '../../../attribution/verdicts/evidence';
import type { Held, Leg } from '../../../store/analysis/evidence-record';

const OUTSIDE = 'CB007102';

function held(more: Partial<Held>): Held {
  const times = {
    fromLo: 0,
    fromHi: 100_000,
    toLo: 9_000_000,
    toHi: 9_100_000,
    beginSource: 'seen',
    endSource: 'seen',
  };
  const named = {
    num: 1,
    series: 1,
    relation: 'nat-block',
    scope: '',
    destination: '',
    device: 'mx1',
    parser: 'juniper_junos',
  };
  const key = {
    key: '203.0.113.2:1024-65514',
    value: '10.1.1.4',
    firstSeq: 7,
    lastSeq: 9,
    observations: 2,
    extra: null,
  };
  return { ...named, ...times, ...key, ...more };
}

/** Inside addresses that a port of the outside address belongs to, by these bindings. */
function behind(port: number, all: readonly Held[]): ReturnType<typeof bindingClaims> {
  const evidence: Partial<Evidence> = {
    logOffsets: () => [0],
    logClock: () => undefined,
    heldBetween: () => [],
    heldInRange: () => all,
  };
  const leg = { protocol: 6, src: OUTSIDE, srcPort: port, dst: 'C6336407', dstPort: 443 } as Partial<Leg>;
  const time = { start: 1_000_000, end: 1_001_000, offset: 0, residual: 250, isMeasured: true };
  return bindingClaims(evidence as Evidence, leg as Leg, time);
}

const configured = JSON.stringify({
  'ascribe.nat.block_size': 249,
  'ascribe.config.version': 'ab12',
  'ascribe.config.line': 3,
});

test('blocks that a configuration gives are counted from the first, and the claim names the line', () => {
  const [claim, ...others] = behind(62_278, [held({ extra: configured })]);
  expect(others).toEqual([]);
  expect(claim).toMatchObject({
    class: 'nat-static',
    inside: '0A0101FA',
    insidePort: null,
    device: 'mx1',
    rawSeqs: [7, 9],
    note: ' by line 3 of configuration ab12',
  });
});

test.each([
  ['before the first', 1023],
  ['behind the last', 65_515],
])('a port %s is nobody’s', (_, port) => expect(behind(port, [held({ extra: configured })])).toEqual([]));

test('a block that a log states is one address’s as a whole', () => {
  const block = held({ key: '203.0.113.2:2048-3071', beginSource: 'stated', fromHi: 900_000 });
  expect(behind(3071, [block])).toMatchObject([{ class: 'nat-block', inside: '0A010104', note: '' }]);
  expect(behind(3072, [block])).toEqual([]);
});

test('of a block with a step, only its own ports', () => {
  const block = held({ key: '203.0.113.2:2048-3071', extra: JSON.stringify({ step: 4 }) });
  expect(behind(2052, [block])).toHaveLength(1);
  expect(behind(2053, [block])).toEqual([]);
});
