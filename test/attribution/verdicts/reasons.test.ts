import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REASONS } from '../../../attribution/verdicts/reasons.data';

const root = join(__dirname, '../../..');
const document = readFileSync(join(root, 'docs/attribution.md'), 'utf8');

test('every reason stands in the document as in the code, and no other', () => {
  const listed = [...document.matchAll(/^\| `([A-Z_]+)` +\| (.*?) +\|/gmu)].map(([, code, meaning]) => [code, meaning]);
  expect(Object.fromEntries(listed)).toEqual(
    Object.fromEntries(Object.entries(REASONS).map(([code, { meaning }]) => [code, meaning])),
  );
});

test('every reason that the rules give is explained', () => {
  const folder = join(root, 'attribution/verdicts');
  const code = readdirSync(folder).map((file) =>
    file.endsWith('.data.ts') ? '' : readFileSync(join(folder, file), 'utf8'),
  );
  const given = [...code.join('\n').matchAll(/'((?:[A-Z]+_)+[A-Z]+)'/gu)].map(([, name]) => name!);
  const known = new Set([...Object.keys(REASONS), 'IP_MAC', 'IP_VM']);
  expect(given.filter((name) => !known.has(name))).toEqual([]);
});
