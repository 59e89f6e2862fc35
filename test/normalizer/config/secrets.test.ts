import fc from 'fast-check';
import { ecsLine, ecsOfFact } from '../../../normalizer/model/ecs';
import { maskConfiguration } from '../../../normalizer/config/mask-configuration';
import type { ConfigPlatform } from '../../../normalizer/config/platforms';
import { grammarOf } from '../../../normalizer/config/platforms';
import { sample } from './read-sample';
import { SECRET, SECRET_STATEMENTS } from './secret-statements.data';

/** Also with marks between its letters, as engine ids and keys are written. */
const CANARY = /S3.?cr.?3t/;

const cases = Object.entries(SECRET_STATEMENTS).flatMap(([platform, statements]) =>
  statements.map((statement) => [platform as ConfigPlatform, statement] as const),
);

describe('secrets of configurations', () => {
  test('there are statements of every platform', () => {
    expect(cases.length).toBeGreaterThan(200);
    expect(
      cases.every(
        ([, statement]) => statement.includes(SECRET) || CANARY.test(statement) || statement.includes('authorizedkeys'),
      ),
    ).toBe(true);
  });

  test.each(cases)('%s: %s', (platform, statement) => {
    const lines = statement.split('\n');
    const grammar = platform === 'panos' && statement.startsWith('<') ? 'xml' : grammarOf(platform, lines);
    const masked = maskConfiguration(lines, grammar);
    expect(masked).toHaveLength(lines.length);
    expect(masked.join('\n')).not.toMatch(CANARY);
    expect(maskConfiguration(masked, grammar)).toEqual(masked);
  });

  test.each(Object.entries(SECRET_STATEMENTS))('no fact of %s holds one', (platform, statements) => {
    // Each grammar by itself: PAN-OS prints three.
    const facts = statements.flatMap((statement) => sample(platform as ConfigPlatform, statement).facts);
    expect(facts.map((fact) => ecsLine(ecsOfFact(fact))).filter((line) => CANARY.test(line))).toEqual([]);
  });

  test('whatever stands around a private key', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[ -~]{0,40}$/), { maxLength: 6 }),
        fc.constantFrom('indent', 'braces', 'set', 'fortios', 'routeros', 'xml'),
        (noise, grammar) => {
          const lines = [
            ...noise,
            'x -----BEGIN RSA PRIVATE KEY-----',
            'S3cr3t',
            'S3cr3t==',
            '-----END RSA PRIVATE KEY-----',
            ...noise,
          ];
          const masked = maskConfiguration(lines, grammar);
          expect(masked).toHaveLength(lines.length);
          expect(masked.join('\n')).not.toContain('S3cr3t');
        },
      ),
    );
  });
});
