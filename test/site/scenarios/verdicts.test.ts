import { runScenario, unexpected } from '../run';
import type { Scenario } from './scenario';
import { scenarioOf } from './scenarios';

const MINUTE = 60_000;

/** The scenario on a shorter day, so that it takes seconds. */
const shortened = (id: string): Scenario => {
  const scenario = scenarioOf(id);
  return { ...scenario, site: { ...scenario.site, duration: 6 * MINUTE } };
};

/** The whole table is the bench's, over many seeds: these few keep a change from undoing it. */
test.each(['2', '10', '12', '23b', '28'])(
  'scenario %s comes out as expected',
  (id) => {
    const run = runScenario(shortened(id), 1);
    expect(unexpected(run)).toEqual([]);
    expect(run.score.missing).toEqual([]);
    expect(run.score.surplus).toEqual([]);
    expect(run.score.all.right).toBeGreaterThan(100);
  },
  60_000,
);
