import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import { append, flow, log, newSegment, OUTSIDE, said, seen, Stages, type Told } from './verdict-facts';

const MINUTE = 60_000;
/** What clients call, and what answers: a redirected resolver, a published service. */
const CALLED = '198.51.100.53';
const REACHED = '10.0.9.53';
const PAT = '203.0.113.9';
const CLIENT = '10.0.0.5';
const MAC = '00:50:56:00:00:01';
const UUID = '4220a1c0-0000-0000-0000-000000000001';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-destinations-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

type Verdict = Readonly<Record<string, unknown>>;

function answers(told: readonly Told[], parts: readonly number[] = []): Verdict[] {
  const root = mkdtempSync(join(directory, 'run-'));
  mkdirSync(join(root, 'flows'));
  const segment = newSegment(join(root, 'flows'));
  const facts = new FactsDirectory(join(root, 'flows'));
  const db = openAnalysisForWriting(join(root, 'ascribe.db'));
  let at = 0;
  for (const size of [...parts, told.length]) {
    append(segment, told.slice(at, at + size), at + 1);
    new Stages(db, facts).catchUp();
    at += size;
  }
  const found = said(db) as Verdict[];
  facts.close();
  db.close();
  segment.close();
  return found;
}

const site: Told[] = [
  seen(0, { relation: 'mac-vnic', key: MAC, value: `${UUID}/4000`, device: 'esx1', parser: 'esxi' }),
  seen(0, { relation: 'vnic-vm', key: `${UUID}/4000`, value: 'web', device: 'esx1', parser: 'esxi' }),
  seen(0, { key: CLIENT, value: MAC, device: 'core' }),
];

/** What the firewall logs of a session whose destination it translates. */
const redirected = (at: number, source: object = {}): Told[] => {
  const ends = {
    source: { ip: CLIENT, port: 50_000, ...source },
    destination: { ip: CALLED, port: 853, natIp: REACHED, natPort: 443 },
    sessionKey: '7',
    ruleName: 'redirect',
  };
  return [log('session_start', at, ends), log('session_end', at + 900, ends)];
};

const called = flow(CLIENT, 50_000, CALLED, MINUTE, { dstPort: 853 });
const reached = { ...flow(CLIENT, 50_000, REACHED, MINUTE + 2, { dstPort: 443 }), exporter: OUTSIDE };

const step = { relation: 'destination', from: `${CALLED}:853`, to: `${REACHED}:443` };

function to(found: readonly Verdict[], dst: string): Verdict {
  return found.find((verdict) => verdict['dst_ip'] === dst) ?? {};
}

describe('a session whose destination is translated', () => {
  test('is one with the session to the address that was reached, by the session log, and says where it went', () => {
    const found = answers([...site, called, reached, ...redirected(MINUTE)]);
    expect(to(found, CALLED)).toMatchObject({
      status: 'attributed',
      owner_name: 'web',
      isLeg: false,
      rule_name: 'redirect',
      steps: [{ relation: 'flow' }, { ...step, device: 'fw1' }, { relation: 'ip-mac' }, {}, {}, { relation: 'rule' }],
    });
    expect(to(found, REACHED)).toMatchObject({
      status: 'attributed',
      owner_name: 'web',
      isLeg: true,
      rule_name: 'redirect',
      steps: [{ relation: 'flow' }, step, { relation: 'ip-mac' }, {}, {}, { relation: 'rule' }],
    });
  });

  test('is one with it by a flow record that holds both', () => {
    const both = flow(CLIENT, 50_000, CALLED, MINUTE, { dstPort: 853, natDst: REACHED, natDstPort: 443 });
    const found = answers([...site, both, reached]);
    expect(to(found, CALLED)).toMatchObject({ isLeg: false, steps: [{}, step, {}, {}, {}] });
    expect(to(found, REACHED)).toMatchObject({ isLeg: true, steps: [{}, step, {}, {}, {}] });
  });

  test('is one with it where the source is translated too', () => {
    const outer = { ...flow(PAT, 61_000, REACHED, MINUTE + 2, { dstPort: 443 }), exporter: OUTSIDE };
    const found = answers([...site, called, outer, ...redirected(MINUTE, { natIp: PAT, natPort: 61_000 })]);
    expect(to(found, CALLED)).toMatchObject({ owner_name: 'web', isLeg: false });
    expect(to(found, REACHED)).toMatchObject({
      owner_name: 'web',
      source_ip: CLIENT,
      isLeg: true,
      steps: [
        { relation: 'flow' },
        step,
        { relation: 'nat', to: `${CLIENT}:50000` },
        { relation: 'ip-mac' },
        {},
        {},
        {},
      ],
    });
  });

  test('is not taken for another session of the same endpoint at that time', () => {
    const other = { ...flow(CLIENT, 50_000, '10.0.9.54', MINUTE + 2, { dstPort: 443 }), exporter: OUTSIDE };
    const later = { ...flow(CLIENT, 50_000, REACHED, 30 * MINUTE, { dstPort: 443 }), exporter: OUTSIDE };
    const found = answers([...site, called, other, later, ...redirected(MINUTE)]);
    expect(to(found, '10.0.9.54')).toMatchObject({
      isLeg: false,
      steps: [{ relation: 'flow' }, { relation: 'ip-mac' }, {}, {}],
    });
    expect(to(found, REACHED)).toMatchObject({ isLeg: false });
  });

  test('is said alike in any order of arrival', () => {
    const told = [...site, called, reached, ...redirected(MINUTE)];
    const onTime = answers(told);
    const order = fc.shuffledSubarray([...told.keys()], { minLength: told.length });
    fc.assert(
      fc.property(order, fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }), (indexes, sizes) => {
        expect(
          answers(
            indexes.map((i) => told[i]!),
            sizes,
          ),
        ).toEqual(onTime);
      }),
      { numRuns: 6 },
    );
  });
});
