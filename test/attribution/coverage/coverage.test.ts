import { coverageOf, summarize } from '../../../attribution/coverage/coverage';
import { navigatorLayer } from '../../../attribution/coverage/navigator';
import { htmlReport, markdownReport, type CoverageReport } from '../../../attribution/coverage/report';
import { switchFor } from '../../../attribution/coverage/switches.data';
import { ANALYTICS } from '../../../attribution/findings/registry';
import type { Asset, Heard } from '../../../store/queries/coverage';

const NOW = Date.UTC(2026, 10, 24, 3);
const HOST: Asset = { kind: 'host', id: 'esx1', name: 'esx1', parser: 'vmware_esxi' };
const FIREWALL: Asset = { kind: 'device', id: 'fw1', name: 'fw1', parser: 'cisco_asa' };
const VM: Asset = { kind: 'vm', id: 'vm:web', name: 'web1', parser: '' };

const NOTHING: Heard = {
  flows: null,
  sockets: null,
  host_logs: null,
  session_logs: null,
  commands: null,
  configurations: null,
  logins: null,
  dns: null,
  sampled: false,
};
const ALL: Heard = {
  flows: NOW,
  sockets: NOW,
  host_logs: NOW,
  session_logs: NOW,
  commands: NOW,
  configurations: NOW,
  logins: NOW,
  dns: NOW,
  sampled: false,
};

const cell = (asset: Asset, heard: Heard, analytic: string) =>
  coverageOf(asset, heard, ANALYTICS, NOW).cells.find((each) => each.analytic === analytic);

test('an asset of which everything is heard is covered', () => {
  for (const { state } of coverageOf(HOST, ALL, ANALYTICS, NOW).cells) expect(state).toBe('covered');
});

test('an asset of which nothing is heard is never clean', () => {
  for (const { state } of coverageOf(HOST, NOTHING, ANALYTICS, NOW).cells) expect(state).not.toBe('covered');
});

test('sockets that were never read blind what rests on them, and the switch is named', () => {
  const found = cell(HOST, { ...ALL, sockets: null }, 'AN0403');
  expect(found?.state).toBe('blind');
  expect(found?.lacks).toMatchObject([{ telemetry: 'sockets', why: 'never_heard' }]);
  expect(found?.lacks[0]?.remedy).toContain('collectors.ssh');
});

test('a poll that stopped two hours ago weakens', () => {
  const found = cell(HOST, { ...ALL, sockets: NOW - 2 * 3_600_000 }, 'AN0403');
  expect(found).toMatchObject({ state: 'degraded', lacks: [{ why: 'silent' }] });
});

test('an analytic whose baseline the site has not set looks for nothing, and says so', () => {
  const { cells } = coverageOf(HOST, ALL, ANALYTICS, NOW, { unset: new Set(['AllowedMgmtHosts'] as const) });
  expect(cells.find(({ analytic }) => analytic === 'AN0762')).toMatchObject({
    state: 'blind',
    lacks: [{ telemetry: 'AllowedMgmtHosts', why: 'not_configured' }],
  });
  expect(cells.find(({ analytic }) => analytic === 'AN0403')?.state).toBe('covered');
});

test('sampled flows weaken what rests on flows', () => {
  expect(cell(VM, { ...ALL, sampled: true }, 'BEACON')).toMatchObject({ state: 'degraded', lacks: [{ why: 'sampled' }] });
});

test('nobody typed anything on a host whose log is heard: no proof of blindness', () => {
  expect(cell(HOST, { ...ALL, commands: null }, 'AN1232')?.state).toBe('covered');
  expect(cell(HOST, { ...NOTHING }, 'AN1232')?.state).toBe('blind');
});

test.each([
  [VM, 'AN0403'],
  [FIREWALL, 'AN0403'],
  [HOST, 'AN0410'],
  [HOST, 'AN0991'],
])('analytics are asked only of what they are about: %j %s', (asset, analytic) => {
  expect(cell(asset, ALL, analytic)).toBeUndefined();
});

test.each([
  ['flows', FIREWALL, 'flow-export'],
  ['host_logs', HOST, 'esxcli system syslog config set'],
  ['commands', { ...FIREWALL, parser: 'cisco_ios' }, 'archive'],
  ['session_logs', { ...FIREWALL, parser: 'fortigate' }, 'logtraffic all'],
  ['host_logs', { ...FIREWALL, parser: 'unheard_of' }, 'send syslog'],
] as const)('%s of %j is switched on by its own words', (telemetry, asset, words) => {
  expect(switchFor(telemetry, asset)).toContain(words);
});

const coverages = [
  coverageOf(HOST, ALL, ANALYTICS, NOW),
  coverageOf({ ...HOST, id: 'esx2', name: 'esx2' }, NOTHING, ANALYTICS, NOW),
  coverageOf({ ...FIREWALL, name: '<script>|\u202Ex' }, { ...ALL, sampled: true }, ANALYTICS, NOW),
];
const report: CoverageReport = {
  at: '2026-11-24T03:00:00Z',
  assets: coverages,
  summaries: summarize(coverages, ANALYTICS),
  blindSpots: [{ source: 'session logs of fw1', what: 'none came', when: '01:00 to 02:00' }],
  silentExporters: [{ exporter: '192.0.2.1', last: '2026-11-24T01:00:00Z' }],
  byInterface: [{ place: '192.0.2.1 interface 3', sessions: 200, unattributed: 50 }],
  byNetwork: [],
  reasons: [{ reason: 'NO_NAT_LOG', sessions: 7 }],
};

test('a Navigator layer has a cell for each technique, coloured by its assets', () => {
  const layer = navigatorLayer(report.summaries);
  expect(layer).toMatchObject({ domain: 'enterprise-attack', versions: { layer: '4.5' } });
  const ids = layer.techniques.map(({ techniqueID }) => techniqueID);
  expect(ids).toEqual([...new Set(ANALYTICS.flatMap(({ techniques }) => techniques))].sort());
  const guest = layer.techniques.find(({ techniqueID }) => techniqueID === 'T1675');
  expect(guest).toMatchObject({ score: 50, comment: 'AN0646: 1 covered, 0 degraded, 1 blind' });
});

describe('reports', () => {
  test('Markdown tells assets, switches and shares, and keeps its tables whole', () => {
    const text = markdownReport(report);
    expect(text).toContain('| esx2 | host |  | blind |');
    expect(text).toContain('50 (25 %)');
    expect(text).toContain('NO_NAT_LOG');
    expect(text).not.toContain('\u202E');
    const widths = new Set(
      text
        .split('\n')
        .filter((line) => line.startsWith(String.raw`| \<script>`))
        .map((line) => line.replaceAll(String.raw`\|`, '').split('|').length),
    );
    expect([...widths].sort((a, b) => a - b)).toEqual([5, 7]);
  });

  test('HTML holds nothing that a device could have written as markup, and nothing from elsewhere', () => {
    const text = htmlReport(report);
    expect(text).not.toContain('<script');
    expect(text).not.toMatch(/(?:src|href)=/u);
    expect(text).toContain('&lt;script&gt;');
    expect(text).toContain('<td class="blind">blind</td>');
  });
});
