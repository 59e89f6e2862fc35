import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { configSchema } from '../../../cli/config/schema';
import { loadDestinationLists } from '../../../cli/pipeline/destination-lists';
import { findingRules } from '../../../cli/pipeline/finding-rules';

let directory: string;

beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'ascribe-lists-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const config = (...lists: object[]) => configSchema.parse({ destinations: { lists } });

function load(now: number, ...lists: object[]) {
  return loadDestinationLists(config(...lists).destinations.lists, directory, now);
}

test('a list that cannot be read is named and left out; the others stand', () => {
  writeFileSync(join(directory, 'good.txt'), '203.0.113.9\n');
  writeFileSync(join(directory, 'bad.json'), '{');
  const { lists, warnings } = load(
    Date.now(),
    { name: 'good', file: 'good.txt' },
    { name: 'bad', file: 'bad.json', format: 'stix' },
    { name: 'gone', file: 'gone.txt' },
  );
  expect(lists.map(({ name }) => name)).toEqual(['good']);
  expect(warnings).toEqual([
    expect.stringContaining('destination list bad (bad.json) is left out: list_format'),
    expect.stringContaining('destination list gone (gone.txt) is left out: ENOENT'),
  ]);
});

test('an old list is used, with a warning', () => {
  writeFileSync(join(directory, 'old.txt'), '203.0.113.9\n');
  const { lists, warnings } = load(Date.now() + 40 * 86_400_000, { name: 'old', file: 'old.txt' });
  expect(lists).toHaveLength(1);
  expect(warnings).toEqual([expect.stringContaining('is 40 days old')]);
});

test('packed lists are unpacked, within bounds', () => {
  writeFileSync(join(directory, 'list.gz'), gzipSync('203.0.113.9\n'));
  expect(load(Date.now(), { name: 'packed', file: 'list.gz' }).lists[0]?.entries).toHaveLength(1);
});

test('the signature of the rules changes with the bytes of a list, so that history is looked at again', () => {
  const sources = { casework: join(directory, 'casework.db'), directory, warn: () => {} };
  const settings = config({ name: 'feed', file: 'feed.txt' });
  writeFileSync(join(directory, 'feed.txt'), '203.0.113.9\n');
  const before = findingRules(settings, sources);
  expect(findingRules(settings, sources).signature).toBe(before.signature);
  writeFileSync(join(directory, 'feed.txt'), '203.0.113.10\n');
  expect(findingRules(settings, sources).signature).not.toBe(before.signature);
  expect(before.values.DestinationIPBlocklist.lookUp('CB007109', 0)).toHaveLength(1);
});
