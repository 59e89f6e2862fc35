import type { Database as Connection, Statement } from 'better-sqlite3';

const known = new WeakMap<Connection, Map<string, Statement>>();

/**
 * The statement of a text, prepared once for each connection: for texts that are asked for row after row. `exact`: integers as
 * bigint; `first`: the first column alone. Only for texts of the program itself, of which there are few.
 */
export function prepared(db: Connection, sql: string, mode: 'plain' | 'exact' | 'first' = 'plain'): Statement {
  const statements = known.get(db) ?? new Map<string, Statement>();
  known.set(db, statements);
  const name = `${mode} ${sql}`;
  let statement = statements.get(name);
  if (statement === undefined) {
    statement = db.prepare(sql);
    if (mode === 'exact') statement.safeIntegers();
    if (mode === 'first') statement.pluck();
    statements.set(name, statement);
  }
  return statement;
}
