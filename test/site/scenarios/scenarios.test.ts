import { siteOf, telemetryOptions } from '../run';
import { telemetryOf } from '../telemetry/telemetry';
import { labelsOf } from './scenario';
import { SCENARIOS, scenarioOf } from './scenarios';

test('all 32 situations are there', () => {
  const numbers = new Set(SCENARIOS.map(({ id }) => Number.parseInt(id, 10)));
  expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 32 }, (_, i) => i + 1));
  expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
});

test.each(SCENARIOS.map((scenario) => [scenario.id, scenario] as const))(
  'scenario %s has the implants that it names among ordinary sessions',
  (_id, scenario) => {
    const { implants, benign, entities } = labelsOf(siteOf(scenario, 3));
    expect([...implants.keys()].sort()).toEqual((scenario.implants ?? []).toSorted());
    expect(benign.size).toBeGreaterThan(500);
    expect(entities).toBeGreaterThan(40);
  },
);

test('devices tell of a site in the order of time, in every format', () => {
  const scenario = scenarioOf('15');
  const site = siteOf(scenario, 3);
  const emissions = telemetryOf(site, telemetryOptions(scenario, site));
  const formats = new Set(emissions.map(({ format }) => format));
  expect([...formats].sort()).toEqual(['command', 'flow', 'snmp', 'syslog']);
  expect(emissions.every(({ at }, i) => i === 0 || (emissions[i - 1]?.at ?? 0) <= at)).toBe(true);
});

test('a day has its talkers at their own pace, and hours between the others', () => {
  const day = siteOf(scenarioOf('3'), 1, 'day');
  const ntp = day.sessions.filter(({ label }) => label === 'ntp-outside');
  expect(day.duration).toBe(86_400_000);
  expect(ntp.length).toBeGreaterThan(1_300);
  expect(labelsOf(day).implants.get('slow')?.length).toBeGreaterThan(17);
});
