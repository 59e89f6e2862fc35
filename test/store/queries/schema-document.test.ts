import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import Connection from 'better-sqlite3';
import { openAnalysisForWriting } from '../../../store/analysis/analysis-db';
import { FactsSegment } from '../../../store/facts/facts-segment';

const text = readFileSync(join(__dirname, '../../../docs/schema.md'), 'utf8');

/** Documented columns by table, of one chapter. */
function documented(chapter: string): Map<string, string[]> {
  const body = text.split(`\n## ${chapter}\n`)[1]?.split('\n## ')[0] ?? '';
  const tables = body.split('\n### `').slice(1);
  return new Map(
    tables.map((table) => [table.split('`')[0]!, [...table.matchAll(/^\| `([a-z_]+)`/gm)].map((match) => match[1]!)]),
  );
}

const columnsOf = (db: Database, table: string): string[] =>
  db
    .prepare(`SELECT * FROM ${table}`)
    .columns()
    .map(({ name }) => name);

/** Tables and views that are nobody's business. */
const INTERNAL = /_row$|^sqlite_|^(meta|run|catalogue|cursor|counter)$/;

const publicTables = (db: Database): string[] =>
  (
    db.prepare(`SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') ORDER BY name`).pluck().all() as string[]
  ).filter((name) => !INTERNAL.test(name));

let directory: string;
let facts: Database;
let analysis: Database;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ascribe-schema-'));
  const path = join(directory, 'facts.db');
  FactsSegment.create(path, { name: 'n', snapshot: new Uint8Array(0), appliedSeq: 0 }).close();
  facts = new Connection(path, { readonly: true });
  analysis = openAnalysisForWriting(join(directory, 'ascribe.db'));
});

afterAll(() => {
  facts.close();
  analysis.close();
  rmSync(directory, { recursive: true });
});

describe.each([
  ['In a facts segment', (): Database => facts],
  ['In `ascribe.db`', (): Database => analysis],
])('docs/schema.md: %s', (chapter, open) => {
  test('has a section for each public table and view, and for nothing else', () => {
    expect([...documented(chapter).keys()].sort()).toEqual(publicTables(open()));
  });

  test.each([...documented(chapter).keys()])('%s: a row for each column, and no other', (table) => {
    expect([...documented(chapter).get(table)!].sort()).toEqual(columnsOf(open(), table).sort());
  });
});
