import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_VERDICT_RULES } from '../../../attribution/verdicts/verdict-rules';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { FactsDirectory } from '../../../store/facts/facts-directory';
import type { FlowValues } from '../../store/facts/flow-rows';
import { append, flow, INSIDE, log, newSegment, OUTSIDE, said, seen, Stages, type Told } from './verdict-facts';

const MINUTE = 60_000;
const DST = '198.51.100.7';
/** The firewall's own address, of the site's networks: it translates to it. */
const EDGE = '10.99.0.1';
const WEB = '4220a1c0-0000-0000-0000-000000000001';
const MAIL = '4220a1c0-0000-0000-0000-000000000002';
const MAC = '00:50:56:00:00:01';
const OTHER_MAC = '00:50:56:00:00:02';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-edges-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** What is said of things told in this order, taken in parts of this size, with a new process for each. */
function answers(told: readonly Told[], part = told.length, rules = DEFAULT_VERDICT_RULES): Record<string, unknown>[] {
  const root = mkdtempSync(join(directory, 'run-'));
  mkdirSync(join(root, 'flows'));
  const segment = newSegment(join(root, 'flows'));
  const facts = new FactsDirectory(join(root, 'flows'));
  const db = openAnalysisForWriting(join(root, 'ascribe.db'));
  for (let at = 0; at < told.length; at += part) {
    append(segment, told.slice(at, at + part), at + 1);
    new Stages(db, facts, undefined, rules).catchUp();
  }
  const found = said(db) as Record<string, unknown>[];
  facts.close();
  db.close();
  segment.close();
  return found;
}

const machine = (mac: string, uuid: string, name: string): Told[] => [
  seen(0, { relation: 'mac-vnic', key: mac, value: `${uuid}/4000`, device: 'esx1', parser: 'esxi' }),
  seen(0, { relation: 'vnic-vm', key: `${uuid}/4000`, value: name, device: 'esx1', parser: 'esxi' }),
];
const arp = (ip: string, mac: string, more: object = {}): Told =>
  seen(0, { key: ip, value: mac, device: 'core', ...more });
const two = [...machine(MAC, WEB, 'web'), ...machine(OTHER_MAC, MAIL, 'mail')];

/** The same, told by another exporter. */
function from(exporter: string, told: Told): Told {
  return 'flow' in told ? { ...told, exporter } : told;
}

/** As another router sees it, on the far side of the firewall. */
function outside(src: string, srcPort: number, dst: string, at: number, more: FlowValues = {}): Told {
  return from(OUTSIDE, flow(src, srcPort, dst, at, more));
}

describe('equal addresses in two networks of one router', () => {
  const both = [
    ...two,
    arp('10.0.0.5', MAC, { device: INSIDE, extra: { 'observer.ingress.interface.id': 11 } }),
    arp('10.0.0.5', OTHER_MAC, { device: INSIDE, extra: { 'observer.ingress.interface.id': 12 } }),
  ];

  test('are told apart by the interface at which the session came in', () => {
    const by = (inIf: number): Told => flow('10.0.0.5', 50_000, DST, MINUTE, { inIf, outIf: 1 });
    expect(answers([...both, by(11)])).toMatchObject([{ status: 'attributed', owner_name: 'web' }]);
    expect(answers([...both, by(12)])).toMatchObject([{ status: 'attributed', owner_name: 'mail' }]);
  });

  test('also where only the answers were seen', () => {
    const answer = flow(DST, 443, '10.0.0.5', MINUTE, { dstPort: 50_000, inIf: 1, outIf: 12, tcpFlags: 0x1a });
    const told = from(INSIDE, answer);
    expect(answers([...both, told])).toMatchObject([{ src_ip: '10.0.0.5', owner_name: 'mail' }]);
  });

  test('are both candidates where the interface is another, or of another device', () => {
    const by = (inIf: number): Told => flow('10.0.0.5', 50_000, DST, MINUTE, { inIf, outIf: 1 });
    expect(answers([...both, by(13)])).toMatchObject([{ status: 'ambiguous' }]);
    expect(answers([...both, from(OUTSIDE, by(12))])).toMatchObject([{ status: 'ambiguous' }]);
  });

  test('are told apart by the VRF that a router names in its own table', () => {
    const red = arp('10.0.0.5', MAC, { device: INSIDE, extra: { 'ascribe.vrf': 'red' } });
    const blue = arp('10.0.0.5', OTHER_MAC, { device: INSIDE, extra: { 'ascribe.vrf': 'blue' } });
    expect(answers([...two, red, blue, flow('10.0.0.5', 50_000, DST, MINUTE)])).toMatchObject([
      { status: 'ambiguous', reasons: expect.stringContaining('SCOPE_UNKNOWN') },
    ]);
  });
});

describe('the port of a distributed switch', () => {
  const port = (key: string, value: string, device: string): Told =>
    seen(0, { relation: 'dvport-vnic', key, value, device, parser: 'ipfix' });
  const session = flow('10.0.0.5', 50_000, DST, MINUTE, { inIf: 23 });

  test('names the machine behind it where no address is known', () => {
    const told = [...two, port('23', MAC, INSIDE), session];
    const [found] = answers(told) as [{ steps: unknown[] }];
    expect(found).toMatchObject({ status: 'attributed', owner_name: 'web' });
    expect(found.steps[1]).toMatchObject({ relation: 'dvport-vnic', from: 'port 23', to: MAC, device: INSIDE });
    // Late, it touches the session again.
    expect(answers(told.toReversed(), 1)).toMatchObject([{ status: 'attributed', owner_name: 'web' }]);
  });

  test('is no interface of a router', () => {
    expect(answers([...two, port('23', MAC, 'esx1'), session])).toMatchObject([{ status: 'blind' }]);
  });

  test('agrees with ARP, or contradicts it', () => {
    const told = [...two, port('23', MAC, INSIDE), session];
    const [agreed] = answers([...told, arp('10.0.0.5', MAC)]);
    expect(agreed).toMatchObject({ status: 'attributed', owner_name: 'web' });
    const [contradicted] = answers([...told, arp('10.0.0.5', OTHER_MAC)]);
    expect(contradicted).toMatchObject({ reasons: expect.stringContaining('CONFLICT_IP_MAC') });
  });
});

describe('a translation to a home address that nobody tells of', () => {
  const edge = seen(0, { relation: 'ip-device', key: EDGE, value: 'fw1', device: 'fw1' });
  const known = [...two, arp('10.0.0.5', MAC), arp('10.0.0.6', OTHER_MAC), edge];
  const counts = { bytes: 4321n, packets: 17n };
  const inner = flow('10.0.0.5', 50_000, DST, MINUTE, counts);
  const outer = outside(EDGE, 61_000, DST, MINUTE + 3, counts);
  const of = (found: readonly Record<string, unknown>[]): Record<string, unknown> | undefined =>
    found.find((one) => one['src_ip'] === EDGE);

  test('is inferred by destination, time and counters, and never surer than 0.7', () => {
    const found = of(answers([...known, inner, outer]));
    expect(found).toMatchObject({ status: 'attributed', owner_name: 'web', source_ip: '10.0.0.5', isLeg: true });
    expect(found).toMatchObject({ reasons: expect.stringContaining('NAT_INFERRED') });
    expect(found?.['confidence']).toBeLessThanOrEqual(0.7);
  });

  test('is the same whichever side is told first', () => {
    const expected = of(answers([...known, inner, outer]));
    expect(of(answers([...known, outer, inner], known.length + 1))).toEqual(expected);
    expect(of(answers([inner, outer, ...known], 2))).toEqual(expected);
  });

  test('is ambiguous where two sessions fit, and the device stays a candidate', () => {
    const second = flow('10.0.0.6', 50_000, DST, MINUTE + 200, counts);
    const found = of(answers([...known, inner, second, outer]));
    expect(found).toMatchObject({ status: 'ambiguous' });
    const owners = (found as { owners: { owner: string }[] }).owners.map(({ owner }) => owner);
    expect(owners.slice(0, 2).sort()).toEqual([`vm:${WEB}`, `vm:${MAIL}`]);
    expect(owners).toContain('device:fw1');
  });

  test('is not taken for one where the session is too small to have counts of its own', () => {
    const small = { bytes: 76n, packets: 1n, protocol: 17, dstPort: 123 };
    const told = [flow('10.0.0.5', 123, DST, MINUTE, small), outside(EDGE, 123, DST, MINUTE + 3, small)];
    expect(of(answers([...known, ...told]))).toMatchObject({ status: 'ambiguous' });
  });

  test('is none where the device itself declares the destination, or both came in at one interface', () => {
    const line = seen(0, {
      relation: 'config-endpoint',
      key: 'abcd:7',
      value: `tcp:${DST}:443`,
      device: 'fw1',
      extra: { 'ascribe.config.purpose': 'syslog', 'ascribe.config.active': 1 },
    });
    expect(of(answers([...known, line, inner, outer]))).toMatchObject({ owner_kind: 'device_config', source_ip: EDGE });
    const beside = from(INSIDE, outer);
    expect(of(answers([...known, inner, beside]))).toMatchObject({ owner_id: 'device:fw1' });
  });
});

describe('a public address of the site', () => {
  const PUBLIC = '203.0.113.9';
  const rules = { ...DEFAULT_VERDICT_RULES, homeNetworks: [...DEFAULT_VERDICT_RULES.homeNetworks, '203.0.113.0/28'] };
  const counts = { bytes: 4321n, packets: 17n };
  const inner = flow('10.0.0.5', 50_000, DST, MINUTE, counts);
  const outer = outside(PUBLIC, 61_000, DST, MINUTE + 3, counts);
  const known = [...two, arp('10.0.0.5', MAC)];
  const of = (found: readonly Record<string, unknown>[]): Record<string, unknown> | undefined =>
    found.find((one) => one['src_ip'] === PUBLIC);

  test('that nobody is known to have may be a translated one, however the facts come', () => {
    const found = of(answers([...known, inner, outer], undefined, rules));
    expect(found).toMatchObject({
      status: 'attributed',
      owner_name: 'web',
      reasons: expect.stringContaining('INFERRED'),
    });
    expect(found?.['confidence']).toBeLessThanOrEqual(0.7);
    expect(of(answers([outer, inner, ...known], 2, rules))).toEqual(found);
  });

  test('that a machine has is its own', () => {
    const told = [...known, arp(PUBLIC, OTHER_MAC), inner, outer];
    expect(of(answers(told, undefined, rules))).toMatchObject({ owner_name: 'mail', isLeg: false });
    expect(of(answers([inner, outer, ...known, arp(PUBLIC, OTHER_MAC)], 2, rules))).toMatchObject({
      owner_name: 'mail',
    });
  });

  test('may have begun a session or not where nobody tells: both ends are named', () => {
    const guess = flow(PUBLIC, 8765, DST, MINUTE, { dstPort: 50_000, protocol: 17, samplingRate: 100 });
    expect(of(answers([...known, arp(PUBLIC, OTHER_MAC), guess], undefined, rules))).toMatchObject({
      status: 'ambiguous',
      owners: [{ name: 'mail' }, { kind: 'external', owner: `address:${DST}` }],
    });
  });
});

describe('a session of which nobody knows who began it', () => {
  const guess = (src: string): Told =>
    from(INSIDE, flow(src, 8765, DST, MINUTE, { dstPort: 50_000, protocol: 17, samplingRate: 100 }));

  test('is of the end at home where that has a private address, and the end outside is a rival', () => {
    expect(answers([...two, arp('10.0.0.5', MAC), guess('10.0.0.5')])).toMatchObject([
      {
        status: 'attributed',
        owner_name: 'web',
        reasons: 'DIRECTION_UNKNOWN SAMPLED',
        owners: [{ name: 'web' }, { kind: 'external', owner: `address:${DST}` }],
      },
    ]);
  });

  test('is looked at again when a log tells of its other end late', () => {
    const turned = flow(DST, 50_000, '10.0.0.5', MINUTE, { dstPort: 8765, protocol: 17, samplingRate: 100 });
    const told = [from(INSIDE, turned)];
    const late = log('session_start', MINUTE, {
      source: { ip: '10.0.0.5', port: 8765 },
      destination: { ip: DST, port: 50_000 },
      protocol: 17,
      ruleName: 'inside_out',
    });
    const all = [...two, arp('10.0.0.5', MAC), ...told, late];
    expect(answers(all)).toMatchObject([{ rule_name: 'inside_out' }]);
    expect(answers(all, 1)).toEqual(answers(all));
  });
});
