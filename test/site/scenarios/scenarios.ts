import { IMPLANT_SCENARIOS } from './implants';
import { NETWORK_SCENARIOS } from './networks';
import type { Scenario } from './scenario';

/** All scenarios, in the order of their numbers. */
export const SCENARIOS: readonly Scenario[] = [...IMPLANT_SCENARIOS, ...NETWORK_SCENARIOS].sort(
  (a, b) => Number.parseInt(a.id, 10) - Number.parseInt(b.id, 10) || (a.id < b.id ? -1 : 1),
);

/** The scenario with this id. Throws `RangeError` when there is none. */
export function scenarioOf(id: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.id === id);
  if (found === undefined) throw new RangeError(`no scenario ${id}`);
  return found;
}
