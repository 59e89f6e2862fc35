import type { Emission } from '../../test/site/telemetry/emission';
import type { Scenario } from '../../test/site/scenarios/scenario';
import { scenarioOf } from '../../test/site/scenarios/scenarios';
import type { Site } from '../../test/site/site';
import type { Plan } from '../../test/site/traffic';

/** Scenarios whose implants can live in one site. 26 keeps its server: the rule that opens the firewall names it. */
const IDS = ['2', '3', '4', '5', '6', '21', '23b', '24', '26', '32'] as const;
const KEEPS_SERVER = '26';

/**
 * All implants that need no telemetry or faults of their own, on one day: each scenario has servers of its own, else an implant would be
 * common because of the others.
 */
export const TOGETHER: Scenario = {
  id: 'together',
  about: `the implants of ${IDS.join(', ')} in one site`,
  site: {
    firewall: 'asa',
    more: (inventory, options) =>
      IDS.flatMap((id, i) => {
        const plans = scenarioOf(id).site?.more?.(inventory, options) ?? [];
        return id === KEEPS_SERVER ? plans : plans.map((plan) => moved(plan, 170 + 4 * i));
      }),
  },
  telemetry: { more: emissionsOf },
  expect: { wrongAtMost: 1, rightAtLeast: 0 },
  implants: IDS.flatMap((id) => scenarioOf(id).implants ?? []),
};

/** Servers of implants, each of which becomes one of the addresses from 203.0.113.`first` on. */
const SERVERS = ['203.0.113.66', '203.0.113.67', '203.0.113.99'];

function moved(plan: Plan, first: number): Plan {
  const place = SERVERS.indexOf(plan.server);
  return place < 0 ? plan : { ...plan, server: `203.0.113.${first + place}` };
}

function emissionsOf(site: Site): Emission[] {
  return IDS.flatMap((id) => {
    const { telemetry } = scenarioOf(id);
    const options = typeof telemetry === 'function' ? telemetry(site) : telemetry;
    return [...(options?.more?.(site) ?? [])];
  });
}
