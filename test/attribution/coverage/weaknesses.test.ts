import { coverageOf } from '../../../attribution/coverage/coverage';
import { lackText } from '../../../attribution/coverage/report';
import { weaknessesOf } from '../../../attribution/coverage/weaknesses';
import { ANALYTICS } from '../../../attribution/findings/registry';
import type { BlindSpot } from '../../../store/analysis/blind-record';
import type { Asset, Heard } from '../../../store/queries/coverage';

const NOW = Date.UTC(2026, 10, 24, 3);
const HOST: Asset = { kind: 'host', id: 'esx1', name: 'esx1', parser: 'vmware_esxi' };
const FIREWALL: Asset = { kind: 'device', id: 'fw1', name: 'fw1', parser: 'cisco_asa' };
const VM: Asset = { kind: 'vm', id: 'vm:web', name: 'web1', parser: '' };

const heard = { flows: NOW, sockets: NOW, host_logs: NOW, session_logs: NOW, commands: NOW, configurations: NOW };
const ALL: Heard = { ...heard, logins: NOW, dns: NOW, sampled: false };

function spot(device: string, kind: BlindSpot['kind'], more: Partial<BlindSpot> = {}): BlindSpot {
  const times = { from: NOW - 600_000, to: NOW - 500_000, recordedAt: NOW - 500_000 };
  return { device, kind, ...times, reason: 'GAP', missing: 12, unit: 'records', detail: '', rawSeq: 1, ...more };
}

const silent = { reason: 'SILENT', to: null, missing: null, unit: '' } as const;

const weak = (asset: Asset, spots: readonly BlindSpot[], exporters: readonly string[] = ['core']): string[] =>
  weaknessesOf(asset, spots, exporters).map(({ telemetry, why, source }) => `${telemetry} ${why}: ${source}`);

test.each([
  ['flows of a machine, by who exports them', VM, spot('core', 'flow'), ['flows gap: flow records of core: 12 records are missing']],
  ['flows by another exporter: nothing', VM, spot('edge', 'flow'), []],
  ['the only exporter is silent now', VM, spot('core', 'flow', silent), ['flows stopped: flow records of core: none came']],
  ["a firewall's session logs, of a machine behind it", VM, spot('fw1', 'session_log', silent), ['session_logs gap: session logs of fw1: none came']],
  ['the same of the firewall itself', FIREWALL, spot('fw1', 'session_log', silent), ['session_logs stopped: session logs of fw1: none came']],
  ["another firewall's, of a firewall: nothing", FIREWALL, spot('fw2', 'session_log', silent), []],
  [
    'lost messages of a firewall may be of sessions, commands and logins',
    FIREWALL,
    spot('fw1', 'log', { unit: 'messages' }),
    ['session_logs', 'host_logs', 'commands', 'logins'].map((each) => `${each} gap: log messages of fw1: 12 messages are missing`),
  ],
  ['a host that could not be read', HOST, spot('esx1', 'poll', { ...silent, reason: 'STALE' }), ['sockets stopped: readings of esx1: none succeeded', 'configurations gap: readings of esx1: none succeeded']],
  ['names that were asked for', HOST, spot('dns1', 'name_log'), ['dns gap: DNS logs of dns1: 12 records are missing']],
  ['leases: no analytic looks at them', HOST, spot('dhcp1', 'lease_log'), []],
] as const)('%s', (_, asset, one, found) => expect(weak(asset, [one])).toEqual(found));

test('what our own receiver lost may have been anything that came that way', () => {
  const lost = { reason: 'DROPPED', unit: 'packets' } as const;
  const at = 'udp://0.0.0.0:2055: 12 packets came and were lost in our own receiver';
  expect(weak(VM, [spot('udp://0.0.0.0:2055', 'flow', lost)])).toEqual([`flows gap: flow records at ${at}`]);
  expect(weak(HOST, [spot('udp://0.0.0.0:2055', 'log', lost)])).toEqual(
    ['session_logs', 'host_logs', 'commands', 'logins', 'dns'].map((each) => `${each} gap: log messages at ${at}`),
  );
});

test('one of two exporters that is silent weakens and does not blind', () => {
  expect(weak(VM, [spot('core', 'flow', silent)], ['core', 'edge'])).toEqual(['flows gap: flow records of core: none came']);
});

test('stretches of one source are one entry, and one that still goes on is named', () => {
  expect(weak(VM, [spot('core', 'flow'), spot('core', 'flow', { from: NOW - 50_000, ...silent })])).toEqual([
    'flows stopped: flow records of core: none came, 2 times',
  ]);
});

test('cells change with them: a gap weakens, a source that has stopped blinds, and both are named', () => {
  const cells = (spots: readonly BlindSpot[]) =>
    coverageOf(VM, ALL, ANALYTICS, NOW, { weak: weaknessesOf(VM, spots, ['core']) }).cells;
  const beacon = (spots: readonly BlindSpot[]) => cells(spots).find(({ analytic }) => analytic === 'BEACON');
  expect(beacon([])).toMatchObject({ state: 'covered', lacks: [] });
  expect(beacon([spot('core', 'flow')])).toMatchObject({ state: 'degraded' });
  const stopped = beacon([spot('core', 'flow', silent)]);
  expect(stopped).toMatchObject({ state: 'blind', lacks: [{ telemetry: 'flows', why: 'stopped', lastHeard: NOW }] });
  expect(stopped?.lacks.map(lackText)).toEqual(['flows stopped (flow records of core: none came)']);
  expect(beacon([spot('fw1', 'name_log')])?.state).toBe('covered');
});

test('what was never heard is said as such, not as a gap', () => {
  const { cells } = coverageOf(VM, { ...ALL, flows: null }, ANALYTICS, NOW, {
    weak: weaknessesOf(VM, [spot('core', 'flow')], ['core']),
  });
  expect(cells.find(({ analytic }) => analytic === 'BEACON')?.lacks).toMatchObject([{ why: 'never_heard' }]);
});
