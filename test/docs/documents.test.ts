import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commands } from '../../cli/commands/registry';
import { VENDORS } from '../../normalizer/syslog/registry';

const documents = ['README.md', 'CONTRIBUTING.md', ...readdirSync('docs').map((name) => join('docs', name))]
  .concat(readdirSync('docs/decisions').map((name) => join('docs/decisions', name)))
  .filter((path) => path.endsWith('.md'));

test.each(documents)('every link of %s leads somewhere', (path) => {
  const text = readFileSync(path, 'utf8');
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
  expect(links.filter((link) => !existsSync(join(dirname(path), link)))).toEqual([]);
});

test('docs/syslog.md has a row for every vendor parser, with its words', () => {
  const text = readFileSync('docs/syslog.md', 'utf8').replace(/ +/g, ' ');
  const rows = VENDORS.map(({ name, stability, summary }) => `\`${name}\` | ${stability} | ${summary} |`);
  expect(rows.filter((row) => !text.includes(row))).toEqual([]);
});

test('the README names only commands that exist', () => {
  const known = new Set(commands.map(({ name }) => name));
  const text = readFileSync('README.md', 'utf8');
  const named = [...text.matchAll(/`(?:npx )?ascribe ([a-z]+)/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});
